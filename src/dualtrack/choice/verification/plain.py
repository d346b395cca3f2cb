"""The model in plain Python: one world, one package, no arrays. The readable definition that fast solvers agree with.

Letters are those of the model's description: state x = (s, t) with support s and tension t; the adversary's hidden type
theta in {S, G} (security seeking, greedy); its actions 0 restrain, 1 pressure, 2 challenge; package (p, d, e, m). The
model is ours (after Schelling, Fearon, Kydd and Jervis); every formula below is its definition, not an estimate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from dualtrack.choice.outcomes import START, SUPPORTS, TENSIONS
from dualtrack.choice.parameters import NAMES

World = dict[str, float]
Row = list[float]
Matrix = list[Row]

ACTIONS = (0, 1, 2)
STATES = [(i, t) for i in range(len(SUPPORTS)) for t in TENSIONS]


def plain(world: Sequence[float], package: Sequence[float]) -> tuple[float, ...]:
    """The outcomes of a constant package, in the order of ``OUTCOMES``: value, then discounted means per quarter.

    Args:
        world: the 51 parameters in the order of ``NAMES``.
        package: presence p, dialogue d, explanation e, multinational m.
    """
    w = {name: float(value) for name, value in zip(NAMES, world, strict=True)}
    p, d, e, m = (float(level) for level in package)
    of_type = [discounted(w, greedy, p, d, e, m) for greedy in (False, True)]
    b0 = w["b0"]
    return tuple((1 - b0) * s + b0 * g for s, g in zip(*of_type, strict=True))


def discounted(w: World, greedy: bool, p: float, d: float, e: float, m: float) -> Row:
    """V = (I - gamma P)^-1 r from the start, if the adversary's type is known: first the value, then five rates."""
    kernel = [transition(w, action, d, support_moves(w, p, d, e)) for action in ACTIONS]
    payoffs = [utilities(w, greedy, i, t, p, d, m) for i, t in STATES]
    policy = responses(w, payoffs, kernel)
    gamma = w["gamma"]
    left = [
        [
            (x == y) - gamma * sum(policy[x][action] * kernel[action][x][y] for action in ACTIONS)
            for y in range(len(STATES))
        ]
        for x in range(len(STATES))
    ]
    right = [flows(w, i, t, p, d, e, m, policy[x]) for x, (i, t) in enumerate(STATES)]
    start = solve(left, right)[STATES.index(START)]
    return [start[0], *((1 - gamma) * total for total in start[1:])]


def unity(w: World, s: float, p: float, d: float) -> float:
    """u: the alliance's unity, from support, less what presence without dialogue and dialogue without presence cost."""
    return min(max(1.25 * s * (1 - w["kW"] * p * (1 - d)) * (1 - w["kE"] * d * (1 - p)), 0.0), 1.0)


def credibility(w: World, u: float, p: float, m: float) -> float:
    """c: a response comes from unity or, where that fails, from the tripwire."""
    return u + (1 - u) * w["trip"] * p * (m + (1 - m) * (1 - w["xi"]))


def denial(w: World, p: float, m: float) -> float:
    """k: probability that a response denies the challenge."""
    return (w["k0d"] + (w["k1d"] - w["k0d"]) * p) * (1 - w["chi"] * m)


def threat(w: World, t: int, p: float, d: float, m: float) -> float:
    """phi: how threatening the presence looks."""
    return w["omega"] * p * (1 - w["mu"] * m) * (1 - w["rho"] * d) * (1 / 2 + t / 6) * (4 / 3)


def utilities(w: World, greedy: bool, i: int, t: int, p: float, d: float, m: float) -> Row:
    """U0, U1, U2: what the adversary gets this quarter from restraint, pressure and challenge."""
    y, g, gain = (w["y_G"], w["g_G"], w["V_G"]) if greedy else (w["y_S"], w["g_S"], w["V_S"])
    f = w["pre"] if greedy else 1.0
    u = unity(w, SUPPORTS[i], p, d)
    phi = threat(w, t, p, d, m)
    ell = w["ell0"] + (1 - w["ell0"]) * p
    perceived = credibility(w, u, p, m) * (1 - w["wk"] * d) * denial(w, p, m)
    return [
        y * d * ell * w["cond"],
        g * (1 - u) + f * w["r1"] * phi - w["k1"],
        gain * (1 - perceived) - w["L"] * perceived + f * w["r2"] * phi - w["k2"],
    ]


def support_moves(w: World, p: float, d: float, e: float) -> list[tuple[float, float]]:
    """(up, down): probabilities that support moves one level after calm, pressure or a challenge was seen."""
    moves = []
    for seen in ACTIONS:
        up = w["exq"] * e + w["dlg"] * d + (w["rally"] if seen >= 1 else 0.0)
        down = w["dec"] * (1 - 0.7 * e) + w["mis"] * p * (1 - 0.8 * e) + w["conf"] * p * (1 - d)
        up, down = max(up, 0.0), max(down, 0.0)
        scale = min(1.0, 0.9 / (up + down)) if up + down > 0 else 1.0
        moves.append((up * scale, down * scale))
    return moves


