"""Pledges on spending over the record: held against the numbers that were published of who passed."""

from typing import Any

import pytest

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding

RECORD = open_record("2026-11-24")


def lines(finding: Finding) -> dict[str, dict[str, Any]]:
    return {line["ally"]: line for line in finding.answer.value}


def count(finding: Finding, answer: str, what: str = "met") -> int:
    [line] = [n for n in finding.answer.summary["Together"] if (n["what"], n["answer"]) == (what, answer)]
    return int(line["allies"])


@pytest.mark.parametrize(
    ("year", "edition", "published"),
    [(2019, "2019-06-25", 7), (2023, "2023-07-07", 11), (2024, "2024-06-17", 23), (2024, "2025-08-28", 18)],
)
def test_as_many_met_two_percent_as_was_published(year: int, edition: str, published: int) -> None:
    """The numbers were told in the press on the days of the editions; the answers come from the printed values."""
    told = RECORD.rows("commitment_status", "commitment_id = 'C-wales-2pct' AND measure = 'allies at or above'")
    assert str(published) in {row.text("value") for row in told if row["as_of"] == edition}
    finding = RECORD.ask("pledges", year=year, edition=edition)
    assert count(finding, "yes") == published
    assert finding.answer.coverage and finding.answer.coverage.known == finding.answer.coverage.total


def test_every_edition_is_answered_by_itself() -> None:
    finding = RECORD.ask("pledges", year=2019)
    slovak = lines(RECORD.ask("pledges", year=2024))["SVK"]
    assert [found.edition for found in finding.editions] == ["2019-06-25", "2019-11-29", "2024-06-17", "2025-08-28"]
    assert (slovak["met"], slovak["in_every_edition"]) == ("no", "unknown")
    assert slovak["other_editions"] == ["2024-06-17: 2, yes"]


def test_core_defence_is_never_answered_from_figures_of_another_definition() -> None:
    finding = RECORD.ask("pledges", pledge="nato_hague_2025/core_defence")
    used = {e.row for e in finding.evidence if e.table == "spending"}
    assert used and all(RECORD.row("spending", row)["definition"] == "core_defence" for row in used)
    assert lines(finding)["POL"]["met"] == "unknown"  # the list of 2025 that names it is of the other definition


def test_the_pledge_is_due_only_after_its_end() -> None:
    before, after = RECORD.at(RECORD.compiled.replace(2024, 7, 1)), RECORD
    assert {line["due"] for line in before.ask("pledges", year=2024).answer.value} == {"not due yet"}
    assert {line["due"] for line in after.ask("pledges", year=2024).answer.value} == {"due"}
    assert {line["due"] for line in after.ask("pledges", year=2019).answer.value} == {"not due yet"}
    hague = after.ask("pledges", pledge="nato_hague_2025/core_defence")
    assert {line["due"] for line in hague.answer.value} == {"not due yet"}


def test_movement_follows_the_figures_of_one_edition() -> None:
    for year in (2015, 2019, 2024):
        for line in lines(RECORD.ask("pledges", year=year)).values():
            before, now = line["share_2014"], line["share"]
            if line["moved"] in ("moved toward", "reached it"):
                assert before < now
            elif line["moved"] in ("moved away", "fell below"):
                assert now < before
            elif line["moved"] == "kept at or above":
                assert min(before, now) >= 2


def test_for_the_first_year_there_is_no_movement() -> None:
    finding = RECORD.ask("pledges", year=2014)
    assert {line["moved"] for line in finding.answer.value} == {"unknown"}
    assert any("there is none to tell" in caveat for caveat in finding.caveats)


def test_what_no_table_holds_is_unknown_for_all() -> None:
    finding = RECORD.ask("pledges", pledge="nato_hague_2025/related")
    assert {line["met"] for line in finding.answer.value} == {"unknown"}
    assert finding.answer.coverage and finding.answer.coverage.known == 0
    assert finding.answer.why_unknown == "no table holds spending related to defence and security by ally"


def test_equipment_is_a_level_that_was_not_read_in_the_text() -> None:
    finding = RECORD.ask("pledges", pledge="nato_wales_2014/equipment", year=2019)
    assert any("not yet checked against the text" in caveat for caveat in finding.caveats)
    printed = RECORD.rows("spending", "edition = '2019-06-25' AND year = 2019 AND equipment_share_pct >= 20")
    assert count(finding, "yes") == len(printed) > 0


@pytest.mark.parametrize(
    ("asked", "day", "said"),
    [
        ({"pledge": "nato_hague_2025/core_defence"}, "2024", "was not made by 2024-12-31"),
        ({"state": "SWE", "year": 2019}, "2026-11-24", "no ally with armed forces in 2019"),
        ({"year": 2019, "edition": "2018-01-01"}, "2026-11-24", "No edition 2018-01-01 with figures for 2019"),
        ({"pledge": "wales"}, "2026-11-24", "There is no pledge called 'wales'"),
    ],
)
def test_what_cannot_be_asked(asked: dict[str, Any], day: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        open_record(day).ask("pledges", **asked)
