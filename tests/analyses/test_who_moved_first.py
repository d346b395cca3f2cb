"""Steps and the steps they are said to answer: dates against the tables, both directions by one rule."""

import csv
from datetime import date
from typing import Any

import pytest

from dualtrack import open_record
from dualtrack.analyses.names import resolved
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged

TODAY = "2026-11-25"


def asked(as_of: str = TODAY, **parameters: object) -> Finding:
    return open_record(as_of).ask("who_moved_first", **parameters)


def lines(finding: Finding) -> dict[str, dict[str, Any]]:
    return {line["link"]: line for line in finding.answer.value}


def table(name: str) -> list[dict[str, str]]:
    with (packaged() / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize(("name", "columns"), [
    ("responses", ("step", "answers", "said_by")),
    ("answers", ("offer", "repeats", "shown_by")),
])  # fmt: skip
def test_every_reference_is_a_row_with_an_id_of_its_own(name: str, columns: tuple[str, ...]) -> None:
    record = open_record(TODAY)
    for row in table(name):
        for column in columns:
            if row[column]:
                found = resolved(record, row[column])
                assert found is not None, f"{row['id']} [{column}]: {row[column]} is not a row"
                assert found.spec.key == ("id",)


# Looked up by hand: announced 12 January 2016; the decisions of Wales, of the US budget and of Warsaw.
BY_HAND = [
    ("r-three-divisions-buildup-first", (date(2016, 1, 12) - date(2014, 9, 5)).days, "fits"),
    ("r-three-divisions-buildup-last", (date(2016, 1, 12) - date(2016, 2, 2)).days, "does not fit"),
    ("r-fourth-division-presence-last", (date(2016, 1, 22) - date(2016, 7, 9)).days, "does not fit"),
    ("r-mission-closed-expulsion", 12, "fits"),
    ("r-eastern-sentry-drones", 2, "fits"),
]


@pytest.mark.parametrize(("link", "days", "order"), BY_HAND)
def test_days_between_first_mentions(link: str, days: int, order: str) -> None:
    line = lines(asked())[link]
    assert (line["days_between"], line["order"]) == (str(days), order)


def test_a_date_without_a_day_gives_a_range() -> None:
    line = lines(asked())["r-iron-defender-zapad"]
    assert (
        line["days_between"]
        == f"{(date(2025, 7, 23) - date(2025, 5, 31)).days} to {(date(2025, 7, 23) - date(2025, 5, 1)).days}"
    )
    assert line["order"] == "fits"


def test_the_order_never_says_more_than_the_dates() -> None:
    for line in asked().answer.value:
        if line["days_between"] is None:
            assert line["order"] in ("cannot tell", "not claimed")
            continue
        low, _, high = line["days_between"].replace(",", "").partition(" to ")
        expected = "fits" if int(low) > 0 else "does not fit" if int(high or low) < 0 else "cannot tell"
        assert line["order"] in (expected, "not claimed")


def test_a_denial_or_a_missing_link_claims_no_order() -> None:
    unclaimed = [line for line in asked().answer.value if line["relation"] in ("denied", "not linked")]
    assert unclaimed and {line["order"] for line in unclaimed} == {"not claimed"}


def test_both_directions_stand_in_the_record_and_are_counted_alike() -> None:
    counts = {line["step_by"]: line for line in asked().answer.summary["Links by who takes the step"]}
    assert counts["NATO or members"]["claimed_answers"] >= 5 and counts["RUS"]["claimed_answers"] >= 5
    for line in counts.values():
        assert line["claimed_answers"] == line["order_fits"] + line["does_not_fit"] + line["cannot_tell"]


def test_a_step_said_to_answer_a_kind_of_step_can_depend_on_which_was_meant() -> None:
    steps = {line["step"]: line["order"] for line in asked().answer.summary["By step"]}
    (divisions,) = (order for step, order in steps.items() if step.startswith("Three new divisions"))
    assert divisions == "depends on what was meant"


def test_a_link_is_not_seen_before_it_was_said() -> None:
    assert "r-three-divisions-buildup-first" not in lines(asked("2016-05-03"))
    assert "r-three-divisions-buildup-first" in lines(asked("2016-05-04"))
    with pytest.raises(BadInput, match="not a finding that there was none"):
        asked("1998-01-01")


def test_links_by_what_was_named_are_the_rows_of_the_table() -> None:
    named = {row["id"]: row["named"] for row in table("responses")}
    for what in sorted(set(named.values())):
        assert set(lines(asked(named=what))) == {link for link, value in named.items() if value == what}