def tension_moves(w: World, seen: int, d: float) -> tuple[float, float]:
    """(up, down): probabilities that tension moves one level. A prior set with rho_t < 0 may ask for more than 1."""
    if seen == 0:
        return 0.0, min(w["td"] * (1 + d / 2), 1.0)
    return (min(w["tu"] * (1 - w["rho_t"] * d), 1.0) if seen == 1 else 1.0), 0.0


def seen_as(w: World, action: int, d: float) -> Row:
    """P(o | action): calm and pressure are taken for each other with probability eps; a challenge never."""
    eps = w["eps0"] * (1 - w["rho_o"] * d)
    return [[1 - eps, eps, 0.0], [eps, 1 - eps, 0.0], [0.0, 0.0, 1.0]][action]


def transition(w: World, action: int, d: float, support: list[tuple[float, float]]) -> Matrix:
    """P(x' | x, action): support and tension move on what was seen, apart from each other, and stay within bounds."""
    rows = []
    for i, t in STATES:
        row = [0.0] * len(STATES)
        for seen, chance in enumerate(seen_as(w, action, d)):
            for i_next, of_support in one_step(i, len(SUPPORTS), *support[seen]):
                for t_next, of_tension in one_step(t, len(TENSIONS), *tension_moves(w, seen, d)):
                    row[i_next * len(TENSIONS) + t_next] += chance * of_support * of_tension
        rows.append(row)
    return rows


def one_step(level: int, levels: int, up: float, down: float) -> list[tuple[int, float]]:
    """Where a level goes: one up, one down or nowhere; at an end it stays."""
    up = up if level < levels - 1 else 0.0
    down = down if level > 0 else 0.0
    return [(new, chance) for new, chance in ((level - 1, down), (level, 1 - up - down), (level + 1, up)) if chance]


def responses(w: World, payoffs: Matrix, kernel: list[Matrix]) -> Matrix:
    """pi_a(x): logit responses to Q_a = U_a + gR E[W(x')], where W = sum_a pi_a Q_a looks ahead: Newton's method.

    W - F(W) = 0 with F(W) = sum_a pi_a Q_a has the derivative I - gR sum_a pi_a (1 + beta (Q_a - F)) P_a.

    Raises:
        ArithmeticError: no solution after 50 steps.
    """
    beta, discount = w["beta"], w["gR"]
    states = range(len(STATES))
    ahead = [0.0] * len(STATES)
    for _ in range(50):
        policy, weights, change = [], [], []
        for x in states:
            q = [payoffs[x][a] + discount * sum(map(float.__mul__, kernel[a][x], ahead)) for a in ACTIONS]
            z = [math.exp(beta * (value - max(q))) for value in q]
            pi = [part / sum(z) for part in z]
            mean = sum(map(float.__mul__, pi, q))
            policy.append(pi)
            weights.append([pi[a] * (1 + beta * (q[a] - mean)) for a in ACTIONS])
            change.append([mean - ahead[x]])
        if max(abs(step) for (step,) in change) < 1e-13 * (1 + max(map(abs, ahead))):
            return policy
        slope = [
            [(x == y) - discount * sum(weights[x][a] * kernel[a][x][y] for a in ACTIONS) for y in states]
            for x in states
        ]
        ahead = [value + step for value, (step,) in zip(ahead, solve(slope, change), strict=True)]
    raise ArithmeticError("The adversary's value of looking ahead did not settle within 50 Newton steps.")


def flows(w: World, i: int, t: int, p: float, d: float, e: float, m: float, pi: Row) -> Row:
    """What a quarter brings: payoff r, and the rates of challenge, loss, escalation, pressure, and support itself."""
    s = SUPPORTS[i]
    met = credibility(w, unity(w, s, p, d), p, m) * denial(w, p, m)
    q = w["lam"] * (t + 0.25) / 3.25 * (pi[1] + 0.15 * pi[0]) * (1 - w["rho_e"] * d) * (1 / 2 + p / 2)
    cost = w["c_p"] * p + w["c_d"] * d + w["c_e"] * e + w["c_m"] * m
    harm = pi[2] * (w["H"] * (1 - met) + w["Wc"] * met) + w["Ip"] * pi[1] + w["Ce"] * q + w["zet"] * (1 - s)
    return [-cost - harm, pi[2], pi[2] * (1 - met), q, pi[1], s]


def solve(left: Matrix, right: Matrix) -> Matrix:
    """X with left X = right, by Gauss elimination with partial pivoting."""
    size = len(left)
    rows = [[*a, *b] for a, b in zip(left, right, strict=True)]
    for column in range(size):
        best = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        pivot = rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / pivot[column]
            if factor:
                rows[row] = [value - factor * top for value, top in zip(rows[row], pivot, strict=True)]
    solution: Matrix = [[] for _ in rows]
    for column in reversed(range(size)):
        known = rows[column][size:]
        for later in range(column + 1, size):
            known = [value - rows[column][later] * x for value, x in zip(known, solution[later], strict=True)]
        solution[column] = [value / rows[column][column] for value in known]
    return solution
