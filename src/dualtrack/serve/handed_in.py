"""One article that somebody handed in, answered in a process of its own that is ended if it hangs or swells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date as Day
from pathlib import Path
from typing import Any

from dualtrack.articles.bounded import Unreadable, bounded
from dualtrack.core.dates import first_day

_SECONDS = 60.0
_WORKER = "dualtrack.serve.article_worker"


class Refused(Exception):
    """Why an article is not answered, with the status that says so."""

    def __init__(self, status: int, detail: str, fix: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.fix = status, detail, fix


@dataclass(frozen=True)
class Article:
    """What was handed in."""

    name: str
    content: bytes
    date: str


def answer(article: Article, as_of: Day, strict: bool, folder: Path | None) -> dict[str, Any]:
    """The article as HTML and as JSON.

    Args:
        article: what was handed in.
        as_of: the day whose record it is held against, beside the day it appeared.
        strict: admit only facts known from a dated source.
        folder: the reader's own tables over the packaged ones, if any.

    Raises:
        Refused: it cannot be read, or took too much time or memory.
    """
    asked = {
        "name": article.name[:200], "date": article.date, "as_of": as_of.isoformat(), "strict": strict,
        "folder": str(folder) if folder else None, "home": "claims.html",
    }  # fmt: skip
    try:
        found = bounded(_WORKER, json.dumps(asked).encode("utf-8") + b"\n" + article.content, _SECONDS)
    except Unreadable as error:
        words = str(error)
        said = words if words.rstrip().endswith(".") else f"The article could not be answered: {words}."
        raise Refused(422, said) from None
    assert isinstance(found, dict)
    return found


def checked_date(text: str) -> str:
    """A date of any precision, or nothing.

    Raises:
        Refused: it is none.
    """
    try:
        if text.strip():
            first_day(text.strip())
    except ValueError:
        raise Refused(422, f"{text[:40]} is not a date that exists.", "Write 2016, 2016-05 or 2016-05-09.") from None
    return text.strip()
