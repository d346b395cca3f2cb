"""Exact tests on small counts, in whole numbers from beginning to end; no approximation, no random draws."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb


def at_least_by_chance(successes: int, trials: int) -> Fraction:
    """The chance of so many successes or more where each of the trials is as likely to succeed as to fail.

    The exact one-sided binomial test (Clopper and Pearson 1934) for a share of one half.

    >>> at_least_by_chance(7, 8)
    Fraction(9, 256)
    """
    return Fraction(sum(comb(trials, k) for k in range(successes, trials + 1)), 2**trials)


def as_uneven_by_chance(successes: int, trials: int) -> Fraction:
    """The chance of a split as uneven or more, either way, where both are equally likely.

    The exact two-sided binomial test for a share of one half: as the distribution is symmetric, twice the smaller tail.

    >>> as_uneven_by_chance(7, 8), as_uneven_by_chance(4, 8)
    (Fraction(9, 128), Fraction(1, 1))
    """
    return min(Fraction(1), 2 * at_least_by_chance(max(successes, trials - successes), trials))


def differ_by_chance(first: tuple[int, int], second: tuple[int, int]) -> Fraction:
    """Fisher's exact test, two-sided: the chance that two splits differ so much or more, given the four margins.

    All tables with these margins that are no likelier than the one seen are added up (Fisher 1935; Agresti, Categorical
    Data Analysis, section 3.5).

    >>> differ_by_chance((3, 1), (1, 3))  # Fisher's lady tasting tea
    Fraction(17, 35)
    """
    (a, b), (c, d) = first, second
    row, other, column = a + b, c + d, a + c
    ways = {k: comb(row, k) * comb(other, column - k) for k in range(max(0, column - other), min(row, column) + 1)}
    return Fraction(sum(way for way in ways.values() if way <= ways[a]), comb(row + other, column))


def holm(chances: Sequence[Fraction]) -> list[Fraction]:
    """The chances corrected for having looked so often (Holm 1979), in the order given.

    >>> [float(p) for p in holm([Fraction(1, 100), Fraction(2, 100), Fraction(3, 100)])]
    [0.03, 0.04, 0.04]
    """
    found = [Fraction(1)] * len(chances)
    highest = Fraction(0)
    for rank, place in enumerate(sorted(range(len(chances)), key=lambda place: chances[place])):
        highest = max(highest, min(Fraction(1), (len(chances) - rank) * chances[place]))
        found[place] = highest
    return found
