"""What of each text is modelled: complete over the table of rules and over the files, each named once."""

from collections import Counter

import pytest

from dualtrack.analyses.contract import analyses
from dualtrack.api import open_record
from dualtrack.instruments.instrument import Instrument, Paragraph, instruments, packaged

RECORD = open_record("2026-11-24")
ALL = list(instruments().values())
PARAGRAPHS = [(text, paragraph) for text in ALL for paragraph in text.coverage]

# Which texts of the table a folder covers; forerunners and protocols stand with the text they belong to.
TEXTS = {
    "cfe_1990": ("CFE Treaty 1990", "Adapted CFE 1999"),
    "dangerous_military_activities_1989": ("Dangerous Military Activities Agreement 1989 (USA-USSR)",),
    "incsea_1972": (
        "INCSEA 1972 (USA-USSR)",
        "INCSEA Protocol 1973",
        "Bilateral INCSEA-type agreement with the USSR (UN Treaty Series)",
    ),
    "inf_1987": ("INF Treaty 1987",),
    "nato_hague_2025": ("NATO defence spending guideline (The Hague 2025)",),
    "nato_russia_founding_act_1997": ("NATO-Russia Founding Act 1997", "Founding Act"),
    "nato_wales_2014": ("NATO defence spending guideline (Wales 2014)", "NATO Wales pledge 2014"),
    "open_skies_1992": ("Treaty on Open Skies 1992", "Open Skies"),
    "stockholm_1986": ("Stockholm Document 1986", "Helsinki Final Act 1975"),
    "vienna_document_1999": ("Vienna Document 1999", "Vienna Documents 1990 and 1992"),
    "vienna_document_2011": ("Vienna Document 2011", "Vienna Document 2011 Plus", "Vienna Document Plus FSC.DEC/9/12"),
}


def files(text: Instrument) -> set[str]:
    """Every rule, limit, duty and pledge of a text, as coverage names it: without suffix, below the folder."""
    folder = packaged() / text.id
    found = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yml")}
    return found - {"instrument", "coverage"}


def test_every_folder_with_rules_is_an_instrument() -> None:
    folders = {path.name for path in packaged().iterdir() if path.is_dir()}
    without = {name for name in folders if not (packaged() / name / "instrument.yml").is_file()}
    assert without <= {"proposals", "commitments"}
    assert set(TEXTS) == {text.id for text in ALL}


def test_every_row_of_rules_is_named_once_where_its_text_is() -> None:
    named = Counter(rule for _, paragraph in PARAGRAPHS for rule in paragraph.rules)
    assert {rule: count for rule, count in named.items() if count > 1} == {}
    assert set(named) == {row.id for row in RECORD.rows("rules")}
    for text, paragraph in PARAGRAPHS:
        for rule in paragraph.rules:
            assert RECORD.row("rules", rule)["instrument"] in TEXTS[text.id], (text.id, rule)


@pytest.mark.parametrize("text", ALL, ids=lambda text: text.id)
def test_every_file_is_named_in_the_coverage_of_its_text(text: Instrument) -> None:
    named = {name for paragraph in text.coverage for name in paragraph.by}
    assert files(text) <= named


@pytest.mark.parametrize("text", ALL, ids=lambda text: text.id)
def test_what_models_a_paragraph_is_a_file_or_an_analysis(text: Instrument) -> None:
    named = {name for paragraph in text.coverage for name in paragraph.by}
    assert named <= files(text) | set(analyses())


@pytest.mark.parametrize("text", ALL, ids=lambda text: text.id)
def test_paragraphs_are_unique(text: Instrument) -> None:
    assert text.coverage
    assert max(Counter(paragraph.paragraph for paragraph in text.coverage).values()) == 1


@pytest.mark.parametrize(("text", "paragraph"), PARAGRAPHS, ids=lambda x: getattr(x, "id", getattr(x, "paragraph", "")))
def test_a_paragraph_says_by_what_it_is_modelled_or_why_not(text: Instrument, paragraph: Paragraph) -> None:
    assert (paragraph.modelled == "no") != bool(paragraph.by)
    assert bool(paragraph.why) or paragraph.modelled == "yes"


def test_every_number_a_rule_rests_on_stands_in_the_paragraph_that_names_the_rule_file() -> None:
    for text in ALL:
        rests = {(rule.id, level.rule) for rule in text.rules for level in rule.written.levels.values()}
        covered = {(name, rule) for paragraph in text.coverage for name in paragraph.by for rule in paragraph.rules}
        assert rests <= covered, text.id


def test_the_chapters_of_the_vienna_document_are_all_there() -> None:
    told = " ".join(paragraph.paragraph for paragraph in instruments()["vienna_document_2011"].coverage)
    for chapter in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"):
        assert f"chapter {chapter}," in told
