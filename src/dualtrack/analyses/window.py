"""A stretch of time a user asks for, and how far a table was collected inside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dualtrack.core.dates import first_day, last_day, spell
from dualtrack.core.errors import BadInput
from dualtrack.core.ternary import Ternary
from dualtrack.record.schema import Extent, TableSpec


@dataclass(frozen=True)
class Window:
    """From the first day of ``since`` to the last day of ``until``; either end may be open (empty)."""

    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, since: str | None, until: str | None) -> Window:
        """The window between two dates of any precision.

        Raises:
            BadInput: one of them is not a date, or they stand in the wrong order.
        """
        window = cls(_date(since, "since"), _date(until, "until"))
        if window.since and window.until and first_day(window.since) > last_day(window.until):
            raise BadInput(f"since={since} is after until={until}.", "Swap them.")
        return window

    @property
    def first(self) -> date:
        """The first day of the window."""
        return first_day(self.since) if self.since else date.min

    @property
    def last(self) -> date:
        """The last day of the window."""
        return last_day(self.until) if self.until else date.max

    def holds(self, text: str) -> Ternary:
        """Whether a date lies in the window; unknown where its precision leaves that open.

        >>> Window("2016-03", "2016").holds("2016").value, Window("2016-03", "2016").holds("2016-04").value
        ('unknown', 'yes')
        """
        first, last = first_day(text), last_day(text)
        if last < self.first or first > self.last:
            return Ternary.NO
        return Ternary.YES if self.first <= first and last <= self.last else Ternary.UNKNOWN

    def words(self, day: date) -> str:
        """The window in words, ending on the as-of day unless it ends before.

        >>> Window("2014").words(date(2016, 5, 9)), Window("2015", "2015").words(date(2016, 5, 9))
        ('from 2014 to 9 May 2016', 'in 2015')
        >>> Window("2017").words(date(2016, 5, 9))
        'from 2017 on, after 9 May 2016,'
        """
        if self.first > day:
            return f"from {spell(self.since)} on, after {spell(day)},"
        ended = bool(self.until) and self.last <= day
        if ended and self.since == self.until:
            return f"{'on' if self.first == self.last else 'in'} {spell(self.since)}"
        end = spell(self.until) if ended else spell(day)
        return f"from {spell(self.since)} to {end}" if self.since else f"up to {end}"


def _date(text: str | None, name: str) -> str:
    try:
        if text:
            first_day(text.strip())
    except ValueError:
        raise BadInput(
            f"{name}={text} is not a date that exists.", "Write a year, a month or a day: 2016, 2016-05 or 2016-05-09."
        ) from None
    return (text or "").strip()


def extent(spec: TableSpec, part: str = "") -> Extent | None:
    """How far a part of a table was collected, or None where the schema does not say."""
    return next((found for found in spec.complete if found.part == part), None)


def beyond(window: Window, day: date, found: Extent) -> list[str]:
    """What of the window up to the day lies outside the collection, in words; outside is not zero."""
    said = []
    if window.since and found.complete_from and window.first < first_day(found.complete_from):
        said.append(f"before {spell(found.complete_from)}")
    if found.complete_to and min(window.last, day) > last_day(found.complete_to):
        said.append(f"after {spell(found.complete_to)}")
    return said
