"""The sets of priors side by side: what each says of the four named packages, of the cross-difference, and of all 48.

A reader sees at once what depends on whose assumptions are made: a sceptic may accept that the tracks help each other
and still choose another package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dualtrack.choice.complementarity import complementarity
from dualtrack.choice.estimate import Estimate, share_of
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import PACKAGES, Package
from dualtrack.choice.parameters import Floats
from dualtrack.choice.priors import NEUTRAL
from dualtrack.choice.regret import Regret, ranking, regret
from dualtrack.choice.scenario import NAMED

CLASSES = ("neither track", "presence only", "dialogue only", "both tracks")
"""What a package has any of, whatever its explanation and form."""


@dataclass(frozen=True)
class UnderPriors:
    """What one set of priors says.

    Attributes:
        name: of the set.
        worlds: how many were drawn.
        named: regret of the four named packages among themselves, with the share in which each is best.
        tiers: the four by mean regret, those together that cannot be told apart.
        helps: share of worlds in which presence makes dialogue worth more: cross-difference of value above zero.
        median: of that cross-difference.
        classes: share of worlds in which the best of the 48 is of each class, in the order of ``CLASSES``.
    """

    name: str
    worlds: int
    named: tuple[Regret, ...]
    tiers: tuple[tuple[str, ...], ...]
    helps: Estimate
    median: float
    classes: tuple[Estimate, ...]


def sweep(outcomes: Mapping[str, Floats], packages: Sequence[Package]) -> tuple[UnderPriors, ...]:
    """Each set of priors, in the order given.

    Args:
        outcomes: by set of priors, shape (worlds, packages, 6).
        packages: in the order of the second axis; all 48 are among them.

    Raises:
        ValueError: the neutral set is missing, without which none is told, or one of the 48 packages.
    """
    if NEUTRAL not in outcomes:
        raise ValueError(f"the set of priors {NEUTRAL!r} stands beside every other: solve it too")
    missing = set(PACKAGES) - set(packages)
    if missing:
        raise ValueError(f"{len(missing)} of the 48 packages were not solved")
    return tuple(_of_set(name, found, packages) for name, found in outcomes.items())


def class_of(package: Package) -> int:
    """The place of a package's class in ``CLASSES``."""
    return int(package.presence > 0) + 2 * int(package.dialogue > 0)


def _of_set(name: str, outcomes: Floats, packages: Sequence[Package]) -> UnderPriors:
    values = outcomes[:, :, OUTCOMES.index("value")]
    four = values[:, [packages.index(one.package) for one in NAMED]]
    names = [one.name for one in NAMED]
    cross = complementarity(outcomes, packages)[OUTCOMES.index("value")]
    columns = [packages.index(package) for package in PACKAGES]
    winners = np.array([class_of(package) for package in PACKAGES])[values[:, columns].argmax(axis=1)]
    return UnderPriors(
        name,
        len(outcomes),
        tuple(regret(four, names)),
        tuple(map(tuple, ranking(four, names))),
        cross.helps,
        cross.median,
        tuple(share_of(winners == number) for number in range(len(CLASSES))),
    )
