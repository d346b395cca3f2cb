"""Three-valued answers (Kleene's strong logic): yes, no, and unknown, which is not no."""

from __future__ import annotations

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
