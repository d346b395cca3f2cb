"""Constant packages in compiled code: eight worlds at a time, every step written for the model's own structure.

The same figures as ``constant.by_type`` and the mix over types, reached by fewer operations:

* What comes next is a step of support and, apart from it, a step of tension, so E[W(x')] takes two differences a state
  and not a row of 20 probabilities. Support moves in two ways (calm seen; pressure or a challenge seen), tension in
  three. A level beyond an end is the end itself, so that ends need no case of their own.
* States are support * 4 + tension, so a step leads five states away at most: I - discount P is a band, and is taken
  apart as one, without pivoting.
* Outcomes are wanted at the start only: the expected discounted visits x with x (I - gamma P) = e_start give all six.
* Payoffs are a part by support and a part by tension.

Newton's method stops for each world by itself, and its steps depend on nothing but the world and the package. What it
does not settle is no number, and left to numpy.
"""

from __future__ import annotations

import numpy as np

from dualtrack.choice.lanes import (
    WIDTH,
    Lane,
    alike,
    below,
    compiled,
    exponential,
    fused,
    inlined,
    largest,
    listening,
    load,
    size,
    store,
    total,
)
from dualtrack.choice.outcomes import OUTCOMES, START, SUPPORTS, TENSIONS
from dualtrack.choice.parameters import COLUMN, NAMES, Floats

_S, _T = len(SUPPORTS), len(TENSIONS)
_STATES = _S * _T
_BAND = _T + 1
_START = START[0] * _T + START[1]
_PARAMETERS, _OUTCOMES = len(NAMES), len(OUTCOMES)
_STEPS = 30
_SETTLED = 1e-13
_FARTHEST = 600.0  # beyond e^600 to one an action's odds count as they are at e^600

_B0, _GAMMA, _GR, _BETA = (COLUMN[name] for name in ("b0", "gamma", "gR", "beta"))
_GAIN, _SPLIT, _OFFER = (tuple(COLUMN[f"{name}_{of}"] for of in "SG") for name in ("V", "g", "y"))
_L, _K1, _K2, _R1, _R2, _PRE = (COLUMN[name] for name in ("L", "k1", "k2", "r1", "r2", "pre"))
_OMEGA, _MU, _RHO, _COND, _WK, _ELL0 = (COLUMN[name] for name in ("omega", "mu", "rho", "cond", "wk", "ell0"))
_K0D, _K1D, _CHI, _TRIP, _XI = (COLUMN[name] for name in ("k0d", "k1d", "chi", "trip", "xi"))
_KW, _KE, _EPS0, _RHO_O = (COLUMN[name] for name in ("kW", "kE", "eps0", "rho_o"))
_TU, _TD, _RHO_T, _LAM, _RHO_E = (COLUMN[name] for name in ("tu", "td", "rho_t", "lam", "rho_e"))
_DEC, _MIS, _CONF, _EXQ, _DLG, _RALLY = (COLUMN[name] for name in ("dec", "mis", "conf", "exq", "dlg", "rally"))
_C_P, _C_D, _C_E, _C_M = (COLUMN[name] for name in ("c_p", "c_d", "c_e", "c_m"))
_H, _WC, _IP, _CE, _ZET = (COLUMN[name] for name in ("H", "Wc", "Ip", "Ce", "zet"))

# What a group of eight worlds works on: each a stretch of one array, in lanes.
_SIZES = (
    _PARAMETERS,
    _S,  # unity
    _S,  # credibility
    _T,  # fear
    _S * 6,  # support moves after calm (down, stays, up), then after anything else
    5,  # eps, down and up of tension, beta, gR
    1 + 2 * (_S + _T),  # payoffs: restraint; pressure by support, by tension; challenge by support, by tension
    _STATES,  # W
    _STATES * 2,  # W after a step of support
    _STATES * 2,  # probabilities of pressure and challenge
    _STATES * 2,  # their weights in the derivative
    _STATES,  # how far F(W) is from W
    (_STATES + _BAND) * (_BAND + 1),  # upper band, and the right side, from five rows before the first
    (_STATES + _BAND) * (_BAND + 2),  # lower band, one over the pivots, and visits, to five rows after the last
    2 * _OUTCOMES,
)
_FROM = tuple(int(place) * WIDTH for place in np.cumsum((0, *_SIZES)))
_LINE = 64
"""Bytes of a line of the processor's cache: a lane that begins with one is loaded in one go."""


