"""Conditions over columns: against every point of the intervals, and messages that name the place."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.errors import BadInput
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.columns import Codes, Column, Numbers
from dualtrack.instruments.formula import compile_formula

WORDS = {"a": "number", "b": "number", "level": "number", "kind": ("snap", "scheduled"), "before": "answer"}


def one(low: float, high: float) -> Numbers:
    return Numbers(np.array([float(low)]), np.array([float(high)]))


def ask(text: str, columns: dict[str, Column], **levels: float) -> Ternary:
    return compile_formula(text, WORDS, "rule.yml")(columns, levels).at(0)  # type: ignore[arg-type]


bounds = st.tuples(st.integers(-4, 4), st.integers(0, 3)).map(lambda p: (p[0], p[0] + p[1]))
OPERATORS = {
    ">=": lambda x, y: x >= y, ">": lambda x, y: x > y, "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y, "=": lambda x, y: x == y, "!=": lambda x, y: x != y,
}  # fmt: skip


@given(a=bounds, b=bounds, operator=st.sampled_from(sorted(OPERATORS)))
def test_a_comparison_is_unknown_exactly_where_both_answers_are_possible(a: Any, b: Any, operator: str) -> None:
    truths = {OPERATORS[operator](x, y) for x in range(a[0], a[1] + 1) for y in range(b[0], b[1] + 1)}
    wanted = Ternary.UNKNOWN if len(truths) == 2 else Ternary.YES if True in truths else Ternary.NO
    assert ask(f"a {operator} b", {"a": one(*a), "b": one(*b)}) is wanted


@given(a=bounds, b=bounds, operator=st.sampled_from("+-*"), level=st.integers(-20, 20))
def test_arithmetic_holds_every_value_the_figures_can_have(a: Any, b: Any, operator: str, level: int) -> None:
    values = [
        {"+": x + y, "-": x - y, "*": x * y}[operator] for x in range(a[0], a[1] + 1) for y in range(b[0], b[1] + 1)
    ]
    found = ask(f"a {operator} b >= level", {"a": one(*a), "b": one(*b)}, level=level)
    if min(values) >= level:
        assert found is Ternary.YES
    elif max(values) < level:
        assert found is Ternary.NO
    else:
        assert found is Ternary.UNKNOWN


def test_a_quotient_by_what_may_be_zero_is_unknown() -> None:
    assert ask("a / b >= 1", {"a": one(5, 5), "b": one(0, 1)}) is Ternary.UNKNOWN
    assert ask("a / b >= 1", {"a": one(5, 6), "b": one(2, 5)}) is Ternary.YES
    assert ask("a / b >= 1", {"a": one(0, 0), "b": one(1, np.inf)}) is Ternary.NO


def test_what_is_not_known() -> None:
    columns: dict[str, Column] = {"kind": Codes.of([None], ("snap", "scheduled")), "a": one(1, np.inf)}
    assert ask("kind = 'snap'", columns) is Ternary.UNKNOWN
    assert ask("kind != 'snap'", columns) is Ternary.UNKNOWN
    assert ask("kind is known", columns) is Ternary.NO
    assert ask("kind is unknown", columns) is Ternary.YES
    assert ask("a is known", columns) is Ternary.NO
    assert ask("a >= 1", columns) is Ternary.YES


def test_codes() -> None:
    columns: dict[str, Column] = {"kind": Codes.of(["snap"], ("snap", "scheduled"))}
    assert ask("kind = 'snap'", columns) is Ternary.YES
    assert ask("kind in ('scheduled')", columns) is Ternary.NO
    assert ask("not kind in ('scheduled', 'snap')", columns) is Ternary.NO


@given(
    st.lists(st.tuples(bounds, bounds), min_size=1, max_size=8), st.lists(st.integers(-5, 5), min_size=1, max_size=5)
)
def test_rows_and_variants_in_one_pass_are_each_alone(rows: list[Any], levels: list[int]) -> None:
    formula = compile_formula("a >= level or (b < level and a is known)", WORDS, "rule.yml")  # type: ignore[arg-type]
    a, b = (np.array([row[k] for row in rows], float) for k in (0, 1))
    columns = {"a": Numbers(a[:, 0], a[:, 1]), "b": Numbers(b[:, 0], b[:, 1])}
    together = formula(columns, {"level": np.array(levels, float)[:, None]})
    for v, level in enumerate(levels):
        for r, (own_a, own_b) in enumerate(rows):
            alone = formula({"a": one(*own_a), "b": one(*own_b)}, {"level": float(level)})
            assert together.at(v, r) is alone.at(0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("troop >= 5", "'troop' is nothing a rule can ask about"),
        ("a", "this is a value"),
        ("a + b", "this is a value"),
        ("kind >= 5", "kind is no figure"),
        ("kind = 'snapp'", "'snapp' is no word of kind"),
        ("kind = 5", "words in quotes"),
        ("a in (1, 2)", "only a code"),
        ("a >= 'x'", "a figure is needed"),
        ("has(kind, 'RUS')", "a rule names no states"),
        ("(a >= 1) + b >= 2", "a condition stands where a figure is needed"),
        ("a >= 1 and", "expected a value"),
        ("__import__('os')", "was not expected"),
        ("a >= 1 ; b", "cannot stand here"),
    ],
)
def test_a_wrong_condition_names_file_and_column(text: str, said: str) -> None:
    with pytest.raises(BadInput) as error:
        compile_formula(text, WORDS, "my/rule.yml:7, condition")  # type: ignore[arg-type]
    assert "my/rule.yml:7, condition, column " in str(error.value)
    assert said in str(error.value)
    assert error.value.fix


@given(st.text(max_size=60) | st.text("ab level kind'snap()<>=!+-*/.0123456789andornot", max_size=60))
def test_any_text_is_a_condition_or_a_message(text: str) -> None:
    try:
        formula = compile_formula(text, WORDS, "rule.yml")  # type: ignore[arg-type]
    except BadInput as error:
        assert "rule.yml" in str(error)
    else:
        assert formula.names <= set(WORDS)
