"""The record as an API: JSON and CSV under ``/api``, described by OpenAPI; the same answers as pages and commands give.

Every finding is a route of its own, made from its analysis: its parameters, their meaning and their examples.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from dualtrack import __version__
from dualtrack.analyses.contract import Analysis, analyses
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.instruments.activities import Told
from dualtrack.instruments.instrument import instrument as named_instrument
from dualtrack.instruments.telling import COLUMNS, as_line
from dualtrack.instruments.telling import as_json as verdict_as_json
from dualtrack.instruments.verdicts import verdicts
from dualtrack.publish.claims.asjson import claim as claim_as_json
from dualtrack.publish.formats import formats
from dualtrack.publish.lines import as_csv
from dualtrack.publish.pages.template import templates
from dualtrack.publish.tables import schema, selected, table_names
from dualtrack.publish.workbench.contract import pages
from dualtrack.publish.workbench.pages.claims import judged
from dualtrack.publish.workbench.searching import search
from dualtrack.publish.workbench.view import View
from dualtrack.serve.answers import (
    CSV,
    PROBLEM,
    About,
    AnsweredArticle,
    Cells,
    Claim,
    Problem,
    Question,
    ReadingTold,
    Results,
    Table,
    Verdicts,
    json_of,
)
from dualtrack.serve.articles import Articles
from dualtrack.serve.handed_in import Article, Refused, checked_date
from dualtrack.serve.pages import CACHE, matches, one_each
from dualtrack.serve.problems import MEDIA, problem
from dualtrack.serve.quick import CSV_MEDIA, FORMS, JSON_MEDIA, told
from dualtrack.serve.store import Answer
from dualtrack.serve.workbench import Day, NotFound, Workbench

AsOf = Annotated[
    str | None,
    Query(description="Only what was known on this day: 2016, 2016-05 or 2016-05-09.", examples=["2016-05-09"],
          max_length=20),
]  # fmt: skip
Known = Annotated[Literal["any", "strict"], Query(description="strict: only facts known from a dated source.")]
Where = Annotated[
    str,
    Query(description="A condition over the columns, as for know table --where.", max_length=1_000,
          examples=["year >= 2020"]),
]  # fmt: skip
Name = Annotated[str, Path(max_length=200)]
InstrumentName = Annotated[
    str, Query(description="an instrument, or a series of texts", max_length=80, examples=["vienna_document"])
]
Figure = Annotated[Told, Query(description="the figure taken")]
Words = Annotated[str, Query(description="words, names, codes or ids", max_length=200, examples=["zapad 2017"])]
Limit = Annotated[int, Query(ge=1, le=200, description="how many places")]
Kinds = Annotated[
    Literal["", "page", "finding", "claim", "term", "table", "row"], Query(description="one kind of places")
]
_MOST_ROWS = 10_000


class NewArticle(BaseModel):
    """An article to be answered."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2_000_000, examples=["Only five of 28 allies met the two percent guideline in 2015."])
    date: str = Field(default="", max_length=10, description="when it appeared", examples=["2016-05-09"])


def make_api(workbench: Workbench, articles: Articles) -> FastAPI:
    """The application under ``/api``."""
    app = FastAPI(
        title="dualtrack",
        version=__version__,
        description="The public record of deterrence and dialogue between NATO and Russia. Every figure has a source, "
        "every question is asked as of a date, and the same rules hold for every state. Read-only.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    _errors(app)
    _about(app, workbench)
    _tables(app, workbench)
    _findings(app, workbench)
    _checks(app, workbench)
    _asked(app, workbench, articles)
    return app


def _answer(workbench: Workbench, request: Request, media: str, make: Callable[[Day], str | bytes]) -> Response:
    """The answer to a request: from what is kept, or made now; or only that it has not changed."""
    query = one_each(str(request.url.query))
    tag = workbench.tag(request.scope["path"], query)
    headers = {"etag": tag, "cache-control": CACHE}
    if matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)

    def made() -> Answer:
        with workbench.on(query) as day:
            body = make(day)
        return Answer(body if isinstance(body, bytes) else body.encode("utf-8"), media, effort=1)

    kept = workbench.answers.once(tag, made)
    headers["vary"] = "accept-encoding"
    if kept.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(kept.packed, media_type=kept.media, headers={**headers, "content-encoding": "gzip"})
    return Response(kept.body, media_type=kept.media, headers=headers)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def _named(make: Callable[[], Any]) -> Any:
    """What a name in the address stands for; one that is not known is an address where nothing is."""
    try:
        return make()
    except NoSuchName as error:
        raise NotFound(error) from None


