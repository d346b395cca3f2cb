"""Policy maps: which package is best in each state at each belief, and where the bounds cannot tell.

A package is ruled out where an upper bound of its worth is under the lower bound of the value: it cannot be optimal
there. Where one is left, it is the best; where more are left, the map says so and names them, and still tells the
levels on which all of them agree. The adversary is myopic, as everywhere in ``adaptive.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.adaptive import Adaptive, Bounds, Engine, kernels_of, solved
from dualtrack.choice.beliefs import GRIDS
from dualtrack.choice.decision import Integers, decisions, on_grid
from dualtrack.choice.outcomes import SUPPORTS, TENSIONS
from dualtrack.choice.package import PACKAGES, Package
from dualtrack.choice.parameters import Floats

CANNOT_TELL = "cannot tell"

_CHUNK = 64  # worlds whose arrays are made at once


class Cell(NamedTuple):
    """One place of the map.

    ``package`` is None where the bounds cannot tell; ``open`` are the packages not ruled out, best first. ``advantage``
    is how much more the first is worth than the second, by upper bounds, and ``gap`` the distance of the bounds.
    """

    tension: int
    support: float
    belief: float
    package: Package | None
    open: tuple[Package, ...]
    advantage: float
    gap: float
    value: Bounds


@dataclass(frozen=True)
class PolicyMap:
    """The best package by state and belief of the grid (B), with what is not certain.

    Attributes:
        solution: the adaptive package it was read from.
        worth: shape (A, 20, B), at least what each package now, and the best ones later, are worth.
        lower: shape (20, B), at most the value.
    """

    solution: Adaptive
    worth: Floats
    lower: Floats

    @property
    def beliefs(self) -> Floats:
        """The B beliefs."""
        return self.solution.points.beliefs

    @property
    def packages(self) -> tuple[Package, ...]:
        """The A packages."""
        return self.solution.decision.packages

    @property
    def best(self) -> Integers:
        """The package of the greatest worth by number, shape (20, B), certain or not."""
        found: Integers = self.worth.argmax(axis=0)
        return found

    @property
    def open(self) -> NDArray[np.bool_]:
        """Which packages the bounds do not rule out, shape (A, 20, B)."""
        found: NDArray[np.bool_] = self.worth >= self.lower
        return found

    @property
    def told(self) -> NDArray[np.bool_]:
        """Where a single package is left, shape (20, B)."""
        found: NDArray[np.bool_] = self.open.sum(axis=0) == 1
        return found

    def levels(self, instrument: str) -> Floats:
        """The level of ``presence``, ``dialogue``, ``explain`` or ``multinational`` that every open package has, shape
        (20, B); not-a-number where they do not agree."""
        level = np.array([getattr(package, instrument) for package in self.packages])[:, None, None]
        least = np.where(self.open, level, np.inf).min(axis=0)
        most = np.where(self.open, level, -np.inf).max(axis=0)
        return np.where(least == most, least, np.nan)

    def cell(self, state: int, point: int) -> Cell:
        """One place, by numbers of state and belief."""
        worth, lower = self.worth[:, state, point], float(self.lower[state, point])
        order = np.argsort(-worth, kind="stable")
        left = tuple(self.packages[n] for n in order if worth[n] >= lower)
        support, tension = divmod(state, len(TENSIONS))
        upper = float(worth[order[0]])
        return Cell(
            TENSIONS[tension], SUPPORTS[support], float(self.beliefs[point]),
            left[0] if len(left) == 1 else None, left,
            upper - float(worth[order[1]]) if len(order) > 1 else np.inf,
            upper - lower, Bounds(lower, upper),
        )  # fmt: skip

    def cells(self) -> Iterator[Cell]:
        """Every place: by tension, then support, then belief."""
        for tension in range(len(TENSIONS)):
            for support in range(len(SUPPORTS)):
                for point in range(len(self.beliefs)):
                    yield self.cell(support * len(TENSIONS) + tension, point)


def policy_map(
    world: Floats,
    packages: Sequence[Package] = PACKAGES,
    tolerance: float = 1e-3,
    grids: Sequence[int] = GRIDS,
    engine: Engine = "auto",
) -> PolicyMap:
    """The policy map of one world, its bounds ``tolerance`` apart at most in every state at every belief of the grid,
    relative to the value (or as close as the finest grid comes: ``solution.settled``).

    Args:
        world: shape (51,).
        packages, tolerance, grids, engine: as in ``adaptive.adaptives``, which also tells what is raised.
    """
    return policy_maps(np.asarray(world)[None], packages, tolerance, grids, engine, threads=1)[0]


def policy_maps(
    worlds: Floats,
    packages: Sequence[Package] = PACKAGES,
    tolerance: float = 1e-3,
    grids: Sequence[int] = GRIDS,
    engine: Engine = "auto",
    threads: int | None = None,
    told: Callable[[int], None] = lambda done: None,
) -> list[PolicyMap]:
    """The policy map of each world, of shape (n, 51); the same bytes for any number of threads."""
    kernels = kernels_of(engine, len(worlds))
    found: list[PolicyMap] = []
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for start in range(0, len(worlds), _CHUNK):
            problems = decisions(worlds[start : start + _CHUNK], packages)
            found.extend(pool.map(lambda one: mapped(solved(one, kernels, tolerance, grids, True), kernels), problems))
            told(len(found))
    return found


def mapped(solution: Adaptive, kernels: Any) -> PolicyMap:
    """The map of a solution: one step over all packages from its upper bound."""
    sweep = on_grid(solution.decision, len(solution.points))
    worth = np.empty((len(sweep.signal), *solution.upper.shape))
    kernels.look(sweep, solution.upper, np.ones(worth.shape, dtype=np.bool_), worth)
    return PolicyMap(solution, worth, solution.lower)
