"""Ships that lie beside each other: two hours, slower than 2 knots, away from ports; what is left out is counted."""

import csv
import io
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dualtrack.api import open_record
from dualtrack.publish.encounters.asfinding import as_finding
from dualtrack.publish.encounters.page import page
from dualtrack.publish.encounters.words import title
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.found import Found
from dualtrack.tracks.gazetteer import places
from dualtrack.tracks.meeting import FROM_PORT_M, SLOW_KT, WITHIN_M
from dualtrack.tracks.search import search
from dualtrack.tracks.shards import Processes
from dualtrack.tracks.store import convert
from flying import straight, table

T0 = 1_700_000_000
OPEN_SEA = 56.3, 4.9
MEETING = Asked(horizontal_m=WITHIN_M, profile="sea", meeting=True)
RECORD = open_record("2026-11-25")


def ship(
    mmsi: int,
    at: tuple[float, float],
    minutes: int,
    speed: float | None = 0.6,
    every: int = 4,
    since: int = 0,
    drift: float = 1e-5,
) -> list[str]:
    """Reports of a ship that drifts about a place."""
    dice = random.Random(mmsi)
    return [
        f"{T0 + 60 * (since + k)},{mmsi},{at[0] + drift * k + dice.uniform(-1, 1) / 2e4:.6f},"
        f"{at[1] + dice.uniform(-1, 1) / 2e4:.6f},{'' if speed is None else speed}"
        for k in range(0, minutes + 1, every)
    ]  # fmt: skip


