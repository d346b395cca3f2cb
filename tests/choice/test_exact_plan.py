"""The adaptive problem, exactly: a known type, no action but one, and knowledge that is worth nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.choice.adaptive import adaptive
from dualtrack.choice.constant import by_type
from dualtrack.choice.package import PACKAGES, Package
from dualtrack.choice.parameters import COLUMN
from dualtrack.choice.planar import solve
from dualtrack.choice.verification.exact_plan import exact_problem
from dualtrack.choice.verification.known_type import known_type
from dualtrack.choice.verification.nominal import nominal
from dualtrack.choice.verification.v11_plain_twin import worlds

FOUR = [Package(0.0, 0.0, 0.0, 0.0), Package(2 / 3, 0.0, 1.0, 1.0), Package(0.0, 1.0, 1.0, 1.0), PACKAGES[-1]]
START = 9


def impatient(**changed: float) -> np.ndarray:
    return nominal(gR=0.0, gamma=0.8, **changed)


def test_a_known_type_is_worth_what_policy_iteration_finds() -> None:
    solution = solve(exact_problem(impatient(), FOUR), tolerance=0.05)
    for greedy in (False, True):
        expected = known_type(impatient(), greedy, FOUR)
        got = solution.value(START, float(greedy))
        assert got - 1e-9 <= expected <= got + solution.gap + 1e-9


@settings(max_examples=6)
@given(st.sampled_from(PACKAGES))
def test_one_package_alone_is_worth_what_the_constant_solver_finds(package: Package) -> None:
    solution = solve(exact_problem(impatient(), [package]), tolerance=1e-6)
    expected = by_type(impatient()[None], package)[0, :, 0]
    for belief in (0.0, 0.3, 1.0):
        assert solution.value(START, belief) == pytest.approx(
            (1 - belief) * expected[0] + belief * expected[1], abs=2e-6
        )


def test_of_types_that_are_the_same_nothing_can_be_learnt() -> None:
    same = impatient(V_S=1.2, g_S=0.4, y_S=0.1, pre=1.0)
    solution = solve(exact_problem(same, FOUR), tolerance=0.05)
    values = [solution.value(START, belief) for belief in (0.1, 0.5, 0.9)]
    assert max(values) - min(values) <= solution.gap
    assert known_type(same, False, FOUR) == pytest.approx(known_type(same, True, FOUR), rel=1e-12)


def test_a_choice_is_worth_no_less_than_any_one_package() -> None:
    solution = solve(exact_problem(impatient(), FOUR), tolerance=0.05)
    for package in FOUR:
        of_type = by_type(impatient()[None], package)[0, :, 0]
        for belief in (0.1, 0.5, 0.9):
            assert solution.value(START, belief) >= (1 - belief) * of_type[0] + belief * of_type[1] - 1e-9


@settings(max_examples=4)
@given(st.integers(0, 2**32 - 1))
def test_the_bounds_of_the_belief_grid_hold_the_exact_value(seed: int) -> None:
    """Two solvers that share only the formulas: the intervals they certify must overlap at every belief."""
    [world] = worlds(1, seed)
    world[COLUMN["gR"]], world[COLUMN["gamma"]] = 0.0, 0.8
    exact = solve(exact_problem(world, FOUR), tolerance=0.03)
    bounded = adaptive(world, FOUR, tolerance=1e-4, engine="compiled")
    for belief in (0.0, 0.02, 0.2, 0.5, 0.8, 0.98, 1.0):
        lower, upper = bounded.bounds(belief)
        value = exact.value(START, belief)
        assert value <= upper + 1e-9
        assert lower <= value + exact.gap + 1e-9
