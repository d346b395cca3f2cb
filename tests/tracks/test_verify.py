"""What the raw reports say against an encounter."""

from pathlib import Path

from dualtrack.api import open_record
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.search import search
from dualtrack.tracks.store import convert
from flying import Row, straight, table


def test_two_episodes_a_moment_apart_are_both_borne_out(tmp_path: Path) -> None:
    """The second, going away, reaches the limit of height at one report: two episodes, some milliseconds apart."""
    one = straight("400001", (50.0, 8.0), (0.0, 0.003), 30000.0, until=100)
    two: list[Row] = [
        (t, who, lat, lon, 30000 + {40: 975, 50: 1000, 60: 975}.get(int(t), 900))
        for t, who, lat, lon, _ in straight("400002", (50.001, 8.0), (0.0003, 0.003), 0.0, until=100)
    ]
    store = convert([table(tmp_path / "tracks.csv", [*one, *two])], tmp_path / "store")
    result = search(store, Asked(), open_record("2026-11-25"), verify=True)
    first, second = result.encounters
    assert 0 < second.t_in_ms - first.t_out_ms < 5
    assert second.t_cpa_ms == second.t_in_ms
    assert result.unsound == ()
