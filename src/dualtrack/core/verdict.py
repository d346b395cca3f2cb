"""The words of a verdict on a claim, and how verdicts under several readings become one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What the record says of a claim. There is no other word, in any output."""

    SUPPORTED = "supported"
    MOSTLY = "mostly supported"
    DEPENDS = "depends on the reading"
    CONTRADICTED = "contradicted"
    CANNOT_TELL = "cannot tell"

    @property
    def holds(self) -> bool:
        """Whether the claim holds, wholly or mostly."""
        return self in (Verdict.SUPPORTED, Verdict.MOSTLY)


def agreed(verdicts: Iterable[Verdict]) -> Verdict:
    """The one verdict over readings: the one they share, else that it depends; of no reading it cannot be told.

    >>> agreed([Verdict.SUPPORTED, Verdict.SUPPORTED]).value, agreed([Verdict.SUPPORTED, Verdict.CANNOT_TELL]).value
    ('supported', 'depends on the reading')
    """
    found = set(verdicts)
    if not found:
        return Verdict.CANNOT_TELL
    return found.pop() if len(found) == 1 else Verdict.DEPENDS
