"""One quarter of the model, in closed form: does each track make the other worth more, and through what?

The adversary is myopic (gR = 0) and the alliance counts this quarter only (gamma = 0). What a pair of tracks adds
beyond its parts is the cross-difference f(p, d) - f(p, 0) - f(0, d) + f(0, 0), with explanation and the multinational
umbrella held fixed. Its sign is complementarity; whether both tracks together are best is another question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dualtrack.choice import formulas
from dualtrack.choice.channels import CHANNELS, Channel, without
from dualtrack.choice.formulas import of
from dualtrack.choice.outcomes import START, SUPPORTS, TENSIONS
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import Floats

Measure = Literal["value", "support"]

START_STATE = START[0] * len(TENSIONS) + START[1]
THESIS = tuple(channel for channel in CHANNELS if channel.thesis)
_THEIRS = "the other side's utility"


def static_value(worlds: Floats, package: Package, state: int = START_STATE) -> Floats:
    """Expected payoff of this quarter, shape (n,), in the model's unit: r_b = (1 - b0) r_S + b0 r_G."""
    answers = _responses(worlds, package, state)
    everywhere = np.broadcast_to(answers[:, :, None], (*answers.shape[:2], formulas.STATES, 3))
    flows = formulas.flows(worlds, package, everywhere)
    return _believed(worlds, flows[:, :, state, 0])


def next_support(worlds: Floats, package: Package, state: int = START_STATE) -> Floats:
    """Expected support a quarter later, shape (n,): what the public sees of the adversary's answer moves it."""
    answers = _responses(worlds, package, state)
    seen = np.einsum("nca,nas->ncs", answers, formulas.seen_as(worlds, package))
    moves = formulas.support_moves(worlds, package)
    level = state // len(TENSIONS)
    up = SUPPORTS[min(level + 1, len(SUPPORTS) - 1)] - SUPPORTS[level]
    down = SUPPORTS[level] - SUPPORTS[max(level - 1, 0)]
    drift = np.einsum("ncs,ns->nc", seen, moves[:, :, 0] * up - moves[:, :, 1] * down)
    return SUPPORTS[level] + _believed(worlds, drift)


