"""Tests of commitments as files: what each needs, in which table it stands, and what it means where it is missing.

A commitment is met when all it needs is shown. Nothing is met or unmet because nothing is on record: that is unknown.
A figure decides only if it is dated after the promise, and was not on record before its own date, which makes it a
plan. ``about`` in a condition is nine tenths: a force of about 1,000 is one of 900 or more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput
from dualtrack.core.ternary import Ternary
from dualtrack.core.yamlfile import line_of, read_model
from dualtrack.instruments.columns import Numbers
from dualtrack.instruments.formula import Formula, Vocabulary, compile_formula
from dualtrack.instruments.instrument import packaged
from dualtrack.instruments.pledge import Table, allies_of, deciding, pledge, tables
from dualtrack.record.cells import last_moment
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record
from dualtrack.record.where import compile_where

Select = Callable[..., list[Row]]

WORDS: Vocabulary = {"figure": "number", "count": "number", "allies": "number", "about": "number"}
"""What a condition may ask about: a figure, a number of rows, the number of allies with armed forces, and nearness."""

_ABOUT = 0.9
_DAY = timedelta(days=1)


class _Written(BaseModel):
    """Part of a test file; a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FigureNeed(_Written):
    """A figure that meets a condition: the latest dated one decides, of each group where ``each`` names a column.

    Args:
        where: which rows, in the closed expression language.
        figure: the column of the figure, or those of its low and high bound.
        at: the column of its date.
        bound: ``upper`` where the figure is said to be "up to", ``lower`` where "more than".
        each: a column: each of its values has to have a figure that meets the condition.
        of_addressee: a column that has to hold a state the commitment binds.
    """

    kind: Literal["figure"]
    what: str
    table: str
    where: str
    figure: list[str] = Field(min_length=1, max_length=2)
    at: str
    bound: Literal["exact", "upper", "lower"] = "exact"
    condition: str
    each: str = ""
    groups: int = Field(default=1, ge=1, description="how many values of `each` there have to be")
    of_addressee: str = ""
    missing: str


class CountNeed(_Written):
    """A number of rows that had begun; ``complete`` where the rows named are all there can be."""

    kind: Literal["count"]
    what: str
    table: str
    where: str
    begun: str
    complete: bool
    condition: str
    missing: str


class SaidNeed(_Written):
    """A status on record, word for word; ``when`` where the words themselves date what they say."""

    kind: Literal["said"]
    what: str
    text: str
    when: str = ""
    missing: str


class ContinuousNeed(_Written):
    """Something present on every day since a date, on the territory of each host of some rows."""

    kind: Literal["continuous"]
    what: str
    table: str
    where: str
    since: str
    hosts_of: list[str] = Field(default=[], description="rows whose hosts each need a presence; empty: anywhere")
    missing: str


class PledgeNeed(_Written):
    """A pledge that every ally is to meet in a year, on the edition that decides most of them."""

    kind: Literal["pledge"]
    what: str
    pledge: str
    year: int | Literal["latest"]
    missing: str


class NothingNeed(_Written):
    """What no table can tell."""

    kind: Literal["cannot tell"]
    what: str
    missing: str


Need = Annotated[
    FigureNeed | CountNeed | SaidNeed | ContinuousNeed | PledgeNeed | NothingNeed, Field(discriminator="kind")
]


class Written(_Written):
    """A test file as it is written."""

    commitment: str
    needs: list[Need] = Field(min_length=1)
    note: str = ""

    @field_validator("needs")
    @classmethod
    def _dates(cls, needs: list[Need]) -> list[Need]:
        for need in needs:
            for text in (getattr(need, "when", ""), getattr(need, "since", "")):
                if text:
                    first_day(text)
        return needs


@dataclass(frozen=True)
class Measurement:
    """A test ready to be run; ``conditions`` holds the compiled condition of each need that has one."""

    written: Written
    conditions: Sequence[Formula | None]
    path: Path


@dataclass(frozen=True)
class Found:
    """What the record says of one need: the answer, in words, and the rows and cells it rests on."""

    answer: Ternary
    told: str
    cells: Sequence[tuple[Row, Sequence[str]]] = field(default=())


