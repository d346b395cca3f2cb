"""Meetings, gaps and steps of the dialogue, held against the list of the NATO-Russia Council's meetings."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.dialogue import collected_to, gaps, meetings
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.dates import last_day
from dualtrack.core.errors import BadInput, NoSuchName

RECORD = open_record("2026-11-25")
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
    assert finding.headline.startswith(
        "The NATO-Russia Council has not met since 12 January 2022, for 49 months up to 28 February 2026, where "
        "collection ends"
    )
    assert any("not collected" in caveat for caveat in finding.caveats)


def test_both_sides_suspended(today: OpenRecord) -> None:
    steps = {row["by"]: row for row in today.ask("dialogue").answer.summary["Who initiated which step"]}
    assert steps["NATO"]["suspended"] == 2
    assert steps["RUS"]["suspended"] == 1


def test_no_gap_is_claimed_where_meetings_are_not_complete(today: OpenRecord) -> None:
    rows = [row for row in today.rows("dialogue") if row["forum"] == "NATO-Russia Council"]
    assert all(gap.start.text("date") >= "2014" for gap in gaps(rows, date(2026, 11, 25)))
    assert "Gaps between meetings" in today.ask("dialogue", forum="US-Russia deconfliction").answer.summary
    assert not today.ask("dialogue", forum="US-Russia deconfliction").answer.summary["Gaps between meetings"]


def test_gaps_fill_the_time_between_the_first_meeting_and_the_end_of_collection(today: OpenRecord) -> None:
    rows = [row for row in today.rows("dialogue") if row["forum"] == "NATO-Russia Council"]
    found = gaps(rows, date(2026, 11, 25))
    assert found[-1].until == collected_to(today.spec("dialogue")) == date(2026, 2, 28)
    shortest, longest = (sum(gap.days[i] for gap in found) for i in (0, 1))
    assert shortest <= (date(2026, 2, 28) - date(2014, 3, 5)).days <= longest


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2014, 4, 1), date(2026, 2, 28)))
def test_on_any_day_only_the_meetings_before_it_are_counted(day: date) -> None:
    finding = RECORD.at(day).ask("dialogue", since="2014-04")
    expected = [text for text in NRC_FROM_JUNE_2014 if last_day(text) <= day]
    assert [row["date"] for row in finding.answer.value if row["outcome"] == "met"] == expected
    years = finding.answer.summary["Meetings by year"]
    assert sum(row["meetings"] for row in years) == len(expected)
    assert {row["year"] for row in years} == {str(year) for year in range(2014, day.year + 1)}
    last = finding.answer.summary["Gaps between meetings"][-1]
    assert last["from"] == (expected[-1] if expected else "2014-03-05")
    assert (
        ("met on" in finding.headline) or ("last met" in finding.headline) or ("has not met since" in finding.headline)
    )


def test_years_outside_collection_are_not_zero(today: OpenRecord) -> None:
    years = {row["year"]: row for row in today.ask("dialogue").answer.summary["Meetings by year"]}
    assert (years["2012"]["meetings"], years["2012"]["collection"]) == (None, "what pages held")
    assert (years["2015"]["meetings"], years["2015"]["collection"]) == (0, "complete")
    assert (years["2026"]["meetings"], years["2026"]["collection"]) == (0, "complete to 28 February 2026")
    later = today.at(date(2028, 5, 1)).ask("dialogue").answer.summary["Meetings by year"][-1]
    assert later == {"year": "2028", "meetings": None, "collection": "not collected"}


def test_a_window_without_a_meeting_is_an_answer_where_all_are_on_record(today: OpenRecord) -> None:
    finding = today.ask("dialogue", since="2020", until="2021-11")
    assert finding.answer.value == []
    assert finding.headline == "The NATO-Russia Council has not met since 5 July 2019, for 28 months"
    assert {item.row for item in finding.evidence} == {"dlg-2019-07-05-nrc"}


def test_a_gap_that_reaches_into_the_window_is_whole(today: OpenRecord) -> None:
    gap = today.ask("dialogue", since="2015", until="2018").answer.summary["Gaps between meetings"][0]
    assert (gap["from"], gap["to"], gap["months"]) == ("2014-06", "2016-04-20", 22)


def test_steps_of_both_directions_stand_in_one_list(today: OpenRecord) -> None:
    turns = today.ask("dialogue").answer.summary["Suspended, resumed and left"]
    assert [(row["date"], row["step"], row["by"]) for row in turns] == [
        ("2008-08", "suspended", ["NATO"]),
        ("2008-08-21", "suspended", ["RUS"]),
        ("2009-06-27", "resumed", ["NATO", "RUS"]),
        ("2014-04-01", "suspended", ["NATO"]),
    ]


def test_counts_by_step_are_the_plain_count(today: OpenRecord) -> None:
    rows = today.rows("dialogue")
    for line in today.ask("dialogue", forum="all").answer.summary["Who initiated which step"]:
        mine = [row for row in rows if line["by"] in (row.parts("initiator") or ["not on record"])]
        assert sum(count for name, count in line.items() if name != "by") == len(mine)


def test_all_channels_print_on_a_terminal(before_warsaw: OpenRecord) -> None:
    text = before_warsaw.ask("dialogue", forum="all").to_text()
    assert "conventional forces" in text


def test_a_window_and_an_unknown_forum(today: OpenRecord) -> None:
    rows = today.ask("dialogue", since="2016", until="2016").answer.value
    assert {row["date"][:4] for row in rows} == {"2016"}
    with pytest.raises(NoSuchName, match="forum"):
        today.ask("dialogue", forum="NRC-Rat")
    with pytest.raises(BadInput, match="No event"):
        today.ask("dialogue", since="1990", until="1991")
