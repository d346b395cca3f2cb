"""Answers as numbers of levels, against the same answers as flags."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.instruments.columns import Numbers
from dualtrack.instruments.formula import compile_formula
from dualtrack.instruments.possibly import Possibly
from dualtrack.instruments.rising import Rising, levels_of
from dualtrack.instruments.steps import Steps, all_of, any_of, negated, spread

WORDS: Any = {"a": "number", "b": "number", "level": "number", "other": "number", "kind": ("snap", "scheduled")}
PARTS = ("a >= level", "b > other", "a < level", "b <= level", "a > 3", "level <= a", "a >= level + other")
bounds = st.tuples(st.integers(0, 8), st.integers(0, 3)).map(lambda p: (p[0], p[0] + p[1]))
levels = st.lists(st.integers(0, 9), min_size=4, max_size=4)


@settings(deadline=None)
@given(
    st.lists(st.tuples(bounds, bounds), min_size=1, max_size=5), st.booleans(), levels, levels.map(sorted),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=4), st.sampled_from([" and ", " or "]), st.booleans(),
)  # fmt: skip
def test_rising_levels_give_the_answers_of_any_levels(
    rows: list[Any], exact: bool, one: list[int], other: list[int], parts: list[str], word: str, negate: bool
) -> None:
    a, b = (np.array([row[k] for row in rows], np.float64).T.copy() for k in (0, 1))
    columns: Any = {"a": Numbers.exactly(a[0]) if exact else Numbers(*a), "b": Numbers(*b)}
    formula = compile_formula(f"not ({word.join(parts)})" if negate else word.join(parts), WORDS, "rule.yml")
    at = {name: np.array(values, np.float64)[:, None] for name, values in (("level", one), ("other", other))}
    flags = formula(columns, at)
    steps = formula(columns, {name: levels_of(values) for name, values in at.items()})
    assert np.array_equal(flags.yes, steps.yes) and np.array_equal(flags.no, steps.no)


@pytest.mark.parametrize(
    ("values", "rises"),
    [([[1], [2], [2]], True), ([[2], [1]], False), ([[1]], True), ([[1, 2]], False), (5, False)],
)
def test_levels_rise_where_none_is_lower_than_the_one_before(values: Any, rises: bool) -> None:
    assert isinstance(levels_of(np.array(values, np.float64)), Rising) is rises


def test_more_levels_than_a_byte_counts() -> None:
    many = levels_of(np.arange(300.0)[:, None])
    assert isinstance(many, Rising)
    found = many.reached(np.greater_equal, Numbers.exactly(np.array([-1.0, 0, 254, 255, 256, 299, 400])))
    assert found.can.tolist() == [0, 1, 255, 256, 257, 300, 300]
    joined = all_of([found, Possibly(np.array([True] * 7))])
    assert isinstance(joined, Steps) and joined.can.tolist() == found.can.tolist()


def test_numbers_stay_numbers_until_something_else_is_said() -> None:
    rising = levels_of(np.array([[1.0], [2.0]]))
    assert isinstance(rising, Rising)
    steps = rising.reached(np.greater_equal, Numbers.exactly(np.array([0.0, 1.0, 2.0])))
    assert isinstance(any_of([steps, Possibly(np.array([True, False, False]))]), Steps)
    assert isinstance(all_of([steps, spread(steps)]), Possibly)
    assert spread(steps).yes.tolist() == [[False, True, True], [False, False, True]]
    assert negated(steps).yes.tolist() == [[True, False, False], [True, True, False]]
