"""Indices of agreement: published values, closed forms, and what every such index must do."""

import doctest
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.analyses import agreement as module
from dualtrack.analyses.agreement import (
    agreement,
    consensus,
    mean,
    narrowness,
    one_misread,
    polarisation,
    resampled,
    two_camps,
)

PUBLISHED = [
    ((30, 40, 210, 130, 530, 50, 10), 0.611333),
    ((0, 0, 10, 0, 0), 1),
    ((2, 2, 2, 2, 2), 0),
    ((5, 0, 0, 0, 5), -1),
    ((0, 0, 5, 5, 0), 0.75),
    ((0, 3, 4, 3, 0), 0.55),
    ((5, 0, 0, 5, 0), -0.416667),
    ((4, 1, 0, 1, 4), -0.655556),
    ((10, 20, 30, 15, 4), 0.392405),
    ((1, 0, 0, 0, 9), 0.6),
]
"""Distributions with their A; the first is van der Eijk's own example (2001)."""

COUNTS = st.lists(st.integers(0, 40), min_size=3, max_size=7).filter(any)
FIVE = st.lists(st.integers(0, 12), min_size=5, max_size=5).filter(any)
HELD = st.lists(st.integers(0, 4), min_size=1, max_size=24).map(lambda at: np.eye(5)[at])
INDICES: list[Callable[[Sequence[float]], float]] = [agreement, consensus, narrowness, polarisation, two_camps]


def by_layers(counts: Sequence[int]) -> Fraction:
    """A in whole fractions, layer after layer as the paper words it: an oracle that shares no code."""
    left, total, found = [Fraction(n) for n in counts], Fraction(sum(counts)), Fraction(0)
    k = len(counts)
    while any(left):
        height = min(n for n in left if n)
        filled = [n > 0 for n in left]
        s = sum(filled)
        if s == 1:
            own = Fraction(1)
        elif s == k:
            own = Fraction(0)
        else:
            shapes = ["".join("01"[filled[i]] for i in triple) for triple in combinations(range(k), 3)]
            one, two = shapes.count("110") + shapes.count("011"), shapes.count("101")
            own = Fraction((k - 2) * one - (k - 1) * two, (k - 2) * (one + two)) * (1 - Fraction(s - 1, k - 1))
        found += own * s * height / total
        left = [n - height if n else n for n in left]
    return found


def test_the_doctests_hold() -> None:
    done = doctest.testmod(module)
    assert done.attempted > 5
    assert done.failed == 0


@pytest.mark.parametrize(("counts", "value"), PUBLISHED, ids=str)
def test_published_values(counts: tuple[int, ...], value: float) -> None:
    assert agreement(counts) == pytest.approx(value, abs=5e-7)


@given(COUNTS)
def test_agreement_is_the_sum_over_layers(counts: list[int]) -> None:
    assert agreement(counts) == pytest.approx(float(by_layers(counts)), abs=1e-9)


@given(st.integers(1, 30), st.integers(0, 30), st.integers(3, 7))
def test_two_points_have_a_closed_form(a: int, b: int, k: int) -> None:
    """Of the two in a layer, neighbours have 1 - 1/(K-1) and the ends -1; what is over agrees with itself."""
    share = 2 * min(a, b) / (a + b)
    assert agreement([a, b] + [0] * (k - 2)) == pytest.approx(1 - share / (k - 1))
    assert agreement([a] + [0] * (k - 2) + [b]) == pytest.approx(1 - 2 * share)


@given(COUNTS)
def test_agreement_is_one_only_where_all_agree_and_least_only_at_two_ends(counts: list[int]) -> None:
    value = agreement(counts)
    assert -1 - 1e-9 <= value <= 1 + 1e-9
    assert (value > 1 - 1e-9) == (sum(n > 0 for n in counts) == 1)
    halves = counts[0] == counts[-1] > 0 and not any(counts[1:-1])
    assert (value < -1 + 1e-9) == halves


