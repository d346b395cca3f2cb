"""The value of the best adaptive package in a world: certified from both sides on a grid of beliefs.

    V(b, x) = max_a { r_b + gamma sum_o P(o|b) sum_x' P(x'|x, a, o) V(b'_o, x') }

**The adversary is myopic** (gR = 0 inside this layer): it answers today's package and does not foresee how the alliance
will adapt. Constant packages (``constant.py``) meet an adversary that looks ahead; the two are not to be compared
without setting gR to 0 there (``information.py`` does).

Why the bounds hold. V is convex in b, so linear interpolation between grid beliefs is never below it: the fixed point
of the interpolated operator is an upper bound, and no more than gamma / (1 - gamma) times the largest change of the
last full step above the values that step gave. Below, a controller with a node for each state and grid belief is a
policy somebody could follow; its value by type is an alpha vector, exact but for the residual of its linear system, of
which gamma / (1 - gamma) times the least is taken off. A step back from what is achievable is achievable, so the
updates that follow may stop at any time. (Interpolation: Lovejoy, "Computationally Feasible Bounds for Partially
Observed Markov Decision Processes", Operations Research 39 (1991) 162-175; controllers: Hansen, "Solving POMDPs by
Searching in Policy Space", UAI 1998.)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice import belief_numpy
from dualtrack.choice.beliefs import GRIDS, Grid, checked, grid
from dualtrack.choice.decision import START_STATE, Decision, Integers, Sweep, decisions, on_grid
from dualtrack.choice.package import PACKAGES, Package
from dualtrack.choice.parameters import NAMES, Floats
from dualtrack.core.errors import BadInput
from dualtrack.core.extras import needed

Engine = Literal["auto", "numpy", "compiled"]

ADVERSARY = "myopic"
"""What every result of this layer assumes of the adversary."""

_CHUNK = 64  # worlds whose arrays are made at once
_FEW = 8  # worlds that numpy has solved before compiled code is made for the first time (about 15 seconds)
_ROUNDS = 500  # of policy iteration: three to eight are usual, more only where the linear solver breaks down
_STEPS = 200  # of the linear solver: thirty are usual
_ROUGH = 0.02  # a policy's values are solved to this share of the last change: the next policy differs anyway
_SHARE = 0.05  # of the gap that is allowed, left to each residual
_NEAR = 0.003  # packages within this share of the best on a coarse grid are looked at first on the next
_BATCH, _MOST = 4, 40  # updates of alpha vectors between two looks at the gap, and in all
_ROUNDING = 1e-14  # of the largest value: what one step may lose in floating point
_FINEST = 1e-7  # relative tolerance that residuals are solved to where no gap is allowed at all


class Bounds(NamedTuple):
    """A value is at least ``lower`` and at most ``upper``: figures, or arrays of one shape."""

    lower: Any
    upper: Any


@dataclass(frozen=True)
class Adaptive:
    """The best adaptive package in one world, against a myopic adversary.

    Attributes:
        decision: the problem, with the packages.
        points: the grid of B beliefs.
        upper: shape (20, B), at least the value; linear between beliefs.
        alphas: shape (2, 20, B), by type: each scores a belief (1 - b) alpha_S + b alpha_G, at most the value.
        chosen: shape (20, B), the package of the policy that attains the lower bound, by number.
        settled: whether the gap asked for was reached.
    """

    decision: Decision
    points: Grid
    upper: Floats
    alphas: Floats
    chosen: Integers
    settled: bool

    @property
    def adversary(self) -> str:
        """What is assumed of the adversary."""
        return ADVERSARY

    def bounds(self, beliefs: Floats | float, state: int = START_STATE) -> Bounds:
        """Bounds at beliefs in a state, arrays of the shape of ``beliefs``.

        Raises:
            BadInput: a belief outside [0, 1].
        """
        wanted = checked(beliefs)
        below, weight = self.points.weights(wanted)
        here = self.upper[state, below]
        upper = here + weight * (self.upper[state, below + 1] - here)
        seeking, greedy = self.alphas[:, state]
        lower = (seeking + wanted[..., None] * (greedy - seeking)).max(axis=-1)
        return Bounds(lower, upper)

    @property
    def value(self) -> Bounds:
        """Bounds at the start, with the world's prior belief."""
        lower, upper = self.bounds(self.decision.belief)
        return Bounds(float(lower), float(upper))

    @property
    def gap(self) -> float:
        """The distance of the bounds at the start, relative to the value."""
        return _relative(*self.value)

    @property
    def lower(self) -> Floats:
        """The lower bound at the beliefs of the grid, shape (20, B)."""
        seeking, greedy = self.alphas
        found: Floats = (seeking[..., None] + self.points.beliefs * (greedy - seeking)[..., None]).max(axis=1)
        return found

    @property
    def widest(self) -> float:
        """The largest relative distance of the bounds in any state at any belief of the grid."""
        return _relative(self.lower, self.upper)


