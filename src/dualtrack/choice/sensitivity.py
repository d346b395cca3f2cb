"""How much of an answer's variance each assumption explains: Sobol indices (Sobol 1993; Saltelli et al. 2010)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

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
    """
    stats: Any = needed("scipy.stats", "choose", "Finding how much each assumption matters")
    spread = box.high - box.low
    free = np.flatnonzero(spread > 0)

    def of_unit(unit: Floats) -> Floats:
        worlds = np.repeat(box.low[:, None], unit.shape[1], axis=1)
        worlds[free] += spread[free, None] * unit
        return function(np.ascontiguousarray(worlds.T))

    rng = np.random.default_rng(seed)
    found = stats.sobol_indices(func=of_unit, n=n, dists=[stats.uniform()] * len(free), rng=rng)
    band = found.bootstrap(confidence_level=0.95, n_resamples=resamples)
    first, total = band.first_order.confidence_interval, band.total_order.confidence_interval
    indices = [
        Index(
            NAMES[column], float(found.first_order[k]), float(first.low[k]), float(first.high[k]),
            float(found.total_order[k]), float(total.low[k]), float(total.high[k]),
        )
        for k, column in enumerate(free)
    ]  # fmt: skip
    return sorted(indices, key=lambda index: (-index.total, index.parameter))
