"""Provisions, parts of exercises, visits and requests: what their columns say of each other."""

import pytest

from dualtrack.api import open_record
from dualtrack.record.rows import Row

RECORD = open_record("2026-11-24")
RULES = list(RECORD.rows("rules"))
PARTS = list(RECORD.rows("exercise_parts"))
VISITS = list(RECORD.rows("inspections"))
REQUESTS = list(RECORD.rows("risk_reduction_requests"))
OUTCOMES = ("reply", "attended", "joint_attended")
DAYS = ("2022-02-12", "2022-02-18")


def states(row: Row, *columns: str) -> list[str]:
    return [state for name in columns if row[name] is not None for state in row.text(name).split(";")]


def test_a_provision_whose_number_was_read_names_where() -> None:
    assert {row["checked"] for row in RULES} == {"text", "not yet"}
    assert [row.id for row in RULES if row["checked"] == "text" and row["source"] is None] == []


def test_a_provision_not_yet_read_names_no_source_and_says_what_is_to_be_checked() -> None:
    unread = [row for row in RULES if row["checked"] == "not yet"]
    assert [row.id for row in unread if row["source"] is not None or row["note"] is None] == []


@pytest.mark.parametrize("row", PARTS, ids=lambda row: row.id)
def test_a_part_says_whose_it_is(row: Row) -> None:
    assert (row["of_exercise"] is not None) == (row["part"] == "component")
    assert row["state"] is not None or row["part"] not in ("host", "national")
    assert row["of_exercise"] != row["exercise"]


@pytest.mark.parametrize("row", VISITS, ids=lambda row: row.id)
def test_nobody_visits_himself_or_twice(row: Row) -> None:
    visitors = states(row, "inspecting", "guests")
    assert visitors
    assert row.text("inspected") not in visitors
    assert len(visitors) == len(set(visitors))


@pytest.mark.parametrize("row", VISITS, ids=lambda row: row.id)
def test_a_visit_took_place_only_by_what_was_known_from_its_first_day_on(row: Row) -> None:
    known, start = row.last("known_from"), row.first("start")
    assert known is not None and start is not None
    assert row["outcome"] != "took_place" or known >= start


def test_visits_of_all_sides_are_on_record() -> None:
    """A sample of one side would make the other look as if it had not been visited, or had not gone."""
    for code in ("RUS", "BLR", "UKR", "GBR"):
        assert any(row["inspected"] == code for row in VISITS)
        assert any(code in states(row, "inspecting", "guests") for row in VISITS)


@pytest.mark.parametrize("row", REQUESTS, ids=lambda row: row.id)
def test_nobody_asks_himself_and_outcomes_are_dated(row: Row) -> None:
    assert row["requested"] not in states(row, "requesting")
    assert all(row[name] is not None for name in OUTCOMES)
    assert row["outcome_known_from"] is not None
    assert (row["replied_on"] is None) or row["reply"] in ("yes", "insufficient")


def test_the_outcome_of_a_request_is_not_known_before_it_was() -> None:
    asked, ended = (open_record(day).row("risk_reduction_requests", "rr-2022-02-ukr-rus") for day in DAYS)
    assert [asked[name] for name in OUTCOMES] == [None, None, None]
    assert [ended[name] for name in OUTCOMES] == ["no", "no", "no"]
