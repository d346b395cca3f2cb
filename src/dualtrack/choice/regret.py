"""Regret: what a package falls short of the best in each world; and a ranking that does not claim more than it knows.

Savage (1951); for robustness over many worlds Lempert, Popper and Bankes (2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dualtrack.choice.estimate import mean_of, share_of
from dualtrack.choice.parameters import Floats


@dataclass(frozen=True)
class Regret:
    """Regret of one package over worlds, in the unit of value.

    ``error`` is the standard error of the mean, ``ninetieth_error`` that of the ninetieth percentile, infinite where
    there are too few worlds to tell; ``most`` is the largest of the sample and has none: more worlds can only raise it.
    ``best`` is the share of worlds in which no other of those compared is better, with its own standard error.
    """

    name: str
    mean: float
    error: float
    ninetieth: float
    ninetieth_error: float
    most: float
    best: float
    best_error: float


def regrets(values: Floats, among: Floats | None = None) -> Floats:
    """Regret against the best of the packages compared, shape (worlds, packages); 0 where a package is the best.

    Args:
        values: shape (worlds, packages).
        among: values of further packages that could have been chosen, as all 48, shape (worlds, others).
    """
    best = values.max(axis=1) if among is None else np.maximum(values.max(axis=1), among.max(axis=1))
    return np.asarray(best[:, None] - values)


def regret(values: Floats, names: Sequence[str], among: Floats | None = None) -> list[Regret]:
    """Each package's regret, in the order given; see ``regrets``."""
    short = regrets(values, among)
    winners = values.argmax(axis=1)
    found = []
    for number, (name, own) in enumerate(zip(names, short.T, strict=True)):
        mean, best = mean_of(own), share_of(winners == number)
        found.append(
            Regret(
                name, mean.value, mean.error, float(np.quantile(own, 0.9)), _error_of_quantile(own, 0.9),
                float(own.max()), best.value, best.error,
            )
        )  # fmt: skip
    return found


def _error_of_quantile(values: Floats, at: float) -> float:
    """Half the distance between the quantiles one binomial standard error below and above (Woodruff 1952)."""
    n = len(values)
    error = np.sqrt(at * (1 - at) / n)
    if n * min(at, 1 - at) < 5:
        return float("inf")
    low, high = np.quantile(values, (at - error, at + error))
    return float((high - low) / 2)


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
    found = mean_of(difference)
    return found.sure and abs(found.value) > gap
