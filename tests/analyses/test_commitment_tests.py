"""Tests of commitments over the record, held against what was published and against counts made by hand."""

from typing import Any

import pytest

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding

RECORD = open_record("2026-11-24")
ALL = RECORD.ask("commitment_tests")


def line(finding: Finding, id_: str) -> dict[str, Any]:
    [found] = [line for line in finding.answer.value if line["row"] == id_]
    return dict(found)


def test_every_commitment_on_record_is_answered() -> None:
    assert {found["row"] for found in ALL.answer.value} == {row.id for row in RECORD.rows("commitments")}
    assert not any("no test file" in caveat for caveat in ALL.caveats)


def test_two_percent_in_2024_is_missed_by_as_many_as_was_published() -> None:
    """18 of 31 allies with armed forces, as the press told on 28 August 2025."""
    assert line(ALL, "C-wales-2pct")["met"] == "no"
    assert "18 of 31 allies in 2024, 13 not" in line(ALL, "C-wales-2pct")["needs"][0]


def test_two_percent_in_2025_is_met_by_all_as_the_edition_says() -> None:
    assert line(ALL, "C-riga-2pct")["met"] == line(ALL, "C-vilnius-2pct")["met"] == "yes"


def test_what_was_met_in_time_was_not_met_a_day_before() -> None:
    """The fourth battlegroup stood up on 19 June 2017: before, three had, and one had no start on record."""
    before = open_record("2017-06-17").ask("commitment_tests", commitment="C-warsaw-efp").answer.value[0]
    after = open_record("2017-06-20").ask("commitment_tests", commitment="C-warsaw-efp").answer.value[0]
    assert (before["met"], before["due"]) == ("unknown", "not due yet")
    assert "3 to 4 of 4 by 2017-06-17" in before["needs"][0]
    assert (after["met"], after["due"]) == ("yes", "not due yet")


def test_two_of_three_divisions_were_formed_by_the_end_of_2016() -> None:
    found = line(ALL, "C-rus-3div")
    assert (found["met"], found["due"]) == ("no", "due")
    starts = [RECORD.row("deployments", id_).text("start") for id_ in ("D-rus-144", "D-rus-3mrd", "D-rus-150")]
    assert sorted(start <= "2016-12" for start in starts) == [False, True, True]


def test_a_figure_up_to_a_number_does_not_show_the_number() -> None:
    assert line(ALL, "C-2015-enrf")["needs"] == ["a strength of 30,000: unknown, up to 40,000 (2022-02-25)"]


def test_a_figure_from_before_the_deadline_does_not_tell_what_came_after() -> None:
    found = line(ALL, "C-2018-4x30")
    assert (found["met"], found["due"]) == ("unknown", "due")
    assert "0.75 (2019-06-27)" in found["needs"][0]


def test_before_its_deadline_a_commitment_is_not_due_whatever_the_figure() -> None:
    found = line(ALL, "C-deu-bde")
    assert (found["met"], found["due"]) == ("no", "not due yet")
    assert "1,800 (2026-02-04)" in found["needs"][0]


def test_an_announcement_is_no_status() -> None:
    """That a British brigade stands ready from July 2025 was on record in October 2024: a plan."""
    found = line(ALL, "C-madrid-bde")
    assert [need.split(": ")[1].split(",")[0] for need in found["needs"]] == ["yes", "yes", "unknown"]
    assert found["met"] == "unknown"


def test_whatever_is_not_told_says_what_is_missing() -> None:
    missing = {found["row"]: found["missing"] for found in ALL.answer.summary["Cannot be told"]}
    assert set(missing) == set(ALL.answer.unknown)
    assert all(missing.values())


def test_counts_add_up() -> None:
    lines = ALL.answer.summary["By answer"]
    assert sum(found["commitments"] for found in lines) == len(ALL.answer.value)
    for found in lines:
        assert found["yes"] + found["no"] + found["unknown"] == found["commitments"]
    assert ALL.answer.coverage and ALL.answer.coverage.known == sum(found["yes"] + found["no"] for found in lines)


def test_every_side_is_asked() -> None:
    by = {found["who"]: found for found in ALL.answer.summary["By who is bound"]}
    assert {"NATO", "every ally", "USA", "RUS", "EU member states"} <= set(by)
    assert {found["row"] for found in RECORD.ask("commitment_tests", addressee="RUS").answer.value} == {
        row.id for row in RECORD.rows("commitments") if row["addressee"] == "RUS"
    }


def test_what_cannot_be_asked() -> None:
    with pytest.raises(BadInput, match="There is no commitment known on"):
        RECORD.ask("commitment_tests", commitment="C-wales-3pct")
    with pytest.raises(BadInput, match="No commitment like this"):
        RECORD.ask("commitment_tests", addressee="FIN")
