"""Tying hands: a defender's public threat raises what backing down costs it. When does that deter, and who bluffs?

Own parametrisation after Fearon, "Signaling Foreign Policy Interests", Journal of Conflict Resolution 41 (1997) 68-90;
not his exact game. The prize is worth 1 to the challenger, which wins a fight with probability w at a cost c_C and gets
the prize if the defender backs down. The defender values the prize at v_D; its cost of fighting is uniform on [0, cbar]
and known to itself only; backing down after a public threat costs it a (audience cost). A share r of challengers can be
deterred by nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import BadInput


@dataclass(frozen=True)
class Contest:
    """What the game is played for; every field a number or an array, broadcast together.

    ``wins``: w, probability that the challenger wins a fight. ``challenger_cost``: c_C > 0. ``defender_value``:
    v_D >= 0. ``widest_cost``: cbar > 0. ``undeterrable``: r.

    Raises:
        BadInput: a probability outside 0 to 1, or a cost or value of the wrong sign.
    """

    wins: ArrayLike
    challenger_cost: ArrayLike
    defender_value: ArrayLike
    widest_cost: ArrayLike
    undeterrable: ArrayLike = 0.0

    def __post_init__(self) -> None:
        wins, cost, value, widest, undeterrable = self.arrays()
        if not np.all((wins >= 0) & (wins <= 1) & (undeterrable >= 0) & (undeterrable <= 1)):
            raise BadInput(
                "The chance that the challenger wins and the share that nothing deters lie between 0 and 1.",
                "Give `wins` and `undeterrable` between 0 and 1.",
            )
        if not (np.all(cost > 0) and np.all(value >= 0) and np.all(widest > 0)):
            raise BadInput(
                "Costs of fighting are positive, and the prize is worth something to the defender.",
                "Give `challenger_cost` and `widest_cost` above 0, and `defender_value` of at least 0.",
            )

    def arrays(self) -> tuple[Floats, ...]:
        """The five as arrays of one shape."""
        fields = (self.wins, self.challenger_cost, self.defender_value, self.widest_cost, self.undeterrable)
        return tuple(np.broadcast_arrays(*(np.asarray(field, dtype=np.float64) for field in fields)))


def deterring_resistance(contest: Contest) -> Floats:
    """q*: the challenger stays away iff the defender resists with at least this probability: 1 / (1 - w + c_C).

    A challenge is worth (1 - q) + q (w - c_C), which is at most 0 iff q >= q*. Above 1 no resistance deters.
    """
    wins, cost, *_ = contest.arrays()
    return np.asarray(1 / (1 - wins + cost))


def resistance(contest: Contest, audience: ArrayLike) -> Floats:
    """Share of defenders that resist a challenge, if backing down costs ``audience``: those with a cost of fighting of
    at most (1 - w) v_D + a, what a fight is worth to them above backing down."""
    wins, _, value, widest, _ = contest.arrays()
    return np.asarray(np.clip(((1 - wins) * value + np.asarray(audience)) / widest, 0.0, 1.0))


def deterring_audience_cost(contest: Contest) -> Floats:
    """a*: the least audience cost at which a threat that every type sends deters: q* cbar - (1 - w) v_D, or 0.

    Infinite where q* > 1: the challenger gains even from a defender that surely resists, so no audience cost deters.
    """
    wins, _, value, widest, _ = contest.arrays()
    needed = deterring_resistance(contest)
    return np.where(needed > 1, np.inf, np.maximum(needed * widest - (1 - wins) * value, 0.0))


def honest_audience_cost(contest: Contest) -> Floats:
    """The least audience cost at which no type that would back down sends a threat: v_D (1 - r) / r.

    A bluff that the share 1 - r believes is worth (1 - r) v_D - r a. Infinite where r = 0: a threat that surely deters
    is never put to the test, so bluffing is free. Where q* > 1 nobody is deterred, and any audience cost keeps
    bluffs out.
    """
    _, _, value, _, undeterrable = contest.arrays()
    nobody = deterring_resistance(contest) > 1
    with np.errstate(divide="ignore", over="ignore"):
        odds = np.where(undeterrable > 0, (1 - undeterrable) / undeterrable, np.inf)
    return np.where(nobody | (value == 0), 0.0, np.where(value > 0, value, 1.0) * odds)


@dataclass(frozen=True)
class Threats:
    """An equilibrium at a given audience cost; all fields are arrays of one shape.

    ``sends_below``: every type with a cost of fighting up to this sends a threat. ``fights_below``: a type that sent
    one fights if its cost is at most this. ``bluffing``: share of the types above ``fights_below`` that send one all
    the same. ``challenged``: probability that one who threatened is challenged; whoever keeps silent always is.
    ``bluffs``: share of threats that come from types that would back down.
    """

    sends_below: Floats
    fights_below: Floats
    bluffing: Floats
    challenged: Floats
    bluffs: Floats


def equilibrium(contest: Contest, audience: ArrayLike) -> Threats:
    """Who threatens, who bluffs and who is challenged, if backing down after a threat costs ``audience`` > 0.

    1. q* > 1: no threat deters; types that would fight anyway may send one, nobody else does.
    2. a >= honest audience cost: only types that fight send (cost up to (1 - w) v_D + v_D (1 - r) / r), and all
       challengers that can be deterred are.
    3. Less than that, but a >= a*: every type sends; the threat deters, as the average type resists often enough.
    4. Else types that would back down send so often that the challenger is just indifferent (a share q* of threats is
       meant), and it challenges so often, v_D / (v_D + a), that they are.
    """
    wins, _, value, widest, undeterrable = contest.arrays()
    a = np.asarray(audience, dtype=np.float64)
    if not np.all(a > 0):
        raise BadInput("An audience cost of 0 or less ties no hands.", "Give an audience cost above 0.")
    wins, value, widest, undeterrable, a = np.broadcast_arrays(wins, value, widest, undeterrable, a)
    needed = np.broadcast_to(deterring_resistance(contest), a.shape)
    honest = a >= honest_audience_cost(contest)
    pooled = ~honest & (a >= deterring_audience_cost(contest))
    nobody = needed > 1
    fights = np.clip((1 - wins) * value + a, 0.0, widest)
    worth = (1 - wins) * value + np.where(nobody, 0.0, np.minimum(honest_audience_cost(contest), a))
    sends = np.minimum(np.where(honest, worth, fights), widest)
    share = fights / widest
    rare = np.where(share < 1, share * (1 / needed - 1) / np.where(share < 1, 1 - share, 1.0), 0.0)
    bluffing = np.where(honest, 0.0, np.where(pooled, 1.0, np.clip(rare, 0.0, 1.0)))
    challenged = np.where(nobody, 1.0, np.where(honest | pooled, undeterrable, value / (value + a)))
    threats = np.where(honest, sends / widest, share + bluffing * (1 - share))
    bluffs = np.where(threats > 0, bluffing * (1 - share) / np.where(threats > 0, threats, 1.0), 0.0)
    return Threats(sends, fights, bluffing, challenged, bluffs)
