"""Duties with a date or a number: answers within hours, quotas of visits a year, exchanges due on a day of the year.

Dates are as precise as they are known: a day leaves the hour open, a month the day. So an answer two days after a
request may or may not have come within 48 hours, and is unknown. A quota counts the visits on record, which are a
sample: it can be shown to be used up, never to be unused. Exchanges between the participating States are not public:
when they are due is computed, and whether one was sent is unknown, unless a state said that it would not send it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput
from dualtrack.core.ternary import Ternary
from dualtrack.core.yamlfile import line_of, read_model, read_yaml
from dualtrack.instruments.columns import Codes, Column
from dualtrack.instruments.formula import Formula, Vocabulary, compile_formula
from dualtrack.instruments.instrument import packaged
from dualtrack.instruments.limit import Tally, began_in
from dualtrack.instruments.references import Quoted
from dualtrack.instruments.rule import Level
from dualtrack.record.rows import Row
from dualtrack.record.schema import schemas

Verdict = Literal["kept", "late", "not done", "not due yet", "used up", "unknown"]

_DAY = timedelta(days=1)


class _Written(BaseModel):
    """Part of a duty file; a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Provision(_Written):
    """What every duty file says."""

    title: str
    paragraph: str
    addressee: str
    obligation: str
    why: str


class WithinCase(_Written):
    """A worked case: when it was asked and done, what is coded, and the verdict a year later."""

    name: str
    asked_on: str = ""
    done_on: str = ""
    done: str = "unknown"
    expect: Verdict

    @field_validator("done", mode="before")
    @classmethod
    def _word(cls, raw: Any) -> Any:
        return {True: "yes", False: "no"}[raw] if isinstance(raw, bool) else raw


class Within(_Provision):
    """Something done within so many hours after it was asked for.

    Args:
        applies: which rows, over the codes of the table.
        bound: the column of the state that has to act; ``asked_by`` of those that asked.
        done: the column that says whether it was done; ``not_done`` and ``is_done`` are its words for that.
    """

    kind: Literal["within"]
    table: str
    applies: str
    bound: str
    asked_by: str
    asked_on: str
    done_on: str
    done: str
    is_done: list[str] = Field(min_length=1)
    not_done: list[str] = Field(min_length=1)
    hours: Level
    cases: list[WithinCase] = Field(min_length=3)

    @field_validator("is_done", "not_done", mode="before")
    @classmethod
    def _words(cls, raw: Any) -> Any:
        return [{True: "yes", False: "no"}.get(word, word) if isinstance(word, bool) else word for word in raw]


class QuotaCase(_Written):
    """A worked case: visits of one state in one year, each as codes and how often, and whether the quota is used up."""

    name: str
    visits: list[dict[str, str | int]]
    expect: Literal["used up", "unknown"]


class Quota(_Provision):
    """So many visits a year that a state has to accept.

    Args:
        condition: which rows count, over the codes of the table.
        unknown_if: rows that may count.
        also: numbers the quota depends on and the record does not hold, such as units.
    """

    kind: Literal["quota"]
    table: str
    bound: str
    by: str
    dated: str
    condition: str
    unknown_if: list[str] = []
    quota: Level
    also: dict[str, Level] = {}
    cases: list[QuotaCase] = Field(min_length=3)


class MonthDay(_Written):
    """A day of the year as a row of ``rules`` gives it: ``12-15``."""

    value: str = Field(pattern=r"^\d{2}-\d{2}$")
    rule: str

    @field_validator("value")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        first_day(f"2000-{value}")
        return value


class Refusal(_Written):
    """A row of ``dialogue`` in which its initiator said that it does not do what was due in a year."""

    dialogue: str
    due: int


class YearlyCase(_Written):
    """A worked case: how many due days lie between two days, both included."""

    name: str
    since: str
    until: str
    expect: int


class Yearly(_Provision):
    """Something due every year on a day, by each state of a group."""

    kind: Literal["yearly"]
    group: str
    day: MonthDay
    refused: list[Refusal] = []
    cases: list[YearlyCase] = Field(min_length=3)


class AheadCase(_Written):
    """A worked case: when an activity begins, and the day its announcement was due."""

    name: str
    start: str
    expect: str


class Ahead(_Provision):
    """Something due on a day, so many years before an activity above the level of a limit."""

    kind: Literal["ahead"]
    limit: str
    day: MonthDay
    years: Level
    cases: list[AheadCase] = Field(min_length=3)