def _about(app: FastAPI, workbench: Workbench) -> None:
    @app.get("/api", summary="What can be asked", tags=["about"], **json_of(About))
    def about(request: Request) -> Response:
        return _answer(workbench, request, JSON_MEDIA, lambda day: _dumped(
            {
                "dualtrack": __version__,
                "as_of": day.record.as_of,
                "compiled": day.record.compiled,
                "openapi": "/api/openapi.json",
                "tables": "/api/tables",
                "analyses": "/api/analyses",
                "readings": "/api/readings",
                "claims": "/api/claims",
                "exercises": "/api/exercises/verdicts",
                "search": "/api/search?q=zapad",
            }
        ))  # fmt: skip

    @app.get("/api/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        return Response(_dumped(described(app)), media_type=JSON_MEDIA, headers={"cache-control": CACHE})

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> Response:
        told = described(app)
        page = templates().get_template("workbench/api.html.j2").render(
            described=told, groups=_grouped(told["paths"]), pages=pages(), version=__version__
        )  # fmt: skip
        return Response(page, media_type="text/html", headers={"cache-control": CACHE})


_HEADINGS = {
    "about": "About", "record": "The record", "findings": "Findings: an address for each question",
    "claims": "Claims and articles", "exercises": "Exercises", "search": "Search", "runs": "Runs of the model",
    "encounters": "Encounters in track files",
}  # fmt: skip


def _grouped(paths: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Any, bool]]]:
    """The routes for a reader, by what they are about: method, path, operation, and whether there is a CSV beside."""
    found: dict[str, list[tuple[str, str, Any, bool]]] = {}
    for path, operations in paths.items():
        if path.removesuffix(".csv") != path and path.removesuffix(".csv") in paths:
            continue
        for method, operation in operations.items():
            heading = _HEADINGS[operation["tags"][0]]
            found.setdefault(heading, []).append((method, path, operation, f"{path}.csv" in paths))
    return found


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, made once; problems are described as they are sent."""
    if not app.openapi_schema:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes,
        )  # fmt: skip
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for path in made["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = PROBLEM["content"]
        app.openapi_schema = made
    return app.openapi_schema


def _tables(app: FastAPI, workbench: Workbench) -> None:
    @app.get("/api/tables", summary="The tables", tags=["record"], **json_of(list[Table]))
    def tables(request: Request, as_of: AsOf = None, known: Known = "any") -> Response:
        return _answer(workbench, request, JSON_MEDIA, lambda day: _dumped(
            [
                {"table": name, "title": (spec := schema(day.record, name)).title, "kind": spec.kind,
                 "about": spec.about, "collected": spec.collected,
                 "complete": [extent.model_dump() for extent in spec.complete], "key": spec.key,
                 "rows": len(day.record.rows(name)) if name in day.record.tables else None,
                 "columns": [field.model_dump(exclude_defaults=True) for field in spec.fields]}
                for name in table_names(day.record)
            ]
        ))  # fmt: skip

    @app.get("/api/tables/{name}.csv", summary="A table as CSV", tags=["record"], **CSV)
    def table_csv(
        request: Request, name: Name, where: Where = "", as_of: AsOf = None, known: Known = "any"
    ) -> Response:
        return _answer(workbench, request, CSV_MEDIA, lambda day: _rows(day, name, where, "csv"))

    @app.get("/api/tables/{name}", summary="A table", tags=["record"], **json_of(list[Cells]))
    def table(
        request: Request,
        name: Annotated[str, Path(max_length=200, examples=["exercises"])],
        where: Where = "",
        limit: Annotated[int, Query(ge=1, le=_MOST_ROWS, description="how many rows")] = _MOST_ROWS,
        offset: Annotated[int, Query(ge=0, le=10**6, description="how many rows are passed over")] = 0,
        as_of: AsOf = None,
        known: Known = "any",
    ) -> Response:
        return _answer(workbench, request, JSON_MEDIA, lambda day: _rows(day, name, where, "json", offset, limit))

    @app.get("/api/rows/{table}/{row}.csv", summary="A row as CSV", tags=["record"], **CSV)
    def row_csv(request: Request, table: Name, row: Name, as_of: AsOf = None, known: Known = "any") -> Response:
        return _answer(workbench, request, CSV_MEDIA, lambda day: _row(day, table, row, "csv"))

    @app.get("/api/rows/{table}/{row}", summary="A row", tags=["record"], **json_of(list[Cells]))
    def row(
        request: Request,
        table: Annotated[str, Path(max_length=200, examples=["exercises"])],
        row: Annotated[str, Path(max_length=200, examples=["zapad-2017"])],
        as_of: AsOf = None,
        known: Known = "any",
    ) -> Response:
        return _answer(workbench, request, JSON_MEDIA, lambda day: _row(day, table, row, "json"))

    @app.get("/api/readings", summary="The readings of every slot", tags=["record"],
             **json_of(dict[str, list[ReadingTold]]))  # fmt: skip
    def readings(request: Request, as_of: AsOf = None, known: Known = "any") -> Response:
        return _answer(workbench, request, JSON_MEDIA, lambda day: _dumped(
            {slot: [_reading(day, reading) for reading in day.record.readings(slot)] for slot in day.record.slots}
        ))  # fmt: skip


def _rows(day: Day, name: str, where: str, form: str, offset: int = 0, limit: int = 10**9) -> bytes:
    _named(lambda: schema(day.record, name))
    spec, rows = selected(day.record, name, where)
    write = formats("rows")[form].rows
    assert write
    return write(spec, rows[offset : offset + limit], day.record)


def _row(day: Day, table: str, row: str, form: str) -> bytes:
    found = _named(lambda: day.record.row(table, row))
    write = formats("rows")[form].rows
    assert write
    return write(found.spec, [found], day.record)


def _reading(day: Day, reading: Any) -> dict[str, Any]:
    return {"id": reading.id, "label": reading.label, "class": reading.class_, "since": reading.since,
            "in_use": reading.exists_on(day.record.as_of), "why": reading.why,
            "sources": list(reading.sources)}  # fmt: skip


def _findings(app: FastAPI, workbench: Workbench) -> None:
    @app.get("/api/analyses", summary="The questions that can be asked", tags=["findings"],
             **json_of(list[Question]))  # fmt: skip
    def listed(request: Request) -> Response:
        return _answer(workbench, request, JSON_MEDIA, lambda day: _dumped(
            [
                {"analysis": a.name, "question": a.summary, "about": a.about,
                 "parameters": [{"name": p.name, "about": p.about, "required": p.required, "default": p.default}
                                for p in a.parameters],
                 "examples": list(a.examples), "url": f"/api/findings/{a.name}"}
                for a in analyses().values()
            ]
        ))  # fmt: skip

    for question in analyses().values():
        for suffix, (media, write) in FORMS.items():
            described_as = CSV if suffix else json_of(Finding)
            app.get(
                f"/api/findings/{question.name}{suffix}",
                summary=f"{question.summary}{' (the evidence as CSV)' if suffix else ''}",
                description=question.about,
                tags=["findings"],
                **described_as,
                operation_id=f"{question.name}{'_csv' if suffix else ''}",
            )(_endpoint(workbench, question, media, write))


def _endpoint(
    workbench: Workbench, question: Analysis, media: str, write: Callable[[Finding], str]
) -> Callable[..., Response]:
    """A route whose signature is that of the analysis."""

    def endpoint(request: Request, as_of: str | None = None, known: str = "any", **parameters: Any) -> Response:
        given = {name: value for name, value in parameters.items() if value is not None}
        return _answer(workbench, request, media, lambda day: told(question, write, day, given))

    shown = [
        inspect.Parameter(
            p.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if p.required else p.default,
            annotation=Annotated[
                _typed(p.type), Query(description=p.about, le=p.most, examples=_examples(question, p.name))
            ],
        )
        for p in question.parameters
    ]
    own = inspect.signature(endpoint).parameters
    endpoint.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            own["request"].replace(annotation=Request),
            own["as_of"].replace(annotation=AsOf, kind=inspect.Parameter.KEYWORD_ONLY),
            own["known"].replace(annotation=Known, kind=inspect.Parameter.KEYWORD_ONLY),
            *shown,
        ]
    )
    return endpoint


def _typed(type_: Any) -> Any:
    """A parameter's type with its bounds, without the ``Field`` that holds them, which Query takes the place of."""
    if get_origin(type_) is not Annotated:
        return type_
    base, *limits = get_args(type_)
    for limit in limits:
        for bound in limit.metadata if isinstance(limit, FieldInfo) else [limit]:
            base = Annotated[base, bound]
    return base


