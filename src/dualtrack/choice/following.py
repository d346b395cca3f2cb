"""The value of a given rule, such as "a third of full presence if b < .2, else two thirds": bounds from both sides.

The value of a fixed rule need not be convex in the belief, so that interpolation bounds nothing. Bounded instead is the
value by type on cells of beliefs: within a cell the rule takes one package; what is shown moves log-odds by a fixed
amount, so that a cell comes to lie across few others; the least and the greatest value there bound what follows:

    L(type, x, cell) = r + gamma sum_o P(o|type, x, a) sum_x' P(x'|x, a, o) min L(type, x', cells it comes to)

and likewise above. The gap shrinks with the cells. The adversary is myopic (gR = 0), as everywhere on beliefs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dualtrack.choice.adaptive import ADVERSARY, Adaptive, Bounds, Engine, kernels_of
from dualtrack.choice.beliefs import REACH, checked
from dualtrack.choice.decision import SHOWN, START_STATE, Decision, Integers, Sweep, decisions, on_grid
from dualtrack.choice.formulas import STATES
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import BadInput

CELLS = (64, 128, 256, 512, 1024, 2048)
"""Numbers of cells, from coarse to fine."""

_ROUNDS = 30  # of choosing the worst and the best cells anew: three to six are usual
_STEPS = 400  # of the linear solver
_SHARE = 0.02  # of the gap allowed, left to residuals
_APART = 1e-9  # log-odds that rounding may be off by: cells reached are widened by it
_ROUNDING = 1e-14  # of the largest value: what one step may lose in floating point


@dataclass(frozen=True)
class Rule:
    """Which package the alliance takes, by state and belief.

    Attributes:
        edges: beliefs at which it changes, ascending within (0, 1), shape (m,). An edge belongs to what lies above it.
        chosen: numbers of packages, shape (20, m + 1): by state, below, between and above the edges.
    """

    edges: Floats
    chosen: Integers

    def __post_init__(self) -> None:
        edges, chosen = np.asarray(self.edges, dtype=np.float64), np.asarray(self.chosen)
        if ((edges <= 0) | (edges >= 1)).any() or (np.diff(edges) <= 0).any():
            raise BadInput("Beliefs at which a rule changes must ascend between 0 and 1.", "Give for example [0.2].")
        if chosen.shape != (STATES, len(edges) + 1):
            raise BadInput(
                f"A rule with {len(edges)} edges names packages as an array of shape ({STATES}, {len(edges) + 1}), "
                f"not {chosen.shape}.",
                "One for each state, below, between and above the edges.",
            )

    @classmethod
    def threshold(cls, belief: float, below: int, above: int) -> Rule:
        """One package under a belief and another one from it on, in every state."""
        return cls(np.array([belief]), np.tile(np.array([below, above]), (STATES, 1)))

    @classmethod
    def of(cls, solution: Adaptive) -> Rule:
        """What an adaptive package does on its grid, at beliefs between two points that of the nearer in log-odds."""
        odds = solution.points.odds
        inner = (odds[1:-2] + odds[2:-1]) / 2
        middles = np.concatenate([[-REACH - 1], inner, [REACH + 1]])
        return cls(1 / (1 + np.exp(-middles)), solution.chosen)


@dataclass(frozen=True)
class Followed:
    """A rule's value in one world.

    Attributes:
        edges: beliefs between the n cells, shape (n - 1,).
        lower, upper: shape (2, 20, n), by type, state and cell.
        decision: the problem.
        settled: whether the gap asked for was reached.
    """

    decision: Decision
    edges: Floats
    lower: Floats
    upper: Floats
    settled: bool

    @property
    def adversary(self) -> str:
        """What is assumed of the adversary."""
        return ADVERSARY

    def bounds(self, beliefs: Floats | float, state: int = START_STATE) -> Bounds:
        """Bounds at beliefs in a state.

        Raises:
            BadInput: a belief outside [0, 1].
        """
        wanted = checked(beliefs)
        cell = np.searchsorted(self.edges, wanted, side="right")
        found = [side[0, state, cell] + wanted * (side[1, state, cell] - side[0, state, cell])
                 for side in (self.lower, self.upper)]  # fmt: skip
        return Bounds(*found)

    @property
    def value(self) -> Bounds:
        """Bounds at the start, with the world's prior belief."""
        lower, upper = self.bounds(self.decision.belief)
        return Bounds(float(lower), float(upper))

    @property
    def gap(self) -> float:
        """The distance of the bounds at the start, relative to the value."""
        lower, upper = self.value
        return float((upper - lower) / max(abs(lower), abs(upper), 1e-9))


