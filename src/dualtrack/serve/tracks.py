"""Track files searched for close encounters: a form, a page for each result with its files, and the same as an API.

Results are kept in memory, so many and no longer than the server runs, each at an address that nobody can guess.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from dualtrack.articles.bounded import Unreadable, bounded
from dualtrack.core.errors import BadInput
from dualtrack.publish.encounters.page import map_script
from dualtrack.publish.pages.template import templates
from dualtrack.serve.answers import PROBLEM
from dualtrack.serve.guard import Receive, Scope, Send
from dualtrack.serve.handed_in import Refused
from dualtrack.serve.pages import Pages, matches, one_each, reply
from dualtrack.serve.problems import MEDIA, problem
from dualtrack.serve.store import Answer, Kept
from dualtrack.serve.track_files import EXAMPLES, LARGEST, MOST_FILES, PROFILES, Form, HandedIn, in_a_folder
from dualtrack.serve.turns import Turns
from dualtrack.serve.workbench import Workbench
from dualtrack.tracks.adapters import adapters
from dualtrack.tracks.encounter import ABSENCE

KEPT = 12
"""Results that are kept, the ones not asked for longest let go first."""

PLACES = {"/tracks.html": LARGEST, "/api/encounters": LARGEST}
"""Where files are taken, and how many bytes."""

_ROOM = 200_000_000  # bytes of all results
_SECONDS = 120.0
_WORKER = "dualtrack.serve.track_worker"
_TOP = "/tracks.html"
_HTML = "text/html; charset=utf-8"
_FILES = {
    "csv": "text/csv; charset=utf-8; header=present", "geojson": "application/geo+json", "json": "application/json",
}  # fmt: skip
_SCRIPTS = ("pick.js", "send.js")


@dataclass(frozen=True)
class Result:
    """What a search came to: in one sentence, as a part of a page, and as files by ending."""

    title: str
    part: str
    files: Mapping[str, bytes]

    @property
    def size(self) -> int:
        """Bytes it takes up."""
        return 4 * len(self.part) + sum(map(len, self.files.values()))


class Tracks:
    """Every address below ``/tracks``.

    Args:
        workbench: whose record says whose a number is, and in whose look pages are.
        folder: the reader's own tables over the packaged ones, if any.
        pages: tells errors.
    """

    def __init__(self, workbench: Workbench, folder: Path | None, pages: Pages) -> None:
        self.workbench, self.folder, self.pages = workbench, folder, pages
        self.turns = Turns("Other track files are being searched.")
        self._results: Kept[Result] = Kept(KEPT, lambda one: one.size, _ROOM)
        self._secret = secrets.token_bytes(16)

    @staticmethod
    def answers(path: str) -> bool:
        """Whether an address is one of these."""
        return path == _TOP or path.startswith("/tracks/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        method, path = scope["method"], unquote(scope["path"])
        try:
            query = one_each(scope["query_string"].decode("latin-1"))
            if method == "POST" and path == _TOP:
                await self._search(scope, receive, send, query)
            elif method in ("GET", "HEAD"):
                answer, tag = await run_in_threadpool(self._page, path, query)
                asked = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
                if tag and matches(asked, tag):
                    await reply(send, 304, Answer(b"", ""), tag)
                else:
                    packs = b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
                    await reply(send, 200, answer, tag, head=method == "HEAD", packs=packs)
            else:
                allowed = [(b"allow", b"GET, HEAD, POST" if path == _TOP else b"GET, HEAD")]
                await self.pages.fail(scope, send, 405, "Pages are read: GET or HEAD.", extra=allowed)
        except Refused as error:
            await self.pages.fail(scope, send, error.status, error.detail, error.fix)
        except BadInput as error:
            await self.pages.fail(scope, send, 422, error.problem, error.fix)

    async def _search(self, scope: Scope, receive: Receive, send: Send, query: Mapping[str, str]) -> None:
        """Answers the form: with the address of the result, or with the form again and what is wrong."""
        given = HandedIn()
        try:
            async with Form(scope, receive) as given:
                id_ = await self.searched(given, query)
        except (Refused, BadInput) as error:
            wrong = error if isinstance(error, Refused) else Refused(422, error.problem, error.fix)
            if b"text/html" not in dict(scope["headers"]).get(b"accept", b""):
                raise wrong from None
            page = await run_in_threadpool(self._form, query, given.said, wrong)
            await reply(send, wrong.status, Answer(page.encode("utf-8"), _HTML), "")
            return
        state = {name: query[name] for name in ("as_of", "known") if name in query}
        place = f"/tracks/{id_}.html" + (f"?{urlencode(state)}" if state else "")
        await reply(send, 303, Answer(b"", ""), "", extra=[(b"location", place.encode("ascii"))])

    async def searched(self, given: HandedIn, query: Mapping[str, str]) -> str:
        """Searches what was handed in, unless that was done before; returns the id of the result.

        Raises:
            BadInput: what is asked cannot be.
            Refused: the files cannot be read, take too long, or too many readers wait.
        """
        return await self.turns.take(lambda: self._ask(given, query))

    def result(self, id_: str) -> Result:
        """A result.

        Raises:
            Refused: it is not kept, or not any more.
        """
        found = self._results.get(id_)
        if found is None:
            raise Refused(
                404, "There is no result at this address, or it is not kept any more.",
                f"The last {KEPT} are kept while the server runs: search the file again.",
            )  # fmt: skip
        return found

    def _ask(self, given: HandedIn, query: Mapping[str, str]) -> str:
        with in_a_folder(given) as (folder, digest):
            record = self.workbench.day(query).record
            state = {"as_of": record.as_of.isoformat(), "strict": record.strict}
            id_ = hmac.new(self._secret, f"{digest}|{state}".encode(), "sha256").hexdigest()[:24]
            asked = {
                "folder": str(folder), "limits": asdict(given.limits), "profile": given.profile,
                "columns": given.columns, "record": str(self.folder) if self.folder else None, **state,
            }  # fmt: skip
            self._results.once(id_, lambda: _worked_out(asked))
        return id_

    def _page(self, path: str, query: Mapping[str, str]) -> tuple[Answer, str]:
        """What is at an address, and its entity tag where it may be kept."""
        if path == _TOP:
            return Answer(self._form(query, {}, None).encode("utf-8"), _HTML), ""
        name, _, ending = path.removeprefix("/tracks/").rpartition(".")
        if f"{name}.{ending}" in (*_SCRIPTS, "map.js", "tracks.css"):
            made = _asset(f"{name}.{ending}")
            return made, self.workbench.tag(path, {})
        if ending == "csv" and name.startswith("examples/") and name.removeprefix("examples/") in EXAMPLES:
            return Answer(EXAMPLES[name.removeprefix("examples/")].content, _FILES["csv"]), ""
        found = self.result(name)
        if ending in found.files:
            return Answer(found.files[ending], _FILES[ending]), ""
        if ending != "html":
            raise Refused(
                404, f"There is nothing at {path[:200]}.", "A result has the endings html, csv, geojson, json."
            )
        with self.workbench.on(query) as day:
            page = day.site.own(f"tracks/{name}", "workbench/tracks_found.html.j2", found=found, id=name, kept=KEPT)
        return Answer(page.encode("utf-8"), _HTML), ""

    def _form(self, query: Mapping[str, str], said: Mapping[str, str], wrong: Refused | None) -> str:
        with self.workbench.on(query) as day:
            return day.site.own(
                "tracks", "workbench/tracks.html.j2", said=said, wrong=wrong, profiles=PROFILES, examples=EXAMPLES,
                largest=LARGEST, kept=KEPT, absence=ABSENCE,
                kinds=sorted({one.about for one in adapters().values()}),
            )  # fmt: skip


def _worked_out(asked: Mapping[str, Any]) -> Result:
    """The result of a search in a process of its own.

    Raises:
        Refused: it cannot be read, or takes too much time or memory.
    """
    try:
        found = bounded(_WORKER, json.dumps(asked).encode("utf-8"), _SECONDS)
    except Unreadable as error:
        raise Refused(
            422, f"The search was not finished: {error}.",
            "Ask for smaller limits, for a shorter time (From, To), or hand in a part of the file.",
        ) from None  # fmt: skip
    if "problem" in found:
        raise Refused(422, found["problem"], found["fix"])
    return Result(found["title"], found["part"], {name: found[name].encode("utf-8") for name in _FILES})


@lru_cache(maxsize=8)
def _asset(name: str) -> Answer:
    """A script of these pages, or their style."""
    if name.endswith(".css"):
        text = templates().get_template("encounters/shown.css").render()
        return Answer(text.encode("utf-8"), "text/css; charset=utf-8")
    folder = resources.files("dualtrack.publish.encounters")
    text = map_script() if name == "map.js" else folder.joinpath(name).read_text("utf-8")
    return Answer(text.encode("utf-8"), "text/javascript; charset=utf-8")


_TEXT = {"type": "string", "maxLength": 60}
_ASKED: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "files": {
                        "type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": MOST_FILES,
                        "description": f"track files as they come, up to {LARGEST // 1_000_000} MB together",
                    },
                    "example": {"type": "string", "enum": list(EXAMPLES), "description": "instead of files"},
                    "horizontal": {**_TEXT, "description": "nearer than this; 5nmi unless given, for meetings 500m"},
                    "vertical": {**_TEXT, "description": "and in height; 1000ft unless given"},
                    "profile": {"type": "string", "enum": list(PROFILES), "description": "whatever the files hold "
                                "unless given"},
                    "max_gap": {**_TEXT, "description": "reports farther apart are not joined; 60s for aircraft, 600s "
                                "for ships"},
                    "from": {**_TEXT, "description": "only from this day or moment (UTC)"},
                    "to": {**_TEXT, "description": "only to this day or moment (UTC)"},
                    "columns": {"type": "string", "maxLength": 2000, "description": "what columns of a table hold: "
                                "t=when, icao24=hex"},
                },
            },
            "examples": {
                name: {"summary": one.title, "value": {"example": name, **one.asked}} for name, one in EXAMPLES.items()
            },
        }
    },
}  # fmt: skip
_SHOWN: dict[str, Any] = {
    "type": "object",
    "required": ["caveat", "headline", "parameters", "encounters", "dropped", "inputs"],
    "properties": {
        "caveat": {"type": "string"}, "headline": {"type": "string"}, "closest": {"type": ["string", "null"]},
        "parameters": {"type": "object"}, "inputs": {"type": "array"}, "dropped": {"type": "object"},
        "encounters": {"type": "array", "items": {"type": "object"}},
    },
}  # fmt: skip


def add_encounters(app: FastAPI, tracks: Tracks) -> None:
    """Adds the search of track files to the API."""

    @app.post(
        "/api/encounters", summary="Who came near whom in track files", tags=["encounters"],
        description="Track files (CSV, Parquet, readsb traces) searched for every episode in which two aircraft or "
        "ships come nearer than two limits, with the exact closest point; the same as dualtrack know encounters. "
        f"{ABSENCE}",
        openapi_extra={"requestBody": _ASKED},
        responses={
            200: {"description": "The encounters, with the reports they rest on.",
                  "content": {"application/json": {"schema": _SHOWN}}},
            413: {"description": "The files are too large.", **PROBLEM},
            422: {"description": "They cannot be read, or not be asked like this.", **PROBLEM},
            503: {"description": "Others are being answered.", **PROBLEM},
        },
    )  # fmt: skip
    async def encounters(request: Request) -> Response:
        try:
            async with Form(request.scope, request.receive) as given:
                found = tracks.result(await tracks.searched(given, one_each(str(request.url.query))))
        except Refused as error:
            text = json.dumps(problem(error.status, error.detail, error.fix), ensure_ascii=False)
            return Response(text, error.status, media_type=MEDIA, headers={"cache-control": "no-store"})
        return Response(found.files["json"], media_type="application/json", headers={"cache-control": "no-store"})
