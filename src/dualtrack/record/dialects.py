"""Numbers and dates as other programs and countries write them, and how to write them here."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ ,.'’\u00a0\u202f]\d{3})+")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})(?:[./-](\d{1,2}))?")
_CLOCKED = re.compile(r"(\d{4}-\d{2}-\d{2})[ T][\d:.]+Z?")
_WORDS = re.compile(r"(?:(\d{1,2})\.? )?([A-Za-z]{3,})\.? (\d{4})|([A-Za-z]{3,})\.? (\d{1,2}), (\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIAL = re.compile(r"[2-6]\d{4}")  # the day numbers of a spreadsheet between 1954 and 2091
_DAY_ZERO = date(1899, 12, 30)


def whole_number(text: str) -> str:
    """The digits of a number whose thousands are set apart, else nothing.

    >>> whole_number("12,700"), whole_number("12.5")
    ('12700', '')
    """
    return re.sub(r"[^\d+-]", "", text) if _GROUPED.fullmatch(text) else ""


def number(text: str) -> str:
    """A number with a comma for its point, a sign of percent or its thousands set apart, as it is written here.

    >>> number("2,03"), number("2.03 %"), number("12 700"), number("about two")
    ('2.03', '2.03', '12700', '')
    """
    bare = text.removesuffix("%").strip()
    if _COMMA.fullmatch(bare):
        return bare.replace(",", ".")
    return whole_number(bare) or (bare if bare != text and re.fullmatch(r"[+-]?\d+(\.\d+)?", bare) else "")


def dates(text: str) -> list[str]:
    """The dates a text may mean, the likelier first; none where it is no date at all.

    >>> dates("9.5.2016"), dates("9/5/2016"), dates("13/05/2016"), dates("9 May 2016"), dates("42499")
    (['2016-05-09'], ['2016-05-09', '2016-09-05'], ['2016-05-13'], ['2016-05-09'], ['2016-05-09'])
    """
    if match := _NUMBERS.fullmatch(text):
        a, mark, b, year = match.groups()
        found = [_date(year, b, a), *([_date(year, a, b)] if mark != "." else [])]
    elif match := _YEAR_FIRST.fullmatch(text):
        found = [_date(*match.groups())]
    elif match := _CLOCKED.fullmatch(text):
        found = [_date(*match.group(1).split("-"))]
    elif match := _WORDS.fullmatch(text):
        day, word, year, first, number_, last = match.groups()
        name = (word or first)[:3].casefold()
        month = str(_MONTHS.index(name) + 1) if name in _MONTHS else "0"
        found = [_date(year or last, month, day or number_)]
    elif _SERIAL.fullmatch(text):
        found = [(_DAY_ZERO + timedelta(int(text))).isoformat()]
    else:
        return []
    return [day for day in dict.fromkeys(found) if day]


def _date(year: str, month: str, day: str | None) -> str:
    """ISO 8601, or nothing if there is no such day."""
    with suppress(ValueError):
        made = date(int(year), int(month), int(day or 1)).isoformat()
        return made if day else made[:7]
    return ""
