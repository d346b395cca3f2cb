"""Exact solver for decision problems with one hidden two-valued fact: sets of alpha vectors as chains in the plane.

With two hidden types an alpha vector is a point (value if type 0, value if type 1), and a belief b = P(type 1) scores
it (1 - b) alpha_0 + b alpha_1. All that matters of a set of points is its upper right convex chain, and the cross-sum
over observations, exponential in general, is a Minkowski sum of chains: their edges merged by slope. Each set stays
exactly as large as it has to be. The value is convex and piecewise linear in b (Sondik, "The Optimal Control of
Partially Observable Markov Processes over the Infinite Horizon", Operations Research 26 (1978) 282-304).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import BadInput

Chain: TypeAlias = Floats
"""Points (n, 2), the first coordinate rising, the second and the slope falling: each is best at some belief."""

_ROUNDING = 1e-15  # of the largest coordinate: a point that adds no more than this at any belief is rounding


class Branch(NamedTuple):
    """Something that may be observed after an action: the visible state it leads to, and ``chance`` (2, 2), the
    probability, given the hidden type before (row), that this is observed and the type is then (column)."""

    state: int
    chance: Floats


@dataclass(frozen=True)
class Problem:
    """A decision problem with visible states and one hidden two-valued fact.

    ``rewards``: (states, actions, 2), by hidden type. ``branches[state][action]``: what may be observed; for each type
    the chances sum to 1. ``discount``: gamma, below 1.

    Raises:
        BadInput: chances that are negative or do not sum to 1, or a discount outside [0, 1).
    """

    rewards: Floats
    branches: Sequence[Sequence[Sequence[Branch]]]
    discount: float

    def __post_init__(self) -> None:
        if not 0 <= self.discount < 1:
            raise BadInput("The discount must lie in [0, 1) for the value to exist.", "Give for example 0.97.")
        for state, actions in enumerate(self.branches):
            for action, branches in enumerate(actions):
                total = sum(branch.chance.sum(axis=1) for branch in branches)
                if np.abs(total - 1).max() > 1e-9 or min(branch.chance.min() for branch in branches) < 0:
                    raise BadInput(
                        f"What may be observed after action {action} in state {state} does not add up to 1.",
                        "Give probabilities of at least 0 that sum to 1 for each hidden type.",
                    )


@dataclass(frozen=True)
class Solution:
    """Certified value: ``chains[state]`` from below, and at most ``gap`` more; ``actions[state]`` of each point.

    ``rounds``: how many times all chains were renewed.
    """

    chains: tuple[Chain, ...]
    actions: tuple[NDArray[np.int64], ...]
    gap: float
    rounds: int

    def value(self, state: int, belief: float) -> float:
        """The lower bound at a belief; the value is at most ``gap`` above."""
        return float((self.chains[state] @ (1 - belief, belief)).max())

    def action(self, state: int, belief: float) -> int:
        """The action that attains it."""
        return int(self.actions[state][(self.chains[state] @ (1 - belief, belief)).argmax()])


def solve(problem: Problem, tolerance: float, rounds: int = 100_000) -> Solution:
    """The value to within ``tolerance`` at every state and belief, by value iteration on chains.

    It starts from plans that repeat one action for ever, so every chain is a lower bound; the value is at most
    max(new - old) / (1 - gamma) above it (contraction, which also holds for states renewed in turn). Half of the
    tolerance is spent on points that may be dropped: where the hidden type never changes there are infinitely many.

    Raises:
        BadInput: the tolerance is not reached in ``rounds``.
    """
    discount = problem.discount
    loss = tolerance * (1 - discount) / 6
    repeated = blind(problem)
    actions = [upper_right(repeated[:, state]) for state in range(len(problem.branches))]
    chains = [repeated[best, state] for state, best in enumerate(actions)]
    for done in range(1, rounds + 1):
        gap = 0.0
        for state in range(len(chains)):  # a state renewed in this round already serves the next ones: still a bound
            new, chosen = backup(problem, chains, state, loss)
            # Up to ``loss`` is missing from the new chain, from the one kept below, and from those it was made of.
            gap = max(gap, rise(chains[state], new) + 3 * loss)
            points, takers = np.concatenate([chains[state], new]), np.concatenate([actions[state], chosen])
            keep = upper_right(points)
            keep = keep[thinned(points[keep], loss)]
            chains[state], actions[state] = points[keep], takers[keep]
        if gap / (1 - discount) <= tolerance:
            return Solution(tuple(chains), tuple(actions), gap / (1 - discount), done)
    raise BadInput(
        f"The value is known to {gap / (1 - discount):.3g} only after {rounds} rounds, not to {tolerance:.3g}.",
        "Allow a larger `tolerance` or more `rounds`.",
    )


def blind(problem: Problem) -> Floats:
    """The alpha vector of each action repeated for ever, shape (actions, states, 2): a linear system per action."""
    states = len(problem.branches)
    found = np.empty((problem.rewards.shape[1], states, 2))
    for action in range(len(found)):
        chances = np.zeros((states, 2, states, 2))
        for state, actions in enumerate(problem.branches):
            for branch in actions[action]:
                chances[state, :, branch.state] += branch.chance
        ahead = np.eye(2 * states) - problem.discount * chances.reshape(2 * states, 2 * states)
        found[action] = np.linalg.solve(ahead, problem.rewards[:, action].reshape(-1)).reshape(states, 2)
    return found


def backup(problem: Problem, chains: Sequence[Chain], state: int, loss: float = 0.0) -> tuple[Chain, NDArray[np.int64]]:
    """One step back in time at a state: the new chain, at most discount * loss too low, and each point's action."""
    points, takers = [], []
    for action, branches in enumerate(problem.branches[state]):
        chain = minkowski([through(chains[branch.state], branch.chance) for branch in branches])
        chain = chain[thinned(chain, loss)]
        points.append(problem.rewards[state, action] + problem.discount * chain)
        takers.append(np.full(len(chain), action))
    everything, chosen = np.concatenate(points), np.concatenate(takers)
    keep = upper_right(everything)
    return everything[keep], chosen[keep]


