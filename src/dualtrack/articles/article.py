"""An article as plain text with its date: from a text file, standard input, a web page or a PDF.

Nothing that is read is executed or fetched. What is too large, binary or hidden behind many layers is refused.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from dualtrack.articles.language import is_english
from dualtrack.articles.webpage import Page, webpage
from dualtrack.core.errors import BadInput

LARGEST = 2_000_000
"""Bytes of a text or page that are read: thirty books of an article's length."""

_LARGEST_PDF = 30_000_000
_HEADLINE = 120
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Article:
    """An article: its text, and its date (ISO 8601, of any precision) and title where they are known."""

    name: str
    text: str
    date: str = ""
    title: str = ""


def read_article(place: str, date: str = "") -> Article:
    """Reads an article.

    Args:
        place: the path of a file (text, HTML or PDF), or ``-`` for standard input.
        date: its date, where the user gives one; else the one a web page states.

    Raises:
        BadInput: it cannot be read, is too large, is no text, holds no sentence, or is not in English.
    """
    name, data = _bytes(place)
    if data.startswith(b"%PDF-"):
        from dualtrack.articles.pdf import pdf_text

        page = Page(pdf_text(data, name))
    elif _MARKUP.search(data[:2000]) or name.lower().endswith((".html", ".htm", ".xhtml")):
        page = webpage(_decoded(data, name), name)
    else:
        page = Page(_decoded(data, name))
    text = page.text.strip()
    if not re.search(r"[^\W\d_]{2}", text):
        raise BadInput(f"{name} holds no text.", "Is it the right file? A scanned PDF has pictures of text only.")
    if not is_english(text):
        raise BadInput(
            f"{name} does not seem to be in English.",
            "English only so far: give a translation, or check its claims one by one.",
        )
    return Article(name, page.text, date or page.date, page.title or _headline(page.text))


def _headline(text: str) -> str:
    """The first line, if it stands alone and is no sentence."""
    first, _, rest = text.strip().partition("\n")
    alone = rest.startswith("\n") and len(first) <= _HEADLINE and not first.rstrip().endswith((".", ":", ";", ","))
    return first.strip() if alone else ""


def _bytes(place: str) -> tuple[str, bytes]:
    if place == "-":
        data = sys.stdin.buffer.read(_LARGEST_PDF + 1)
        return "standard input", _small(data, "standard input")
    path = Path(place)
    try:
        if not path.is_file():
            raise BadInput(f"There is no article {place}.", "Name a text, HTML or PDF file, or - for standard input.")
        if path.stat().st_size > _LARGEST_PDF:
            raise BadInput(f"{place} is larger than {_LARGEST_PDF:,} bytes.", "Give the article alone.")
        return place, _small(path.read_bytes(), place)
    except OSError as error:
        raise BadInput(f"{place} cannot be read: {error.strerror}.", "Check its name and its rights.") from None


def _small(data: bytes, name: str) -> bytes:
    limit = _LARGEST_PDF if data.startswith(b"%PDF-") else LARGEST
    if len(data) > limit:
        raise BadInput(f"{name} is larger than {limit:,} bytes.", "Give the article alone.")
    return data


def _decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadInput(f"{name} is not text.", "Save it as UTF-8 text.")
    text = text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")
    strange = sum(
        unicodedata.category(letter) in ("Cc", "Co", "Cn") and letter not in "\n\t\f" for letter in text[:20_000]
    )
    if strange > len(text[:20_000]) // 200:
        raise BadInput(f"{name} is not text: it holds control characters.", "Save it as UTF-8 text.")
    return text
