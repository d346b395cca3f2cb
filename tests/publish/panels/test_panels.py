"""Panels against plain counts over the CSV files, as of a day, and with two states' labels swapped."""

import csv
from collections.abc import Iterable
from datetime import date

import pytest

from dualtrack.api import open_record
from dualtrack.publish.codebook import codebook
from dualtrack.publish.panels import panels
from dualtrack.publish.panels.counting import YEARS, whole_years
from dualtrack.publish.tables import selected
from dualtrack.record.load import load
from dualtrack.record.rows import Row
from dualtrack.record.store import Record, packaged
from dualtrack.record.table import Cells, LoadedTable, row_id

NOW = open_record(date(2026, 11, 25))
COUNTRY = {(str(row["state"]), row["year"]): row for row in selected(NOW, "country_year")[1]}
DYAD = {(str(row["state_a"]), str(row["state_b"]), row["year"]): row for row in selected(NOW, "dyad_year")[1]}


def cells(table: str) -> list[dict[str, str]]:
    with (packaged() / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def several(text: str) -> set[str]:
    return set(text.split(";")) - {""}


def test_every_state_stands_in_every_year() -> None:
    states = [line["state"] for line in cells("states")]
    assert list(COUNTRY) == [(state, year) for state in states for year in range(2014, 2026)]


@pytest.mark.parametrize("year", [2014, 2016, 2018, 2021, 2024])
@pytest.mark.parametrize("state", ["RUS", "USA", "POL", "EST", "FIN", "BLR"])
def test_counts_are_those_of_the_files(state: str, year: int) -> None:
    row = COUNTRY[state, year]
    exercises = [line for line in cells("exercises") if line["start"].startswith(str(year))]
    encounters = [line for line in cells("encounters") if line["date"].startswith(str(year))]
    assert (row["exercises_led"] or 0) == sum(state in several(line["lead_states"]) for line in exercises)
    assert (row["exercises_taken_part"] or 0) == sum(
        state in several(line["lead_states"]) | several(line["participants"]) for line in exercises
    )
    assert row["exercises_recorded"] == len(exercises)
    assert row["exercises_with_participants"] == sum(bool(line["participants"]) for line in exercises)
    for name, column in (
        ("encounters_alleged", "who_alleges"),
        ("encounters_closing_in", "actor_a_state"),
        ("encounters_other_side", "actor_b_state"),
    ):
        assert (row[name] or 0) == sum(state in several(line[column]) for line in encounters)
    dialogue = [line for line in cells("dialogue") if line["date"].startswith(str(year))]
    assert (row["dialogue_steps"] or 0) == sum(state in several(line["initiator"]) for line in dialogue)
    statements = [line for line in cells("statements") if line["date"].startswith(str(year))]
    assert (row["statements"] or 0) == sum(line["state_or_org"] == state for line in statements)


@pytest.mark.parametrize(("host", "year"), [("LTU", 2015), ("LTU", 2018), ("POL", 2017), ("UKR", 2016), ("BLR", 2022)])
def test_deployments_hosted_are_those_there_in_the_year(host: str, year: int) -> None:
    there = [
        line
        for line in cells("deployments")
        if host in several(line["host_state"])
        and several(line["sending_states"]) - {host}
        and line["basing"] != "planned"
        and line["start"]
        and int(line["start"][:4])
        <= year
        <= int(line["end"][:4] or (line["start"][:4] if line["status"] == "ended" else "9999"))
    ]
    row = COUNTRY[host, year]
    assert row["deployments_hosted"] == len(there) > 0
    senders = {sender for line in there for sender in several(line["sending_states"])} - {host}
    assert row["states_hosted"] == len(senders)
    for sender in senders:
        sent = sum(sender in several(line["sending_states"]) for line in there)
        assert DYAD[sender, host, year]["deployments_sent"] == sent


def test_memberships_have_their_dates() -> None:
    assert [COUNTRY["FIN", year]["nato_member"] for year in (2022, 2023)] == ["no", "yes"]
    assert [COUNTRY["GBR", year]["eu_member"] for year in (2019, 2020)] == ["yes", "no"]
    assert COUNTRY["RUS", 2014]["vienna_document"] == "yes"


def test_spending_comes_from_the_latest_edition_known() -> None:
    then = {(row["state"], row["year"]): row for row in selected(open_record("2019-12"), "country_year")[1]}
    for known, day in ((COUNTRY, "9999"), (then, "2019-12-31")):
        of = [
            (line["edition"], float(line["share_of_gdp_pct"]))
            for line in cells("spending")
            if (line["state"], line["year"], line["definition"]) == ("EST", "2015", "defence")
            and line["share_of_gdp_pct"]
            and line["known_from"] <= day
        ]
        row = known["EST", 2015]
        assert (row["share_of_gdp_pct_edition"], row["share_of_gdp_pct"]) == max(of)


def test_empty_is_not_zero() -> None:
    for name in ("exercises_led", "encounters_alleged"):
        assert COUNTRY["RUS", 2024][name] is not None
        assert COUNTRY["RUS", 2025][name] is None  # collected for a part of 2025 only
        assert COUNTRY["AND", 2024][name] is None  # no row names it
    assert COUNTRY["DEU", 2016]["encounters_alleged"] == 0  # named, but not in that year
    assert DYAD["RUS", "USA", 2022]["encounters_alleged"] == 0


def test_a_year_counts_when_it_is_over() -> None:
    spec = NOW.spec("exercises")
    assert whole_years(spec, date(2016, 12, 30)) == {2014, 2015}
    assert whole_years(spec, date(2016, 12, 31)) == {2014, 2015, 2016}
    assert whole_years(spec, date(2099, 1, 1)) == set(range(2014, 2025))


def test_who_alleges_against_whom() -> None:
    for line in cells("encounters"):
        a, b = several(line["actor_a_state"]), several(line["actor_b_state"])
        if line["date"] < "2025" and several(line["who_alleges"]) == {"EST"} and a == {"RUS"} and b == {"EST"}:
            assert f"encounters/{line['id']}" in DYAD["EST", "RUS", int(line["date"][:4])].parts("rests_on")
            assert f"encounters/{line['id']}" in DYAD["RUS", "EST", int(line["date"][:4])].parts("rests_on")
    assert all(a != b and (b, a, year) in DYAD for a, b, year in DYAD)


@pytest.mark.parametrize("name", list(panels()))
@pytest.mark.parametrize("day", ["2014-08-31", "2016-05-09", "2026-11-25"])
def test_every_row_rests_on_rows_known_on_the_day(name: str, day: str) -> None:
    record = open_record(day)
    for row in selected(record, name)[1]:
        assert row["year"] in YEARS
        assert int(str(row["year"])) <= record.as_of.year
        rows = [record.row(*place.split("/", 1)) for place in row.parts("rests_on")]
        assert sorted({source for used in rows for source in used.sources}) == row.parts("sources")
        counted = [str(n) for n in row if n.startswith(("encounters", "deployments", "dialogue", "statements"))]
        if any(row[n] for n in counted):
            assert rows


@pytest.mark.parametrize("name", list(panels()))
def test_a_row_known_later_changes_nothing_before(name: str) -> None:
    tables = load([packaged()])
    before = panels()[name].rows(recorded(tables, date(2016, 5, 9)))
    late = dict(tables["exercises"].rows["kavkaz-2008"], id="late", start="2015-03-01", known_from="2016-05-10")
    tables["exercises"].rows["late"] = late
    assert [dict(row) for row in panels()[name].rows(recorded(tables, date(2016, 5, 9)))] == [dict(r) for r in before]


def recorded(tables: dict[str, LoadedTable], day: date) -> Record:
    return Record(tables, {}, day, date(2026, 11, 24))


def swap(tables: dict[str, LoadedTable], one: str, other: str) -> dict[str, LoadedTable]:
    """The tables with two state codes exchanged in every column of codes, permanent ids formed anew."""
    new = {one: other, other: one}

    def changed(table: LoadedTable, old: Cells) -> Cells:
        cells_ = dict(old)
        for field in table.spec.fields:
            if field.type in ("state", "states") and cells_[field.name]:
                parts = str(cells_[field.name]).split(";")
                cells_[field.name] = ";".join(new.get(part, part) for part in parts)
        return cells_

    swapped = {}
    for name, table in tables.items():
        rows = [changed(table, row) for row in table.rows.values()]
        swapped[name] = LoadedTable(table.spec, {row_id(table.spec, row): row for row in rows})
    return swapped


@pytest.mark.parametrize("pair", [("RUS", "USA"), ("EST", "BLR")])
@pytest.mark.parametrize("name", list(panels()))
def test_even_handed(name: str, pair: tuple[str, str]) -> None:
    tables = load([packaged()])
    new = dict(zip(pair, reversed(pair), strict=True))

    def answers(rows: Iterable[Row], mapping: dict[str, str]) -> dict[tuple[object, ...], list[object]]:
        found = {}
        for row in rows:
            key = tuple(mapping.get(str(row[part]), row[part]) for part in row.spec.key)
            names = [n for n in row if n not in ("name", "rests_on", *row.spec.key)]
            found[key] = [row[n] for n in names]
        return found

    here = answers(panels()[name].rows(recorded(tables, date(2026, 11, 25))), new)
    there = answers(panels()[name].rows(recorded(swap(tables, *pair), date(2026, 11, 25))), {})
    assert here == there


def test_conditions_work_on_panels() -> None:
    _, rows = selected(NOW, "country_year", "state = 'EST' and year >= 2020 and deployments_hosted > 0")
    expected = [row.id for key, row in COUNTRY.items() if key[0] == "EST" and int(str(key[1])) >= 2020]
    assert [row.id for row in rows] == expected


def test_the_codebook_covers_them() -> None:
    text = codebook(panel.spec for panel in panels().values())
    for panel in panels().values():
        assert f"## {panel.spec.table}: {panel.spec.title}" in text
        for field in panel.spec.fields:
            assert f"| {field.name} |" in text
