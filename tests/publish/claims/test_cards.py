"""Cards, JUnit and ClaimReview of judged claims: nothing of a claim can act as markup, nothing required is missing."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dualtrack.api import open_record
from dualtrack.claims.asking import Asker
from dualtrack.claims.checking import Checked, check
from dualtrack.claims.claim import load_claims, read_claim
from dualtrack.core.verdict import Verdict
from dualtrack.publish.claims.card import as_html, as_markdown
from dualtrack.publish.claims.claimreview import as_claimreview
from dualtrack.publish.claims.history import append
from dualtrack.publish.claims.junit import as_junit
from dualtrack.publish.claims.text import as_report, as_text

RECORD = open_record("2026-11-25")
HOSTILE = "<script>alert('x')</script> & \"quoted\" | [a](javascript:x) \x0b ]]>"


@lru_cache(maxsize=1)
def found() -> tuple[Checked, ...]:
    names = ("five-to-ten", "only-estonia-and-poland", "three-nrc-meetings-2016")
    return tuple(check(Asker(RECORD), [claim for claim in load_claims() if claim.id in names]))


@pytest.fixture
def hostile(tmp_path: Path) -> Checked:
    [claim] = [claim for claim in load_claims() if claim.id == "only-estonia-and-poland"]
    raw = claim.path.read_text("utf-8")
    text = re.sub(r"(?m)^statement: .*$", lambda _: f"statement: {json.dumps(HOSTILE)}", raw)
    text = text.replace("name: Tobias Bunde", f"name: {json.dumps(HOSTILE)}")
    path = tmp_path / "hostile.yml"
    path.write_text(text, "utf-8")
    [one] = check(Asker(RECORD), [read_claim(path)])
    return one


class Tags(HTMLParser):
    """Collects the names of all elements and the addresses of all links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def test_markup_in_a_claim_is_text_on_its_card(hostile: Checked) -> None:
    page = as_html(hostile, RECORD)
    assert "<script>alert" not in page
    assert page.count("<script") == 1  # the ClaimReview, which holds no "<"
    assert all(link.startswith(("https://", "http://", "data:,")) for link in Tags(page).links)
    assert "&lt;script&gt;alert" in page
    markdown = as_markdown(hostile, RECORD)
    assert "<script>" not in markdown
    assert "[a](" not in markdown


def test_markup_in_a_claim_is_text_in_junit_and_claimreview(hostile: Checked) -> None:
    ElementTree.fromstring(as_junit([hostile]))
    review = as_claimreview(hostile, RECORD)
    assert review is not None
    assert "<" not in review
    assert json.loads(review)["claimReviewed"] == HOSTILE


@pytest.mark.parametrize("name", ["five-to-ten", "only-estonia-and-poland", "three-nrc-meetings-2016"])
def test_a_card_says_then_and_now(name: str) -> None:
    [one] = [one for one in found() if one.claim.id == name]
    assert one.said and one.latest
    for text in (as_html(one, RECORD), as_markdown(one, RECORD)):
        assert "when it was said" in text and "today" in text
        assert one.said.verdict.value.capitalize() in text
        for source in RECORD.sources(one.claim.sources):
            assert source.publisher in text.replace("&#39;", "'").replace("&amp;", "&").replace("\\", "")


def test_stress_readings_are_outside_the_debate() -> None:
    [one] = [one for one in found() if one.claim.id == "five-to-ten"]
    tables = as_markdown(one, RECORD).split("\n\n")
    counted = [table for table in tables if table.startswith("| Readings |")]
    outside = [table for table in tables if table.startswith("| Outside the debate")]
    assert len(counted) == len(outside) == 2  # then and now
    assert all("| stress |" not in table and "| speaker |" in table for table in counted)
    assert all("| stress |" in table and "| public |" not in table for table in outside)


def test_claimreview_has_what_the_format_requires() -> None:
    """schema.org ClaimReview with the properties that Google's documentation lists as required."""
    for one in found():
        review = json.loads(as_claimreview(one, RECORD) or "")
        assert (review["@context"], review["@type"]) == ("https://schema.org", "ClaimReview")
        assert review["url"] and review["claimReviewed"]
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", review["datePublished"])
        assert review["author"] == {"@type": "Organization", "name": "dualtrack"}
        assert review["itemReviewed"]["@type"] == "Claim"
        assert review["itemReviewed"]["author"]["name"] == one.claim.speaker.name
        rating = review["reviewRating"]
        assert rating["@type"] == "Rating"
        assert rating["alternateName"] == (one.verdict.value if one.verdict else None)
        final = one.verdict in (Verdict.SUPPORTED, Verdict.MOSTLY, Verdict.CONTRADICTED)
        assert ("ratingValue" in rating) is final
        if final:
            assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]


def test_what_no_analysis_carries_has_no_review_and_a_card_that_says_so() -> None:
    some = [claim for claim in load_claims() if claim.not_computed][:2]
    for one in check(Asker(RECORD), some):
        assert as_claimreview(one, RECORD) is None
        assert "Not computed" in as_html(one, RECORD)
        skipped = ElementTree.fromstring(as_junit([one])).find(".//skipped")
        assert skipped is not None


def test_the_text_prints_the_value_also_when_it_holds() -> None:
    text = as_text(found())
    assert "EST, POL" in text and "holds in 3 of 3 readings, 2 of 2 editions" in text
    assert "3 claims" in text


def test_the_report_gives_every_share_with_what_it_is_out_of() -> None:
    rows = as_report(found()).splitlines()[2:]
    assert len(rows) == 2  # analysts and NATO
    assert all(row.count(" of ") >= len(Verdict) for row in rows)


def test_a_history_line_is_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    append(path, found(), date(2026, 11, 25))
    cells = [cell for line in path.read_text("utf-8").splitlines()[1:] for cell in line.split(",")]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_runs_that_add_to_one_history_at_once_lose_no_line(tmp_path: Path) -> None:
    path, one = tmp_path / "history.csv", found()[:1]
    with ThreadPoolExecutor(8) as pool:
        added = sum(pool.map(lambda day: append(path, one, date(2026, 11, day)), range(1, 25)))
    lines = path.read_text("utf-8").splitlines()[1:]
    assert len(lines) == added and len({line[:10] for line in lines}) == 24