@dataclass(frozen=True)
class Asked:
    """A commitment on a day: ``due`` is the last day of its deadline, None where it has none."""

    record: Record
    select: Select
    row: Row
    due: date | None

    @property
    def day(self) -> date:
        """The record's day."""
        return self.record.as_of

    @property
    def at(self) -> date:
        """The day the test is asked for: the deadline once it has passed, else the record's day."""
        return self.due if self.due and self.due < self.day else self.day

    @property
    def promised(self) -> date:
        """The first day the promise can have been made."""
        return self.row.first("date") or date.min

    def rows(self, test: Measurement, place: int, need: FigureNeed | CountNeed | ContinuousNeed) -> list[Row]:
        """The rows a need is about."""
        spec = self.record.spec(need.table)
        try:
            sql, values = compile_where(need.where, spec)
        except BadInput as error:
            line = line_of(test.path, ["needs", place, "where"])
            raise BadInput(f"{test.path}:{line}: {error.problem}", error.fix) from None
        self._columns(test, place, need, spec)
        return self.select(need.table, sql, *values)

    def _columns(
        self, test: Measurement, place: int, need: FigureNeed | CountNeed | ContinuousNeed, spec: TableSpec
    ) -> None:
        named = [*getattr(need, "figure", []), *(getattr(need, name, "") for name in ("at", "begun", "each"))]
        lost = [name for name in named if name and not spec.has(name) and name != "id"]
        if lost:
            line = line_of(test.path, ["needs", place])
            raise BadInput(
                f"{test.path}:{line}: {need.table} has no column {lost[0]}.",
                f"Its columns: {', '.join(f.name for f in spec.fields)}.",
            )


def run(test: Measurement, asked: Asked) -> list[Found]:
    """What the record says of each need of a test."""
    return [_need(test, place, need, asked) for place, need in enumerate(test.written.needs)]


def together(answers: Iterable[Ternary]) -> Ternary:
    """Whether all is met: no if one is not, unknown if one is not known."""
    found = set(answers)
    return next((answer for answer in (Ternary.NO, Ternary.UNKNOWN) if answer in found), Ternary.YES)


def _need(test: Measurement, place: int, need: Need, asked: Asked) -> Found:
    match need:
        case FigureNeed():
            return _figure(test, place, need, asked)
        case CountNeed():
            return _count(test, place, need, asked)
        case SaidNeed():
            return _said(need, asked)
        case ContinuousNeed():
            return _continuous(need, asked, asked.rows(test, place, need))
        case PledgeNeed():
            return _pledged(need, asked)
        case NothingNeed():
            return Found(Ternary.UNKNOWN, need.missing)


def _figure(test: Measurement, place: int, need: FigureNeed, asked: Asked) -> Found:
    groups: dict[str, list[Row]] = {}
    for row in asked.rows(test, place, need):
        if _decides(row, need, asked):
            groups.setdefault((row.id if need.each == "id" else row.text(need.each)) if need.each else "", []).append(
                row
            )
    found = []
    for rows in groups.values():
        rows.sort(key=lambda row: (row.last(need.at) or date.max, row.id))
        found.append(_latest(test, place, need, asked, rows))
    if len(groups) < need.groups:
        found.append(Found(Ternary.UNKNOWN, need.missing))
    return Found(
        together(one.answer for one in found),
        "; ".join(dict.fromkeys(one.told for one in found)),
        [cell for one in found for cell in one.cells],
    )


def _decides(row: Row, need: FigureNeed, asked: Asked) -> bool:
    """Whether a figure is one, is dated after the promise and by the day, and is no plan told before its date."""
    first, last = row.first(need.at), row.last(need.at)
    if first is None or last is None or last < asked.promised or first > asked.day or _bounds(row, need) is None:
        return False
    if need.of_addressee and row.text(need.of_addressee) not in asked.row.parts("addressee"):
        return False
    return not foretold(row, need.figure[-1], need.at)


def foretold(row: Row, cell: str, at: str) -> bool:
    """Whether a cell was on record before the month of its own date: it tells a plan."""
    known, dated = row.evidence(cell).known_from, row.first(at)
    return known is not None and dated is not None and last_moment(known) < dated.replace(day=1)


def _bounds(row: Row, need: FigureNeed) -> tuple[float, float] | None:
    """A figure as an interval: a text that is no number is no figure."""
    cells = [_number(row, name) for name in need.figure]
    low, high = cells[0], cells[-1]
    if low is None and high is None:
        return None
    if need.bound == "upper":
        low = None
    elif need.bound == "lower":
        high = None
    return 0.0 if low is None else low, float("inf") if high is None else high


def _number(row: Row, name: str) -> float | None:
    number = row.number(name)
    if number is None and row[name] is not None:
        try:
            return float(row.text(name))
        except ValueError:
            return None
    return number


