"""Figures around the levels, against the file read without the package, and with figures put just under and over."""

import csv
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from dualtrack.analyses.bunching import FEWEST, WINDOWS
from dualtrack.analyses.exact import as_uneven_by_chance, at_least_by_chance, differ_by_chance
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged

RECORD = open_record("2026-11-25")
CELL = {"declared": "troops_declared_vd", "announced": "troops_announced"}


def plain(basis: str) -> list[dict[str, str]]:
    with (packaged() / "exercises.csv").open(encoding="utf-8", newline="") as handle:
        return [row for row in csv.DictReader(handle) if row[CELL[basis]] and row["in_zone"] != "no"]


def with_declared(*figures: tuple[str, int | None]) -> OpenRecord:
    """The record with these declared counts, and no others."""
    table = RECORD._tables["exercises"]
    given = dict(figures)
    rows = {key: {**cells, CELL["declared"]: given.get(key)} for key, cells in table.rows.items()}
    tables = {**RECORD._tables, "exercises": replace(table, rows=rows)}
    return OpenRecord(tables, RECORD._readings, RECORD.as_of, RECORD.compiled)


def line(finding: Finding, level: int, window: int, side: str = "all") -> dict[str, Any]:
    [found] = [x for x in finding.answer.value if (x["level"], x["window"], x["side"]) == (level, window, side)]
    return found


@pytest.mark.parametrize("basis", ["declared", "announced"])
def test_counts_and_chances_are_the_plain_ones(basis: str) -> None:
    rows, finding = plain(basis), RECORD.ask("bunching", basis=basis)
    assert {x["window"] for x in finding.answer.value} == set(WINDOWS)
    assert {x["level"] for x in finding.answer.value} == {9_000, 13_000}
    for x in finding.answer.value:
        figures = [int(row[CELL[basis]]) for row in rows if x["side"] in ("all", row["side"])]
        near = [figure - x["level"] for figure in figures if -x["window"] <= figure - x["level"] < x["window"]]
        assert (x["under"], x["over"], x["n"]) == (sum(d < 0 for d in near), sum(d >= 0 for d in near), len(near))
        if near:
            assert x["more_under"] == float(at_least_by_chance(x["under"], x["n"]))
            assert x["two_sided"] == float(as_uneven_by_chance(x["under"], x["n"]))
            assert x["least"] <= x["two_sided"] <= x["holm"] <= 1
        else:
            assert (x["more_under"], x["two_sided"], x["least"], x["holm"]) == (None,) * 4
    [together] = [x for x in finding.answer.summary["Rounding"] if x["side"] == "all"]
    figures = [int(row[CELL[basis]]) for row in rows]
    assert together == {
        "side": "all",
        "n": len(figures),
        "multiples_of_500": sum(f % 500 == 0 for f in figures),
        "multiples_of_1000": sum(f % 1000 == 0 for f in figures),
        "exactly_a_level": sum(f in (9_000, 13_000) for f in figures),
    }


@pytest.mark.parametrize("basis", ["declared", "announced"])
def test_every_two_sides_with_figures_are_compared(basis: str) -> None:
    finding = RECORD.ask("bunching", basis=basis)
    compared = {(x["level"], x["window"], x["side"], x["other"]): x for x in finding.answer.summary["Sides compared"]}
    sides = [side for side in ("nato", "russia", "joint", "other")]
    expected = set()
    for level in (9_000, 13_000):
        for window in WINDOWS:
            for a, b in combinations(sides, 2):
                one, other = line(finding, level, window, a), line(finding, level, window, b)
                if one["n"] and other["n"]:
                    expected.add((level, window, a, b))
                    chance = differ_by_chance((one["under"], one["over"]), (other["under"], other["over"]))
                    assert compared[level, window, a, b]["two_sided"] == float(chance)
    assert set(compared) == expected


def test_a_level_reached_exactly_lies_over_it() -> None:
    ids = list(RECORD._tables["exercises"].rows)
    inside = [id_ for id_ in ids if RECORD.row("exercises", id_)["in_zone"] == "yes"][:4]
    record = with_declared(*zip(inside, (12_500, 12_999, 13_000, 13_500), strict=True))
    found = line(record.ask("bunching"), 13_000, 500)
    assert (found["under"], found["over"]) == (2, 1)  # 13,500 lies outside the window, 12,500 in it


def test_six_of_six_under_is_one_in_32() -> None:
    found = line(RECORD.ask("bunching"), 13_000, 1_000)
    assert (found["under"], found["over"]) == (6, 0)
    assert (found["more_under"], found["two_sided"]) == (1 / 64, 1 / 32)


def test_with_few_figures_no_density_is_offered() -> None:
    caveats = " ".join(RECORD.ask("bunching").caveats)
    assert "no McCrary test" in caveats and "7 figures" in caveats and f"fewer than {FEWEST}" in caveats
    assert "Selection:" in caveats and "Rounding: 4 of 10" in caveats and "Holm" in caveats


def test_no_figure_known_is_no_answer() -> None:
    with pytest.raises(BadInput, match="None of the declared counts"):
        RECORD.at(date(2013, 1, 1)).ask("bunching")
