"""What to choose where nobody knows the odds: the classical criteria, side by side.

Laplace: the best mean. Savage (1951): the smallest largest regret. Hurwicz (1951): optimism times the best case and
the rest times the worst; with no optimism it is Wald's (1950). Starr (1963): the largest share of worlds in which a
package is best. Which to use is the reader's choice; that they differ is a result.

Means and shares have a sampling error and are ranked within it. Largest and smallest values of a sample have none that
holds (resampling fails for extremes: Bickel and Freedman 1981), so the sample is taken in blocks: a leader is told only
where it leads in every block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dualtrack.choice.estimate import mean_of
from dualtrack.choice.parameters import Floats
from dualtrack.choice.regret import ranking, regrets

_BLOCKS = 8


@dataclass(frozen=True)
class Criterion:
    """What one criterion says.

    Attributes:
        name: of the criterion.
        scores: of each package, in the order given, in the unit of value or as a share; larger is better.
        leaders: those that cannot be told apart from the first; one name where there is a clear first.
        errors: standard error of each score; None for criteria of extremes.
        agreeing: for criteria of extremes, in how many of ``blocks`` of the sample the first also leads.
    """

    name: str
    scores: tuple[float, ...]
    leaders: tuple[str, ...]
    errors: tuple[float, ...] | None = None
    agreeing: int | None = None
    blocks: int | None = None


def criteria(values: Floats, names: Sequence[str], optimism: float = 0.5, gap: float = 0.0) -> tuple[Criterion, ...]:
    """Laplace, Starr, Savage, Hurwicz and Wald.

    Args:
        values: of each package in each world, shape (worlds, packages).
        names: of the packages.
        optimism: weight of the best case in Hurwicz's criterion, 0 to 1.
        gap: how far a value may be from the true one; 0 for exact values.

    Raises:
        ValueError: optimism beyond 0 to 1.
    """
    if not 0 <= optimism <= 1:
        raise ValueError(f"optimism is between 0 and 1, not {optimism:g}")
    return (
        _mean("Laplace", values, names, gap),
        _mean("Starr", _domain(values, gap), names, 0.0),
        _extreme("Savage", values, names, lambda own: -regrets(own).max(axis=0), gap),
        _extreme(
            "Hurwicz", values, names, lambda own: optimism * own.max(axis=0) + (1 - optimism) * own.min(axis=0), gap
        ),
        _extreme("Wald", values, names, lambda own: own.min(axis=0), gap),
    )


def _domain(values: Floats, gap: float) -> Floats:
    """1 where a package is as good as the best within the gap, split among those that are; shape (worlds, packages)."""
    best = regrets(values) <= gap
    return np.asarray(best / best.sum(axis=1, keepdims=True))


def _mean(name: str, scores: Floats, names: Sequence[str], gap: float) -> Criterion:
    found = [mean_of(own) for own in scores.T]
    return Criterion(
        name,
        tuple(one.value for one in found),
        tuple(ranking(scores, names, gap)[0]),
        errors=tuple(one.error for one in found),
    )


def _extreme(
    name: str, values: Floats, names: Sequence[str], score: Callable[[Floats], Floats], gap: float
) -> Criterion:
    found = score(values)
    first = int(found.argmax())
    blocks = [own for own in np.array_split(values, _BLOCKS) if len(own)]
    ahead = np.stack([score(own) for own in blocks])
    rivals = [
        other
        for other in range(len(names))
        if other != first
        and (found[first] - found[other] <= gap or len(blocks) < _BLOCKS or (ahead[:, other] >= ahead[:, first]).any())
    ]
    return Criterion(
        name,
        tuple(map(float, found)),
        tuple(names[number] for number in sorted([first, *rivals])),
        agreeing=int((ahead.argmax(axis=1) == first).sum()),
        blocks=len(blocks),
    )