def prepare() -> None:
    """Loads the compiled code; where this machine has none yet, says so, makes it and keeps it."""
    with listening():
        solved(np.empty((0, _PARAMETERS)), np.empty((0, 4)))


def solved(worlds: Floats, packages: Floats) -> Floats:
    """The outcomes of packages in worlds, shape (worlds, packages, 6); not a number where a policy did not settle.

    Args:
        worlds: shape (n, 51).
        packages: shape (k, 4).
    """
    found = np.empty((len(worlds), len(packages), _OUTCOMES))
    room = np.zeros(_FROM[-1] + _LINE // 8)
    begin = -room.ctypes.data % _LINE // 8
    # copies: an array that may not be written to would be of another type, and be compiled for anew
    own, asked = (np.array(table, dtype=np.float64, order="C") for table in (worlds, packages))
    _solve(own, asked, room[begin : begin + _FROM[-1]], found)
    return found


@inlined
def _moves(of: Floats, p: float, d: float, e: float, steps: Floats, few: Floats) -> None:
    """How support and tension move: as in ``formulas``, with what cannot happen at an end taken out."""
    down = fused(load(of, _MIS), p * (1 - 0.8 * e), load(of, _DEC) * (1 - 0.7 * e))
    down = largest(fused(load(of, _CONF), p * (1 - d), down), 0.0)
    calm = fused(load(of, _EXQ), e, load(of, _DLG) * d)
    for seen in range(2):
        up = largest(calm + load(of, _RALLY) if seen else calm + 0.0, 0.0)
        both = up + down
        scale = below(0.9, both, 0.9 / both, 1.0)
        rises, falls = up * scale, down * scale
        for s in range(_S):
            falling = falls * (0.0 if s == 0 else 1.0)
            rising = rises * (0.0 if s == _S - 1 else 1.0)
            store(steps, 6 * s + 3 * seen, falling)
            store(steps, 6 * s + 3 * seen + 1, 1.0 - rising - falling)
            store(steps, 6 * s + 3 * seen + 2, rising)
    store(few, 0, load(of, _EPS0) * (1.0 - load(of, _RHO_O) * d))
    store(few, 1, -largest(-(load(of, _TD) * (1 + d / 2)), -1.0))
    store(few, 2, -largest(-(load(of, _TU) * (1.0 - load(of, _RHO_T) * d)), -1.0))


@inlined
def _standing(
    of: Floats, p: float, d: float, m: float, unity: Floats, credibility: Floats, fear: Floats
) -> tuple[Lane, Lane]:
    """Unity and credibility by support, fear by tension; returns denial and leverage."""
    cost = (1.0 - load(of, _KW) * (p * (1 - d))) * (1.0 - load(of, _KE) * (d * (1 - p)))
    tripwire = load(of, _TRIP) * p * (m + (1 - m) * (1.0 - load(of, _XI)))
    for s in range(_S):
        u = largest(-largest(-(cost * (1.25 * SUPPORTS[s])), -1.0), 0.0)
        store(unity, s, u)
        store(credibility, s, fused(1.0 - u, tripwire, u))
    looks = load(of, _OMEGA) * p * (1.0 - load(of, _MU) * m) * (1.0 - load(of, _RHO) * d)
    for t in range(_T):
        store(fear, t, looks * ((0.5 + t / 6) * (4 / 3)))
    k0 = load(of, _K0D)
    denial = fused(load(of, _K1D) - k0, p, k0) * (1.0 - load(of, _CHI) * m)
    ell0 = load(of, _ELL0)
    return denial, fused(1.0 - ell0, p, ell0)


@inlined
def _payoffs(
    of: Floats,
    greedy: int,
    d: float,
    perceived: Lane,
    leverage: Lane,
    standing: tuple[Floats, Floats, Floats],
    pay: Floats,
) -> None:
    """Restraint; pressure by support, then by tension; challenge by support, then by tension."""
    unity, credibility, fear = standing
    store(pay, 0, load(of, _OFFER[greedy]) * d * leverage * load(of, _COND))
    split, gain, loss = load(of, _SPLIT[greedy]), load(of, _GAIN[greedy]), load(of, _L)
    for s in range(_S):
        met = load(credibility, s) * perceived
        store(pay, 1 + s, split * (1.0 - load(unity, s)))
        store(pay, 1 + _S + _T + s, fused(gain, 1.0 - met, -(loss * met)))
    share = load(of, _PRE) if greedy else alike(1.0)
    for t in range(_T):
        feared = load(fear, t) * share
        store(pay, 1 + _S + t, fused(load(of, _R1), feared, -load(of, _K1)))
        store(pay, 1 + 2 * _S + _T + t, fused(load(of, _R2), feared, -load(of, _K2)))


@inlined
def _swept(
    pay: Floats, steps: Floats, few: Floats, ahead: Floats, moved: Floats, policy: Floats, weights: Floats, off: Floats
) -> tuple[Lane, Lane]:
    """One look ahead: policy, its weights in the derivative, F(W) - W; returns the sums of sizes of this and of W."""
    for s in range(_S):
        above, under = min(s + 1, _S - 1), max(s - 1, 0)
        for t in range(_T):
            here = load(ahead, _T * s + t)
            higher, lower = load(ahead, _T * above + t) - here, load(ahead, _T * under + t) - here
            for seen in range(2):
                fallen = fused(load(steps, 6 * s + 3 * seen), lower, here)
                store(moved, 2 * (_T * s + t) + seen, fused(load(steps, 6 * s + 3 * seen + 2), higher, fallen))
    eps, falls, rises, beta, discount = load(few, 0), load(few, 1), load(few, 2), load(few, 3), load(few, 4)
    apart = extent = alike(0.0)
    for s in range(_S):
        for t in range(_T):
            i = _T * s + t
            above, under = _T * s + min(t + 1, _T - 1), _T * s + max(t - 1, 0)
            calm, pressed = load(moved, 2 * i), load(moved, 2 * i + 1)
            challenged = load(moved, 2 * above + 1)
            calm = fused(falls, load(moved, 2 * under) - calm, calm)
            pressed = fused(rises, challenged - pressed, pressed)
            misread = eps * (pressed - calm)
            q0 = fused(discount, calm + misread, load(pay, 0))
            q1 = fused(discount, pressed - misread, load(pay, 1 + s) + load(pay, 1 + _S + t))
            q2 = fused(discount, challenged, load(pay, 1 + _S + _T + s) + load(pay, 1 + 2 * _S + _T + t))
            d1, d2 = q1 - q0, q2 - q0
            a1, a2 = beta * d1, beta * d2
            over = largest(largest(a1, a2) - _FARTHEST, 0.0)
            z1, z2 = exponential(largest(a1 - over, -_FARTHEST)), exponential(largest(a2 - over, -_FARTHEST))
            share = 1.0 / (1.0 + z1 + z2)
            pi1, pi2 = z1 * share, z2 * share
            mean = fused(pi1, d1, pi2 * d2)
            store(policy, 2 * i, pi1)
            store(policy, 2 * i + 1, pi2)
            store(weights, 2 * i, fused(pi1, beta * (d1 - mean), pi1))
            store(weights, 2 * i + 1, fused(pi2, beta * (d2 - mean), pi2))
            now = load(ahead, i)
            change = q0 + mean - now
            store(off, i, change)
            apart, extent = apart + size(change), extent + size(now)
    return apart, extent


Row = tuple[Lane, Lane, Lane, Lane, Lane, Lane, Lane, Lane, Lane, Lane, Lane]


@inlined
def _row(w1: Lane, w2: Lane, discount: Lane, steps: Floats, few: Floats, s: int, t: int) -> Row:
    """The band of I - discount sum_a w_a P_a in state (s, t), where w_0 = 1 - w_1 - w_2."""
    eps = load(few, 0)
    challenged = -(discount * w2)
    both = -(discount * (1.0 - w2))  # calm or pressure
    pressed = fused(eps, fused(discount, w1, discount * w1) + both, -(discount * w1))
    calm = both - pressed
    under = load(few, 1) * calm * (0.0 if t == 0 else 1.0)
    calm = calm - under
    within = 0.0 if t == _T - 1 else 1.0
    above = fused(pressed, load(few, 2), challenged) * within
    same = pressed + challenged - above
    down0, stays0, up0 = load(steps, 6 * s), load(steps, 6 * s + 1), load(steps, 6 * s + 2)
    down1, stays1, up1 = load(steps, 6 * s + 3), load(steps, 6 * s + 4), load(steps, 6 * s + 5)
    zero = alike(0.0)
    return (
        under * down0, fused(calm, down0, same * down1), above * down1,
        zero,
        under * stays0, fused(calm, stays0, fused(same, stays1, 1.0)), above * stays1,
        zero,
        under * up0, fused(calm, up0, same * up1), above * up1,
    )  # fmt: skip


Five = tuple[Lane, Lane, Lane, Lane, Lane]


@inlined
def _less(a: Lane, b: Lane, c: Lane, d: Lane, e: Lane, times: Lane, upper: Floats, row: int) -> Five:
    """Five entries less a multiple of a row above."""
    return (
        fused(-times, load(upper, 6 * row), a),
        fused(-times, load(upper, 6 * row + 1), b),
        fused(-times, load(upper, 6 * row + 2), c),
        fused(-times, load(upper, 6 * row + 3), d),
        fused(-times, load(upper, 6 * row + 4), e),
    )


@inlined
def _reduced(row: Row, upper: Floats, i: int) -> Row:
    """A row of the band less what stands above it: five multiples, the pivot, five entries right of it over the pivot.

    ``upper`` holds six numbers a row, from five rows of zeros on: five entries over the pivot, and a right side.
    """
    l0, l1, l2, l3, l4, a, b, c, d, e, f = row
    l1, l2, l3, l4, a = _less(l1, l2, l3, l4, a, l0, upper, i)
    l2, l3, l4, a, b = _less(l2, l3, l4, a, b, l1, upper, i + 1)
    l3, l4, a, b, c = _less(l3, l4, a, b, c, l2, upper, i + 2)
    l4, a, b, c, d = _less(l4, a, b, c, d, l3, upper, i + 3)
    a, b, c, d, e = _less(a, b, c, d, e, l4, upper, i + 4)
    over = 1.0 / a
    b, c, d, e, f = b * over, c * over, d * over, e * over, f * over
    at = 6 * (i + _BAND)
    store(upper, at, b)
    store(upper, at + 1, c)
    store(upper, at + 2, d)
    store(upper, at + 3, e)
    store(upper, at + 4, f)
    return l0, l1, l2, l3, l4, over, b, c, d, e, f


@inlined
def _improved(
    ahead: Floats, weights: Floats, steps: Floats, few: Floats, off: Floats, upper: Floats, open_: Lane
) -> None:
    """A step of Newton's method, for the worlds that are open (1, not 0)."""
    discount = load(few, 4)
    for s in range(_S):
        for t in range(_T):
            i = _T * s + t
            row = _row(load(weights, 2 * i), load(weights, 2 * i + 1), discount, steps, few, s, t)
            l0, l1, l2, l3, l4, over, _b, _c, _d, _e, _f = _reduced(row, upper, i)
            right = fused(-l0, load(upper, 6 * i + 5), load(off, i))
            right = fused(-l1, load(upper, 6 * i + 11), right)
            right = fused(-l2, load(upper, 6 * i + 17), right)
            right = fused(-l3, load(upper, 6 * i + 23), right)
            right = fused(-l4, load(upper, 6 * i + 29), right)
            store(upper, 6 * (i + _BAND) + 5, right * over)
    a = b = c = d = e = alike(0.0)
    for back in range(_STATES):
        i = _STATES - 1 - back
        at = 6 * (i + _BAND)
        right = fused(-load(upper, at + 4), e, load(upper, at + 5))
        right = fused(-load(upper, at + 3), d, right)
        right = fused(-load(upper, at + 2), c, right)
        right = fused(-load(upper, at + 1), b, right)
        right = fused(-load(upper, at), a, right)
        a, b, c, d, e = right, a, b, c, d
        now = load(ahead, i)
        store(ahead, i, below(0.5, open_, now + right, now))


@inlined
def _visited(policy: Floats, discount: Lane, steps: Floats, few: Floats, upper: Floats, lower: Floats) -> None:
    """Expected discounted visits x from the start, x (I - discount P) = e_start, at each seventh place of ``lower``."""
    for s in range(_S):
        for t in range(_T):
            i = _T * s + t
            row = _row(load(policy, 2 * i), load(policy, 2 * i + 1), discount, steps, few, s, t)
            l0, l1, l2, l3, l4, over, _b, _c, _d, _e, _f = _reduced(row, upper, i)
            store(lower, 7 * i, l0)
            store(lower, 7 * i + 1, l1)
            store(lower, 7 * i + 2, l2)
            store(lower, 7 * i + 3, l3)
            store(lower, 7 * i + 4, l4)
            store(lower, 7 * i + 5, over)
    a = b = c = d = e = alike(0.0)
    for i in range(_STATES):  # x L = z, where z U = e_start
        at = 6 * i
        z = fused(-load(upper, at + 4), e, alike(1.0 if i == _START else 0.0))
        z = fused(-load(upper, at + 9), d, z)
        z = fused(-load(upper, at + 14), c, z)
        z = fused(-load(upper, at + 19), b, z)
        z = fused(-load(upper, at + 24), a, z)
        a, b, c, d, e = z, a, b, c, d
        store(lower, 7 * i + 6, z)
    a = b = c = d = e = alike(0.0)
    for back in range(_STATES):
        i = _STATES - 1 - back
        at = 7 * i
        x = fused(-load(lower, at + 35), e, load(lower, at + 6))
        x = fused(-load(lower, at + 29), d, x)
        x = fused(-load(lower, at + 23), c, x)
        x = fused(-load(lower, at + 17), b, x)
        x = fused(-load(lower, at + 11), a, x) * load(lower, at + 5)
        a, b, c, d, e = x, a, b, c, d
        store(lower, at + 6, x)


@inlined
def _totals(
    of: Floats,
    p: float,
    d: float,
    e: float,
    m: float,
    policy: Floats,
    credibility: Floats,
    denial: Lane,
    visits: Floats,
    found: Floats,
    at: int,
) -> None:
    """The six outcomes from visits, as sums over states; the value is made of the other sums."""
    gamma = load(of, _GAMMA)
    quarters = challenge = lost = escalation = pressure = support = alike(0.0)
    for s in range(_S):
        visited = challenged = alike(0.0)
        for t in range(_T):
            i = _T * s + t
            x, pi1, pi2 = load(visits, 7 * i + 6), load(policy, 2 * i), load(policy, 2 * i + 1)
            visited = visited + x
            challenged = fused(x, pi2, challenged)
            pressed = x * pi1
            pressure = pressure + pressed
            calm = x * (1.0 - pi1 - pi2)
            escalation = fused(fused(calm, 0.15, pressed), (t + 0.25) / 3.25, escalation)
        quarters = quarters + visited
        challenge = challenge + challenged
        lost = fused(challenged, 1.0 - load(credibility, s) * denial, lost)
        support = fused(visited, SUPPORTS[s], support)
    escalation = escalation * (load(of, _LAM) * (1.0 - load(of, _RHO_E) * d) * (0.5 + p / 2))
    cost = fused(load(of, _C_P), p, fused(load(of, _C_D), d, fused(load(of, _C_E), e, load(of, _C_M) * m)))
    harm = fused(cost, quarters, load(of, _ZET) * (quarters - support))
    harm = fused(load(of, _H), lost, fused(load(of, _WC), challenge - lost, harm))
    harm = fused(load(of, _IP), pressure, fused(load(of, _CE), escalation, harm))
    mean = 1.0 - gamma
    store(found, at, -harm)
    store(found, at + 1, challenge * mean)
    store(found, at + 2, lost * mean)
    store(found, at + 3, escalation * mean)
    store(found, at + 4, pressure * mean)
    store(found, at + 5, support * mean)


@compiled
def _solve(worlds: Floats, packages: Floats, room: Floats, found: Floats) -> None:
    """Fills in ``found``; ``room`` is as long as ``_FROM`` says, and zeros at first."""
    of = room[_FROM[0] : _FROM[1]]
    unity = room[_FROM[1] : _FROM[2]]
    credibility = room[_FROM[2] : _FROM[3]]
    fear = room[_FROM[3] : _FROM[4]]
    steps = room[_FROM[4] : _FROM[5]]
    few = room[_FROM[5] : _FROM[6]]
    pay = room[_FROM[6] : _FROM[7]]
    ahead = room[_FROM[7] : _FROM[8]]
    moved = room[_FROM[8] : _FROM[9]]
    policy = room[_FROM[9] : _FROM[10]]
    weights = room[_FROM[10] : _FROM[11]]
    off = room[_FROM[11] : _FROM[12]]
    upper = room[_FROM[12] : _FROM[13]]
    lower = room[_FROM[13] : _FROM[14]]
    got = room[_FROM[14] : _FROM[15]]
    for first in range(0, len(worlds), WIDTH):
        for lane in range(WIDTH):
            row = min(first + lane, len(worlds) - 1)
            for name in range(_PARAMETERS):
                of[name * WIDTH + lane] = worlds[row, name]
        store(few, 3, load(of, _BETA))
        store(few, 4, load(of, _GR))
        for number in range(len(packages)):
            p, d, e, m = packages[number, 0], packages[number, 1], packages[number, 2], packages[number, 3]
            _moves(of, p, d, e, steps, few)
            denial, leverage = _standing(of, p, d, m, unity, credibility, fear)
            perceived = denial * (1.0 - load(of, _WK) * d)
            missed = alike(0.0)
            for greedy in range(2):
                _payoffs(of, greedy, d, perceived, leverage, (unity, credibility, fear), pay)
                for i in range(_STATES):
                    store(ahead, i, 0.0)
                open_ = alike(1.0)
                for _ in range(_STEPS):
                    apart, extent = _swept(pay, steps, few, ahead, moved, policy, weights, off)
                    open_ = below(apart, (extent + float(_STATES)) * _SETTLED, 0.0, open_)
                    if total(open_) == 0.0:
                        break
                    _improved(ahead, weights, steps, few, off, upper, open_)
                _visited(policy, load(of, _GAMMA), steps, few, upper, lower)
                _totals(of, p, d, e, m, policy, credibility, denial, lower, got, greedy * _OUTCOMES)
                missed = largest(open_, missed)
            for outcome in range(_OUTCOMES):
                s, g = load(got, outcome), load(got, _OUTCOMES + outcome)
                mixed = fused(load(of, _B0), g - s, s)
                store(got, outcome, below(0.5, missed, np.nan, mixed))
                for lane in range(min(WIDTH, len(worlds) - first)):
                    found[first + lane, number, outcome] = got[outcome * WIDTH + lane]
