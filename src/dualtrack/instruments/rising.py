"""Levels that rise from one variant to the next, and how many of them a figure reaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dualtrack.instruments.columns import Numbers
from dualtrack.instruments.steps import MOST, Steps, counting


@dataclass(frozen=True)
class Rising(Numbers):
    """Exact levels of shape (variants, 1), none lower than the one before."""

    def reached(self, compare: np.ufunc, figures: Numbers) -> Steps:
        """How many levels each figure compares with: reaches them (``>=``) or passes them (``>``)."""
        variants = self.low.shape[0]
        kind = counting(variants)
        can = np.add.reduce(compare(figures.high, self.low), axis=0, dtype=kind)
        if figures.exact:
            return Steps(can, can, variants)
        return Steps(can, np.add.reduce(compare(figures.low, self.low), axis=0, dtype=kind), variants)


def levels_of(value: float | np.ndarray) -> Numbers:
    """Levels as a condition takes them: rising where they are."""
    found = Numbers.exactly(value)
    column = found.low.ndim == 2 and found.low.shape[1] == 1 and found.low.shape[0] <= MOST
    return Rising(found.low, found.low) if column and bool((np.diff(found.low[:, 0]) >= 0).all()) else found
