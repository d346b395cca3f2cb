"""Sources: every id in the record resolves; a page listed under two ids is one page."""

from pathlib import Path

import pytest

from conftest import WriteFiles
from dualtrack.api import open_record
from dualtrack.core.errors import BadRecord
from dualtrack.record.load import load
from dualtrack.record.store import packaged

RECORD = open_record("2026-11-24")
ROWS = {row.id: row for row in RECORD.rows("sources")}
ALIASES = {id_: row.text("same_as") for id_, row in ROWS.items() if row["same_as"]}


def test_there_are_aliases_and_each_points_to_an_original() -> None:
    assert ALIASES
    assert all(original in ROWS and original not in ALIASES for original in ALIASES.values())


@pytest.mark.parametrize("alias", sorted(ALIASES))
def test_alias_and_original_resolve_to_the_same_page(alias: str) -> None:
    cards = RECORD.sources([alias, ALIASES[alias]])
    assert {card.id for card in cards} == {alias, ALIASES[alias]}
    assert len({card.url for card in cards}) == 1
    assert cards[0].url
    assert all(card.publisher and card.title for card in cards)


def test_no_page_is_kept_twice() -> None:
    urls = [row.text("url") for id_, row in ROWS.items() if row["url"] and id_ not in ALIASES]
    assert len(urls) == len(set(urls))


def test_a_field_that_one_of_two_listings_fills_is_kept() -> None:
    """One listing of a page had its date of publication, the other did not."""
    assert ROWS["pism_nrfa"]["published"] is None
    alias, original = RECORD.sources(["pism-nrfa", "pism_nrfa"])[::-1]
    assert (alias.id, alias.published, original.published) == ("pism_nrfa", "2018", "2018")


def test_each_listing_keeps_what_it_says_itself_but_the_address(overlay: WriteFiles) -> None:
    sources = (
        "id,publisher,title,url,published,kind,same_as\n"
        "mine,My copy,My title,http://example.org/copy,,,theirs\n"
        "theirs,Theirs,Their title,https://example.org/page,2016-05,media,\n"
        "bare,,,,,,theirs\n"
    )
    bare, mine, theirs = open_record("2016", folder=overlay({"sources.csv": sources})).sources(
        ["mine", "theirs", "bare"]
    )
    assert (mine.publisher, mine.title, mine.published, mine.kind) == ("My copy", "My title", "2016-05", "media")
    assert mine.url == theirs.url == bare.url == "https://example.org/page"
    assert bare.model_copy(update={"id": "theirs"}) == theirs


def test_an_alias_of_nothing_is_refused(overlay: WriteFiles) -> None:
    with pytest.raises(BadRecord, match=r"sources.csv:2 \[same_as\]: 'nowhere' is not a row of sources"):
        open_record("2016", folder=overlay({"sources.csv": "id,same_as\nmine,nowhere\n"}))


def test_cards_come_once_each_sorted() -> None:
    assert [card.id for card in RECORD.sources(["seed", "24ur", "seed"])] == ["24ur", "seed"]


def test_every_row_of_a_fact_has_a_source_that_resolves() -> None:
    for name, table in load([packaged()]).items():
        if table.spec.kind == "fact":
            for row in RECORD.rows(name):
                assert row.sources, row
                assert len(RECORD.sources(row.sources)) == len(set(row.sources)), row


def test_every_source_says_whether_it_may_be_passed_on() -> None:
    assert {row["redistribute"] for row in ROWS.values()} <= {"yes", "no", "facts-only"}
    assert all(row["url"] is None or row.text("url").startswith(("https://", "http://")) for row in ROWS.values())


def test_the_record_is_read_where_it_is_installed() -> None:
    assert packaged().is_dir()
    assert Path("record", "data") == Path(*packaged().parts[-2:])
