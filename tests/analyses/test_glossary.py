"""Words and their tests: every condition compiles, and each word covers the rows a plain filter finds."""

import csv

import pytest

from dualtrack import open_record
from dualtrack.core.errors import NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged
from dualtrack.record.where import compile_where

TODAY = "2026-11-25"


def asked(as_of: str = TODAY, **parameters: object) -> Finding:
    return open_record(as_of).ask("glossary", **parameters)


def table(name: str) -> list[dict[str, str]]:
    with (packaged() / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("row", table("glossary"), ids=lambda row: row["term"])
def test_every_test_is_a_condition_over_its_table(row: dict[str, str]) -> None:
    record = open_record(TODAY)
    assert row["definition"] and row["test"] and row["used_by"]
    for condition in filter(None, (row["test_where"], row["test_unknown"])):
        sql, values = compile_where(condition, record.spec(row["test_table"]))
        assert record.rows(row["test_table"], sql, *values) is not None
    if row["readings"]:
        assert row["readings"] in record.slots


@pytest.mark.parametrize("basing", ["permanent", "persistent", "rotational", "prepositioned", "planned"])
def test_a_basing_word_covers_the_rows_coded_with_it(basing: str) -> None:
    expected = {row["id"] for row in table("deployments") if row["basing"] == basing}
    assert {line["row"] for line in asked(term=basing).answer.value} == expected


def test_undecided_rows_are_neither_met_nor_not() -> None:
    rows = table("exercises")
    met = [row for row in rows if row["notified"] in ("yes", "voluntary")]
    open_ = [row for row in rows if row["notified"] == "unknown"]
    coverage = asked(term="notification").answer.coverage
    assert len(asked(term="notification").answer.value) == len(met)
    assert coverage and (coverage.known, coverage.total) == (len(rows) - len(open_), len(rows))


def test_running_is_held_against_the_day() -> None:
    def running(as_of: str) -> dict[str, str]:
        return {line["row"]: line["running"] for line in asked(as_of, term="enhanced forward presence").answer.value}

    assert set(running("2016-08").values()) == {"unknown"}  # announced; no start on record by then
    assert set(running("2017-07").values()) == {"yes"}
    assert running(TODAY)["D-efp-lva"] == "no"  # ended in July 2024


def test_a_word_with_readings_shows_each() -> None:
    finding = asked(term="eastern flank")
    assert finding.answer.value is None
    assert {r.reading["eastern_flank"]: len(r.answer.value) for r in finding.by_reading}["b9"] == 9


def test_one_reading_of_substantial_combat_forces_is_one_brigade_today_and_none_in_2016() -> None:
    assert [line["row"] for line in asked(term="substantial-combat-forces").answer.value] == ["D-deu-bde45"]
    assert asked("2016-05-09", term="substantial-combat-forces").answer.value == []


def test_terms_are_found_by_code_label_or_part() -> None:
    assert asked(term="VJTF").headline.startswith("Spearhead")
    assert len(asked().answer.value) == len(table("glossary"))
    with pytest.raises(NoSuchName, match="no term"):
        asked(term="fortress")
    with pytest.raises(NoSuchName, match="Did you mean"):
        asked(term="risk of")
