"""Dated duties and quotas: every worked case, what reduced dates can and cannot decide, mistakes in files."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.duty import (
    Ahead,
    Duty,
    Quota,
    Within,
    Yearly,
    counting,
    due_before,
    due_days,
    duties,
    kept,
    of_case,
    used,
)
from dualtrack.instruments.instrument import instruments, packaged

RECORD = open_record("2026-11-24")
DUTIES = {duty.id: duty for name in instruments() for duty in duties(name)}
CASES = [(duty, case) for duty in DUTIES.values() for case in duty.written.cases]


@pytest.mark.parametrize(("duty", "case"), CASES, ids=lambda found: getattr(found, "id", getattr(found, "name", "")))
def test_a_worked_case_has_the_answer_its_file_expects(duty: Duty, case: Any) -> None:
    assert of_case(duty, case, duty.id) == case.expect


def reply() -> Within:
    written = DUTIES["reply_48_hours"].written
    assert isinstance(written, Within)
    return written


MOMENTS = st.builds(
    lambda day, minutes: datetime.combine(day, time(), UTC) + timedelta(minutes=minutes),
    st.dates(date(2022, 1, 1), date(2022, 12, 31)),
    st.integers(0, 1439),
)
PRECISION = st.sampled_from([4, 7, 10])


@given(MOMENTS, st.floats(0, 200), PRECISION, PRECISION)
def test_a_verdict_is_never_against_the_hours_it_took(asked: datetime, hours: float, one: int, other: int) -> None:
    """Whatever the true moments, dates of lower precision give their verdict or leave it open."""
    done = asked + timedelta(hours=hours)
    found = kept(reply(), asked.isoformat()[:one], done.isoformat()[:other], "yes", date(2024, 1, 1))
    real = "kept" if (done - asked) <= timedelta(hours=48) else "late"
    assert found.verdict in (real, "unknown")
    assert found.hours and found.hours[0] <= (done - asked) / timedelta(hours=1) <= found.hours[1]


@given(MOMENTS, st.floats(0, 200))
def test_days_decide_all_but_the_second_and_third_day(asked: datetime, hours: float) -> None:
    done = asked + timedelta(hours=hours)
    found = kept(reply(), asked.date().isoformat(), done.date().isoformat(), "yes", date(2024, 1, 1))
    days = (done.date() - asked.date()).days
    assert found.verdict == ("kept" if days <= 1 else "late" if days >= 3 else "unknown")


def test_before_the_hours_are_over_an_answer_is_not_due() -> None:
    asked = "2022-02-11"
    assert kept(reply(), asked, "", "unknown", date(2022, 2, 12)).verdict == "not due yet"
    assert kept(reply(), asked, "", "unknown", date(2022, 2, 13)).verdict == "unknown"
    assert kept(reply(), "2022", "", "unknown", date(2022, 2, 13)).verdict == "not due yet"


def quota(name: str) -> Quota:
    written = DUTIES[name].written
    assert isinstance(written, Quota)
    return written


@pytest.mark.parametrize("name", ["inspections", "evaluation_visits"])
def test_what_counts_is_what_a_count_by_hand_finds(name: str) -> None:
    kind = {"inspections": "inspection", "evaluation_visits": "evaluation"}[name]
    rows = RECORD.rows("inspections")
    for row, answer in zip(rows, counting(DUTIES[name], rows), strict=True):
        possible = row["kind"] in (kind, "unknown") and row["basis"] == "vienna_document_2011"
        sure = possible and row["kind"] == kind and row["outcome"] in ("took_place", "interrupted")
        assert answer is (Ternary.YES if sure else Ternary.UNKNOWN if possible and row["outcome"] != "refused"
                          else Ternary.NO), row.id  # fmt: skip


def test_a_quota_never_counts_a_visit_surely_in_a_year_it_may_not_have_been_in() -> None:
    tallies = used(DUTIES["inspections"], RECORD.rows("inspections"))
    assert all(0 <= tally.surely <= tally.possibly for tally in tallies.values())
    in_2015 = [row for row in RECORD.rows("inspections") if row.text("start").startswith("2015")]
    surely = [row for row, a in zip(in_2015, counting(DUTIES["inspections"], in_2015), strict=True) if a is Ternary.YES]
    assert sum(tally.surely for (_, year), tally in tallies.items() if year == 2015) == len(surely)


@given(st.dates(date(2012, 1, 1), date(2030, 1, 1)), st.integers(0, 2000))
def test_days_due_are_the_days_of_that_name(since: date, days: int) -> None:
    written = DUTIES["annual_information"].written
    assert isinstance(written, Yearly)
    until = since + timedelta(days)
    every = [since + timedelta(n) for n in range(days + 1)]
    assert due_days(written, since, until) == [day for day in every if (day.month, day.day) == (12, 15)]


@given(st.dates(date(2012, 1, 1), date(2030, 12, 31)), PRECISION)
def test_the_calendar_two_years_before_is_due_in_november_of_that_year(start: date, precision: int) -> None:
    written = DUTIES["calendar_two_years_ahead"].written
    assert isinstance(written, Ahead)
    due = date(start.year - 2, 11, 15)
    assert due_before(written, start.isoformat()[:precision]) == (due, due)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("reply_48_hours", "kind: within", "kind: soon", "kind is 'soon'"),
        ("reply_48_hours", "done_on: replied_on", "done_on: answered_on", "has no column answered_on"),
        ("reply_48_hours", "table: risk_reduction_requests", "table: requests", "there is no table requests"),
        ("reply_48_hours", "basis = 'vienna_document_2011'", "basis = 'helsinki'", "'helsinki' is no word of basis"),
        ("reply_48_hours", "hours: {value: 48, ", "hours: {", "hours.value is missing"),
        ("inspections", "outcome != 'refused'", "result != 'refused'", "'result' is nothing a rule can ask about"),
        ("annual_information", '"12-15"', '"13-15"', "day.value"),
        ("annual_calendar", "group: vienna_document", "groups: vienna_document", "group is missing"),
    ],
)
def test_a_mistake_is_told_with_its_place(file: str, old: str, new: str, said: str, tmp_path: Path) -> None:
    text = (packaged() / "vienna_document_2011" / "duties" / f"{file}.yml").read_text("utf-8")
    assert old in text
    place = tmp_path / "vienna_document_2011" / "duties" / f"{file}.yml"
    place.parent.mkdir(parents=True)
    place.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as error:
        duties("vienna_document_2011", tmp_path)
    assert said in error.value.problem
    assert f"{place}:" in error.value.problem


def test_a_case_with_a_code_that_is_none_is_told() -> None:
    duty = DUTIES["inspections"]
    case = duty.written.cases[0].model_copy(update={"visits": [{"weather": "fine"}]})
    with pytest.raises(BadInput, match="'weather' is no code"):
        of_case(duty, case, "inspections.yml")
