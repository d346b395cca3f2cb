"""Answers over many rows at once that may be unknown: whether each can be yes, and whether each can be no."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualtrack.core.ternary import Ternary

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Possibly:
    """Kleene's strong logic on arrays: ``yes`` where the answer can be yes, ``no`` where it can be no.

    Both are true where it is unknown. Shapes are the same, or broadcast: rows last, variants of levels first.
    """

    yes: Flags
    no: Flags

    @classmethod
    def always(cls, answer: bool) -> Possibly:
        """The same answer for every row, as arrays without a dimension."""
        return cls(np.array(answer), np.array(not answer))

    def __and__(self, other: Possibly) -> Possibly:
        return Possibly(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Possibly) -> Possibly:
        return Possibly(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> Possibly:
        return Possibly(self.no, self.yes)

    def unless_unknown(self, doubt: Possibly) -> Possibly:
        """Unknown wherever the doubt may hold."""
        return Possibly(self.yes | doubt.yes, self.no | doubt.yes)

    @property
    def surely(self) -> Flags:
        """Where the answer is yes."""
        return self.yes & ~self.no

    @property
    def never(self) -> Flags:
        """Where the answer is no."""
        return self.no & ~self.yes

    def at(self, *place: int) -> Ternary:
        """The answer at one place."""
        if not bool(self.yes[place]):
            return Ternary.NO
        return Ternary.UNKNOWN if bool(self.no[place]) else Ternary.YES

    def over(self, shape: tuple[int, ...]) -> Possibly:
        """The same answers in the shape given."""
        return Possibly(np.broadcast_to(self.yes, shape), np.broadcast_to(self.no, shape))
