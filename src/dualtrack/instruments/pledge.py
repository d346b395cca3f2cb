"""A pledge on spending: a level that each ally is to reach, tested on the figures of one dated edition at a time.

Editions and definitions are never joined. A figure printed to two decimals decides as printed; a coarser one lies
between the values that round to it. A published list of who passed a level bounds the figure from one side. What no
table holds lies between nothing and everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from dualtrack.core.dates import first_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.ternary import Ternary
from dualtrack.core.yamlfile import line_of, read_model
from dualtrack.instruments.columns import Column, Numbers
from dualtrack.instruments.formula import Formula, Vocabulary, compile_formula
from dualtrack.instruments.instrument import packaged
from dualtrack.instruments.references import Quoted
from dualtrack.instruments.rule import Level
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

Definition = Literal["defence", "core_defence"]
Answer = Literal["yes", "no", "unknown"]

SHARES = ("share_of_gdp_pct", "equipment_share_pct", "related_share_pct")
"""What a pledge can ask about, in percent; no table holds the third, which is spending related to defence."""

HELD = SHARES[:2]
"""Those that are columns of ``spending``."""

_FINE = 0.01  # NATO prints two decimals: a figure that fine decides as printed (2.00 passes)
_NOTHING_KNOWN = (0.0, float("inf"))


class _Written(BaseModel):
    """Part of a pledge file; a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Case(_Written):
    """A worked case: shares in percent as printed (what is left out is not known), and whether the pledge is met."""

    name: str
    given: dict[str, float | tuple[float, float]] = {}
    expect: Answer

    @field_validator("expect", mode="before")
    @classmethod
    def _word(cls, raw: object) -> object:
        return {True: "yes", False: "no"}[raw] if isinstance(raw, bool) else raw


class Written(_Written):
    """A pledge file as it is written; ``since`` is the year from which movement is told, ``deadline`` the end."""

    title: str
    paragraph: str
    addressee: str
    obligation: str
    why: str
    definition: Definition
    since: int
    deadline: str
    levels: dict[str, Level] = Field(min_length=1)
    condition: str
    cases: list[Case] = Field(min_length=3)

    @field_validator("deadline")
    @classmethod
    def _is_a_date(cls, value: str) -> str:
        first_day(value)
        return value


@dataclass(frozen=True)
class Share:
    """A share in percent between two bounds, as an edition has it; ``figure`` is what was printed, if anything."""

    low: float
    high: float
    row: Row | None = None
    cell: str = ""
    figure: float | None = None


UNTOLD = Share(*_NOTHING_KNOWN)
"""Nothing on record."""


@dataclass(frozen=True)
class Pledge:
    """A pledge ready to be tested; ``id`` is the name of its file."""

    id: str
    instrument: str
    written: Written
    condition: Formula

    @property
    def name(self) -> str:
        """The name it is asked by: folder and file."""
        return f"{self.instrument}/{self.id}"

    @property
    def metric(self) -> str | None:
        """The column of ``spending`` it is tested on, None where no table holds what it needs."""
        return next((name for name in HELD if name in self.condition.names), None)

    @property
    def level(self) -> Level:
        """The level the condition compares with."""
        return next(iter(self.written.levels.values()))

    def met(self, shares: Mapping[str, Sequence[Share]]) -> list[Ternary]:
        """Whether it is met by each of some allies: ``shares`` holds for each name one share per ally."""
        size = len(next(iter(shares.values())))
        columns: dict[str, Column] = {}
        for name in SHARES:
            found = shares.get(name) or [UNTOLD] * size
            columns[name] = Numbers(np.array([s.low for s in found]), np.array([s.high for s in found]))
        answer = self.condition(columns, {name: level.value for name, level in self.written.levels.items()})
        answer = answer.over((size,))
        return [answer.at(place) for place in range(size)]

    def quoted(self) -> list[Quoted]:
        """Its numbers with the rows they are taken from."""
        file = f"{self.instrument}/pledges/{self.id}"
        return [
            Quoted(file, name, level.value, level.unit, level.rule, "threshold_value")
            for name, level in self.written.levels.items()
        ]


def printed(figure: float, step: float | None) -> tuple[float, float]:
    """The bounds of a share printed in steps of so many percentage points.

    >>> printed(2.0, 0.01), printed(2.0, 0.1)
    ((2.0, 2.0), (1.95, 2.05))
    """
    slack = 0.0 if not step or step <= _FINE else step / 2
    return figure - slack, figure + slack


