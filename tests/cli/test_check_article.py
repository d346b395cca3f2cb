"""``check article`` and ``check new`` as a user runs them: every form, markup, drafts, mistakes."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from dualtrack.articles.sentences import fingerprint, split
from dualtrack.claims.claim import load_claims
from dualtrack.cli.app import app
from dualtrack.core.errors import BadInput
from dualtrack.core.verdict import Verdict

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "two-tracks.txt"
CLASSES = {"claim", "argument", "recommendation", "background"}


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["check", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("article", str(EXAMPLE), "--date", "2017-09-20", "--json"))
    return found


def said(example: dict[str, Any], words: str) -> dict[str, Any]:
    """The entry of the sentence with these words."""
    text = EXAMPLE.read_text("utf-8")
    (found,) = [entry for entry in example["sentences"] if words in text[entry["start"] : entry["end"]]]
    return found  # type: ignore[no-any-return]


def test_every_sentence_has_a_class_a_place_and_no_text(example: dict[str, Any]) -> None:
    text = EXAMPLE.read_text("utf-8")
    sentences = split(text)
    assert len(example["sentences"]) == len(sentences)
    for entry, sentence in zip(example["sentences"], sentences, strict=True):
        assert entry["class"] in CLASSES
        assert 0 <= entry["check_worthy"] <= 1
        assert (entry["index"], entry["start"], entry["end"]) == (sentence.index, sentence.start, sentence.end)
        assert entry["sha1"] == fingerprint(sentence.text)
        assert entry["stance"] in ("asserts", "denies", "reports")
        assert entry["verdict"] in (None, *(verdict.value for verdict in Verdict))
        assert (entry["claim"] is None) or entry["class"] == "claim"
        assert sentence.text not in json.dumps(example, ensure_ascii=False)


@pytest.mark.parametrize(
    ("words", "claim", "verdict"),
    [
        ("met three times in 2016", "three-nrc-meetings-2016", "supported"),
        ("12,700 troops", "zapad-2017-12700", "supported"),
        ("more than one hundred thousand soldiers", "zapad-2017-over-100000", "contradicted"),
        ("five to ten new Russian soldiers", "five-to-ten", "depends on the reading"),
        ("a majority of Americans would send troops", "american-majority-for-baltic-defence", "supported"),
    ],
)
def test_claims_of_both_sides_get_their_verdict(example: dict[str, Any], words: str, claim: str, verdict: str) -> None:
    entry = said(example, words)
    assert (entry["claim"], entry["verdict"]) == (claim, verdict)
    assert entry["value"]


def test_arguments_and_recommendations_are_bound(example: dict[str, Any]) -> None:
    argued = said(example, "Only a visible presence makes talks meaningful")
    assert argued["class"] == "argument"
    assert set(argued["argument"]["yes_pct"]) == {"article", "neutral", "sceptic_of_dialogue", "sceptic_of_presence"}
    assert argued["argument"]["question"] in argued["argument"]["answer"]
    asked = said(example, "Leaders should explain the posture")
    assert asked["class"] == "recommendation"
    assert asked["recommendation"]["id"]


def test_the_weather_makes_no_claim_of_ours(example: dict[str, Any]) -> None:
    for words in ("It rained in Minsk", "The tents were wet"):
        entry = said(example, words)
        assert (entry["claim"], entry["verdict"], entry["also"]) == (None, None, [])


class Page(HTMLParser):
    """The tags and ids of a page, and what it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]


def test_the_page_stands_alone_and_every_link_resolves(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    run("article", str(EXAMPLE), "--date", "2017-09-20", "--mode", "lexical", "-o", str(out))
    page = Page(out.read_text("utf-8"))
    assert not {"script", "iframe", "object", "img"} & set(page.tags)
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link == "data:," or link.removeprefix("#") in page.ids


HOSTILE = (
    "NATO said that <script>alert(1)</script> three meetings of the NATO-Russia Council took place in 2016. "
    "<img src=x onerror=alert(2)> Russia has announced three new divisions in its [Western](javascript:alert(3)) "
    "Military District. The {{ 7 * 7 }} Council & the allies met on the eastern flank, they said."
)


@pytest.mark.parametrize("form", ["html", "md"])
def test_markup_in_an_article_is_shown_and_never_acts(tmp_path: Path, form: str) -> None:
    source = tmp_path / "hostile.txt"
    source.write_text(HOSTILE, "utf-8")
    text = run("article", str(source), "--format", form, "--mode", "lexical")
    assert "49" not in re.sub(r"\d{3,}", "", text)
    if form == "html":
        page = Page(text)
        assert not {"script", "img"} & set(page.tags)
        assert "&lt;script&gt;" in text
    else:
        assert "<script>" not in text
        assert "[Western](" not in text.replace("\\[", "")


def test_markup_in_a_claim_is_shown_and_never_acts(tmp_path: Path) -> None:
    claim = tmp_path / "hostile-claim.yml"
    claim.write_text(
        "number: cp999\nstatement: 'Three walruses <script>alert(1)</script> voted in the Council in Narnia.'\n"
        "variants: ['In Narnia the Council saw three walruses vote.', 'Walruses voted in Narnia.']\n"
        "speaker: {name: '<b>Nobody</b>', side: other}\nsaid: '2016'\nsources: [seed]\ntopic: dialogue\n"
        "not_computed: '<img src=x onerror=alert(1)>'\n",
        "utf-8",
    )
    source = tmp_path / "a.txt"
    source.write_text("Three walruses voted in the Council in Narnia. They said that it was good for all.", "utf-8")
    text = run("article", str(source), "--claims", str(claim), "--format", "html", "--mode", "lexical")
    assert not {"script", "img", "b"} & (set(Page(text).tags) - {"b"} | ({"b"} if "<b>Nobody" in text else set()))


def test_drafts_are_written_once_and_are_to_be_filled_in(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(
        "Portugal sent 4,217 soldiers and 63 tanks to Madeira in March 2019, the ministry said on Monday.", "utf-8"
    )
    drafts = tmp_path / "drafts"
    run("article", str(source), "--date", "2019-03", "--drafts", str(drafts), "--mode", "lexical")
    (path,) = drafts.glob("*.yml")
    raw = yaml.safe_load(path.read_text("utf-8"))
    assert raw["number"] not in {claim.number for claim in load_claims()}
    assert raw["said"] == "2019-03"
    path.write_text("mine", "utf-8")
    run("article", str(source), "--date", "2019-03", "--drafts", str(drafts), "--mode", "lexical")
    assert path.read_text("utf-8") == "mine"


def test_new_prints_a_draft_that_is_refused_until_filled_in(tmp_path: Path) -> None:
    text = run("new", "Russia has announced three new divisions in the west.")
    assert text.startswith("# russia-announced-three-new-divisions-west.yml\n")
    path = tmp_path / "russia-announced-three.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=r"russia-announced-three\.yml:"):
        run("claims", str(path))


@pytest.mark.parametrize(
    ("arguments", "said_"),
    [
        (["article", "none.txt"], "There is no article"),
        (["article", str(EXAMPLE), "--date", "2017-13"], "--date 2017-13"),
        (["article", str(EXAMPLE), "--claims", "nowhere"], "nowhere"),
        (["new", "Russia"], "That is no sentence"),
    ],
)
def test_a_mistake_is_told(arguments: list[str], said_: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said_)):
        run(*arguments)
