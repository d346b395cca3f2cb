"""Dates as sources give them: a year, a month or a day, never more precise than known."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

from dualtrack.core.errors import BadInput

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_YEARS = (1900, 2199)  # what a user can mean; a year beyond is a slip of the pen
_MONTHS = tuple(calendar.month_name)


@lru_cache(maxsize=65536)
def first_day(text: str) -> date:
    """The earliest day a date of any precision can mean.

    >>> first_day("2016-05").isoformat()
    '2016-05-01'

    Raises:
        ValueError: the text is not ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` (ISO 8601).
    """
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


@lru_cache(maxsize=65536)
def last_day(text: str) -> date:
    """The latest day a date of any precision can mean.

    >>> last_day("2016-02").isoformat()
    '2016-02-29'

    Raises:
        ValueError: the text is not ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` (ISO 8601).
    """
    year, month, day = _parts(text)
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _parts(text: str) -> tuple[int, int | None, int | None]:
    match = _PARTIAL.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date")
    year, month, day = match.groups()
    date(int(year), int(month or 1), int(day or 1))  # refuses 2016-13, 2016-00 and 2015-02-29
    return int(year), int(month) if month else None, int(day) if day else None


def parse_day(text: str, name: str = "the date") -> date:
    """The day a user's date stands for: of a month or year, its last day.

    >>> parse_day("2016-05").isoformat()
    '2016-05-31'

    Raises:
        BadInput: the text is not a date.
    """
    try:
        day = last_day(text.strip())
    except ValueError:
        raise BadInput(
            f"{name} {text!r} is not a date that exists.",
            "Write a year, a month or a day: 2016, 2016-05 or 2016-05-09.",
        ) from None
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise BadInput(f"{name} {text!r} is out of range.", f"Give a year from {_YEARS[0]} to {_YEARS[1]}.")
    return day


def spell(day: date | str) -> str:
    """A date in words, as precise as it is given.

    >>> spell("2016-05"), spell("2016-05-09")
    ('May 2016', '9 May 2016')
    """
    year, month, number = _parts(day) if isinstance(day, str) else (day.year, day.month, day.day)
    words = [str(number)] if number else []
    words += [_MONTHS[month]] if month else []
    return " ".join([*words, str(year)])


def months_between(earlier: date, later: date) -> int:
    """Whole calendar months from one day to another, days of the month ignored.

    >>> months_between(date(2014, 6, 1), date(2016, 4, 20))
    22
    """
    return (later.year - earlier.year) * 12 + later.month - earlier.month
