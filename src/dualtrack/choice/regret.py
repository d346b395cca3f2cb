"""Regret: what a package falls short of the best in each world; and a ranking that does not claim more than it knows.

Savage (1951); for robustness over many worlds Lempert, Popper and Bankes (2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dualtrack.choice.parameters import Floats

_SURE = 1.96
"""Standard errors within which two means are not told apart."""


@dataclass(frozen=True)
class Regret:
    """Regret of one package over worlds, in the unit of value.

    ``error`` is the standard error of the mean; ``best`` the share of worlds in which no other of those compared is
    better, with its own standard error.
    """

    name: str
    mean: float
    error: float
    ninetieth: float
    most: float
    best: float
    best_error: float


def regrets(values: Floats) -> Floats:
    """Regret against the best of the packages compared, shape (worlds, packages); 0 where a package is the best.

    Args:
        values: shape (worlds, packages).
    """
    return np.asarray(values.max(axis=1, keepdims=True) - values)


def regret(values: Floats, names: Sequence[str]) -> list[Regret]:
    """Each package's regret, in the order given."""
    short = regrets(values)
    n = len(short)
    winners = np.bincount(values.argmax(axis=1), minlength=len(names)) / n
    return [
        Regret(
            name=name,
            mean=float(own.mean()),
            error=float(own.std(ddof=1) / np.sqrt(n)) if n > 1 else float("inf"),
            ninetieth=float(np.quantile(own, 0.9)),
            most=float(own.max()),
            best=float(share),
            best_error=float(np.sqrt(share * (1 - share) / n)),
        )
        for name, own, share in zip(names, short.T, winners, strict=True)
    ]


def ranking(values: Floats, names: Sequence[str], gap: float = 0.0) -> list[list[str]]:
    """Packages by mean regret, in tiers: those of a tier cannot be told apart from its first.

    Two packages are told apart where the mean of their difference over the same worlds is more than 1.96 standard
    errors from zero, and more than the gap between the bounds of their values.

    Args:
        values: shape (worlds, packages).
        names: of the packages.
        gap: how far a value may be from the true one; 0 for exact values.
    """
    order = np.argsort(-values.mean(axis=0), kind="stable")
    tiers: list[list[str]] = []
    first = None
    for number in order:
        if first is not None and not _apart(values[:, first] - values[:, number], gap):
            tiers[-1].append(names[number])
        else:
            tiers.append([names[number]])
            first = number
    return [sorted(tier) for tier in tiers]


def _apart(difference: Floats, gap: float) -> bool:
    n = len(difference)
    error = difference.std(ddof=1) / np.sqrt(n) if n > 1 else np.inf
    return bool(abs(difference.mean()) > max(_SURE * error, gap))
