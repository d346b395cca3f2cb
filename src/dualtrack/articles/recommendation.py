"""Recommendations as files: what was asked of whom, and dated measures of what has happened since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dualtrack.analyses.contract import analysis
from dualtrack.claims.asking import Asker, Refused
from dualtrack.claims.claim import Ask
from dualtrack.claims.taking import NothingToTake, Take, take
from dualtrack.claims.values import Answered, Span, Value
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.core.ternary import Ternary
from dualtrack.core.yamlfile import read_model

Moved = Literal["as asked", "the other way", "not at all", "cannot tell", "not judged"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(_Part):
    """One figure that shows whether what was asked came about: of whom, taken from which finding, and which way.

    ``now`` replaces parameters for the later day, such as the year. ``wanted: shown`` is for figures that cannot show a
    direction, such as tallies that only grow or surveys with another wording: they are shown and not judged.
    """

    label: str = Field(min_length=1)
    of: str = Field(min_length=1)
    ask: Ask
    now: dict[str, Any] = {}
    take: Take = Take()
    wanted: Literal["more", "less", "yes", "shown"]


class Recommendation(_Part):
    """What was asked for, by whom and when; ``id`` is the file's name. What cannot be measured says why not."""

    id: str
    path: Path
    statement: str = Field(min_length=1)
    variants: tuple[str, ...] = Field(min_length=2)
    place: int = Field(ge=1, description="where it stands in the list")
    addressee: str
    asked: str
    sources: tuple[str, ...] = Field(min_length=1)
    measures: tuple[Measure, ...] = ()
    not_measured: str = ""
    note: str = ""

    @field_validator("asked")
    @classmethod
    def _is_a_date(cls, value: str) -> str:
        first_day(value)
        return value

    @model_validator(mode="after")
    def _is_measured_or_says_why_not(self) -> Recommendation:
        if bool(self.measures) == bool(self.not_measured):
            raise ValueError("give measures, or say in not_measured why there are none")
        return self

    @property
    def day(self) -> date:
        """The last day on which it can have been asked."""
        return last_day(self.asked)


@dataclass(frozen=True)
class Measured:
    """A measure as of two days: the values (None with the reason in words where there is none), and which way."""

    measure: Measure
    then: Value | None
    now: Value | None
    then_words: str
    now_words: str
    moved: Moved
    findings: tuple[Finding, ...]


def packaged_recommendations() -> Path:
    """The folder of the recommendations that come with the package."""
    return Path(str(resources.files("dualtrack.articles") / "data" / "recommendations"))


@lru_cache(maxsize=1)
def recommendations() -> tuple[Recommendation, ...]:
    """The recommendations that come with the package, in the order of their places."""
    files = packaged_recommendations().glob("*.yml")
    found = [read_model(path, Recommendation, id=path.stem, path=path) for path in files]
    return tuple(sorted(found, key=lambda r: (r.place, r.id)))


def measured(asker: Asker, found: Recommendation, then: date, now: date) -> list[Measured]:
    """Every measure of a recommendation as of two days.

    Raises:
        BadInput: a measure asks what cannot be asked.
    """
    return [_measured(asker, found, measure, then, now) for measure in found.measures]


def _measured(asker: Asker, of: Recommendation, measure: Measure, then: date, now: date) -> Measured:
    analysis(measure.ask.analysis)
    before, before_words, one = _value(asker, of, measure, then, measure.ask.parameters)
    after, after_words, two = _value(asker, of, measure, now, {**measure.ask.parameters, **measure.now})
    findings = tuple(finding for finding in (one, two) if finding)
    return Measured(measure, before, after, before_words, after_words, moved(measure, before, after), findings)


def _value(
    asker: Asker, of: Recommendation, measure: Measure, day: date, parameters: Mapping[str, Any]
) -> tuple[Value | None, str, Finding | None]:
    try:
        said = asker.ask(measure.ask.analysis, parameters, day)
    except BadInput as error:
        raise BadInput(f"{of.path}: {error.problem}", error.fix) from None
    if isinstance(said, Refused):
        return None, "nothing on record", None
    try:
        value = take(measure.take, said.answer, (), counts_all=False, where=str(of.path))
    except NothingToTake:
        return None, "nothing on record", said
    return value, str(value).removesuffix(" rows").removesuffix(" row"), said


def moved(measure: Measure, then: Value | None, now: Value | None) -> Moved:
    """Which way a measure moved: only where the bounds leave no doubt."""
    if measure.wanted == "shown":
        return "not judged"
    if measure.wanted == "yes":
        if not isinstance(now, Answered) or now.answer is Ternary.UNKNOWN:
            return "cannot tell"
        return "as asked" if now.answer is Ternary.YES else "not at all"
    before, after = _bounds(then), _bounds(now)
    if before is None or after is None:
        return "cannot tell"
    if before == after:
        return "not at all"
    if after[0] >= before[1] or after[1] <= before[0]:
        up = after[0] >= before[1]
        return "as asked" if up == (measure.wanted == "more") else "the other way"
    return "cannot tell"


def _bounds(value: Value | None) -> tuple[float, float] | None:
    if not isinstance(value, Span):
        return None
    ends: Sequence[float | None] = (value.low, value.high)
    if None in ends:  # a count of a sample has a low bound only: the published figure is all there is
        return None if value.best is None else (value.best, value.best)
    low, high = ends
    assert low is not None
    assert high is not None
    return low, high
