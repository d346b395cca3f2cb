"""Pages of runs: the list with its form, one run to watch, stop, resume or remove.

They show what changes, so none is kept. Whatever changes something is a form that is sent, from this server's own
pages only; all of it works without a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from fastapi.concurrency import run_in_threadpool

from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.publish.workbench.pages.choices import run_form
from dualtrack.publish.workbench.showing import Showing
from dualtrack.publish.workbench.view import View
from dualtrack.serve.guard import Receive, Scope, Send, host_name
from dualtrack.serve.handed_in import Refused
from dualtrack.serve.pages import Pages, one_each, reply
from dualtrack.serve.runs import Request, Runs
from dualtrack.serve.store import Answer
from dualtrack.serve.workbench import Workbench

_HTML = "text/html; charset=utf-8"
_TOP = "/runs.html"
_ACTIONS = ("stop", "resume", "remove")


class RunPages:
    """Every address below ``/runs``.

    Args:
        runs: the runs.
        workbench: in whose look pages are.
        pages: tells errors.
    """

    def __init__(self, runs: Runs, workbench: Workbench, pages: Pages) -> None:
        self.runs, self.workbench, self.pages = runs, workbench, pages

    @staticmethod
    def answers(path: str) -> bool:
        """Whether an address is one of these."""
        return path == _TOP or path.startswith("/runs/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        method, path = scope["method"], unquote(scope["path"])
        try:
            if not self.runs.offered:
                raise Refused(404, "This server keeps no runs.", "Start it with dualtrack serve --runs DIR.")
            if method == "POST":
                form = await _form(scope, receive)
                await self._go(send, await run_in_threadpool(self._change, path, form))
            elif method in ("GET", "HEAD"):
                answer = await run_in_threadpool(self._page, path, one_each(scope["query_string"].decode("latin-1")))
                await reply(send, 200, answer, "", head=method == "HEAD")
            else:
                allowed = [(b"allow", b"GET, HEAD, POST")]
                await self.pages.fail(scope, send, 405, "Runs are read, or changed by a form.", extra=allowed)
        except Refused as error:
            await self.pages.fail(scope, send, error.status, error.detail, error.fix)
        except NoSuchName as error:
            await self.pages.fail(scope, send, 404, error.problem, error.fix)
        except BadInput as error:
            await self.pages.fail(scope, send, 422, error.problem, error.fix)

    def _page(self, path: str, query: Mapping[str, str]) -> Answer:
        with self.workbench.on(query) as day:
            site = day.site
            if path == _TOP:
                view = View(day.record, {}, live=True, runs=self.workbench.runs)
                on = Showing(view, site.links("runs"))
                text = site.own("runs", "workbench/runs.html.j2", runs=self.runs.listed(), form=on.own(run_form(view)))
            else:
                id_ = path.removeprefix("/runs/").removesuffix(".html")
                text = site.own(f"runs/{id_}", "workbench/run.html.j2", run=self.runs.known(id_))
        return Answer(text.encode("utf-8"), _HTML)

    def _change(self, path: str, form: Mapping[str, str]) -> str:
        """Does what a form asks; returns where to look next."""
        if path == _TOP:
            return f"/runs/{self.runs.start(asked_by(form)).id}.html"
        id_, action = path.removeprefix("/runs/").removesuffix(".html"), form.get("action", "")
        if action not in _ACTIONS:
            raise Refused(422, "The form asks for nothing.", f"It can ask to {', '.join(_ACTIONS)}.")
        if action == "remove":
            self.runs.remove(id_)
            return _TOP
        (self.runs.stop if action == "stop" else self.runs.resume)(id_)
        return f"/runs/{id_}.html"

    @staticmethod
    async def _go(send: Send, place: str) -> None:
        """Has the browser ask for another page, so that loading it anew sends no form twice."""
        await reply(send, 303, Answer(b"", ""), "", extra=[(b"location", quote(place).encode("ascii"))])


def asked_by(form: Mapping[str, str]) -> Request:
    """What a form asks.

    Raises:
        Refused: worlds or seed are no whole numbers.
    """
    numbers = {}
    for name in ("worlds", "seed"):
        text = form.get(name, "").strip()
        if not (text.isascii() and text.isdigit() and len(text) < 12):
            raise Refused(422, f"{name} is no whole number.", "Write digits only.")
        numbers[name] = int(text)
    own = form.get("own", "").replace("\r\n", "\n")
    return Request(form.get("scenario", ""), form.get("priors", ""), **numbers, own=own if own.strip() else "")


def from_here(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something comes from this server's own pages, or from a program.

    Browsers say so themselves; older ones name at least the place that the form stood at (Fetch Standard, 3.2).
    """
    site, origin = headers.get("sec-fetch-site", ""), headers.get("origin", "")
    if site:
        return site in ("same-origin", "none")
    if not origin:
        return True
    asked, stood = headers.get("host", ""), urlsplit(origin)
    return bool(stood.netloc) and stood.netloc == asked and bool(host_name(asked))


async def _form(scope: Scope, receive: Receive) -> dict[str, str]:
    """The fields of a form.

    Raises:
        Refused: it comes from elsewhere, or is no form.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if not from_here(headers):
        raise Refused(403, "Forms of other sites are not answered.")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused(415, "This is no form.", "Send it as application/x-www-form-urlencoded.")
    message: Mapping[str, Any] = await receive()
    try:
        fields = parse_qs(message.get("body", b"").decode("utf-8"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise Refused(400, "The form cannot be read.") from None
    return {name: values[0] for name, values in fields.items()}
