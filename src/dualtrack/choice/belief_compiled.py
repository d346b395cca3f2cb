"""Sweeps over states and beliefs, compiled by numba; ``belief_numpy.py`` has the same in numpy, to the same bits.

No formula of the model stands here: everything comes in as arrays (``decision.Sweep``). Sums run in a fixed order and
without ``fastmath``, so that numpy's are the same. Imported only where numba is wanted (``engine.py``).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from dualtrack.core.compiledcache import compiled_once

kept: Any = partial(compiled_once, nogil=True)


@kept
def _place(i, odds, seeking, greedy, low, step, beliefs):  # type: ignore[no-untyped-def]
    """Where Bayes' rule takes belief i: probability of what is shown, grid point at or below, how far to the next."""
    size = beliefs.size
    b = beliefs[i]
    joint = b * greedy
    chance = joint + (1.0 - b) * seeking
    if i == 0 or chance <= 0.0:
        return chance, 0, 0.0
    if i == size - 1:
        return chance, size - 2, 1.0
    j = int(np.floor((low[i] + odds) / step)) + 1
    j = min(max(j, 0), size - 2)
    w = (joint / chance - beliefs[j]) / (beliefs[j + 1] - beliefs[j])
    return chance, j, min(max(w, 0.0), 1.0)


@kept
def look(sweep, values, among, worth):  # type: ignore[no-untyped-def]
    """Bellman's step: worth (A, 20, B) of each package that ``among`` (A, 20, B) leaves open, -inf elsewhere."""
    packages, states, size = among.shape
    groups, shown, moved = sweep.signals.shape[0], sweep.signals.shape[3], sweep.moves.shape[0]
    low, step, beliefs = sweep.low, sweep.step, sweep.beliefs
    ahead = np.empty((moved, 3, size))
    wants_signal, wants_move = np.empty(groups, dtype=np.bool_), np.empty(moved, dtype=np.bool_)
    first, last = np.empty(packages, dtype=np.int64), np.empty(packages, dtype=np.int64)
    chance, weight, index = np.empty(size), np.empty(size), np.empty(size, dtype=np.int64)
    for x in range(states):
        wants_signal[:] = False
        wants_move[:] = False
        for a in range(packages):
            first[a], last[a] = size, -1
            for i in range(size):
                if among[a, x, i]:
                    last[a] = i
                    first[a] = min(first[a], i)
            worth[a, x, :] = -np.inf
            if last[a] >= 0:
                worth[a, x, first[a] : last[a] + 1] = 0.0
                wants_signal[sweep.signal[a]] = True
                wants_move[sweep.move[a]] = True
        for h in range(moved):
            if wants_move[h]:
                for s in range(3):
                    ahead[h, s, :] = 0.0
                    for k in range(sweep.nearby.shape[1]):
                        t = sweep.moves[h, s, x, k]
                        if t != 0.0:
                            y = sweep.nearby[x, k]
                            for i in range(size):
                                ahead[h, s, i] += t * values[y, i]
        for g in range(groups):
            if not wants_signal[g]:
                continue
            start, end = size, -1
            for a in range(packages):
                if sweep.signal[a] == g and last[a] >= 0:
                    start, end = min(start, first[a]), max(end, last[a])
            for o in range(shown):
                seeking, greedy = sweep.signals[g, 0, x, o], sweep.signals[g, 1, x, o]
                if seeking == 0.0 and greedy == 0.0:
                    continue
                for i in range(start, end + 1):
                    chance[i], index[i], weight[i] = _place(i, sweep.odds[g, x, o], seeking, greedy, low, step, beliefs)
                for a in range(packages):
                    if sweep.signal[a] == g:
                        row = ahead[sweep.move[a], o // 2]
                        for i in range(first[a], last[a] + 1):
                            here = row[index[i]]
                            worth[a, x, i] += chance[i] * (here + weight[i] * (row[index[i] + 1] - here))
        for a in range(packages):
            for i in range(first[a], last[a] + 1):
                if among[a, x, i]:
                    now = sweep.rewards[a, 0, x] + beliefs[i] * (sweep.rewards[a, 1, x] - sweep.rewards[a, 0, x])
                    worth[a, x, i] = now + sweep.discount * worth[a, x, i]
                else:
                    worth[a, x, i] = -np.inf


@kept
def _entries(sweep):  # type: ignore[no-untyped-def]
    """The most that can be shown together with a next state: rows are as wide as needed, which sweeps read less of."""
    answers = sweep.signals.shape[3] // 3
    most = 0
    for h in range(sweep.moves.shape[0]):
        for x in range(sweep.moves.shape[2]):
            found = 0
            for s in range(3):
                for k in range(sweep.moves.shape[3]):
                    if sweep.moves[h, s, x, k] != 0.0:
                        found += answers
            most = max(most, found)
    return most


@kept
def interpolation(sweep, chosen):  # type: ignore[no-untyped-def]
    """Following a policy (20, B) with linear interpolation, as an operator: counts, index, weights and reward by row.

    Row x * B + i has ``counts`` entries: its value is reward + sum of weights * values[index]; weights hold gamma.
    """
    states, size = chosen.shape
    shown, near = sweep.signals.shape[3], sweep.nearby.shape[1]
    rows = states * size
    width = 2 * _entries(sweep)
    counts, index = np.zeros(rows, dtype=np.int64), np.empty((rows, width), dtype=np.int32)
    weights, now = np.empty((rows, width)), np.empty(rows)
    for x in range(states):
        for i in range(size):
            row, a, n = x * size + i, chosen[x, i], 0
            g, h = sweep.signal[a], sweep.move[a]
            now[row] = sweep.rewards[a, 0, x] + sweep.beliefs[i] * (sweep.rewards[a, 1, x] - sweep.rewards[a, 0, x])
            for o in range(shown):
                seeking, greedy = sweep.signals[g, 0, x, o], sweep.signals[g, 1, x, o]
                chance, j, w = _place(
                    i, sweep.odds[g, x, o], seeking, greedy, sweep.low, sweep.step, sweep.beliefs
                )  # fmt: skip
                if chance <= 0.0:
                    continue
                over = sweep.discount * chance * w
                under = sweep.discount * chance - over
                for k in range(near):
                    t = sweep.moves[h, o // 2, x, k]
                    if t != 0.0:
                        at = sweep.nearby[x, k] * size + j
                        index[row, n], weights[row, n] = at, t * under
                        index[row, n + 1], weights[row, n + 1] = at + 1, t * over
                        n += 2
            counts[row] = n
    return counts, index, weights, now


@kept
def _best_near(alphas, y, j, belief):  # type: ignore[no-untyped-def]
    """The node of state y that is best at a belief between grid points j and j + 1: of these and their neighbours."""
    best, node = -np.inf, 0
    for n in range(max(j - 1, 0), min(j + 3, alphas.shape[2])):
        v = alphas[0, y, n] + belief * (alphas[1, y, n] - alphas[0, y, n])
        if v > best:
            best, node = v, n
    return node


@kept
def controller(sweep, chosen, alphas):  # type: ignore[no-untyped-def]
    """A controller with a node for each state and belief, that goes on to the best of four nodes near the new belief.

    Returns counts, index, weights by type (2, rows, entries) and rewards (2, rows), as ``interpolation`` does.
    """
    states, size = chosen.shape
    shown, near = sweep.signals.shape[3], sweep.nearby.shape[1]
    rows = states * size
    width = _entries(sweep)
    counts, index = np.zeros(rows, dtype=np.int64), np.empty((rows, width), dtype=np.int32)
    weights, now = np.empty((2, rows, width)), np.empty((2, rows))
    for x in range(states):
        for i in range(size):
            row, a, entry = x * size + i, chosen[x, i], 0
            g, h = sweep.signal[a], sweep.move[a]
            now[0, row], now[1, row] = sweep.rewards[a, 0, x], sweep.rewards[a, 1, x]
            for o in range(shown):
                seeking, greedy = sweep.signals[g, 0, x, o], sweep.signals[g, 1, x, o]
                if seeking == 0.0 and greedy == 0.0:
                    continue
                _, j, w = _place(i, sweep.odds[g, x, o], seeking, greedy, sweep.low, sweep.step, sweep.beliefs)
                after = sweep.beliefs[j] + w * (sweep.beliefs[j + 1] - sweep.beliefs[j])
                for k in range(near):
                    t = sweep.moves[h, o // 2, x, k]
                    if t != 0.0:
                        y = sweep.nearby[x, k]
                        index[row, entry] = y * size + _best_near(alphas, y, j, after)
                        weights[0, row, entry] = sweep.discount * t * seeking
                        weights[1, row, entry] = sweep.discount * t * greedy
                        entry += 1
            counts[row] = entry
    return counts, index, weights, now


@kept
def apply(counts, index, weights, vector, result):  # type: ignore[no-untyped-def]
    """The operator's sums of weights * vector[index], by row, in four strands: one addition would wait for another."""
    for row in range(counts.size):
        n = counts[row]
        whole = n - n % 4
        s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
        for e in range(0, whole, 4):
            s0 += weights[row, e] * vector[index[row, e]]
            s1 += weights[row, e + 1] * vector[index[row, e + 1]]
            s2 += weights[row, e + 2] * vector[index[row, e + 2]]
            s3 += weights[row, e + 3] * vector[index[row, e + 3]]
        if n > whole:
            s0 += weights[row, whole] * vector[index[row, whole]]
        if n > whole + 1:
            s1 += weights[row, whole + 1] * vector[index[row, whole + 1]]
        if n > whole + 2:
            s2 += weights[row, whole + 2] * vector[index[row, whole + 2]]
        result[row] = (s0 + s1) + (s2 + s3)


@kept
def _dot(one, other):  # type: ignore[no-untyped-def]
    total = 0.0
    for n in range(one.size):
        total += one[n] * other[n]
    return total


@kept
def solve(counts, index, weights, now, values, steps, stop):  # type: ignore[no-untyped-def]
    """Solves values = now + operator(values) in place by BiCGSTAB (van der Vorst 1992); returns how often it applied.

    It ends when no residual exceeds ``stop``, after ``steps``, or where it breaks down; callers check what is left.
    """
    rows = now.size
    t, v = np.empty(rows), np.zeros(rows)
    apply(counts, index, weights, values, t)
    r = now + t - values
    shadow = r.copy()
    p = np.zeros(rows)
    rho, alpha, omega = 1.0, 1.0, 1.0
    used = 1
    for _ in range(steps):
        if np.abs(r).max() <= stop:
            break
        before, rho = rho, _dot(shadow, r)
        if rho == 0.0 or omega == 0.0:
            break
        beta = (rho / before) * (alpha / omega)
        p = r + beta * (p - omega * v)
        apply(counts, index, weights, p, v)
        v = p - v
        along = _dot(shadow, v)
        if along == 0.0:
            break
        alpha = rho / along
        s = r - alpha * v
        apply(counts, index, weights, s, t)
        t = s - t
        used += 2
        square = _dot(t, t)
        if square == 0.0:
            values += alpha * p
            break
        omega = _dot(t, s) / square
        values += alpha * p + omega * s
        r = s - omega * t
    return used


@kept
def improve(sweep, chosen, alphas, sweeps):  # type: ignore[no-untyped-def]
    """In place, state by state: each alpha vector becomes that of the action and the best of four nodes next, where
    this is better at its own belief. A step back from what is achievable is achievable, so every one stays a bound."""
    states, size = chosen.shape
    shown, near = sweep.signals.shape[3], sweep.nearby.shape[1]
    new_s, new_g = np.empty(size), np.empty(size)
    for _ in range(sweeps):
        for x in range(states):
            for i in range(size):
                a = chosen[x, i]
                g, h = sweep.signal[a], sweep.move[a]
                total_s, total_g = 0.0, 0.0
                for o in range(shown):
                    seeking, greedy = sweep.signals[g, 0, x, o], sweep.signals[g, 1, x, o]
                    if seeking == 0.0 and greedy == 0.0:
                        continue
                    _, j, w = _place(i, sweep.odds[g, x, o], seeking, greedy, sweep.low, sweep.step, sweep.beliefs)
                    after = sweep.beliefs[j] + w * (sweep.beliefs[j + 1] - sweep.beliefs[j])
                    for k in range(near):
                        t = sweep.moves[h, o // 2, x, k]
                        if t != 0.0:
                            y = sweep.nearby[x, k]
                            node = _best_near(alphas, y, j, after)
                            total_s += t * seeking * alphas[0, y, node]
                            total_g += t * greedy * alphas[1, y, node]
                new_s[i] = sweep.rewards[a, 0, x] + sweep.discount * total_s
                new_g[i] = sweep.rewards[a, 1, x] + sweep.discount * total_g
            for i in range(size):
                b = sweep.beliefs[i]
                old = alphas[0, x, i] + b * (alphas[1, x, i] - alphas[0, x, i])
                if new_s[i] + b * (new_g[i] - new_s[i]) > old:
                    alphas[0, x, i], alphas[1, x, i] = new_s[i], new_g[i]
