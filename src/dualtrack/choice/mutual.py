"""What each track does to the other this quarter: in one world in closed form, and how often in worlds of each set.

Puts together what ``static.py`` knows. How often a sign holds is a share of a box of assumptions, never a probability,
and no set is told without the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dualtrack.choice.constant import constant
from dualtrack.choice.estimate import Estimate, share_of
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import Floats
from dualtrack.choice.question import TOLERANCE
from dualtrack.choice.static import (
    Contributions,
    Effect,
    Measure,
    Pair,
    contributions,
    cross_difference,
    effects,
    sustainable_presence,
)

MEASURES: tuple[Measure, ...] = ("value", "support")


@dataclass(frozen=True)
class Sustained:
    """The largest presence at which support does not tend to fall, pressure that rallies it left out.

    Attributes:
        dialogue, explain: beside that presence.
        most: in the nominal world, from 0 to 1; None where support tends to fall without any presence.
        shares: by set of priors, the share of worlds in which it is at least the pair's presence.
    """

    dialogue: float
    explain: float
    most: float | None
    shares: Mapping[str, Estimate]


@dataclass(frozen=True)
class Mutual:
    """What a pair of tracks does beyond its parts.

    Attributes:
        pair: the two tracks, and what is held beside them.
        effects: in the nominal world, each of shape (1,).
        speak: by effect and set of priors, the share of worlds in which it speaks for the pair.
        sums: by measure, the cross-difference in the nominal world by channel, each of shape (1,).
        above: by measure and set of priors, the share of worlds in which the cross-difference is above zero.
        later: the cross-difference of value in the nominal world over all quarters, the other side looking ahead.
        sustained: with dialogue and without, explained and not.
    """

    pair: Pair
    effects: tuple[Effect, ...]
    speak: Mapping[str, Mapping[str, Estimate]]
    sums: Mapping[Measure, Contributions]
    above: Mapping[Measure, Mapping[str, Estimate]]
    later: float
    sustained: tuple[Sustained, ...]


def mutual(
    nominal: Floats, sets: Mapping[str, Floats], pair: Pair, told: Callable[[int], None] = lambda worlds: None
) -> Mutual:
    """What each track does to the other, from the state at the start.

    Args:
        nominal: the world told in figures, shape (51,).
        sets: worlds by set of priors, each of shape (n, 51).
        pair: the two tracks.
        told: called with the number of worlds of a set when they are done.
    """
    world = np.asarray(nominal)[None]
    known = effects(world, pair)
    speak: dict[str, dict[str, Estimate]] = {effect.id: {} for effect in known}
    above: dict[Measure, dict[str, Estimate]] = {measure: {} for measure in MEASURES}
    levels = [(d, e) for e in (0.0, 1.0) for d in (0.0, pair.dialogue)]
    enough: dict[tuple[float, float], dict[str, Estimate]] = {level: {} for level in levels}
    for name, worlds in sets.items():
        for effect in effects(worlds, pair):
            speak[effect.id][name] = share_of(effect.speaks_for > 0)
        for measure in MEASURES:
            above[measure][name] = share_of(cross_difference(worlds, pair, measure=measure) > TOLERANCE)
        for level in levels:
            most = np.nan_to_num(sustainable_presence(worlds, *level), nan=-1.0)
            enough[level][name] = share_of(most >= pair.presence - TOLERANCE)
        told(len(worlds))
    return Mutual(
        pair, known, speak, {measure: contributions(world, pair, measure=measure) for measure in MEASURES}, above,
        float(pair.cross(lambda package: _worth(world, package))[0]),
        tuple(Sustained(*level, _most(world, level), enough[level]) for level in levels),
    )  # fmt: skip


def _worth(worlds: Floats, package: Package) -> Floats:
    found: Floats = constant(worlds, [package])[:, 0, 0]
    return found


def _most(world: Floats, level: tuple[float, float]) -> float | None:
    [most] = sustainable_presence(world, *level)
    return None if np.isnan(most) else float(most)
