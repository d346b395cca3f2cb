"""Limits on large activities over the record and over invented exercises with known answers."""

from pathlib import Path
from typing import Any

import pytest

from conftest import WriteFiles
from dualtrack.analyses import activity_limits
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.instruments.activities import BASES
from dualtrack.instruments.limit import limits

RECORD = open_record("2026-11-24")
HEAD = "id,name,lead_states,side,start,end,place,in_zone,domain,structure,troops_announced,kind,notified,observers_invited,sources,known_from,known_basis"  # noqa: E501


def invented(overlay: WriteFiles, *exercises: tuple[str, str, int | str, str]) -> OpenRecord:
    """The record with invented exercises led by Iceland: id, start, announced total and structure of each."""
    rows = [
        f"{id_},{id_},ISL,nato,{start},,Keflavik,yes,land,{structure},{troops},scheduled,unknown,unknown,"
        f"nato-trje15,{start},public event"
        for id_, start, troops, structure in exercises
    ]
    folder: Path = overlay({"exercises.csv": "\n".join([HEAD, *rows, ""])})
    return open_record("2026-11-24", folder=folder)


def verdicts(finding: Finding, limit: str) -> dict[str, str]:
    return {line["window"]: line["verdict"] for line in finding.answer.value if line["limit"] == limit}


def test_two_above_40000_in_three_years_are_one_too_many(overlay: WriteFiles) -> None:
    record = invented(overlay, ("a", "2018-05-01", 40001, "single"), ("b", "2020-05-01", 40001, "single"))
    found = verdicts(record.ask("activity_limits", state="ISL"), "above_40000")
    assert found == {
        "2016 to 2018": "kept",
        "2017 to 2019": "kept",
        "2018 to 2020": "exceeded",
        "2019 to 2021": "kept",
        "2020 to 2022": "kept",
    }


def test_the_level_itself_is_not_above(overlay: WriteFiles) -> None:
    record = invented(overlay, ("a", "2018-05-01", 40000, "single"), ("b", "2020-05-01", 40000, "single"))
    assert verdicts(record.ask("activity_limits", state="ISL"), "above_40000") == {}
    assert verdicts(record.ask("activity_limits", state="ISL"), "above_25000") == {"2018": "kept", "2020": "kept"}


def test_a_seventh_above_13000_in_a_year_is_one_too_many(overlay: WriteFiles) -> None:
    six = [(f"x{n}", f"2019-{n:02}", 13001, "single") for n in range(1, 7)]
    assert verdicts(invented(overlay, *six).ask("activity_limits", state="ISL"), "above_13000") == {"2019": "kept"}
    seven = [*six, ("x7", "2019-12-31", 13001, "single")]
    found = verdicts(invented(overlay, *seven).ask("activity_limits", state="ISL"), "above_13000")
    assert found == {"2019": "exceeded"}


def test_a_fourth_above_25000_is_one_too_many_and_one_of_unknown_size_leaves_it_open(overlay: WriteFiles) -> None:
    three = [(f"x{n}", f"2019-0{n}", 25001, "single") for n in range(1, 4)]
    open_one = invented(overlay, *three, ("x4", "2019-09", "", "single")).ask("activity_limits", state="ISL")
    assert verdicts(open_one, "above_25000") == {"2019": "unknown"}
    closed = invented(overlay, *three, ("x4", "2019-09", 25001, "single")).ask("activity_limits", state="ISL")
    assert verdicts(closed, "above_25000") == {"2019": "exceeded"}


def test_a_total_over_phases_may_count_and_does_not_surely(overlay: WriteFiles) -> None:
    record = invented(overlay, ("a", "2018-05-01", 50000, "sequential"), ("b", "2019-05-01", 50000, "single"))
    lines = record.ask("activity_limits", state="ISL", since=2019, until=2019).answer.value
    [line] = [line for line in lines if line["limit"] == "above_40000"]
    assert (line["surely"], line["possibly"], line["verdict"]) == (1, 2, "unknown")
    assert line["if_totals_are_one"] == "exceeded (2)"
    assert (line["counts"], line["may_count"]) == (["b"], ["a"])


@pytest.mark.parametrize("basis", BASES)
def test_every_line_follows_from_the_activities_it_names(basis: str) -> None:
    for line in RECORD.ask("activity_limits", basis=basis).answer.value:
        sure, perhaps = line["counts"] or [], line["may_count"] or []
        assert (line["surely"], line["possibly"]) == (len(sure), len(sure) + len(perhaps))
        years = [int(year) for year in line["window"].split(" to ")]
        for id_ in [*sure, *perhaps]:
            row = RECORD.row("exercises", id_)
            assert line["state"] in row.parts("lead_states") and row["in_zone"] != "no"
            assert years[0] <= int(row.text("start")[:4]) <= years[-1]
        expected = "kept" if line["possibly"] <= line["at_most"] else "unknown"
        assert line["verdict"] == ("exceeded" if line["surely"] > line["at_most"] else expected)


def test_exercises_led_by_nato_count_for_no_state_and_are_listed() -> None:
    finding = RECORD.ask("activity_limits")
    assert "NATO" not in {line["state"] for line in finding.answer.value}
    listed = {line["exercise"]: line for line in finding.answer.summary["Led by NATO as such"]}
    assert listed["trident-juncture-2018"]["above_40000"] == "yes"
    assert any("led by NATO as such" in caveat for caveat in finding.caveats)


def test_the_text_in_force_gives_the_limit() -> None:
    by_window = {line["window"]: line["instrument"] for line in RECORD.ask("activity_limits").answer.value}
    assert by_window["2008"] == "vienna_document_1999"
    assert by_window["2016"] == "vienna_document_2011"


def test_levels_say_whether_they_were_read() -> None:
    finding = RECORD.ask("activity_limits")
    levels: list[dict[str, Any]] = finding.answer.summary["Levels"]
    assert {line["checked"] for line in levels} == {"not yet checked"}
    assert any("not yet checked against the text" in caveat for caveat in finding.caveats)


def test_a_limit_that_only_the_later_text_has_counts_what_began_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window of three years can reach back into a text without the limit."""
    earlier = "vienna_document_1999"
    monkeypatch.setattr(
        activity_limits,
        "limits",
        lambda text: tuple(one for one in limits(text) if (text, one.id) != (earlier, "above_40000")),
    )
    found = RECORD.ask("activity_limits", since=2011, until=2013)
    counted = found.answer.summary["Activities that count or may count"]
    assert all(line["start"] >= "2011-12" for line in counted if line["limit"] == "above_40000")
    assert {line["window"] for line in found.answer.value if line["limit"] == "above_40000"} <= {
        f"{year - 2} to {year}" for year in (2011, 2012, 2013)
    }


def test_what_cannot_be_asked() -> None:
    with pytest.raises(BadInput, match="has no limits on the number of activities"):
        RECORD.ask("activity_limits", instrument="inf_1987")
    with pytest.raises(BadInput, match="No activity that counts or may count"):
        RECORD.ask("activity_limits", state="ISL")
