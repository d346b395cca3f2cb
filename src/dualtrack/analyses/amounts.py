"""One figure made of the rows of a table that a condition selects: the one, the latest, the largest, their sum.

Conditions are of the closed expression language (``record/where.py``). Of several editions of one figure the latest
that has it counts, unless the condition names the edition. Where rows tie for the latest, the figure spans them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.expression import Literal as Constant
from dualtrack.core.expression import Name, Node, parse
from dualtrack.core.finding import Answer, Coverage, Figure
from dualtrack.core.interval import Interval
from dualtrack.record.condition import condition
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.where import compile_where

Pick = Literal["only", "latest", "largest", "smallest", "sum", "span"]

_ENDS = ("_low", "_high")
_ALIKE = ("series", "definition", "measure", "scope", "unit", "metric", "question_paraphrase", "subgroup")
"""Columns that say how something was measured: figures that differ in one are not measured alike."""


@dataclass(frozen=True)
class Selected:
    """The rows a condition selects, those of which it cannot be told, and the columns it looks at."""

    spec: TableSpec
    rows: list[Row]
    undecided: list[Row]
    names: tuple[str, ...]
    of: int = field(default=0)


@dataclass(frozen=True)
class Made:
    """A figure made of rows. ``known`` of the rows have one; ``rows`` are those it rests on."""

    figure: Interval
    unit: str | None
    rows: list[Row]
    known: int
    of: int
    columns: tuple[str, ...] = ()

    def part(self, role: str, label: str) -> Figure:
        """The figure as a part of an answer."""
        return Figure(
            role=role, label=label, low=self.figure.low, best=self.figure.best, high=self.figure.high, unit=self.unit,
            row=f"{self.rows[0].spec.table}/{self.rows[0].id}" if len(self.rows) == 1 else None,
            rows=[f"{row.spec.table}/{row.id}" for row in self.rows] if len(self.rows) > 1 else [],
        )  # fmt: skip


def selected(work: Workings, table: str, where: str = "", group: str | None = None) -> Selected:
    """The rows of a table as known that a condition selects, if asked only those of a group's states.

    Raises:
        NoSuchName: there is no such table, column or group.
        BadInput: the condition cannot be read, or the table has no column of a state.
    """
    spec = work.record.spec(table)
    rows = work.all(table, where)
    of = len(rows)
    if group is not None:
        column = next((f.name for f in spec.fields if f.type == "state"), "")
        if not column:
            raise BadInput(f"{table} has no column of one state, so no group of states.", "Leave the group out.")
        states = set(work.record.members(group, work.record.as_of))
        rows = [row for row in rows if row[column] in states]
    if not where:
        return Selected(spec, rows, [], (), of)
    compile_where(where, spec)  # tells what compares what cannot be compared
    dates = frozenset(f.name for f in spec.fields if f.type in ("date", "moment"))
    test = condition(where, dates)
    found = [(row, test(row)) for row in rows]
    names = tuple(sorted(set(_names(parse(where)))))
    return Selected(spec, [r for r, holds in found if holds], [r for r, holds in found if holds is None], names, of)


def made(work: Workings, chosen: Selected, column: str, pick: Pick) -> Made:
    """The figure of the rows selected, with every cell it rests on noted as evidence.

    Raises:
        NoSuchName: the table has no such column of figures.
        BadInput: no row was selected or none has a figure, or several where one is meant, or the units differ.
    """
    spec = chosen.spec
    columns = columns_of(spec, column)
    rows = newest(chosen, columns)
    known = [row for row in rows if any(row[name] is not None for name in columns)]
    if not known:
        raise BadInput(
            f"No row of {spec.table} known on {work.record.as_of} that was asked for has a figure for {column}.",
            "Try a later --as-of or another condition.",
        )
    used = _latest(known) if pick == "latest" else known
    figures = [_figure(row, columns) for row in used]
    if pick == "only" and len(set(figures)) > 1:
        ids = listed([row.id for row in used[:4]])
        raise BadInput(f"{plural(len(used), 'row')} of {spec.table} fit: {ids}.", "Narrow the condition, or pick.")
    units = sorted({_unit(row, columns[0]) or "" for row in used})
    if len(units) > 1:
        raise BadInput(f"The figures are in {listed(units)}.", "Narrow the condition to one unit.")
    for row in used:
        work.use(row, *(name for name in (*columns, *chosen.names) if row[name] is not None))
    figure = _made(figures, pick, complete=len(known) == len(rows) and not chosen.undecided)
    return Made(figure, units[0] or None, used, len(known), len(rows), columns)


def counted(work: Workings, chosen: Selected) -> Made:
    """How many rows were selected: of a reference table as many as there are, of a table of facts at least so many."""
    rows = newest(chosen, ())
    least = len(rows)
    most = least + len(chosen.undecided) if chosen.spec.kind == "reference" else None
    shown = chosen.names or chosen.spec.key
    for row in rows or chosen.undecided or work.record.rows(chosen.spec.table):
        work.use(row, *(name for name in shown if row[name] is not None))
    return Made(Interval(least, most, least), "rows", rows, least, least + len(chosen.undecided), shown)


def columns_of(spec: TableSpec, column: str) -> tuple[str, ...]:
    """The column or, where it is the stem of a range (``troops`` for troops_low and troops_high), both its ends.

    Raises:
        NoSuchName: there is neither.
    """
    for low, high in spec.ranges:
        if low.removesuffix(_ENDS[0]) == high.removesuffix(_ENDS[1]) == column:
            return low, high
    numbers = [f.name for f in spec.fields if f.type in ("integer", "number")]
    if column not in numbers:
        stems = [low.removesuffix(_ENDS[0]) for low, _ in spec.ranges]
        raise NoSuchName(f"column of figures of {spec.table}", column, [*stems, *numbers])
    return (column,)


def newest(chosen: Selected, columns: Sequence[str]) -> list[Row]:
    """Of rows that differ in their edition only, the latest that has a figure."""
    if not chosen.spec.has("edition") or "edition" in chosen.names:
        return chosen.rows
    rest = [name for name in chosen.spec.key if name != "edition"]
    found: dict[tuple[Any, ...], Row] = {}
    for row in chosen.rows:
        key, has = tuple(row[name] for name in rest), any(row[name] is not None for name in columns)
        held = found.get(key)
        if held is None or (has, row.text("edition")) > (any(held[n] is not None for n in columns),
                                                         held.text("edition")):  # fmt: skip
            found[key] = row
    return list(found.values())


def by_edition(chosen: Selected, columns: Sequence[str]) -> dict[str, Selected]:
    """The rows selected by edition, where the table has editions; those without a figure left out."""
    if not chosen.spec.has("edition"):
        return {}
    rows = [row for row in chosen.rows if any(row[name] is not None for name in columns)]
    editions = sorted({row.text("edition") for row in rows})
    return {
        edition: Selected(chosen.spec, [row for row in rows if row["edition"] == edition], [], (*chosen.names,))
        for edition in editions
    }


def answer(figure: Interval, unit: str | None, known: int, of: int, what: str) -> Answer:
    """A figure as an answer, with the coverage of the rows behind it."""
    exact = figure.low is not None and figure.low == figure.high
    return Answer(
        kind="number" if exact else "interval", value=figure.low if exact else None, low=figure.low,
        best=figure.best, high=figure.high, unit=unit, coverage=Coverage(known=known, total=of, of=what),
        why_unknown="only lower bounds are on record" if figure.low is figure.high is None else None,
    )  # fmt: skip


def warn_of_collection(work: Workings, spec: TableSpec) -> None:
    """Says that counts and largest figures of a table of facts are only of what was collected."""
    if spec.kind == "reference":
        return
    ends = [f"{e.part or 'all'} from {e.complete_from or '?'} to {e.complete_to or 'the last day'}"
            + (f" ({e.note})" if e.note else "") for e in spec.complete]  # fmt: skip
    work.caveat(
        f"Only rows on record count, so that numbers of rows are lower bounds. {spec.collected}"
        + (f" Collected: {'; '.join(ends)}." if ends else "")
    )


def warn_of_measures(work: Workings, one: Made, other: Made) -> None:
    """Says in which columns two figures were not measured alike."""
    for name in _ALIKE:
        values = [sorted({row.text(name) for row in made.rows if row.spec.has(name)}) for made in (one, other)]
        if values[0] != values[1] and all(values):
            first, second = (", ".join(v or "none" for v in some) for some in values)
            work.caveat(f"Not measured alike, by {name.replace('_', ' ')}: {first}; {second}.")


def told(where: str) -> str:
    """A condition as it stands in a question."""
    return f" where {where}" if where else ""


def _latest(rows: Sequence[Row]) -> list[Row]:
    """The rows of the latest date (their edition, else the table's date); several if they tie."""
    when = "edition" if rows[0].spec.has("edition") else rows[0].spec.when

    def key(row: Row) -> tuple[date, date]:
        return (row.last(when) or date.min, row.first(when) or date.min) if when else (date.min, date.min)

    last = max(map(key, rows))
    return [row for row in rows if key(row) == last]


def _figure(row: Row, columns: tuple[str, ...]) -> Interval:
    if len(columns) == 2:
        return row.interval(*columns)
    value = row.number(columns[0])
    return Interval(value, value, value)


def _unit(row: Row, column: str) -> str | None:
    """The unit, from the row where its table counts in several."""
    unit = row.spec.field(column).unit
    if not unit.startswith("see "):
        return unit or None
    name = unit.removeprefix("see ")
    return row.spec.field(name).values.get(row.text(name), row.text(name)) or None


def _made(figures: Sequence[Interval], pick: Pick, complete: bool) -> Interval:
    if pick == "sum":
        total = Interval.exactly(0)
        for figure in figures:
            total = total.plus(figure)
        return total if complete else Interval(total.low, None, total.best)
    lows, highs = [f.low for f in figures], [f.high for f in figures]
    bests = [f.best for f in figures]
    if pick == "largest":
        return Interval(_end(max, lows, False), _end(max, highs, True), _end(max, bests, True))
    if pick == "smallest":
        return Interval(_end(min, lows, True), _end(min, highs, False), _end(min, bests, True))
    best = bests[0] if len(set(bests)) == 1 else None
    return Interval(_end(min, lows, True), _end(max, highs, True), best)


def _end(choose: Any, values: Sequence[float | None], strict: bool) -> float | None:
    """The smallest or largest; unknown if one is unknown and could be it (``strict``), or if all are."""
    known = [value for value in values if value is not None]
    if not known or (strict and len(known) < len(values)):
        return None
    chosen: float = choose(known)
    return chosen


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif not isinstance(node, Constant):
        for operand in node.operands:
            yield from _names(operand)