def evaluate_policy(
    world: Floats,
    packages: Sequence[Package],
    rule: Rule,
    tolerance: float = 3e-3,
    cells: Sequence[int] = CELLS,
    engine: Engine = "auto",
    told: Callable[[int], None] = lambda cells: None,
) -> Followed:
    """The value of a rule in a world.

    Args:
        world: shape (51,).
        packages: what the numbers of the rule mean.
        rule: which package is taken when.
        tolerance: the gap asked for at the start, relative to the value.
        cells: numbers of cells, from coarse to fine; the first that reaches the gap is the last one used.
        engine: as in ``adaptive.adaptives``.
        told: called with each number of cells when bounds on so many are found.

    Raises:
        BadInput: the rule names a package that is not there, or no number of cells is given.
    """
    if (np.asarray(rule.chosen) < 0).any() or (np.asarray(rule.chosen) >= len(packages)).any():
        raise BadInput(f"The rule names a package beyond the {len(packages)} given.", "They are numbered from 0.")
    if not cells:
        raise BadInput("No number of cells is given.", f"Give for example {CELLS}.")
    kernels = kernels_of(engine, 1)
    [decision] = decisions(np.asarray(world)[None], packages)
    sweep = on_grid(decision, 5)
    found: Followed | None = None
    for number in cells:
        found = _on_cells(kernels, decision, sweep, rule, number, tolerance)
        told(number)
        if found.settled:
            break
    assert found is not None
    return found


def _on_cells(kernels: Any, decision: Decision, sweep: Sweep, rule: Rule, number: int, tolerance: float) -> Followed:
    """Bounds on so many cells, besides those that the rule's own edges add."""
    of_rule = np.log(rule.edges / (1 - rule.edges))
    odds = np.unique(np.concatenate([np.linspace(-REACH, REACH, number - 1), of_rule]))
    inside = np.concatenate([odds[:1] - 1, (odds[1:] + odds[:-1]) / 2, odds[-1:] + 1])
    chosen = np.asarray(rule.chosen)[:, np.searchsorted(of_rule, inside)]
    edges = 1 / (1 + np.exp(-odds))
    edges[np.searchsorted(odds, of_rule)] = rule.edges  # to the last digit
    first, last = _reached(sweep, chosen, odds)
    lower = _extreme(kernels, sweep, chosen, first, last, np.minimum, tolerance)
    upper = _extreme(kernels, sweep, chosen, first, last, np.maximum, tolerance)
    found = Followed(decision, edges, lower, upper, settled=False)
    return Followed(decision, edges, lower, upper, settled=found.gap <= tolerance)


def _reached(sweep: Sweep, chosen: Integers, odds: Floats) -> tuple[Integers, Integers]:
    """The first and last cell that each cell may come to lie in when o is shown, shape (20, n, 6)."""
    states, size = chosen.shape
    moved = sweep.odds[sweep.signal[chosen], np.arange(states)[:, None]]
    start = np.concatenate([[-np.inf], odds])[:, None] + moved
    end = np.concatenate([odds, [np.inf]])[:, None] + moved
    first = np.searchsorted(odds, start - _APART, side="right")
    last = np.searchsorted(odds, end + _APART, side="left")
    # Belief 0 stays 0 and belief 1 stays 1: the outermost cells never leave themselves behind.
    first[:, 0], last[:, -1] = 0, size - 1
    return first, np.maximum(last, first)


