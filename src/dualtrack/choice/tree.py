"""A small tree of assumptions that tells where which package is best (CART: Breiman and others 1984).

Our own, of three levels: it is to be read, not to predict, and libraries that grow trees are fifty times its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.parameters import NAMES, Floats

_DEPTH = 3
_LEAST = 0.02  # share of all worlds in a leaf
_CUTS = 31  # quantiles tried for each parameter


@dataclass(frozen=True)
class Leaf:
    """A leaf: the questions on the way to it, its share of worlds, the shares of each class within it."""

    path: tuple[str, ...]
    mass: float
    shares: tuple[float, ...]


def grow(worlds: Floats, classes: NDArray[np.intp], count: int, names: Sequence[str] = NAMES) -> list[Leaf]:
    """The leaves, from left to right: lower values of the parameter asked about first.

    Args:
        worlds: shape (n, parameters).
        classes: which package is best in each, shape (n,), below ``count``.
        count: of classes.
        names: of the parameters.
    """
    return list(_grown(worlds, classes, count, names, len(worlds), ()))


def _grown(
    worlds: Floats, classes: NDArray[np.intp], count: int, names: Sequence[str], all_: int, path: tuple[str, ...]
) -> list[Leaf]:
    split = _split(worlds, classes, count, max(1, int(_LEAST * all_))) if len(path) < _DEPTH else None
    if split is None:
        shares = np.bincount(classes, minlength=count) / len(classes)
        return [Leaf(path, len(classes) / all_, tuple(float(share) for share in shares))]
    column, at = split
    below = worlds[:, column] <= at
    left = _grown(worlds[below], classes[below], count, names, all_, (*path, f"{names[column]} <= {at:.3g}"))
    right = _grown(worlds[~below], classes[~below], count, names, all_, (*path, f"{names[column]} > {at:.3g}"))
    return [*left, *right]


def _split(worlds: Floats, classes: NDArray[np.intp], count: int, least: int) -> tuple[int, float] | None:
    """The cut that lowers the Gini impurity most; None where no cut lowers it."""
    member = np.eye(count)[classes]
    n = len(classes)
    whole = _impurity(member.sum(axis=0), n)
    best: tuple[float, int, float] = (1e-9, -1, 0.0)
    for column in range(worlds.shape[1]):
        for at in np.unique(np.quantile(worlds[:, column], np.linspace(0, 1, _CUTS + 2)[1:-1])):
            below = worlds[:, column] <= at
            k = int(below.sum())
            if min(k, n - k) < least:
                continue
            left = member[below].sum(axis=0)
            gain = whole - _impurity(left, k) - _impurity(member.sum(axis=0) - left, n - k)
            if gain / n > best[0]:
                best = (gain / n, column, float(at))
    return best[1:] if best[1] >= 0 else None


def _impurity(counts: Floats, n: int) -> float:
    return float(n - (counts**2).sum() / n)