def _latest(test: Measurement, place: int, need: FigureNeed, asked: Asked, rows: Sequence[Row]) -> Found:
    """The answer of figures in order of time.

    By a deadline a level is reached when the last figure before it shows so. It is missed when a figure at or after the
    deadline shows so; one from before it leaves open what came after.
    """
    by = [row for row in rows if (row.last(need.at) or date.max) <= asked.at]
    later = [row for row in rows if row not in by]
    if by and _holds(test, place, need, asked, by[-1]) is Ternary.YES:
        return _of(need, Ternary.YES, by[-1])
    if asked.due is None or asked.due >= asked.day:
        return (
            _of(need, _holds(test, place, need, asked, by[-1]), by[-1]) if by else _of(need, Ternary.UNKNOWN, later[0])
        )
    if later and _holds(test, place, need, asked, later[0]) is Ternary.NO:
        return _of(need, Ternary.NO, later[0])
    return _of(need, Ternary.UNKNOWN, (later or by)[0 if later else -1])


def _holds(test: Measurement, place: int, need: FigureNeed, asked: Asked, row: Row) -> Ternary:
    bounds = _bounds(row, need)
    assert bounds is not None
    return _answer(test, place, asked, figure=bounds)


def _answer(test: Measurement, place: int, asked: Asked, **known: tuple[float, float]) -> Ternary:
    formula = test.conditions[place]
    assert formula is not None
    allies = float(len(allies_of(asked.record, asked.day.year)))
    values = {"figure": (0.0, 0.0), "count": (0.0, 0.0), "allies": (allies, allies), "about": (_ABOUT, _ABOUT), **known}
    columns = {name: Numbers(np.array([low]), np.array([high])) for name, (low, high) in values.items()}
    return formula(columns, {}).over((1,)).at(0)


def _of(need: FigureNeed, answer: Ternary, row: Row) -> Found:
    bounds = _bounds(row, need)
    assert bounds is not None
    low, high = bounds
    told = f"{low:,g}" if low == high else f"up to {high:,g}" if low == 0 else f"{low:,g} or more"
    if 0 < low < high < float("inf"):
        told = f"{low:,g} to {high:,g}"
    cells = [name for name in (*need.figure, need.at) if row[name] is not None]
    return Found(answer, f"{told} ({row[need.at]})", [(row, list(dict.fromkeys(cells)))])


def _count(test: Measurement, place: int, need: CountNeed, asked: Asked) -> Found:
    rows = asked.rows(test, place, need)
    surely = sum(1 for row in rows if (begun := row.last(need.begun)) and begun <= asked.at)
    possibly = sum(1 for row in rows if (begun := row.first(need.begun)) is None or begun <= asked.at)
    answer = _answer(test, place, asked, count=(float(surely), float(possibly) if need.complete else float("inf")))
    told = f"{surely if surely == possibly else f'{surely} to {possibly}'} of {len(rows)} by {asked.at}"
    return Found(answer, told if rows else need.missing, [(row, [need.begun]) for row in rows if row[need.begun]])


def _said(need: SaidNeed, asked: Asked) -> Found:
    rows = asked.select("commitment_status", "commitment_id = ? AND value = ?", asked.row.id, need.text)
    rows = [
        row for row in rows if not foretold(row, "value", "as_of") and (row.first("as_of") or date.max) <= asked.day
    ]
    if not rows:
        return Found(Ternary.UNKNOWN, need.missing)
    row = min(rows, key=lambda row: (row.text("as_of"), row.id))
    cells = [(row, ["value", "as_of"])]
    told = f"{need.text} ({row['as_of']})"
    if need.when and first_day(need.when) > asked.at:
        return Found(Ternary.NO, told, cells)
    reached = last_day(need.when) if need.when else row.last("as_of")
    return Found(Ternary.YES if reached and reached <= asked.at else Ternary.UNKNOWN, told, cells)


