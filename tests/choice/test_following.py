"""Values of given rules: simulated paths, constant rules, and the best adaptive package lie where the bounds say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.choice.adaptive import adaptive
from dualtrack.choice.beliefs import updated
from dualtrack.choice.decision import NEARBY, START_STATE, Decision
from dualtrack.choice.following import Rule, evaluate_policy
from dualtrack.choice.information import constants
from dualtrack.choice.package import PACKAGES
from dualtrack.choice.verification.nominal import nominal
from dualtrack.core.errors import BadInput

SOME = (PACKAGES[2], PACKAGES[23], PACKAGES[35])


def drawn(rng: np.random.Generator, shares: np.ndarray) -> np.ndarray:
    """A column for each row of probabilities."""
    return (rng.random((len(shares), 1)) > np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1)


def simulated(decision: Decision, rule: Rule, paths: int, quarters: int) -> np.ndarray:
    """The discounted payoff along paths that are drawn, each with its own type."""
    rng = np.random.default_rng(11)
    kind = (rng.random(paths) < decision.belief).astype(int)
    belief, state, total = np.full(paths, decision.belief), np.full(paths, START_STATE), np.zeros(paths)
    for quarter in range(quarters):
        a = rule.chosen[state, np.searchsorted(rule.edges, belief, side="right")]
        g, h = decision.signal[a], decision.move[a]
        total += decision.discount**quarter * decision.rewards[a, kind, state]
        o = drawn(rng, decision.signals[g, kind, state])
        belief = updated(belief, decision.signals[g, 1, state, o], decision.signals[g, 0, state, o])
        state = NEARBY[state, drawn(rng, decision.moves[h, o // 2, state])]
    return total


@pytest.mark.parametrize("threshold", [0.2, 0.6])
def test_simulated_paths_average_between_the_bounds(threshold: float) -> None:
    rule = Rule.threshold(threshold, 1, 2)
    found = evaluate_policy(nominal(gamma=0.9), SOME, rule, tolerance=1e-2, engine="compiled")
    paths = simulated(found.decision, rule, 20_000, 120)
    error = paths.std() / np.sqrt(len(paths))
    lower, upper = found.value
    assert found.settled and found.gap <= 1e-2
    assert lower - 4 * error <= paths.mean() <= upper + 4 * error
    assert error < 0.02 * abs(lower)


@settings(max_examples=5, deadline=None)
@given(st.floats(0.05, 0.95), st.integers(0, 2))
def test_a_rule_that_never_changes_is_a_constant_package(threshold: float, a: int) -> None:
    found = evaluate_policy(
        nominal(), SOME, Rule.threshold(threshold, a, a), tolerance=1e-5, cells=(16,), engine="compiled"
    )
    seeking, greedy = constants(found.decision)[a, :, START_STATE]
    beliefs = np.array([0.0, 1e-6, 0.3, 0.9, 1.0])
    lower, upper = found.bounds(beliefs)
    exact = (1 - beliefs) * seeking + beliefs * greedy
    assert (lower <= exact).all() and (exact <= upper).all() and (upper - lower <= 1e-5 * np.abs(exact)).all()


def test_no_rule_beats_the_best_and_finer_cells_tell_more() -> None:
    best = adaptive(nominal(), SOME, engine="compiled").value
    rule = Rule.threshold(0.2, 0, 2)
    rough, fine = (evaluate_policy(nominal(), SOME, rule, cells=(n,), engine="compiled") for n in (32, 128))
    assert rough.value.lower <= fine.value.lower <= fine.value.upper <= rough.value.upper
    assert fine.value.lower <= best.upper


def test_the_best_package_written_as_a_rule_is_worth_about_its_value() -> None:
    best = adaptive(nominal(), SOME, engine="compiled")
    found = evaluate_policy(nominal(), SOME, Rule.of(best), tolerance=0.02, engine="compiled")
    assert found.value.lower <= best.value.upper and found.value.upper >= best.value.lower - 0.02


def test_an_edge_belongs_to_what_lies_above_it() -> None:
    world = nominal(b0=0.3)
    edge = evaluate_policy(world, SOME, Rule.threshold(0.3, 0, 2), cells=(64,), engine="compiled")
    inside = evaluate_policy(nominal(b0=0.3 + 1e-9), SOME, Rule.threshold(0.3, 0, 2), cells=(64,), engine="compiled")
    assert np.allclose(edge.value, inside.value, atol=1e-6)


def test_engines_agree() -> None:
    rule = Rule.threshold(0.4, 1, 2)
    slow, fast = (evaluate_policy(nominal(), SOME, rule, cells=(32,), engine=e) for e in ("numpy", "compiled"))
    assert slow.lower.tobytes() == fast.lower.tobytes() and slow.upper.tobytes() == fast.upper.tobytes()


def test_rules_that_make_no_sense_are_refused() -> None:
    with pytest.raises(BadInput, match="ascend"):
        Rule(np.array([0.4, 0.2]), np.zeros((20, 3), dtype=int))
    with pytest.raises(BadInput, match="names packages"):
        Rule(np.array([0.4]), np.zeros((20, 3), dtype=int))
    with pytest.raises(BadInput, match="beyond the 3"):
        evaluate_policy(nominal(), SOME, Rule.threshold(0.5, 0, 3))
