"""An annotated article as a terminal shows it."""

from __future__ import annotations

import textwrap

from dualtrack.articles.annotation import Annotated
from dualtrack.publish.articles.words import answer, summary

_WIDTH = 80  # characters of a terminal nobody has widened


def as_text(found: Annotated) -> str:
    """A line or two per sentence that gets an answer, then what the whole comes to."""
    lines: list[str] = []
    for one in found.sentences:
        said = answer(one, found)
        if said is None:
            continue
        lines.append(f"{one.sentence.index:>3}  {textwrap.shorten(one.sentence.text, _WIDTH - 5, placeholder=' …')}")
        head = said.head if not said.said else f"{said.head}: {said.said[0].verdict}"
        lines += _block(f"{head}{f' · {said.statement}' if said.statement else ''}", 5)
        for s in said.said:
            lines += _block("; ".join((f"{s.verdict} {s.when}: {s.value}", *s.more)))
        for note in said.notes:
            lines += _block(note)
    dated = f"dated {found.article.date}" if found.article.date else "undated (--date gives it one)"
    return "\n".join([*lines, "", *_block(f"{summary(found)}.", 0), f"Article {dated}; matched by {found.mode}."])


def _block(text: str, indent: int = 7) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)
