"""How a value comes from the figures behind it, as far as it can be told from the figures themselves.

A finding does not say its formula to a machine. The few formulas there are (one figure, a sum, a ratio, a share, a
difference, a change in percent) are tried on the published figures; the one that gives the published value is taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dualtrack.claims.values import Span
from dualtrack.core.finding import Figure

Values = Sequence[float]


@dataclass(frozen=True)
class Formula:
    """A value computed from figures, and the figure that would give another value if the others stayed.

    ``grows`` says of each figure whether the value grows with it.
    """

    name: str
    value: Callable[[Values], float]
    inverse: Callable[[Values, int, float], float]
    grows: Callable[[int], bool]


def _safe(above: float, below: float) -> float:
    return above / below if below else math.inf if above > 0 else math.nan


_SUM = Formula("sum", math.fsum, lambda v, i, t: t - (math.fsum(v) - v[i]), lambda i: True)
_PAIRS = (
    Formula("ratio", lambda v: _safe(v[0], v[1]), lambda v, i, t: t * v[1] if i == 0 else _safe(v[0], t),
            lambda i: i == 0),
    Formula("share", lambda v: 100 * _safe(v[0], v[1]),
            lambda v, i, t: t * v[1] / 100 if i == 0 else 100 * _safe(v[0], t), lambda i: i == 0),
    Formula("difference", lambda v: v[0] - v[1], lambda v, i, t: t + v[1] if i == 0 else v[0] - t, lambda i: i == 0),
    Formula("change in percent", lambda v: 100 * _safe(v[0] - v[1], v[1]),
            lambda v, i, t: v[1] * (1 + t / 100) if i == 0 else _safe(v[0], 1 + t / 100), lambda i: i == 0),
)  # fmt: skip


def formula(parts: Sequence[Figure], value: Span) -> Formula | None:
    """The formula that gives the value from the figures, or None where none of those known does."""
    candidates = [_SUM] if len(parts) != 2 else [*_PAIRS, _SUM]
    if not parts:
        return None
    return next((found for found in candidates if _gives(found, parts, value)), None)


def _gives(found: Formula, parts: Sequence[Figure], value: Span) -> bool:
    ends = {"best": [part.best for part in parts]}
    for end in ("low", "high"):
        other = "low" if end == "high" else "high"
        ends[end] = [getattr(part, end if found.grows(i) else other) for i, part in enumerate(parts)]
    tried = 0
    for end, figures in ends.items():
        told = getattr(value, end)
        known = [figure for figure in figures if figure is not None]
        if told is None or len(known) < len(figures):
            continue
        tried += 1
        if not math.isclose(found.value(known), told, rel_tol=1e-6, abs_tol=1e-9):
            return False
    return tried > 0
