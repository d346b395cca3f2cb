"""Differences as an Atom feed (RFC 4287): one entry a row or an answer, the newest first.

An entry's id is a tag URI (RFC 4151) made of what it is about and what happened to it: a row is added once, a change
is told from another by what it changes. So the same entry always has the same id, whatever else is in the feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from urllib.parse import quote
from xml.etree import ElementTree as Tree

from dualtrack import __version__
from dualtrack.analyses.names import label
from dualtrack.core.errors import BadInput
from dualtrack.publish.difference import Difference, change
from dualtrack.record.asof import seen_from
from dualtrack.record.diff import TableDiff
from dualtrack.record.rows import Row

NOBODY = "dualtrack.invalid"  # the domain of a feed whose publisher names none; nobody can own it (RFC 6761)
_ATOM = "http://www.w3.org/2005/Atom"
_OWNED = "2026"  # the year that the domain of a tag is named in; never to be changed, or all ids are
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+", re.IGNORECASE)
_LINKS = 5  # sources that an entry links to


@dataclass(frozen=True)
class _Entry:
    about: str
    title: str
    text: str
    updated: datetime
    links: tuple[str, ...] = ()
    once: str = ""  # what can happen only once; else the text tells one from another


def atom(found: Difference, name: str, domain: str = NOBODY) -> bytes:
    """The feed.

    Args:
        found: what differs.
        name: what the feed is called, such as its file; with the domain it is the feed's id, for good.
        domain: a domain of whoever publishes the feed.

    Raises:
        BadInput: that is no domain.
    """
    if not _DOMAIN.fullmatch(domain):
        raise BadInput(f"{domain!r} is not a domain.", "Write one of yours, such as example.org.")
    entries = sorted(_entries(found), key=lambda entry: (-entry.updated.timestamp(), entry.about))
    updated = max((entry.updated for entry in entries), default=found.new.updated)
    Tree.register_namespace("", _ATOM)
    feed = Tree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", _tag(domain, f"feed/{name}"))
    _add(feed, "title", "dualtrack: what changed")
    _add(feed, "subtitle", f"From {found.old.name} to {found.new.name}")
    _add(feed, "updated", _moment(updated))
    _add(_add(feed, "author"), "name", "dualtrack contributors")
    _add(feed, "generator", "dualtrack").set("version", __version__)
    for made in entries:
        entry = _add(feed, "entry")
        mark = made.once or sha256(made.text.encode()).hexdigest()[:12]
        _add(entry, "id", _tag(domain, f"{made.about}/{mark}"))
        _add(entry, "title", made.title)
        _add(entry, "updated", _moment(made.updated))
        for url in made.links:
            link = _add(entry, "link")
            link.set("rel", "related")
            link.set("href", url)
        _add(entry, "content", made.text).set("type", "text")
    Tree.indent(feed)
    data: bytes = Tree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _entries(found: Difference) -> Iterator[_Entry]:
    for answer in found.answers:
        text = f"Asked: {answer.question}\nWas: {answer.old or 'not asked'}\nIs: {answer.new or 'not asked'}"
        about = answer.about.rstrip(".")
        new = answer.new if answer.headline else ""
        title = ": ".join(filter(None, [about, new])) or answer.question
        yield _Entry(f"{answer.kind}/{answer.question}", title, text, found.new.updated)
    for diff in found.tables:
        yield from _rows(diff, found)


def _rows(diff: TableDiff, found: Difference) -> Iterator[_Entry]:
    old, new = found.old.record, found.new.record
    for id_ in diff.added:
        row = new.row(diff.table, id_)
        yield _entry(row, "added", _listed(row), _since(row, ("known_from",), found), _urls(row, found))
    for changed in diff.changed:
        row = new.row(diff.table, changed.row)
        text = "\n".join(change(name, *values) for name, values in changed.fields.items())
        yield _entry(row, "changed", text, _since(row, tuple(changed.fields), found), _urls(row, found))
    for id_ in diff.removed:
        row = old.row(diff.table, id_)
        yield _entry(row, "removed", f"No longer in the record.\n{_listed(row)}", found.new.updated)


def _entry(row: Row, word: str, text: str, updated: datetime, links: tuple[str, ...] = ()) -> _Entry:
    about = f"{row.spec.table}/{row.id}"
    words = label(row)
    name = about if words == row.id else f"{words} ({about})"
    once = "" if word == "changed" else word
    return _Entry(about, f"{row.spec.title}, {word}: {name}", text, updated, links, once)


def _listed(row: Row) -> str:
    """The columns a list of rows shows, each in a line."""
    return "\n".join(f"{field.name}: {row[field.name]}" for field in row.spec.listed if row[field.name] is not None)


def _urls(row: Row, found: Difference) -> tuple[str, ...]:
    sources = found.new.record.sources(row.sources)
    return tuple(s.url for s in sources if s.url.startswith(("https://", "http://")))[:_LINKS]


def _since(row: Row, names: tuple[str, ...], found: Difference) -> datetime:
    """When a row or its cells became known; between two records of the same day, when the later was changed."""
    first, last = found.old.record.as_of, found.new.record.as_of
    if first == last or not row.spec.has("known_from"):
        return found.new.updated
    known = [name for name in names if row.spec.has(name)]
    day = seen_from(row.spec, dict(row), known, found.new.record.compiled)
    return _midnight(day) if first < day <= last else found.new.updated


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _add(parent: Tree.Element, name: str, text: str = "") -> Tree.Element:
    element = Tree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = _ILLEGAL.sub("", text) or None
    return element


def _tag(domain: str, about: str) -> str:
    return f"tag:{domain.lower()},{_OWNED}:{quote(about, safe='/=.,-_~+')}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
