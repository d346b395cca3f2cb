"""Two tracks at a time: hand-worked cases, the cleaning rules, and what must not change an answer."""

import math
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.tracks.encounter import Report
from dualtrack.tracks.pairwise import Limits, Piece, cleaned, divided, ecef, encounters_of

LIMITS = Limits(9260.0, 1000.0, 60.0, 400.0)


def report(
    t: float, lat: float, lon: float, feet: int | None = 30000, kt: float | None = None, **more: object
) -> Report:
    return Report("4b1815", round(t * 1000), lat, lon, feet, None, kt, "adsb", **more)  # type: ignore[arg-type]


def met(a: Sequence[Report], b: Sequence[Report], limits: Limits = LIMITS) -> list[Piece]:
    return encounters_of(*(divided(cleaned(one, limits).knots) for one in (a, b)), limits)


def test_the_earth_is_wgs_84() -> None:
    assert ecef(0, 0) == pytest.approx((6378137.0, 0, 0), abs=1e-6)
    assert ecef(90, 0) == pytest.approx((0, 0, 6356752.314245), abs=1e-6)
    assert ecef(45, 90) == pytest.approx((0, 4517590.879, 4487348.409), abs=1e-3)


@pytest.mark.parametrize("middle", [20.0, 180.0, -180.0])
def test_head_on_across_any_meridian(middle: float) -> None:
    def at(lon: float) -> float:
        return (lon + 180) % 360 - 180

    a = [report(t, 0.0, at(middle + (t - 200) * 0.002)) for t in range(0, 401, 20)]
    b = [report(t, 0.01, at(middle - (t - 200) * 0.002), 30500) for t in range(0, 401, 20)]
    (found,) = met(a, b)
    assert found.t_cpa == pytest.approx(200.0, abs=1e-6)
    assert found.h_m == pytest.approx(1105.743, abs=0.01)
    assert found.v_ft == -500
    assert found.t_out - 200 == pytest.approx(200 - found.t_in)


def test_across_the_pole() -> None:
    a = [report(t, 90 - abs(t - 100) * 0.002, 0.0 if t < 100 else 180.0) for t in range(0, 201, 10)]
    b = [report(t, 90 - math.hypot(0.05, (t - 100) * 0.002),
                math.degrees(math.atan2((t - 100) * 0.002, 0.05)) - 90) for t in range(0, 201, 10)]  # fmt: skip
    (found,) = met(a, b)
    assert found.t_cpa == pytest.approx(100, abs=0.1)
    assert found.h_m == pytest.approx(5584.7, abs=0.5)


def test_a_pass_between_two_reports_is_found() -> None:
    a = [report(t, 50.0, 8.0 + t * 0.003) for t in range(0, 61, 20)]
    b = [report(t, 50.0 + (t - 30) * 0.002, 8.09) for t in range(0, 61, 20)]
    (found,) = met(a, b, Limits(50.0, 1000.0, 60.0, 400.0))
    assert found.t_cpa == pytest.approx(30.0, abs=0.01)
    assert found.h_m < 5


def test_a_limit_that_is_just_touched_is_not_kept() -> None:
    a = [report(t, 50.0, 8.0 + t * 0.003) for t in range(0, 61, 10)]
    assert met(a, [report(t, 50.001, 8.0 + t * 0.003, 31000) for t in range(0, 61, 10)]) == []
    assert len(met(a, [report(t, 50.001, 8.0 + t * 0.003, 30999) for t in range(0, 61, 10)])) == 1


def test_passing_in_height() -> None:
    a = [report(t, 50.0, 8.0 + t * 0.003) for t in range(0, 61, 10)]
    b = [report(t, 50.001, 8.0 + t * 0.003, round(30000 + (t - 30) * 1000 / 3)) for t in range(0, 61, 10)]
    (found,) = met(a, b)
    assert (found.t_in, found.t_out) == pytest.approx((27.0, 33.0), abs=0.02)


def test_a_gap_is_not_bridged() -> None:
    a = [report(t, 50.0, 8.0 + t * 0.003) for t in range(0, 601, 10)]
    b = [report(t, 50.001, 8.0 + t * 0.003) for t in range(0, 601, 10) if not 100 < t < 400]
    assert [(p.t_in, p.t_out) for p in met(a, b)] == [(0, 100), (400, 600)]


def test_heights_are_compared_with_their_like_only() -> None:
    def heights(baro: int | None, geom: int | None) -> list[Report]:
        return [Report("x", t * 1000, 50.0, 8 + t * 0.003, baro, geom, None, "adsb") for t in range(0, 61, 10)]

    assert len(met(heights(30000, 31000), heights(30100, 40000))) == 1
    assert met(heights(30000, 30000), heights(40000, 30000)) == []
    assert len(met(heights(None, 30000), heights(40000, 30100))) == 1
    assert met(heights(None, 30000), heights(30000, None)) == []
    assert met(heights(None, None), heights(30000, 30000)) == []