def _examples(question: Analysis, name: str) -> list[Any] | None:
    found = [example[name] for example in question.examples if name in example]
    return found[:2] or None


def _checks(app: FastAPI, workbench: Workbench) -> None:
    @app.get("/api/claims", summary="The claims with their verdicts", tags=["claims"], **json_of(list[Claim]))
    def claims(request: Request, as_of: AsOf = None, known: Known = "any") -> Response:
        return _answer(
            workbench, request, JSON_MEDIA, lambda day: _dumped([claim_as_json(o) for o in judged(day.record)])
        )

    @app.get("/api/claims.csv", summary="The claims with their verdicts as CSV", tags=["claims"], **CSV)
    def claims_csv(request: Request, as_of: AsOf = None, known: Known = "any") -> Response:
        return _answer(workbench, request, CSV_MEDIA, lambda day: _claims_csv(day))

    @app.get("/api/claims/{claim}", summary="A claim by its id or number", tags=["claims"], **json_of(Claim))
    def claim(
        request: Request,
        claim: Annotated[str, Path(max_length=200, examples=["cp001"])],
        as_of: AsOf = None,
        known: Known = "any",
    ) -> Response:
        def one(day: Day) -> str:
            found = {name: o for o in judged(day.record) for name in (o.claim.id, o.claim.number)}
            if claim not in found:
                raise NotFound(NoSuchName(f"claim made by {day.record.as_of}", claim, list(found)))
            return _dumped(claim_as_json(found[claim]))

        return _answer(workbench, request, JSON_MEDIA, one)

    @app.get("/api/exercises/verdicts.csv", summary="The same as CSV", tags=["exercises"], **CSV)
    def exercises_csv(
        request: Request,
        instrument: InstrumentName = "vienna_document",
        basis: Figure = "announced",
        as_of: AsOf = None,
        known: Known = "any",
    ) -> Response:
        def found(day: Day) -> str:
            shown = verdicts(day.record, named_instrument(instrument))
            return as_csv([as_line(verdict, basis) for verdict in shown], COLUMNS)

        return _answer(workbench, request, CSV_MEDIA, found)

    @app.get("/api/exercises/verdicts", summary="What the rules asked of each exercise", tags=["exercises"],
             **json_of(Verdicts))  # fmt: skip
    def exercises(
        request: Request,
        instrument: InstrumentName = "vienna_document",
        basis: Figure = "announced",
        as_of: AsOf = None,
        known: Known = "any",
    ) -> Response:
        return _answer(workbench, request, JSON_MEDIA, lambda day: _dumped(
            {"instrument": instrument, "basis": basis, "rows": _verdicts(day, instrument, basis)}
        ))  # fmt: skip


