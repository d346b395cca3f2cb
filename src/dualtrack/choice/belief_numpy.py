"""Sweeps over states and beliefs in numpy: what ``belief_compiled.py`` does, to the same bits, without numba.

Every function has its namesake there. Sums run in the same order, entry by entry, which is why they are written as
accumulations instead of numpy's pairwise sums.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.decision import Integers, Sweep
from dualtrack.choice.parameters import Floats

Operator = tuple[Integers, Integers, Floats, Floats]
"""Counts, index, weights and reward by row: a row's value is its reward plus the sum of weights * values[index]."""


def _place(
    sweep: Sweep, groups: Integers, states: Integers, points: Integers, o: int
) -> tuple[Floats, Integers, Floats]:
    """Where Bayes' rule takes beliefs when o is shown, for arrays of signal, state and grid point (broadcast)."""
    size = len(sweep.beliefs)
    seeking, greedy = sweep.signals[groups, 0, states, o], sweep.signals[groups, 1, states, o]
    b = sweep.beliefs[points]
    joint = b * greedy
    chance = joint + (1.0 - b) * seeking
    at = np.floor((sweep.low[points] + sweep.odds[groups, states, o]) / sweep.step).astype(np.int64) + 1
    j = np.clip(at, 0, size - 2)
    after = np.divide(joint, chance, out=np.zeros_like(chance), where=chance > 0)
    w = np.clip((after - sweep.beliefs[j]) / (sweep.beliefs[j + 1] - sweep.beliefs[j]), 0.0, 1.0)
    known = (points == 0) | (chance <= 0)
    last = ~known & (points == size - 1)
    j = np.where(known, 0, np.where(last, size - 2, j))
    w = np.where(known, 0.0, np.where(last, 1.0, w))
    return chance, j, w


