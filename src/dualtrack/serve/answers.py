"""What the API answers with, as its description has it: the shape of each answer, and of an error."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from dualtrack.core.finding import ReadingClass
from dualtrack.serve.problems import MEDIA

Ternary = Literal["yes", "no", "unknown"]


class Csv(Response):
    """CSV with a header line; no spreadsheet runs any of it."""

    media_type = "text/csv"


class Problem(BaseModel):
    """An error as RFC 9457 has it; ``fix`` says what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    fix: str = ""


class About(BaseModel):
    """The version, the day, and where everything is."""

    dualtrack: str
    as_of: date
    compiled: date
    openapi: str
    tables: str
    analyses: str
    readings: str
    claims: str
    exercises: str
    search: str


class Table(BaseModel):
    """A table, or a panel counted from the tables: what it holds, how far it was collected, what each column means."""

    table: str
    title: str
    kind: str
    about: str
    collected: str
    complete: list[dict[str, Any]]
    key: list[str]
    rows: int | None
    columns: list[dict[str, Any]]


class Cells(BaseModel):
    """A row with its permanent id and its cells by column; one that is unknown is null."""

    model_config = ConfigDict(extra="allow")

    row: str


class ReadingTold(BaseModel):
    """What disputed words mean to somebody."""

    id: str
    label: str
    class_: ReadingClass
    since: str
    in_use: bool
    why: str
    sources: list[str]

    model_config = ConfigDict(alias_generator=lambda name: name.rstrip("_"))


class ParameterTold(BaseModel):
    """What a question is asked with."""

    name: str
    about: str
    required: bool
    default: Any


class Question(BaseModel):
    """A question that can be asked."""

    analysis: str
    question: str
    about: str
    parameters: list[ParameterTold]
    examples: list[dict[str, Any]]
    url: str


class Claim(BaseModel):
    """A claim with its verdicts: as asked, when it was said, and as of the latest day."""

    model_config = ConfigDict(extra="allow")

    id: str
    number: str
    statement: str
    speaker: dict[str, Any]
    said: str | None
    topic: str
    verdict: str | None
    not_computed: str | None
    when_said: dict[str, Any] | None
    latest: dict[str, Any] | None


class RuleVerdict(BaseModel):
    """What the rules asked of an exercise."""

    model_config = ConfigDict(extra="allow")

    id: str
    notifiable: Ternary
    observable: Ternary


class Verdicts(BaseModel):
    """What the rules of an instrument asked of each exercise, on one figure."""

    instrument: str
    basis: str
    rows: list[RuleVerdict]


class Place(BaseModel):
    """Something that was found, and where it is."""

    kind: str
    title: str
    text: str
    url: str


class Results(BaseModel):
    """The best places for some words, and how many there are."""

    q: str
    total: int
    results: list[Place]


class AnsweredArticle(BaseModel):
    """An article without its text: each sentence by its place, with what the record says of it."""

    model_config = ConfigDict(extra="allow")

    article: dict[str, Any]
    as_of: dict[str, Any]
    sentences: list[dict[str, Any]]


PROBLEM: dict[str, Any] = {"content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
ERRORS: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is nothing of this name on that day.", **PROBLEM},
    422: {"description": "It cannot be asked like this.", **PROBLEM},
}
CSV: dict[str, Any] = {"response_class": Csv, "responses": ERRORS}
"""The description of an answer in CSV."""


def json_of(shape: Any) -> dict[str, Any]:
    """The description of an answer in JSON."""
    return {"responses": {200: {"description": "As known on the day.", "model": shape}, **ERRORS}}
