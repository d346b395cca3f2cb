"""The deterrence game, one move each: challenge or not, respond or not. Nash and logit equilibria of arrays of games.

The challenger gets V if its challenge is not met and -L if it is, 0 without one. The defender pays c for a response
that nobody provoked, loses H if a challenge is not met and Wc if it is. (After Zagare and Kilgour, "Perfect
Deterrence", Cambridge 2000; own parametrisation.) In the mixed equilibrium the challenger challenges with probability
c / (H - Wc + c) and the defender responds with V / (V + L).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import BadInput

_STEPS = 200  # of Newton's method, every third halves the bracket instead: enough for all digits at any precision


@dataclass(frozen=True)
class Game:
    """The payoffs; every field a number or an array, broadcast together. Any signs are allowed.

    ``gain``: V. ``loss``: L. ``readiness``: c. ``lost``: H. ``fought``: Wc.
    """

    gain: ArrayLike
    loss: ArrayLike
    readiness: ArrayLike
    lost: ArrayLike
    fought: ArrayLike

    def advantages(self) -> tuple[Floats, Floats, Floats, Floats]:
        """What a challenge gains if not met and if met, what a response gains without a challenge and with one."""
        fields = (self.gain, self.loss, self.readiness, self.lost, self.fought)
        gain, loss, readiness, lost, fought = np.broadcast_arrays(*(np.asarray(f, dtype=np.float64) for f in fields))
        return gain, -loss, -readiness, lost - fought


@dataclass(frozen=True)
class Equilibria:
    """All Nash equilibria of each game: arrays (..., 9) of candidates, of which those with ``holds`` are equilibria.

    ``challenge`` and ``respond`` are probabilities. Candidates are pairs of 0, the probability that leaves the other
    side indifferent, and 1. An ordinary game has one equilibrium or three; where payoffs tie there is a segment of
    them, and the candidates that hold are its ends. Not a number where no probability, or any, leaves the other
    indifferent.
    """

    challenge: Floats
    respond: Floats
    holds: NDArray[np.bool_]

    @property
    def number(self) -> NDArray[np.int64]:
        """How many candidates hold; at least one."""
        return np.asarray(self.holds.sum(axis=-1))


def nash(game: Game) -> Equilibria:
    """All equilibria in closed form."""
    unmet, met, idle, needed = game.advantages()
    respond_even, challenge_even = _root(unmet, met), _root(idle, needed)
    zero, one = np.zeros_like(unmet), np.ones_like(unmet)
    challenges, challenge_gain = [zero, challenge_even, one], [unmet, zero, met]
    responds, respond_gain = [zero, respond_even, one], [idle, zero, needed]
    columns: list[tuple[Floats, Floats, NDArray[np.bool_]]] = []
    for x, response_pays in zip(challenges, respond_gain, strict=True):
        for y, challenge_pays in zip(responds, challenge_gain, strict=True):
            holds = _best(x, challenge_pays) & _best(y, response_pays) & ~np.isnan(x) & ~np.isnan(y)
            columns.append((x, y, holds))
    x, y, holds = (np.stack(column, axis=-1) for column in zip(*columns, strict=True))
    return Equilibria(x, y, holds)


def _root(at_zero: Floats, at_one: Floats) -> Floats:
    """Where the straight line from ``at_zero`` (at 0) to ``at_one`` (at 1) is 0, strictly between; else nan."""
    crosses = at_zero * np.sign(at_one) < 0
    return np.where(crosses, at_zero / np.where(crosses, at_zero - at_one, 1.0), np.nan)


def _best(probability: Floats, advantage: Floats) -> NDArray[np.bool_]:
    """Whether acting with this probability is a best response to the advantage of acting."""
    return np.where(advantage > 0, probability == 1, np.where(advantage < 0, probability == 0, True))


def quantal(game: Game, precision: ArrayLike) -> tuple[Floats, Floats]:
    """The logit quantal response equilibrium: probabilities (challenge, respond), each a logit response to the other.

    challenge = s(lambda (V - (V + L) respond)), respond = s(lambda ((H - Wc + c) challenge - c)), s the logistic
    function (McKelvey and Palfrey, Games and Economic Behavior 10 (1995) 6-38). It is solved in the log-odds of a
    challenge, where the difference of both sides rises with a slope of at least 1: one root, at any precision.

    Raises:
        BadInput: V + L < 0 or H - Wc + c < 0 somewhere, a game with possibly several such equilibria; or a precision
            below 0.
    """
    unmet, met, idle, needed = game.advantages()
    scale = np.asarray(precision, dtype=np.float64)
    if not (np.all(unmet >= met) and np.all(needed >= idle)):
        raise BadInput(
            "This is no deterrence game: a challenge met pays more than one that is not, or a response less if needed.",
            "Give payoffs with V + L and H - Wc + c of at least 0.",
        )
    if not np.all(scale >= 0):
        raise BadInput("A precision below 0 would prefer what is worse.", "Give a precision of at least 0.")
    unmet, met, idle, needed, scale = np.broadcast_arrays(unmet, met, idle, needed, scale)
    low, high = scale * met, scale * unmet
    odds = (low + high) / 2
    for step in range(_STEPS):
        challenge, respond, respond_slope = _chain(odds, scale, idle, needed)
        excess = odds - scale * (unmet + (met - unmet) * respond)
        slope = 1 + scale * (unmet - met) * respond_slope
        low, high = np.where(excess < 0, odds, low), np.where(excess < 0, high, odds)
        newton = odds - excess / slope
        settled = (np.abs(newton - odds) <= 1e-15 * np.abs(odds)) | (high - low <= 1e-15 * np.abs(odds))
        inside = (newton > low) & (newton < high) & (step % 3 != 2)
        odds = np.where(settled, odds, np.where(inside, newton, (low + high) / 2))
        if settled.all():
            break
    challenge, respond, _ = _chain(odds, scale, idle, needed)
    return challenge, respond


def _chain(odds: Floats, scale: Floats, idle: Floats, needed: Floats) -> tuple[Floats, Floats, Floats]:
    """Challenge, the response to it, and the response's slope in the log-odds of a challenge."""
    challenge = logistic(odds)
    log_odds = scale * (idle + (needed - idle) * challenge)
    respond = logistic(log_odds)
    return challenge, respond, respond * logistic(-log_odds) * scale * (needed - idle) * challenge * logistic(-odds)


def logistic(log_odds: Floats) -> Floats:
    """1 / (1 + exp(-x)) without overflow, small values to full precision."""
    small = np.exp(-np.abs(log_odds))
    return np.asarray(np.where(log_odds >= 0, 1.0, small) / (1 + small))


def deterring_credibility(gain: ArrayLike, loss: ArrayLike, fixed_cost: ArrayLike = 0.0) -> Floats:
    """The least probability of being met and denied (credibility times denial) at which a challenge does not pay.

    A challenge brings V (1 - ck) - L ck - k2, at most 0 iff ck >= (V - k2) / (V + L). Divide by the denial k for the
    credibility itself; above k (or 1) nothing deters, at 0 or below nothing is needed.

    Raises:
        BadInput: V + L <= 0.
    """
    total = np.asarray(gain, dtype=np.float64) + np.asarray(loss, dtype=np.float64)
    if not np.all(total > 0):
        raise BadInput("Being met is no worse than not being met, so credibility cannot deter.", "Give V + L above 0.")
    return np.asarray((np.asarray(gain) - np.asarray(fixed_cost)) / total)
