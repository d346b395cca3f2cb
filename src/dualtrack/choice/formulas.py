"""The model's formulas over arrays of worlds: what a package makes of unity, credibility, fear, moves and payoffs.

The readable definition, one world at a time, is ``verification/plain.py``; a test holds the two together. Everywhere
``n`` worlds come first; the 20 states are support * 4 + tension; types are S (security seeking), then G (greedy);
actions and what is seen of them are 0 restraint or calm, 1 pressure, 2 challenge. The model is ours, after Schelling,
Fearon, Kydd and Jervis; every formula is a definition, not an estimate.
"""

from __future__ import annotations

import numpy as np

from dualtrack.choice.outcomes import SUPPORTS, TENSIONS
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import COLUMN, Floats

STATES = len(SUPPORTS) * len(TENSIONS)
SUPPORT = np.repeat(np.array(SUPPORTS), len(TENSIONS))
"""Support in each state."""
TENSION = np.tile(np.array(TENSIONS, dtype=np.float64), len(SUPPORTS))
"""Tension in each state."""

_MOST = 0.9  # support moves at most with this probability a quarter: more is scaled down


def of(worlds: Floats, name: str) -> Floats:
    """A parameter in each world, shape (n,)."""
    return worlds[:, COLUMN[name]]


def unity(worlds: Floats, package: Package) -> Floats:
    """u, shape (n, 20): from support, less what presence without dialogue and dialogue without presence cost."""
    p, d = package.presence, package.dialogue
    cost = (1 - of(worlds, "kW") * p * (1 - d)) * (1 - of(worlds, "kE") * d * (1 - p))
    return np.clip(1.25 * SUPPORT * cost[:, None], 0.0, 1.0)


def credibility(worlds: Floats, package: Package) -> Floats:
    """c, shape (n, 20): a response comes from unity or, where that fails, from the tripwire."""
    u, m = unity(worlds, package), package.multinational
    tripwire = of(worlds, "trip") * package.presence * (m + (1 - m) * (1 - of(worlds, "xi")))
    return u + (1 - u) * tripwire[:, None]


def denial(worlds: Floats, package: Package) -> Floats:
    """k, shape (n,): probability that a response denies the challenge."""
    k0, k1 = of(worlds, "k0d"), of(worlds, "k1d")
    return (k0 + (k1 - k0) * package.presence) * (1 - of(worlds, "chi") * package.multinational)


def leverage(worlds: Floats, package: Package) -> Floats:
    """ell, shape (n,): how much of what dialogue offers presence makes meaningful."""
    ell0 = of(worlds, "ell0")
    return ell0 + (1 - ell0) * package.presence


def threat(worlds: Floats, package: Package) -> Floats:
    """phi, shape (n, 20): how threatening the presence looks, more so under tension."""
    looks = (
        of(worlds, "omega") * package.presence * (1 - of(worlds, "mu") * package.multinational)
        * (1 - of(worlds, "rho") * package.dialogue)
    )  # fmt: skip
    return looks[:, None] * (1 / 2 + TENSION / 6) * (4 / 3)


def utilities(worlds: Floats, package: Package) -> Floats:
    """U, shape (n, 2, 20, 3): what each type of adversary gets in a quarter from each action."""
    u, phi, d = unity(worlds, package), threat(worlds, package), package.dialogue
    perceived = (
        credibility(worlds, package)
        * (1 - of(worlds, "wk") * d)[:, None]
        * denial(worlds, package)[:, None]
    )  # fmt: skip
    offered = d * leverage(worlds, package) * of(worlds, "cond")
    found = np.empty((len(worlds), 2, STATES, 3))
    for number, (letter, fear) in enumerate((("S", np.ones(len(worlds))), ("G", of(worlds, "pre")))):
        feared = fear[:, None] * phi
        gain, loss = of(worlds, f"V_{letter}")[:, None], of(worlds, "L")[:, None]
        found[:, number, :, 0] = (of(worlds, f"y_{letter}") * offered)[:, None]
        found[:, number, :, 1] = (
            of(worlds, f"g_{letter}")[:, None] * (1 - u)
            + of(worlds, "r1")[:, None] * feared
            - of(worlds, "k1")[:, None]
        )  # fmt: skip
        found[:, number, :, 2] = (
            gain * (1 - perceived) - loss * perceived + of(worlds, "r2")[:, None] * feared - of(worlds, "k2")[:, None]
        )
    return found


def misreading(worlds: Floats, package: Package) -> Floats:
    """eps, shape (n,): probability that calm is taken for pressure or pressure for calm; a challenge is always seen."""
    return of(worlds, "eps0") * (1 - of(worlds, "rho_o") * package.dialogue)


def seen_as(worlds: Floats, package: Package) -> Floats:
    """P(seen | action), shape (n, 3, 3)."""
    eps = misreading(worlds, package)
    found = np.zeros((len(worlds), 3, 3))
    found[:, 0, 0] = found[:, 1, 1] = 1 - eps
    found[:, 0, 1] = found[:, 1, 0] = eps
    found[:, 2, 2] = 1.0
    return found


