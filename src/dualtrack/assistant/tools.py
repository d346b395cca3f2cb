"""What an assistant can ask: each function with a ``Desk`` first is a tool, described by its own words and types."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from dualtrack.analyses.contract import Analysis, Parameter, analyses, analysis
from dualtrack.assistant.fitting import PARTS, dumped, overview, page, part_of, whole
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.instruments.proposal import proposals as known_proposals
from dualtrack.publish.claims.asjson import claim as claim_as_json
from dualtrack.publish.site import urls
from dualtrack.publish.tables import schema, selected, table_names
from dualtrack.publish.workbench.pages.claims import judged
from dualtrack.publish.workbench.searching import KINDS, search
from dualtrack.publish.workbench.view import View
from dualtrack.record.rows import Row
from dualtrack.serve.handed_in import Article, Refused, answer, checked_date
from dualtrack.serve.store import Kept
from dualtrack.serve.workbench import Day, NotFound, Workbench

TYPED = ("thresholds", "proposal")
"""Analyses that are tools of their own: what assistants are asked most, with their parameters as the tool's."""

_ARTICLE = 200_000  # letters of an article: a long report
_NAME = 200
_FOUND = 1_000  # places of a search that can be paged through
_KEPT = 100  # findings kept for their further pages
_CONFIG = ConfigDict(extra="forbid", allow_inf_nan=False)

AsOf = Annotated[
    str, Field("", max_length=20, description="Only what was known on this day: 2016, 2016-05 or 2016-05-09; "
               "today unless given.")
]  # fmt: skip
Known = Annotated[Literal["any", "strict"], Field("any", description="strict: only facts known from a dated source.")]
First = Annotated[int, Field(0, ge=0, le=1_000_000, description="the place of the first entry, from 0")]
Count = Annotated[int, Field(20, ge=1, le=200, description="how many entries, at most")]
Part = Annotated[
    Literal["", *PARTS],  # type: ignore[valid-type]
    Field("", description="Empty: the finding with the first entries of everything. Else a page of: "
          + "; ".join(f"{name}, {about}" for name, about in PARTS.items()) + "."),
]  # fmt: skip
Value = str | int | float | bool | list[str] | None


@dataclass(frozen=True)
class Desk:
    """Where questions are answered: the record, and the reader's own tables over it."""

    workbench: Workbench
    folder: Path | None = None
    found: Kept[Finding] = field(default_factory=lambda: Kept(_KEPT))

    @contextmanager
    def on(self, as_of: str, known: str) -> Iterator[Day]:
        """The record as known on a day."""
        strict = known == "strict" or self.workbench.record.strict
        with self.workbench.on({"as_of": as_of, "known": "strict" if strict else "any"}) as day:
            yield day


@dataclass(frozen=True)
class Tool:
    """A tool: its name, what it is for, and what it is asked with."""

    name: str
    about: str
    run: Callable[..., dict[str, Any]]
    model: type[BaseModel]

    @cached_property
    def schema(self) -> dict[str, Any]:
        """What it is asked with, as JSON Schema."""
        found: dict[str, Any] = self.model.model_json_schema()
        for described in (found, *found.get("properties", {}).values()):
            described.pop("title", None)
        return found

    def call(self, desk: Desk, given: Mapping[str, Any]) -> str:
        """The answer as JSON.

        Raises:
            BadInput: it cannot be asked like this; the message says what can.
        """
        try:
            asked = self.model.model_validate(dict(given))
        except ValidationError as error:
            said = "; ".join(f"{'.'.join(map(str, e['loc'])) or self.name}: {e['msg']}" for e in error.errors()[:5])
            raise BadInput(f"{self.name} cannot be asked like this: {said}.", "See its input schema.") from None
        values = {name: getattr(asked, name) for name in type(asked).model_fields}
        try:
            return dumped(self.run(desk, **values))
        except NotFound as error:
            raise BadInput(error.problem, error.fix) from None
        except Refused as error:
            raise BadInput(error.detail, error.fix) from None


