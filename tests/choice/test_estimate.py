"""Standard errors against what happens when the sample is drawn again."""

import numpy as np
import pytest

from dualtrack.choice.estimate import mean_of, share_of


def test_errors_are_those_of_samples_drawn_again() -> None:
    rng = np.random.default_rng(1)
    drawn = rng.exponential(3, (400, 500))
    means, shares = [mean_of(own) for own in drawn], [share_of(own > 6) for own in drawn]
    for found in (means, shares):
        apart = np.std([one.value for one in found], ddof=1)
        assert np.mean([one.error for one in found]) == pytest.approx(apart, rel=0.12)


def test_a_share_of_none_or_all_is_not_without_error() -> None:
    none, all_ = share_of(np.zeros(50, dtype=bool)), share_of(np.ones(50, dtype=bool))
    assert none.value == 0 and all_.value == 1
    assert none.error == pytest.approx(all_.error) and none.error > 0.01
    assert not none.sure and all_.sure


def test_one_world_has_no_mean_to_trust_and_none_has_no_figure() -> None:
    assert mean_of(np.array([3.0])).error == np.inf and not mean_of(np.array([3.0])).sure
    for figure in (mean_of, share_of):
        with pytest.raises(ValueError, match="at least one world"):
            figure(np.array([]))
