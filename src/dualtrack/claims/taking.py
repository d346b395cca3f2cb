"""Which value of a finding a claim is held against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from dualtrack.claims.values import Answered, Members, Series, Span, Value, Word
from dualtrack.core.errors import BadInput
from dualtrack.core.expression import parse
from dualtrack.core.finding import Answer, Figure
from dualtrack.core.interval import Interval
from dualtrack.core.ternary import Ternary
from dualtrack.record.condition import condition

Of = Literal["only", "max", "min", "sum", "count", "list", "set"]

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(/.*)?")
_SIGNED = re.compile(r"[+-]\d+(\.\d+)?", re.ASCII)
_ROWS = "rows"


class Take(BaseModel):
    """The answer itself, or a figure behind it, or one value of one of its tables.

    ``figure``: role or label of a part, or a code with a figure; two of them are divided. ``table``: the title of a
    table of the finding, or ``rows`` for its answer; ``where`` selects rows of it; ``column`` holds the value, two
    columns its low and high bound; ``of`` makes one value of several rows; ``by`` is the column that dates a list.
    ``unit`` is that of a figure which the finding gives without one, such as a share of a poll.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    figure: str | tuple[str, str] | None = None
    table: str | None = None
    where: str = ""
    column: str | tuple[str, str] | None = None
    of: Of | None = None
    by: str | None = None
    unit: str = ""

    @field_validator("where")
    @classmethod
    def _where_is_a_condition(cls, value: str) -> str:
        if value:
            try:
                parse(value, "where")
            except BadInput as error:
                raise ValueError(f"{error.problem} {error.fix}") from None
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Take:
        if self.figure is not None and (self.table or self.where or self.column or self.of or self.by):
            raise ValueError("figure stands alone")
        if self.table is None and (self.where or self.column or self.by):
            raise ValueError("where, column and by need a table")
        if self.table is None and self.of not in (None, "count"):
            raise ValueError(f"of: {self.of} needs a table and a column")
        if self.table is not None and self.column is None and self.of != "count":
            raise ValueError("a table needs the column to take, or of: count")
        if (self.of == "list") != (self.by is not None):
            raise ValueError("of: list and by (the column that dates it) belong together")
        return self


class NothingToTake(BadInput):
    """The finding does not hold what the claim asks of it."""


def take(what: Take, answer: Answer, parts: Sequence[Figure], counts_all: bool, where: str) -> Value:
    """The value a claim is held against.

    Args:
        what: what to take.
        answer: the answer under one reading.
        parts: the figures it is computed from.
        counts_all: whether a number of rows is the number there are; else it is a lower bound.
        where: what to call the claim in messages.

    Raises:
        NothingToTake: the finding has no such figure, table, column or row, or several rows where one is meant.
    """
    value = _taken(what, answer, parts, counts_all, where)
    if isinstance(value, Span) and what.unit and not value.unit and str(value) != "unknown":
        return replace(value, unit=what.unit)
    return value


def _taken(what: Take, answer: Answer, parts: Sequence[Figure], counts_all: bool, where: str) -> Value:
    if what.figure is not None:
        names = [what.figure] if isinstance(what.figure, str) else list(what.figure)
        found = [_figure(name, answer, parts, where) for name in names]
        return found[0] if len(found) == 1 else _ratio(found[0], found[1])
    if what.table is not None:
        return _of_table(what, answer, counts_all, where)
    if what.of == "count":
        return _count(answer, counts_all, where)
    return _whole(answer, where)


def _whole(answer: Answer, where: str) -> Value:
    unit = answer.unit or ""
    match answer.kind:
        case "number" | "interval":
            single = answer.value if answer.best is None else answer.best
            best = float(single) if isinstance(single, (int, float)) else None
            if answer.low is answer.high is None and answer.why_unknown is None:
                return Span(best, best, best, unit)
            return Span(answer.low, answer.high, best, unit)
        case "set" if answer.value is not None:
            return Members(frozenset(answer.value), frozenset(answer.unknown))
        case "three_valued" if answer.value is not None:
            return Answered(Ternary(answer.value))
        case "table":
            raise NothingToTake(
                f"{where}: the finding is a table.", "Say in take which value of it: table, column, of."
            )
        case _:
            raise NothingToTake(f"{where}: {answer.why_unknown or 'the finding has no single answer'}.")


def _count(answer: Answer, counts_all: bool, where: str) -> Value:
    if answer.value is None or answer.kind not in ("set", "table"):
        raise NothingToTake(f"{where}: there is nothing to count in this finding.", "Leave of: count out.")
    known, most = len(answer.value), len(answer.value) + len(answer.unknown)
    exact = counts_all or answer.kind == "set"
    return Span(known, most if exact else None, known, answer.unit or "")


def _figure(name: str, answer: Answer, parts: Sequence[Figure], where: str) -> Span:
    found = [part for part in parts if name in (part.role, part.label)]
    if found:
        total = Interval.exactly(0)
        for part in found:
            total = total.plus(Interval(part.low, part.high, part.best))
        return Span(total.low, total.high, total.best, found[0].unit or "")
    if answer.figures and name in answer.figures:
        unit = answer.unit if answer.kind in ("number", "interval") else ""  # of a set or table it says what is listed
        return Span.exactly(answer.figures[name], unit or "")
    known = [part.role or part.label for part in parts] + list(answer.figures or ())
    raise NothingToTake(f"{where}: the finding has no figure {name!r}.", f"Figures: {', '.join(known) or 'none'}.")


