"""Search over everything: pages, findings, claims, words of the glossary, tables and rows."""

from __future__ import annotations

from dualtrack.publish.workbench.parts import Field, Form, Link, Listing, Page, Part, Section, Words, given
from dualtrack.publish.workbench.searching import KINDS, search
from dualtrack.publish.workbench.view import View

TITLE, ORDER = "Search", 90
_SHOWN = 50


def page(view: View) -> Page:
    """The best answers to the words asked for, of all kinds or of one."""
    asked = view.text("q")
    kinds = {"": "Everything", **KINDS}
    kind = view.choice("kind", kinds)
    fields = [Field("search", "q", "Words", asked), Field("select", "kind", "Among", kind, kinds)]
    parts: list[Part] = [Form(fields, "results", "Search", module="search", data="search")]
    title = "Search the record"
    if asked:
        found = search(view, asked, kind, _SHOWN)
        title = f"{found.total:,} places for “{asked}”" if found.total else f"Nothing for “{asked}”"
        rows = [
            {"kind": KINDS[one.kind], "title": Link(one.title, one.place, part=one.part), "text": one.shown}
            for one in found.best
        ]
        columns = (("kind", "Kind"), ("title", "Where"), ("text", "What it says"))
        if rows:
            parts.append(Listing(title, columns, rows, total=found.total, heading=False, whole=True))
        else:
            parts.append(Words("Try fewer or other words. What was not collected is not in the record."))
    return Page(
        title=title,
        lead="Words, names, codes and ids: over pages, findings, claims, the glossary, tables and rows as known on the "
        "day. The best places first.",
        sections=given(Section("results", "Results" if asked else "Ask", parts)),
    )
