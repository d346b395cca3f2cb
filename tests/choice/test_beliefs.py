"""Beliefs: the grid, interpolation on it, and Bayes' rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.choice.beliefs import GRIDS, REACH, grid, updated
from dualtrack.core.errors import BadInput

chances = st.floats(0, 1)


@pytest.mark.parametrize("size", GRIDS)
def test_the_grid_is_even_in_log_odds_between_its_ends(size: int) -> None:
    points = grid(size)
    assert len(points) == size and points.beliefs[0] == 0 and points.beliefs[-1] == 1
    inner = np.log(points.beliefs[1:-1] / (1 - points.beliefs[1:-1]))
    assert np.allclose(np.diff(inner), points.step) and np.allclose(inner[[0, -1]], [-REACH, REACH])
    assert np.allclose(points.beliefs + points.beliefs[::-1], 1)  # neither type is favoured


@given(st.sampled_from(GRIDS), st.lists(chances, min_size=1, max_size=5))
def test_weights_give_back_the_belief(size: int, wanted: list[float]) -> None:
    points = grid(size)
    below, weight = points.weights(np.array(wanted))
    assert ((weight >= 0) & (weight <= 1)).all()
    back = points.beliefs[below] * (1 - weight) + points.beliefs[below + 1] * weight
    assert np.allclose(back, wanted, atol=1e-15)


@given(chances, st.lists(st.tuples(chances, chances), min_size=1, max_size=6))
def test_beliefs_are_right_on_average(belief: float, pairs: list[tuple[float, float]]) -> None:
    raw = np.array(pairs) + 1e-3
    greedy, seeking = (raw / raw.sum(axis=0)).T
    chance = belief * greedy + (1 - belief) * seeking
    after = updated(np.array(belief), greedy, seeking)
    assert np.isclose((chance * after).sum(), belief, atol=1e-14)


def test_what_cannot_be_observed_leaves_the_belief() -> None:
    assert updated(np.array([0.0, 0.3, 1.0]), np.array([1.0, 0.0, 0.0]), np.zeros(3)).tolist() == [0.0, 0.3, 1.0]


def test_what_is_no_belief_or_no_grid_is_refused() -> None:
    with pytest.raises(BadInput, match="between 0 and 1"):
        grid(17).weights(np.array([0.2, 1.1]))
    with pytest.raises(BadInput, match="too small"):
        grid(4)
