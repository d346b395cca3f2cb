"""What adapting, knowing and reviewing are worth: targets, order, and limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.choice.constant import by_type
from dualtrack.choice.decision import START_STATE, decisions
from dualtrack.choice.information import constants, information, review
from dualtrack.choice.package import PACKAGES
from dualtrack.choice.verification.nominal import nominal
from dualtrack.core.errors import BadInput

SOME = (PACKAGES[0], PACKAGES[10], PACKAGES[22], PACKAGES[34], PACKAGES[47])


def test_knowing_the_type_in_the_nominal_world() -> None:
    found = information(nominal(), engine="compiled")
    assert found.knowing.lower <= 0.298 + 1e-3 and found.knowing.upper >= 0.298 - 1e-3
    assert found.knowing.upper - found.knowing.lower < 0.01
    assert found.adaptivity.lower > 0


def test_constant_packages_are_those_of_the_exact_solver() -> None:
    world = nominal(gR=0.0)
    [decision] = decisions(world[None], SOME)
    found = constants(decision)[:, :, START_STATE]
    expected = np.array([by_type(world[None], package)[0, :, 0] for package in SOME])
    assert np.allclose(found, expected, rtol=1e-11)


@settings(max_examples=4, deadline=None)
@given(st.floats(0.3, 0.7), st.floats(0.8, 1.6))
def test_more_freedom_is_worth_no_less(belief: float, gain: float) -> None:
    world = nominal(b0=belief, V_G=gain)
    free = information(world, SOME, engine="compiled")
    once = review(world, 4, SOME, engine="compiled")
    assert -1e-12 <= once.clause.lower <= once.clause.upper
    assert free.constant <= once.value.upper and once.value.lower <= free.solution.value.upper
    assert once.clause.lower <= free.adaptivity.upper


def test_where_nothing_can_be_learned_a_known_type_needs_no_review() -> None:
    for belief in (0.0, 1.0):
        found = information(nominal(b0=belief), SOME, engine="compiled")
        assert found.knowing.upper < 1e-3 * abs(found.constant) and found.knowing.lower == 0


def test_a_late_review_is_worth_nothing() -> None:
    soon, late = (review(nominal(), after, SOME, grids=(17,), engine="compiled") for after in (4, 250))
    assert late.clause.upper < 1e-2 < soon.clause.upper


def test_a_review_needs_a_quarter() -> None:
    with pytest.raises(BadInput, match="is none"):
        review(nominal(), 0)
