"""As of a day: later rows, later figures, hindsight and later ends leave what was known untouched."""

from datetime import date, timedelta
from functools import lru_cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterwards import Afterwards
from dualtrack.api import open_record
from dualtrack.core.dates import last_day
from dualtrack.record.asof import known_rows, seen_from
from dualtrack.record.cells import last_moment
from dualtrack.record.load import load
from dualtrack.record.schema import schemas
from dualtrack.record.store import packaged
from dualtrack.record.table import Cells, LoadedTable

TABLES = load([packaged()])
COMPILED = open_record().compiled
FACTS = sorted(name for name, spec in schemas().items() if spec.kind == "fact" and TABLES[name].rows)
DAYS = st.dates(date(2013, 1, 1), COMPILED + timedelta(400)) | st.sampled_from(
    [date(2014, 9, 5), date(2016, 5, 9), date(2016, 5, 31), date(2022, 2, 24), COMPILED - timedelta(1), COMPILED]
)


@settings(max_examples=150)
@given(st.sampled_from(FACTS), DAYS, st.integers(0, 2**16), st.booleans())
def test_what_becomes_known_later_changes_nothing(name: str, day: date, seed: int, strict: bool) -> None:
    changed = Afterwards(TABLES, day, COMPILED, Random(seed)).table(name)
    before, after = (known_rows(table, day, COMPILED, strict) for table in (TABLES[name], changed))
    assert list(before) == list(after)
    assert repr(before) == repr(after)


@pytest.mark.parametrize("name", FACTS)
def test_the_change_is_a_change(name: str) -> None:
    """The property would hold of a tampering that does nothing; this one is seen on a later day."""
    day = date(2016, 5, 9)
    changed = Afterwards(TABLES, day, COMPILED, Random(1)).table(name)
    assert known_rows(changed, date.max, COMPILED, False) != known_rows(TABLES[name], date.max, COMPILED, False)


@given(st.sampled_from(FACTS), DAYS, DAYS)
def test_rows_are_only_ever_added_as_time_goes_by(name: str, a: date, b: date) -> None:
    earlier, later = (known_rows(TABLES[name], day, COMPILED, False) for day in sorted((a, b)))
    assert set(earlier) <= set(later)


@given(st.sampled_from(FACTS), DAYS, DAYS)
def test_a_cell_once_known_stays_what_it_is(name: str, a: date, b: date) -> None:
    earlier, later = (known_rows(TABLES[name], day, COMPILED, False) for day in sorted((a, b)))
    for key, cells in earlier.items():
        assert {n: v for n, v in cells.items() if v is not None and later[key][n] != v} == {}


@pytest.mark.parametrize("name", FACTS)
def test_in_the_end_everything_is_known(name: str) -> None:
    assert known_rows(TABLES[name], date.max, COMPILED, False) == TABLES[name].rows


@pytest.mark.parametrize("name", sorted(set(schemas()) - set(FACTS)))
def test_a_reference_table_has_no_time_of_knowledge(name: str) -> None:
    assert known_rows(TABLES[name], date(1900, 1, 1), COMPILED, True) == TABLES[name].rows


@given(st.sampled_from(FACTS), DAYS)
def test_no_date_that_has_not_come_is_seen_in_a_hindsight_or_dated_column(name: str, day: date) -> None:
    spec = schemas()[name]
    dating = {field.known for field in spec.fields if field.known}
    columns = [f.name for f in spec.fields if f.type in ("date", "moment") and (f.hindsight or f.name in dating)]
    for cells in known_rows(TABLES[name], day, COMPILED, False).values():
        assert [cells[c] for c in columns if cells[c] is not None and last_moment(str(cells[c])) > day] == []


def exercise(**cells: object) -> LoadedTable:
    spec = schemas()["exercises"]
    blank: Cells = {field.name: None for field in spec.fields}
    return LoadedTable(spec, {"x": {**blank, "id": "x", **cells}})  # type: ignore[dict-item]


