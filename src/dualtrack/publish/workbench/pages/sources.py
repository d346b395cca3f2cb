"""Sources: who published what, when, in which language, and how much of the record rests on it."""

from __future__ import annotations

from collections import Counter

from dualtrack.publish.workbench.parts import Field, Form, Link, Listing, Page, Part, Section, Words, given
from dualtrack.publish.workbench.view import View
from dualtrack.record.rows import Row

TITLE, ORDER = "Sources", 60
_SHOWN = 200
_LANGUAGES = {
    "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German",
    "en": "English", "es": "Spanish", "et": "Estonian", "fi": "Finnish", "fr": "French", "hu": "Hungarian",
    "is": "Icelandic", "it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian",
}  # fmt: skip
"""Languages by their ISO 639-1 code; another stands as its code."""


def page(view: View) -> Page:
    """Counts by kind and language, and the sources themselves."""
    rows, uses = view.record.rows("sources"), _uses(view)
    kinds, languages = Counter(map(_kind, rows)), Counter(row.text("language") or "not recorded" for row in rows)
    return Page(
        title=f"{len(rows):,} sources, {kinds.most_common(1)[0][1]:,} of them {kinds.most_common(1)[0][0]}",
        lead="Every figure of the record names one or more of these. A source keeps its terms; single facts are cited "
        "from it.",
        sections=given(_counts(view, rows, kinds, languages, uses), _list(view, rows, kinds, uses)),
    )


def _kind(row: Row) -> str:
    return row.text("kind") or "not recorded"


def _uses(view: View) -> Counter[str]:
    def count() -> Counter[str]:
        return Counter(
            source for name in view.record.tables for row in view.record.rows(name) for source in row.sources
        )

    return view.record.once("uses of sources", count)


def _counts(
    view: View, rows: list[Row], kinds: Counter[str], languages: Counter[str], uses: Counter[str]
) -> Section | None:
    resting = Counter[str]()
    for row in rows:
        resting[_kind(row)] += uses[row.id]
    by_kind = [
        {"kind": kind, "sources": number, "share": f"{100 * number / len(rows):.0f} %", "rows": resting[kind]}
        for kind, number in kinds.most_common()
    ]
    columns = (("kind", "Kind"), ("sources", "Sources"), ("share", "Share"), ("rows", "Rows that name one"))
    by_language = [
        {"language": _LANGUAGES.get(word, word), "sources": number} for word, number in languages.most_common()
    ]
    return Section(
        "kinds",
        "Kinds and languages",
        [
            Listing("Sources by kind", columns, by_kind),
            Listing("Sources by language", (("language", "Language"), ("sources", "Sources")), by_language, whole=True),
            _by_side(view, rows, kinds),
        ],
    )


def _by_side(view: View, rows: list[Row], kinds: Counter[str]) -> Listing:
    """What the rows of each side rest on, in the tables that group their rows by side."""
    kind = {row.id: _kind(row) for row in rows}
    lines = []
    for spec in (view.record.spec(name) for name in view.record.tables):
        labels = spec.field("side").values if spec.has("side") else {}
        for side, label in labels.items():
            own = view.record.rows(spec.table, "side = ?", side)
            named = Counter(kind[source] for row in own for source in row.sources)
            if own:
                shares = {word: f"{named[word]} of {named.total()}" for word in kinds}
                lines.append({"table": spec.title, "side": label, "rows": len(own), **shares})
    columns = (("table", "Table"), ("side", "Whose"), ("rows", "Rows"), *((word, word.capitalize()) for word in kinds))
    note = "How often a row names a source of the kind. Where official sources of one side are few, others speak of it."
    return Listing("What the rows of each side rest on", columns, lines, note=note)


def _list(view: View, rows: list[Row], kinds: Counter[str], uses: Counter[str]) -> Section | None:
    every = {"": "All", **{kind: kind.capitalize() for kind, _ in kinds.most_common()}}
    kind, words = view.choice("kind", every), view.text("words").casefold()
    found = [
        row
        for row in rows
        if (not kind or _kind(row) == kind)
        and all(word in f"{row.id} {row.text('publisher')} {row.text('title')}".casefold() for word in words.split())
    ]
    found.sort(key=lambda row: (-uses[row.id], row.text("publisher"), row.id))
    parts: list[Part] = []
    if view.live:
        fields = [
            Field("search", "words", "Publisher or title", view.text("words")),
            Field("select", "kind", "Kind", kind, every),
        ]
        parts.append(Form(fields, "list"))
    columns = (
        ("title", "Title"), ("publisher", "Publisher"), ("published", "Published"), ("kind", "Kind"),
        ("rows", "Rows that name it"),
    )  # fmt: skip
    shown = [
        {"title": view.row(f"sources/{row.id}", row.text("title") or row.id), "publisher": row.text("publisher"),
         "published": row.text("published"), "kind": _kind(row), "rows": uses[row.id]}
        for row in found[:_SHOWN]
    ]  # fmt: skip
    title = f"{len(found):,} sources, those most used first"
    parts.append(Listing(title, columns, shown, total=len(found)))
    parts.append(Words(links=[Link("All of them, as a table", "tables/sources")]))
    return Section("list", "The sources", parts)
