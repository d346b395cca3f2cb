"""The log-odds clock: how many calm quarters it takes to rebuild trust."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import BadInput


def calm_quarters(before: ArrayLike, after: ArrayLike, calm_s: ArrayLike, calm_g: ArrayLike) -> Floats:
    """Quarters of calm until the belief that the adversary is greedy has moved from ``before`` to ``after``.

    Each one moves the log-odds by ln(P(calm | S) / P(calm | G)) (Bayes), so the number is a ratio, not rounded. It is
    infinite where calm tells nothing or moves the belief the other way, and 0 where nothing is left to move.

    Raises:
        BadInput: a probability that is not strictly between 0 and 1.
    """
    given = [np.asarray(value, dtype=np.float64) for value in (before, after, calm_s, calm_g)]
    if not all(np.all((value > 0) & (value < 1)) for value in given):
        raise BadInput("Beliefs and chances of calm lie strictly between 0 and 1.", "Give values such as 0.8 or 0.95.")
    start, end, calm_s, calm_g = given
    way = np.log(start / (1 - start)) - np.log(end / (1 - end))
    step = np.log(calm_s / calm_g)
    possible = way * step > 0
    quarters = np.where(possible, way / np.where(possible, step, 1.0), np.inf)
    return np.where(way == 0, 0.0, quarters)