_CLAIM = ("number", "id", "statement", "speaker", "said", "verdict_when_said", "verdict_latest", "topic")


def _claims_csv(day: Day) -> str:
    lines = [
        {
            "number": one.claim.number, "id": one.claim.id, "statement": one.claim.statement,
            "speaker": one.claim.speaker.name, "said": one.claim.said,
            "verdict_when_said": one.said.verdict.value if one.said else None,
            "verdict_latest": one.latest.verdict.value if one.latest else None, "topic": one.claim.topic,
        }
        for one in judged(day.record)
    ]  # fmt: skip
    return as_csv(lines, _CLAIM)


def _verdicts(day: Day, name: str, basis: Told) -> list[dict[str, Any]]:
    return [verdict_as_json(verdict, basis) for verdict in verdicts(day.record, named_instrument(name))]


def _places(day: Day, words: str, kind: str, limit: int) -> tuple[list[dict[str, str]], int]:
    """The best places for some words, and how many there are."""
    found = search(View(day.record), words, kind, limit)
    return [
        {"kind": e.kind, "title": e.title, "text": e.shown,
         "url": f"/{e.place}.html" + (f"#{e.part}" if e.part else "")} for e in found.best
    ], found.total  # fmt: skip


def _asked(app: FastAPI, workbench: Workbench, articles: Articles) -> None:
    @app.get("/api/search.csv", summary="The same as CSV", tags=["search"], **CSV)
    def searched_csv(
        request: Request, q: Words, kind: Kinds = "", limit: Limit = 50, as_of: AsOf = None, known: Known = "any"
    ) -> Response:
        return _answer(
            workbench,
            request,
            CSV_MEDIA,
            lambda day: as_csv(_places(day, q, kind, limit)[0], ("kind", "title", "text", "url")),
        )

    @app.get("/api/search", summary="A search over everything", tags=["search"], **json_of(Results))
    def searched(
        request: Request, q: Words, kind: Kinds = "", limit: Limit = 50, as_of: AsOf = None, known: Known = "any"
    ) -> Response:
        def found(day: Day) -> str:
            best, total = _places(day, q, kind, limit)
            return _dumped({"q": q, "total": total, "results": best})

        return _answer(workbench, request, JSON_MEDIA, found)

    @app.post("/api/article", summary="An article answered sentence by sentence", tags=["claims"],
              responses={**json_of(AnsweredArticle)["responses"],
                         503: {"description": "Others are being answered.", **PROBLEM}})  # fmt: skip
    async def article(new: NewArticle) -> Response:
        try:
            given = Article("", new.text.encode("utf-8", "replace"), checked_date(new.date))
            found = await articles.answered(given)
        except Refused as error:
            return _problem(error.status, error.detail, error.fix)
        return Response(_dumped(found["json"]), media_type=JSON_MEDIA, headers={"cache-control": "no-store"})