def list_analyses(
    desk: Desk,
    analysis: Annotated[str, Field("", max_length=_NAME, description="one of them, told in full; all unless given")],
) -> dict[str, Any]:
    """The questions that can be asked of the record, with their parameters. Ask them with the tool ask.

    Told in full, a question has its parameters' types and defaults, what it takes into account, and examples.
    """
    if analysis:
        found = analyses().get(analysis)
        if not found:
            raise NoSuchName("analysis", analysis, list(analyses()))
        return {"analysis": found.name, "question": found.summary, "about": found.about,
                "parameters": _model(found.name, found.parameters).model_json_schema().get("properties", {}),
                "examples": list(found.examples)}  # fmt: skip
    return {"analyses": [
        {"analysis": a.name, "question": a.summary,
         "parameters": {p.name: "required" if p.required else p.default for p in a.parameters}}
        for a in analyses().values()
    ]}  # fmt: skip


def ask(
    desk: Desk,
    analysis: Annotated[str, Field(max_length=_NAME, description="the analysis, as list_analyses names it")],
    parameters: Annotated[dict[str, Value], Field({}, description="its parameters by name")],
    as_of: AsOf,
    known: Known,
    part: Part,
    first: First,
    count: Count,
) -> dict[str, Any]:
    """Ask the record a question: a finding with its evidence, sources, caveats, coverage and every reading of it.

    Every figure has a source in evidence. Unknown is an answer, never no. Coverage stands beside each rate: quote
    it, and the caveats, with the answer. Counts are lower bounds where a caveat says so.
    """
    if len(parameters) > 40:
        raise BadInput("No analysis has so many parameters.", "See list_analyses.")
    return _asked(desk, analysis, parameters, as_of, known, part, first, count)


def _asked(
    desk: Desk, name: str, given: Mapping[str, Value], as_of: str, known: str, of: str, first: int, count: int
) -> dict[str, Any]:
    question = analysis(name)
    parameters = question.for_others({key: value for key, value in given.items() if value is not None})
    with desk.on(as_of, known) as day:
        key = (name, dumped(sorted(parameters.items())), day.record.as_of, day.record.strict)
        found = desk.found.once(key, lambda: question.ask(day.record, parameters))
        return part_of(found, of, first, count) if of else overview(found, day.record, count)


def tables(
    desk: Desk,
    table: Annotated[str, Field("", max_length=_NAME, description="one of them, with its columns; all unless given")],
    as_of: AsOf,
    known: Known,
) -> dict[str, Any]:
    """The tables of the record: what they hold, how far they were collected, and what each column means.

    What was not collected is not zero.
    """
    with desk.on(as_of, known) as day:
        if table:
            spec = schema(day.record, table)
            shown = {
                "table": table, "title": spec.title, "about": spec.about, "collected": spec.collected,
                "complete": [extent.model_dump() for extent in spec.complete], "key": spec.key,
                "columns": [column.model_dump(exclude_defaults=True) for column in spec.fields],
            }  # fmt: skip
            return whole(shown)
        return {"as_of": day.record.as_of, "tables": [
            {"table": name, "title": schema(day.record, name).title,
             "rows": len(day.record.rows(name)) if name in day.record.tables else None}
            for name in table_names(day.record)
        ]}  # fmt: skip


def rows(
    desk: Desk,
    table: Annotated[str, Field(max_length=_NAME, description="the table, as tables names it")],
    where: Annotated[
        str,
        Field(
            "",
            max_length=1_000,
            description="a condition over its columns, such as: year >= 2020 and "
            "side = 'nato'; an unknown cell meets none",
        ),
    ],
    as_of: AsOf,
    known: Known,
    first: First,
    count: Count,
) -> dict[str, Any]:
    """Rows of a table as known on a day, those that meet a condition, page by page. An empty cell is unknown."""
    with desk.on(as_of, known) as day:
        _, found = selected(day.record, table, where)
        entries = [{"row": f"{table}/{one.id}", **one} for one in found]
        return page(entries, first, count, {"table": table, "as_of": day.record.as_of})


