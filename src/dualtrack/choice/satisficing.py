"""In what share of worlds a package is good enough, by thresholds on its outcomes (Simon 1956; Starr 1963)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.parameters import Floats
from dualtrack.choice.scenario import Enough


def good_enough(outcomes: Floats, enough: Mapping[str, Enough]) -> NDArray[np.bool_]:
    """Whether every threshold is kept, shape (worlds, packages); at a threshold is kept.

    Args:
        outcomes: shape (worlds, packages, 6).
        enough: thresholds by outcome; with none everything is good enough.
    """
    kept = np.ones(outcomes.shape[:2], dtype=bool)
    for name, asked in enough.items():
        found = outcomes[:, :, OUTCOMES.index(name)]
        if asked.at_most is not None:
            kept &= found <= asked.at_most
        if asked.at_least is not None:
            kept &= found >= asked.at_least
    return kept
