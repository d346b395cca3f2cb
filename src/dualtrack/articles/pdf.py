"""The text of a PDF, read in a process of its own with bounded time and memory (extra ``articles``)."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from typing import Any

from dualtrack.core.errors import BadInput

_SECONDS = 20
_MEMORY = 1_500_000_000
_PAGES = 60
_LETTERS = 2_000_000


def pdf_text(data: bytes, name: str) -> str:
    """The text of a PDF, a paragraph per block of lines.

    Raises:
        BadInput: the extra is not installed, the file is broken or locked, or it takes too long or too much memory.
    """
    try:
        import pypdf  # noqa: F401 - only to say plainly that it is missing; it is used in the other process
    except ImportError:
        raise BadInput(
            f"{name} is a PDF, and reading those needs an extra.",
            "pip install 'dualtrack[articles]', or save its text as .txt.",
        ) from None
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    reader = context.Process(target=_read, args=(data, there), daemon=True)
    reader.start()
    there.close()
    try:
        answer: tuple[str, str] = here.recv() if here.poll(_SECONDS) else ("", f"it took more than {_SECONDS} seconds")
    except EOFError:
        answer = ("", "it needs too much memory")
    finally:
        reader.kill()
        reader.join()
        here.close()
    text, problem = answer
    if problem:
        raise BadInput(f"{name} cannot be read as a PDF: {problem}.", "Save its text as .txt.")
    return text


def _read(data: bytes, told: Connection) -> None:
    """Runs in the other process, and sends the text or what is wrong."""
    _bound_memory()
    try:
        import io

        import pypdf

        document = pypdf.PdfReader(io.BytesIO(data))
        if document.is_encrypted:
            told.send(("", "it is locked with a password"))
            return
        pages: list[str] = []
        for number, page in enumerate(document.pages):
            pages.append(page.extract_text())
            if number >= _PAGES or sum(map(len, pages)) > _LETTERS:
                told.send(("", f"it is longer than {_PAGES} pages"))
                return
        told.send(("\n\n".join(map(_joined, pages)), ""))
    except MemoryError:
        told.send(("", "it needs too much memory"))
    except Exception as error:  # whatever a broken file makes the library say, the user gets one sentence
        told.send(("", f"it is broken ({type(error).__name__})"))


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where time alone is bounded
        return
    limits: Any = (_MEMORY, _MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, limits)


def _joined(page: str) -> str:
    """Lines of a page put together to paragraphs: a line that ends a sentence short of the margin ends one."""
    lines = [line.strip() for line in page.splitlines()]
    longest = max(map(len, lines), default=0)
    text = ""
    for line in lines:
        if text.endswith("-") and line[:1].islower():
            text = text[:-1] + line
        else:
            text += line
        ends = not line or (line[-1:] in '.!?”"' and len(line) < 0.8 * longest)
        text += "\n\n" if ends else "" if text.endswith("-") else " "
    return text
