"""Exercises counted by side, size, kind and notice, against a plain count."""

import csv
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.exercises import SIZES, size_class
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.instruments.activities import public_notice, troops
from dualtrack.record.store import packaged

RECORD = open_record("2026-11-25")
SIDES = ("nato", "russia", "joint", "other")


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return RECORD


@pytest.fixture(scope="module")
def plain() -> list[dict[str, str]]:
    """The file itself, read without the package's loader."""
    with (packaged() / "exercises.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_counts_add_up_and_are_the_plain_count(record: OpenRecord, plain: list[dict[str, str]]) -> None:
    finding = record.ask("exercises")
    rows = finding.answer.value
    counted = Counter((row["side"], row["kind"]) for row in plain)
    by_side = {row["side"]: row for row in finding.answer.summary["By side and kind"]}
    assert by_side["all"]["total"] == len(rows) == len(plain) == sum(by_side[side]["total"] for side in SIDES)
    for side in SIDES:
        assert (by_side[side]["scheduled"], by_side[side]["snap"]) == (
            counted[side, "scheduled"],
            counted[side, "snap"],
        )
    for line in finding.answer.summary["By size, in persons"]:
        assert line["known"] + line["unknown"] == line["total"] == sum(line[name] for name in SIZES)
        assert line["total"] == by_side[line["side"]]["total"]


def test_coverage_is_the_plain_count(record: OpenRecord, plain: list[dict[str, str]]) -> None:
    finding = record.ask("exercises")
    expected = {
        "announced total": [bool(row["troops_announced"]) for row in plain],
        "declared count": [bool(row["troops_declared_vd"]) for row in plain],
        "lowest figure": [bool(row["troops_low"] or row["troops_announced"]) for row in plain],
        "highest figure": [bool(row["troops_high"] or row["troops_announced"]) for row in plain],
        "a range of figures": [bool(row["troops_low"] and row["troops_high"]) for row in plain],
        "whether notified": [row["notified"] != "unknown" for row in plain],
        "days of formal notice": [bool(row["notice_days"]) for row in plain],
        "public notice": [
            last_day(min(row["known_from"], row["announced_known_from"])) < first_day(row["start"]) for row in plain
        ],
        "whether observers were invited": [row["observers_invited"] != "unknown" for row in plain],
        "participants": [bool(row["participants"]) for row in plain],
    }
    lines = {line["figure"]: line for line in finding.answer.summary["Coverage"]}
    assert lines.keys() == expected.keys()
    for figure, known in expected.items():
        assert (lines[figure]["known"], lines[figure]["total"]) == (sum(known), len(plain)), figure
        for side in SIDES:
            of_side = [test for test, row in zip(known, plain, strict=True) if row["side"] == side]
            assert lines[figure][side] == f"{sum(of_side)} of {len(of_side)}"
    assert finding.answer.coverage is not None
    assert finding.answer.coverage.known == sum(expected["whether notified"])


def test_every_figure_shown_is_a_cell_of_the_evidence(record: OpenRecord) -> None:
    finding = record.ask("exercises", since="2014", until="2016")
    cells = {(item.row, item.value) for item in finding.evidence}
    for row in finding.answer.value:
        for name in ("announced", "declared", "low", "high", "notice_days", "notified", "start"):
            assert row[name] is None or (row["id"], row[name]) in cells, (row["id"], name)


def test_before_warsaw_nothing_later_is_seen() -> None:
    finding = open_record("2016-05-09").ask("exercises", since="2014", until="2016")
    ids = {row["id"] for row in finding.answer.value}
    assert "trident-juncture-2015" in ids
    assert ids.isdisjoint({"anakonda-2016", "swift-response-2016", "snap-2016-06", "kavkaz-2016"})
    assert all(row["end"] is None or first_day(row["end"]) <= date(2016, 5, 9) for row in finding.answer.value)
    tsentr = next(row for row in finding.answer.value if row["id"] == "tsentr-2015")
    assert (tsentr["announced"], tsentr["low"]) == (95_000, 95_000)  # the lower estimate is of 2019
    strike = next(row for row in finding.answer.value if row["id"] == "saber-strike-2016")
    assert (strike["announced"], strike["start"]) == (None, "2016-05-27")  # named in April, its size told in May
    assert "saber-guardian-2016" not in ids  # dated to the year only, and known from a page of August


def test_estimates_are_not_seen_before_they_were_made(record: OpenRecord) -> None:
    then = record.at(date(2017, 9, 20)).row("exercises", "zapad-2017")
    now = record.row("exercises", "zapad-2017")
    assert [troops(then, basis) for basis in ("declared", "low", "high")] == [12_700, 12_700, 12_700]
    assert [troops(now, basis) for basis in ("declared", "low", "high")] == [12_700, 12_400, 70_000]


def test_public_notice_counts_only_what_was_known_before(record: OpenRecord) -> None:
    assert public_notice(record.row("exercises", "siil-2018")) == (date(2018, 5, 2) - date(2017, 11, 3)).days
    assert public_notice(record.row("exercises", "snap-2014-02-wmd")) is None
    for row in record.ask("exercises").answer.value:
        assert row["public_notice_days"] is None or row["public_notice_days"] > 0
        assert row["kind"] == "scheduled" or row["public_notice_days"] is None


def test_a_least_size_leaves_what_has_no_figure_undecided(record: OpenRecord) -> None:
    whole = record.ask("exercises").answer.value
    answer = record.ask("exercises", minimum=13_000, basis="declared").answer
    assert {row["id"] for row in answer.value} == {row["id"] for row in whole if (row["declared"] or 0) >= 13_000}
    assert set(answer.unknown) == {row["id"] for row in whole if row["declared"] is None}
    assert answer.why_unknown is not None


def test_a_state_whose_part_is_not_on_record_is_undecided(record: OpenRecord) -> None:
    answer = record.ask("exercises", state="lux").answer
    shown = {row["id"] for row in answer.value}
    assert {"iron-wolf-2017", "iron-wolf-2025"} <= shown  # named among the participants
    assert "cold-response-2012" in answer.unknown  # no participant is named
    assert "zapad-2017" not in {*shown, *answer.unknown}  # both participants are named
    assert shown.isdisjoint(answer.unknown)
    with pytest.raises(NoSuchName, match="state"):
        record.ask("exercises", state="Luxembourg")


def test_nothing_on_record_is_not_zero(record: OpenRecord) -> None:
    with pytest.raises(BadInput, match="No exercise like this") as refused:
        record.ask("exercises", until="1999")
    assert "not zero" in refused.value.fix


def test_levels_belong_to_the_class_above() -> None:
    assert [size_class(n) for n in (8_999, 9_000, 12_999, 13_000, None)] == [*SIZES[:2], SIZES[1], *SIZES[2:]]


def test_counts_are_said_to_be_lower_bounds_and_totals_are_flagged(record: OpenRecord) -> None:
    caveats = " ".join(record.ask("exercises").caveats)
    assert "lower bounds" in caveats
    assert "several hosts, phases or commands" in caveats
    assert "after October 2025" in caveats  # where the collection of exercises led by Russia ends


@settings(max_examples=25, deadline=None)
@given(st.integers(2008, 2025), st.integers(0, 6), st.sampled_from(["all", *SIDES]))
def test_a_window_takes_what_a_plain_filter_takes(first: int, length: int, side: str) -> None:
    expected = {
        row.id
        for row in RECORD.rows("exercises")
        if side in ("all", row["side"])
        and last_day(row.text("start")).year >= first
        and first_day(row.text("start")).year <= first + length
    }
    if not expected:
        return
    finding = RECORD.ask("exercises", since=str(first), until=str(first + length), side=side)
    assert {row["id"] for row in finding.answer.value} == expected


@pytest.mark.parametrize(("basis", "cell"), [("announced", "troops_announced"), ("declared", "troops_declared_vd")])
def test_the_figure_of_each_exercise_is_the_one_on_the_basis(
    record: OpenRecord, plain: list[dict[str, str]], basis: str, cell: str
) -> None:
    figures = record.ask("exercises", basis=basis).answer.figures
    assert figures == {row["id"]: float(row[cell]) for row in plain if row[cell]}
