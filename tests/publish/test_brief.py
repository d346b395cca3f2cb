"""The brief: every number leads to a source, nothing later than its day is on it, nothing is fetched."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.publish.pages.brief import Brief, brief
from dualtrack.publish.pages.questions import Questions
from dualtrack.publish.theme import DARK, LIGHT, Track, contrast
from dualtrack.record.store import Record

DAY = date(2016, 5, 31)
SINCE = date(2014, 9, 5)


class Page(HTMLParser):
    """What a page holds: ids, what it refers to, and the places that show figures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.rows: list[str] = []
        self.findings: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if value is None:
                continue
            if name == "id":
                self.ids.append(value)
            elif name == "href" and tag == "a":
                self.links.append(value)
            elif name in ("src", "href", "srcset", "action", "data", "xlink:href"):
                self.fetched.append(value)
            elif name == "data-row":
                self.rows += value.split()
            elif name == "data-finding":
                self.findings += value.split()


@pytest.fixture(scope="module")
def record() -> Record:
    return open_record(DAY)


@pytest.fixture(scope="module")
def made(record: Record) -> Brief:
    return brief(record, SINCE)


@pytest.fixture(scope="module")
def page(made: Brief) -> Page:
    return Page(made.html)


def test_no_number_without_a_source(record: Record, page: Page) -> None:
    """Every row of every chart's data, and every change named, is a row with a source that the page lists."""
    assert len(page.rows) > 100
    for reference in page.rows:
        table, _, id_ = reference.partition("/")
        row = record.row(table, id_)
        assert row.sources, f"{reference} names no source"
    known = {f.id for f in Questions(record).findings}
    assert page.findings
    assert set(page.findings) <= known


def test_every_row_of_a_chart_is_evidence_of_its_findings(record: Record) -> None:
    for chart in Questions(record).charts():
        for row in chart.rows:
            assert row.get("row"), f"{chart.id} shows a row that leads nowhere"
        rests = {f"{e.table}/{e.row}" for finding in chart.findings for e in finding.evidence}
        shown = {r for row in chart.rows for r in ([row["row"]] if isinstance(row["row"], str) else row["row"])}
        assert shown <= rests, f"{chart.id} shows rows its findings do not rest on: {sorted(shown - rests)[:5]}"


def test_nothing_is_fetched_and_no_script_runs(page: Page, made: Brief) -> None:
    assert "script" not in page.tags
    assert all(target.startswith("data:") for target in page.fetched)
    assert "url(http" not in made.html
    assert "@import" not in made.html
    for link in page.links:
        assert link.startswith(("#", "https://", "http://", "data:text/csv"))


def test_links_within_the_page_resolve_and_ids_are_its_own(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_nothing_later_than_its_day(made: Brief) -> None:
    text = re.sub(r"<svg.*?</svg>", "", made.html.split('id="computed"')[0], flags=re.DOTALL)
    assert not re.search(r"\b(201[789]|202\d)-\d\d-\d\d\b", text)
    assert "Zapad 2017" not in text


def test_what_changed_since_wales(made: Brief) -> None:
    assert "What changed since 5 September 2014" in made.html
    assert "dlg-2016-04-20-nrc" in made.html


def test_headlines_one_per_track(made: Brief, record: Record) -> None:
    figures = Questions(record).figures()
    assert [figure.track for figure in figures] == list(Track)
    assert len(made.headlines) == 3
    assert "22 months" in made.headlines[1]


def test_the_same_record_gives_the_same_bytes(made: Brief) -> None:
    assert brief(open_record(DAY), SINCE).html == made.html


@pytest.mark.parametrize("day", ["1998-01-01", "2008-01-01", "2014-03-01", "2017-07-31", "2022-06-30", "2026-11-25"])
def test_any_day_makes_a_page(day: str) -> None:
    made = brief(open_record(day))
    page = Page(made.html)
    assert "h1" in page.tags
    assert len(page.ids) == len(set(page.ids))


def test_since_must_come_before(record: Record) -> None:
    with pytest.raises(BadInput, match="not before"):
        brief(record, DAY)


def test_markup_from_the_record_is_text(tmp_path: Path) -> None:
    (tmp_path / "dialogue.csv").write_text(
        "id,date,forum,level,topics,outcome,initiator,sources,known_from,known_basis\n"
        "dlg-evil,2016-05-01,NATO-Russia Council,<script>alert(1)</script>,<img src=x>,"
        "met,NATO,seed,2016-05-01,public event\n",
        "utf-8",
    )
    page = Page(brief(open_record(DAY, folder=tmp_path), SINCE).html)
    assert "script" not in page.tags
    assert "img" not in page.tags


def test_words_are_readable_on_the_page_and_on_land() -> None:
    for scheme in (LIGHT, DARK):
        for name in ("ink", "muted", "deterrence", "dialogue_text", "public"):
            for ground in ("paper", "land"):
                assert contrast(scheme[name], scheme[ground]) >= 4.5, (name, ground)


@given(st.sampled_from(sorted(LIGHT.values())), st.sampled_from(sorted(LIGHT.values())))
def test_contrast_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21
