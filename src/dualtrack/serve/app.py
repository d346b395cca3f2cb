"""The whole application: the guard, the API, the pages."""

from __future__ import annotations

import sys
from pathlib import Path

from fastapi import FastAPI

from dualtrack.api import OpenRecord
from dualtrack.record.store import packaged
from dualtrack.serve.api import make_api
from dualtrack.serve.articles import Articles
from dualtrack.serve.guard import LOOPBACK, App, Guard, Receive, Scope, Send
from dualtrack.serve.pages import Pages
from dualtrack.serve.quick import Quick
from dualtrack.serve.run_api import add_runs
from dualtrack.serve.run_pages import RunPages
from dualtrack.serve.runs import Runs
from dualtrack.serve.tracks import PLACES, Tracks, add_encounters
from dualtrack.serve.uploads import Bounded
from dualtrack.serve.workbench import Workbench, content_of


def open_workbench(record: OpenRecord, follows: bool = False, folder: Path | None = None) -> Workbench:
    """A record and what can be asked of it.

    Args:
        record: the record.
        follows: whether "today" moves on with the calendar.
        folder: the reader's own tables, laid over the packaged ones.
    """
    return Workbench(record, follows, content_of([packaged(), *([folder] if folder else [])]))


def make_app(
    workbench: Workbench,
    folder: Path | None = None,
    hosts: frozenset[str] = frozenset(LOOPBACK),
    token: str = "",
    runs: Path | None = None,
) -> App:
    """The application that answers readers.

    Args:
        workbench: what answers.
        folder: the reader's own tables, which articles are held against too.
        hosts: the names it answers to.
        token: what a reader must show; empty where none is needed.
        runs: where runs of the model are kept; None where none can be started.
    """
    kept = Runs(runs, lambda: workbench.today, folder)
    workbench.runs = kept.offered
    articles = Articles(workbench, folder)
    pages = Pages(workbench, {"/article.html": articles})
    articles.pages = pages
    api = make_api(workbench, articles)
    add_runs(api, kept)
    tracks = Tracks(workbench, folder, pages)
    add_encounters(api, tracks)
    return Guard(Bounded(_Parted(api, pages, RunPages(kept, workbench, pages), tracks), PLACES), hosts, token)


class _Parted:
    """The API below ``/api``, runs below ``/runs``, track files below ``/tracks``, pages everywhere else."""

    def __init__(self, api: FastAPI, pages: Pages, *parts: RunPages | Tracks) -> None:
        self.api, self.pages, self.parts = api, pages, parts
        self.quick = Quick(pages.workbench)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or the server's questions about start and end."""
        if scope["type"] != "http" or scope["path"] == "/api" or scope["path"].startswith("/api/"):
            try:
                if scope["type"] != "http" or not await self.quick(scope, send):
                    await self.api(scope, receive, send)
            except Exception as error:  # the reader has been told; whoever runs the server gets a line, no traceback
                print(f"dualtrack: {scope.get('path')!r}: {type(error).__name__}: {error}", file=sys.stderr)
        else:
            part = next((part for part in self.parts if part.answers(scope["path"])), self.pages)
            await part(scope, receive, send)
