"""Reciprocal rank fusion: several rankings made one without comparing their scores.

G. Cormack, C. Clarke and S. Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
Methods", SIGIR 2009. Their constant of 60 suits lists of a thousand; lists here matter in their first ten.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dualtrack.articles.matching.inverted import Floats

CONSTANT = 20
DEPTH = 100  # places of a ranking that count; those further down are all alike


def ranks(scores: Floats, depth: int = DEPTH) -> NDArray[np.int64]:
    """The place of each item from 0, the first best; beyond the depth, or without a score above 0, it is the depth.

    Equal scores are ranked by their order, so that a run is the same again.
    """
    depth = min(depth, len(scores))
    places = np.full(len(scores), depth, dtype=np.int64)
    if depth == 0:
        return places
    floor = scores[np.argpartition(-scores, depth - 1)[depth - 1]]
    near = np.flatnonzero((scores >= floor) & (scores > 0))
    best = near[np.argsort(-scores[near], kind="stable")][:depth]
    places[best] = np.arange(len(best))
    return places


def fuse(rankings: Sequence[NDArray[np.int64]], constant: int = CONSTANT) -> NDArray[np.float64]:
    """The sum of 1 / (constant + place from 1) over rankings made by ``ranks``, shape ``(items,)``."""
    return np.asarray(sum(1.0 / (constant + 1 + places) for places in rankings), dtype=np.float64)
