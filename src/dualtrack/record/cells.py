"""From the text of a cell to its value, and back to a fault when it cannot be one."""

from __future__ import annotations

import re
from datetime import date
from typing import TypeAlias

from dualtrack.core.dates import first_day, last_day
from dualtrack.record.formula import plain_cell
from dualtrack.record.schema import FieldSpec

Value: TypeAlias = str | int | float | None

_CODE = re.compile(r"[A-Z]{3}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-]\d{2}:?\d{2})?")
_MOMENT = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T[0-9:]+(?:Z|[+-]\d{2}:?\d{2})?)?")


class CellError(ValueError):
    """What is wrong with a cell, and what would be right."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix


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
    if spec.type == "integer":
        return _integer(text)
    if spec.type == "number":
        return _number(text)
    if spec.is_list:
        parts = [part.strip() for part in text.split(";")]
        if "" in parts:
            raise CellError(f"{text!r} has an empty part.", "Join several values by one ; each.")
        for part in parts:
            _check(part, spec, states)
        return ";".join(parts)
    _check(text, spec, states)
    return text


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise CellError(f"{text!r} is not a whole number.", "Write digits only, such as 12700.") from None


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise CellError(f"{text!r} is not a number.", "Write it as 2.03, with a point.") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise CellError(f"{text!r} is not a finite number.", "Leave the cell empty if it is unknown.")
    return value


def _check(text: str, spec: FieldSpec, states: frozenset[str]) -> None:
    match spec.type:
        case "date":
            _date(text)
        case "moment":
            start, _, end = text.partition("/")
            found = _MOMENT.fullmatch(start)
            _date(found.group(1) if found else start)
            if end and not _CLOCK.fullmatch(end):
                found = _MOMENT.fullmatch(end)
                _date(found.group(1) if found else end)
        case "state" | "states":
            if "*" not in spec.also and text not in states and text not in spec.also:
                shape = "" if _CODE.fullmatch(text) else " Codes are ISO 3166-1 alpha-3, such as EST."
                allowed = f" Also allowed here: {', '.join(spec.also)}." if spec.also else ""
                raise CellError(f"{text!r} is not a state of the record.", f"{shape}{allowed}".strip())
        case "code" | "codes":
            if spec.values and text not in spec.values:
                raise CellError(f"{text!r} is not one of this column's codes.", f"Use {', '.join(spec.values)}.")
        case "id" | "ref" | "sources":
            if not _ID.fullmatch(text):
                raise CellError(f"{text!r} is not an id.", "Use letters, digits and . _ + - only, no spaces.")
        case "url":
            if not text.startswith(("https://", "http://")):
                raise CellError(f"{text!r} is not a web address.", "Give the full address, http or https only.")
        case _:
            pass


def _date(text: str) -> date:
    try:
        return last_day(text)
    except ValueError:
        raise CellError(
            f"{text!r} is not a date that exists.", "Write 2016, 2016-05 or 2016-05-09 (ISO 8601)."
        ) from None


def last_moment(text: str) -> date:
    """The last day a date, a time or an interval with a slash can mean."""
    start, _, end = text.partition("/")
    found = _MOMENT.fullmatch(start if not end or _CLOCK.fullmatch(end) else end)
    return last_day(found.group(1) if found else text)


def first_moment(text: str) -> date:
    """The first day a date, a time or an interval with a slash can mean."""
    found = _MOMENT.fullmatch(text.split("/")[0])
    return first_day(found.group(1) if found else text)
