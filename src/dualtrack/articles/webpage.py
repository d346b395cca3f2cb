"""The article of a web page: its text without navigation, its title and its date (extra ``articles``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec

from dualtrack.articles.bounded import Unreadable, answer, bounded
from dualtrack.core.errors import BadInput

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Page:
    """What a page holds: text with its paragraphs apart, date and title where it states them."""

    text: str
    date: str = ""
    title: str = ""


def webpage(html: str, name: str) -> Page:
    """The article of a page.

    Raises:
        BadInput: the extra is not installed, the page takes too long or too much memory, or holds no article.
    """
    if find_spec("trafilatura") is None:
        raise BadInput(
            f"{name} is a web page, and reading those needs an extra.",
            "pip install 'dualtrack[articles]', or save its text as .txt.",
        )
    try:
        text, date, title = bounded("dualtrack.articles.webpage", html.encode("utf-8"))
    except Unreadable as error:
        raise BadInput(f"{name} cannot be read as a web page: {error}.", "Save its text as .txt.") from None
    return Page(text, date if _DATE.fullmatch(date) else "", title)


def _read(data: bytes) -> tuple[str, str, str]:
    import trafilatura

    found = trafilatura.bare_extraction(
        data.decode("utf-8"), include_comments=False, include_tables=False, with_metadata=True, favor_precision=True
    )
    text = getattr(found, "text", None) or ""
    if not text.strip():
        raise Unreadable("no article was found in it")
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n\n".join(paragraphs), getattr(found, "date", None) or "", getattr(found, "title", None) or ""


if __name__ == "__main__":
    answer(_read)
