"""The planar solver: against every plan there is, against fine value iteration, and in limits."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.choice.planar import Branch, Problem, backup, best_at, minkowski, rise, solve, thinned, upper_right
from dualtrack.core.errors import BadInput

BELIEFS = np.linspace(0, 1, 41)
WEIGHTS = np.stack([1 - BELIEFS, BELIEFS])


def scores(chain: np.ndarray) -> np.ndarray:
    return (chain @ WEIGHTS).max(axis=0)


@st.composite
def problems(draw: st.DrawFn, states: int = 2, actions: int = 2, seen: int = 2) -> Problem:
    """Small problems: the hidden type may change, and what is seen moves the visible state."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    branches = []
    for _ in range(states):
        of_state = []
        for _ in range(actions):
            chances = rng.dirichlet(np.full(2 * seen, 0.7), size=2).reshape(2, seen, 2)
            if draw(st.booleans()):  # a hidden type that never changes, as in the model
                chances = np.stack([np.diag(chances[:, o].sum(axis=1)) for o in range(seen)], axis=1)
            of_state.append([Branch(int(rng.integers(states)), chances[:, o]) for o in range(seen)])
        branches.append(of_state)
    return Problem(rng.normal(size=(states, actions, 2)), branches, draw(st.floats(0, 0.8)))


def plans(problem: Problem, state: int, depth: int) -> list[np.ndarray]:
    """The alpha vector of every plan of a depth: an action, and after each thing seen every shorter plan."""
    if depth == 0:
        return [np.zeros(2)]
    found = []
    for action, branches in enumerate(problem.branches[state]):
        after = [[branch.chance @ alpha for alpha in plans(problem, branch.state, depth - 1)] for branch in branches]
        for chosen in product(*after):
            found.append(problem.rewards[state, action] + problem.discount * np.sum(chosen, axis=0))
    return found


@settings(max_examples=25)
@given(problems(), st.integers(1, 3))
def test_every_step_back_keeps_the_best_of_all_plans(problem: Problem, depth: int) -> None:
    chains = [np.zeros((1, 2)) for _ in problem.branches]
    for _ in range(depth):
        chains = [backup(problem, chains, state)[0] for state in range(len(chains))]
    for state, chain in enumerate(chains):
        every = np.array(plans(problem, state, depth))
        assert np.allclose(scores(chain), scores(every), atol=1e-12)
        assert len(chain) <= len(every)


def grid_values(problem: Problem, size: int, rounds: int) -> np.ndarray:
    """Values on an even grid of beliefs, linear between them: never below the true ones, as these are convex."""
    beliefs = np.linspace(0, 1, size)
    priors = np.stack([1 - beliefs, beliefs])
    values = np.full((len(problem.branches), size), problem.rewards.max() / (1 - problem.discount))
    for _ in range(rounds):
        best = np.full_like(values, -np.inf)
        for state, actions in enumerate(problem.branches):
            for action, branches in enumerate(actions):
                worth = problem.rewards[state, action] @ priors
                for branch in branches:
                    joint = branch.chance.T @ priors
                    chance = joint.sum(axis=0)
                    after = np.divide(joint[1], chance, out=np.zeros(size), where=chance > 0)
                    worth = worth + problem.discount * chance * np.interp(after, beliefs, values[branch.state])
                best[state] = np.maximum(best[state], worth)
        values = best
    return values


@settings(max_examples=12)
@given(problems(states=2, actions=3, seen=3))
def test_fine_value_iteration_is_a_little_above(problem: Problem) -> None:
    size = 801
    values = grid_values(problem, size, 150)
    solution = solve(problem, tolerance=1e-5)
    assert solution.gap <= 1e-5
    for state in range(len(values)):
        exact = best_at(solution.chains[state], np.linspace(0, 1, size))
        assert (values[state] >= exact - 1e-9).all()
        assert (values[state] - exact).max() < 5e-3