def look(sweep: Sweep, values: Floats, among: NDArray[np.bool_], worth: Floats) -> None:
    """Bellman's step: worth (A, 20, B) of each package that ``among`` (A, 20, B) leaves open, -inf elsewhere."""
    _, states, size = among.shape
    ahead = np.zeros((*sweep.moves.shape[:3], size))
    for k in range(sweep.nearby.shape[1]):
        ahead += sweep.moves[..., k, None] * values[sweep.nearby[:, k]]
    rows, points = np.arange(states)[:, None], np.arange(size)[None]
    wanted = among.any(axis=(1, 2))
    worth[:] = 0.0
    for g in np.unique(sweep.signal[wanted]):
        sharing = np.flatnonzero(wanted & (sweep.signal == g))
        for o in range(sweep.signals.shape[3]):
            if not sweep.signals[g, :, :, o].any():
                continue
            chance, j, w = _place(sweep, g, rows, points, o)
            for a in sharing:
                row = ahead[sweep.move[a], o // 2]
                here = row[rows, j]
                worth[a] += chance * (here + w * (row[rows, j + 1] - here))
    now = sweep.rewards[:, 0, :, None] + sweep.beliefs * (sweep.rewards[:, 1] - sweep.rewards[:, 0])[..., None]
    worth[:] = np.where(among, now + sweep.discount * worth, -np.inf)


def _packed(valid: NDArray[np.bool_], index: Integers, *weights: Floats) -> tuple[Integers, Integers, list[Floats]]:
    """Rows with their valid entries first, in their order, and nothing after: counts, index, weights."""
    order = np.argsort(~valid, axis=1, kind="stable")
    held = np.take_along_axis(valid, order, axis=1)
    packed = np.where(held, np.take_along_axis(index, order, axis=1), 0)
    return (
        valid.sum(axis=1), packed, [np.where(held, np.take_along_axis(w, order, axis=1), 0.0) for w in weights]
    )  # fmt: skip


def interpolation(sweep: Sweep, chosen: Integers) -> Operator:
    """Following a policy (20, B) with linear interpolation, as an operator on rows x * B + i; weights hold gamma."""
    states, size = chosen.shape
    rows, points = np.arange(states)[:, None], np.arange(size)[None]
    g, h = sweep.signal[chosen], sweep.move[chosen]
    shown, near = sweep.signals.shape[3], sweep.nearby.shape[1]
    index = np.zeros((states, size, shown, near, 2), dtype=np.int64)
    weights, valid = np.zeros(index.shape), np.zeros(index.shape, dtype=np.bool_)
    for o in range(shown):
        chance, j, w = _place(sweep, g, rows, points, o)
        over = sweep.discount * chance * w
        under = sweep.discount * chance - over
        for k in range(near):
            t = sweep.moves[h, o // 2, rows, k]
            at = sweep.nearby[rows, k] * size + j
            index[..., o, k, 0], index[..., o, k, 1] = at, at + 1
            weights[..., o, k, 0], weights[..., o, k, 1] = t * under, t * over
            valid[..., o, k, :] = ((t != 0) & (chance > 0))[..., None]
    flat = states * size
    counts, packed, [sums] = _packed(valid.reshape(flat, -1), index.reshape(flat, -1), weights.reshape(flat, -1))
    seeking, greedy = sweep.rewards[chosen, 0, rows], sweep.rewards[chosen, 1, rows]
    return counts, packed, sums, (seeking + sweep.beliefs * (greedy - seeking)).ravel()


def _best_near(alphas: Floats, y: Integers, j: Integers, belief: Floats) -> Integers:
    """The node of states y that is best at beliefs between grid points j and j + 1: of these and their neighbours."""
    size = alphas.shape[2]
    best, node = np.full(j.shape, -np.inf), np.zeros(j.shape, dtype=np.int64)
    for shift in (-1, 0, 1, 2):
        n = j + shift
        inside = (n >= 0) & (n < size)
        n = np.clip(n, 0, size - 1)
        v = alphas[0, y, n] + belief * (alphas[1, y, n] - alphas[0, y, n])
        better = inside & (v > best)
        best, node = np.where(better, v, best), np.where(better, n, node)
    return node


def controller(sweep: Sweep, chosen: Integers, alphas: Floats) -> Operator:
    """A controller with a node for each state and belief, that goes on to the best of four nodes near the new belief.

    Weights come by type, (2, rows, entries), and rewards too.
    """
    states, size = chosen.shape
    rows, points = np.arange(states)[:, None], np.arange(size)[None]
    g, h = sweep.signal[chosen], sweep.move[chosen]
    shown, near = sweep.signals.shape[3], sweep.nearby.shape[1]
    index = np.zeros((states, size, shown, near), dtype=np.int64)
    weights, valid = np.zeros((2, *index.shape)), np.zeros(index.shape, dtype=np.bool_)
    for o in range(shown):
        seeking, greedy = sweep.signals[g, 0, rows, o], sweep.signals[g, 1, rows, o]
        _, j, w = _place(sweep, g, rows, points, o)
        after = sweep.beliefs[j] + w * (sweep.beliefs[j + 1] - sweep.beliefs[j])
        for k in range(near):
            t = sweep.moves[h, o // 2, rows, k]
            y = np.broadcast_to(sweep.nearby[rows, k], j.shape)
            index[..., o, k] = y * size + _best_near(alphas, y, j, after)
            weights[0, ..., o, k], weights[1, ..., o, k] = sweep.discount * t * seeking, sweep.discount * t * greedy
            valid[..., o, k] = (t != 0) & ((seeking != 0) | (greedy != 0))
    flat = states * size
    counts, packed, both = _packed(
        valid.reshape(flat, -1), index.reshape(flat, -1), *(part.reshape(flat, -1) for part in weights)
    )
    rewards = np.stack([sweep.rewards[chosen, kind, rows].ravel() for kind in (0, 1)])
    return counts, packed, np.stack(both), rewards


def apply(counts: Integers, index: Integers, weights: Floats, vector: Floats, result: Floats) -> None:
    """The operator's sums of weights * vector[index], by row, in four strands."""
    products = weights * vector[index]
    width = -(-products.shape[1] // 4) * 4
    strands = np.zeros((len(products), width))
    strands[:, : products.shape[1]] = products
    sums = np.cumsum(strands.reshape(len(products), -1, 4), axis=1)[:, -1]
    result[:] = (sums[:, 0] + sums[:, 1]) + (sums[:, 2] + sums[:, 3])


def _dot(one: Floats, other: Floats) -> float:
    return float(np.cumsum(one * other)[-1])


def solve(
    counts: Integers, index: Integers, weights: Floats, now: Floats, values: Floats, steps: int, stop: float
) -> int:
    """Solves values = now + operator(values) in place by BiCGSTAB (van der Vorst 1992); returns how often it applied.

    It ends when no residual exceeds ``stop``, after ``steps``, or where it breaks down; callers check what is left.
    """
    t, v = np.empty(len(now)), np.zeros(len(now))
    apply(counts, index, weights, values, t)
    r = now + t - values
    shadow = r.copy()
    p = np.zeros(len(now))
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


def improve(sweep: Sweep, chosen: Integers, alphas: Floats, sweeps: int) -> None:
    """In place, state by state: each alpha vector becomes that of the action and the best of four nodes next, where
    this is better at its own belief. A step back from what is achievable is achievable, so every one stays a bound."""
    states, size = chosen.shape
    points = np.arange(size)
    for _ in range(sweeps):
        for x in range(states):
            a = chosen[x]
            g, h = sweep.signal[a], sweep.move[a]
            totals = np.zeros((2, size))
            for o in range(sweep.signals.shape[3]):
                chances = sweep.signals[g, :, x, o].T
                _, j, w = _place(sweep, g, np.full(size, x), points, o)
                after = sweep.beliefs[j] + w * (sweep.beliefs[j + 1] - sweep.beliefs[j])
                for k in range(sweep.nearby.shape[1]):
                    t = sweep.moves[h, o // 2, x, k]
                    if t.any():
                        y = np.full(size, sweep.nearby[x, k])
                        totals += t * chances * alphas[:, y, _best_near(alphas, y, j, after)]
            new = sweep.rewards[a, :, x].T + sweep.discount * totals
            old = alphas[0, x] + sweep.beliefs * (alphas[1, x] - alphas[0, x])
            better = new[0] + sweep.beliefs * (new[1] - new[0]) > old
            alphas[:, x, better] = new[:, better]
