"""What readers send, bounded before anything looks at it."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from dualtrack.serve.guard import App, Receive, Scope, Send
from dualtrack.serve.pages import reply
from dualtrack.serve.problems import as_answer

LARGEST = 10_000_000
"""Bytes of an upload: a long report as PDF."""

_PATIENCE = 10 * LARGEST  # bytes that are let pass unread, so that a reader is told instead of cut off


class TooLarge(Exception):
    """That a body is larger than its place takes."""


class Bounded:
    """Hands on only requests whose body is no larger than an upload may be, whatever their headers say.

    Args:
        app: what answers.
        larger: bytes that some paths take; they read bodies as these come, and are raised ``TooLarge`` beyond.
    """

    def __init__(self, app: App, larger: Mapping[str, int]) -> None:
        self.app, self.larger = app, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        if scope["path"] in self.larger:
            await self.app(scope, _counted(receive, self.larger[scope["path"]]), send)
            return
        body = await _read(receive)
        if body is None:
            detail = f"More than {LARGEST:,} bytes are not read."
            await reply(send, 413, as_answer(413, detail, "Give the article alone."), "")
            return
        rest = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> MutableMapping[str, Any]:
            return rest.pop() if rest else await receive()

        await self.app(scope, again, send)


def _counted(receive: Receive, most: int) -> Receive:
    """The same body as it comes; what is too large is let pass unread first, so that a reader is told."""
    seen = 0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal seen
        while True:
            message = await receive()
            seen += len(message.get("body", b""))
            if seen <= most:
                return message
            if message["type"] != "http.request" or not message.get("more_body") or seen > most + _PATIENCE:
                raise TooLarge

    return counted


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None where it is too large."""
    parts, seen = list[bytes](), 0
    while seen <= _PATIENCE:
        message = await receive()
        if message["type"] != "http.request":  # the reader has gone
            break
        part = message.get("body", b"")
        seen += len(part)
        if seen <= LARGEST:
            parts.append(part)
        if not message.get("more_body"):
            break
    return b"".join(parts) if seen <= LARGEST else None
