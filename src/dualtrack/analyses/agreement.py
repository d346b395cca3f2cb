"""How far the members of a group agree on an ordered scale: indices of a distribution, and how far each can be trusted.

A distribution is the number, or weight, of members at each of K ordered points, K at least two. The indices answer
different questions and are printed side by side. None of them says which side the majority is on: the mean does.

Sources: van der Eijk, Quality and Quantity 35 (2001) 325-341 (agreement A); Tastle and Wierman, International Journal
of Approximate Reasoning 45 (2007) 531-545 (consensus); Esteban and Ray, Econometrica 62 (1994) 819-851
(polarisation, with an exponent from 0 to 1.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ESTEBAN_RAY = 1.3
"""The exponent usually taken: how much more a large bloc counts than the same number of members spread out."""

_SHARE = 0.9  # of draws inside a band
_FINE = 9  # decimals to which weights are told apart


def agreement(counts: Sequence[float]) -> float:
    """Van der Eijk's A: -1 for two halves at the ends, 0 for a uniform distribution, 1 for one point only.

    The distribution is peeled into layers, each evenly spread over the points it fills; A is the mean of the layers'
    own, weighted by the members in them.

    >>> round(agreement((30, 40, 210, 130, 530, 50, 10)), 6), agreement((5, 0, 0, 0, 5)), agreement((0, 0, 5, 5, 0))
    (0.611333, -1.0, 0.75)

    Raises:
        ValueError: fewer than two points, a negative count, or nobody at all.
    """
    return _agreement(tuple(round(float(count), _FINE) for count in counts))


@lru_cache(maxsize=65536)
def _agreement(counts: tuple[float, ...]) -> float:
    total = _total(counts)
    below, found = 0.0, 0.0
    for level in sorted({count for count in counts if count > 0}):
        filled = tuple(count >= level for count in counts)
        found += sum(filled) * (level - below) / total * _of_layer(filled)
        below = level
    return found


@lru_cache(maxsize=4096)
def _of_layer(filled: tuple[bool, ...]) -> float:
    """A of members spread evenly over some of the points.

    Triples of points in order are unimodal where they read 110 or 011, and bimodal where they read 101.
    """
    size, points = sum(filled), len(filled)
    if size in (1, points):
        return float(size == 1)
    one = two = 0
    for i in range(points):
        for j in range(i + 1, points):
            for k in range(j + 1, points):
                if filled[i] + filled[j] + filled[k] == 2:
                    two += not filled[j]
                    one += filled[j]
    unimodal = ((points - 2) * one - (points - 1) * two) / ((points - 2) * (one + two))
    return unimodal * (1 - (size - 1) / (points - 1))


def consensus(counts: Sequence[float]) -> float:
    """Tastle and Wierman's consensus: 0 for two halves at the ends, 1 for one point only.

    >>> consensus((5, 0, 0, 0, 5)), consensus((0, 0, 10, 0, 0)), round(consensus((2, 2, 2, 2, 2)), 3)
    (0.0, 1.0, 0.434)

    Raises:
        ValueError: as for ``agreement``.
    """
    total, middle, reach = _total(counts), mean(counts), len(counts) - 1
    return 1 + sum(n / total * log2(1 - abs(x - middle) / reach) for x, n in enumerate(counts) if n)


def narrowness(counts: Sequence[float]) -> float:
    """One less the variance as a share of the largest there can be: 0 for two halves at the ends, 1 for one point only.

    >>> narrowness((5, 0, 0, 0, 5)), narrowness((0, 0, 10, 0, 0)), narrowness((2, 2, 2, 2, 2))
    (0.0, 1.0, 0.5)

    Raises:
        ValueError: as for ``agreement``.
    """
    total, middle = _total(counts), mean(counts)
    return 1 - sum(n / total * (x - middle) ** 2 for x, n in enumerate(counts)) / ((len(counts) - 1) / 2) ** 2


def polarisation(counts: Sequence[float]) -> float:
    """How far a distribution is from agreement towards two camps: (1 - A) / 2, from 0 to 1.

    >>> polarisation((5, 0, 0, 0, 5)), polarisation((2, 2, 2, 2, 2)), polarisation((0, 0, 10, 0, 0))
    (1.0, 0.5, 0.0)

    Raises:
        ValueError: as for ``agreement``.
    """
    return (1 - agreement(counts)) / 2


def two_camps(counts: Sequence[float], exponent: float = ESTEBAN_RAY) -> float:
    """Esteban and Ray's polarisation as a share of that of two halves at the ends.

    >>> two_camps((5, 0, 0, 0, 5)), two_camps((0, 0, 10, 0, 0)), round(two_camps((2, 2, 2, 2, 2)), 3)
    (1.0, 0.0, 0.243)

    Raises:
        ValueError: as for ``agreement``, or an exponent outside 0 to 1.6.
    """
    if not 0 <= exponent <= 1.6:
        raise ValueError(f"the exponent {exponent} is outside 0 to 1.6")
    total = _total(counts)
    shares = [n / total for n in counts]
    raw = sum(
        pow(p, 1 + exponent) * q * abs(i - j) for i, p in enumerate(shares) for j, q in enumerate(shares) if p and q
    )
    return float(raw / ((len(counts) - 1) * pow(0.5, 1 + exponent)))


def mean(counts: Sequence[float]) -> float:
    """The mean point, counted from 0.

    >>> mean((0, 0, 0, 5, 5))
    3.5

    Raises:
        ValueError: as for ``agreement``.
    """
    return sum(x * n for x, n in enumerate(counts)) / _total(counts)


def _total(counts: Sequence[float]) -> float:
    total = float(sum(counts))
    if len(counts) < 2 or total <= 0 or min(counts) < 0:
        raise ValueError(f"{tuple(counts)} is no distribution over an ordered scale")
    return total


@dataclass(frozen=True)
class Band:
    """A range of an index and what is varied in it."""

    low: float
    high: float


def resampled(held: Floats, draws: int, seed: int, members: bool = True, misread: float = 0.0) -> Band:
    """The band of A over redrawn members and misread positions: nine of ten draws, widened to A itself.

    Misreading only ever moves a position by one step, and one at the end of the scale has only one way to go, so that
    the band of a group in agreement reaches down and not up.

    Args:
        held: one row a member, its weight on each point; rows sum to 1 (two halves where a member holds two).
        draws: how many.
        seed: of the random numbers; the band depends on nothing else.
        members: whether members are drawn anew with replacement, as many as there are.
        misread: the probability that a position is one step off, up or down alike; off the scale there is nothing.
    """
    own = held[np.lexsort(held.T)]  # so that the order in which members come decides nothing
    shifted = np.stack([_shift(own, -1), own, _shift(own, 1)])
    rng = np.random.default_rng(seed)
    size = (draws, len(own))
    picked = rng.integers(0, len(own), size) if members else np.broadcast_to(np.arange(len(own)), size)
    step = rng.choice(3, size, p=[misread / 2, 1 - misread, misread / 2])
    found = [agreement(row) for row in shifted[step, picked].sum(axis=1)]
    low, high = np.quantile(found, [(1 - _SHARE) / 2, (1 + _SHARE) / 2])
    here = agreement(own.sum(axis=0))
    return Band(min(float(low), here), max(float(high), here))


def one_misread(held: Floats) -> Band:
    """The lowest and highest A if the position of any one member is one step off."""
    counts = held.sum(axis=0)
    found = [agreement(counts)]
    for way in (-1, 1):
        found += [agreement(counts - row + moved) for row, moved in zip(held, _shift(held, way), strict=True)]
    return Band(min(found), max(found))


def _shift(held: Floats, way: int) -> Floats:
    """Every position moved by one step; what is at the end of the scale stays."""
    moved = np.zeros_like(held)
    if way > 0:
        moved[:, 1:] = held[:, :-1]
        moved[:, -1] += held[:, -1]
    else:
        moved[:, :-1] = held[:, 1:]
        moved[:, 0] += held[:, 0]
    return moved
