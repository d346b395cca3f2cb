"""The brief: every number leads to a source, nothing later than its day is on it, nothing is fetched."""

import csv
import io
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dualtrack.api import open_record
from dualtrack.cli.app import app
from dualtrack.core.errors import BadInput
from dualtrack.publish.marks import Room, text_width
from dualtrack.publish.pages.brief import Brief, brief
from dualtrack.publish.pages.questions import Questions
from dualtrack.publish.render import NARROW, WIDE, draw
from dualtrack.publish.theme import DARK, LIGHT, Track
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
    known = {f.id for f in [*Questions(record).findings, *Questions(record.at(SINCE)).findings]}
    assert page.findings
    assert set(page.findings) <= known


class Numbers(HTMLParser):
    """Every piece of text with a digit in it, with what the elements around it say it rests on."""

    _SKIPPED = ("style", "svg", "code", "pre", "title")
    _VOID = ("meta", "link", "br", "img", "base", "path", "circle", "rect", "line")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.around: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._VOID:
            self.around.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._VOID:
            while self.around.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not re.search(r"\d", data) or any(tag in self._SKIPPED for tag, _ in self.around):
            return
        rests = {k: v for _, attrs in self.around for k, v in attrs.items() if v and k.startswith("data-")}
        inside = [attrs.get("id") for _, attrs in self.around]
        link = next((a.get("href") or "" for tag, a in reversed(self.around) if tag == "a"), "")
        if "sources" not in inside and not link.startswith("#s-"):
            self.found.append((data.strip(), rests))


def test_every_number_stands_where_it_says_what_it_rests_on(record: Record, made: Brief, page: Page) -> None:
    """A number is part of a finding, of a row or of a table's count, or it is a date or version the page states."""
    findings = {f.id: f for f in [*Questions(record).findings, *Questions(record.at(SINCE)).findings]}
    numbers = Numbers(made.html).found
    assert len(numbers) > 300
    for text, rests in numbers:
        assert rests, f"{text!r} leads nowhere"
        for id_ in rests.get("data-finding", "").split():
            assert findings[id_].evidence, f"{text!r} rests on a finding without evidence"
        for reference in rests.get("data-row", "").split():
            assert record.row(*reference.split("/", 1)).sources, f"{text!r} rests on a row without a source"
        for table in rests.get("data-table", "").split():
            assert table in record.tables
        for day in rests.get("data-day", "").split():
            assert day in (DAY.isoformat(), SINCE.isoformat())


def test_each_row_is_followed_by_its_sources(made: Brief) -> None:
    """Rows of charts and rows that changed cite the numbered list of sources."""
    rows = re.findall(r"<(?:tr|li) data-row=.*?</(?:tr|li)>", made.html, flags=re.DOTALL)
    assert rows
    for row in rows:
        assert 'href="#s-' in row, row[:200]


def test_the_data_of_a_chart_travel_in_its_link(record: Record, page: Page) -> None:
    links = [link for link in page.links if link.startswith("data:text/csv")]
    charts = Questions(record).charts()
    assert len(links) == len(charts)
    for chart, link in zip(charts, links, strict=True):
        rows = list(csv.DictReader(io.StringIO(unquote(link.partition(",")[2]))))
        assert len(rows) == len(chart.rows)
        assert list(rows[0]) == [column.name for column in chart.columns]


def test_titles_are_derived_from_the_day(record: Record) -> None:
    then = {chart.id: chart for chart in Questions(record).charts()}
    now = {chart.id: chart for chart in Questions(open_record("2026-11-25")).charts()}
    assert then.keys() == now.keys()
    for id_, chart in then.items():
        assert chart.title != now[id_].title
        years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", chart.title)]
        assert all(year <= DAY.year for year in years), chart.title


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_colour_of_a_chart_has_a_dark_counterpart(record: Record, width: int) -> None:
    """No colour outside the palette: it would mean nothing, and stay as it is after dark."""
    for chart in Questions(record).charts():
        drawn = draw(chart.draw(width))
        colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn)) - {"none", "transparent"}
        assert colours <= set(LIGHT.values()), f"{chart.id}: {sorted(colours - set(LIGHT.values()))}"


def test_no_side_is_called_names(record: Record) -> None:
    for questions in (Questions(record), Questions(open_record("2026-11-25"))):
        for chart in questions.charts():
            words = " ".join([chart.title, chart.reading, chart.coverage, *(key.label for key in chart.key)])
            assert not re.search(r"\b(threat\w*|enem\w*|aggress\w*|adversar\w*|hostile|ours?)\b", words), words
        assert not re.search(r"\b(threat\w*|enem\w*|aggress\w*|unsure|ours?)\b", questions.title())


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), st.text(min_size=1, max_size=20)), max_size=25))
def test_labels_never_run_into_each_other(wanted: list[tuple[float, float, str]]) -> None:
    room = Room(400, 300)
    boxes = []
    for x, y, text in wanted:
        label = room.put(text, x, y, 6)
        if label:
            wide = text_width(text)
            left = label["x"] - {"left": 0, "center": wide / 2, "right": wide}[label["align"]]
            boxes.append((left, label["y"] - 7, left + wide, label["y"] + 7))
    for i, one in enumerate(boxes):
        assert one[0] >= 0 and one[2] <= 400 and one[1] >= 0 and one[3] <= 300
        for other in boxes[:i]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_the_command_writes_the_page_and_prints_the_headlines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Brief
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["brief", "--as-of", "2016-05", "--since", "2014-09-05"])
    assert done.exit_code == 0
    assert done.output.splitlines()[0] == "brief-2016-05-31.html"
    assert [line.strip() for line in done.output.splitlines()[1:]] == made.headlines
    assert (tmp_path / "brief-2016-05-31.html").read_text("utf-8") == made.html
    assert [path.name for path in tmp_path.iterdir()] == ["brief-2016-05-31.html"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["brief", "--as-of", "2016-05", "-o", str(tmp_path / "none" / "b.html")])
    assert isinstance(done.exception, BadInput)


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


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2 defines it."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_words_are_readable_on_the_page_and_on_land() -> None:
    for scheme in (LIGHT, DARK):
        for name in ("ink", "muted", "deterrence", "dialogue_text", "public"):
            for ground in ("paper", "land"):
                assert contrast(scheme[name], scheme[ground]) >= 4.5, (name, ground)


@given(st.sampled_from(sorted(LIGHT.values())), st.sampled_from(sorted(LIGHT.values())))
def test_contrast_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= contrast("#ffffff", "#000000") == pytest.approx(21)
