"""Conditions of equal cells are answered in memory as the database would; connections share nothing they fill."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.record.database import closed_database, equalities, fill, matching

RECORD = open_record("2026-11-24")
SPEC = RECORD.spec("exercises")


@given(st.lists(st.sampled_from([("side", "nato"), ("kind", "snap"), ("troops_announced", 13000), ("name", "x"),
                                 ("side", 3), ("troops_announced", "13000")]), min_size=1, max_size=3),
       st.booleans())  # fmt: skip
def test_both_ways_find_the_same_rows(wanted: list[tuple[str, object]], quoted: bool) -> None:
    where = " AND ".join(f'"{name}" = ?' if quoted else f"{name} = ?" for name, _ in wanted)
    values = [value for _, value in wanted]
    found = equalities(SPEC, where, values)
    kinds = [isinstance(value, str) != (SPEC.field(name).type == "integer") for name, value in wanted]
    assert (found is not None) is all(kinds)
    if found is None:
        return
    database = closed_database()
    fill(database, SPEC, RECORD._rows_known("exercises"))
    assert {row.id for row in RECORD.rows("exercises", where, *values)} == matching(
        database, "exercises", where, values
    )


@pytest.mark.parametrize(
    "where", ["side = ? OR kind = ?", "side = ? AND troops_low > ?", "colour = ?", "side IN (?, ?)", "side = ?;--"]
)
def test_any_other_condition_is_left_to_the_database(where: str) -> None:
    assert equalities(SPEC, where, ["nato", "snap"]) is None


def test_a_table_filled_in_one_connection_is_not_in_another() -> None:
    one, other = closed_database(), closed_database()
    fill(one, SPEC, {})
    fill(other, SPEC, RECORD._rows_known("exercises"))
    assert matching(one, "exercises", "true", []) == set()
    with pytest.raises(duckdb.Error):
        closed_database().execute("SELECT * FROM exercises")


def test_every_connection_is_closed_off() -> None:
    for statement in ("COPY (SELECT 1) TO 'x.csv'", "SET enable_external_access=true", "INSTALL httpfs"):
        with pytest.raises(duckdb.Error):
            closed_database().execute(statement)


def test_without_is_only_for_the_tables_named() -> None:
    some = RECORD.rows("exercises")[0].id
    less = RECORD.without({"exercises": [some]})
    assert {row.id for row in RECORD.rows("exercises")} - {row.id for row in less.rows("exercises")} == {some}
    assert len(less.rows("exercises", "side = ?", "nato")) <= len(RECORD.rows("exercises", "side = ?", "nato"))
    assert less.rows("polls")[0]._cells is RECORD.rows("polls")[0]._cells


def test_what_is_made_once_belongs_to_one_record() -> None:
    made = RECORD.once("test", list)
    assert RECORD.once("test", lambda: [1]) is made
    assert RECORD.at(RECORD.as_of).once("test", lambda: [2]) == [2]
