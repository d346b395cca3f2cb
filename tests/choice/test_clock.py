"""Quarters of calm, against Bayes' rule step by step."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dualtrack.choice.clock import calm_quarters
from dualtrack.core.errors import BadInput

inside = st.floats(0.02, 0.98)


@given(inside, inside, inside, inside)
def test_bayes_rule_needs_as_many_quarters(before: float, after: float, calm_s: float, calm_g: float) -> None:
    quarters = float(calm_quarters(before, after, calm_s, calm_g))
    if quarters == math.inf:
        assert (after < before) != (calm_s > calm_g) or calm_s == calm_g
        return
    assume(quarters < 500 and abs(quarters - round(quarters)) > 1e-6)
    belief = before
    for passed in range(math.ceil(quarters)):
        assert (belief > after) == (before > after), passed
        belief = belief * calm_g / (belief * calm_g + (1 - belief) * calm_s)
    assert before == after or (belief > after) != (before > after)


def test_nothing_to_move_takes_no_time() -> None:
    assert float(calm_quarters(0.3, 0.3, 0.9, 0.7)) == 0.0


def test_certainty_is_refused() -> None:
    with pytest.raises(BadInput, match="strictly between"):
        calm_quarters(1.0, 0.2, 0.9, 0.7)
