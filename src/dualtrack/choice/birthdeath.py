"""A birth-death chain in closed form: where support settles if only small steps up and down are possible."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import BadInput


def stationary(up: ArrayLike, down: ArrayLike, levels: int) -> Floats:
    """Long-run share of time at each level, shape (..., levels), if a level rises with probability ``up`` and falls
    with ``down`` wherever it can: pi_i is proportional to (up / down)^i (detailed balance).

    Scaled by the larger of the two, so that neither ``down`` = 0 nor long chains overflow.

    Raises:
        BadInput: both probabilities 0 (the chain stays where it starts), or one below 0.
    """
    up, down = np.broadcast_arrays(np.asarray(up, dtype=np.float64), np.asarray(down, dtype=np.float64))
    larger = np.maximum(up, down)
    if not np.all((np.minimum(up, down) >= 0) & (larger > 0)):
        raise BadInput("Support that never moves has no long run.", "Give chances of at least 0, one of them above 0.")
    steps = np.arange(levels)
    weights = (up / larger)[..., None] ** steps * (down / larger)[..., None] ** steps[::-1]
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