def through(chain: Chain, chance: Floats) -> Chain:
    """The chain as seen before an observation: alpha -> chance alpha, and what is left of it as a chain."""
    if chance[0, 1] == chance[1, 0] == 0 < min(chance[0, 0], chance[1, 1]):  # the type stays: a chain is stretched
        return chain * chance.diagonal()
    image = chain @ chance.T
    return image[upper_right(image)]


def minkowski(chains: Sequence[Chain]) -> Chain:
    """All sums of one point of each chain, as a chain: all their edges, by the belief at which they are level."""
    edges = np.concatenate([np.diff(chain, axis=0) for chain in chains])
    edges = edges[edges[:, 0] > edges[:, 1]]
    order = np.argsort(-edges[:, 0] / (edges[:, 0] - edges[:, 1]), kind="stable")
    start = np.sum([chain[:1] for chain in chains], axis=0)
    sums = np.concatenate([start, start + np.cumsum(edges[order], axis=0)])
    # Edges below the last digit of a sum vanish in it: no point is kept twice, nor one that another matches in full.
    sums = sums[np.append(True, (np.diff(sums, axis=0) != 0).any(axis=1))]
    right, down = np.diff(sums[:, 0]) > 0, np.diff(sums[:, 1]) < 0
    kept: Chain = sums[np.append(True, right) & np.append(down, True)]
    return kept


def upper_right(points: Floats) -> NDArray[np.int64]:
    """Indices of the points that are best at some belief, in order of the first coordinate."""
    order: NDArray[np.int64] = np.lexsort((points[:, 1], points[:, 0]))
    second = points[order, 1]
    later = np.concatenate([np.maximum.accumulate(second[::-1])[::-1][1:], [-np.inf]])
    order = order[second > later]  # not matched in both coordinates by a point further right
    xs, ys = points[order, 0].tolist(), points[order, 1].tolist()
    slight = _ROUNDING * float(np.abs(points).max())
    hull: list[int] = []
    for index, (x, y) in enumerate(zip(xs, ys, strict=True)):
        while len(hull) >= 2:
            a, b = hull[-2], hull[-1]
            turn = (ys[b] - ys[a]) * (x - xs[a]) - (xs[b] - xs[a]) * (y - ys[a])
            if turn > slight * (x - xs[a] + ys[a] - y):
                break  # b sticks out: at the belief where its neighbours tie it is turn / (dx - dy) better
            hull.pop()
        hull.append(index)
    return order[hull]


def thinned(chain: Chain, loss: float) -> NDArray[np.int64]:
    """Indices of points that do for the chain to within ``loss`` at every belief: from each, the furthest that will do.

    An edge (x, -y) that is level at belief t is worth (x + y) (t - b) at belief b. What all points between two cost is
    the sum of this over the edges from the first to the best, at the belief where the two tie and the edges sum to 0:
    at most a quarter of the edges' length times the span of their beliefs.
    """
    if not loss or len(chain) < 3:
        return np.arange(len(chain))
    edges = np.diff(chain, axis=0)
    length = [0.0, *np.cumsum(edges[:, 0] - edges[:, 1]).tolist()]
    level = ties(chain).tolist()
    keep, last = [0], len(chain) - 1
    while (here := keep[-1]) < last:
        good, bad = here + 1, last + 1
        while bad - good > 1:
            middle = (good + bad) // 2
            if (length[middle] - length[here]) * (level[here] - level[middle - 1]) <= 4 * loss:
                good = middle
            else:
                bad = middle
        keep.append(good)
    return np.array(keep)


def best_at(chain: Chain, beliefs: Floats) -> Floats:
    """The value of the chain at each belief: its best point moves left along it as the belief rises."""
    best = np.searchsorted(-ties(chain), -beliefs)
    return np.asarray((1 - beliefs) * chain[best, 0] + beliefs * chain[best, 1])


def ties(chain: Chain) -> Floats:
    """The beliefs, falling, at which each point of the chain is as good as the next."""
    edges = np.diff(chain, axis=0)
    return np.asarray(edges[:, 0] / (edges[:, 0] - edges[:, 1]))


def rise(old: Chain, new: Chain) -> float:
    """The most by which the new chain is above the old one at any belief from 0 to 1; 0 if nowhere."""
    beliefs = np.concatenate([[0.0, 1.0], ties(old), ties(new)])
    return max(float((best_at(new, beliefs) - best_at(old, beliefs)).max()), 0.0)
