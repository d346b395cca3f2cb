"""The feed of differences is Atom as RFC 4287 has it, and an entry keeps its id."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as Tree

import pytest

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.publish.difference import Difference, Side, compare
from dualtrack.publish.feed import atom
from dualtrack.publish.reread import Reread
from dualtrack.record.diff import ChangedRow, TableDiff

A = "{http://www.w3.org/2005/Atom}"
TAG = re.compile(r"tag:example\.org,2026:[A-Za-z0-9._~%/=,+-]+")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
TODAY = datetime(2026, 11, 24, tzinfo=UTC)
NOW = Side("mine", open_record("2026-11-24"), TODAY)
OLD, CHANGED, NEW = "zapad-2013", "zapad-2021", "zapad-2017"
CLAIM = "Few came: supported: 4"  # which claim, then what is said of it


def title(word: str, id_: str) -> str:
    return f"Military exercises, {word}: {NOW.record.row('exercises', id_)['name']} (exercises/{id_})"


DIFF = Difference(
    Side("packaged", open_record("2026-11-24"), TODAY),
    NOW,
    [
        TableDiff(
            "exercises",
            [NEW],
            [ChangedRow("zapad-2021", {"troops_low": (None, 5), "place": ("A", "B & <b>\x01")})],
            [OLD],
        )
    ],
    [
        Reread("finding", "presence", {"host": "EST"}, "One", "Two", True),
        Reread("claim", "few", {}, "cannot tell", "supported: 4", True, "Few came."),
    ],
    40,
)
DAYS = compare(
    Side("2016-05-09", open_record("2016-05-09"), TODAY),
    Side("2017-05-09", open_record("2017-05-09"), datetime(2017, 5, 9, tzinfo=UTC)),
)


def parsed(found: Difference = DIFF) -> Tree.Element:
    return Tree.fromstring(atom(found, "f.atom", "example.org"))


def ids(feed: Tree.Element) -> dict[str, str]:
    return {e.findtext(f"{A}title", ""): e.findtext(f"{A}id", "") for e in feed.findall(f"{A}entry")}


@pytest.mark.parametrize("found", [DIFF, DAYS, replace(DIFF, tables=[], answers=[])], ids=["two", "days", "none"])
def test_feed_and_entries_have_what_the_standard_asks_for(found: Difference) -> None:
    """Section 4.1: exactly one id, title and updated each; an author; no two entries of one id; text or a link."""
    feed = parsed(found)
    assert feed.tag == f"{A}feed"
    assert feed.findtext(f"{A}author/{A}name") == "dualtrack contributors"
    for element in [feed, *feed.findall(f"{A}entry")]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{A}{name}")) == 1
        assert TAG.fullmatch(element.findtext(f"{A}id", ""))
        assert MOMENT.fullmatch(element.findtext(f"{A}updated", ""))
        assert element.findtext(f"{A}title")
    for entry in feed.findall(f"{A}entry"):
        (content,) = entry.findall(f"{A}content")
        assert content.text and content.get("type") == "text" and len(content) == 0
        for link in entry.findall(f"{A}link"):
            assert link.get("rel") == "related" and str(link.get("href")).startswith(("https://", "http://"))
    assert len({e.text for e in feed.iter(f"{A}id")}) == len(list(feed.iter(f"{A}id")))
    times = [entry.findtext(f"{A}updated", "") for entry in feed.findall(f"{A}entry")]
    assert times == sorted(times, reverse=True)
    assert feed.findtext(f"{A}updated") == max(times, default="2026-11-24T00:00:00Z")


def test_entries_say_what_changed_with_markup_as_text() -> None:
    entries = {e.findtext(f"{A}title", ""): e.findtext(f"{A}content", "") for e in parsed().findall(f"{A}entry")}
    assert set(entries) == {"Two", CLAIM, title("added", NEW), title("changed", CHANGED), title("removed", OLD)}
    assert entries["Two"] == "Asked: presence host=EST\nWas: One\nIs: Two"
    assert entries[title("changed", CHANGED)] == "troops_low: ? → 5\nplace: A → B & <b>"
    assert "start: 2017-09-14" in entries[title("added", NEW)]
    assert entries[title("removed", OLD)].startswith("No longer in the record.")


def test_between_two_days_an_entry_bears_the_day_it_became_known() -> None:
    found = {e.findtext(f"{A}title", ""): e.findtext(f"{A}updated", "") for e in parsed(DAYS).findall(f"{A}entry")}
    rows = DAYS.new.record.rows("exercises")
    added = [row for row in rows if row.id in next(t.added for t in DAYS.tables if t.table == "exercises")]
    assert added
    for row in added:
        day = str(row.last("known_from"))
        assert found[f"Military exercises, added: {row['name']} (exercises/{row.id})"] == f"{day}T00:00:00Z"
    assert all("2016-05-09" < moment <= "2017-05-09T00:00:00Z" for moment in found.values())


def test_the_same_change_keeps_its_id_and_another_gets_another() -> None:
    first = ids(parsed())
    assert ids(parsed(replace(DIFF, answers=[]))) == {
        name: id_ for name, id_ in first.items() if name not in ("Two", CLAIM)
    }
    further = [TableDiff("exercises", changed=[ChangedRow("zapad-2021", {"troops_low": (None, 6)})])]
    one, other = first[title("changed", CHANGED)], ids(parsed(replace(DIFF, tables=further)))[title("changed", CHANGED)]
    assert other != one and other.rpartition("/")[0] == one.rpartition("/")[0]
    assert atom(DIFF, "f.atom") == atom(DIFF, "f.atom")


def test_entries_of_two_runs_that_overlap_have_the_same_ids() -> None:
    """A reader who fetches the feed of May and then that of June sees nothing twice."""
    longer = compare(DAYS.old, Side("2017-06-09", open_record("2017-06-09"), TODAY))
    rows = {name: id_ for name, id_ in ids(parsed(DAYS)).items() if "added: " in name}
    assert rows.items() <= ids(parsed(longer)).items()


@pytest.mark.parametrize("domain", ["", "localhost", "a b.org", "-a.org", "a..org", "a.org/x", "é.org"])
def test_a_domain_is_one(domain: str) -> None:
    with pytest.raises(BadInput, match="is not a domain"):
        atom(DIFF, "f.atom", domain)
