"""Where a leader changes over many worlds: against toy models whose answer is known, and noise that has none."""

import numpy as np
import pytest
from scipy.stats import norm

from dualtrack.choice.parameters import COLUMN, NAMES
from dualtrack.choice.turning import By, Turning, turnings

X, Y = COLUMN["trip"], COLUMN["V_G"]


def worlds(n: int = 8000, seed: int = 1) -> np.ndarray:
    drawn = np.full((n, len(NAMES)), 0.5)
    drawn[:, [X, Y]] = np.random.default_rng(seed).random((n, 2))
    return drawn


def told(drawn: np.ndarray, values: np.ndarray, by: By) -> dict[str, list[Turning]]:
    found = turnings(drawn, values, ["a", "b", "c"][: values.shape[1]], by)
    return {name: [one for one in found if one.parameter == name] for name in {one.parameter for one in found}}


@pytest.mark.parametrize("by", ["best", "regret"])
def test_a_planted_flip_is_found_and_one_parameter_has_none(by: By) -> None:
    drawn = worlds()
    noise = np.random.default_rng(2).normal(0, 0.3, 8000)
    found = told(drawn, np.stack([np.zeros(8000), drawn[:, X] - 0.7 + noise], axis=1), by)
    [flip] = found["trip"]
    assert (flip.flips, flip.before, flip.after) == ("yes", "a", "b")
    assert flip.value == pytest.approx(0.7, abs=0.03)
    assert flip.between is not None and flip.between[0] < 0.7 < flip.between[1]
    [other] = found["V_G"]
    assert other.value is None and other.after is None and other.flips in ("no", "unknown")
    assert set(found) == {"trip", "V_G"}, "what all worlds share turns nothing"


def test_most_often_best_and_mean_regret_turn_where_each_is_level() -> None:
    """b gains 1 with the chance x, else loses 2: the best more often above 1/2, with less regret above 2/3."""
    drawn = worlds(40_000)
    wins = np.random.default_rng(3).random(40_000) < drawn[:, X]
    values = np.stack([np.zeros(40_000), np.where(wins, 1.0, -2.0)], axis=1)
    for by, level in (("best", 1 / 2), ("regret", 2 / 3)):
        [flip] = told(drawn, values, by)["trip"]  # type: ignore[arg-type]
        assert flip.value == pytest.approx(level, abs=0.02), by


def test_a_leader_in_the_middle_turns_on_either_side() -> None:
    drawn = worlds()
    x = drawn[:, X]
    noise = np.random.default_rng(5).normal(0, 0.05, (8000, 3))
    values = np.stack([0.3 - np.abs(x - 0.5), 0.2 - x, x - 0.8], axis=1) + noise
    low, high = told(drawn, values, "regret")["trip"]
    assert (low.after, high.after) == ("b", "c")
    assert low.value == pytest.approx(0.2, abs=0.04) and high.value == pytest.approx(0.8, abs=0.04)


def test_no_is_said_only_where_the_first_is_surely_ahead_throughout() -> None:
    drawn = worlds()
    sure = np.stack([np.ones(8000), drawn[:, X] * 0.5], axis=1)
    assert told(drawn, sure, "regret")["trip"][0].flips == "no"
    rng = np.random.default_rng(7)
    level = rng.normal(0, 1, (8000, 2))
    assert {one.flips for own in told(drawn, level, "regret").values() for one in own} == {"unknown"}


def test_noise_turns_nothing_more_often_than_it_may() -> None:
    """A leader by a little and noise: over 200 samples a false change within the five percent allowed, or by chance."""
    false = 0
    for seed in range(200):
        drawn = worlds(960, seed)
        values = np.random.default_rng(1000 + seed).normal([0.05, 0], 1, (960, 2))
        false += any(one.flips == "yes" for one in turnings(drawn, values, ["a", "b"]))
    assert false / 200 <= 0.05 + norm.ppf(0.999) * np.sqrt(0.05 * 0.95 / 200)


def test_too_few_worlds_are_refused() -> None:
    with pytest.raises(ValueError, match="480 worlds"):
        turnings(worlds(100), np.zeros((100, 2)), ["a", "b"])
    with pytest.raises(ValueError, match="single"):
        turnings(worlds(1000), np.zeros((1000, 1)), ["a"])