def test_each_cleaning_rule() -> None:
    rows = [
        report(0, 50.0, 8.0, kt=400), report(10, 50.0, 8.0, kt=400), report(20, 50.0, 8.03, kt=400),
        report(30, 55.0, 8.03, kt=400), report(40, 50.0, 8.09, kt=400), report(50, 50.0, 8.12, kt=0, ground=True),
        report(60, 50.0, 8.15, feet=60000, kt=400), report(70, 50.0, 8.18, kt=400),
        report(80, 50.0, 8.18, kt=20), report(90, 50.0, 8.18),
    ]  # fmt: skip
    found = cleaned(rows, LIMITS)
    assert found.dropped == {10_000: "stale", 30_000: "spike", 50_000: "on_ground", 60_000: "spike"}
    assert [knot.joined for knot in found.knots] == [False, True, True, True, True, True]
    slow = cleaned([report(0, 50, 8, kt=1.9), report(9, 50, 8.001, kt=2.1)], Limits(500, None, 600, 40, 2.0))
    assert slow.dropped == {0: "not_under_way"}


def test_a_jump_breaks_the_way() -> None:
    rows = [report(t, 50.0 + (t >= 30), 8.0 + t * 0.003) for t in range(0, 61, 10)]
    assert [knot.t for knot in cleaned(rows, LIMITS).knots if not knot.joined] == [0, 30]


def test_long_segments_follow_the_earth() -> None:
    limits = Limits(9260.0, 1000.0, 120.0, 400.0)
    ends = [report(0, 60.0, 0.0), report(120, 60.0, 0.7)]
    knots = divided(cleaned(ends, limits).knots)
    steps = [math.dist(one.at, two.at) for one, two in pairwise(knots)]
    assert len(steps) == math.ceil(math.dist(ecef(60, 0), ecef(60, 0.7)) / 5000)
    assert max(steps) - min(steps) < 0.05
    assert knots[len(knots) // 2].lat > 60.0  # the great circle bends to the pole


ways = st.lists(
    st.tuples(st.integers(1, 70), st.integers(-30, 30), st.integers(-30, 30), st.integers(-40, 40)),
    min_size=2,
    max_size=14,
)


def way(steps: list[tuple[int, int, int, int]]) -> list[Report]:
    t, lat, lon, feet, rows = 0.0, 0.0, 0.0, 30000, []
    for dt, dy, dx, dz in steps:
        t, lat, lon, feet = t + dt, lat + dy * 1e-4 * dt, lon + dx * 1e-4 * dt, feet + 25 * dz
        rows.append(report(t, round(lat, 7), round(lon, 7), feet))
    return rows


@settings(max_examples=150, deadline=None)
@given(ways, ways, st.floats(50, 700))
def test_cutting_the_time_anywhere_changes_nothing(
    a: list[tuple[int, int, int, int]], b: list[tuple[int, int, int, int]], cut: float
) -> None:
    knots = [divided(cleaned(way(one), LIMITS).knots) for one in (a, b)]
    whole = encounters_of(*knots, LIMITS)
    parts = [*encounters_of(*knots, LIMITS, until=cut), *encounters_of(*knots, LIMITS, since=cut)]
    assert sum(p.t_out - p.t_in for p in parts) == pytest.approx(sum(p.t_out - p.t_in for p in whole), abs=1e-6)
    assert min((p.h_m for p in parts), default=0) == pytest.approx(min((p.h_m for p in whole), default=0), abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(ways, ways)
def test_the_two_may_change_places(a: list[tuple[int, int, int, int]], b: list[tuple[int, int, int, int]]) -> None:
    one, other = met(way(a), way(b)), met(way(b), way(a))
    assert [t for p in one for t in (p.t_in, p.t_out)] == pytest.approx([t for p in other for t in (p.t_in, p.t_out)])
    assert [p.h_m for p in one] == pytest.approx([p.h_m for p in other])


@settings(max_examples=100, deadline=None)
@given(ways, ways, st.integers(0, 2**32))
def test_sampling_finds_nothing_that_the_roots_do_not(
    a: list[tuple[int, int, int, int]], b: list[tuple[int, int, int, int]], seed: int
) -> None:
    """An oracle of another kind: the two are looked at at many moments, and each must lie in an episode or not."""
    knots = [divided(cleaned(way(one), LIMITS).knots) for one in (a, b)]
    found = encounters_of(*knots, LIMITS)
    end = min(one[-1].t for one in knots)
    for k in range(200):
        t = ((k + seed % 997 / 997) / 200) * end
        here = [next(((p, q) for p, q in pairwise(one) if p.t <= t < q.t and q.joined), None)
                for one in knots]  # fmt: skip
        if None in here:
            assert not any(p.t_in < t < p.t_out for p in found)
            continue
        places, heights = [], []
        for p, q in here:  # type: ignore[misc]
            part = (t - p.t) / (q.t - p.t)
            places.append([x + (y - x) * part for x, y in zip(p.at, q.at, strict=True)])
            heights.append(p.baro + (q.baro - p.baro) * part)
        h, v = math.dist(*places), abs(heights[0] - heights[1])
        if abs(h - 9260) > 0.01 and abs(v - 1000) > 0.01:
            assert (h < 9260 and v < 1000) == any(p.t_in <= t <= p.t_out for p in found)
