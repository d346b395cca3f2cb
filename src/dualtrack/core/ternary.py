"""Three-valued answers (Kleene's strong logic): yes, no, and unknown, which is not no."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Ternary(StrEnum):
    """An answer that may be unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def at_least(low: float, high: float, threshold: float) -> Ternary:
    """Whether a figure between ``low`` and ``high`` reaches the threshold (levels are inclusive).

    >>> at_least(1.95, 2.05, 2.0).value
    'unknown'
    """
    if low >= threshold:
        return Ternary.YES
    return Ternary.NO if high < threshold else Ternary.UNKNOWN


_RANK = {Ternary.NO: 0, Ternary.UNKNOWN: 1, Ternary.YES: 2}


def every(answers: Iterable[Ternary]) -> Ternary:
    """Whether all of them hold; of none, yes.

    >>> every([Ternary.YES, Ternary.UNKNOWN]).value, every([Ternary.UNKNOWN, Ternary.NO]).value
    ('unknown', 'no')
    """
    return min(answers, key=_RANK.__getitem__, default=Ternary.YES)


def some(answers: Iterable[Ternary]) -> Ternary:
    """Whether any of them holds; of none, no.

    >>> some([Ternary.NO, Ternary.UNKNOWN]).value, some([Ternary.UNKNOWN, Ternary.YES]).value
    ('unknown', 'yes')
    """
    return max(answers, key=_RANK.__getitem__, default=Ternary.NO)