def _ratio(above: Span, below: Span) -> Span:
    ratio = Interval(above.low, above.high, above.best).per(Interval(below.low, below.high, below.best))
    return Span(ratio.low, ratio.high, ratio.best, "times")


def _of_table(what: Take, answer: Answer, counts_all: bool, where: str) -> Value:
    sure, maybe = _rows(what, answer, where)
    if what.of == "count":
        most = len(sure) + len(maybe)
        return Span(len(sure), most if counts_all else None, len(sure), "rows" if what.table == _ROWS else "")
    if not sure:
        raise NothingToTake(f"{where}: no row of {what.table!r} fits {what.where or 'it'}.", _titles(answer))
    names = [what.column] if isinstance(what.column, str) else list(what.column or ())
    cells = [_cell([row[name] for name in names]) for row in sure]
    if what.of == "list":
        days = [(str(row[what.by or ""]), cell) for row, cell in zip(sure, cells, strict=True)]
        dated = [(day, cell if isinstance(cell, Span) else Span(None, None)) for day, cell in days if _DATE.match(day)]
        return Series(tuple(sorted(dated, key=lambda item: item[0])))
    if what.of == "set":
        return Members(frozenset(code for cell in cells for code in _codes(cell)))
    if what.of in (None, "only"):
        known = list(dict.fromkeys(cell for cell in cells if cell is not None))
        if len(known) > 1:
            raise NothingToTake(
                f"{where}: {len(sure)} rows of {what.table!r} fit, with different values.",
                "Narrow where, or say in of what to make of them: max, min, sum, count, list, set.",
            )
        return known[0] if known else Span(None, None)
    return _folded(what.of, cells)


def _rows(what: Take, answer: Answer, where: str) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The rows a claim selects, and those of which it cannot be told."""
    table = answer.value if what.table == _ROWS and answer.kind == "table" else answer.summary.get(what.table or "")
    if table is None:
        raise NothingToTake(f"{where}: the finding has no table {what.table!r}.", _titles(answer))
    names = [what.column] if isinstance(what.column, str) else list(what.column or ())
    for name in [*names, *([what.by] if what.by else [])]:
        if table and name not in table[0]:
            raise NothingToTake(f"{where}: {what.table!r} has no column {name!r}.", f"Columns: {', '.join(table[0])}.")
    if not what.where:
        return list(table), []
    columns = table[0] if table else {}
    dates = frozenset(
        name for name in columns
        if (cells := [row[name] for row in table if row[name] is not None])
        and all(isinstance(cell, str) and _DATE.fullmatch(cell) for cell in cells)
    )  # fmt: skip
    test = condition(what.where, dates, f"{where}, take.where")
    found = [(row, test(row)) for row in table]
    return [row for row, holds in found if holds], [row for row, holds in found if holds is None]


def _titles(answer: Answer) -> str:
    titles = [*([_ROWS] if answer.kind == "table" else []), *answer.summary]
    return f"Tables: {', '.join(titles)}." if titles else "It has no tables."


def _cell(values: Sequence[Any]) -> Value | None:
    if len(values) == 2:
        low, high = (value if isinstance(value, (int, float)) else None for value in values)
        return None if low is high is None else Span(low, high, low if low == high else None)
    [value] = values
    match value:
        case bool():
            return Answered(Ternary.YES if value else Ternary.NO)
        case int() | float():
            return Span.exactly(value)
        case dict() if "low" in value:
            return Span(value["low"], value["high"], value.get("best"), value.get("unit") or "")
        case list():
            return Members(frozenset(map(str, value)))
        case "yes" | "no" | "unknown":
            return Answered(Ternary(value))
        case str() if _SIGNED.fullmatch(value):  # a level on a scale, printed with its sign
            return Span.exactly(float(value))
        case str():
            return Word(value)
        case _:
            return None


def _codes(cell: Value | None) -> frozenset[str]:
    return cell.sure if isinstance(cell, Members) else frozenset() if cell is None else frozenset([str(cell)])


def _folded(of: str, cells: Sequence[Value | None]) -> Span:
    """The largest, smallest or sum of the figures; of rows without one, a sum is a lower bound."""
    figures = [cell for cell in cells if isinstance(cell, Span)]
    if not figures:
        return Span(None, None)
    lows, highs, bests = ([getattr(f, end) for f in figures] for end in ("low", "high", "best"))
    if of == "sum":
        complete = len(figures) == len(cells)
        low, high, best = (None if None in ends else float(sum(ends)) for ends in (lows, highs, bests))
        return Span(low, high if complete else None, best, figures[0].unit)
    choose = max if of == "max" else min
    low, high, best = (
        choose((v for v in ends if v is not None), default=None) if of == "max" or None not in ends else None
        for ends in (lows, highs, bests)
    )
    return Span(low, None if of == "max" and None in highs else high, best, figures[0].unit)