class Table:
    """What one edition says of one year: the share of each state it has, and lists of who passed a level."""

    def __init__(self) -> None:
        self.values: dict[str, Share] = {}
        self.lists: list[Row] = []
        self.counts: list[Row] = []

    def shares(self, allies: Sequence[str]) -> list[Share]:
        """The share of each ally. A published number of those who passed bounds all of them where it is all of them."""
        all_passed = [row for row in self.counts if row["members"] == str(len(allies))]
        floor = max(all_passed, key=lambda row: row.number("threshold") or 0.0, default=None)
        level = (floor and floor.number("threshold")) or 0.0
        found = []
        for share in map(self.share, allies):
            raised = share.figure is None and share.low < level <= share.high
            found.append(Share(level, share.high, floor, "members") if raised else share)
        return found

    def share(self, state: str) -> Share:
        """The share of a state: its figure, else what the lists say of it, else nothing known."""
        if state in self.values:
            return self.values[state]
        low, high, told = *_NOTHING_KNOWN, None
        for row in self.lists:
            level = row.number("threshold") or 0.0
            if state in row.parts("members"):
                if level >= low:
                    low, told = level, row
            elif level < high:  # a list is complete: who is not named lies below
                high, told = float(np.nextafter(level, 0.0)), row
        return Share(low, high, told, "members") if told else UNTOLD

    @property
    def basis(self) -> str:
        """What of the edition is on record, in words."""
        held = {"values": self.values, "list of who passed": self.lists, "number of who passed": self.counts}
        return " and ".join(name for name, rows in held.items() if rows)


def tables(values: Sequence[Row], lists: Sequence[Row], metric: str) -> dict[tuple[str, int], Table]:
    """What each edition says of each year, by edition and year.

    Args:
        values: rows of ``spending`` under one definition.
        lists: rows of ``spending_lists`` under the same.
        metric: the share that is asked about.
    """
    found: dict[tuple[str, int], Table] = {}
    for row in values:
        if (figure := row.number(metric)) is not None:
            share = Share(*printed(figure, row.number("precision")), row, metric, figure)
            found.setdefault(_place(row), Table()).values[row.text("state")] = share
    for row in lists:
        if row["metric"] == metric:
            table = found.setdefault(_place(row), Table())
            (table.lists if row["relation"] == "ge" else table.counts).append(row)
    return found


def allies_of(record: Record, year: int) -> list[str]:
    """Members of NATO with armed forces at the end of a year."""
    without = {row.id for row in record.rows("states") if row["armed_forces"] == "no"}
    return [state for state in record.members("nato", date(year, 12, 31)) if state not in without]


def deciding(asked: Pledge, by_edition: Mapping[str, Table], allies: Sequence[str]) -> str:
    """The edition that decides most of the allies, the later one first; empty where there is none."""
    decided = {
        name: sum(
            answer is not Ternary.UNKNOWN for answer in asked.met({asked.metric or SHARES[-1]: table.shares(allies)})
        )
        for name, table in by_edition.items()
    }
    return max(decided, key=lambda name: (decided[name], name), default="")


def _place(row: Row) -> tuple[str, int]:
    return row.text("edition"), int(row.number("year") or 0)


def of_case(pledge: Pledge, case: Case, where: str) -> Ternary:
    """The answer a pledge gives to a worked case.

    Raises:
        BadInput: it gives what no pledge can ask about.
    """
    unknown = sorted(set(case.given) - set(SHARES))
    if unknown:
        raise BadInput(f"{where}, case {case.name!r}: {unknown[0]!r} is no share.", f"Shares: {', '.join(SHARES)}.")
    given = {}
    for name, value in case.given.items():
        low, high = value if isinstance(value, tuple) else (value, value)
        given[name] = [Share(low, high)]
    return pledge.met(given or {SHARES[0]: [UNTOLD]})[0]


@lru_cache(maxsize=32)
def pledges(instrument: str, folder: Path | None = None) -> tuple[Pledge, ...]:
    """The pledges of an instrument, by the name of their files; none where it has no folder ``pledges``.

    Raises:
        BadInput: a file is at fault; the message names file, line and what to do.
    """
    files = sorted(((folder or packaged()) / instrument / "pledges").glob("*.yml"))
    return tuple(_made(path, instrument) for path in files)


def pledge(name: str) -> Pledge:
    """The pledge of a name: folder and file, such as ``nato_wales_2014/two_percent``.

    Raises:
        NoSuchName: there is none.
    """
    folders = sorted({path.parents[1].name for path in packaged().glob("*/pledges/*.yml")})
    known = {found.name: found for folder in folders for found in pledges(folder)}
    if name not in known:
        raise NoSuchName("pledge", name, list(known))
    return known[name]


def _made(path: Path, instrument: str) -> Pledge:
    written = read_model(path, Written)
    clash = sorted(set(SHARES) & set(written.levels))
    if clash:
        line = line_of(path, ["levels", clash[0]])
        raise BadInput(f"{path}:{line}: the level {clash[0]} has the name of a share.", "Call it by another name.")
    words: Vocabulary = {name: "number" for name in (*SHARES, *written.levels)}
    return Pledge(path.stem, instrument, written, compile_formula(written.condition, words, f"{path}, condition"))
