"""An annotated article in Markdown: the text with a footnote per answered sentence; nothing in it acts as markup."""

from __future__ import annotations

import re

from dualtrack.articles.annotation import Annotated
from dualtrack.publish.articles.words import Answer, answer, summary

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|!])")


def as_markdown(found: Annotated) -> str:
    """The article with numbered notes."""
    lines = [f"# {_plain(found.article.title or found.article.name)}", "", _plain(summary(found)) + ".", ""]
    notes: list[str] = []
    paragraph = None
    text = ""
    for one in found.sentences:
        if one.sentence.paragraph != paragraph:
            lines += [text, ""] if text else []
            paragraph, text = one.sentence.paragraph, ""
        said = answer(one, found)
        text += (" " if text else "") + _plain(one.sentence.text) + (f"[^{one.sentence.index}]" if said else "")
        if said:
            notes.append(f"[^{one.sentence.index}]: {_note(said)}")
    lines += [text, "", *notes]
    return "\n".join(lines) + "\n"


def _note(said: Answer) -> str:
    parts = [f"**{said.head}.**"]
    if said.statement:
        parts.append(_plain(said.statement))
    parts += [
        f"**{s.verdict.capitalize()}** {_plain(s.when)}: {_plain('; '.join((s.value, *s.more)))}." for s in said.said
    ]
    parts += [_plain(note) for note in said.notes]
    return " ".join(parts)


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