@given(st.integers(1, 50), st.integers(3, 9))
def test_the_ends_of_each_scale(n: int, k: int) -> None:
    ends, level = [n] + [0] * (k - 2) + [n], [n] * k
    assert agreement(level) == 0
    for index, at_ends, at_one in ((consensus, 0, 1), (narrowness, 0, 1), (polarisation, 1, 0), (two_camps, 1, 0)):
        assert index(ends) == pytest.approx(at_ends, abs=1e-12)
        for point in range(k):
            assert index([n * (i == point) for i in range(k)]) == pytest.approx(at_one, abs=1e-12)


@given(COUNTS, st.integers(2, 9))
def test_turning_the_scale_round_and_more_of_the_same_change_nothing(counts: list[int], times: int) -> None:
    for index in INDICES:
        assert index(counts[::-1]) == pytest.approx(index(counts), abs=1e-9)
        assert index([n * times for n in counts]) == pytest.approx(index(counts), abs=1e-9)
    assert mean(counts[::-1]) == pytest.approx(len(counts) - 1 - mean(counts))


@given(COUNTS)
def test_all_indices_stay_in_their_range(counts: list[int]) -> None:
    for index in (consensus, narrowness, polarisation, two_camps):
        assert -1e-9 <= index(counts) <= 1 + 1e-9


@given(FIVE)
def test_narrowness_is_the_variance(counts: list[int]) -> None:
    at = np.repeat(np.arange(5), counts)
    assert narrowness(counts) == pytest.approx(1 - at.var() / 4)
    assert mean(counts) == pytest.approx(at.mean())


def test_two_camps_counts_every_pair() -> None:
    """With exponent 0 it is the mean distance between two members, as a share of the largest there can be."""
    at = np.repeat(np.arange(5), (3, 1, 0, 2, 4))
    gini = np.abs(at[:, None] - at[None, :]).mean()
    assert two_camps((3, 1, 0, 2, 4), 0) == pytest.approx(gini / 2)


@pytest.mark.parametrize("counts", [(), (3,), (0, 0, 0), (1, -1, 2)])
def test_what_is_no_distribution_is_refused(counts: tuple[int, ...]) -> None:
    for index in (*INDICES, mean):
        with pytest.raises(ValueError, match="no distribution"):
            index(counts)


def test_an_exponent_outside_the_theory_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        two_camps((1, 0, 1), 2)


@given(HELD, st.permutations(range(24)), st.floats(0, 1))
def test_a_band_holds_the_index_and_does_not_depend_on_the_order_of_members(
    held: np.ndarray, order: list[int], misread: float
) -> None:
    shuffled = held[[i for i in order if i < len(held)]]
    band = resampled(held, 50, 1, misread=misread)
    assert band == resampled(shuffled, 50, 1, misread=misread)
    assert band.low <= agreement(held.sum(axis=0)) <= band.high


@given(HELD)
def test_without_anything_varied_the_band_is_the_index(held: np.ndarray) -> None:
    band = resampled(held, 20, 1, members=False)
    assert band.low == band.high == agreement(held.sum(axis=0))


@given(HELD)
def test_one_misread_position_is_the_worst_of_all_single_steps(held: np.ndarray) -> None:
    """Held against every one-step change written out."""
    at = held.argmax(axis=1)
    tried = [np.bincount(at, minlength=5)]
    for i in range(len(at)):
        for step in (-1, 1):
            moved = at.copy()
            moved[i] = min(max(moved[i] + step, 0), 4)
            tried.append(np.bincount(moved, minlength=5))
    found = [agreement(counts.tolist()) for counts in tried]
    band = one_misread(held)
    assert (band.low, band.high) == pytest.approx((min(found), max(found)))


def test_redrawn_members_spread_as_the_multinomial_does() -> None:
    """The mean position of redrawn members is never asked for, but A of two neighbours has a known distribution."""
    held = np.eye(5)[[3] * 6 + [4] * 12]
    band = resampled(held, 4000, 7)
    rng = np.random.default_rng(99)
    exact = np.quantile([agreement((0, 0, 0, n, 18 - n)) for n in rng.binomial(18, 1 / 3, 20000)], [0.05, 0.95])
    assert (band.low, band.high) == pytest.approx(exact, abs=0.03)
