"""Criteria against worlds small enough to work out by hand, and what must hold for any values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dualtrack.choice.robustness import criteria

VALUES = arrays(
    np.float64, st.tuples(st.integers(16, 60), st.integers(2, 4)), elements=st.integers(-999, 999).map(float)
)
NAMES = ["a", "b", "c", "d"]


def test_milnor_s_table_is_decided_differently_by_each() -> None:
    """Milnor 1954, Games against nature: Laplace takes the first act, Wald the second, Hurwicz with optimism above a
    quarter the third, Savage the fourth."""
    table = np.array([[2, 2, 0, 1], [1, 1, 1, 1], [0, 4, 0, 0], [1, 3, 0, 0]], dtype=float).T
    found = {one.name: one for one in criteria(np.tile(table, (16, 1)), NAMES, optimism=0.9)}
    assert {name: found[name].leaders for name in ("Laplace", "Wald", "Hurwicz", "Savage")} == {
        "Laplace": ("a",), "Wald": ("b",), "Hurwicz": ("c",), "Savage": ("d",)
    }  # fmt: skip
    assert found["Savage"].scores == (-2, -3, -2, -1)
    assert found["Laplace"].scores == (1.25, 1, 1, 1)


@given(VALUES, st.floats(0.1, 10), st.floats(-100, 100))
def test_scale_and_shift_change_no_leader_of_extremes(values: np.ndarray, scale: float, shift: float) -> None:
    names = NAMES[: values.shape[1]]
    before, after = criteria(values, names), criteria(values * 4 - 8, names)  # exact in binary
    assert [one.leaders for one in before] == [one.leaders for one in after]
    wald = criteria(values * scale + shift, names)[4]
    np.testing.assert_allclose(wald.scores, np.array(before[4].scores) * scale + shift, atol=1e-6)


@given(VALUES)
def test_hurwicz_without_optimism_is_wald_and_starr_s_domains_are_a_whole(values: np.ndarray) -> None:
    found = {one.name: one for one in criteria(values, NAMES[: values.shape[1]], optimism=0)}
    assert found["Hurwicz"].scores == found["Wald"].scores and found["Hurwicz"].leaders == found["Wald"].leaders
    assert sum(found["Starr"].scores) == pytest.approx(1)
    assert all(one.leaders for one in found.values())
    assert (np.array(found["Savage"].scores) <= 0).all()


def test_a_leader_that_one_world_makes_is_not_told() -> None:
    values = np.random.default_rng(4).normal(0, 1, (800, 2))
    values[17, 1] = -50
    wald = criteria(values, ["a", "b"])[4]
    assert wald.leaders == ("a", "b") and wald.agreeing is not None and wald.agreeing < 8
    steady = criteria(values - [0, 100], ["a", "b"])[4]
    assert steady.leaders == ("a",) and steady.agreeing == steady.blocks == 8


def test_a_gap_between_bounds_hides_what_lies_within_it() -> None:
    values = np.stack([np.linspace(0, 1, 64), np.linspace(0, 1, 64) + 0.1], axis=1)
    assert [one.leaders for one in criteria(values, ["a", "b"])] == [("b",)] * 5
    assert [one.leaders for one in criteria(values, ["a", "b"], gap=0.2)] == [("a", "b")] * 5


def test_optimism_has_limits() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        criteria(np.zeros((9, 2)), ["a", "b"], optimism=1.5)
