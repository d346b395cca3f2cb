"""A limit: how many activities above a level one state may carry out in so many calendar years.

An activity counts when it is above the level, and is counted surely or possibly: where figures or dates leave it open,
the number lies between the two. The record holds only some of the activities, so a number is a lower bound, and a
limit that is kept is kept as far as the record shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dualtrack.core.dates import first_day, last_day
from dualtrack.core.ternary import Ternary
from dualtrack.core.yamlfile import read_model
from dualtrack.instruments.activities import VOCABULARY
from dualtrack.instruments.columns import Columns
from dualtrack.instruments.formula import Formula, compile_formula
from dualtrack.instruments.instrument import packaged
from dualtrack.instruments.possibly import Possibly
from dualtrack.instruments.references import Quoted
from dualtrack.instruments.rule import Case as OneActivity
from dualtrack.instruments.rule import Level, columns_of

Kept = Literal["kept", "exceeded", "unknown"]


class _Written(BaseModel):
    """Part of a limit file; a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Held(_Written):
    """An activity of a worked case: when it began, how often it was held, and its figures and codes."""

    start: str
    times: int = Field(default=1, ge=1)
    given: dict[str, float | str | list[float]] = {}


class Case(_Written):
    """A worked case: activities of one state, the last year of the window, and whether the limit is kept."""

    name: str
    activities: list[Held]
    until: int
    expect: Kept


class Written(_Written):
    """A limit file as it is written: ``at_most`` activities that meet ``condition`` in ``years`` calendar years."""

    title: str
    paragraph: str
    addressee: str
    obligation: str
    why: str
    levels: dict[str, Level] = Field(min_length=1)
    applies: str
    condition: str
    at_most: Level
    years: Level
    cases: list[Case] = Field(min_length=3)


@dataclass(frozen=True)
class Tally:
    """How many activities were counted: surely, and at most."""

    surely: int
    possibly: int

    def against(self, at_most: float) -> Kept:
        """Whether a limit is kept, as far as what was counted shows.

        >>> Tally(1, 1).against(1), Tally(1, 2).against(1), Tally(2, 3).against(1)
        ('kept', 'unknown', 'exceeded')
        """
        if self.surely > at_most:
            return "exceeded"
        return "kept" if self.possibly <= at_most else "unknown"


@dataclass(frozen=True)
class Limit:
    """A limit ready to be evaluated; ``id`` is the name of its file."""

    id: str
    instrument: str
    written: Written
    applies: Formula
    condition: Formula

    def __call__(self, columns: Columns) -> Possibly:
        """Whether each activity is above the level; the columns hold the outcome ``notifiable``, too."""
        levels = {name: level.value for name, level in self.written.levels.items()}
        return self.applies(columns, levels) & self.condition(columns, levels)

    @property
    def at_most(self) -> float:
        """How many such activities are allowed."""
        return self.written.at_most.value

    def quoted(self) -> list[Quoted]:
        """Its numbers with the rows they are taken from."""
        numbers = {**self.written.levels, "at_most": self.written.at_most, "years": self.written.years}
        file = f"{self.instrument}/limits/{self.id}"
        return [Quoted(file, name, level.value, level.unit, level.rule) for name, level in numbers.items()]

    def window(self, until: int) -> tuple[int, int]:
        """The first and the last calendar year of the window that ends with a year."""
        return until - int(self.written.years.value) + 1, until


def tally(activities: Iterable[tuple[Ternary, str]], window: tuple[int, int]) -> Tally:
    """How many activities fall in a window of calendar years and are above a level.

    Args:
        activities: for each, whether it is above the level and the date it began, as precise as it is known.
        window: the first and the last year.
    """
    surely = possibly = 0
    for above, start in activities:
        inside = began_in(start, window)
        surely += above is Ternary.YES and inside is Ternary.YES
        possibly += above is not Ternary.NO and inside is not Ternary.NO
    return Tally(surely, possibly)


def began_in(start: str, window: tuple[int, int]) -> Ternary:
    """Whether something that began on a date began in a window of calendar years."""
    first, last = first_day(start).year, last_day(start).year
    if last < window[0] or first > window[1]:
        return Ternary.NO
    return Ternary.YES if window[0] <= first and last <= window[1] else Ternary.UNKNOWN


def of_case(limit: Limit, case: Case, where: str) -> Kept:
    """The answer a limit gives to a worked case."""
    counted: list[tuple[Ternary, str]] = []
    for held in case.activities:
        columns = columns_of(OneActivity(name=case.name, given=held.given, expect="yes"), VOCABULARY, where)
        counted += [(limit(columns).at(0), held.start)] * held.times
    return tally(counted, limit.window(case.until)).against(limit.at_most)


@lru_cache(maxsize=32)
def limits(instrument: str, folder: Path | None = None) -> tuple[Limit, ...]:
    """The limits of an instrument, by the name of their files; none where it has no folder ``limits``.

    Raises:
        BadInput: a file is at fault; the message names file, line and what to do.
    """
    files = sorted(((folder or packaged()) / instrument / "limits").glob("*.yml"))
    return tuple(_made(path, instrument) for path in files)


def _made(path: Path, instrument: str) -> Limit:
    written = read_model(path, Written)
    words: dict[str, Any] = {**VOCABULARY, **dict.fromkeys(written.levels, "number")}
    return Limit(
        id=path.stem,
        instrument=instrument,
        written=written,
        applies=compile_formula(written.applies, words, f"{path}, applies"),
        condition=compile_formula(written.condition, words, f"{path}, condition"),
    )
