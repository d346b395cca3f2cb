"""Compiled code gives what plain code gives: random skies anywhere on earth with every kind of dirt, and real ships."""

import random
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_search import AIS, busy_sky

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.publish.encounters.tables import as_json
from dualtrack.tracks import busy, nearby
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.packing import NO_ALTITUDE, ON_GROUND, PER_DEGREE, SHIP
from dualtrack.tracks.search import search
from dualtrack.tracks.store import _DTYPES, Store, convert
from flying import table

HOUR = 472_222
NAMES = count()


class Invented:
    """Hours of reports that never were in a file."""

    def __init__(self, rows: Sequence[dict[str, int]]) -> None:
        once = {(row["hour"], row["id"], row["t"]): row for row in rows}
        self.rows = [once[key] for key in sorted(once)]
        self._name = next(NAMES)

    def key(self, hour: int) -> str:
        return f"{self._name}-{hour}" if any(row["hour"] == hour for row in self.rows) else ""

    def packed(self, hour: int, columns: Sequence[str], _: Any) -> dict[str, Any]:
        """As a file does whose columns tell that they have one value."""
        return {name: one[:1] if len(set(one.tolist())) == 1 else one for name, one in self.read(hour, columns).items()}

    def read(self, hour: int, columns: Sequence[str] = tuple(_DTYPES)) -> dict[str, Any]:
        own = [row for row in self.rows if row["hour"] == hour]
        return {name: np.array([row[name] for row in own], _DTYPES[name]) for name in columns}


def sky(seed: int, lat: float, lon: float, count: int, ships: bool) -> Invented:
    """Bearers about one place, around a full hour: duplicates of places, spikes, gaps, missing heights, ground."""
    dice = random.Random(seed)
    rows = []
    for k in range(count):
        packed = (SHIP | 276_000_000 + k) if ships and k % 2 else 0x400000 + k
        north, east = (
            lat + dice.uniform(-0.3, 0.3),
            lon + dice.uniform(-0.3, 0.3) / max(0.01, abs(np.cos(np.radians(lat)))),
        )
        dy, dx = dice.uniform(-0.002, 0.002), dice.uniform(-0.003, 0.003)
        height, t = 25 * dice.randrange(1180, 1240), 3_300_000 + dice.randrange(60_000)
        kinds = dice.choice([(1, 1), (1, 0), (0, 1), (0, 0), (1, 1)])
        while t < 3_900_000:
            dt = dice.choice([4, 9, 10, 10, 12, 30, 59, 61, 130])
            repeat, spike = dice.random() < 0.05, dice.random() < 0.04
            if not repeat:
                north, east = north + dy * dt, east + dx * dt
            if abs(north) > 89.9:
                dy = -dy
            shown = max(-90.0, min(90.0, north + (2.0 if spike else 0.0)))
            rows.append({
                "hour": HOUR + t // 3_600_000, "t": t % 3_600_000, "id": packed, "lat": round(shown * PER_DEGREE),
                "lon": round(((east + 180) % 360 - 180) * PER_DEGREE),
                "baro": height + (30_000 if dice.random() < 0.03 else 0) if kinds[0] else NO_ALTITUDE,
                "geom": height + 500 if kinds[1] and dice.random() < 0.97 else NO_ALTITUDE,
                "speed": dice.choice([-1, 10, 4500, 4500]), "how": ON_GROUND if dice.random() < 0.02 else 1,
                "radius": 0, "late": 0,
            })  # fmt: skip
            height += 25 * dice.randrange(-4, 5)
            t += 1000 * dt
    return Invented(rows)


PLACES = st.sampled_from(
    [(0.0, 0.0), (52.0, 13.0), (59.5, 180.0), (-33.0, -179.9), (89.8, 40.0), (-89.9, 0.0), (10.0, 90.0)]
)


def same(store: Any, asked: Asked) -> int:
    """Holds that both codes say the same of two hours; how many pieces they found."""
    found = 0
    for hour in (HOUR, HOUR + 1):
        given_ = store, hour, asked, hour * 3600.0, hour * 3600.0 + 3600
        one, other = nearby.plain(*given_), busy.pieces(*given_)
        assert one.dropped == other.dropped
        assert {(a, b) for a, b, _ in one.undecided.tolist()} == {(a, b) for a, b, _ in other.undecided.tolist()}
        assert one.pairs.tolist() == other.pairs.tolist()
        assert one.moments[:, :2] == pytest.approx(other.moments[:, :2], abs=1e-3, rel=0)  # a microsecond
        assert one.moments[:, 3] == pytest.approx(other.moments[:, 3], abs=1e-3, rel=0)  # a millimetre
        assert (np.isnan(one.moments[:, 4]) == np.isnan(other.moments[:, 4])).all()
        found += len(one.pairs)
    return found


@settings(max_examples=40)
@given(
    st.integers(0, 2**32),
    PLACES,
    st.integers(2, 12),
    st.sampled_from(["air", "sea", "mixed"]),
    st.sampled_from([500.0, 9260.0, 40_000.0]),
    st.sampled_from([None, 120.0]),
)
def test_random_skies(
    seed: int, place: tuple[float, float], count: int, profile: Any, reach: float, gap: float | None
) -> None:
    same(sky(seed, *place, count, profile != "air"), Asked(reach, 1000.0, profile, gap))


def test_busy_skies_have_something_to_find() -> None:
    found = [same(sky(seed, 52.0, 13.0, 30, False), Asked()) for seed in range(4)]
    assert min(found) > 10


def test_a_search_takes_the_compiled_code_where_an_hour_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = open_record("2026-11-25")
    for name, given_, asked in (
        ("air", table(tmp_path / "sky.csv", busy_sky(8)), Asked()),
        ("sea", AIS, Asked(500.0, profile="sea")),
    ):
        store = convert([given_], tmp_path / name)
        plain = search(store, asked, record, folder=tmp_path / f"{name}-plain")
        monkeypatch.setattr(nearby, "BUSY", 100)
        assert any(nearby.compiles(store, hour) for hour in store.hours)
        fast = search(store, asked, record, folder=tmp_path / f"{name}-fast", verify=True)
        monkeypatch.undo()
        assert fast.unsound == ()
        assert len(fast.encounters) == len(plain.encounters) > 50
        for one, other in zip(fast.encounters, plain.encounters, strict=True):
            assert (one.a, one.b, one.flags) == (other.a, other.b, other.flags)
            assert one.h_min_m == pytest.approx(other.h_min_m, abs=1e-3)
        assert as_json(fast).count(b'"t_cpa"') == len(plain.encounters)


def test_without_the_extra_a_very_busy_hour_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = convert([AIS], tmp_path / "store")
    monkeypatch.setattr(nearby, "_LONGEST", 1000)
    monkeypatch.setattr(nearby, "BUSY", 100)
    monkeypatch.setitem(__import__("sys").modules, "numba", None)
    with pytest.raises(BadInput, match=r"An hour of 1,1\d\d reports needs numba"):
        nearby.compiles(Store(tmp_path / "store"), store.hours[0])