def _problem(
    status: int, detail: str, fix: str = "", headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    text = json.dumps(problem(status, detail, fix, **more), ensure_ascii=False, default=str)
    return Response(text, status, media_type=MEDIA, headers={"cache-control": "no-store", **(headers or {})})


def _errors(app: FastAPI) -> None:
    @app.exception_handler(NotFound)
    def not_found(request: Request, error: NotFound) -> Response:
        return _problem(404, error.problem, error.fix)

    @app.exception_handler(BadInput)
    def bad_input(request: Request, error: BadInput) -> Response:
        return _problem(422, error.problem, error.fix)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        said = [{"where": ".".join(map(str, e["loc"])), "problem": e["msg"]} for e in error.errors()]
        return _problem(422, "; ".join(f"{e['where']}: {e['problem']}" for e in said), errors=said)

    @app.exception_handler(Exception)
    def ours(request: Request, error: Exception) -> Response:
        return _problem(500, "This could not be answered.", "Please tell us its address.")

    for status, detail in _PLAIN.items():
        app.exception_handler(status)(_told(status, detail))


_PLAIN = {
    400: "The request cannot be read.", 404: "There is nothing at this address.", 405: "It is asked in another way.",
    415: "This kind cannot be read.",
}  # fmt: skip


def _told(status: int, detail: str) -> Callable[[Request, Exception], Response]:
    def told(request: Request, error: Exception) -> Response:
        return _problem(status, detail, "See /api/openapi.json.", getattr(error, "headers", None))

    return told
