"""Encounters: every count against the file, and the words of the note on reading it."""

import csv
from collections import Counter
from typing import Any

import pytest

from dualtrack import open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged


def asked(as_of: str = "2026-11-25", **parameters: object) -> Finding:
    return open_record(as_of).ask("encounters", **parameters)


def rows() -> list[dict[str, str]]:
    with (packaged() / "encounters.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def summary(finding: Finding, title: str, key: str) -> dict[Any, dict[str, Any]]:
    return {line[key]: line for name, lines in finding.answer.summary.items() if title in name for line in lines}


def test_the_summaries_count_every_row_once() -> None:
    finding = asked()
    assert len(finding.answer.value) == len(rows())
    by_year = summary(finding, "By year", "year")
    assert {year: line["encounters"] for year, line in by_year.items()} == Counter(row["date"][:4] for row in rows())
    for line in by_year.values():
        assert line["encounters"] == line["high_risk"] + line["serious"] + line["near_routine"]
        assert line["encounters"] == line["disputed"] + line["not_disputed"] + line["nothing_on_record"]
    assert sum(line["encounters"] for line in summary(finding, "By kind", "kind").values()) == len(rows())


@pytest.mark.parametrize("by", ["RUS", "USA", "SWE", "FIN"])
def test_who_says_so_counts_the_same_for_every_side(by: str) -> None:
    expected = [row["id"] for row in rows() if by in row["who_alleges"].split(";")]
    finding = asked(by=by)
    assert sorted(line["row"] for line in finding.answer.value) == sorted(expected)
    assert summary(asked(), "who says so", "alleged_by")[by]["encounters"] == len(expected)


def test_a_state_is_either_actor_and_unnamed_actors_are_not_decided() -> None:
    finding = asked(state="RUS")
    either = {r["id"] for r in rows() if "RUS" in f"{r['actor_a_state']};{r['actor_b_state']}".split(";")}
    unnamed = {r["id"] for r in rows() if not r["actor_a_state"] or not r["actor_b_state"]} - either
    assert {line["row"] for line in finding.answer.value} == either
    assert set(finding.answer.unknown) == unnamed


def test_civil_means_that_actor_b_was() -> None:
    expected = {row["id"] for row in rows() if row["actor_b_kind"] == "civilian"}
    assert {line["row"] for line in asked(civil=True).answer.value} == expected
    assert {line["other_is"] for line in asked(civil=True).answer.value} == {"civilian"}


def test_the_span_of_distances_keeps_both_parties_figures() -> None:
    (line,) = (line for line in asked(civil=True).answer.value if line["row"] == "enc-2014-12-12-sk1755")
    assert (line["metres"], line["low_metres"], line["high_metres"]) == ("900 to 70,000", 900, 70000)
    assert line["disputed"] == "yes"


def test_a_distance_of_fifteen_metres_occurs_in_one_row_of_eight() -> None:
    lines = asked().answer.summary["What is known"]
    (close,) = (line for line in lines if line["meaning"].startswith("at most 15"))
    assert close["number"] / close["of"] == pytest.approx(1 / 8, abs=0.01)


def test_what_one_may_know_on_a_day_holds_no_later_denial() -> None:
    finding = asked("2016-05-09")
    assert {line["disputed"] for line in finding.answer.value} == {"nothing on record"}
    assert finding.answer.coverage and finding.answer.coverage.known == 0
    assert any("denials come later" in caveat for caveat in finding.caveats)


def test_counts_are_called_publicity_and_years_outside_collection_are_marked() -> None:
    finding = asked(since="2012")
    assert "publicity, not events" in finding.caveats[0]
    collected = {year: line["collected"] for year, line in summary(finding, "By year", "year").items()}
    assert collected["2013"] == "no" and collected["2014"] == "yes"
    assert collected["2025"] == "in part" and collected["2026"] == "no"


def test_nothing_on_record_is_not_zero() -> None:
    with pytest.raises(BadInput, match="is on record"):
        asked(state="ISL")
