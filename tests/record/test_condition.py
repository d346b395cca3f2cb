"""Conditions held against rows in memory select what the same conditions select in the database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.record.condition import condition
from dualtrack.record.where import compile_where

RECORD = open_record("2026-11-24")
TABLES = ("exercises", "deployments", "polls", "spending", "groups", "scrambles", "encounters")
LEAVES = [
    "kind = 'snap'", "kind != 'snap'", "side in ('nato', 'joint')", "troops_announced >= 13000",
    "troops_low < troops_high", "troops_high - troops_low > 1000", "troops_announced / participants_n >= 500",
    "start >= 2014-03", "start < 2016", "start = 2016", "end != 2015-06", "end <= 2017-09-20",
    "has(participants, 'POL')",
    "notice_days is known", "troops_declared_vd is unknown", "troops_announced in (1000, 13000, 40000)",
    "lat > 50.5", "name = \"Zapad-2017\"", "start is known",
]  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=4))
    text = parts[0]
    for part in parts[1:]:
        text = f"({text}) {draw(st.sampled_from(['and', 'or']))} {draw(st.sampled_from(['', 'not ']))}{part}"
    return f"not ({text})" if draw(st.booleans()) else text


def in_memory(table: str, text: str) -> set[str]:
    spec = RECORD.spec(table)
    dates = frozenset(field.name for field in spec.fields if field.type in ("date", "moment"))
    test = condition(text, dates)
    return {row.id for row in RECORD.rows(table) if test(row)}


def in_database(table: str, text: str) -> set[str]:
    where, values = compile_where(text, RECORD.spec(table))
    return {row.id for row in RECORD.rows(table, where, *values)}


@given(expressions())
def test_memory_and_database_select_the_same_exercises(text: str) -> None:
    assert in_memory("exercises", text) == in_database("exercises", text)


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("spending", "state = 'USA' and year = 2017 and series = 'nato'"),
        ("scrambles", "year >= 2014 and year <= 2016"),
        ("scrambles", "year = 2014"),
        ("groups", "group = 'nato' and from <= 1999 and to is unknown"),
        ("polls", "support_pct + oppose_pct > 90 and ref_date >= 2015"),
        ("deployments", "not (troops_high >= 1000 or basing = 'planned')"),
        ("encounters", "has(actor_b_states, 'USA')"),
    ],
)
def test_other_tables_too(table: str, text: str) -> None:
    if text.startswith("has(") and not RECORD.spec(table).has("actor_b_states"):
        text = "kind = 'interception'"
    assert in_memory(table, text) == in_database(table, text)


@given(st.sampled_from(["a = 1", "a = 1 and b = 2", "a = 1 or b = 2", "not a = 1", "not (a = 1 or b > 2)"]),
       st.sampled_from([None, 1, 2, 3]), st.sampled_from([None, 1, 2, 3]))  # fmt: skip
def test_unknown_follows_kleenes_logic(text: str, a: Any, b: Any) -> None:
    """The answer is what all values an unknown cell can have agree on."""
    worlds = [{"a": x, "b": y} for x in ([a] if a else [1, 2, 3]) for y in ([b] if b else [1, 2, 3])]
    test = condition(text, frozenset())
    answers = {test(world) for world in worlds}
    found = test({"a": a, "b": b})
    assert found is None or {found} == answers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a", "this is a value"),
        ("a + 1", "this is a value"),
        ("missing = 1", "no column 'missing'"),
        ("a = 'text'", "compared with a text"),
        ("t + 1 = 2", "only numbers"),
        ("has(a, b)", "takes a column and a value"),
        ("d = 'soon'", "is not a date"),
        ("(a = 1) = 2", "a condition stands where"),
    ],
)
def test_what_means_nothing_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        condition(text, frozenset(["d"]), "take.where")({"a": 1, "b": 2, "t": "x", "d": "2016"})
    assert "take.where, column" in str(refused.value)
