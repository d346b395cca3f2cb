"""A finding in a terminal and in a notebook: nothing lost, nothing let through as markup."""

from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.finding import Answer, ByReading, Coverage, Edition, Evidence, Finding, Method, Source
from dualtrack.core.show import amount, answer_text, as_html, as_text

MARKUP = "<script>alert(1)</script><b onclick='x'>&amp;</b>"
HARMLESS = {
    "article", "h3", "p", "br", "small", "table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li",
    "details", "summary", "a",
}  # fmt: skip


def finding(text: str, **changed: Any) -> Finding:
    """A finding that has the text wherever a text can stand."""
    rows = [{"name": text, "figure": 2.5}]
    answer = Answer(kind="set", value=[text], unknown=[text], why_unknown=text, unit=text)
    table = Answer(kind="table", value=rows, summary={text or "title": rows})
    fields: dict[str, Any] = {
        "id": text,
        "analysis": text,
        "question": text,
        "headline": text,
        "as_of": date(2016, 5, 9),
        "parameters": {"name": text},
        "answer": table,
        "by_reading": [
            ByReading(reading={text: text}, class_="public", label=label, answer=answer, later=later)
            for label, later in ((text, False), ("", True))
        ],
        "editions": [Edition(edition=text, basis=text, answer=answer)],
        "evidence": [Evidence(table=text, row=text, field=text, value=text, sources=["s"])],
        "sources": [Source(id="s", publisher=text, title=text, url=text, published=text)],
        "method": Method(text=text, version="0"),
        "caveats": [text],
    }
    return Finding(**{**fields, **changed})


class Read(HTMLParser):
    """What a browser makes of a page: its elements, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


@given(st.text(alphabet="<>&\"'/=a!-#x;\u00e9 ", max_size=30) | st.text(max_size=20))
def test_no_text_becomes_markup(text: str) -> None:
    page = Read(as_html(finding(text)))
    assert page.tags <= HARMLESS
    assert {name for name, _ in page.attributes} <= {"href", "rel"}
    assert page.open == []


def test_markup_in_a_headline_is_shown_as_it_is_written() -> None:
    shown = as_html(finding(MARKUP))
    assert "<script" not in shown and "<b " not in shown
    assert MARKUP in Read(shown).text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x", "", " https://x"]
)
def test_only_web_addresses_become_links(url: str) -> None:
    shown = as_html(finding("x", sources=[Source(id="s", title="Title", url=url)]))
    assert "href" not in shown
    assert "Title" in shown


def test_a_web_address_is_a_link_and_stays_inside_its_quotes() -> None:
    url = "https://example.org/?a=1&b=\"><script>'"
    page = Read(as_html(finding("x", sources=[Source(id="s", title="Title", url=url)])))
    assert ("href", url) in page.attributes
    assert page.tags <= HARMLESS


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Answer(kind="set", value=["EST", "POL"], unit="states"), "EST, POL"),
        (Answer(kind="set", value=[]), "none"),
        (Answer(kind="set", value=["EST"], unknown=["LVA"]), "EST; cannot tell: LVA"),
        (Answer(kind="set", value=None, why_unknown="no table"), "cannot tell: no table"),
        (Answer(kind="interval", low=5, high=10), "5 to 10"),
        (Answer(kind="interval", low=5, high=10, best=7.5, unit="to one"), "5 to 10 (best 7.5) to one"),
        (Answer(kind="interval", low=7.5, best=7.5, high=7.5), "7.5"),
        (Answer(kind="interval", high=4000, best=4000), "at most 4,000 (best 4,000)"),
        (Answer(kind="interval", low=300), "at least 300"),
        (Answer(kind="interval"), "cannot tell: not in the record"),
        (Answer(kind="number", best=42, unit="states"), "42 states"),
        (Answer(kind="number", value=42, unit="states"), "42 states"),
        (Answer(kind="number", value=0), "0"),
        (Answer(kind="number"), "cannot tell: not in the record"),
        (Answer(kind="table", value=[{"a": 1}, {"a": 2}]), "2 rows"),
        (Answer(kind="three_valued", value="unknown"), "unknown"),
        (Answer(kind="three_valued", why_unknown="no table"), "cannot tell: no table"),
    ],
)
def test_an_answer_in_a_line(answer: Answer, text: str) -> None:
    assert answer_text(answer) == text


@given(st.integers(-10_000_000, 10_000_000))
def test_whole_numbers_are_exact(value: int) -> None:
    assert int(amount(value).replace(",", "")) == value
    assert amount(float(value)) == amount(value)


@given(st.floats(0.01, 1e9))
def test_other_numbers_are_close(value: float) -> None:
    assert float(amount(value).replace(",", "")) == pytest.approx(value, rel=0.005, abs=0.005)


@given(st.floats(1e-9, 0.01))
def test_what_is_more_than_nothing_is_never_shown_as_zero(value: float) -> None:
    assert float(amount(value)) > 0


def test_a_terminal_shows_every_part() -> None:
    shown = as_text(
        finding("x", headline="Headline.", question="Which?", caveats=["Mind this."],
                answer=Answer(kind="set", value=["EST"], coverage=Coverage(known=15, total=95, of="exercises")))
    )  # fmt: skip
    for part in (
        "Headline.",
        "as of 2016-05-09 · Which?",
        "EST",
        "Note: Mind this.",
        "15 of 95 exercises",
        "By edition",
    ):
        assert part in shown


def test_stress_and_later_readings_stand_apart() -> None:
    answer = Answer(kind="interval", low=1, high=2)
    shown = as_text(
        finding("x", by_reading=[
            ByReading(reading={"s": label}, class_=class_, label=label, later=later, answer=answer)
            for label, class_, later in (
                ("evident", "speaker", False), ("theirs", "public", False), ("ours", "stress", False),
                ("afterwards", "public", True),
            )
        ])
    )  # fmt: skip
    places = [shown.index(text) for text in (
        "By reading:", "evident", "theirs", "Readings not in use", "afterwards", "Outside the debate", "ours",
    )]  # fmt: skip
    assert places == sorted(places)


def test_a_finding_of_the_record_shows_in_a_notebook() -> None:
    found = open_record("2016-05-09").ask("spending_guideline", year=2015, group="eastern_flank")
    page = Read(found._repr_html_())
    assert found.headline in page.text
    assert "2016-05-09" in page.text
    assert all(source.publisher in page.text for source in found.sources)
    assert found.to_text() == as_text(found)