def _responses(worlds: Floats, package: Package, state: int) -> Floats:
    """The myopic logit answer of each type in a state, shape (n, 2, 3)."""
    worth = of(worlds, "beta")[:, None, None] * formulas.utilities(worlds, package)[:, :, state]
    powers = np.exp(worth - worth.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _believed(worlds: Floats, by_type: Floats) -> Floats:
    greedy = of(worlds, "b0")
    return np.asarray((1 - greedy) * by_type[:, 0] + greedy * by_type[:, 1])


@dataclass(frozen=True)
class Pair:
    """The two tracks compared with each alone and with neither; explanation and umbrella are the same in all four."""

    presence: float = 2 / 3
    dialogue: float = 1.0
    explain: float = 1.0
    multinational: float = 1.0

    def cross(self, figure: Callable[[Package], Floats]) -> Floats:
        """The cross-difference of a figure of packages."""

        def at(presence: float, dialogue: float) -> Floats:
            return figure(Package(presence, dialogue, self.explain, self.multinational))

        p, d = self.presence, self.dialogue
        return at(p, d) - at(p, 0.0) - at(0.0, d) + at(0.0, 0.0)


def cross_difference(worlds: Floats, pair: Pair, state: int = START_STATE, measure: Measure = "value") -> Floats:
    """What both tracks add to this quarter's payoff, or to support a quarter later, beyond their parts; shape (n,)."""
    figure = {"value": static_value, "support": next_support}[measure]
    return pair.cross(lambda package: figure(worlds, package, state))


@dataclass(frozen=True)
class Effect:
    """What the pair of tracks does, beyond its parts, to one quantity of the model.

    ``cross``: shape (n,), in ``unit``. ``formula``: its closed form. ``helps``: the condition under which it speaks for
    the pair. ``speaks_for``: whether it does in each world, +1, -1, or 0 where there is no such effect.
    """

    id: str
    title: str
    unit: str
    formula: str
    helps: str
    cross: Floats
    speaks_for: Floats


def effects(worlds: Floats, pair: Pair, state: int = START_STATE) -> tuple[Effect, ...]:
    """The six quantities through which one track acts on the other, each in closed form.

    P, D, e, m are those of the pair, s and t those of the state.
    """
    p, d, m = pair.presence, pair.dialogue, pair.multinational
    s, t = SUPPORTS[state // len(TENSIONS)], TENSIONS[state % len(TENSIONS)]

    def offered(letter: str) -> Floats:
        return of(worlds, f"y_{letter}") * of(worlds, "cond") * (1 - of(worlds, "ell0")) * p * d

    def unity(presence: float, dialogue: float) -> Floats:
        apart = of(worlds, "kW") * presence * (1 - dialogue), of(worlds, "kE") * dialogue * (1 - presence)
        return np.clip(1.25 * s * (1 - apart[0]) * (1 - apart[1]), 0.0, 1.0)

    united = unity(p, d) - unity(p, 0.0) - unity(0.0, d) + unity(0.0, 0.0)
    fear = -of(worlds, "omega") * of(worlds, "rho") * p * d * (1 - of(worlds, "mu") * m) * (1 / 2 + t / 6) * (4 / 3)
    exposed = -of(worlds, "rho_e") * p * d / 2
    image = -of(worlds, "conf") * p * d
    return (
        _effect(
            "leverage_S", "what restraint earns a security seeker", _THEIRS, "y_S cond (1 - ell0) P D",
            "it wants what is offered, which is tied to restraint, and presence gives dialogue meaning (ell0 < 1)",
            offered("S"), 1,
        ),
        _effect(
            "leverage_G", "what restraint earns a greedy side", _THEIRS, "y_G cond (1 - ell0) P D",
            "it wants what is offered (y_G > 0), which is tied to restraint, and ell0 < 1", offered("G"), 1,
        ),
        _effect(
            "unity", "unity of the alliance", "share",
            "1.25 s [(1 - kW P (1-D)) (1 - kE D (1-P)) - (1 - kW P) - (1 - kE D) + 1], within 0 to 1",
            "each track alone divides the allies (kW > 0, kE > 0)", united, 1,
        ),
        _effect(
            "fear", "how threatening the presence looks", _THEIRS, "-omega rho P D (1 - mu m) (1/2 + t/6) (4/3)",
            "dialogue reassures (rho > 0) about a presence that looks threatening", fear, -1,
        ),
        _effect(
            "hotlines", "share of frictions that may escalate", "share", "-rho_e P D / 2",
            "dialogue damps escalation (rho_e > 0), of which more presence brings more", exposed, -1,
        ),
        _effect(
            "confrontation", "support lost to a confrontational image",
            "probability per quarter, before floors and scaling", "-conf P D",
            "presence without dialogue looks confrontational at home (conf > 0)", image, -1,
        ),
    )  # fmt: skip


def _effect(name: str, title: str, unit: str, formula: str, helps: str, cross: Floats, good: int) -> Effect:
    return Effect(name, title, unit, formula, helps, cross, np.sign(good * cross))


@dataclass(frozen=True)
class Contributions:
    """The cross-difference as a sum: what each channel adds, and what is left with all of them off; each shape (n,).

    ``rest`` comes from what both tracks do to the same adversary at once, such as two reasons for restraint, of which
    the second adds less.
    """

    total: Floats
    by_channel: Mapping[str, Floats]
    rest: Floats


def contributions(
    worlds: Floats,
    pair: Pair,
    state: int = START_STATE,
    measure: Measure = "value",
    channels: Sequence[Channel] = THESIS,
) -> Contributions:
    """Which channel adds what to the cross-difference: the Shapley value of switching the channels on.

    A channel's part is what it adds to the cross-difference, averaged over every order in which the channels may be
    switched on (Shapley, "A Value for n-Person Games", 1953), so that no order is preferred and the parts sum to the
    total less the rest. 2^k cross-differences for k channels.
    """
    names = [channel.id for channel in channels]
    k = len(channels)
    by_set: dict[frozenset[str], Floats] = {}
    for size in range(k + 1):
        for on in combinations(names, size):
            off = [channel for channel in channels if channel.id not in on]
            by_set[frozenset(on)] = cross_difference(without(worlds, off), pair, state, measure)
    parts = {}
    for name in names:
        part = np.zeros(len(worlds))
        for others, crossed in by_set.items():
            if name not in others:
                weight = factorial(len(others)) * factorial(k - len(others) - 1) / factorial(k)
                part = part + weight * (by_set[others | {name}] - crossed)
        parts[name] = part
    return Contributions(by_set[frozenset(names)], parts, by_set[frozenset()])


def sustainable_presence(worlds: Floats, dialogue: float, explain: float, seen: ArrayLike = 0.0) -> Floats:
    """The largest presence, from 0 to 1, at which support does not tend to fall; shape (n,), nan where none is.

    Support rises with exq e + dlg d + rally seen and falls with dec (1 - .7 e) + [mis (1 - .8 e) + conf (1 - d)] p, so
    p* = (exq e + dlg d + rally seen - dec (1 - .7 e)) / (mis (1 - .8 e) + conf (1 - d)), within 0 to 1. Where support
    does tend to rise without presence, dialogue raises p* if it is welcome (dlg > 0) or spares a confrontational image
    (conf > 0).

    Args:
        worlds: shape (n, 51).
        dialogue, explain: of the package.
        seen: probability that pressure or a challenge is seen in a quarter, a number or shape (n,).
    """
    rises = np.maximum(
        of(worlds, "exq") * explain + of(worlds, "dlg") * dialogue + of(worlds, "rally") * np.asarray(seen), 0.0
    )
    surplus = rises - of(worlds, "dec") * (1 - 0.7 * explain)
    burden = of(worlds, "mis") * (1 - 0.8 * explain) + of(worlds, "conf") * (1 - dialogue)
    edge = np.divide(surplus, burden, out=np.full_like(surplus, np.inf), where=burden > 0)
    found = np.where(burden > 0, np.minimum(edge, 1.0), 1.0)
    bearable = np.where(burden > 0, surplus >= 0, surplus >= burden)
    return np.where(bearable, found, np.nan)
