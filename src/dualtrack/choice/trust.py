"""Trust: how likely must the other be trustworthy before cooperation pays, and which reassurance tells the types apart?

An assurance game for a trustworthy player: T < R, so it returns cooperation. After Kydd, "Trust and Mistrust in
International Relations" (Princeton 2005); own parametrisation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import BadInput


def trust_threshold(reward: ArrayLike, temptation: ArrayLike, sucker: ArrayLike, punishment: ArrayLike) -> Floats:
    """m: cooperation pays iff the other is trustworthy with at least this probability: (P - S) / ((R - T) + (P - S)).

    Payoffs R (both cooperate), T (I defect alone), S (the other does), P (both defect), arrays or numbers. A
    trustworthy other cooperates, an untrustworthy one does not: q R + (1 - q) S >= q T + (1 - q) P.

    Raises:
        BadInput: not an assurance game (T >= R or S >= P).
    """
    gain = np.asarray(reward, dtype=np.float64) - np.asarray(temptation, dtype=np.float64)
    loss = np.asarray(punishment, dtype=np.float64) - np.asarray(sucker, dtype=np.float64)
    if not (np.all(gain > 0) and np.all(loss > 0)):
        raise BadInput(
            "This is no assurance game: a trustworthy player gains by exploiting trust, or loses nothing if exploited.",
            "Give payoffs with temptation < reward and sucker < punishment.",
        )
    return np.asarray(loss / (gain + loss))


def separating_reassurance(
    gain_s: ArrayLike, gain_g: ArrayLike, cost_s: ArrayLike, cost_g: ArrayLike
) -> tuple[Floats, Floats]:
    """(least, most) size of a reassurance that only a security seeker (S) offers; least > most where there is none.

    Being trusted is worth Delta to a type, a reassurance of size z costs it kappa z: S offers it iff
    z <= Delta_S / kappa_S, a greedy type (G) refuses iff z >= Delta_G / kappa_G.

    Raises:
        BadInput: a cost that is not positive.
    """
    costs = np.asarray(cost_s, dtype=np.float64), np.asarray(cost_g, dtype=np.float64)
    if not all(np.all(cost > 0) for cost in costs):
        raise BadInput("A reassurance that costs nothing tells nothing.", "Give costs above 0.")
    return np.asarray(np.asarray(gain_g) / costs[1]), np.asarray(np.asarray(gain_s) / costs[0])
