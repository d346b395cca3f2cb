"""Launches of alert aircraft: no series is added to another, and no figure lost."""

import csv
from collections import defaultdict

import pytest

from dualtrack import open_record
from dualtrack.core.errors import NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged


def asked(as_of: str = "2026-11-25", **parameters: object) -> Finding:
    return open_record(as_of).ask("scrambles", **parameters)


def rows() -> list[dict[str, str]]:
    with (packaged() / "scrambles.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_row_is_shown_once_and_every_series_apart() -> None:
    finding = asked()
    assert len(finding.answer.value) == len(rows())
    (series,) = finding.answer.summary.values()
    assert {(s["region"], s["measure"]) for s in series} == {(row["region"], row["measure"]) for row in rows()}


def test_the_years_of_a_series_are_those_with_a_figure_for_the_whole_year() -> None:
    whole = defaultdict(set)
    for row in rows():
        if not row["period"] and "/" not in row["year"]:
            whole[row["region"], row["measure"]].add(int(row["year"]))
    (series,) = asked().answer.summary.values()
    for line in series:
        years = whole[line["region"], line["measure"]]
        expected = f"{len(years)} of {max(years) - min(years) + 1}" if years else None
        assert line["known"] == expected
    coverage = asked().answer.coverage
    assert coverage and coverage.known == sum(map(len, whole.values()))


def test_two_figures_of_a_year_are_both_kept() -> None:
    europe = asked(region="NATO Europe", measure="scrambles").answer.value
    lines = [line for line in europe if line["year"].startswith("2014")]
    assert sorted(line["count"] for line in lines) == [400, 500]
    assert {line["covers"] for line in lines} == {"to 2014-11-20", "whole year"}
    assert {line["figures_for_the_year"] for line in lines} == {"two"}
    assert any("Two figures" in caveat and "2014" in caveat for caveat in asked().caveats)


def test_part_of_a_year_is_marked_and_never_the_highest() -> None:
    finding = asked(region="Norway", measure="scrambles")
    (about,) = finding.answer.summary["Series (never added up)"]
    assert about["highest_count"] == "57 (2018)" and about["partial_figures"] == 3
    assert any("Norway QRA 2015 (to 2015-06)" in caveat for caveat in finding.caveats)


def test_a_part_of_a_name_finds_a_series_and_a_wrong_one_is_refused() -> None:
    assert {line["region"] for line in asked(region="norway").answer.value} == {"Norway QRA"}
    with pytest.raises(NoSuchName, match="region of scrambles"):
        asked(region="Atlantis")
