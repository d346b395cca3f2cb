"""Regret and ranking: what holds for any values, and that noise is not ranked."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dualtrack.choice.regret import ranking, regret, regrets
from dualtrack.choice.satisficing import domains, good_enough
from dualtrack.choice.scenario import Enough

VALUES = arrays(np.float64, st.tuples(st.integers(2, 30), st.integers(2, 5)), elements=st.floats(-1e3, 1e3))


@given(VALUES, st.floats(-100, 100), st.floats(0.1, 10))
def test_regret_is_zero_for_the_best_and_moves_as_values_do(values: np.ndarray, shift: float, scale: float) -> None:
    short = regrets(values)
    assert (short >= 0).all() and (short.min(axis=1) == 0).all()
    np.testing.assert_allclose(regrets(values * scale + shift), short * scale, atol=1e-6)
    order = np.random.default_rng(1).permutation(values.shape[1])
    np.testing.assert_array_equal(regrets(values[:, order]), short[:, order])


@given(VALUES)
def test_figures_are_those_of_the_definition(values: np.ndarray) -> None:
    names = [str(n) for n in range(values.shape[1])]
    for number, found in enumerate(regret(values, names)):
        own = regrets(values)[:, number]
        assert found.mean == own.mean() and found.most == own.max()
        assert found.mean <= found.most and found.ninetieth <= found.most
    assert abs(sum(found.best for found in regret(values, names)) - 1) < 1e-9


def test_noise_is_not_ranked_and_a_difference_is() -> None:
    rng = np.random.default_rng(3)
    common = rng.normal(0, 50, 400)
    values = np.stack([common + rng.normal(0, 1, 400), common + rng.normal(0, 1, 400), common - 1], axis=1)
    values[:, 1] += values[:, 0].mean() - values[:, 1].mean() + 0.01
    assert ranking(values, ["a", "b", "c"]) == [["a", "b"], ["c"]]
    assert ranking(values, ["a", "b", "c"], gap=5) == [["a", "b", "c"]]
    assert ranking(values[:1], ["a", "b", "c"]) == [["a", "b", "c"]], "one world ranks nothing"


def test_enough_is_kept_at_the_threshold() -> None:
    outcomes = np.zeros((3, 1, 6))
    outcomes[:, 0, 2] = [0.004, 0.005, 0.006]
    outcomes[:, 0, 5] = [0.5, 0.5, 0.9]
    both = {"lost": Enough(at_most=0.005), "support": Enough(at_least=0.5)}
    assert good_enough(outcomes, both)[:, 0].tolist() == [True, True, False]
    assert good_enough(outcomes, {}).all()


@given(VALUES)
def test_further_packages_only_add_regret(values: np.ndarray) -> None:
    own, further = values[:, :1], values[:, 1:]
    np.testing.assert_allclose(regrets(own, further), regrets(values)[:, :1])
    assert (regrets(own, further) >= regrets(own)).all()


def test_the_error_of_the_ninetieth_percentile_is_that_of_samples_drawn_again() -> None:
    rng = np.random.default_rng(9)
    found = [regret(np.stack([np.zeros(600), -rng.exponential(5, 600)], axis=1), ["a", "b"])[1] for _ in range(300)]
    apart = np.std([one.ninetieth for one in found], ddof=1)
    assert abs(np.mean([one.ninetieth_error for one in found]) / apart - 1) < 0.2
    few = regret(np.random.default_rng(1).random((20, 2)), ["a", "b"])
    assert few[0].ninetieth_error == np.inf, "two worlds beyond a percentile tell nothing of its error"


def test_domains_are_ranked_within_their_errors() -> None:
    rng = np.random.default_rng(2)
    outcomes = np.zeros((500, 3, 6))
    outcomes[:, :, 5] = rng.random((500, 3)) + np.array([0.5, 0.5, 0])
    found = domains(outcomes, {"support": Enough(at_least=0.8)}, ["a", "b", "c"])
    assert found.leaders == ("a", "b")
    for number, share in enumerate(found.shares):
        assert share.value == (outcomes[:, number, 5] >= 0.8).mean() <= found.any.value
