"""Three-valued answers: unknown is not no."""

import json

from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.ternary import Ternary, at_least


@given(st.integers(-20, 20), st.integers(0, 10), st.integers(-20, 30))
def test_a_level_is_reached_by_all_none_or_some_of_the_range(low: int, width: int, threshold: int) -> None:
    reached = {figure >= threshold for figure in range(low, low + width + 1)}
    expected = {frozenset([True]): "yes", frozenset([False]): "no"}.get(frozenset(reached), "unknown")
    assert at_least(low, low + width, threshold) == expected


def test_levels_are_inclusive() -> None:
    assert at_least(2.0, 2.0, 2.0) is Ternary.YES
    assert at_least(1.99, 1.99, 2.0) is Ternary.NO
    assert at_least(1.99, 2.0, 2.0) is Ternary.UNKNOWN


def test_the_words_are_these_in_every_output() -> None:
    assert json.dumps(list(Ternary)) == '["yes", "no", "unknown"]'
