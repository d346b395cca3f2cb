"""Meetings, gaps and steps of the dialogue, held against the list of the NATO-Russia Council's meetings."""

from datetime import date

import pytest

from dualtrack.analyses.dialogue import gaps, meetings
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput, NoSuchName

NRC_FROM_JUNE_2014 = [
    "2014-06",
    "2016-04-20",
    "2016-07-13",
    "2016-12-19",
    "2017-03-30",
    "2017-07-13",
    "2017-10-26",
    "2018-05-31",
    "2018-10-31",
    "2019-01-25",
    "2019-07-05",
    "2022-01-12",
]
"""Every meeting after April 2014; a second source counts ten for 2016 to 2019 as well."""


@pytest.fixture(scope="module")
def before_warsaw() -> OpenRecord:
    return open_record("2016-05-09")


@pytest.fixture(scope="module")
def today() -> OpenRecord:
    return open_record("2026-11-25")


def test_every_council_meeting_is_there_and_no_other(today: OpenRecord) -> None:
    rows = [row for row in today.rows("dialogue") if row["forum"] == "NATO-Russia Council"]
    assert [r.text("date") for r in meetings(rows) if r.text("date") >= "2014-04"] == NRC_FROM_JUNE_2014


def test_before_warsaw_the_silence_had_just_ended(before_warsaw: OpenRecord) -> None:
    finding = before_warsaw.ask("dialogue")
    assert finding.headline == "The NATO-Russia Council met on 20 April 2016 after 22 months without a meeting"
    gap = finding.answer.summary["Gaps between meetings"][1]
    assert (gap["from"], gap["to"], gap["days at least"], gap["days at most"]) == ("2014-06", "2016-04-20", 660, 689)


def test_what_was_there_on_that_day_and_nothing_later(before_warsaw: OpenRecord) -> None:
    rows = before_warsaw.ask("dialogue", forum="all").answer.value
    ids = {row["id"] for row in rows}
    assert {"dlg-2002-05-28-nrc-founded", "dlg-2007-cfe-susp", "dlg-2016-04-20-nrc"} <= ids
    assert all(row["date"] <= "2016-05-09" for row in rows)


def test_today_the_council_is_silent_again(today: OpenRecord) -> None:
    finding = today.ask("dialogue")
    assert finding.headline.startswith("The NATO-Russia Council has not met since 12 January 2022, for 58 months")
    assert any("not collected" in caveat for caveat in finding.caveats)


def test_both_sides_suspended(today: OpenRecord) -> None:
    steps = {row["by"]: row for row in today.ask("dialogue").answer.summary["Who took which step"]}
    assert steps["NATO"]["suspended"] == 2
    assert steps["RUS"]["suspended"] == 1


def test_no_gap_is_claimed_where_meetings_are_not_complete(today: OpenRecord) -> None:
    rows = [row for row in today.rows("dialogue") if row["forum"] == "NATO-Russia Council"]
    assert all(gap.start.text("date") >= "2014" for gap in gaps(rows, date(2026, 11, 25)))
    assert "Gaps between meetings" in today.ask("dialogue", forum="US-Russia deconfliction").answer.summary
    assert not today.ask("dialogue", forum="US-Russia deconfliction").answer.summary["Gaps between meetings"]


def test_gaps_fill_the_time_between_the_first_meeting_and_the_day(today: OpenRecord) -> None:
    rows = [row for row in today.rows("dialogue") if row["forum"] == "NATO-Russia Council"]
    found = gaps(rows, date(2026, 11, 25))
    shortest, longest = (sum(gap.days[i] for gap in found) for i in (0, 1))
    assert shortest <= (date(2026, 11, 25) - date(2014, 3, 5)).days <= longest


def test_a_window_and_an_unknown_forum(today: OpenRecord) -> None:
    rows = today.ask("dialogue", since="2016", until="2016").answer.value
    assert {row["date"][:4] for row in rows} == {"2016"}
    with pytest.raises(NoSuchName, match="forum"):
        today.ask("dialogue", forum="NRC-Rat")
    with pytest.raises(BadInput, match="No event"):
        today.ask("dialogue", since="1990", until="1991")
