"""In what share of worlds a package is good enough, by thresholds on its outcomes (Simon 1956; Starr 1963)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.estimate import Estimate, share_of
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.parameters import Floats
from dualtrack.choice.regret import ranking
from dualtrack.choice.scenario import Enough


@dataclass(frozen=True)
class Domain:
    """Where packages are good enough: share of worlds of each, in which any is, and the leaders.

    ``leaders``: the packages whose domains cannot be told apart from the largest.
    """

    names: tuple[str, ...]
    shares: tuple[Estimate, ...]
    any: Estimate
    leaders: tuple[str, ...]


def domains(outcomes: Floats, enough: Mapping[str, Enough], names: Sequence[str]) -> Domain:
    """In what share of worlds each package is good enough; see ``good_enough``."""
    kept = good_enough(outcomes, enough)
    return Domain(
        tuple(names),
        tuple(map(share_of, kept.T)),
        share_of(np.asarray(kept.any(axis=1))),
        tuple(ranking(kept.astype(np.float64), names)[0]),
    )


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
