"""The article of a web page: its text without navigation, its title and its date (extra ``articles``)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dualtrack.core.errors import BadInput

_DEEPEST = 400
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^<>]*?(/?)>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Page:
    """What a page holds: text with a line per paragraph, date and title where it states them."""

    text: str
    date: str = ""
    title: str = ""


def webpage(html: str, name: str) -> Page:
    """The article of a page.

    Raises:
        BadInput: the extra is not installed, the page is nested too deeply, or no article is found in it.
    """
    try:
        import trafilatura
    except ImportError:
        raise BadInput(
            f"{name} is a web page, and reading those needs an extra.",
            "pip install 'dualtrack[articles]', or save its text as .txt.",
        ) from None
    if _depth(html) > _DEEPEST:
        raise BadInput(f"{name} is nested more than {_DEEPEST} levels deep.", "Save its text as .txt.")
    found = trafilatura.bare_extraction(
        html, include_comments=False, include_tables=False, with_metadata=True, favor_precision=True, deduplicate=False
    )
    if not found or not found.text:
        raise BadInput(f"No article was found in {name}.", "Save its text as .txt.")
    date = found.date or ""
    return Page(found.text, date if _DATE.fullmatch(date) else "", found.title or "")


def _depth(html: str) -> int:
    """How deeply elements are nested; one that is never closed counts to the end."""
    depth = deepest = 0
    for match in _TAG.finditer(html):
        closing, tag, alone = match.groups()
        if alone or tag.lower() in _VOID:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest
