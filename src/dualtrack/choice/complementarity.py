"""Does each track make the other worth more? The cross-difference of presence and dialogue, in every outcome.

f(p', d') - f(p', d) - f(p, d') + f(p, d), with explanation and the multinational umbrella the same in all four: against
a status quo without them their effect would be mixed in. Above zero is complementarity (supermodularity: Topkis 1998).
It does not say that both tracks together are best: that is another figure, and each is told with the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.estimate import Estimate, share_of
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import DIALOGUES, PRESENCES, Package
from dualtrack.choice.parameters import NAMES, Floats
from dualtrack.choice.question import TOLERANCE

_BETTER = np.array([1.0 if name in ("value", "support") else -1.0 for name in OUTCOMES])
"""Whether more of an outcome is better: challenges, losses, escalation and pressure are to be few."""


@dataclass(frozen=True)
class Square:
    """Four packages: two levels of presence, two of dialogue, and what is the same in all of them."""

    presence: tuple[float, float]
    dialogue: tuple[float, float]
    explain: float
    multinational: float

    @property
    def packages(self) -> tuple[Package, ...]:
        """Neither raised, dialogue alone, presence alone, both."""
        return tuple(Package(p, d, self.explain, self.multinational) for p, d in product(self.presence, self.dialogue))


CORNER = Square((0.0, 2 / 3), (0.0, 1.0), 1.0, 1.0)
"""None or three brigades, none or full dialogue, explained and multinational: the thesis as it is stated."""

CELLS: tuple[Square, ...] = tuple(
    Square(presence, dialogue, explain, multinational)
    for explain, multinational in product((0.0, 1.0), (0.0, 1.0))
    for presence in pairwise(PRESENCES)
    for dialogue in pairwise(DIALOGUES)
)
"""All 24 elementary cells of the 48 packages: one step of each track. Positive in all is supermodular everywhere."""


@dataclass(frozen=True)
class Complement:
    """The cross-difference of one outcome, turned so that above zero the tracks help each other.

    Attributes:
        outcome: which.
        helps, hinders: shares of worlds above and below zero; the rest has none, within the solver's tolerance.
        tenth, median, ninetieth: quantiles over worlds, in the outcome's unit.
    """

    outcome: str
    helps: Estimate
    hinders: Estimate
    tenth: float
    median: float
    ninetieth: float


@dataclass(frozen=True)
class Everywhere:
    """The cross-difference of an outcome in the 24 cells: share of worlds above zero in each, and in all at once."""

    outcome: str
    cells: tuple[Estimate, ...]
    together: Estimate

    @property
    def mean(self) -> float:
        """Mean share over the cells."""
        return float(np.mean([cell.value for cell in self.cells]))

    @property
    def lowest(self) -> tuple[Square, Estimate]:
        """The cell with the smallest share."""
        at = min(range(len(CELLS)), key=lambda cell: self.cells[cell].value)
        return CELLS[at], self.cells[at]


@dataclass(frozen=True)
class Cut:
    """Part of the worlds, by ranges of one or two parameters: share with a cross-difference above zero."""

    ranges: tuple[tuple[float, float], ...]
    helps: Estimate


def crosses(outcomes: Floats, packages: Sequence[Package], square: Square = CORNER) -> Floats:
    """The cross-difference of every outcome, turned so that above zero the tracks help each other; shape (worlds, 6).

    Args:
        outcomes: shape (worlds, packages, 6).
        packages: in the order of the second axis.
        square: the four compared.

    Raises:
        ValueError: one of the four was not solved.
    """
    missing = [package for package in square.packages if package not in packages]
    if missing:
        raise ValueError(f"not among the packages solved: {missing}")
    neither, dialogue, presence, both = (outcomes[:, packages.index(package)] for package in square.packages)
    return np.asarray(_BETTER * ((both - presence) - (dialogue - neither)))


def complementarity(
    outcomes: Floats, packages: Sequence[Package], square: Square = CORNER
) -> tuple[Complement, ...]:  # fmt: skip
    """The cross-difference of every outcome over worlds, in the order of ``OUTCOMES``; see ``crosses``."""
    found = crosses(outcomes, packages, square)
    return tuple(
        Complement(
            name, share_of(own > TOLERANCE), share_of(own < -TOLERANCE), *map(float, np.quantile(own, (0.1, 0.5, 0.9)))
        )
        for name, own in zip(OUTCOMES, found.T, strict=True)
    )


def everywhere(outcomes: Floats, packages: Sequence[Package], outcome: str = "value") -> Everywhere:
    """The cross-difference of an outcome in all 24 cells, in the order of ``CELLS``; see ``crosses``."""
    at = OUTCOMES.index(outcome)
    above = np.stack([crosses(outcomes, packages, cell)[:, at] > TOLERANCE for cell in CELLS], axis=1)
    return Everywhere(outcome, tuple(map(share_of, above.T)), share_of(np.asarray(above.all(axis=1))))


def along(worlds: Floats, cross: Floats, parameter: str, parts: int = 8) -> tuple[Cut, ...]:
    """The share above zero along one parameter, in parts of as many worlds each, from low to high.

    Args:
        worlds: shape (n, 51).
        cross: of one outcome, shape (n,).
        parameter: its symbol; one that all worlds share gives a single part.
        parts: how many.
    """
    return tuple(
        Cut((_ends(values),), share_of(above))
        for values, above in _parted(worlds[:, NAMES.index(parameter)], cross > TOLERANCE, parts)
    )


def over(worlds: Floats, cross: Floats, parameters: tuple[str, str], parts: int = 6) -> tuple[Cut, ...]:
    """The map over two parameters: cells of equal width, those without a world left out; see ``along``."""
    x, y = (worlds[:, NAMES.index(parameter)] for parameter in parameters)
    xs, ys = (np.linspace(values.min(), values.max(), parts + 1) for values in (x, y))
    at = [np.clip(np.searchsorted(e, v, "right") - 1, 0, parts - 1) for e, v in ((xs, x), (ys, y))]
    found = []
    for i, j in product(range(parts), range(parts)):
        inside = (at[0] == i) & (at[1] == j)
        if inside.any():
            ranges = ((float(xs[i]), float(xs[i + 1])), (float(ys[j]), float(ys[j + 1])))
            found.append(Cut(ranges, share_of(cross[inside] > TOLERANCE)))
    return tuple(found)


def decisive(worlds: Floats, cross: Floats, parts: int = 8) -> tuple[tuple[str, float], ...]:
    """Parameters by how far the share above zero moves along them, the farthest first; see ``along``."""
    moved = []
    for name in NAMES:
        shares = [cut.helps.value for cut in along(worlds, cross, name, parts)]
        moved.append((name, max(shares) - min(shares)))
    return tuple(sorted(moved, key=lambda one: (-one[1], one[0])))


def _parted(values: Floats, yes: NDArray[np.bool_], parts: int) -> list[tuple[Floats, NDArray[np.bool_]]]:
    if values.min() == values.max():
        return [(values, yes)]
    order = np.argsort(values, kind="stable")
    return [(values[own], yes[own]) for own in np.array_split(order, min(parts, len(values)))]


def _ends(values: Floats) -> tuple[float, float]:
    return float(values.min()), float(values.max())
