"""What adapting, knowing and reviewing are worth in a world, each between bounds.

All against the same myopic adversary (gR = 0), constant packages too, so that differences are not the adversary's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dualtrack.choice.adaptive import Adaptive, Bounds, Engine, kernels_of, solved
from dualtrack.choice.beliefs import GRIDS, grid
from dualtrack.choice.decision import START_STATE, Decision, Sweep, decisions, on_grid
from dualtrack.choice.formulas import STATES
from dualtrack.choice.package import PACKAGES, Package
from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import BadInput


@dataclass(frozen=True)
class Information:
    """Values in one world at the start, in the model's unit.

    Attributes:
        solution: the best adaptive package.
        constant: the value of the best constant package, exact, and ``package`` that one.
        adaptivity: what adapting is worth beyond it.
        knowing: what knowing the adversary's type for certain is worth beyond adapting without.
    """

    solution: Adaptive
    constant: float
    package: Package
    adaptivity: Bounds
    knowing: Bounds


def information(
    world: Floats,
    packages: Sequence[Package] = PACKAGES,
    tolerance: float = 1e-3,
    grids: Sequence[int] = GRIDS,
    engine: Engine = "auto",
) -> Information:
    """What adapting and knowing are worth in a world, shape (51,).

    Args:
        world: shape (51,).
        packages, tolerance, grids, engine: as in ``adaptive.adaptives``, which also tells what is raised.
    """
    kernels = kernels_of(engine, 1)
    [decision] = decisions(np.asarray(world)[None], packages)
    return informed(solved(decision, kernels, tolerance, grids))


def informed(solution: Adaptive) -> Information:
    """The same from an adaptive package that is solved already."""
    decision = solution.decision
    belief = decision.belief
    seeking, greedy = constants(decision)[:, :, START_STATE].T
    worth = (1 - belief) * seeking + belief * greedy
    best = int(worth.argmax())
    lower, upper = solution.value
    low, high = solution.bounds(np.array([0.0, 1.0]))
    known = Bounds((1 - belief) * low[0] + belief * low[1], (1 - belief) * high[0] + belief * high[1])
    # A constant package is one of the adaptive ones, and one who knows can do what one who does not know does.
    return Information(
        solution, float(worth[best]), decision.packages[best],
        Bounds(max(lower - float(worth[best]), 0.0), upper - float(worth[best])),
        Bounds(max(float(known.lower) - upper, 0.0), float(known.upper) - lower),
    )  # fmt: skip


def constants(decision: Decision) -> Floats:
    """The value of each package held for ever, by type and state, shape (A, 2, 20), against the myopic adversary."""
    sweep = on_grid(decision, 5)
    found = np.empty((len(decision.signal), 2, STATES))
    rows = np.repeat(np.arange(STATES), sweep.nearby.shape[1])
    for a, (g, h) in enumerate(zip(decision.signal, decision.move, strict=True)):
        seen = decision.signals[g].reshape(2, STATES, 3, 2).sum(axis=-1)
        near = np.einsum("cxs,sxk->cxk", seen, decision.moves[h])
        for kind in (0, 1):
            kernel = np.zeros((STATES, STATES))
            np.add.at(kernel, (rows, sweep.nearby.ravel()), near[kind].ravel())
            found[a, kind] = np.linalg.solve(np.eye(STATES) - decision.discount * kernel, decision.rewards[a, kind])
    return found


@dataclass(frozen=True)
class Review:
    """A package now, and after some quarters one review that keeps it or replaces it for good.

    Attributes:
        after: quarters until the review.
        value: with it, at the start.
        package: the one to begin with (the greatest lower bound).
        clause: what the review is worth beyond the best constant package.
    """

    after: int
    value: Bounds
    package: Package
    clause: Bounds


def review(
    world: Floats,
    after: int,
    packages: Sequence[Package] = PACKAGES,
    tolerance: float = 1e-3,
    grids: Sequence[int] = GRIDS,
    engine: Engine = "auto",
) -> Review:
    """What a clause is worth that reviews the package once: until then beliefs are formed, and nothing is changed.

    Held from the review on, each package is worth a line in the belief, exactly; the quarters before are stepped back
    through on the grid, interpolated for the upper bound and by alpha vectors for the lower one.

    Args:
        world: shape (51,).
        after: quarters until the review, at least 1.
        packages, tolerance, grids, engine: as in ``adaptive.adaptives``.

    Raises:
        BadInput: fewer than one quarter; also see ``adaptive.adaptives``.
    """
    if after < 1:
        raise BadInput(f"A review after {after} quarters is none.", "Give at least 1.")
    kernels = kernels_of(engine, 1)
    [decision] = decisions(np.asarray(world)[None], packages)
    held = constants(decision)
    belief = decision.belief
    unchanged = (1 - belief) * held[:, 0, START_STATE] + belief * held[:, 1, START_STATE]
    left = np.arange(len(held))
    lower, upper = unchanged, np.full(len(held), np.inf)  # the review may find nothing to change
    for size in grids:
        sweep = on_grid(decision, size)
        pairs = [_until(kernels, sweep, held, int(a), after, belief) for a in left]
        lower, upper = np.maximum(np.array(pairs).T, [unchanged[left], np.full(len(left), -np.inf)])
        if upper.max() - lower.max() <= tolerance * abs(lower.max()):
            break
        open_ = upper >= lower.max()  # what is ruled out needs no finer grid
        left, lower, upper = left[open_], lower[open_], upper[open_]
    value = Bounds(float(lower.max()), float(upper.max()))
    best = float(unchanged.max())
    return Review(
        after, value, decision.packages[left[lower.argmax()]],
        Bounds(max(value.lower - best, 0.0), max(value.upper - best, 0.0)),
    )  # fmt: skip


def _until(kernels: Any, sweep: Sweep, held: Floats, a: int, after: int, belief: float) -> tuple[float, float]:
    """Bounds of package a for so many quarters and then the best one for good, at the start."""
    b = sweep.beliefs
    size = len(b)
    lines = held[:, 0, :, None] + b * (held[:, 1] - held[:, 0])[..., None]
    best = lines.argmax(axis=0)
    values = lines.max(axis=0).ravel()
    states = np.arange(STATES)[:, None]
    alphas = np.stack([held[best, kind, states] for kind in (0, 1)])
    same = np.full((STATES, size), a, dtype=np.int64)
    operator = kernels.interpolation(sweep, same)
    for _ in range(after):
        stepped = np.empty_like(values)
        kernels.apply(*operator[:3], values, stepped)
        values = operator[3] + stepped
        counts, index, weights, now = kernels.controller(sweep, same, alphas)
        new = np.empty_like(now)
        for kind in (0, 1):
            kernels.apply(counts, index, weights[kind], alphas[kind].ravel(), new[kind])
        alphas = (now + new).reshape(alphas.shape)
    below, weight = grid(size).weights(np.asarray(belief))
    row = values.reshape(STATES, size)[START_STATE]
    seeking, greedy = alphas[:, START_STATE]
    return float((seeking + belief * (greedy - seeking)).max()), float(
        row[below] + weight * (row[below + 1] - row[below])
    )