def support_moves(worlds: Floats, package: Package) -> Floats:
    """Probabilities that support moves (up, down) after each thing seen, shape (n, 3, 2)."""
    p, d, e = package.presence, package.dialogue, package.explain
    found = np.empty((len(worlds), 3, 2))
    for seen in range(3):
        rally = of(worlds, "rally") if seen else 0.0
        up = np.maximum(of(worlds, "exq") * e + of(worlds, "dlg") * d + rally, 0.0)
        down = np.maximum(
            of(worlds, "dec") * (1 - 0.7 * e)
            + of(worlds, "mis") * p * (1 - 0.8 * e)
            + of(worlds, "conf") * p * (1 - d),
            0.0,
        )
        both = up + down
        scale = np.where(both > _MOST, _MOST / np.where(both > 0, both, 1.0), 1.0)
        found[:, seen, 0], found[:, seen, 1] = up * scale, down * scale
    return found


def tension_moves(worlds: Floats, package: Package) -> Floats:
    """Probabilities that tension moves (up, down) after each thing seen, shape (n, 3, 2).

    A prior set with ``rho_t`` below zero may ask for more than 1, which is taken as 1.
    """
    d = package.dialogue
    found = np.zeros((len(worlds), 3, 2))
    found[:, 0, 1] = np.minimum(of(worlds, "td") * (1 + d / 2), 1.0)
    found[:, 1, 0] = np.minimum(of(worlds, "tu") * (1 - of(worlds, "rho_t") * d), 1.0)
    found[:, 2, 0] = 1.0
    return found


def _steps(levels: int, moves: Floats) -> Floats:
    """Matrices of one step up, down or none between levels, shape (n, 3, levels, levels); at an end a level stays."""
    found = np.zeros((*moves.shape[:2], levels, levels))
    for level in range(levels):
        up = moves[:, :, 0] if level < levels - 1 else np.zeros(moves.shape[:2])
        down = moves[:, :, 1] if level > 0 else np.zeros(moves.shape[:2])
        found[:, :, level, level] = 1 - up - down
        if level < levels - 1:
            found[:, :, level, level + 1] = up
        if level > 0:
            found[:, :, level, level - 1] = down
    return found


def moved(worlds: Floats, package: Package) -> Floats:
    """P(x' | x, seen), shape (n, 3, 20, 20): support and tension move on what was seen, apart from each other."""
    support = _steps(len(SUPPORTS), support_moves(worlds, package))
    tension = _steps(len(TENSIONS), tension_moves(worlds, package))
    both = support[:, :, :, None, :, None] * tension[:, :, None, :, None, :]
    return both.reshape(len(worlds), 3, STATES, STATES)


def transitions(worlds: Floats, package: Package) -> Floats:
    """P(x' | x, action), shape (n, 3, 20, 20); the same for both types and for any multinational form."""
    by_seen = moved(worlds, package)
    eps = misreading(worlds, package)[:, None, None]
    calm, pressure = by_seen[:, 0], by_seen[:, 1]
    return np.stack([(1 - eps) * calm + eps * pressure, eps * calm + (1 - eps) * pressure, by_seen[:, 2]], axis=1)


def accepts(worlds: Floats, package: Package) -> Floats:
    """Probability that an offer of dialogue is accepted, by type, shape (n, 2); asked only where there is an offer."""
    ell = leverage(worlds, package)
    wanted = np.stack([of(worlds, "y_S") * ell, of(worlds, "y_G") * ell - 0.3], axis=1)
    return 1 / (1 + np.exp(-3 * wanted))


def flows(worlds: Floats, package: Package, policy: Floats) -> Floats:
    """What a quarter brings, shape (n, 2, 20, 6): payoff, then rates of challenge, loss, escalation, pressure; support.

    Args:
        worlds: shape (n, 51).
        package: the package.
        policy: probability of each action, by type and state, shape (n, 2, 20, 3).
    """
    p, d, e, m = package
    met = (credibility(worlds, package) * denial(worlds, package)[:, None])[:, None, :]
    pi0, pi1, pi2 = policy[..., 0], policy[..., 1], policy[..., 2]
    heat = (TENSION + 0.25) / 3.25 * (1 / 2 + p / 2)
    damped = of(worlds, "lam") * (1 - of(worlds, "rho_e") * d)
    escalation = damped[:, None, None] * heat * (pi1 + 0.15 * pi0)

    def each(name: str) -> Floats:
        return of(worlds, name)[:, None, None]

    cost = each("c_p") * p + each("c_d") * d + each("c_e") * e + each("c_m") * m
    payoff = (
        -cost
        - pi2 * (each("H") * (1 - met) + each("Wc") * met)
        - each("Ip") * pi1
        - each("Ce") * escalation
        - each("zet") * (1 - SUPPORT)
    )
    return np.stack([payoff, pi2, pi2 * (1 - met), escalation, pi1, np.broadcast_to(SUPPORT, pi1.shape)], axis=-1)
