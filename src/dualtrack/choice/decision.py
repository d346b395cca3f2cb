"""The alliance's decision problem on beliefs in one world: what a quarter brings and shows under each package.

The adversary is myopic here (gR = 0): it answers today's package by logit and does not foresee the alliance's later
answers, so that its policy depends on state, package and type alone. ``quantal.py`` lets it look ahead.

What the alliance observes in a quarter: calm, pressure or challenge as seen (calm and pressure are misread for one
another with probability eps, a challenge never); the answer to its offer, where it made one (d > 0); and the new state.
The new state depends on the type only through what is seen, so that beliefs move by what is seen and answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice import formulas
from dualtrack.choice.beliefs import REACH, grid
from dualtrack.choice.formulas import STATES, of
from dualtrack.choice.outcomes import START, SUPPORTS, TENSIONS
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import COLUMN, Floats
from dualtrack.core.errors import BadInput

Integers = NDArray[np.int64]

SHOWN = 6
"""What may be observed besides the new state: seen * 2 + answer; seen is 0 calm, 1 pressure, 2 challenge; the answer is
0 if accepted (or if nothing was offered), 1 if refused."""

START_STATE = START[0] * len(TENSIONS) + START[1]
"""The number of the state at the start."""


def _nearby() -> tuple[Integers, NDArray[np.bool_]]:
    """States one step of support and of tension away or nearer, shape (20, 9), and which of the nine there are."""
    support, tension = np.divmod(np.arange(STATES), len(TENSIONS))
    steps = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    new_support = support[:, None] + np.array([i for i, _ in steps])
    new_tension = tension[:, None] + np.array([j for _, j in steps])
    real = (
        (new_support >= 0) & (new_support < len(SUPPORTS)) & (new_tension >= 0) & (new_tension < len(TENSIONS))
    )  # fmt: skip
    return np.where(real, new_support * len(TENSIONS) + new_tension, 0), real


NEARBY, _REAL = _nearby()
"""The states that can follow each state, shape (20, 9); 0, with probability 0, beyond the ends."""


@dataclass(frozen=True)
class Decision:
    """One world's problem; A packages, some of which share what they show (``signal``) or how states move (``move``).

    Attributes:
        packages: the A packages.
        belief, discount: b0 and gamma.
        rewards: r, shape (A, 2, 20), by type (security seeking, greedy).
        signals: P(shown | type, x), shape (G, 2, 20, 6).
        odds: log of the greedy's signal over the other's, shape (G, 20, 6); within +-99, 0 where neither can be.
        moves: P(x' | x, seen), shape (M, 3, 20, 9), x' in the order of ``NEARBY``.
        signal, move: shape (A,), the row of ``signals`` and ``moves`` of each package.
    """

    packages: tuple[Package, ...]
    belief: float
    discount: float
    rewards: Floats
    signals: Floats
    odds: Floats
    moves: Floats
    signal: Integers
    move: Integers


class Sweep(NamedTuple):
    """A decision on a belief grid of B points, as the sweeps take it: the arrays of ``Decision``, and the grid's.

    ``low``: how far each belief's log-odds lie above the least finite ones, shape (B,); 0 for beliefs 0 and 1.
    """

    rewards: Floats
    signals: Floats
    odds: Floats
    moves: Floats
    signal: Integers
    move: Integers
    nearby: Integers
    discount: float
    beliefs: Floats
    low: Floats
    step: float


def on_grid(decision: Decision, size: int) -> Sweep:
    """The decision on the grid of a size."""
    points = grid(size)
    low = np.where(np.isfinite(points.odds), points.odds + REACH, 0.0)
    return Sweep(
        decision.rewards, decision.signals, decision.odds, decision.moves, decision.signal, decision.move, NEARBY,
        decision.discount, points.beliefs, low, points.step,
    )  # fmt: skip


_TINY = 1e-300  # stands for 0 in a logarithm


def logit(payoffs: Floats, precision: Floats | float) -> Floats:
    """Probabilities of the actions on the last axis: pi_a = exp(beta Q_a) / sum exp(beta Q)."""
    powers = np.exp(precision * (payoffs - payoffs.max(axis=-1, keepdims=True)))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def decisions(worlds: Floats, packages: Sequence[Package]) -> list[Decision]:
    """The problem of each world.

    Args:
        worlds: shape (n, 51); ``gR`` is not used.
        packages: what the alliance may choose from in any quarter.

    Raises:
        BadInput: no package, or an array of another shape.
    """
    if worlds.ndim != 2 or worlds.shape[1] != len(COLUMN):
        raise BadInput(f"Worlds come as an array of shape (n, {len(COLUMN)}), not {worlds.shape}.", "Pass world[None].")
    if not packages:
        raise BadInput("There is no package to choose from.", "Give at least one.")
    beta = of(worlds, "beta")[:, None, None, None]
    shows: dict[tuple[float, ...], tuple[int, Floats, Floats]] = {}
    moves: dict[tuple[float, ...], tuple[int, Floats]] = {}
    rewards, signal, move = [], [], []
    for package in packages:
        p, d, e, m = package
        if (p, d, m) not in shows:  # explanation is no part of what the adversary answers
            policy = logit(formulas.utilities(worlds, package), beta)
            shows[p, d, m] = len(shows), policy, _signals(worlds, package, policy)
        if (p, d, e) not in moves:
            dense = formulas.moved(worlds, package)
            near = dense[:, :, np.arange(STATES)[:, None], NEARBY] * _REAL
            moves[p, d, e] = len(moves), near
        number, policy, _ = shows[p, d, m]
        rewards.append(formulas.flows(worlds, package, policy)[..., 0])
        signal.append(number)
        move.append(moves[p, d, e][0])
    reward = np.stack(rewards, axis=1)
    shown = np.stack([signals for _, _, signals in shows.values()], axis=1)
    moved = np.stack([near for _, near in moves.values()], axis=1)
    odds = np.clip(np.log(np.maximum(shown[:, :, 1], _TINY)) - np.log(np.maximum(shown[:, :, 0], _TINY)), -99, 99)
    rows, columns = np.array(signal), np.array(move)
    return [
        Decision(
            tuple(packages), float(world[COLUMN["b0"]]), float(world[COLUMN["gamma"]]),
            reward[n], shown[n], odds[n], moved[n], rows, columns,
        )
        for n, world in enumerate(worlds)
    ]  # fmt: skip


def _signals(worlds: Floats, package: Package, policy: Floats) -> Floats:
    """P(shown | type, x), shape (n, 2, 20, 6), from the adversary's policy (n, 2, 20, 3)."""
    seen = np.einsum("ncxa,nas->ncxs", policy, formulas.seen_as(worlds, package))
    accepted = formulas.accepts(worlds, package) if package.dialogue > 0 else np.ones((len(worlds), 2))
    answer = np.stack([accepted, 1 - accepted], axis=-1)
    both = seen[..., :, None] * answer[:, :, None, None, :]
    shown: Floats = both.reshape(*policy.shape[:3], SHOWN)
    return shown
