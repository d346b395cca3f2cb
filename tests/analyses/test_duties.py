"""Dated duties and quotas over the record: what it can decide, what it cannot, and that it says so."""

from typing import Any

import pytest

from conftest import WriteFiles
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding

RECORD = open_record("2026-11-24")
ALL = RECORD.ask("duties")


def lines(finding: Finding, **wanted: str) -> list[dict[str, Any]]:
    return [line for line in finding.answer.value if all(line[name] == value for name, value in wanted.items())]


def one(finding: Finding, **wanted: str) -> dict[str, Any]:
    [found] = lines(finding, **wanted)
    return found


def test_every_request_under_the_document_is_answered_and_no_other() -> None:
    asked = {row.id for row in RECORD.rows("risk_reduction_requests") if row["basis"] == "vienna_document_2011"}
    for duty in ("reply_48_hours", "meeting_48_hours"):
        assert {line["row"] for line in lines(ALL, duty=duty)} == asked
    assert any("Requests under earlier editions" in caveat for caveat in ALL.caveats)


def test_a_reply_two_days_later_is_left_open() -> None:
    """Asked on 9 February 2022 and answered on the 11th: within 48 hours or not, by the hour nobody tells."""
    found = one(ALL, duty="reply_48_hours", row="rr-2022-02-baltic-blr")
    assert (found["verdict"], found["told"]) == ("unknown", "after 24 to 72 hours")


def test_no_reply_and_no_attendance_are_told_in_the_words_of_the_table() -> None:
    reply = one(ALL, duty="reply_48_hours", row="rr-2022-02-ukr-rus")
    meeting = one(ALL, duty="meeting_48_hours", row="rr-2022-02-ukr-rus")
    assert (reply["verdict"], meeting["verdict"]) == ("not done", "not done")
    assert "by the asking state's account" in reply["told"]


def test_the_quota_of_2015_in_russia_is_shown_to_be_used_up() -> None:
    """Three inspections on record, which the Russian ministry too said used up the year's quota."""
    found = one(ALL, duty="inspections", state="RUS", on="2015")
    assert (found["verdict"], found["told"]) == ("used up", "at least 3 of 3; 3 on record")


def test_no_quota_is_ever_said_to_be_unused() -> None:
    assert {line["verdict"] for line in lines(ALL, duty="inspections")} == {"used up", "unknown"}
    assert {line["verdict"] for line in lines(ALL, duty="evaluation_visits")} == {"unknown"}
    assert any("never to be unused" in caveat for caveat in ALL.caveats)


def test_an_exchange_is_unknown_unless_a_state_said_that_it_would_not_take_part() -> None:
    due = lines(ALL, duty="annual_information", on="2022")
    assert {(line["state"], line["verdict"]) for line in due} == {("RUS", "not done"), (None, "unknown")}
    assert one(ALL, duty="annual_information", on="2019")["told"] == "57 states: whether it was sent is not on record"
    assert {line["verdict"] for line in lines(ALL, duty="annual_calendar")} == {"unknown"}


def test_a_refusal_shows_only_once_it_was_known() -> None:
    before = open_record("2023-01-15").ask("duties", duty="annual_information")
    assert {line["verdict"] for line in before.answer.value} == {"unknown"}


def test_every_activity_that_may_be_above_40000_has_its_due_day() -> None:
    limits = RECORD.ask("activity_limits")
    above = {
        (line["exercise"], state)
        for line in limits.answer.summary["Activities that count or may count"]
        if line["limit"] == "above_40000" and line["start"] >= "2011-12"
        for state in line["lead_states"]
    }
    found = {(line["row"], line["state"]) for line in lines(ALL, duty="calendar_two_years_ahead")}
    assert found == above
    assert one(ALL, duty="calendar_two_years_ahead", row="kavkaz-2016")["due"] == "2014-11-15"


def test_counts_add_up_over_states_and_over_sides() -> None:
    by_state, by_side = (ALL.answer.summary[f"Within 48 hours, by {what}"] for what in ("state", "side"))
    for name in ("kept", "late", "not_done", "unknown", "of"):
        assert sum(line[name] for line in by_state) == sum(line[name] for line in by_side)
    assert [line["asked"] for line in by_side] == ["allies", "other states"]
    assert any("No request made of an ally is on record" in caveat for caveat in ALL.caveats)
    coverage = ALL.answer.coverage
    assert coverage and coverage.total == len(ALL.answer.value)


def test_refused_and_broken_off_visits_stand_apart_on_both_sides() -> None:
    found = {line["row"]: line for line in ALL.answer.summary["Refused or broken off"]}
    told = {row.id for row in RECORD.rows("inspections") if row["outcome"] in ("refused", "interrupted")}
    assert set(found) == told


def asked_of_an_ally(overlay: WriteFiles, replied: str) -> OpenRecord:
    head = "id,requesting,requested,basis,requested_on,replied_on,reply,attended,joint_attended,subject,sources,known_from,known_basis,outcome_known_from"  # noqa: E501
    row = f"mine,RUS,NOR,vienna_document_2011,2020-03-01,{replied},yes,unknown,unknown,invented,kam-2022-02,2020-03-02,inferred,2020-03-09"  # noqa: E501
    return open_record("2026-11-24", folder=overlay({"risk_reduction_requests.csv": f"{head}\n{row}\n"}))


@pytest.mark.parametrize(
    ("replied", "verdict"), [("2020-03-02", "kept"), ("2020-03-03", "unknown"), ("2020-03-04", "late")]
)
def test_an_ally_that_is_asked_is_held_to_the_same_hours(replied: str, verdict: str, overlay: WriteFiles) -> None:
    finding = asked_of_an_ally(overlay, replied).ask("duties", duty="reply_48_hours")
    found = one(finding, row="mine")
    assert (found["state"], found["side"], found["verdict"]) == ("NOR", "ally", verdict)
    assert not any("No request made of an ally" in caveat for caveat in finding.caveats)


def test_numbers_say_whether_they_were_read() -> None:
    numbers = {line["row"]: line["checked"] for line in ALL.answer.summary["Numbers"]}
    assert numbers["vd11-rr-reply"] == numbers["vd11-inspections"] == "read"
    assert numbers["vd11-calendar"] == numbers["vd11-c-calendar2"] == "not yet checked"


def test_what_cannot_be_asked() -> None:
    with pytest.raises(BadInput, match="There is no duty called"):
        RECORD.ask("duties", duty="reply")
    with pytest.raises(BadInput, match="has no duties with a date or a number"):
        RECORD.ask("duties", instrument="cfe_1990")
    with pytest.raises(BadInput, match="No occasion of such a duty"):
        open_record("2011").ask("duties", duty="reply_48_hours")
