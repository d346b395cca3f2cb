"""Calendars against RFC 5545, read by icalendar."""

import re
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.dates import first_day, last_day
from dualtrack.publish.formats.ics import _folded, _text
from dualtrack.publish.formats.ics import rows as write
from dualtrack.publish.tables import selected

RECORD = open_record(date(2026, 11, 25))
TABLES = ["exercises", "dialogue", "encounters", "deployments", "statements", "commitments", "polls", "scrambles"]


def read(table: str, where: str = "") -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(write(*selected(RECORD, table, where), RECORD))


@pytest.mark.parametrize("table", TABLES)
def test_another_reader_finds_the_days(table: str) -> None:
    spec, rows = selected(RECORD, table)
    calendar = read(table)
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    assert len(events) == len(calendar.walk("VEVENT"))
    assert len(rows) == len(events) + int(calendar["X-DUALTRACK-LEFT-OUT"])
    end = next((last for first, last in spec.spans if first == spec.when), "")
    for row in rows:
        start, last = row.text(spec.when), row.text(end) if end else ""
        if not re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", start) or not re.fullmatch(r"|\d{4}-\d{2}(-\d{2})?", last):
            continue  # years, times of day and spans have tests of their own
        event = events[f"{table}/{row.id}@dualtrack"]
        assert event["DTSTART"].dt == first_day(start)
        assert event["DTEND"].dt == last_day(last or start) + timedelta(days=1)
        exact = len(start) == 10 and len(last) in (0, 10)
        assert event["X-DUALTRACK-PRECISION"] == ("day" if exact else "month")
        assert ("date known to the month" in event["SUMMARY"]) is not exact
        assert ("end not on record" in event["SUMMARY"]) is bool(end and not last)
        assert event["DTSTAMP"].dt == datetime(2026, 11, 24, tzinfo=UTC)


def test_text_comes_back_as_it_was() -> None:
    row = RECORD.row("exercises", "kavkaz-2009")
    (event,) = read("exercises", "id = 'kavkaz-2009'").walk("VEVENT")
    assert event["LOCATION"] == row["place"]
    assert f"note: {row['note']}" in event["DESCRIPTION"].splitlines()
    assert event["SUMMARY"] == "Kavkaz (Caucasus) 2009: scheduled"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (row["lat"], row["lon"])
    assert event["URL"].startswith("http")


def test_the_year_only_is_left_out_and_counted() -> None:
    calendar = read("dialogue", "date is known")
    years = [row for row in RECORD.rows("dialogue") if len(row.text("date")) == 4]
    assert int(calendar["X-DUALTRACK-LEFT-OUT"]) == len(years) > 0


def test_a_time_of_day_is_its_day() -> None:
    (event,) = read("encounters", "date = 2015-11-24").walk("VEVENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2015, 11, 24), date(2015, 11, 25))


def test_a_later_state_has_a_higher_sequence() -> None:
    def sequence(day: str) -> int:
        record = open_record(day)
        spec, rows = selected(record, "exercises", "id = 'kavkaz-2009'")
        (event,) = icalendar.Calendar.from_ical(write(spec, rows, record)).walk("VEVENT")
        return int(event["SEQUENCE"])

    assert sequence("2016-05-09") < sequence("2016-05-10") < sequence("2026-11-25") == sequence("2027-01-01")


@pytest.mark.parametrize("table", TABLES)
def test_lines_are_folded_at_75_octets_and_end_in_crlf(table: str) -> None:
    data = write(*selected(RECORD, table), RECORD)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")  # no character is cut in two


@given(st.text(max_size=300))
def test_folding_and_escaping_are_undone_by_a_reader(text: str) -> None:
    line = f"SUMMARY:{_text(text)}"
    folded = _folded(line)
    assert folded.replace("\r\n ", "") == line
    assert all(len(part.encode("utf-8")) <= 75 for part in folded.split("\r\n"))
    kept = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or c.isprintable())
    event = f"BEGIN:VEVENT\r\nUID:x\r\n{folded}\r\nEND:VEVENT\r\n"
    assert icalendar.Event.from_ical(event)["SUMMARY"] == kept
