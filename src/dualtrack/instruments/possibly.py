"""Answers over many rows at once that may be unknown: whether each can be yes, and whether each can be no."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dualtrack.core.ternary import Ternary

Flags = NDArray[np.bool_]


class Possibly:
    """Kleene's strong logic on arrays: ``yes`` where the answer can be yes, ``no`` where it can be no.

    Both are true where it is unknown. Shapes are the same, or broadcast: rows last, variants of levels first.

    Args:
        yes: where the answer can be yes.
        no: where it can be no; left out where every answer is known. It is then the opposite of ``yes``, and worked
            out only when somebody asks, which halves the work on exact figures.
    """

    __match_args__ = ("yes", "no")
    __slots__ = ("_no", "yes")

    def __init__(self, yes: Flags, no: Flags | None = None) -> None:
        self.yes = yes
        self._no = no

    @classmethod
    def always(cls, answer: bool) -> Possibly:
        """The same answer for every row, as an array without a dimension."""
        return cls(np.array(answer))

    @classmethod
    def all_of(cls, answers: Iterable[Possibly]) -> Possibly:
        """Yes where all are. The order makes no difference, so small arrays are joined before they meet large ones."""
        return _folded(list(answers), np.logical_and, np.logical_or)

    @classmethod
    def any_of(cls, answers: Iterable[Possibly]) -> Possibly:
        """Yes where one is."""
        return _folded(list(answers), np.logical_or, np.logical_and)

    @property
    def no(self) -> Flags:
        """Where the answer can be no."""
        return ~self.yes if self._no is None else self._no

    @property
    def known(self) -> bool:
        """Whether every answer is plainly known, without looking at each."""
        return self._no is None

    def __and__(self, other: Possibly) -> Possibly:
        return Possibly(self.yes & other.yes, None if self.known and other.known else self.no | other.no)

    def __or__(self, other: Possibly) -> Possibly:
        return Possibly(self.yes | other.yes, None if self.known and other.known else self.no & other.no)

    def __invert__(self) -> Possibly:
        return Possibly(~self.yes) if self.known else Possibly(self.no, self.yes)

    def __repr__(self) -> str:
        return f"Possibly({self.yes!r}, {self.no!r})"

    def unless_unknown(self, doubt: Possibly) -> Possibly:
        """Unknown wherever the doubt may hold."""
        return Possibly(self.yes | doubt.yes, self.no | doubt.yes)

    @property
    def surely(self) -> Flags:
        """Where the answer is yes."""
        return self.yes if self._no is None else self.yes > self._no

    @property
    def never(self) -> Flags:
        """Where the answer is no."""
        return ~self.yes

    def at(self, *place: int) -> Ternary:
        """The answer at one place."""
        if not bool(self.yes[place]):
            return Ternary.NO
        return Ternary.UNKNOWN if self._no is not None and bool(self._no[place]) else Ternary.YES

    def part(self, rows: slice) -> Possibly:
        """The answers for some of the rows."""
        return Possibly(self.yes[..., rows], None if self._no is None else self._no[..., rows])

    def over(self, shape: tuple[int, ...]) -> Possibly:
        """The same answers in the shape given."""
        no = None if self._no is None else np.broadcast_to(self._no, shape)
        return Possibly(np.broadcast_to(self.yes, shape), no)


def _folded(answers: list[Possibly], on_yes: np.ufunc, on_no: np.ufunc) -> Possibly:
    answers.sort(key=lambda answer: answer.yes.size)
    known = all(answer.known for answer in answers)
    return Possibly(
        _fold([answer.yes for answer in answers], on_yes),
        None if known else _fold([answer.no for answer in answers], on_no),
    )


def _fold(flags: list[Flags], join: np.ufunc) -> Flags:
    """One array after the other joined into the first result, which nobody else holds."""
    found, *rest = flags
    own = False
    for other in rest:
        fits = own and found.shape == other.shape
        found = join(found, other, out=found if fits else None)
        own = True
    return found
