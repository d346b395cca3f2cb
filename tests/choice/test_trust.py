"""The trust that cooperation needs and the reassurance that separates, against the payoffs they come from."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dualtrack.choice.trust import separating_reassurance, trust_threshold
from dualtrack.core.errors import BadInput

payoffs = st.floats(-10, 10)
positive = st.floats(0.01, 10)


@given(payoffs, payoffs, positive, positive)
def test_at_the_threshold_both_moves_pay_the_same(temptation: float, sucker: float, more: float, better: float) -> None:
    reward, punishment = temptation + more, sucker + better
    q = float(trust_threshold(reward, temptation, sucker, punishment))
    assert 0 < q < 1
    scale = max(map(abs, (reward, temptation, sucker, punishment)))
    gain = q * reward + (1 - q) * sucker - q * temptation - (1 - q) * punishment
    assert gain == pytest.approx(0, abs=1e-12 * (1 + scale))
    more_trust = float(trust_threshold(reward + 1, temptation, sucker, punishment))
    assert more_trust < q  # cooperation worth more needs less trust


@given(positive, positive, positive, positive, st.floats(0, 20))
def test_inside_the_range_only_a_security_seeker_reassures(
    gain_s: float, gain_g: float, cost_s: float, cost_g: float, size: float
) -> None:
    least, most = (float(end) for end in separating_reassurance(gain_s, gain_g, cost_s, cost_g))
    assume(min(abs(size - least), abs(size - most)) > 1e-9)
    separates = gain_s - cost_s * size > 0 > gain_g - cost_g * size
    assert separates == (least < size < most)


def test_what_is_no_assurance_game_is_refused() -> None:
    with pytest.raises(BadInput, match="no assurance game"):
        trust_threshold(2, 3, 0, 1)
    with pytest.raises(BadInput, match="tells nothing"):
        separating_reassurance(1, 1, 0, 1)