def adaptive(
    world: Floats,
    packages: Sequence[Package] = PACKAGES,
    tolerance: float = 1e-3,
    grids: Sequence[int] = GRIDS,
    everywhere: bool = False,
    engine: Engine = "auto",
) -> Adaptive:
    """The best adaptive package in one world; see ``adaptives``.

    Args:
        world: shape (51,).
    """
    return adaptives(np.asarray(world)[None], packages, tolerance, grids, everywhere, engine, threads=1)[0]


def adaptives(
    worlds: Floats,
    packages: Sequence[Package] = PACKAGES,
    tolerance: float = 1e-3,
    grids: Sequence[int] = GRIDS,
    everywhere: bool = False,
    engine: Engine = "auto",
    threads: int | None = None,
    told: Callable[[int], None] = lambda done: None,
) -> list[Adaptive]:
    """The best adaptive package in each world; the same bytes whatever the threads, the engine or the other worlds.

    Args:
        worlds: shape (n, 51).
        packages: what the alliance may choose from in any quarter.
        tolerance: the gap asked for, relative to the value; 0 is as close as the finest grid comes.
        grids: numbers of beliefs, from coarse to fine; the first that reaches the gap is the last one used.
        everywhere: whether the gap is asked of every state and belief of the grid, or at the start only.
        engine: ``auto`` takes the compiled one where the extra ``kernels`` is installed, for more than a few worlds.
        threads: as many as there are processors unless given.
        told: called with the number of worlds done, now and then.

    Raises:
        BadInput: no grid, a grid too small, no package, or the extra is missing for ``compiled``.
    """
    if not grids:
        raise BadInput("No belief grid is given.", f"Give sizes, for example {GRIDS}.")
    kernels = kernels_of(engine, len(worlds))
    found: list[Adaptive] = []
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for start in range(0, len(worlds), _CHUNK):
            problems = decisions(worlds[start : start + _CHUNK], packages)
            found.extend(pool.map(lambda one: solved(one, kernels, tolerance, grids, everywhere), problems))
            told(len(found))
    return found


def kernels_of(engine: Engine, worlds: int) -> Any:
    """The module that sweeps: ``belief_compiled`` or ``belief_numpy``, which have the same functions.

    Raises:
        BadInput: the compiled one is asked for and the extra is missing.
    """
    if engine == "numpy" or (engine == "auto" and ((worlds < _FEW and not _made()) or find_spec("numba") is None)):
        return belief_numpy
    needed("numba", "kernels", "The compiled engine")
    return _compiled()


@lru_cache(maxsize=1)
def _compiled() -> Any:
    """The compiled sweeps, loaded or, for the first time on a machine, made: which is then said on standard error."""
    from dualtrack.choice import belief_compiled as kernels
    from dualtrack.choice.lanes import listening

    [smallest] = decisions(np.full((1, len(NAMES)), 0.5), PACKAGES[:1])
    with listening():
        solution = solved(smallest, kernels, 0.0, (5,))
        kernels.improve(on_grid(smallest, 5), solution.chosen, solution.alphas, 1)
    return kernels


