"""What readers send, bounded before anything looks at it."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from dualtrack.serve.guard import App, Receive, Scope, Send
from dualtrack.serve.pages import reply
from dualtrack.serve.problems import as_answer

LARGEST = 10_000_000
"""Bytes of an upload: a long report as PDF."""

_PATIENCE = 10 * LARGEST  # bytes that are let pass unread, so that a reader is told instead of cut off


class Bounded:
    """Hands on only requests whose body is no larger than an upload may be, whatever their headers say."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
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
