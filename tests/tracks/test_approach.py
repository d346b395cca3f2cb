"""Approaches side by side: near an airport, low above it, on nearly one course; and the lists of places."""

import csv
import hashlib
import math
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.tracks.approach import COURSES_DEG, LOW_FT, NEAR_M, parallel_approach
from dualtrack.tracks.gazetteer import EARTH_M, about, places

AIRPORTS = places("airports")


def where(code: str) -> tuple[float, float, float]:
    place = AIRPORTS.codes.index(code)
    return tuple(float(AIRPORTS.values[name][place]) for name in ("lat", "lon", "elevation_ft"))  # type: ignore[return-value]


@pytest.mark.parametrize("code", ["EDDF", "UUDD", "EEEI", "UMKK", "EYSA", "ENBO", "KDEN", "SLLP", "NZSP"])
def test_low_beside_each_other_near_any_airport(code: str) -> None:
    lat, lon, ground = where(code)
    low = ground + 4000
    assert parallel_approach((lat, lon), (low, low + 500), (70.0, 72.0))
    assert parallel_approach((lat, lon), (low, low), (359.0, 5.0))
    assert not parallel_approach((lat, lon), (low, low), (70.0, 100.0))
    assert not parallel_approach((lat, lon), (low, low), (70.0, 250.0))
    assert not parallel_approach((lat, lon), (low, 30000.0), (70.0, 72.0))
    assert not parallel_approach((lat, lon), (low, None), (70.0, 72.0))
    assert not parallel_approach((lat, lon), (low, low), (70.0, None))


def test_the_height_is_that_above_the_airport() -> None:
    lat, lon, ground = where("SLLP")  # La Paz, 4,060 m above the sea
    assert ground > 13_000
    assert parallel_approach((lat, lon), (16_000.0, 16_000.0), (90.0, 90.0))
    lat, lon, _ = where("EDDF")
    assert not parallel_approach((lat, lon), (16_000.0, 16_000.0), (90.0, 90.0))


def test_over_the_open_sea_nothing_is_an_approach() -> None:
    assert not parallel_approach((-45.0, -120.0), (2000.0, 2000.0), (90.0, 90.0))


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 3e5))
def test_places_within_are_those_of_the_haversine(lat: float, lon: float, reach: float) -> None:
    a, b = math.radians(lat), math.radians(lon)
    nearest = -1.0
    expected = set()
    edge = False
    for number in range(0, len(AIRPORTS.codes), 97):
        c, d = (math.radians(AIRPORTS.values[name][number]) for name in ("lat", "lon"))
        square = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
        apart = 2 * EARTH_M * math.asin(math.sqrt(min(1.0, square)))
        edge = edge or abs(apart - reach) < 1.0
        if apart < reach:
            expected.add(number)
    found = [int(number) for number in AIRPORTS.within(lat, lon, reach)]
    assert edge or {number for number in found if number % 97 == 0} == expected
    for number in found:  # the nearest first
        c, d = (math.radians(AIRPORTS.values[name][number]) for name in ("lat", "lon"))
        square = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
        apart = 2 * EARTH_M * math.asin(math.sqrt(min(1.0, square)))
        assert apart >= nearest - 1e-3
        nearest = apart


@pytest.mark.parametrize("kind", ["airports", "ports"])
def test_the_lists_are_whole_sourced_and_on_earth(kind: str) -> None:
    said = about()[kind]
    text = files("dualtrack.tracks.gazetteer").joinpath(f"{kind}.csv").read_text("ascii")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == said["rows"] == len({tuple(row.values()) for row in rows})
    assert rows == sorted(rows, key=lambda row: list(row.values()))
    assert all(-90 <= float(row["lat"]) <= 90 and -180 <= float(row["lon"]) <= 180 for row in rows)
    assert len(said["sha256"]) == len(hashlib.sha256().hexdigest())
    (source,) = open_record("2026-11-25").rows("sources", "id = ?", said["source"])
    assert (source["redistribute"], source["terms"]) == ("yes", said["licence"])
    assert said["version"] in str(source["title"])


def test_both_sides_of_the_baltic_have_their_airports_and_ports() -> None:
    assert {"EEEI", "EYSA", "EVRA", "EFHK", "ESSA", "EPGD", "UMKK", "ULLI"} <= set(AIRPORTS.codes)
    assert {"EETLL", "FIHEL", "RULED", "RUKGD", "RUMMK", "NOKKN", "PLGDN", "DEHAM"} <= set(places("ports").codes)


def test_the_limits_of_the_rule() -> None:
    lat, lon, _ = where("EDDF")
    assert not parallel_approach((lat, lon), (1000.0, 1000.0), (0.0, COURSES_DEG))
    assert parallel_approach((lat, lon), (1000.0, 1000.0), (0.0, COURSES_DEG - 0.01))
    assert pytest.approx(29_080, abs=10) == NEAR_M
    assert LOW_FT == 5000.0
