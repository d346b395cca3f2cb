"""Exact tests against published values, and against every outcome counted one by one."""

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from dualtrack.analyses.exact import as_uneven_by_chance, at_least_by_chance, differ_by_chance, holm

counts = st.integers(0, 3)


@given(st.integers(0, 10).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_binomial_is_the_share_of_all_sequences(pair: tuple[int, int]) -> None:
    k, n = pair
    sums = [sum(tosses) for tosses in product((0, 1), repeat=n)]
    assert at_least_by_chance(k, n) == Fraction(sum(s >= k for s in sums), len(sums))
    assert as_uneven_by_chance(k, n) == Fraction(sum(abs(2 * s - n) >= abs(2 * k - n) for s in sums), len(sums))


@given(counts, counts, counts, counts)
def test_fisher_is_the_share_of_all_ways_to_choose(a: int, b: int, c: int, d: int) -> None:
    """Every subset of the first column's size is as likely: a split is its number of subsets."""
    row, other, column = a + b, c + d, a + c
    ways = {k: 0 for k in range(row + 1)}
    for chosen in product((0, 1), repeat=row + other):
        if sum(chosen) == column:
            ways[sum(chosen[:row])] += 1
    total = sum(ways.values())
    assert differ_by_chance((a, b), (c, d)) == Fraction(sum(w for w in ways.values() if 0 < w <= ways[a]), total)
    assert differ_by_chance((a, b), (c, d)) == differ_by_chance((c, d), (a, b)) == differ_by_chance((b, a), (d, c))


def test_published_values() -> None:
    assert differ_by_chance((3, 1), (1, 3)) == Fraction(34, 70)  # the lady tasting tea: 0.486, Agresti
    assert round(float(differ_by_chance((2, 15), (10, 3))), 9) == 0.000536724  # criminal twins, R's fisher.test
    assert at_least_by_chance(6, 6) == Fraction(1, 64)
    assert as_uneven_by_chance(6, 6) == Fraction(1, 32)
    assert as_uneven_by_chance(0, 0) == 1


def test_holm_as_in_r() -> None:
    """p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") and a case out of order."""
    asked = [Fraction(k, 100) for k in range(1, 6)]
    assert holm(asked) == [Fraction(k, 100) for k in (5, 8, 9, 9, 9)]
    assert holm([Fraction(k, 1000) for k in (10, 40, 30, 5)]) == [Fraction(k, 1000) for k in (30, 60, 60, 20)]
    assert holm([Fraction(3, 4), Fraction(2, 3)]) == [1, 1]
    assert holm([]) == []


@given(st.lists(st.fractions(0, 1), max_size=8))
def test_holm_never_lowers_a_chance_and_keeps_their_order(chances: list[Fraction]) -> None:
    found = holm(chances)
    assert all(p <= q <= 1 for p, q in zip(chances, found, strict=True))
    for p, q in product(range(len(chances)), repeat=2):
        assert chances[p] > chances[q] or found[p] <= found[q]
