"""How much of an answer's variance each assumption explains: Sobol indices (Sobol 1993; Saltelli et al. 2010).

A variance is made by the few worlds where a figure is largest. A package's advantage in value has such a tail: under
article priors, with 1,024 points and six seeds, k2 came first three times, V_G twice and g_G once, and the first five
were six different sets. Of the advantage ``damped`` they were the same five every time; of whether the package is best
(yes or no), two sets. ``leading`` tells where an order is partly chance.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.parameters import NAMES, Floats
from dualtrack.choice.ranges import Ranges
from dualtrack.core.extras import needed


@dataclass(frozen=True)
class Index:
    """Indices of one parameter: alone (first order) and with all it acts together with (total), each with a band.

    The bands are 95 percent of a bootstrap over the sample.
    """

    parameter: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@dataclass(frozen=True)
class Leading:
    """The parameters with the largest total indices.

    ``sure``: whether the band of each lies above the bands of all the others; where not, which they are is partly
    chance. Their order among themselves is not claimed.
    """

    parameters: tuple[str, ...]
    sure: bool


def leading(indices: Sequence[Index], count: int) -> Leading:
    """The first parameters by total index, and whether they can be told apart from the rest."""
    ordered = sorted(indices, key=lambda index: (-index.total, index.parameter))
    first, rest = ordered[:count], ordered[count:]
    least = min((index.total_low for index in first), default=0.0)
    return Leading(
        tuple(index.parameter for index in first),
        len(first) == count and all(index.total_high < least for index in rest),
    )


def damped(figures: Floats) -> Floats:
    """Figures with their tails drawn in: the inverse hyperbolic sine, linear below about 1 unit, logarithmic beyond."""
    return np.asarray(np.arcsinh(figures))


def sobol_indices(
    function: Callable[[Floats], Floats], box: Ranges, n: int, seed: int, resamples: int = 200
) -> list[Index]:
    """Indices of every parameter, the largest total first.

    Args:
        function: from worlds, shape (m, 51), to one figure each, shape (m,).
        box: ranges of the worlds.
        n: a power of two; the function sees n * 53 worlds.
        seed: of the sample and the bootstrap.
        resamples: of the bootstrap.

    Raises:
        BadInput: the extra ``choose`` is missing.
        ValueError: the function is the same everywhere.
    """
    stats: Any = needed("scipy.stats", "choose", "Finding how much each assumption matters")
    spread = box.high - box.low
    free = np.flatnonzero(spread > 0)
    seen: list[Floats] = []  # scipy asks for A, for B, then for both mixed, parameter by parameter

    def of_unit(unit: Floats) -> Floats:
        worlds = np.repeat(box.low[:, None], unit.shape[1], axis=1)
        worlds[free] += spread[free, None] * unit
        seen.append(function(np.ascontiguousarray(worlds.T)))
        return seen[-1]

    rng = np.random.default_rng(seed)
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # a parameter without any effect: see _band
        found = stats.sobol_indices(func=of_unit, n=n, dists=[stats.uniform()] * len(free), rng=rng)
        if not (found.total_order > 0).any():
            raise ValueError("the figure is the same in every world: there is no variance to explain")
        band = _bootstrapped(stats, seen, len(free), resamples, rng)
    first = _band(found.first_order, band.low[0], band.high[0])
    total = _band(found.total_order, band.low[1], band.high[1])
    indices = [
        Index(
            NAMES[column], float(found.first_order[k]), float(first[0][k]), float(first[1][k]),
            float(found.total_order[k]), float(total[0][k]), float(total[1][k]),
        )
        for k, column in enumerate(free)
    ]  # fmt: skip
    return sorted(indices, key=lambda index: (-index.total, index.parameter))


def _bootstrapped(stats: Any, seen: Sequence[Floats], parameters: int, resamples: int, rng: np.random.Generator) -> Any:
    """The BCa bands of both indices, shape (2, parameters): scipy's own bootstrap of them takes no seed.

    The estimators are those of scipy's indices: Saltelli and others 2010, table 2, b and f.
    """
    a, b, mixed = seen[0], seen[1], seen[2].reshape(-1, parameters).T
    mean = (a.mean() + b.mean()) / 2
    a, b, mixed = a - mean, b - mean, mixed - mean
    # All that is resampled are means over the sample, so how often each of it is drawn gives them.
    parts = np.concatenate([b * (mixed - a), (a - mixed) ** 2 / 2, [(a + b) / 2, (a**2 + b**2) / 2]])

    def both(drawn: NDArray[np.int64]) -> Floats:
        often = np.bincount(drawn, minlength=len(a)) / len(drawn)
        *means, middle, square = np.einsum("pn,n->p", parts, often)
        return np.asarray(np.reshape(means, (2, parameters)) / (square - middle**2))

    found = stats.bootstrap([np.arange(len(a))], both, method="BCa", n_resamples=resamples, vectorized=False, rng=rng)
    return found.confidence_interval


def _band(index: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Ends of a band; those of an index that is the same in every resample, which the bootstrap leaves open, are it."""
    return np.where(np.isnan(low), index, low), np.where(np.isnan(high), index, high)
