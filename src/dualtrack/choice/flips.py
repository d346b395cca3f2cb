"""The value of an assumption at which the best package changes, all else at the nominal world of a set of priors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dualtrack.choice.constant import constant
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import COLUMN, NAMES, Floats
from dualtrack.choice.ranges import Ranges

_GRID = 33  # values looked at within a range before a change is closed in on
_CLOSE = 12  # rounds of closing in: each cuts a stretch to a sixteenth
_CUTS = 17


@dataclass(frozen=True)
class Flip:
    """One parameter: where the best package changes, nearest to its nominal value, and to which.

    Attributes:
        parameter: its symbol.
        low, nominal, high: its range.
        value: where the best package changes; None where one is best over the whole range.
        before, after: the best at the nominal value, and beyond ``value``.
        swing: how far the first package's advantage over the best of the others moves over the range.
        ends: that advantage at the two ends of the range.
    """

    parameter: str
    low: float
    nominal: float
    high: float
    value: float | None
    before: str
    after: str | None
    swing: float
    ends: tuple[float, float]


def flips(box: Ranges, packages: Sequence[Package], names: Sequence[str], of: str) -> list[Flip]:
    """Every parameter with a range, by how far it moves the advantage of one package, the farthest first.

    Args:
        box: ranges, and the nominal world.
        packages: those compared.
        names: what they are called.
        of: the package whose advantage over the best of the others is told.
    """
    own = list(names).index(of)
    moved = [name for name in NAMES if box.high[COLUMN[name]] > box.low[COLUMN[name]]]
    lines = [np.linspace(box.low[COLUMN[name]], box.high[COLUMN[name]], _GRID) for name in moved]
    grids = np.concatenate([_along(box, name, line) for name, line in zip(moved, lines, strict=True)])
    values = constant(grids, packages)[:, :, 0].reshape(len(moved), _GRID, len(packages))
    nominal = int(constant(box.nominal[None], packages)[0, :, 0].argmax())
    found = []
    for name, line, at in zip(moved, lines, values, strict=True):
        ahead = at[:, own] - np.delete(at, own, axis=1).max(axis=1)
        change = _nearest(box, name, line, at.argmax(axis=1), nominal, packages)
        found.append(
            Flip(
                name, float(line[0]), float(box.nominal[COLUMN[name]]), float(line[-1]),
                change[0] if change else None, names[nominal], names[change[1]] if change else None,
                float(ahead.max() - ahead.min()), (float(ahead[0]), float(ahead[-1])),
            )
        )  # fmt: skip
    return sorted(found, key=lambda flip: (-flip.swing, flip.parameter))


def _along(box: Ranges, name: str, line: Floats) -> Floats:
    worlds = np.repeat(box.nominal[None], len(line), axis=0)
    worlds[:, COLUMN[name]] = line
    return worlds


def _nearest(
    box: Ranges, name: str, line: Floats, best: np.ndarray, nominal: int, packages: Sequence[Package]
) -> tuple[float, int] | None:
    """The change of the best package nearest to the nominal value, closed in on, and what is best beyond it."""
    centre = box.nominal[COLUMN[name]]
    other = np.flatnonzero(best != nominal)
    if not len(other):
        return None
    at = int(other[np.abs(line[other] - centre).argmin()])
    inside, outside, beyond = float(centre), float(line[at]), int(best[at])
    for _ in range(_CLOSE):
        steps = np.linspace(inside, outside, _CUTS)
        found = constant(_along(box, name, steps), packages)[:, :, 0].argmax(axis=1)
        first = int(np.flatnonzero(found != nominal)[0])
        if first == 0:
            return float(inside), int(found[0])
        inside, outside, beyond = float(steps[first - 1]), float(steps[first]), int(found[first])
        if abs(outside - inside) <= 1e-6 * max(1.0, abs(outside)):
            break
    return outside, beyond
