"""From the text of a cell to its value, and back to a fault when it cannot be one."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from dualtrack.core.dates import first_day, last_day
from dualtrack.record import dialects
from dualtrack.record.formula import plain_cell
from dualtrack.record.schema import FieldSpec

Value: TypeAlias = str | int | float | None

_CODE = re.compile(r"[A-Z]{3}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-][0-9]{2}:?[0-9]{2})?")
_DAY = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:T.*)?")
_URL = re.compile(r"https?://\S+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LARGEST = 2**63
_SHOWN = 60  # characters of a cell that a message repeats


class CellError(ValueError):
    """What is wrong with a cell, and what would be right; ``part`` is the code that is not known, if that is it."""

    def __init__(self, problem: str, fix: str, part: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix
        self.part = part


def parse(text: str, spec: FieldSpec, states: frozenset[str]) -> Value:
    """The value of a cell: an empty cell is unknown (None), never zero or no; see ``formula`` for a leading quote.

    Args:
        text: the cell as written.
        spec: the column's declaration.
        states: the state codes known to the record.

    Raises:
        CellError: the text cannot be a value of this column.
    """
    text = plain_cell(text.strip())
    if not text:
        if spec.required:
            raise CellError("The cell is empty, and this column is required.", f"Fill in: {spec.about}")
        return None
    if _CONTROL.search(text):
        raise CellError(f"{_quoted(text)} holds a control character.", "Remove it.")
    if spec.type in ("integer", "number"):
        return _bounded(_integer(text) if spec.type == "integer" else _number(text), text, spec)
    if spec.is_list:
        parts = [part.strip() for part in text.split(";")]
        if "" in parts:
            raise CellError(f"{_quoted(text)} has an empty part.", "Join several values by one ; each.")
        for part in parts:
            _check(part, spec, states)
        return ";".join(parts)
    _check(text, spec, states)
    return text


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…")


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        fix = f"Write {meant}, digits only." if (meant := dialects.whole_number(text)) else _DIGITS
        raise CellError(f"{_quoted(text)} is not a whole number.", fix)
    if len(text) > 20 or not -_LARGEST <= int(text) < _LARGEST:
        raise CellError(f"{_quoted(text)} is too large.", "Check the number of digits.")
    return int(text)


_DIGITS = "Write digits only, such as 12700."


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        meant = dialects.number(text)
        fix = f"Write {meant}, with a point." if "." in meant else f"Write {meant}." if meant else _POINT
        raise CellError(f"{_quoted(text)} is not a number.", fix)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise CellError(f"{_quoted(text)} is not a finite number.", "Leave the cell empty if it is unknown.")
    return value


_POINT = "Write it as 2.03, with a point."


def _bounded(value: float, text: str, spec: FieldSpec) -> float:
    low, high = spec.bounds
    if not low <= value <= high:
        wrong = f"below {low:g}" if value < low else f"above {high:g}"
        raise CellError(f"{_quoted(text)} is {wrong}, which cannot be.", f"It holds: {spec.about}")
    return value


def _check(text: str, spec: FieldSpec, states: frozenset[str]) -> None:
    match spec.type:
        case "date":
            _date(text)
        case "moment":
            _moment(text)
        case "state" | "states":
            if "*" not in spec.also and text not in states and text not in spec.also:
                add, shape = "Correct it, or add it to states.", "Codes are ISO 3166-1 alpha-3, such as EST."
                fix = add if _CODE.fullmatch(text) else shape
                allowed = f" Also allowed here: {', '.join(spec.also)}." if spec.also else ""
                raise CellError(f"{_quoted(text)} is not a state of the record.", f"{fix}{allowed}", text)
        case "code" | "codes":
            if spec.values and text not in spec.values:
                known = ", ".join(spec.values)
                raise CellError(f"{_quoted(text)} is not one of this column's codes.", f"Use {known}.", text)
        case "id" | "ref" | "sources":
            if not _ID.fullmatch(text):
                raise CellError(f"{_quoted(text)} is not an id.", "Use letters, digits and . _ + - only, no spaces.")
        case "url":
            if not _URL.fullmatch(text):
                raise CellError(f"{_quoted(text)} is not a web address.", "Give the full address, http or https only.")
        case _:
            pass


def _date(text: str) -> date:
    try:
        return last_day(text)
    except ValueError:
        meant = dialects.dates(text)
        whichever = ", whichever is meant" if len(meant) > 1 else ""
        if meant:
            fix = f"Write {' or '.join(meant)}{whichever}."
            raise CellError(f"{_quoted(text)} is not how a date is written here.", fix) from None
        raise CellError(
            f"{_quoted(text)} is not a date that exists.", "Write 2016, 2016-05 or 2016-05-09 (ISO 8601)."
        ) from None


def _moment(text: str) -> None:
    start, slash, end = text.partition("/")
    _time(start)
    if slash and not end:
        raise CellError(f"{_quoted(text)} has an open end.", "Write the end, or leave out the slash.")
    if end[2:3] == ":":
        _clock(end, end)
    elif end:
        _time(end)
        if first_moment(text) > last_moment(text):
            raise CellError(f"{_quoted(text)} ends before it begins.", "Swap the two.")


def _time(text: str) -> None:
    day, mark, clock = text.partition("T")
    _date(text if mark and len(day) < len("2016-05-09") else day)
    if mark:
        _clock(clock, text)


def _clock(text: str, shown: str) -> None:
    if not _CLOCK.fullmatch(text):
        raise CellError(
            f"{_quoted(shown)} is not a time that exists.", "Write it as 2016-05-09T10:15, or with Z or +02:00."
        )


@lru_cache(maxsize=65536)
def last_moment(text: str) -> date:
    """The last day a date, a time or an interval with a slash can mean."""
    start, _, end = text.partition("/")
    return last_day(_day(start if not end or end[2:3] == ":" else end))


@lru_cache(maxsize=65536)
def first_moment(text: str) -> date:
    """The first day a date, a time or an interval with a slash can mean."""
    return first_day(_day(text.partition("/")[0]))


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    return found.group(1) if found else text
