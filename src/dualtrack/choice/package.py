"""Packages: what the alliance does in every quarter, and the 48 that the model compares."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from dualtrack.choice.parameters import Floats

PRESENCES = (0.0, 1 / 3, 2 / 3, 1.0)
"""Share of full presence: none, four battalions, three brigades, seven brigades (the scale's ends and steps: ours)."""

DIALOGUES = (0.0, 0.5, 1.0)
"""Share of full dialogue."""


class Package(NamedTuple):
    """Presence and dialogue between 0 and 1; public explanation and a multinational umbrella 0 or 1."""

    presence: float
    dialogue: float
    explain: float
    multinational: float


PACKAGES: tuple[Package, ...] = tuple(
    Package(*levels) for levels in product(PRESENCES, DIALOGUES, (0.0, 1.0), (0.0, 1.0))
)
"""All 48, presence slowest and multinational fastest."""


def as_array(packages: Sequence[Package]) -> Floats:
    """Packages as an array of shape (packages, 4)."""
    return np.array(packages, dtype=np.float64).reshape(-1, 4)
