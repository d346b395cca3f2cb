"""Named readings: what a word of the debate can mean, as a selection of rows or a test of them. One YAML file each.

A reading selects or tests rows; it never holds a finished ratio. The same files serve every speaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput, BadRecord, Fault
from dualtrack.core.finding import ReadingClass
from dualtrack.core.yamlfile import as_fault, read_yaml
from dualtrack.record.stationing import StationingTest
from dualtrack.record.table import LoadedTable

_ORDER = {"speaker": 0, "public": 1, "stress": 2}


class Part(BaseModel):
    """Rows to be taken, and how often. ``where`` compares columns with a value or a list of values.

    ``pick`` takes all the rows, or only the one with the latest date as known; ``times`` multiplies the sum.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    where: dict[str, str | int | list[str]]
    pick: Literal["all", "latest"] = "all"
    times: Fraction = Field(default=Fraction(1), gt=0)
    low: str = "troops_low"
    high: str = "troops_high"


class Side(BaseModel):
    """One side of a comparison: what it counts, in words, and the rows that are added up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    parts: tuple[Part, ...] = Field(min_length=1)


class Reading(BaseModel):
    """A named interpretation of one slot.

    ``class`` says whose it is: ``speaker`` (evidently meant), ``public`` (someone on record uses it, sources
    required) or ``stress`` (ours; printed apart, never counted in a verdict). ``sets`` are parameters of an analysis
    that is asked once per reading, such as the basis of a figure. ``test`` says when a restraint is not kept.
    ``since`` and ``until``: the first and last day it was in use.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    id: str
    slot: str
    label: str
    class_: ReadingClass
    why: str
    since: str = ""
    until: str = ""
    sources: tuple[str, ...] = ()
    group: str = ""
    sets: dict[str, str | int | float | bool] = {}
    numerator: Side | None = None
    denominator: Side | None = None
    test: StationingTest | None = None

    @model_validator(mode="before")
    @classmethod
    def _class_is_a_word(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and "class" in raw:
            raw = {**raw, "class_": raw["class"]}
            del raw["class"]
        return raw

    @model_validator(mode="after")
    def _says_what_it_selects(self) -> Reading:
        ratio = self.numerator is not None and self.denominator is not None
        if sum((bool(self.group), bool(self.sets), ratio, self.test is not None)) != 1:
            raise ValueError(
                "a reading selects either a group or a numerator and a denominator, sets parameters, or is a test"
            )
        if self.class_ != "stress" and not self.sources:
            raise ValueError(f"a reading of class {self.class_} needs the sources that use it")
        if self.since:
            first_day(self.since)
        if self.until and last_day(self.until) < first_day(self.since or self.until):
            raise ValueError(f"until {self.until} lies before since {self.since}")
        return self

    def exists_on(self, day: date) -> bool:
        """Whether the reading was in use on a day."""
        return (not self.since or first_day(self.since) <= day) and (not self.until or day <= last_day(self.until))


def load_readings(
    folders: Sequence[Path], tables: dict[str, LoadedTable], groups: set[str]
) -> dict[str, list[Reading]]:
    """All readings by slot, from ``readings/SLOT/ID.yml`` of each folder; a later folder's file wins.

    Raises:
        BadRecord: a file is not YAML or no reading, or names a table, column, group or source that is not there.
    """
    found: dict[str, dict[str, Reading]] = {}
    faults: list[Fault] = []
    for path in [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("readings/*/*.yml"))]:
        try:
            raw = read_yaml(path)
        except BadInput as error:
            faults.append(as_fault(path, error))
            continue
        said = [
            f"{name}: the name of the {of} says it." for name, of in (("id", "file"), ("slot", "folder")) if name in raw
        ]
        if said:
            faults.append(Fault(str(path), 0, "", " ".join(said), "Leave it out."))
            continue
        try:
            reading = Reading(id=path.stem, slot=path.parent.name, **raw)
        except ValidationError as error:
            faults.append(Fault(str(path), 0, "", f"{_words(error)}.", "See CONTRIBUTING, A reading."))
            continue
        faults += _faults(path, reading, tables, groups)
        found.setdefault(reading.slot, {})[reading.id] = reading
    if faults:
        raise BadRecord(faults, folders[-1])
    return {
        slot: sorted(readings.values(), key=lambda r: (_ORDER[r.class_], r.id))
        for slot, readings in sorted(found.items())
    }


def _faults(path: Path, reading: Reading, tables: dict[str, LoadedTable], groups: set[str]) -> list[Fault]:
    wrong = []
    if reading.group and reading.group not in groups:
        wrong.append((f"{reading.group!r} is not a group.", "Use a group of groups.csv."))
    for source in reading.sources:
        if source not in tables["sources"].rows:
            wrong.append((f"{source!r} is not a source.", "Add it to sources.csv or correct the id."))
    if reading.test and reading.test.position and reading.test.position not in tables["instruments_positions"].rows:
        wrong.append((f"{reading.test.position!r} is not a row of instruments_positions.", "Correct test.position."))
    for side in (reading.numerator, reading.denominator):
        for part in side.parts if side else ():
            if part.table not in tables:
                wrong.append((f"{part.table!r} is not a table.", f"Tables: {', '.join(tables)}."))
                continue
            spec = tables[part.table].spec
            lost = [name for name in (*part.where, part.low, part.high) if not spec.has(name)]
            if lost:
                wrong.append((f"{part.table} has no column {', '.join(lost)}.", "Correct the name."))
                continue
            for name in (part.low, part.high):
                if spec.field(name).type not in ("integer", "number"):
                    wrong.append((f"{name} of {part.table} holds no numbers.", "Name a column of figures."))
    return [Fault(str(path), 0, "", problem, fix) for problem, fix in wrong]


def _words(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'the reading'}: {e['msg'].removeprefix('Value error, ')}"
        for e in error.errors()
    )