def _made() -> bool:
    """Whether compiled code lies on this machine already."""
    cache = os.path.join(os.path.dirname(__file__), "__pycache__")
    return os.path.isdir(cache) and any(name.startswith("belief_compiled.look-") for name in os.listdir(cache))


def solved(
    decision: Decision, kernels: Any, tolerance: float, grids: Sequence[int], everywhere: bool = False
) -> Adaptive:
    """One decision; the arguments are those of ``adaptives``."""
    last: Adaptive | None = None
    for level in _levels(decision, kernels, max(tolerance, _FINEST), grids, everywhere):
        final = len(level.sweep.beliefs) == grids[-1]
        if level.hopeless and not final:
            continue
        last = _certified(decision, kernels, level, tolerance, final, everywhere)
        if last.settled:
            break
    assert last is not None  # the last grid is always certified
    return last


class _Level(NamedTuple):
    """The upper bound on one grid: values (20, B) of the last full step, the greedy policy, and how the bound goes on.

    ``hopeless``: the change from the grid before tells that the gap will not be reached here.
    """

    sweep: Sweep
    upper: Floats
    chosen: Integers
    stop: float
    hopeless: bool


def _levels(
    decision: Decision, kernels: Any, tolerance: float, grids: Sequence[int], everywhere: bool
) -> Iterator[_Level]:
    """Upper bounds on finer and finer grids, each started from the one before."""
    coarse: Grid | None = None
    values = upper = np.zeros((0, 0))
    near: NDArray[np.bool_] | None = None
    for size in grids:
        sweep, points = on_grid(decision, size), grid(size)
        before = np.zeros((decision.rewards.shape[2], size))
        if coarse is not None:
            below, weight = coarse.weights(points.beliefs)
            before = values[:, below] + weight * (values[:, below + 1] - values[:, below])
            near = near[:, :, below] | near[:, :, below + 1] if near is not None else None
        values, chosen, worth, change = _policy_iteration(kernels, sweep, before, near, tolerance, everywhere)
        ahead = decision.discount / (1 - decision.discount)
        slack = _ROUNDING * float(np.abs(values).max()) / (1 - decision.discount)
        upper = values + ahead * change + slack
        near = worth >= values - _NEAR * np.abs(values)
        # Interpolation errs by the square of the step, so three quarters of the error go with each halving.
        moved = _relative(values, before) if everywhere else _relative(*_at_start(decision, points, values, before))
        hopeless = coarse is None or moved / 3 > tolerance
        yield _Level(sweep, upper, chosen, _stop(decision, values, tolerance, everywhere), hopeless)
        coarse = points


def _policy_iteration(
    kernels: Any, sweep: Sweep, values: Floats, near: NDArray[np.bool_] | None, tolerance: float, everywhere: bool
) -> tuple[Floats, Integers, Floats, float]:
    """Values and policy on a grid, worth of each package, and the largest change of the last step, over all packages.

    Modified policy iteration; packages far from the best on the coarser grid are left out until the others settle.
    """
    shape = (len(sweep.signal), *values.shape)
    everything = np.ones(shape, dtype=np.bool_)
    among = everything if near is None else near
    worth = np.empty(shape)
    for _ in range(_ROUNDS):
        kernels.look(sweep, values, among, worth)
        best, chosen = worth.max(axis=0), worth.argmax(axis=0)
        change = best - values
        values = best
        largest = float(np.abs(change).max())
        ahead = sweep.discount / (1 - sweep.discount)
        if ahead * largest <= _SHARE * tolerance * _scale(values, everywhere):
            if among is everything:
                break
            among = everything
            continue
        if among is everything and near is not None:
            among = near = near | (worth >= values - _NEAR * np.abs(values))
        operator = kernels.interpolation(sweep, chosen)
        flat = values.ravel().copy()
        kernels.solve(*operator, flat, _STEPS, _ROUGH * largest)
        if np.isfinite(flat).all() and _residual(kernels, operator, flat)[1] < largest:
            values = flat.reshape(values.shape)
    if among is not everything:  # rounds ran out; a bound needs a step over all packages
        kernels.look(sweep, values, everything, worth)
        best, chosen = worth.max(axis=0), worth.argmax(axis=0)
        change, values = best - values, best
    return values, chosen, worth, float(change.max())


