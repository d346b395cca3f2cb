"""What an answer rests on: the same worlds with each channel between the tracks switched off.

``channels.CHANNELS`` says which parameters that neutralises and to what. Worlds with a channel off are solved anew: an
answer that holds without a channel does not rest on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dualtrack.choice.channels import CHANNELS, Channel, without
from dualtrack.choice.estimate import Estimate, mean_of, share_of
from dualtrack.choice.parameters import Floats
from dualtrack.choice.question import TOLERANCE

NOTHING = "nothing"
ARGUED = "all of the article's channels"
ALL = "all channels"
CASES = len(CHANNELS) + 3
"""How many times each world is solved: with nothing, each channel, all of the article's, and all off."""


@dataclass(frozen=True)
class Ablated:
    """An answer with one or more channels off.

    Attributes:
        title: of what is off.
        off: the parameters neutralised, and to what.
        holds: share of worlds in which the answer is yes.
        change: of that share against nothing off, over the same worlds; below zero where the answer rests on it.
        median: of the margin.
    """

    title: str
    off: Mapping[str, float]
    holds: Estimate
    change: Estimate
    median: float


def ablate(worlds: Floats, margin: Callable[[Floats], Floats]) -> tuple[Ablated, ...]:
    """With nothing off, each channel, all that the article argues with, and all.

    Args:
        worlds: shape (n, 51).
        margin: from worlds, shape (m, 51), to how far the answer is yes in each, shape (m,): above zero where it is.
            It is called once, with all cases, so that the solver has a long input.
    """
    argued = tuple(channel for channel in CHANNELS if channel.thesis)
    cases: list[tuple[str, tuple[Channel, ...]]] = [
        (NOTHING, ()), *((channel.title, (channel,)) for channel in CHANNELS), (ARGUED, argued), (ALL, CHANNELS),
    ]  # fmt: skip
    found = margin(np.concatenate([without(worlds, off) for _, off in cases])).reshape(len(cases), len(worlds))
    yes = found > TOLERANCE
    return tuple(
        Ablated(
            title,
            {name: value for channel in off for name, value in channel.off.items()},
            share_of(holds),
            mean_of(holds.astype(np.float64) - yes[0]),
            float(np.median(own)),
        )
        for (title, off), own, holds in zip(cases, found, yes, strict=True)
    )