def found(folder: Path, *ships: list[str], asked: Asked = MEETING, **more: Any) -> Found:
    folder.mkdir(exist_ok=True)
    lines = ["t,mmsi,lat,lon,sog", *(line for one in ships for line in one)]
    (folder / "ships.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return search(convert([folder / "ships.csv"], folder / "store"), asked, RECORD, **more)


def beside(at: tuple[float, float], metres: float = 250.0) -> tuple[float, float]:
    return at[0] + metres / 111_320, at[1]


def test_two_who_lie_beside_each_other_for_hours_meet(tmp_path: Path) -> None:
    result = found(tmp_path, ship(273000001, OPEN_SEA, 300), ship(219000001, beside(OPEN_SEA), 300), verify=True)
    (one,) = result.encounters
    assert "meeting" in one.flags and not one.hidden
    assert one.t_out_ms - one.t_in_ms == pytest.approx(300 * 60_000)
    assert 150 < one.h_min_m < 260
    assert result.unsound == () and not result.left_out
    assert (one.a.state, one.b.state) == ("DNK", "RUS")
    assert (
        title(result).replace("\u00a0", " ") == "1 meeting of two ships within 500 m for two hours and away from ports"
    )
    assert result.parameters["profile"] == "meeting"
    html = page(result).decode("utf-8")
    assert "knows no anchorages" in html and "meeting" in html
    assert found(tmp_path, ship(273000001, OPEN_SEA, 300), ship(219000001, beside(OPEN_SEA), 300),
                 asked=Asked(horizontal_m=WITHIN_M, profile="sea")).encounters == ()  # nobody is under way  # fmt: skip


@pytest.mark.parametrize(
    ("why", "ships"),
    [
        ("short", [ship(273000001, OPEN_SEA, 116), ship(219000001, beside(OPEN_SEA), 300)]),
        ("moving", [ship(273000001, OPEN_SEA, 300, speed=2.1), ship(219000001, beside(OPEN_SEA), 300)]),
        ("moving", [ship(273000001, OPEN_SEA, 300, speed=None, drift=6e-4),
                    ship(219000001, beside(OPEN_SEA), 300, drift=6e-4)]),
    ],
)  # fmt: skip
def test_what_is_no_meeting_is_counted_by_rule(tmp_path: Path, why: str, ships: list[list[str]]) -> None:
    result = found(tmp_path, *ships)
    assert (result.encounters, result.left_out) == ((), {why: 1})
    assert any("that are no meeting" in said for said in result.caveats)


@pytest.mark.parametrize("code", ["RUKGD", "DEHAM", "EETLL", "USLAX", "CNSHA"])
def test_ports_of_every_state_are_left_out_alike(tmp_path: Path, code: str) -> None:
    ports = places("ports")
    number = ports.codes.index(code)
    at = float(ports.values["lat"][number]) + 0.07, float(ports.values["lon"][number])  # 7.8 km north of it
    result = found(tmp_path, ship(273000001, at, 300), ship(219000001, beside(at), 300))
    assert (result.encounters, result.left_out) == ((), {"near_port": 1})


def test_speeds_that_are_not_told_follow_from_positions(tmp_path: Path) -> None:
    result = found(tmp_path, ship(273000001, OPEN_SEA, 300, None), ship(219000001, beside(OPEN_SEA), 300, None))
    assert len(result.encounters) == 1


def test_a_gap_ends_an_episode(tmp_path: Path) -> None:
    parts = [*ship(273000001, OPEN_SEA, 100), *ship(273000001, OPEN_SEA, 100, since=120)]
    other = ship(219000001, beside(OPEN_SEA), 240)
    assert found(tmp_path / "a", parts, other).left_out == {"short": 2}
    longer = Asked(horizontal_m=WITHIN_M, profile="sea", meeting=True, max_gap_s=1800.0)
    assert len(found(tmp_path / "b", parts, other, asked=longer).encounters) == 1


def test_workers_and_the_hours_it_is_cut_into_change_nothing(tmp_path: Path) -> None:
    ships = [
        ship(273000000 + k, beside(OPEN_SEA, 300.0 * k), 240 + 20 * k, every=2 + k % 3, since=7 * k) for k in range(9)
    ]
    one = found(tmp_path / "one", *ships, verify=True)
    two = found(tmp_path / "two", *ships, place=Processes(2))
    assert len(one.encounters) > 5 and one.unsound == ()
    assert (two.encounters, two.left_out) == (one.encounters, one.left_out)


def test_the_rule_is_the_published_one() -> None:
    assert (WITHIN_M, SLOW_KT, FROM_PORT_M) == (500.0, 2.0, 10_000.0)


def test_the_command_has_the_profile(tmp_path: Path) -> None:
    lines = [*ship(273000001, OPEN_SEA, 300), *ship(219000001, beside(OPEN_SEA), 300)]
    (tmp_path / "ships.csv").write_text("\n".join(["t,mmsi,lat,lon,sog", *lines]) + "\n", "utf-8")
    command = [
        sys.executable,
        "-m",
        "dualtrack",
        "know",
        "encounters",
        "ships.csv",
        "--profile",
        "meeting",
        "-o",
        "m.csv",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 meeting of two ships within 500\u00a0m for two hours and away from ports" in done.stdout
    (row,) = csv.DictReader(io.StringIO((tmp_path / "m.csv").read_text("utf-8")))
    assert row["flags"].startswith("formation;meeting") and row["vertical"] == "none"


def test_a_finding_names_the_lists_it_asked(tmp_path: Path) -> None:
    ships = ship(273000001, OPEN_SEA, 300), ship(219000001, beside(OPEN_SEA), 300)
    meeting = as_finding(found(tmp_path / "a", *ships), RECORD)
    assert "searoute" in {source.id for source in meeting.sources}
    low = [
        *straight("43c001", (50.03, 8.3), (0, 0.0006), 2000.0),
        *straight("3c0001", (50.04, 8.3), (0, 0.0007), 2300.0),
    ]
    store = convert([table(tmp_path / "low.csv", low)], tmp_path / "store")
    approach = as_finding(search(store, Asked(), RECORD), RECORD)
    assert "airportsdata" in {source.id for source in approach.sources}
    assert "searoute" not in {source.id for source in approach.sources}
