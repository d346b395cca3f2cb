"""The pages over HTTP: kept answers at once, others made beside the loop; conditional requests; errors as pages."""

from __future__ import annotations

import sys
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from fastapi.concurrency import run_in_threadpool

from dualtrack.core.errors import BadInput
from dualtrack.publish.pages.template import templates
from dualtrack.serve.guard import Receive, Scope, Send, policy
from dualtrack.serve.problems import as_answer, title
from dualtrack.serve.store import Answer
from dualtrack.serve.workbench import NotFound, Workbench

_LONGEST = 2_000  # letters of a query
_FIELDS = 100  # of a query
CACHE = "no-cache"
"""Kept by a reader's browser, and asked about before it is shown again: an answer that is the same costs no body."""


class Pages:
    """Every address outside ``/api``.

    Args:
        workbench: what answers.
        post: what answers forms that are sent, by path.
    """

    def __init__(self, workbench: Workbench, post: dict[str, Callable[[Scope, Receive, Send], Any]]) -> None:
        self.workbench, self.post = workbench, post

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        method, path = scope["method"], unquote(scope["path"])
        if method == "POST" and path in self.post:
            await self.post[path](scope, receive, send)
            return
        if method not in ("GET", "HEAD"):
            await self.fail(scope, send, 405, "Pages are read: GET or HEAD.", extra=[(b"allow", b"GET, HEAD")])
            return
        raw = scope["query_string"]
        if len(raw) > _LONGEST or len(path) > _LONGEST:
            await self.fail(scope, send, 422, "The address is too long.")
            return
        headers = dict(scope["headers"])
        try:
            query = one_each(raw.decode("latin-1"))
            tag = self.workbench.tag(path, query)
            if matches(headers.get(b"if-none-match", b"").decode("latin-1"), tag):
                await reply(send, 304, Answer(b"", ""), tag)
                return
            answer = self.workbench.answers.get(tag)
            if answer is None:
                async with self.workbench.turns:
                    answer = await run_in_threadpool(
                        self.workbench.answers.once, tag, lambda: self.workbench.page(path, query)
                    )
        except NotFound as error:
            await self.fail(scope, send, 404, error.problem, error.fix)
        except BadInput as error:
            await self.fail(scope, send, 422, error.problem, error.fix)
        except Exception as error:
            print(f"dualtrack: {path[:200]!r} could not be answered: {type(error).__name__}: {error}", file=sys.stderr)
            await self.fail(scope, send, 500, "This page could not be made.", "Please tell us its address.")
        else:
            embedded = path.startswith("/embed/")
            packs = b"gzip" in headers.get(b"accept-encoding", b"")
            await reply(send, 200, answer, tag, head=method == "HEAD", embedded=embedded, packs=packs)

    async def fail(
        self,
        scope: Scope,
        send: Send,
        status: int,
        detail: str,
        fix: str = "",
        extra: list[tuple[bytes, bytes]] | None = None,
    ) -> None:
        """An error, as a page where a reader's browser asks, else as problem details."""
        accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
        answer = as_answer(status, detail, fix)
        if "text/html" in accept:
            page = templates().get_template("workbench/problem.html.j2").render(
                status=status, title=title(status), detail=detail, fix=fix
            )  # fmt: skip
            answer = Answer(page.encode("utf-8"), "text/html; charset=utf-8")
        await reply(send, status, answer, "", head=scope["method"] == "HEAD", extra=extra)


def one_each(raw: str) -> dict[str, str]:
    """A query by name; one asked several times, as switches are, is joined by commas.

    Raises:
        BadInput: it asks for too much at once.
    """
    found: dict[str, str] = {}
    if raw.count("&") >= _FIELDS:
        raise BadInput(f"More than {_FIELDS} things are asked at once.", "Ask for fewer.")
    for name, text in parse_qsl(raw, keep_blank_values=True):
        clean = text.replace("\x00", "")
        found[name] = f"{found[name]},{clean}" if found.get(name) else clean
    return found


def matches(asked: str, tag: str) -> bool:
    """Whether an If-None-Match names this tag (RFC 9110, 13.1.2: compared weakly)."""
    return (
        any(one.strip().removeprefix("W/") in (tag.removeprefix("W/"), "*") for one in asked.split(","))
        if asked
        else False
    )


async def reply(
    send: Send,
    status: int,
    answer: Answer,
    tag: str,
    head: bool = False,
    embedded: bool = False,
    packs: bool = False,
    extra: list[tuple[bytes, bytes]] | None = None,
) -> None:
    """Sends an answer; without a tag it is not to be kept. A weak tag stands for it packed and as it is alike."""
    headers = [(b"cache-control", CACHE.encode() if tag else b"no-store"), *(extra or [])]
    if tag:
        headers.append((b"etag", tag.encode("ascii")))
    body = answer.body
    if answer.media:
        headers += [(b"content-type", answer.media.encode("ascii"))]
        if answer.styles or embedded:
            headers.append((b"content-security-policy", policy(answer.styles, embedded).encode("ascii")))
        if packs and answer.packed:
            body = answer.packed
            headers.append((b"content-encoding", b"gzip"))
        headers += [(b"vary", b"accept-encoding"), (b"content-length", str(len(body)).encode("ascii"))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    message: MutableMapping[str, Any] = {"type": "http.response.body", "body": b"" if head else body}
    await send(message)