def row(
    desk: Desk,
    row: Annotated[str, Field(max_length=2 * _NAME, description="table/id, such as exercises/zapad-2017")],
    as_of: AsOf,
    known: Known,
) -> dict[str, Any]:
    """One row of the record with its sources, since when it is known, and what was corrected in it."""
    table, slash, id_ = row.strip().strip("/").partition("/")
    if not slash:
        raise BadInput(f"{row[:80]!r} names no row.", "Write table/id, such as exercises/zapad-2017.")
    with desk.on(as_of, known) as day:
        try:
            found = day.record.row(table, id_)
        except NoSuchName:
            found = _placed(desk, day, table, id_)
        cells = [found.evidence(name) for name in found if found[name] is not None]
        corrected = [cell.model_dump(mode="json") for cell in cells if cell.corrected]
        shown = {
            "row": f"{table}/{found.id}", "as_of": day.record.as_of, "cells": dict(found),
            "unknown": [name for name in found if found[name] is None],
            "sources": [card.model_dump() for card in day.record.sources(found.sources)], "corrected": corrected,
        }  # fmt: skip
        return whole(shown)


def _placed(desk: Desk, day: Day, table: str, id_: str) -> Row:
    """The row by its address in the site, as a search shows it; else the message names what is near."""
    try:
        return desk.workbench.row(day, urls.row(table, id_).removeprefix("rows/"))
    except NotFound:
        return day.record.row(table, id_)


def find(
    desk: Desk,
    words: Annotated[str, Field(max_length=_NAME, description="words, names, codes or ids")],
    kind: Annotated[Literal["", *KINDS], Field("", description="one kind of things")],  # type: ignore[valid-type]
    as_of: AsOf,
    known: Known,
    first: First,
    count: Count,
) -> dict[str, Any]:
    """Search everything on record: rows, claims, terms, tables, questions; the best first.

    A place rows/TABLE/ID is read with the tool row.
    """
    with desk.on(as_of, known) as day:
        found = search(View(day.record), words, kind, _FOUND)
        best = [{"kind": e.kind, "title": e.title, "text": e.shown, "place": e.place} for e in found.best]
        return page(best, first, count, {"words": words, "as_of": day.record.as_of, "in_all": found.total})


def claims(
    desk: Desk,
    words: Annotated[
        str,
        Field(
            "",
            max_length=_NAME,
            description="only those whose statement, speaker, topic or id holds each of these words",
        ),
    ],
    verdict: Annotated[str, Field("", max_length=40, description="only those with this verdict as of the day")],
    as_of: AsOf,
    known: Known,
    first: First,
    count: Count,
) -> dict[str, Any]:
    """The claims that were made by a day, with their verdicts when they were said and as of that day.

    The same tables, readings and tolerances serve every speaker. One claim in full: the tool claim.
    """  # fmt: skip
    wanted = words.casefold().split()
    with desk.on(as_of, known) as day:
        lines = [
            {"number": one.claim.number, "id": one.claim.id, "statement": one.claim.statement,
             "speaker": one.claim.speaker.name, "said": one.claim.said or None, "topic": one.claim.topic,
             "verdict_when_said": one.said.verdict.value if one.said else None,
             "verdict": one.latest.verdict.value if one.latest else None,
             "not_computed": one.claim.not_computed or None}
            for one in judged(day.record)
        ]  # fmt: skip
        found = [
            line for line in lines
            if all(word in " ".join(map(str, line.values())).casefold() for word in wanted)
            and (not verdict or (line["verdict"] or "not computed") == verdict.strip().casefold())
        ]  # fmt: skip
        about = {"as_of": day.record.as_of, "verdicts": sorted({line["verdict"] or "not computed" for line in lines})}
        return page(found, first, count, about)


def claim(
    desk: Desk,
    claim: Annotated[str, Field(max_length=_NAME, description="its id or number, such as cp001")],
    as_of: AsOf,
    known: Known,
) -> dict[str, Any]:
    """Judge one claim: its verdict under every reading, what it rests on, and what would turn it."""
    with desk.on(as_of, known) as day:
        found = {name: one for one in judged(day.record) for name in (one.claim.id, one.claim.number)}
        if claim not in found:
            raise NoSuchName(f"claim made by {day.record.as_of}", claim, list(found))
        return whole(claim_as_json(found[claim]))


