"""Dialogue as a probe: pay for trying until either a breakthrough comes or hope is too small, in closed form.

A discrete version of the breakthrough bandit of Keller, Rady and Cripps, "Strategic Experimentation with Exponential
Bandits", Econometrica 73 (2005) 39-68, for one player.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dualtrack.core.errors import BadInput


@dataclass(frozen=True)
class Probe:
    """A safe payoff ``safe`` (s) a period, or a try that brings the prize h with probability lambda if the case is
    good and nothing if it is bad; ``discount`` is gamma.

    Raises:
        BadInput: a try in a case known to be good would not pay more than the safe payoff, or a probability out of
            range.
    """

    safe: float
    prize: float
    chance: float
    discount: float

    def __post_init__(self) -> None:
        if not (0 < self.chance <= 1 and 0 <= self.discount < 1):
            raise BadInput(
                "Chance lies in (0, 1] and discount in [0, 1).", "Give for example chance 0.2, discount 0.9."
            )
        if not 0 < self.safe < self.chance * self.prize:
            raise BadInput(
                "A try pays less than the safe payoff even in a good case, so there is nothing to probe.",
                "Give a safe payoff above 0 and below chance times prize.",
            )


def stopping_belief(probe: Probe) -> float:
    """b*: try iff the case is good with more than this probability:
    s (1 - gamma) / (lambda [h (1 - gamma + gamma lambda) - gamma s])."""
    s, h, chance, g = probe.safe, probe.prize, probe.chance, probe.discount
    return s * (1 - g) / (chance * (h * (1 - g + g * chance) - g * s))


def tries(probe: Probe, belief: float) -> float:
    """How many failures end the trying: the odds of a good case fall by 1 - lambda with each. Infinite if sure."""
    if belief >= 1:
        return math.inf
    if belief <= (stop := stopping_belief(probe)):
        return 0
    if probe.chance == 1:
        return 1
    surplus = math.log(belief / (1 - belief)) - math.log(stop / (1 - stop))
    return max(math.ceil(surplus / -math.log1p(-probe.chance)), 1)


def value(probe: Probe, belief: float) -> float:
    """Expected discounted payoff of the best plan: N tries unless one succeeds, then safe; after success, try for ever.

    In a good case each try is reached with gamma^n (1 - lambda)^n and brings lambda (h + gamma lambda h / (1 - gamma));
    in a bad case N periods bring nothing.

    Raises:
        BadInput: a belief that is no probability.
    """
    if not 0 <= belief <= 1:
        raise BadInput(f"{belief} is no probability.", "Give a belief between 0 and 1.")
    count, g, stay = tries(probe, belief), probe.discount, 1 - probe.chance
    forever = probe.safe / (1 - g)
    success = probe.chance * (probe.prize + g * probe.chance * probe.prize / (1 - g))
    unlucky = math.pow(g * stay, count)
    good = success * (1 - unlucky) / (1 - g * stay) + unlucky * forever
    return belief * good + (1 - belief) * math.pow(g, count) * forever