@settings(max_examples=8)
@given(problems(actions=3), st.floats(1e-4, 1e-1))
def test_the_value_lies_within_the_gap_that_is_told(problem: Problem, tolerance: float) -> None:
    exact, rough = solve(problem, tolerance=1e-7), solve(problem, tolerance)
    assert exact.gap <= 1e-7 and rough.gap <= tolerance
    for state in range(len(exact.chains)):
        for belief in BELIEFS:
            under = exact.value(state, belief) - rough.value(state, belief)
            assert -exact.gap - 1e-12 <= under <= rough.gap + 1e-12


@settings(max_examples=8)
@given(problems(), st.integers(0, 1))
def test_a_known_type_is_an_ordinary_decision_problem(problem: Problem, kind: int) -> None:
    """If the type never changes, the value at belief 0 or 1 is that of the problem with this type."""
    fixed = [
        [[Branch(b.state, np.diag(b.chance.sum(axis=1))) for b in branches] for branches in actions]
        for actions in problem.branches
    ]
    values = np.zeros(len(fixed))
    for _ in range(300):
        values = np.array(
            [
                max(
                    problem.rewards[state, action, kind]
                    + problem.discount * sum(b.chance[kind, kind] * values[b.state] for b in branches)
                    for action, branches in enumerate(actions)
                )
                for state, actions in enumerate(fixed)
            ]
        )
    solution = solve(Problem(problem.rewards, fixed, problem.discount), tolerance=1e-6)
    got = [solution.value(state, float(kind)) for state in range(len(fixed))]
    assert np.allclose(got, values, atol=2e-6)


@given(problems())
def test_knowing_more_is_worth_no_less(problem: Problem) -> None:
    solution = solve(problem, tolerance=1e-6)
    for state in range(len(solution.chains)):
        values = np.array([solution.value(state, belief) for belief in BELIEFS])
        assert (values[1:-1] <= (values[:-2] + values[2:]) / 2 + 1e-12).all()  # convex in the belief


points = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=12)


@given(points)
def test_what_is_left_is_best_somewhere_and_nothing_better_is_dropped(cloud: list[tuple[int, int]]) -> None:
    every = np.array(cloud, dtype=float)
    chain = every[upper_right(every)]
    assert np.allclose(scores(chain), scores(every))
    assert (np.diff(chain[:, 0]) > 0).all() and (np.diff(chain[:, 1]) < 0).all()
    if len(chain) > 2:
        slopes = np.diff(chain[:, 1]) / np.diff(chain[:, 0])
        assert (np.diff(slopes) < 0).all()


@given(points, points)
def test_the_sum_of_chains_is_the_chain_of_all_sums(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    first, second = (np.array(cloud, dtype=float) for cloud in (one, other))
    first, second = first[upper_right(first)], second[upper_right(second)]
    sums = (first[:, None] + second[None]).reshape(-1, 2)
    assert np.allclose(scores(minkowski([first, second])), scores(sums))


@given(points, st.floats(0, 5))
def test_a_thinned_chain_loses_no_more_than_allowed(cloud: list[tuple[int, int]], loss: float) -> None:
    every = np.array(cloud, dtype=float)
    chain = every[upper_right(every)]
    left = chain[thinned(chain, loss)]
    assert rise(left, chain) <= loss + 1e-12
    assert (scores(chain) - scores(left)).max() <= rise(left, chain) + 1e-12
    assert np.allclose(best_at(chain, BELIEFS), scores(chain))


def test_chances_that_do_not_add_up_are_refused() -> None:
    half = Branch(0, np.diag([0.5, 0.5]))
    with pytest.raises(BadInput, match="does not add up"):
        Problem(np.zeros((1, 1, 2)), [[[half]]], 0.9)
    with pytest.raises(BadInput, match="discount"):
        Problem(np.zeros((1, 1, 2)), [[[half, half]]], 1.0)


def test_a_tolerance_out_of_reach_is_told() -> None:
    heard = [Branch(0, np.diag([0.6, 0.4])), Branch(0, np.diag([0.4, 0.6]))]
    problem = Problem(np.array([[[0.0, 0.0], [-2.0, 1.0], [1.0, -2.0]]]), [[heard] * 3], 0.9)
    with pytest.raises(BadInput, match="only after 5 rounds"):
        solve(problem, tolerance=1e-6, rounds=5)