def article(
    desk: Desk,
    text: Annotated[str, Field(max_length=_ARTICLE, description="the article, as text")],
    date: Annotated[str, Field("", max_length=10, description="when it appeared: 2016, 2016-05 or 2016-05-09")],
    as_of: AsOf,
    known: Known,
    first: First,
    count: Count,
) -> dict[str, Any]:
    """Hold an article against the record: each sentence that matches a tested claim, with the verdict then and now.

    It is read in a process of its own, bounded in time and memory, and not kept. Sentences without a match are left
    out; start and end count letters of the text.
    """
    if not text.strip():
        raise BadInput("There is no article.", "Give its text.")
    with desk.on(as_of, known) as day:
        on, strict = day.record.as_of, day.record.strict
    handed = Article("", text.encode("utf-8", "replace"), checked_date(date))
    found = answer(handed, on, strict, desk.folder)["json"]
    told = [one for one in found["sentences"] if one["claim"] or "argument" in one or "recommendation" in one]
    about = {"as_of": found["as_of"], "sentences": len(found["sentences"]), "mode": found["mode"]}
    entries = [{**one, "text": text[one["start"] : one["end"]]} for one in told]
    return page(entries, first, count, about)


def proposals(desk: Desk, as_of: AsOf, known: Known) -> dict[str, Any]:
    """Proposals to change the rules on exercises: those on record by a day, and invented what-ifs, told apart.

    Run one with the tool proposal: what it would have caught, for every state alike.
    """
    with desk.on(as_of, known) as day:
        on_record = {one.id for one in day.record.rows("proposals")}
        return {"as_of": day.record.as_of, "proposals": [
            {"id": id_, "label": one.label, "amends": one.written.amends, "note": one.written.note,
             "not_run": one.written.not_run or None}
            for id_, one in known_proposals().items()
            if not one.written.proposal or one.written.proposal in on_record
        ]}  # fmt: skip


def readings(
    desk: Desk,
    slot: Annotated[str, Field("", max_length=_NAME, description="what is read, as found here; all unless given")],
    as_of: AsOf,
    known: Known,
    first: First,
    count: Count,
) -> dict[str, Any]:
    """What disputed words mean to whom: the named readings of every slot, since when, and why somebody reads it so."""
    with desk.on(as_of, known) as day:
        record = day.record
        found = [
            {"slot": name, "id": one.id, "label": one.label, "class": one.class_, "since": one.since, "why": one.why,
             "in_use": one.exists_on(record.as_of), "sources": list(one.sources)}
            for name in record.slots for one in record.readings(slot or name) if not slot or name == slot
        ]  # fmt: skip
        return page(found, first, count, {"as_of": record.as_of, "slots": record.slots})


def tools() -> dict[str, Tool]:
    """Every tool by name."""
    own: list[Callable[..., dict[str, Any]]] = [
        list_analyses, ask, find, tables, rows, row, claims, claim, article, proposals, readings,
    ]  # fmt: skip
    return {tool.name: tool for tool in [*map(_described, own), *(_typed(analyses()[name]) for name in TYPED)]}


def _described(run: Callable[..., dict[str, Any]]) -> Tool:
    hints = get_type_hints(run, include_extras=True)
    fields = {name: hints[name] for name in list(inspect.signature(run).parameters)[1:]}
    model = create_model(run.__name__, __config__=_CONFIG, **fields)
    return Tool(run.__name__, inspect.getdoc(run) or "", run, model)


def _typed(question: Analysis) -> Tool:
    """An analysis as a tool: its parameters are the tool's."""

    def run(
        desk: Desk, as_of: str, known: str, part: str, first: int, count: int, **parameters: Value
    ) -> dict[str, Any]:
        return _asked(desk, question.name, parameters, as_of, known, part, first, count)

    own = {"as_of": AsOf, "known": Known, "part": Part, "first": First, "count": Count}
    model = _model(question.name, question.parameters, **own)
    return Tool(question.name, f"{question.summary}.\n\n{question.about}", run, model)


def _model(name: str, parameters: tuple[Parameter, ...], **more: Any) -> type[BaseModel]:
    """What an analysis is asked with, and what else."""
    fields: dict[str, Any] = {
        p.name: (p.type, Field(... if p.required else p.default, description=p.about)) for p in parameters
    }
    found: type[BaseModel] = create_model(name, __config__=_CONFIG, **{**fields, **more})
    return found
