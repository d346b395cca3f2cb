"""Where along an assumption the leading package changes over a whole population of worlds, all else varying.

``flips`` asks this in one world; here worlds are put in bins by one parameter, and in each bin packages are compared by
how often they are the best, or by their mean regret. Bins of a sample differ by chance: a change is told only where the
leader and its follower are told apart in bins on either side, at a level that allows for all bins and parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from dualtrack.choice.parameters import NAMES, Floats
from dualtrack.choice.regret import regrets

By = Literal["best", "regret"]
Answer = Literal["yes", "no", "unknown"]
_LEVEL = 0.05  # chance of one false change, over all bins and parameters together
_Change = tuple[float, tuple[float, float], int]
_LEAST = 30  # worlds in a bin: fewer have no standard error to trust


@dataclass(frozen=True)
class Turning:
    """A parameter, and where another package takes over from the one that leads over all worlds.

    Attributes:
        parameter: its symbol.
        low, high: its range in the worlds.
        flips: no only where the first is surely ahead in every bin; unknown where the sample cannot tell.
        value: where the two are level; None unless it flips.
        between: the bin's mean value where the first is surely ahead, and that where the other is; None without one.
        before, after: the package that leads over all worlds, and the one that takes over.
        moves: how far the first's advantage over the best of the others moves from bin to bin at most.
    """

    parameter: str
    low: float
    high: float
    flips: Answer
    value: float | None
    between: tuple[float, float] | None
    before: str
    after: str | None
    moves: float


def turnings(worlds: Floats, values: Floats, names: Sequence[str], by: By = "best", bins: int = 16) -> list[Turning]:
    """Every parameter that varies, once per change (at most one on either side), those that move most first.

    Args:
        worlds: shape (n, 51).
        values: of each package in each world, shape (n, packages); two packages or more.
        names: of the packages.
        by: what packages are compared by.
        bins: how many, of as many worlds each.

    Raises:
        ValueError: fewer than 30 worlds in a bin, or a single package.
    """
    if len(worlds) < bins * _LEAST:
        raise ValueError(f"{bins} bins need {bins * _LEAST} worlds, not {len(worlds)}")
    if values.shape[1] < 2:
        raise ValueError("a single package leads everywhere")
    scores = -regrets(values)
    if by == "best":
        scores = (np.arange(values.shape[1]) == values.argmax(axis=1)[:, None]).astype(np.float64)
    first = int(scores.mean(axis=0).argmax())
    behind = scores[:, [first]] - scores  # advantage of the first over each, in every world
    varying = [column for column in range(worlds.shape[1]) if np.ptp(worlds[:, column]) > 0]
    surely = NormalDist().inv_cdf(1 - _LEVEL / (2 * bins * max(1, len(varying)) * (values.shape[1] - 1)))
    found = []
    for column in varying:
        parts = np.array_split(np.argsort(worlds[:, column], kind="stable"), bins)
        middle = np.array([worlds[part, column].mean() for part in parts])
        ahead = np.stack([behind[part].mean(axis=0) for part in parts])
        error = np.stack([behind[part].std(axis=0, ddof=1) / np.sqrt(len(part)) for part in parts])
        rivals = np.delete(ahead, first, axis=1).min(axis=1)
        ends = float(worlds[:, column].min()), float(worlds[:, column].max())
        band = surely * error
        always = bool((np.delete(ahead - band, first, axis=1) > 0).all())
        changes: Sequence[_Change | tuple[None, None, None]] = _changes(middle, ahead, band, first)
        changes = changes or [(None, None, None)]
        for value, between, after in changes:
            found.append(
                Turning(
                    NAMES[column], *ends, "no" if always else "unknown" if after is None else "yes", value, between,
                    names[first], None if after is None else names[after],
                    float(np.ptp(rivals)),
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (-one.moves, one.parameter, one.value or 0.0))


def _changes(middle: Floats, ahead: Floats, band: Floats, first: int) -> list[_Change]:
    """Down and up from the bin where the first is furthest ahead: the nearest bin where another surely leads."""
    others = np.arange(ahead.shape[1]) != first
    start = int(ahead[:, others].min(axis=1).argmax())
    found = []
    for way in (range(start - 1, -1, -1), range(start + 1, len(middle))):
        for at in way:
            leader = int(ahead[at].argmin())
            if leader == first or ahead[at, leader] >= -band[at, leader]:
                continue
            step = 1 if at > start else -1
            sure = [b for b in range(start, at, step) if ahead[b, leader] > band[b, leader]]
            if sure:
                own = ahead[:, leader]
                last = max((b for b in range(start, at, step) if own[b] >= 0), key=lambda b: step * b)
                beyond = last + step
                share = own[last] / (own[last] - own[beyond])
                value = middle[last] + share * (middle[beyond] - middle[last])
                found.append((float(value), (float(middle[sure[-1]]), float(middle[at])), leader))
            break
    return found
