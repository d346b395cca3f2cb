"""How firmly a verdict stands: corners of the sources' ranges, and the smallest change of a figure that flips it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from dualtrack.claims.comparators import Test, edges, judge
from dualtrack.claims.formula import Formula, formula
from dualtrack.claims.values import Span
from dualtrack.core.finding import Figure
from dualtrack.core.show import amount
from dualtrack.core.verdict import Verdict

_CORNERS_OF = 6
"""Ranges up to which every corner is taken (2^6); of more, a Latin hypercube of so many draws."""
_DRAWS = 256


@dataclass(frozen=True)
class Tally:
    """Of how many cases the claim holds."""

    holds: int
    of: int


@dataclass(frozen=True)
class Flip:
    """One figure and the line beyond which the verdict is another one.

    ``distance`` is the share of the figure by which it would have to change; infinite for a figure of zero.
    """

    figure: str
    unit: str
    side: str
    at: float
    now: float | None
    distance: float

    def __str__(self) -> str:
        return f"{self.side} {amount(self.at)}{f' {self.unit}' if self.unit else ''}"


def corners(value: Span, parts: Sequence[Figure], test: Test) -> Tally | None:
    """The claim at every corner of the ranges the sources give, or None where there is no range.

    A bound that is not on record gives no corner.
    """
    how = formula(parts, value)
    figures = parts if how else [Figure(label="", low=value.low, best=value.best, high=value.high)]
    ends = [list(dict.fromkeys(v for v in (p.low, p.high) if v is not None)) for p in figures]
    if all(len(some) < 2 for some in ends) or not all(ends):
        return None
    draws = list(product(*ends)) if sum(len(some) > 1 for some in ends) <= _CORNERS_OF else _drawn(ends)
    values = [how.value(draw) if how else draw[0] for draw in draws]
    known = [v for v in values if math.isfinite(v)]
    return Tally(sum(_holds(v, test) for v in known), len(known)) if known else None


def _drawn(ends: Sequence[Sequence[float]]) -> list[tuple[float, ...]]:
    """A Latin hypercube over the ranges, always the same one."""
    random = np.random.default_rng(0)
    columns = []
    for some in ends:
        low, high = min(some), max(some)
        places = (random.permutation(_DRAWS) + 0.5) / _DRAWS
        columns.append(low + places * (high - low))
    return [tuple(map(float, draw)) for draw in np.stack(columns, axis=1)]


def _holds(value: float, test: Test) -> bool:
    judged = judge(Span.exactly(value), test)
    return judged is not None and judged.verdict.holds


def flips(value: Span, parts: Sequence[Figure], test: Test, verdict: Verdict) -> list[Flip]:
    """The lines of each figure beyond which the verdict is another one, nearest first; the others stay as they are."""
    if verdict in (Verdict.CANNOT_TELL, Verdict.DEPENDS):
        return []
    how = formula(parts, value)
    figures = parts if how else [Figure(label="", low=value.low, best=value.best, high=value.high, unit=value.unit)]
    found = [flip for i in range(len(figures)) for flip in _of_figure(figures, i, how, test, verdict)]
    return sorted(found, key=lambda flip: flip.distance)


def _of_figure(figures: Sequence[Figure], i: int, how: Formula | None, test: Test, verdict: Verdict) -> Iterator[Flip]:
    bases = [_base(figure) for figure in figures]
    known = [base for base in bases if base is not None]
    if len(known) < len(bases):
        return
    for side, line in edges(test, verdict):
        grows = how is None or how.grows(i)
        at = line if how is None else how.inverse(known, i, line)
        if not math.isfinite(at) or at < 0 <= known[i]:
            continue  # no count or strength is below zero
        where = side if grows or side == "at" else {"below": "above", "above": "below"}[side]
        now = known[i]
        if (where == "below" and at > now) or (where == "above" and at < now):
            continue  # the line lies on the other side of where the figure stands
        distance = abs(at - now) / abs(now) if now else math.inf
        yield Flip(figures[i].label or figures[i].role, _unit(figures[i]), where, at, now, distance)


def _base(figure: Figure) -> float | None:
    """The figure from which the distance is measured: the single one, else the middle of its range."""
    if figure.best is not None:
        return figure.best
    if figure.low is not None and figure.high is not None:
        return (figure.low + figure.high) / 2
    return figure.low if figure.high is None else figure.high


def _unit(figure: Figure) -> str:
    return figure.unit or ""
