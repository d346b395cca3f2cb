"""The text of a PDF (extra ``articles``)."""

from __future__ import annotations

import io
from importlib.util import find_spec

from dualtrack.articles.bounded import Unreadable, answer, bounded
from dualtrack.core.errors import BadInput

_PAGES = 60
_LETTERS = 2_000_000


def pdf_text(data: bytes, name: str) -> str:
    """The text of a PDF, its paragraphs apart.

    Raises:
        BadInput: the extra is not installed, the file is broken or locked, or it takes too long or too much memory.
    """
    if find_spec("pypdf") is None:
        raise BadInput(
            f"{name} is a PDF, and reading those needs an extra.",
            "pip install 'dualtrack[articles]', or save its text as .txt.",
        )
    try:
        text: str = bounded("dualtrack.articles.pdf", data)
    except Unreadable as error:
        raise BadInput(f"{name} cannot be read as a PDF: {error}.", "Save its text as .txt.") from None
    return text


def _read(data: bytes) -> str:
    import pypdf

    document = pypdf.PdfReader(io.BytesIO(data))
    if document.is_encrypted:
        raise Unreadable("it is locked with a password")
    pages: list[str] = []
    for number, page in enumerate(document.pages):
        if number >= _PAGES or sum(map(len, pages)) > _LETTERS:
            raise Unreadable(f"it is longer than {_PAGES} pages")
        pages.append(page.extract_text())
    return "\n\n".join(map(_joined, pages))


def _joined(page: str) -> str:
    """Lines of a page put together to paragraphs: a line that ends a sentence short of the margin ends one."""
    lines = [line.strip() for line in page.splitlines()]
    longest = max(map(len, lines), default=0)
    found: list[str] = []
    text = ""
    for line in lines:
        text = text[:-1] + line if text.endswith("-") and line[:1].islower() else f"{text} {line}".strip()
        if not line or (line[-1:] in '.!?”"' and len(line) < 0.8 * longest):
            found, text = [*found, text], ""
    return "\n\n".join(filter(None, [*found, text]))


if __name__ == "__main__":
    answer(_read)
