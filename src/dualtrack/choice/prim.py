"""Boxes of assumptions in which an answer holds: the patient rule induction method (Friedman and Fisher 1999).

As used for scenario discovery by Bryant and Lempert (2010): coverage, density and mass along the way; for each
limit of a box its quasi-p-value. Our own, as the kept libraries that have it bring a whole workbench along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.parameters import NAMES, Floats
from dualtrack.core.extras import needed

_PEEL = 0.05
_LEAST = 0.02  # share of all worlds that a box holds at least


@dataclass(frozen=True)
class Limit:
    """One side of a box: the parameter between low and high, and how likely chance alone would do as well."""

    parameter: str
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Box:
    """A box on the way: what it holds.

    Attributes:
        coverage: share of the worlds wanted that lie in it.
        density: share of its worlds that are wanted.
        mass: share of all worlds in it.
        limits: the parameters it restricts, the firmest first.
    """

    coverage: float
    density: float
    mass: float
    limits: tuple[Limit, ...]


def peel(worlds: Floats, wanted: NDArray[np.bool_], names: tuple[str, ...] = NAMES) -> list[Box]:
    """The peeling trajectory, from the whole to the smallest box.

    Each step takes off the twentieth of the box, at one end of one parameter, that leaves the highest density.

    Args:
        worlds: shape (n, parameters).
        wanted: which worlds are to be in the box, shape (n,).
        names: of the parameters.

    Raises:
        ValueError: no world is wanted.
        BadInput: the extra ``choose`` is missing.
    """
    if not wanted.any():
        raise ValueError("no world is wanted: there is no box to find")
    low, high = worlds.min(axis=0), worlds.max(axis=0)
    whole = (low.copy(), high.copy())
    inside = np.ones(len(worlds), dtype=bool)
    boxes = [_box(worlds, wanted, inside, low, high, whole, names)]
    while True:
        own, hit = worlds[inside], wanted[inside]
        best: tuple[float, int, bool, float] | None = None
        for column in range(worlds.shape[1]):
            values = own[:, column]
            for upper in (False, True):
                at = float(np.quantile(values, 1 - _PEEL if upper else _PEEL))
                kept = values < at if upper else values > at
                if _LEAST * len(worlds) <= kept.sum() < len(values):
                    density = float(hit[kept].mean())
                    if best is None or density > best[0]:
                        best = (density, column, upper, at)
        if best is None or (len(boxes) > 1 and best[0] <= hit.mean()):
            return boxes
        _, column, upper, at = best
        (high if upper else low)[column] = at
        inside &= worlds[:, column] < at if upper else worlds[:, column] > at
        boxes.append(_box(worlds, wanted, inside, low, high, whole, names))


def chosen(boxes: list[Box], density: float = 0.85, coverage: float = 0.25) -> Box:
    """The box to tell of: the first that is dense enough, else the densest that still covers enough."""
    dense = [box for box in boxes if box.density >= density and box.coverage >= coverage]
    wide = [box for box in boxes if box.coverage >= coverage]
    return dense[0] if dense else max(wide, key=lambda box: box.density)


def _box(
    worlds: Floats, wanted: NDArray[np.bool_], inside: NDArray[np.bool_], low: Floats, high: Floats,
    whole: tuple[Floats, Floats], names: tuple[str, ...],
) -> Box:  # fmt: skip
    binom: Any = needed("scipy.stats", "choose", "Finding boxes of assumptions").binom
    count, hits = int(inside.sum()), int((inside & wanted).sum())
    limits = []
    for column in np.flatnonzero((low > whole[0]) | (high < whole[1])):
        others = np.ones(len(worlds), dtype=bool)
        for other in np.flatnonzero((low > whole[0]) | (high < whole[1])):
            if other != column:
                others &= _within(worlds[:, other], low[other], high[other], whole[0][other], whole[1][other])
        p = float(binom.sf(hits - 1, count, wanted[others].mean()))
        limits.append(Limit(names[column], float(low[column]), float(high[column]), p))
    return Box(
        hits / int(wanted.sum()), hits / count, count / len(worlds),
        tuple(sorted(limits, key=lambda limit: (limit.p, limit.parameter))),
    )  # fmt: skip


def _within(values: Floats, low: float, high: float, least: float, most: float) -> NDArray[np.bool_]:
    """Inside both limits; a limit that was never moved holds what lies on it."""
    return np.asarray(
        (values > low if low > least else values >= low) & (values < high if high < most else values <= high)
    )
