"""The brief of one state: both tracks, polls and what leaders said, for every state by the same page."""

import re

import pytest

from dualtrack.api import open_record
from dualtrack.core.errors import NoSuchName
from dualtrack.publish.pages.state import StateBrief, state_brief


def test_every_row_shown_has_a_source_and_was_known() -> None:
    record = open_record("2016-05-31")
    for code in ("DEU", "RUS", "EST"):
        for reference in re.findall(r'data-row="([^"]+)"', state_brief(record, code).html):
            for one in reference.split():
                table, _, id_ = one.partition("/")
                assert record.row(table, id_).sources


def test_it_says_what_leaders_said_and_how_they_were_asked() -> None:
    html = state_brief(open_record("2026-11-25"), "deu").html
    assert "Germany on both tracks" in html
    assert "Angela Merkel" in html
    assert "NATO to build up its military presence in eastern members permanently" in html
    assert 'data-label="Led by">Norway<' in html  # states by name, each cell with its heading for a phone
    assert "led by Russia: 2008 to October 2025" in html  # where the record ends, in words


@pytest.mark.parametrize("code", ["EST", "USA", "RUS", "BLR", "UKR", "FIN", "KAZ", "MNE"])
def test_any_state_has_a_page_of_the_same_make(code: str) -> None:
    made = StateBrief(open_record("2026-11-25"), code)
    assert made.sections
    assert all(section.finding for section in made.sections)


def test_nothing_later_than_its_day() -> None:
    text = re.sub(r"<svg.*?</svg>", "", state_brief(open_record("2016-05-31"), "DEU").html.split('id="computed"')[0])
    assert not re.search(r"\b(201[789]|202\d)-\d\d-\d\d\b", text)


def test_an_unknown_state_is_named() -> None:
    with pytest.raises(NoSuchName, match="state code"):
        state_brief(open_record(), "XYZ")
