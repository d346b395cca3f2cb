"""Errors as RFC 9457 problem details: what is wrong and what to do, for programs; never a traceback."""

from __future__ import annotations

import json
from typing import Any

from dualtrack.serve.store import Answer

MEDIA = "application/problem+json"
_TITLES = {
    400: "The request cannot be read", 401: "A token is needed", 403: "Not allowed", 404: "Nothing here",
    405: "Not a way to ask", 413: "Too large", 415: "Not a kind that can be read", 422: "Cannot be asked",
    500: "Our fault", 503: "Busy",
}  # fmt: skip


def problem(status: int, detail: str, fix: str = "", **more: Any) -> dict[str, Any]:
    """The members of a problem: its type is named by its status alone (RFC 9457, 4.2.1)."""
    found = {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status, "detail": detail}
    return {**found, **({"fix": fix} if fix else {}), **more}


def as_answer(status: int, detail: str, fix: str = "", **more: Any) -> Answer:
    """The problem as what is sent."""
    return Answer(json.dumps(problem(status, detail, fix, **more), ensure_ascii=False).encode("utf-8"), MEDIA)


def title(status: int) -> str:
    """The words of a status."""
    return _TITLES.get(status, "Error")
