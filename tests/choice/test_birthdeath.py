"""Where support settles, against the transition matrix."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dualtrack.choice.birthdeath import stationary
from dualtrack.core.errors import BadInput

chances = st.floats(0, 0.45)


@given(chances, chances, st.integers(1, 8))
def test_the_shares_do_not_change_with_a_step(up: float, down: float, levels: int) -> None:
    assume(up + down > 0)
    shares = stationary(up, down, levels)
    step = np.zeros((levels, levels))
    for level in range(levels):
        if level + 1 < levels:
            step[level, level + 1] = up
        if level > 0:
            step[level, level - 1] = down
        step[level, level] = 1 - step[level].sum()
    assert np.allclose(shares @ step, shares, atol=1e-14)
    assert shares.sum() == pytest.approx(1) and (shares >= 0).all()


def test_all_chains_of_an_array_at_once() -> None:
    assert stationary([[0.1, 0.2]], [[0.3], [0.0]], 5).shape == (2, 2, 5)
    assert stationary(0.2, 0.0, 5).tolist() == [0, 0, 0, 0, 1]
    assert stationary(0.0, 0.2, 5).tolist() == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(("up", "down"), [(0.0, 0.0), (-0.1, 0.2)])
def test_support_that_never_moves_is_refused(up: float, down: float) -> None:
    with pytest.raises(BadInput, match="never moves"):
        stationary(up, down, 5)
