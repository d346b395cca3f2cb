"""Differences as an Atom feed (RFC 4287): one entry a row or a finding, each with an id that stays the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Tree

from dualtrack.publish.reread import Reread
from dualtrack.record.cells import Value
from dualtrack.record.diff import TableDiff

_ATOM = "http://www.w3.org/2005/Atom"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def atom(title: str, updated: date, tables: list[TableDiff], findings: list[Reread]) -> bytes:
    """The feed: findings first, then rows by table.

    Args:
        title: what is compared with what; the feed's id comes from it.
        updated: the day of the later record.
        tables: the rows that differ.
        findings: the findings that read otherwise.
    """
    Tree.register_namespace("", _ATOM)
    feed = Tree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", _id("feed", title))
    _add(feed, "title", title)
    _add(feed, "updated", _moment(updated))
    _add(_add(feed, "author"), "name", "dualtrack")
    for name, text, key in _entries(tables, findings):
        entry = _add(feed, "entry")
        _add(entry, "id", _id(key, text))
        _add(entry, "title", name)
        _add(entry, "updated", _moment(updated))
        _add(entry, "content", text).set("type", "text")
    Tree.indent(feed)
    made: bytes = Tree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _entries(tables: list[TableDiff], findings: list[Reread]) -> Iterator[tuple[str, str, str]]:
    """Title, text and key of each entry; key and text make the id, so that a further change is a further entry."""
    for finding in findings:
        yield finding.new, f"Asked: {finding.question}\nWas: {finding.old}\nIs: {finding.new}", finding.question
    for diff in tables:
        for word, ids in (("added", diff.added), ("removed", diff.removed)):
            yield from ((f"{diff.table}/{id_}: {word}", f"The row is {word}.", f"{diff.table}/{id_}") for id_ in ids)
        for row in diff.changed:
            lines = [change(name, *values) for name, values in row.fields.items()]
            yield f"{diff.table}/{row.row}: changed", "\n".join(lines), f"{diff.table}/{row.row}"


def change(name: str, old: Value, new: Value) -> str:
    """A changed cell in a line; an unknown value is a question mark."""
    was, now = ("?" if value is None else str(value) for value in (old, new))
    return f"{name}: {was} → {now}"


def _add(parent: Tree.Element, name: str, text: str = "") -> Tree.Element:
    element = Tree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = _ILLEGAL.sub("", text) or None
    return element


def _id(*parts: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, '|'.join(('dualtrack', *parts)))}"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