def _extreme(
    kernels: Any,
    sweep: Sweep,
    chosen: Integers,
    first: Integers,
    last: Integers,
    worse: Callable[..., Any],
    tolerance: float,
) -> Floats:
    """The bound on one side by type, shape (2, 20, n): which cells are reached is chosen anew until nothing changes."""
    states, size = chosen.shape
    rows = np.arange(states)[:, None]
    sign = 1.0 if worse is np.minimum else -1.0
    found = np.empty((2, states, size))
    g, h = sweep.signal[chosen], sweep.move[chosen]
    ahead = sweep.discount / (1 - sweep.discount)
    for kind in (0, 1):
        now = sweep.rewards[chosen, kind, rows]
        values = np.repeat(now.mean() / (1 - sweep.discount), states * size).reshape(states, size)
        for _ in range(_ROUNDS):
            index = np.zeros((states, size, SHOWN, sweep.nearby.shape[1]), dtype=np.int64)
            weights = np.zeros(index.shape)
            for o in range(SHOWN):
                chance = sweep.discount * sweep.signals[g, kind, rows, o]
                if not chance.any():
                    continue
                cell = _worst_cells(sign * values, first[..., o], last[..., o], sweep.nearby)
                for k in range(sweep.nearby.shape[1]):
                    index[..., o, k] = sweep.nearby[rows, k] * size + cell[..., k]
                    weights[..., o, k] = chance * sweep.moves[h, o // 2, rows, k]
            flat_index = index.reshape(states * size, -1).astype(np.int32)  # as the compiled solver has it
            flat_weights = weights.reshape(states * size, -1)
            counts = np.full(states * size, flat_index.shape[1])
            stepped = np.empty(states * size)
            kernels.apply(counts, flat_index, flat_weights, values.ravel(), stepped)
            stepped += now.ravel()
            change = stepped - values.ravel()
            size_of = max(float(np.abs(stepped).max()), 1e-9)
            if ahead * np.abs(change).max() <= _SHARE * tolerance * size_of:
                break
            flat = stepped.copy()
            kernels.solve(
                counts, flat_index, flat_weights, now.ravel(), flat, _STEPS,
                0.1 * _SHARE * tolerance * size_of / ahead,
            )  # fmt: skip
            values = (flat if np.isfinite(flat).all() else stepped).reshape(states, size)
        slack = _ROUNDING * float(np.abs(stepped).max()) / (1 - sweep.discount)
        # The step is monotone and shrinks by gamma, so its fixed point is within this of what it gave.
        worst = float((sign * change).min())
        found[kind] = (stepped + sign * (ahead * worst - slack)).reshape(states, size)
    return found


def _worst_cells(values: Floats, first: Integers, last: Integers, nearby: Integers) -> Integers:
    """The cell of least value among those reached, for every next state, shape (20, n, 9).

    Args:
        values: shape (20, n), upside down for the greatest.
        first, last: the cells reached, shape (20, n).
    """
    states, size = values.shape
    starts = np.minimum.accumulate(values, axis=1)
    ends = np.minimum.accumulate(values[:, ::-1], axis=1)[:, ::-1]
    at_start, at_end = _positions(values, starts), _positions(values[:, ::-1], ends[:, ::-1])
    at_end = size - 1 - at_end[:, ::-1]
    own = nearby[:, None, :]
    cell = np.broadcast_to(first[..., None], (states, size, nearby.shape[1])).copy()
    best = values[own, cell]
    inner = (first > 0) & (last < size - 1)
    for shift in range(1, int((last - first)[inner].max(initial=0)) + 1):
        other = np.minimum(first + shift, last)[..., None]
        there = values[own, other]
        better = (there < best) & inner[..., None]
        best, cell = np.where(better, there, best), np.where(better, other, cell)
    low, high = (first == 0)[..., None], (last == size - 1)[..., None]
    cell = np.where(low, at_start[own, last[..., None]], np.where(high, at_end[own, first[..., None]], cell))
    found: Integers = cell
    return found


def _positions(values: Floats, least: Floats) -> Integers:
    """Where each running minimum along the rows was last reached."""
    numbers = np.where(values == least, np.arange(values.shape[1]), 0)
    found: Integers = np.maximum.accumulate(numbers, axis=1)
    return found
