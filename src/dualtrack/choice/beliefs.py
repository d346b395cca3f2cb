"""Beliefs that the adversary is greedy: Bayes' rule on log-odds, and a grid with linear interpolation.

The grid is even in log-odds from -8 to 8, with 0 and 1 added: beliefs near 0 and 1 matter, as a challenge costs much
(measured on 32 worlds against an even grid in b: ninth decile of the gap 1.0 against 3.7 % at 33 points).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import BadInput

REACH = 8.0
"""Log-odds of the outermost beliefs short of 0 and 1."""

GRIDS = (17, 33, 65, 129, 257)
"""Sizes of the grids that bounds are refined over."""


@dataclass(frozen=True)
class Grid:
    """Beliefs, ascending: 0, then even in log-odds, then 1.

    ``beliefs``, ``odds``: shape (n,); the log-odds of 0 and 1 are infinite. ``step``: between log-odds.
    """

    beliefs: Floats
    odds: Floats
    step: float

    def __len__(self) -> int:
        return len(self.beliefs)

    def weights(self, size: Floats) -> tuple[np.ndarray, Floats]:
        """For each belief in an array: the grid point at or below it (short of the last) and how far towards the next.

        Raises:
            BadInput: a belief outside [0, 1].
        """
        wanted = checked(size)
        below = np.clip(np.searchsorted(self.beliefs, wanted, side="right") - 1, 0, len(self) - 2)
        low, high = self.beliefs[below], self.beliefs[below + 1]
        return below, (wanted - low) / (high - low)


@lru_cache(maxsize=16)
def grid(size: int) -> Grid:
    """The grid of a size.

    Raises:
        BadInput: fewer than 5 points.
    """
    if size < 5:
        raise BadInput(f"A belief grid of {size} points is too small.", "Give at least 5, for example 65.")
    step = 2 * REACH / (size - 3)
    inner = -REACH + step * np.arange(size - 2)
    odds = np.concatenate([[-np.inf], inner, [np.inf]])
    beliefs = np.concatenate([[0.0], 1 / (1 + np.exp(-inner)), [1.0]])
    for array in (odds, beliefs):
        array.flags.writeable = False  # one grid serves every caller
    return Grid(beliefs, odds, step)


def checked(beliefs: Floats | float) -> Floats:
    """Beliefs as an array.

    Raises:
        BadInput: one of them is not in [0, 1].
    """
    wanted = np.asarray(beliefs, dtype=np.float64)
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise BadInput("A belief must lie between 0 and 1.", "Give the probability that the other side is greedy.")
    return wanted


def updated(belief: Floats, greedy: Floats, seeking: Floats) -> Floats:
    """b' = b P(o|G) / (b P(o|G) + (1-b) P(o|S)); the belief itself where what is observed is impossible.

    Args:
        belief: P(greedy).
        greedy, seeking: probability of what was observed if the adversary is greedy or security seeking.
    """
    chance = belief * greedy + (1 - belief) * seeking
    return np.divide(belief * greedy, chance, out=np.array(np.broadcast_to(belief, chance.shape)), where=chance > 0)
