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
from dualtrack.tracks.pairwise import ecef
from dualtrack.tracks.pieces import Pieces, together
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


def same(store: Any, asked: Asked, slot_ms: int = busy.SLOT_MS) -> int:
    """Holds that both codes say the same of two hours; how many pieces they found."""
    found = 0
    for hour in (HOUR, HOUR + 1):
        given_ = store, hour, asked, hour * 3600.0, hour * 3600.0 + 3600
        one, other = nearby.plain(*given_), busy.pieces(*given_, slot_ms)
        assert one.dropped == other.dropped
        assert {(a, b) for a, b, _ in one.undecided.tolist()} == {(a, b) for a, b, _ in other.undecided.tolist()}
        assert one.pairs.tolist() == other.pairs.tolist()
        assert one.moments[:, :2] == pytest.approx(other.moments[:, :2], abs=1e-3, rel=0)  # a microsecond
        assert one.moments[:, 3] == pytest.approx(other.moments[:, 3], abs=1e-3, rel=0)  # a millimetre
        assert (np.isnan(one.moments[:, 4]) == np.isnan(other.moments[:, 4])).all()
        found += len(one.pairs)
    return found


SLOTS = st.sampled_from([7_000, 20_000, 60_000, 61_001, 300_000, 3_600_000])


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32),
    PLACES,
    st.integers(2, 12),
    st.sampled_from(["air", "sea", "mixed"]),
    st.sampled_from([500.0, 9260.0, 40_000.0, 2e6]),
    st.sampled_from([None, 120.0]),
    SLOTS,
)
def test_random_skies(
    seed: int, place: tuple[float, float], count: int, profile: Any, reach: float, gap: float | None, slot_ms: int
) -> None:
    same(sky(seed, *place, count, profile != "air"), Asked(reach, 1000.0, profile, gap), slot_ms)


def rows(packed: int, points: Sequence[tuple[float, float, float, int]]) -> list[dict[str, int]]:
    """Reports of seconds from the full hour, latitude, longitude and feet."""
    return [
        {
            "hour": HOUR + int(3600 + t) // 3600, "t": round(1000 * t) % 3_600_000, "id": packed,
            "lat": round(lat * PER_DEGREE), "lon": round(((lon + 180) % 360 - 180) * PER_DEGREE), "baro": feet,
            "geom": NO_ALTITUDE, "speed": -1, "how": 1, "radius": 0, "late": 0,
        }
        for t, lat, lon, feet in points
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([0.0, 45.0, -60.0, 84.98, -85.02, 89.0, 89.98, -89.99]),
    st.sampled_from([0.0, 180.0, -179.999, 90.0]),
    st.floats(0, 360),
    st.floats(0, 360),
    st.floats(-1, 1),
    st.integers(-60, 60),
    st.sampled_from([10, 55, 110]),
    st.sampled_from([2000.0, 9260.0]),
    SLOTS,
)
def test_two_ways_through_one_place(
    lat: float, lon: float, course: float, other: float, beside: float, late: int, every: int, reach: float, slot: int
) -> None:
    """Great circles that cross within the reach, over the date line and the poles; also where they only just touch."""
    centre = np.array(ecef(lat, lon)) / np.linalg.norm(ecef(lat, lon))
    east = np.cross([0, 0, 1], centre)
    east /= np.linalg.norm(east)
    north = np.cross(centre, east)
    met: list[dict[str, int]] = []
    for packed, angle, shift in ((1, course, 0.0), (2, other, beside)):
        ahead = np.cos(np.radians(angle)) * north + np.sin(np.radians(angle)) * east
        begin = centre + shift * reach / 6.37e6 * np.cross(centre, ahead)
        points = []
        for t in range(-600, 600, every):
            x, y, z = begin * np.cos(t * 250 / 6.37e6) + ahead * np.sin(t * 250 / 6.37e6)
            points.append((t + late, np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x)), 30_000))
        met += rows(packed, points)
    same(Invented(met), Asked(reach, max_gap_s=120.0), slot)


@pytest.mark.parametrize("slot", [7_000, 60_000, 3_600_000])
def test_a_limit_of_height_that_is_just_touched_is_not_kept(slot: int) -> None:
    one = rows(1, [(t, 50.0, 8.0 + t * 0.003, 30_000) for t in range(-300, 300, 10)])
    for feet, found in ((31_000, 0), (30_999, 2)):
        other = rows(2, [(t, 50.0, 8.0 + t * 0.003, feet) for t in range(-300, 300, 10)])
        assert same(Invented([*one, *other]), Asked(), slot) == found


def test_a_break_within_a_slot_leaves_nothing_out() -> None:
    """After a jump a bearer goes on elsewhere: its box must hold where it goes on from."""
    one = rows(1, [(t, 50.0 + (t >= 20), 8.0 + t * 0.0001, 30_000) for t in range(0, 60, 2)])
    other = rows(2, [(t, 51.0, 8.002, 30_000) for t in range(0, 60, 2)])
    assert same(Invented([*one, *other]), Asked(200.0)) == 1


def test_the_cut_at_the_hour_and_the_length_of_slots_change_nothing() -> None:
    store = sky(3, 52.0, 13.0, 30, False)
    given_ = HOUR * 3600.0, (HOUR + 2) * 3600.0

    def whole(slot_ms: int) -> Any:
        return together([busy.pieces(store, hour, Asked(), *given_, slot_ms) for hour in (HOUR, HOUR + 1)])

    first = whole(60_000)
    again = Pieces.from_bytes(first.to_bytes())
    assert again.dropped == first.dropped and (again.undecided == first.undecided).all()
    assert (again.pairs == first.pairs).all() and np.array_equal(again.moments, first.moments, equal_nan=True)
    assert len(first.pairs) > 10
    for slot_ms in (11_000, 45_000, 900_000):
        other = whole(slot_ms)
        assert (other.pairs == first.pairs).all()
        assert other.moments == pytest.approx(first.moments, abs=1e-3, rel=0, nan_ok=True)
        assert (other.undecided == first.undecided).all()


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