def _certified(
    decision: Decision, kernels: Any, level: _Level, tolerance: float, final: bool, everywhere: bool
) -> Adaptive:
    """The lower bound on a grid, updated while the gap is near enough to what is asked for."""
    points = grid(len(level.sweep.beliefs))
    alphas = _controlled(kernels, level, points)

    def result(settled: bool) -> Adaptive:
        return Adaptive(decision, points, level.upper, alphas, level.chosen, settled)

    spent = 0
    while True:
        so_far = result(True)
        gap = so_far.widest if everywhere else so_far.gap
        if gap <= tolerance:
            return so_far
        if spent >= _MOST or (gap > 2 * tolerance and not final):
            return result(False)
        kernels.improve(level.sweep, level.chosen, alphas, _BATCH)
        spent += _BATCH


def _controlled(kernels: Any, level: _Level, points: Grid) -> Floats:
    """Alpha vectors (2, 20, B) of the controller that follows the greedy policy, certified by their residuals."""
    sweep, values = level.sweep, level.upper
    b = points.beliefs
    slope = np.empty_like(values)
    slope[:, 1:-1] = (values[:, 2:] - values[:, :-2]) / (b[2:] - b[:-2])
    slope[:, 0], slope[:, -1] = (values[:, 1] - values[:, 0]) / b[1], (values[:, -1] - values[:, -2]) / (1 - b[-2])
    tangents = np.stack([values - b * slope, values + (1 - b) * slope])
    counts, index, weights, now = kernels.controller(sweep, level.chosen, tangents)
    ahead = sweep.discount / (1 - sweep.discount)
    alphas = np.empty_like(tangents)
    for kind in (0, 1):
        operator = counts, index, weights[kind], now[kind]
        start = tangents[kind].ravel()
        flat = start.copy()
        kernels.solve(*operator, flat, _STEPS, level.stop)
        if not np.isfinite(flat).all():
            flat = start
        stepped = np.empty_like(flat)
        kernels.apply(*operator[:3], flat, stepped)
        stepped += now[kind]
        least = float((stepped - flat).min())
        slack = _ROUNDING * float(np.abs(stepped).max()) / (1 - sweep.discount)
        alphas[kind] = (stepped + ahead * least - slack).reshape(values.shape)
    return alphas


def _residual(kernels: Any, operator: belief_numpy.Operator, flat: Floats) -> tuple[Floats, float]:
    """One step of an operator from values, and the largest change."""
    stepped = np.empty_like(flat)
    kernels.apply(*operator[:3], flat, stepped)
    stepped += operator[3]
    return stepped, float(np.abs(stepped - flat).max())


def _scale(values: Floats, everywhere: bool) -> float:
    """The value that a relative gap is of: the smallest anywhere, or at the start in the middle of the grid."""
    size = float(np.abs(values).min() if everywhere else np.abs(values[START_STATE, values.shape[1] // 2]))
    return max(size, 1e-9)


def _stop(decision: Decision, values: Floats, tolerance: float, everywhere: bool) -> float:
    """The residual that leaves a small share of the gap."""
    return _SHARE * tolerance * _scale(values, everywhere) * (1 - decision.discount) / decision.discount


def _at_start(decision: Decision, points: Grid, *values: Floats) -> tuple[Floats, ...]:
    """Values (20, B) at the start, with the prior belief."""
    below, weight = points.weights(np.asarray(decision.belief))
    rows = [value[START_STATE] for value in values]
    return tuple(row[below] + weight * (row[below + 1] - row[below]) for row in rows)


def _relative(one: Any, other: Any) -> float:
    """The largest distance of two values or arrays, relative to the larger size."""
    size = np.maximum(np.maximum(np.abs(one), np.abs(other)), 1e-9)
    return float((np.abs(np.asarray(other) - one) / size).max())