def _continuous(need: ContinuousNeed, asked: Asked, rows: Sequence[Row]) -> Found:
    hosts = {host for id_ in need.hosts_of for host in _hosts(asked, need.table, id_)}
    if need.hosts_of and not hosts:
        return Found(Ternary.UNKNOWN, need.missing)
    since, told, cells = last_day(need.since), [], []
    total = (asked.day - since).days + 1
    if total <= 0:
        return Found(Ternary.UNKNOWN, need.missing)
    answers = []
    for host in sorted(hosts) or [""]:
        there = [row for row in rows if not host or host in row.parts("host_state")]
        spans = sorted(span for row in there if (span := surely_there(row, asked.day)))
        shown, gap = covered(spans, since, asked.day)
        answers.append(Ternary.YES if gap is None else Ternary.UNKNOWN)
        # a share of exactly all days is the only one that prints as 100 percent
        share = f"{min(100 * shown / total, 99.9 if gap else 100):.1f} percent of the days since {since} shown"
        told.append(f"{host + ': ' if host else ''}{share}" + (f", first not shown {gap}" if gap else ""))
        cells += [(row, [name for name in ("start", "end", "host_state") if row[name] is not None]) for row in there]
    return Found(together(answers), "; ".join(told), cells)


def _hosts(asked: Asked, table: str, id_: str) -> list[str]:
    found = [row for row in asked.record.rows(table) if row.id == id_]
    return found[0].parts("host_state") if found else []


def surely_there(row: Row, day: date) -> tuple[date, date] | None:
    """From when to when a force was surely there, up to a day; None where that is not known.

    One whose end is not on record goes on unless its status says that it ended.
    """
    begun = row.last("start")
    if begun is None or begun > day:
        return None
    end = row.first("end")
    if end is None:
        end = begun if row["status"] == "ended" else day
    return (begun, min(end, day)) if end >= begun else None


def covered(spans: Sequence[tuple[date, date]], since: date, until: date) -> tuple[int, date | None]:
    """How many days from one to another lie in some span, and the first that does not."""
    shown, gap, at = 0, None, since
    for begun, end in spans:
        if end < at:
            continue
        if max(begun, at) > until:
            break
        if begun > at:
            gap = gap or at
            at = begun
        shown += (min(end, until) - at).days + 1
        at = end + _DAY
    return shown, gap or (at if at <= until else None)


def _pledged(need: PledgeNeed, asked: Asked) -> Found:
    promised = pledge(need.pledge)
    if promised.metric is None:
        return Found(Ternary.UNKNOWN, need.missing)
    values = asked.select("spending", "series = 'nato' AND definition = ?", promised.written.definition)
    lists = asked.select("spending_lists", "definition = ?", promised.written.definition)
    found = tables(values, lists, promised.metric)
    years = {year for _, year in found if _mostly(found, year)}
    year = max(years, default=0) if need.year == "latest" else need.year
    by_edition = {name: table for (name, of), table in found.items() if of == year}
    if not by_edition:
        return Found(Ternary.UNKNOWN, need.missing)
    allies = allies_of(asked.record, year)
    edition = deciding(promised, by_edition, allies)
    shares = by_edition[edition].shares(allies)
    met = promised.met({promised.metric: shares})
    told = (
        f"{met.count(Ternary.YES)} of {len(allies)} allies in {year}, {met.count(Ternary.NO)} not, "
        f"{met.count(Ternary.UNKNOWN)} not known (edition {edition})"
    )
    return Found(together(met), told, [(share.row, [share.cell]) for share in shares if share.row])


def _mostly(found: dict[tuple[str, int], Table], year: int) -> bool:
    """Whether some edition has the year for at least half of the states that editions have at most."""
    most = max(len(table.values) for table in found.values())
    return any(len(table.values) * 2 >= most for (_, of), table in found.items() if of == year)


@lru_cache(maxsize=4)
def measurements(folder: Path | None = None) -> dict[str, Measurement]:
    """The tests of all commitments by the commitment's id.

    Raises:
        BadInput: a file is at fault; the message names file, line and what to do.
    """
    paths = sorted(((folder or packaged()) / "commitments").glob("*.yml"))
    found: dict[str, Measurement] = {}
    for path in paths:
        test = _made(path)
        if path.stem != test.written.commitment:
            raise BadInput(
                f"{path}:{line_of(path, ['commitment'])}: it tests {test.written.commitment}.",
                f"Call the file {test.written.commitment}.yml.",
            )
        found[test.written.commitment] = test
    return found


def _made(path: Path) -> Measurement:
    written = read_model(path, Written)
    conditions: list[Formula | None] = []
    for place, need in enumerate(written.needs):
        text: Any = getattr(need, "condition", None)
        line = line_of(path, ["needs", place, "condition"]) if text else 0
        conditions.append(compile_formula(text, WORDS, f"{path}:{line}") if text else None)
    return Measurement(written, tuple(conditions), path)
