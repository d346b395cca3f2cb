"""The feed of differences is Atom as RFC 4287 has it, and an entry keeps its id."""

from datetime import date
from xml.etree import ElementTree as Tree

from dualtrack.publish.feed import atom
from dualtrack.publish.reread import Reread
from dualtrack.record.diff import ChangedRow, TableDiff

NS = {"a": "http://www.w3.org/2005/Atom"}
TABLES = [
    TableDiff(
        "exercises", ["new"], [ChangedRow("x", {"troops_low": (None, 5), "place": ("A", "B & <b>\x01")})], ["old"]
    )
]
FINDINGS = [Reread("presence", {"host": "EST"}, "One", "Two", True)]


def parsed(**changes: list[TableDiff] | list[Reread]) -> Tree.Element:
    given = {"tables": TABLES, "findings": FINDINGS} | changes
    return Tree.fromstring(atom("from a to b", date(2026, 11, 24), **given))  # type: ignore[arg-type]


def test_feed_and_entries_have_what_the_standard_asks_for() -> None:
    feed = parsed()
    assert feed.tag == f"{{{NS['a']}}}feed"
    assert feed.findtext("a:author/a:name", namespaces=NS) == "dualtrack"
    for element in [feed, *feed.findall("a:entry", NS)]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", NS)) == 1
        assert element.findtext("a:updated", namespaces=NS) == "2026-11-24T00:00:00Z"
    ids = [element.text for element in feed.iter(f"{{{NS['a']}}}id")]
    assert len(set(ids)) == len(ids) == 5
    assert all(str(id_).startswith("urn:uuid:") for id_ in ids)


def test_entries_say_what_changed_with_markup_as_text() -> None:
    entries = {e.findtext("a:title", "", NS): e.findtext("a:content", "", NS) for e in parsed().findall("a:entry", NS)}
    assert entries == {
        "Two": "Asked: presence host=EST\nWas: One\nIs: Two",
        "exercises/new: added": "The row is added.",
        "exercises/old: removed": "The row is removed.",
        "exercises/x: changed": "troops_low: ? → 5\nplace: A → B & <b>",
    }


def test_the_same_change_keeps_its_id_and_another_gets_another() -> None:
    def ids(feed: Tree.Element) -> dict[str, str]:
        return {e.findtext("a:title", "", NS): e.findtext("a:id", "", NS) for e in feed.findall("a:entry", NS)}

    first = ids(parsed())
    assert ids(parsed(findings=[])) == {title: id_ for title, id_ in first.items() if title != "Two"}
    other = ids(parsed(tables=[TableDiff("exercises", changed=[ChangedRow("x", {"troops_low": (None, 6)})])]))
    assert other["exercises/x: changed"] != first["exercises/x: changed"]
    assert atom("t", date(2026, 1, 1), TABLES, FINDINGS) == atom("t", date(2026, 1, 1), TABLES, FINDINGS)