@lru_cache(maxsize=1)
def zapad() -> LoadedTable:
    return exercise(
        known_from="2016-05", known_basis="dated source", start="2016-06-01", end="2016-07", note="Looking back.",
        troops_announced=8000, announced_known_from="2016-05-20", troops_low=9000, troops_high=18000,
        estimates_known_from="2016-08-01", estimates_known_basis="dated source", notified_on="2016-04-20",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "seen", "blank"),
    [
        (date(2016, 5, 30), None, ""),
        (date(2016, 5, 31), "start troops_announced announced_known_from notified_on", "end note troops_high"),
        (date(2016, 7, 30), "start", "end note troops_high estimates_known_from estimates_known_basis"),
        (date(2016, 7, 31), "end", "note troops_low troops_high estimates_known_from"),
        (date(2016, 8, 1), "end troops_low troops_high estimates_known_from estimates_known_basis", "note"),
        (COMPILED - timedelta(1), "troops_high", "note"),
        (COMPILED, "note troops_high end start", ""),
    ],
)
def test_a_row_fills_in_as_time_goes_by(day: date, seen: str | None, blank: str) -> None:
    rows = known_rows(zapad(), day, COMPILED, False)
    if seen is None:
        assert rows == {}
    else:
        assert [name for name in seen.split() if rows["x"][name] is None] == []
        assert [name for name in blank.split() if rows["x"][name] is not None] == []


def test_a_row_that_does_not_say_since_when_is_known_from_the_day_of_compilation() -> None:
    table = exercise(start="2010")
    assert known_rows(table, COMPILED - timedelta(1), COMPILED, False) == {}
    assert list(known_rows(table, COMPILED, COMPILED, False)) == ["x"]


@pytest.mark.parametrize("basis", ["dated source", "public event", "inferred", None])
def test_strict_admits_dated_sources_only(basis: str | None) -> None:
    table = exercise(known_from="2016", known_basis=basis)
    assert list(known_rows(table, date.max, COMPILED, False)) == ["x"]
    assert list(known_rows(table, date.max, COMPILED, True)) == (["x"] if basis == "dated source" else [])


@pytest.mark.parametrize("basis", ["dated source", "public event", "inferred", None])
def test_strict_holds_for_a_figure_with_a_date_of_its_own(basis: str | None) -> None:
    table = exercise(
        known_from="2016", known_basis="dated source", troops_announced=5, troops_high=9,
        estimates_known_from="2016-08", estimates_known_basis=basis,
    )  # fmt: skip
    seen = known_rows(table, date.max, COMPILED, True)["x"]
    assert seen["troops_announced"] == 5
    assert seen["troops_high"] == (9 if basis == "dated source" else None)
    assert known_rows(table, date.max, COMPILED, False)["x"]["troops_high"] == 9


@pytest.mark.parametrize("name", FACTS)
def test_strict_is_a_part_of_all(name: str) -> None:
    day = date(2022, 6, 30)
    strict, every = (known_rows(TABLES[name], day, COMPILED, s) for s in (True, False))
    assert set(strict) <= set(every)
    assert {cells["known_basis"] for cells in strict.values()} <= {"dated source"}


def test_the_packaged_record_says_of_a_fact_since_when_it_is_known_and_how_that_is() -> None:
    unsaid = []
    for name in FACTS:
        for key, cells in TABLES[name].rows.items():
            assert (cells["known_from"] is None) == (cells["known_basis"] is None), f"{name}/{key}"
            if cells["known_from"] is None:
                unsaid.append(f"{name}/{key}")
            else:
                assert last_day(str(cells["known_from"])) <= COMPILED, f"{name}/{key}"
    assert len(unsaid) < 50, unsaid


@pytest.mark.parametrize("table", FACTS)
def test_a_row_and_its_cells_are_seen_from_the_day_said(table: str) -> None:
    loaded, spec = TABLES[table], TABLES[table].spec
    for key, cells in loaded.rows.items():
        for name in (f.name for f in spec.fields if cells[f.name] is not None):
            day = seen_from(spec, cells, [name], COMPILED)
            for then, seen in ((day, True), (day - timedelta(1), False)):
                (row,) = known_rows(LoadedTable(spec, {key: cells}), then, COMPILED, False).values() or [{}]
                assert (row.get(name) is not None) is seen, (key, name, then)
