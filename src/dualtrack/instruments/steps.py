"""Answers at rising levels as numbers: at how many of them, from the lowest up, the answer is still yes.

A figure that reaches a level reaches every lower one. So an answer over twenty rising levels needs no twenty flags for
each row but one number, *and* is the smaller of two numbers, *or* the larger. What this cannot say (a negation, levels
in another order) is spread into flags and goes on as flags, so that the answers are the same either way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from dualtrack.instruments.possibly import Flags, Possibly

Counts = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True)
class Steps:
    """At how many of the lowest levels the answer can be yes, and at how many it is; one array where all is known."""

    can: Counts
    surely: Counts
    variants: int

    @classmethod
    def of(cls, answer: Possibly, variants: int) -> Steps:
        """The same answer at every level."""
        can = _times(answer.yes, variants)
        return cls(can, can if answer.known else _times(answer.surely, variants), variants)

    @property
    def known(self) -> bool:
        """Whether every answer is plainly known, without looking at each."""
        return self.surely is self.can

    def spread(self, yes: Flags | None = None, no: Flags | None = None) -> Possibly:
        """The answers as flags of shape (variants, rows), put into arrays where they are given."""
        ranks = np.arange(self.variants, dtype=self.can.dtype)[:, None]
        can = np.greater(self.can, ranks, out=yes)
        return Possibly(can, None if self.known else np.less_equal(self.surely, ranks, out=no))

    def part(self, rows: slice) -> Steps:
        """The answers for some of the rows."""
        can = self.can[rows]
        return Steps(can, can if self.known else self.surely[rows], self.variants)

    def joined(self, other: Steps, join: np.ufunc) -> Steps:
        """The smaller or the larger number of each."""
        can = join(self.can, other.can)
        return Steps(can, can if self.known and other.known else join(self.surely, other.surely), self.variants)


Answer = Possibly | Steps
MOST = int(np.iinfo(np.uint16).max)
"""The most levels that can be counted."""


def spread(answer: Answer) -> Possibly:
    """An answer as flags."""
    return answer.spread() if isinstance(answer, Steps) else answer


def negated(answer: Answer) -> Possibly:
    """The opposite answer."""
    return ~spread(answer)


def all_of(answers: Sequence[Answer]) -> Answer:
    """Yes where all are."""
    return _joined(answers, Possibly.all_of, np.minimum)


def any_of(answers: Sequence[Answer]) -> Answer:
    """Yes where one is."""
    return _joined(answers, Possibly.any_of, np.maximum)


def _joined(answers: Sequence[Answer], flags: Callable[[list[Possibly]], Possibly], join: np.ufunc) -> Answer:
    steps = [answer for answer in answers if isinstance(answer, Steps)]
    plain = [answer for answer in answers if isinstance(answer, Possibly)]
    if not steps or len({s.variants for s in steps}) > 1 or any(answer.yes.ndim > 1 for answer in plain):
        return flags([spread(answer) for answer in answers])
    if plain:
        steps.append(Steps.of(flags(plain), steps[0].variants))
    return reduce(lambda a, b: a.joined(b, join), steps)


def counting(variants: int) -> type[np.uint8] | type[np.uint16]:
    """The smallest kind of number that counts so many levels."""
    return np.uint8 if variants <= np.iinfo(np.uint8).max else np.uint16


def _times(flags: Flags, variants: int) -> Counts:
    kind = counting(variants)
    found: Counts = np.multiply(flags, kind(variants), dtype=kind)
    return found
