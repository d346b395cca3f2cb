"""Intervals against brute force: every pair of figures inside the bounds is tried on a grid."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.interval import Interval

BOUND = st.none() | st.integers(0, 12)


@st.composite
def intervals(draw: st.DrawFn, least: int = 0) -> Interval:
    low, high = draw(BOUND), draw(BOUND)
    low = None if low is None else max(low, least)
    high = None if high is None else max(high, least)
    if low is not None and high is not None and low > high:
        low, high = high, low
    inside = st.integers(least if low is None else low, 20 if high is None else high)
    return Interval(low, high, draw(st.none() | inside))


def grid(interval: Interval, least: float = 0.25) -> Iterator[float]:
    """Figures the interval allows, both ends among them; an unknown end goes far."""
    low = least if interval.low is None else interval.low
    high = 1000.0 if interval.high is None else interval.high
    yield from (low + (high - low) * step / 4 for step in range(5))


@given(intervals(), intervals())
def test_a_sum_holds_every_sum_and_no_more(a: Interval, b: Interval) -> None:
    total = a.plus(b)
    sums = [x + y for x, y in product(grid(a, 0), grid(b, 0))]
    assert (total.low is None) == (a.low is None or b.low is None)
    assert (total.high is None) == (a.high is None or b.high is None)
    if total.low is not None:
        assert min(sums) == total.low
    if total.high is not None:
        assert max(sums) == total.high


@given(intervals(), st.integers(0, 7))
def test_a_multiple_holds_every_multiple_and_no_more(a: Interval, factor: int) -> None:
    multiples = [x * factor for x in grid(a, 0)]
    taken = a.times(factor)
    assert (taken.low is None, taken.high is None) == (a.low is None, a.high is None)
    assert taken.low is None or taken.low == min(multiples)
    assert taken.high is None or taken.high == max(multiples)


@given(intervals(), intervals(least=1))
def test_a_ratio_holds_every_ratio_and_no_more(a: Interval, b: Interval) -> None:
    ratio = a.per(b)
    ratios = [x / y for x, y in product(grid(a, 0), grid(b, 1))]
    assert (ratio.low is None) == (a.low is None or b.high is None)
    assert (ratio.high is None) == (a.high is None or b.low is None)
    assert ratio.low is None or ratio.low == pytest.approx(min(ratios))
    assert ratio.high is None or ratio.high == pytest.approx(max(ratios))
    if ratio.best is not None and ratio.low is not None and ratio.high is not None:
        assert ratio.low <= ratio.best <= ratio.high


def test_nothing_is_divided_by_zero() -> None:
    assert Interval.exactly(5).per(Interval(0, 0, 0)) == Interval(None, None, None)
    assert Interval.exactly(5).per(Interval(0, 2)) == Interval(2.5, None, None)


@given(intervals(), st.integers(0, 12), st.integers(0, 12))
def test_within_says_all_none_or_in_part(figure: Interval, a: int, b: int) -> None:
    low, high = sorted((a, b))
    inside = [low <= x <= high for x in grid(figure, 0)]
    verdict = figure.within(low, high)
    bounded = figure.low is not None and figure.high is not None
    if verdict is True:
        assert bounded
        assert all(inside)
    elif verdict is False:
        assert not any(inside)
    else:
        ends = [
            figure.low is None or not low <= figure.low <= high,
            figure.high is None or not low <= figure.high <= high,
        ]
        assert any(ends)


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Interval(5, 10), True),
        (Interval.exactly(7.5), True),
        (Interval(4, 7), None),
        (Interval(4, 11), None),
        (Interval(11, 12), False),
        (Interval(11, None), False),
        (Interval(None, 4), False),
        (Interval(None, 7), None),
        (Interval(6, None), None),
        (Interval(None, None), None),
    ],
)
def test_within_five_to_ten(figure: Interval, verdict: bool | None) -> None:
    assert figure.within(5, 10) is verdict


def test_unknown_is_never_zero() -> None:
    unknown = Interval(None, None)
    assert Interval.exactly(3).plus(unknown) == unknown
    assert unknown.times(0) == unknown
    assert Interval.exactly(3).per(unknown) == unknown


def test_how_figures_are_made() -> None:
    assert Interval.exactly(3) == Interval(3, 3, 3)
    assert Interval.between(3, 3) == Interval(3, 3, 3)
    assert Interval.between(3, 4) == Interval(3, 4, None)
    assert Interval.between(None, None) == Interval(None, None, None)
