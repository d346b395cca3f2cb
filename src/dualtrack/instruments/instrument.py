"""An instrument: a folder with what it is, what of it is modelled, and one file per rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import NoSuchName
from dualtrack.core.yamlfile import line_of, read_model
from dualtrack.instruments.rule import OUTCOMES, Rule, Written, make_rule


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class About(_Part):
    """``instrument.yml``: what an instrument is, from when to when it applies; of a ``series`` one applies a day."""

    title: str
    nature: Literal["political", "treaty"]
    about: str
    since: str
    until: str = ""
    series: str = ""
    sources: list[str] = []

    @field_validator("since", "until")
    @classmethod
    def _is_a_date(cls, value: str) -> str:
        if value:
            first_day(value)
        return value


class Paragraph(_Part):
    """One paragraph or chapter in ``coverage.yml``: whether it is modelled, where, and if not, why not."""

    paragraph: str
    about: str
    modelled: Literal["yes", "in part", "no"]
    by: list[str] = Field(default=[], description="rule files, analyses or tables")
    why: str = Field(default="", description="what is left out, and why")
    rules: list[str] = Field(default=[], description="rows of the table rules")

    @field_validator("modelled", mode="before")
    @classmethod
    def _word(cls, raw: Any) -> Any:
        return {True: "yes", False: "no"}[raw] if isinstance(raw, bool) else raw


class _Coverage(_Part):
    paragraphs: list[Paragraph]


@dataclass(frozen=True)
class Instrument:
    """An instrument as loaded: its rules in the order they are to be evaluated, and what of its text they cover."""

    id: str
    about: About
    rules: tuple[Rule, ...]
    coverage: tuple[Paragraph, ...]

    def applies_on(self, first: date, last: date) -> bool:
        """Whether it applied on a day that lies between the two (the first day it is known to have applied counts)."""
        since, until = first_day(self.about.since), self.about.until
        return last >= since and (not until or first <= last_day(until))

    def rule(self, id_: str) -> Rule:
        """One of its rules.

        Raises:
            NoSuchName: it has no such rule.
        """
        for rule in self.rules:
            if rule.id == id_:
                return rule
        raise NoSuchName(f"rule of {self.id}", id_, [rule.id for rule in self.rules])


def packaged() -> Path:
    """The folder of the instruments that come with the package."""
    return Path(str(resources.files("dualtrack.instruments") / "data"))


@lru_cache(maxsize=4)
def instruments(folder: Path | None = None) -> dict[str, Instrument]:
    """All instruments by id, in order of time.

    Raises:
        BadInput: a file is at fault; the message names file, line and what to do.
    """
    root = folder or packaged()
    found = [_load(path.parent) for path in sorted(root.glob("*/instrument.yml"))]
    return {i.id: i for i in sorted(found, key=lambda i: (first_day(i.about.since), i.id))}


def instrument(name: str) -> tuple[Instrument, ...]:
    """The instruments of this name: one, or those of a series in order of time.

    Raises:
        NoSuchName: there is no such instrument and no such series.
    """
    known = instruments()
    if name in known:
        return (known[name],)
    series = tuple(i for i in known.values() if i.about.series == name)
    if not series:
        names = [*sorted({i.about.series for i in known.values() if i.about.series}), *known]
        raise NoSuchName("instrument", name, names)
    return series


def _load(folder: Path) -> Instrument:
    about = read_model(folder / "instrument.yml", About)
    coverage = folder / "coverage.yml"
    paragraphs = read_model(coverage, _Coverage).paragraphs if coverage.is_file() else []
    files = sorted(p for p in folder.glob("*.yml") if p.name not in ("instrument.yml", "coverage.yml"))
    rules = [make_rule(path.stem, folder.name, read_model(path, Written), partial(_place, path)) for path in files]
    rules.sort(key=lambda rule: (OUTCOMES.index(rule.written.outcome), rule.id))
    return Instrument(folder.name, about, tuple(rules), tuple(paragraphs))


def _place(path: Path, key: str) -> str:
    return f"{path}:{line_of(path, [key])}"


def rules_for(found: Sequence[Instrument], outcome: str) -> list[Rule]:
    """The rules of some instruments with this outcome."""
    return [rule for i in found for rule in i.rules if rule.written.outcome == outcome]
