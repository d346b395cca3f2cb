"""The one type between the record and everything that is published: a finding with its evidence."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Kind = Literal["number", "interval", "set", "table", "three_valued"]
ReadingClass = Literal["speaker", "public", "stress"]


class Part(BaseModel):
    """A piece of a finding; unknown keys are refused so that the format cannot drift."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Coverage(Part):
    """For how many of the cases a figure is known; stands beside every rate."""

    known: int
    total: int
    of: str = Field(description="what is counted, in words")


class Answer(Part):
    """What was found. ``value`` is a number, a sorted list of codes, a list of rows, or yes|no|unknown."""

    kind: Kind
    value: Any = None
    low: float | None = None
    best: float | None = None
    high: float | None = None
    unit: str | None = None
    unknown: list[str] = Field(default=[], description="members or rows the record cannot decide")
    why_unknown: str | None = Field(default=None, description="what is missing, and in which table")
    coverage: Coverage | None = None
    figures: dict[str, float] | None = Field(default=None, description="figure behind each member, where known")
    summary: dict[str, list[dict[str, Any]]] = Field(
        default={}, description="small tables over the rows by title: counts and rates, each with what it is out of"
    )


class Figure(Part):
    """One published figure, or a sum of them, with its range; a bound that is not on record is None."""

    role: str = Field(default="", description="what part it plays, such as numerator or visiting")
    label: str = Field(description="what is counted, in words")
    low: float | None = None
    best: float | None = None
    high: float | None = None
    unit: str | None = None
    as_of: str | None = Field(default=None, description="the date the figure is for, as precise as it is known")
    row: str | None = Field(default=None, description="table/row it stands in, where it is one row's figure")
    rows: list[str] = Field(default=[], description="table/row of every figure it is made of, where it is a sum")


class ByReading(Part):
    """The answer under one named reading of each slot."""

    reading: dict[str, str] = Field(description="slot: reading id")
    class_: ReadingClass = Field(alias="class")
    answer: Answer
    label: str = ""
    later: bool = Field(
        default=False, description="the reading was not in use on the day asked about: not yet, or no longer"
    )
    sources: list[str] = []
    why: str = Field(default="", description="what makes somebody read it so")
    parts: list[Figure] = Field(default=[], description="the figures the answer is computed from")
    within: Literal["yes", "no", "in part", "unknown"] | None = Field(
        default=None, description="whether the whole range lies in the range asked about"
    )
    within_best: Literal["yes", "no", "unknown"] | None = Field(
        default=None, description="whether the single published figure lies in the range asked about"
    )


class Edition(Part):
    """The answer as one dated edition of a table gives it."""

    edition: str
    answer: Answer
    basis: str = Field(default="", description="whether values or only a list of names are on record")


class Corrected(Part):
    """That a cell is not as it was published: what it was, and why it was changed."""

    was: str | int | float | None
    reason: str
    source: str = Field(default="", description="source id of what shows the error, where there is one")
    status: Literal["open", "reported", "fixed_upstream"]
    date: str


class Evidence(Part):
    """One cell of the record that the answer rests on."""

    table: str
    row: str = Field(description="permanent id of the row within its table")
    field: str
    value: str | int | float | None
    sources: list[str] = Field(description="source ids, resolved in the finding's sources")
    known_from: str | None = None
    known_basis: str | None = Field(default=None, description="dated source | public event | inferred")
    corrected: Corrected | None = Field(default=None, description="set where a correction changed the cell")


class Source(Part):
    """Who published what, where and when."""

    id: str
    publisher: str = ""
    title: str = ""
    url: str = ""
    published: str = ""
    kind: str = ""


class Method(Part):
    """How the answer was computed: in words, the selections made, and the version of the tool."""

    text: str
    sql: list[str] = []
    version: str


class Finding(Part):
    """A question, its answer, every reading and edition of it, and the rows it rests on.

    Raises:
        ValueError: there is no evidence, or an evidence row names a source the finding does not carry.
    """

    format: Literal[1] = Field(default=1, alias="schema")
    id: str
    analysis: str
    question: str
    headline: str = Field(description="the answer in one sentence")
    as_of: date
    parameters: dict[str, Any]
    answer: Answer
    by_reading: list[ByReading] = []
    editions: list[Edition] = []
    evidence: list[Evidence] = Field(json_schema_extra={"minItems": 1})
    sources: list[Source]
    method: Method
    caveats: list[str] = []

    @field_validator("evidence")
    @classmethod
    def _evidence_is_obligatory(cls, evidence: list[Evidence]) -> list[Evidence]:
        if not evidence:
            raise ValueError("a finding cannot be built without evidence rows")
        return evidence

    def model_post_init(self, _context: object) -> None:
        """Refuses evidence whose source cannot be looked up."""
        known = {source.id for source in self.sources}
        lost = {s for item in self.evidence for s in item.sources} - known
        if lost:
            raise ValueError(f"evidence names sources that are not carried along: {sorted(lost)}")

    def to_json(self, indent: int | None = 2) -> str:
        """The finding as JSON (``finding.schema.json`` describes it)."""
        return self.model_dump_json(by_alias=True, indent=indent)

    def to_text(self) -> str:
        """The finding as a terminal shows it."""
        from dualtrack.core.show import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        """The finding as a notebook shows it."""
        from dualtrack.core.show import as_html

        return as_html(self)


def finding_id(analysis: str, parameters: dict[str, Any], as_of: date) -> str:
    """A readable permanent id: the same question as of the same day always has the same one.

    >>> finding_id("spending_guideline", {"year": 2015, "group": "nato"}, date(2016, 5, 9))
    'spending_guideline/2016-05-09/group=nato,year=2015'
    """
    parts = [f"{key}={_slug(value)}" for key, value in sorted(parameters.items()) if value is not None]
    return "/".join([analysis, as_of.isoformat(), *([",".join(parts)] if parts else [])])


def _slug(value: object) -> str:
    text = "+".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return re.sub(r"[^A-Za-z0-9._+-]+", "-", text)
