"""Adaptive packages: the verification targets, an exact solver as oracle, limits, and engines to the same bits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.choice.adaptive import Adaptive, adaptive, adaptives
from dualtrack.choice.constant import by_type
from dualtrack.choice.decision import NEARBY, SHOWN, START_STATE, Decision, decisions
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import PACKAGES
from dualtrack.choice.parameters import COLUMN
from dualtrack.choice.planar import Branch, Problem, solve
from dualtrack.choice.verification.nominal import nominal
from dualtrack.core.errors import BadInput

BELIEFS = np.linspace(0, 1, 41)
SOME = (PACKAGES[0], PACKAGES[22], PACKAGES[34], PACKAGES[47])


def around(seed: int, n: int, spread: float = 0.4) -> np.ndarray:
    """Worlds around the nominal one."""
    rng = np.random.default_rng(seed)
    drawn = nominal() * (1 + spread * rng.uniform(-1, 1, (n, 51)))
    drawn[:, COLUMN["gamma"]] = rng.uniform(0.94, 0.985, n)
    return drawn


def as_problem(decision: Decision) -> Problem:
    """The same decision for the exact solver: a branch for each thing shown and state next."""
    branches = []
    for x in range(20):
        of_state = []
        for g, h in zip(decision.signal, decision.move, strict=True):
            own = []
            for o in range(SHOWN):
                for k, y in enumerate(NEARBY[x]):
                    chance = decision.signals[g, :, x, o] * decision.moves[h, o // 2, x, k]
                    if chance.any():
                        own.append(Branch(int(y), np.diag(chance)))
            of_state.append(own)
        branches.append(of_state)
    return Problem(decision.rewards.transpose(2, 0, 1).copy(), branches, decision.discount)


def test_the_nominal_world_lies_within_the_targets() -> None:
    found = adaptive(nominal(), tolerance=0, engine="compiled")
    lower, upper = found.value
    assert len(found.points) == 257 and found.adversary == "myopic"
    assert -4.278060 <= lower <= upper <= -4.277657
    for belief, target in ((0.0, -2.245625), (1.0, -5.713219)):
        low, high = found.bounds(belief)
        assert abs(low - target) < 2e-6 and abs(high - target) < 2e-6 and high - low < 1e-6


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_exact_value_lies_between_the_bounds(seed: int) -> None:
    [world] = around(seed, 1)
    world[COLUMN["gamma"]] = 0.8  # a short horizon keeps the exact solver's chains short
    found = adaptive(world, SOME[:3], tolerance=0, grids=(17, 33), engine="compiled")
    exact = solve(as_problem(found.decision), tolerance=1e-3)
    for state in range(20):
        lower, upper = found.bounds(BELIEFS, state)
        values = np.array([exact.value(state, belief) for belief in BELIEFS])
        assert (lower <= values + exact.gap).all() and (values <= upper).all()
        assert (upper - lower).max() < 0.05 * np.abs(values).max()


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_bounds_are_ordered_and_get_closer(seed: int) -> None:
    [world] = around(seed, 1)
    rough = adaptive(world, SOME, tolerance=0, grids=(17,), engine="compiled")
    fine = adaptive(world, SOME, tolerance=0, grids=(17, 33), engine="compiled")
    for state in range(0, 20, 3):
        far, near = rough.bounds(BELIEFS, state), fine.bounds(BELIEFS, state)
        assert (near.lower <= near.upper).all() and (far.lower <= near.upper).all() and (near.lower <= far.upper).all()
    assert fine.gap < rough.gap and fine.widest < rough.widest


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_one_package_is_worth_what_it_is_worth_constant(seed: int) -> None:
    [world] = around(seed, 1)
    world[COLUMN["gR"]] = 0.0
    package = PACKAGES[seed % 48]
    found = adaptive(world, [package], tolerance=1e-6, engine="compiled")
    seeking, greedy = by_type(world[None], package)[0, :, OUTCOMES.index("value")]
    lower, upper = found.bounds(BELIEFS)
    exact = (1 - BELIEFS) * seeking + BELIEFS * greedy
    assert (lower <= exact + 1e-9).all() and (exact <= upper + 1e-9).all()
    assert (upper - lower).max() < 1e-5 * np.abs(exact).max()


@pytest.mark.parametrize("kind", [0, 1])
def test_a_known_type_is_an_ordinary_decision_problem(kind: int) -> None:
    """Policy iteration in 20 states, each policy valued by a linear system."""
    [decision] = decisions(nominal()[None], PACKAGES)
    kernel = np.zeros((48, 20, 20))
    for a, (g, h) in enumerate(zip(decision.signal, decision.move, strict=True)):
        seen = decision.signals[g, kind].reshape(20, 3, 2).sum(axis=-1)
        for x in range(20):
            for s in range(3):
                np.add.at(kernel[a, x], NEARBY[x], seen[x, s] * decision.moves[h, s, x])
    rewards, chosen = decision.rewards[:, kind], np.zeros(20, dtype=int)
    for _ in range(20):
        followed = np.eye(20) - decision.discount * kernel[chosen, np.arange(20)]
        values = np.linalg.solve(followed, rewards[chosen, np.arange(20)])
        chosen = (rewards + decision.discount * kernel @ values).argmax(axis=0)
    found = adaptive(nominal(), tolerance=1e-5, grids=(17, 33), engine="compiled")
    for state in range(20):
        lower, upper = found.bounds(float(kind), state)
        assert lower <= values[state] + 1e-12 and values[state] <= upper + 1e-12 and upper - lower < 1e-6


def test_types_that_are_alike_make_the_belief_indifferent() -> None:
    alike = nominal(V_S=1.2, g_S=0.4, y_S=0.1, pre=1.0)
    # the answer to an offer still tells them apart by its own constant, and changes nothing
    found = adaptive(alike, tolerance=1e-6, engine="compiled")
    lower, upper = found.bounds(BELIEFS)
    assert upper.max() - lower.min() < 2e-5


def test_what_the_adversary_foresees_is_left_out() -> None:
    first, second = (adaptive(nominal(gR=ahead), SOME, engine="compiled") for ahead in (0.0, 0.9))
    assert first.value == second.value


def test_threads_and_engines_change_no_bit() -> None:
    drawn = around(5, 2)

    def bits(found: list[Adaptive]) -> list[bytes]:
        return [one.upper.tobytes() + one.alphas.tobytes() + one.chosen.tobytes() for one in found]

    grids = (9, 17)
    slow = adaptives(drawn, SOME, grids=grids, engine="numpy", threads=1)
    fast = adaptives(drawn, SOME, grids=grids, engine="compiled", threads=1)
    assert bits(slow) == bits(adaptives(drawn, SOME, grids=grids, engine="numpy", threads=3))
    assert bits(fast) == bits(adaptives(drawn, SOME, grids=grids, engine="compiled", threads=3))
    assert bits(slow) == bits(fast)


def test_signals_add_up_and_answers_need_an_offer() -> None:
    [decision] = decisions(nominal()[None], PACKAGES)
    assert np.allclose(decision.signals.sum(axis=-1), 1) and np.allclose(decision.moves.sum(axis=-1), 1)
    for package, g in zip(PACKAGES, decision.signal, strict=True):
        refused = decision.signals[g, :, START_STATE, 1::2].sum(axis=-1)
        assert (refused > 0).all() == (package.dialogue > 0)


def test_what_cannot_be_solved_is_refused() -> None:
    with pytest.raises(BadInput, match="no package"):
        adaptive(nominal(), [])
    with pytest.raises(BadInput, match="No belief grid"):
        adaptive(nominal(), grids=())
    with pytest.raises(BadInput, match="shape"):
        adaptive(nominal()[:50])
