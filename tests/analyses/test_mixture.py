"""Mixtures of normal distributions, against the standard library and against drawing from them."""

from statistics import NormalDist

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.analyses.mixture import Mixture, below_standard


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=50))
def test_the_distribution_function_is_that_of_the_standard_library(points: list[float]) -> None:
    expected = [NormalDist().cdf(point) for point in points]
    assert np.allclose(below_standard(np.array(points)), expected, atol=1e-7)


@given(st.floats(-5, 5), st.floats(0.01, 9), st.floats(0.01, 0.99))
def test_one_component_is_a_normal_distribution(mean: float, variance: float, share: float) -> None:
    one = Mixture(np.ones(1), np.full((1, 1), mean), np.full((1, 1), variance))
    assert np.isclose(one.quantile(share)[0], NormalDist(mean, variance**0.5).inv_cdf(share), atol=1e-4 * variance**0.5)


@given(st.integers(0, 1000), st.floats(0.02, 0.98))
def test_quantiles_and_chances_are_inverse(seed: int, share: float) -> None:
    draw = np.random.default_rng(seed)
    weights = draw.random(5)
    mixed = Mixture(weights / weights.sum(), draw.normal(size=(5, 3)), draw.random((5, 3)) + 0.1)
    assert np.allclose(mixed.below(mixed.quantile(share)), share, atol=1e-6)


def test_mean_variance_and_quantile_are_those_of_what_is_drawn() -> None:
    draw = np.random.default_rng(1)
    weights, means, variances = np.array([0.2, 0.5, 0.3]), np.array([-2.0, 0.0, 3.0]), np.array([1.0, 0.25, 4.0])
    which = draw.choice(3, size=400_000, p=weights)
    drawn = means[which] + np.sqrt(variances[which]) * draw.normal(size=which.size)
    mixed = Mixture(weights, means[:, None], variances[:, None])
    assert np.isclose(mixed.mean[0], drawn.mean(), atol=0.02)
    assert np.isclose(mixed.variance[0], drawn.var(), rtol=0.01)
    assert np.isclose(mixed.quantile(0.9)[0], np.quantile(drawn, 0.9), atol=0.03)