Written = Within | Quota | Yearly | Ahead
_MODELS: dict[str, type[Within] | type[Quota] | type[Yearly] | type[Ahead]] = {
    "within": Within, "quota": Quota, "yearly": Yearly, "ahead": Ahead,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Duty:
    """A duty ready to be applied; ``id`` is the name of its file, ``conditions`` those it applies to rows by."""

    id: str
    instrument: str
    written: Written
    conditions: tuple[Formula, ...] = ()

    def quoted(self) -> Iterator[Quoted]:
        """Its numbers and days with the rows they are taken from."""
        file, written = f"{self.instrument}/duties/{self.id}", self.written
        numbers: dict[str, Level] = {}
        match written:
            case Within():
                yield _quote(file, "hours", written.hours, "threshold_value")
            case Quota():
                numbers = {"quota": written.quota, **written.also}
            case Ahead():
                numbers = {"years": written.years}
        for name, level in numbers.items():
            yield _quote(file, name, level)
        if isinstance(written, (Yearly, Ahead)):
            yield Quoted(file, "day", written.day.value, "month-day", written.day.rule, "threshold_value")


def _quote(file: str, name: str, level: Level, column: str = "") -> Quoted:
    return Quoted(file, name, level.value, level.unit, level.rule, column)


@dataclass(frozen=True)
class Kept:
    """How a duty to act within hours was kept: the bounds of the hours it took, where they are known."""

    verdict: Verdict
    told: str
    hours: tuple[float, float] | None = None


def applying(duty: Duty, rows: Sequence[Row]) -> list[Row]:
    """The rows a duty to act within hours applies to: those it surely does."""
    [applies] = duty.conditions
    answer = applies(_codes(applies, rows), {}).over((len(rows),))
    return [row for place, row in enumerate(rows) if answer.at(place) is Ternary.YES]


def kept(written: Within, asked_on: str, done_on: str, done: str, day: date) -> Kept:
    """Whether something was done within the hours allowed.

    Args:
        written: the duty.
        asked_on: the date it was asked for, empty where it is not known.
        done_on: the date it was done, empty where it is not known or had not been done.
        done: what is coded.
        day: the day it is asked about.
    """
    limit = written.hours.value
    if done in written.not_done:
        return Kept("not done", "not done, as coded")
    if not done_on:
        if done in written.is_done:
            return Kept("unknown", "done, on a day that is not on record")
        due = last_day(asked_on) + timedelta(hours=limit) if asked_on else None
        if due and day < due:
            return Kept("not due yet", f"due by {due}")
        return Kept("unknown", "nothing on record")
    if not asked_on:
        return Kept("unknown", "asked for on a day that is not on record")
    hours = _hours(asked_on, done_on)
    low, high = hours
    if high <= limit:
        return Kept("kept", f"within {high:g} hours", hours)
    if low >= limit:  # more than the bound: the last moment of one day to the first of another, both left out
        return Kept("late", f"after more than {low:g} hours", hours)
    return Kept("unknown", f"after {low:g} to {high:g} hours", hours)


def _hours(asked_on: str, done_on: str) -> tuple[float, float]:
    """The fewest and the most hours between moments of two dates; neither bound itself is reached."""
    fewest = (first_day(done_on) - last_day(asked_on) - _DAY).days * 24.0
    most = (last_day(done_on) - first_day(asked_on) + _DAY).days * 24.0
    return max(fewest, 0.0), most


def counting(duty: Duty, rows: Sequence[Row]) -> list[Ternary]:
    """Whether each visit counts towards a quota."""
    condition, *doubts = duty.conditions
    found = condition(_codes(condition, rows), {})
    for doubt in doubts:
        found = found.unless_unknown(doubt(_codes(doubt, rows), {}))
    found = found.over((len(rows),))
    return [found.at(place) for place in range(len(rows))]


def used(duty: Duty, rows: Sequence[Row]) -> dict[tuple[str, int], Tally]:
    """How much of a quota each state used in each year, as far as visits are on record, where any may count."""
    written = duty.written
    assert isinstance(written, Quota)
    counts = counting(duty, rows)
    found: dict[tuple[str, int], Tally] = {}
    for row, answer in zip(rows, counts, strict=True):
        first, last = row.first(written.dated), row.last(written.dated)
        if answer is Ternary.NO or first is None or last is None:
            continue
        for year in range(first.year, last.year + 1):
            inside = began_in(row.text(written.dated), (year, year))
            sure = answer is Ternary.YES and inside is Ternary.YES
            before = found.get((row.text(written.bound), year), Tally(0, 0))
            found[row.text(written.bound), year] = Tally(before.surely + sure, before.possibly + 1)
    return found


def due_days(written: Yearly, since: date, until: date) -> list[date]:
    """The days between two days, both included, on which it was due."""
    days = [first_day(f"{year}-{written.day.value}") for year in range(since.year, until.year + 1)]
    return [day for day in days if since <= day <= until]


def due_before(written: Ahead, start: str) -> tuple[date, date]:
    """The earliest and the latest day the announcement of an activity was due, by the date it began."""
    years = int(written.years.value)
    first, last = (first_day(f"{day.year - years}-{written.day.value}") for day in (first_day(start), last_day(start)))
    return first, last


def of_case(duty: Duty, case: WithinCase | QuotaCase | YearlyCase | AheadCase, where: str) -> str | int:
    """The answer a duty gives to a worked case."""
    written = duty.written
    match written, case:
        case Within(), WithinCase():
            day = (last_day(case.asked_on) if case.asked_on else date(2000, 1, 1)) + timedelta(days=365)
            return kept(written, case.asked_on, case.done_on, case.done, day).verdict
        case Quota(), QuotaCase():
            return _of_quota_case(duty, written, case, where)
        case Yearly(), YearlyCase():
            return len(due_days(written, first_day(case.since), last_day(case.until)))
        case Ahead(), AheadCase():
            first, last = due_before(written, case.start)
            return first.isoformat() if first == last else f"{first} to {last}"
    raise BadInput(f"{where}, case {case.name!r} is not one of its kind.", f"It is a case of the kind {written.kind}.")


def _of_quota_case(duty: Duty, written: Quota, case: QuotaCase, where: str) -> str:
    surely = 0
    words = _words_of(written.table)
    for visit in case.visits:
        lost = sorted(set(visit) - set(words) - {"times"})
        if lost:
            raise BadInput(f"{where}, case {case.name!r}: {lost[0]!r} is no code.", f"Codes: {', '.join(words)}.")
        columns: dict[str, Column] = {}
        for name, kind in words.items():
            value = str(visit.get(name, "unknown"))
            columns[name] = Codes.of([None if value == "unknown" else value], tuple(kind))
        condition, *doubts = duty.conditions
        answer = condition(columns, {})
        for doubt in doubts:
            answer = answer.unless_unknown(doubt(columns, {}))
        surely += (answer.over((1,)).at(0) is Ternary.YES) * int(visit.get("times", 1))
    return "used up" if surely >= written.quota.value else "unknown"


def _codes(formula: Formula, rows: Sequence[Row]) -> dict[str, Column]:
    """The codes a condition asks about, one row each."""
    if not rows:
        return {name: Codes(np.array([], np.int16), ()) for name in formula.names}
    words = _words_of(rows[0].spec.table)
    return {
        name: Codes.of([None if row[name] in (None, "unknown") else row.text(name) for row in rows], words[name])
        for name in formula.names
    }


def _words_of(table: str) -> dict[str, tuple[str, ...]]:
    """The columns of a table that hold codes, with their words; ``unknown`` is no word but a code that is not known."""
    fields = schemas()[table].fields
    return {f.name: tuple(word for word in f.values if word != "unknown") for f in fields if f.type == "code"}


@lru_cache(maxsize=32)
def duties(instrument: str, folder: Path | None = None) -> tuple[Duty, ...]:
    """The duties of an instrument, by the name of their files; none where it has no folder ``duties``.

    Raises:
        BadInput: a file is at fault; the message names file, line and what to do.
    """
    files = sorted(((folder or packaged()) / instrument / "duties").glob("*.yml"))
    return tuple(_made(path, instrument) for path in files)


def _made(path: Path, instrument: str) -> Duty:
    kind = read_yaml(path).get("kind")
    if kind not in _MODELS:
        raise BadInput(f"{path}:{line_of(path, ['kind'])}: kind is {kind!r}.", f"It is one of {', '.join(_MODELS)}.")
    written = read_model(path, _MODELS[kind])
    conditions: dict[str, str] = {}
    match written:
        case Within():
            conditions = {"applies": written.applies}
            _columns(path, written.table, ("bound", "asked_by", "asked_on", "done_on", "done"), written)
        case Quota():
            conditions = {"condition": written.condition}
            conditions |= {f"unknown_if {n}": text for n, text in enumerate(written.unknown_if, 1)}
            _columns(path, written.table, ("bound", "by", "dated"), written)
    words: Vocabulary = _words_of(written.table) if isinstance(written, (Within, Quota)) else {}
    compiled = [
        compile_formula(text, words, f"{path}:{line_of(path, [key.split()[0]])}") for key, text in conditions.items()
    ]
    return Duty(path.stem, instrument, written, tuple(compiled))


def _columns(path: Path, table: str, keys: Sequence[str], written: Written) -> None:
    if table not in schemas():
        raise BadInput(f"{path}:{line_of(path, ['table'])}: there is no table {table}.", "Name one of the record.")
    names = [f.name for f in schemas()[table].fields]
    for key in keys:
        if getattr(written, key) not in names:
            raise BadInput(
                f"{path}:{line_of(path, [key])}: {table} has no column {getattr(written, key)}.",
                f"Its columns: {', '.join(names)}.",
            )
