"""Conditions over tables, held against a plain filter in Python."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput
from dualtrack.record.where import compile_where

RECORD = open_record(date(2026, 11, 25))


def chosen(table: str, where: str) -> set[str]:
    sql, values = compile_where(where, RECORD.spec(table))
    return {row.id for row in RECORD.rows(table, sql, *values)}


def test_numbers_and_codes() -> None:
    expected = {
        row.id
        for row in RECORD.rows("exercises")
        if (row.number("troops_high") or 0) >= 60000 and row["kind"] == "snap"
    }
    assert chosen("exercises", "troops_high >= 60000 and kind = 'snap'") == expected
    assert expected


def test_unknown_is_neither_yes_nor_no() -> None:
    below = chosen("exercises", "tanks < 100")
    assert chosen("exercises", "not tanks < 100") & below == set()
    assert chosen("exercises", "tanks is unknown") & (below | chosen("exercises", "not tanks < 100")) == set()
    assert chosen("exercises", "tanks is known") == below | chosen("exercises", "not tanks < 100")


def test_has_finds_one_of_several() -> None:
    expected = {row.id for row in RECORD.rows("exercises") if "EST" in row.parts("participants")}
    assert chosen("exercises", "has(participants, 'EST')") == expected


def test_in_is_a_row_of_equals() -> None:
    assert chosen("groups", "group in ('nato', 'eu')") == chosen("groups", "group = 'nato' or group = 'eu'")


@given(
    st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
    st.sampled_from(["2014", "2016", "2015-03", "2016-04-20", "2022-01", "2014-06"]),
)
def test_dates_are_chosen_only_when_every_day_fits(operator: str, text: str) -> None:
    first, last = first_day(text), last_day(text)

    def fits(a: date, b: date) -> bool:
        inside = first <= a and b <= last
        return {
            "<": b < first,
            "<=": b <= last,
            ">": a > last,
            ">=": a >= first,
            "=": inside,
            "!=": not inside,
        }[operator]

    rows = RECORD.rows("dialogue")
    expected = {r.id for r in rows if fits(first_day(r.text("date")), last_day(r.text("date")))}
    assert chosen("dialogue", f"date {operator} {text}") == expected


@pytest.mark.parametrize(
    "where",
    ["forum = NRC", "troops_high > 'many'", "start = 'spring'", "troops_high", "has('x', 'y')", "name + 1 = 2"],
)
def test_what_cannot_be_compared_is_refused(where: str) -> None:
    with pytest.raises(BadInput):
        chosen("exercises", where)


def test_values_never_reach_the_sql() -> None:
    sql, values = compile_where('name = "x\' or 1=1 --"', RECORD.spec("exercises"))
    assert "1=1" not in sql
    assert values == ["x' or 1=1 --"]
