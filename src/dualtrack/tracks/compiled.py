"""Encounters of a busy hour, compiled: the rules of ``pairwise`` over arrays, pairs by a grid over time and space.

Every joined piece of a way belongs to slots of a minute. The box of a bearer in a slot, widened by half the horizontal
limit, lies in the cells of a grid over earth-centred space that it touches; two boxes of a cell that overlap, and whose
heights can come within the limit, are a pair. A pair is taken in one cell only, that of the corner of the overlap. What
remains is refined exactly, as in ``pairwise``. Boxes hold whole segments, so that nothing that happens in a slot lies
outside; the grid therefore decides the time it takes, never the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from dualtrack.tracks.packing import PER_DEGREE
from dualtrack.tracks.pairwise import CLIMB_FLOOR_FT, CLIMB_FT_S, GUARD, JUMP_FLOOR_M, LONGEST_M, STALE_KT, TOUCHING_S

A, F = 6378137.0, 1 / 298.257223563
E2 = F * (2 - F)
SLOT_S = 60.0
RULES = ("", "on_ground", "not_under_way", "stale", "spike")

Floats = NDArray[np.float64]

Code = TypeVar("Code", bound=Callable[..., Any])


def _fast(code: Code) -> Code:
    """Compiled when it is first called, once per machine."""
    made: Any = numba.njit(cache=True)(code)
    return cast(Code, made)


def ecef(lat: NDArray[Any], lon: NDArray[Any]) -> tuple[Floats, Floats, Floats]:
    """Earth-centred coordinates in metres of positions in packed units."""
    a, b = np.radians(lat / PER_DEGREE), np.radians(lon / PER_DEGREE)
    sine = np.sin(a)
    normal = A / np.sqrt(1 - E2 * sine**2)
    across = normal * np.cos(a)
    return across * np.cos(b), across * np.sin(b), normal * (1 - E2) * sine


@_fast
def _jump(i: int, j: int, t: Any, x: Any, y: Any, z: Any, baro: Any, geom: Any, fastest: float) -> bool:
    span = t[j] - t[i]
    far = math.sqrt((x[j] - x[i]) ** 2 + (y[j] - y[i]) ** 2 + (z[j] - z[i]) ** 2)
    if far > fastest * span + JUMP_FLOOR_M:
        return True
    climb = CLIMB_FT_S * span + CLIMB_FLOOR_FT
    return bool(abs(baro[j] - baro[i]) > climb or abs(geom[j] - geom[i]) > climb)  # a missing height, NaN, is no jump


@_fast
def clean(
    first: Any,
    ship: Any,
    t: Any,
    lat: Any,
    lon: Any,
    x: Any,
    y: Any,
    z: Any,
    baro: Any,
    geom: Any,
    speed: Any,
    ground: Any,
    gaps: Any,
    fastest: Any,
    slowest: Any,
) -> Any:
    """Which rule drops each report (0: none), and whether the way from the kept one before leads to it.

    ``first`` are the places where tracks begin, and the end; ``gaps``, ``fastest`` and ``slowest`` hold the figures of
    aircraft and of ships.
    """
    n = len(t)
    rule = np.zeros(n, np.uint8)
    joined = np.zeros(n, np.bool_)
    for k in range(len(first) - 1):
        kind = ship[k]
        before = -1
        for i in range(first[k], first[k + 1]):
            if ground[i]:
                rule[i] = 1
            elif speed[i] >= 0 and speed[i] <= slowest[kind]:
                rule[i] = 2
            else:
                if before >= 0 and lat[i] == lat[before] and lon[i] == lon[before] and speed[i] > STALE_KT:
                    rule[i] = 3
                before = i
        two = one = -1  # the two kept before, spikes not yet taken out
        for i in range(first[k], first[k + 1]):
            if rule[i]:
                continue
            if (
                two >= 0
                and _jump(two, one, t, x, y, z, baro, geom, fastest[kind])
                and _jump(one, i, t, x, y, z, baro, geom, fastest[kind])
                and not _jump(two, i, t, x, y, z, baro, geom, fastest[kind])
            ):
                rule[one] = 4
            two, one = one, i
        last = -1
        for i in range(first[k], first[k + 1]):
            if rule[i] == 0:
                if last >= 0 and t[i] - t[last] <= gaps[kind]:
                    joined[i] = not _jump(last, i, t, x, y, z, baro, geom, fastest[kind])
                last = i
    return rule, joined


@_fast
def divide(
    first: Any, rule: Any, joined: Any, t: Any, lat: Any, lon: Any, x: Any, y: Any, z: Any, baro: Any, geom: Any
) -> Any:
    """The kept reports as knots, long segments divided on the great circle: starts of tracks, then columns."""
    count = 0
    for k in range(len(first) - 1):
        last = -1
        for i in range(first[k], first[k + 1]):
            if rule[i] == 0:
                count += 1
                if joined[i]:
                    far = math.sqrt((x[i] - x[last]) ** 2 + (y[i] - y[last]) ** 2 + (z[i] - z[last]) ** 2)
                    count += max(0, math.ceil(far / LONGEST_M) - 1)
                last = i
    starts = np.zeros(len(first), np.int64)
    out = np.empty((6, count))
    leads = np.zeros(count, np.bool_)
    n = 0
    for k in range(len(first) - 1):
        starts[k] = n
        last = -1
        for i in range(first[k], first[k + 1]):
            if rule[i]:
                continue
            if joined[i]:
                far = math.sqrt((x[i] - x[last]) ** 2 + (y[i] - y[last]) ** 2 + (z[i] - z[last]) ** 2)
                parts = math.ceil(far / LONGEST_M)
                if parts > 1:
                    a1, b1 = math.radians(lat[last] / PER_DEGREE), math.radians(lon[last] / PER_DEGREE)
                    a2, b2 = math.radians(lat[i] / PER_DEGREE), math.radians(lon[i] / PER_DEGREE)
                    u = math.cos(a1) * math.cos(b1), math.cos(a1) * math.sin(b1), math.sin(a1)
                    v = math.cos(a2) * math.cos(b2), math.cos(a2) * math.sin(b2), math.sin(a2)
                    chord = math.sqrt((u[0] - v[0]) ** 2 + (u[1] - v[1]) ** 2 + (u[2] - v[2]) ** 2)
                    angle = 2 * math.asin(min(1.0, chord / 2))
                    for p in range(1, parts):
                        part = p / parts
                        w1, w2 = (
                            math.sin((1 - part) * angle) / math.sin(angle),
                            math.sin(part * angle) / math.sin(angle),
                        )
                        q0, q1, q2 = w1 * u[0] + w2 * v[0], w1 * u[1] + w2 * v[1], w1 * u[2] + w2 * v[2]
                        a, b = math.atan2(q2, math.hypot(q0, q1)), math.atan2(q1, q0)
                        normal = A / math.sqrt(1 - E2 * math.sin(a) ** 2)
                        out[0, n] = t[last] + (t[i] - t[last]) * part
                        out[1, n] = normal * math.cos(a) * math.cos(b)
                        out[2, n] = normal * math.cos(a) * math.sin(b)
                        out[3, n] = normal * (1 - E2) * math.sin(a)
                        out[4, n] = baro[last] + (baro[i] - baro[last]) * part
                        out[5, n] = geom[last] + (geom[i] - geom[last]) * part
                        leads[n] = True
                        n += 1
            out[0, n], out[1, n], out[2, n], out[3, n], out[4, n], out[5, n] = t[i], x[i], y[i], z[i], baro[i], geom[i]
            leads[n] = joined[i]
            n += 1
            last = i
    starts[len(first) - 1] = n
    return starts, out, leads


@_fast
def boxes(starts: Any, knots: Any, leads: Any, since: float, until: float) -> Any:
    """A box for each track and slot: slot, track, first knot that leads into it; then low and high of place and height.

    A height that some knot does not tell is anything.
    """
    count = 0
    for k in range(len(starts) - 1):
        held = -1
        for i in range(starts[k] + 1, starts[k + 1]):
            if leads[i] and knots[0, i] > since and knots[0, i - 1] < until:
                low = max(int(knots[0, i - 1] // SLOT_S), int(since // SLOT_S), held + 1)
                high = int(min(knots[0, i], until) // SLOT_S)
                if high >= low:
                    count += high - low + 1
                    held = high
    which = np.empty((3, count), np.int64)
    box = np.empty((8, count))
    n = 0
    for k in range(len(starts) - 1):
        begin = n
        for i in range(starts[k] + 1, starts[k + 1]):
            if not (leads[i] and knots[0, i] > since and knots[0, i - 1] < until):
                continue
            low = max(int(knots[0, i - 1] // SLOT_S), int(since // SLOT_S))
            high = int(min(knots[0, i], until) // SLOT_S)
            for slot in range(low, high + 1):
                if n == begin or which[0, n - 1] < slot:
                    which[0, n], which[1, n], which[2, n] = slot, k, i
                    for c in range(4):
                        box[2 * c, n], box[2 * c + 1, n] = np.inf, -np.inf
                    n += 1
                m = n - 1
                while which[0, m] > slot:
                    m -= 1
                for j in (i - 1, i):
                    for c in range(3):
                        box[2 * c, m] = min(box[2 * c, m], knots[1 + c, j])
                        box[2 * c + 1, m] = max(box[2 * c + 1, m], knots[1 + c, j])
                    if math.isnan(knots[4, j]):
                        box[6, m], box[7, m] = -np.inf, np.inf
                    else:
                        box[6, m] = min(box[6, m], knots[4, j])
                        box[7, m] = max(box[7, m], knots[4, j])
    return which[:, :n], box[:, :n]


@_fast
def entries(which: Any, box: Any, reach: float, cell: float) -> Any:
    """Every cell that a widened box touches: the cell's key and the box."""
    half = reach / 2
    count = 0
    for b in range(which.shape[1]):
        cells = 1
        for c in range(3):
            cells *= int((box[2 * c + 1, b] + half) // cell) - int((box[2 * c, b] - half) // cell) + 1
        count += cells
    keys = np.empty(count, np.int64)
    owner = np.empty(count, np.int64)
    n = 0
    origin = which[0].min() if which.shape[1] else 0
    for b in range(which.shape[1]):
        for cx in range(int((box[0, b] - half) // cell), int((box[1, b] + half) // cell) + 1):
            for cy in range(int((box[2, b] - half) // cell), int((box[3, b] + half) // cell) + 1):
                for cz in range(int((box[4, b] - half) // cell), int((box[5, b] + half) // cell) + 1):
                    keys[n] = (((which[0, b] - origin) * 16384 + cx + 8192) * 16384 + cy + 8192) * 16384 + cz + 8192
                    owner[n] = b
                    n += 1
    return keys, owner


@_fast
def pairs(keys: Any, owner: Any, which: Any, box: Any, reach: float, cell: float, vertical: float) -> Any:
    """Pairs of boxes that can meet, each once; keys are sorted."""
    half = reach / 2
    found = np.empty((1024, 2), np.int64)
    n = 0
    start = 0
    for end in range(1, len(keys) + 1):
        if end < len(keys) and keys[end] == keys[start]:
            continue
        key = keys[start]
        cz, cy, cx = key % 16384 - 8192, key // 16384 % 16384 - 8192, key // 268435456 % 16384 - 8192
        for p in range(start, end):
            a = owner[p]
            for q in range(p + 1, end):
                b = owner[q]
                if which[1, a] == which[1, b]:
                    continue
                if box[6, a] - box[7, b] >= vertical or box[6, b] - box[7, a] >= vertical:
                    continue
                if (
                    box[0, a] - box[1, b] > reach or box[0, b] - box[1, a] > reach
                    or box[2, a] - box[3, b] > reach or box[2, b] - box[3, a] > reach
                    or box[4, a] - box[5, b] > reach or box[4, b] - box[5, a] > reach
                ):  # fmt: skip
                    continue
                if (
                    int((max(box[0, a], box[0, b]) - half) // cell) != cx
                    or int((max(box[2, a], box[2, b]) - half) // cell) != cy
                    or int((max(box[4, a], box[4, b]) - half) // cell) != cz
                ):
                    continue
                if n == len(found):
                    more = np.empty((2 * n, 2), np.int64)
                    more[:n] = found
                    found = more
                found[n, 0], found[n, 1] = a, b
                n += 1
        start = end
    return found[:n]


@_fast
def refine(
    found: Any,
    which: Any,
    starts: Any,
    knots: Any,
    leads: Any,
    reach: float,
    vertical: float,
    since: float,
    until: float,
) -> Any:
    """The exact pieces of pairs of boxes: both tracks, then begin, end, nearest moment, distance, height (NaN: none).

    ``vertical`` is infinite where there is no limit. Also the pairs whose heights cannot be compared while they are
    near: both tracks and 1 (a height is missing) or 2 (of two kinds).
    """
    owners = np.empty((1024, 2), np.int64)
    pieces = np.empty((1024, 5))
    blind = np.empty((64, 3), np.int64)
    n = m = 0
    h2 = (reach - GUARD) ** 2
    for f in range(len(found)):
        p, q = found[f, 0], found[f, 1]
        if which[1, p] > which[1, q]:
            p, q = q, p
        a, b = which[1, p], which[1, q]
        low, high = max(since, which[0, p] * SLOT_S), min(until, (which[0, p] + 1) * SLOT_S)
        i, j = which[2, p], which[2, q]
        mine = n
        while i < starts[a + 1] and j < starts[b + 1]:
            begin = max(knots[0, i - 1], knots[0, j - 1], low)
            end = min(knots[0, i], knots[0, j], high)
            if begin >= high:
                break
            if begin < end and leads[i] and leads[j]:
                span = end - begin
                fa0 = (begin - knots[0, i - 1]) / (knots[0, i] - knots[0, i - 1])
                fa1 = (end - knots[0, i - 1]) / (knots[0, i] - knots[0, i - 1])
                fb0 = (begin - knots[0, j - 1]) / (knots[0, j] - knots[0, j - 1])
                fb1 = (end - knots[0, j - 1]) / (knots[0, j] - knots[0, j - 1])
                vv = dv = dd = 0.0
                for c in range(1, 4):
                    d0 = (knots[c, i - 1] + (knots[c, i] - knots[c, i - 1]) * fa0) - (
                        knots[c, j - 1] + (knots[c, j] - knots[c, j - 1]) * fb0
                    )
                    d1 = (knots[c, i - 1] + (knots[c, i] - knots[c, i - 1]) * fa1) - (
                        knots[c, j - 1] + (knots[c, j] - knots[c, j - 1]) * fb1
                    )
                    vv += (d1 - d0) * (d1 - d0)
                    dv += d0 * (d1 - d0)
                    dd += d0 * d0
                one, two = 0.0, 1.0
                near = True
                if vv > 1e-12:
                    root = dv * dv - vv * (dd - h2)
                    if root <= 0:
                        near = False
                    else:
                        one = max(one, (-dv - math.sqrt(root)) / vv)
                        two = min(two, (-dv + math.sqrt(root)) / vv)
                elif dd - h2 >= 0:
                    near = False
                if near and one < two:
                    w0 = w1 = math.nan
                    if vertical < math.inf:
                        for c in range(4, 6):
                            w0 = (knots[c, i - 1] + (knots[c, i] - knots[c, i - 1]) * fa0) - (
                                knots[c, j - 1] + (knots[c, j] - knots[c, j - 1]) * fb0
                            )
                            w1 = (knots[c, i - 1] + (knots[c, i] - knots[c, i - 1]) * fa1) - (
                                knots[c, j - 1] + (knots[c, j] - knots[c, j - 1]) * fb1
                            )
                            if not math.isnan(w0):
                                break
                        if math.isnan(w0):
                            known = 0
                            for side in range(2):
                                k = i if side == 0 else j
                                for c in range(4, 6):
                                    if not (math.isnan(knots[c, k - 1]) or math.isnan(knots[c, k])):
                                        known += 1
                                        break
                            if m == len(blind):
                                wider = np.empty((2 * m, 3), np.int64)
                                wider[:m] = blind
                                blind = wider
                            blind[m, 0], blind[m, 1], blind[m, 2] = a, b, 2 if known == 2 else 1
                            m += 1
                            near = False
                        else:
                            rise = w1 - w0
                            ceiling = vertical - GUARD
                            if abs(rise) > 1e-12:
                                e0, e1 = (-ceiling - w0) / rise, (ceiling - w0) / rise
                                one, two = max(one, min(e0, e1)), min(two, max(e0, e1))
                            elif abs(w0) >= ceiling:
                                near = False
                    if near and one < two:
                        best = min(max(-dv / vv, one), two) if vv > 1e-12 else one
                        away = math.sqrt(max(0.0, dd + best * (2 * dv + vv * best)))
                        height = w0 + (w1 - w0) * best
                        t_in, t_out, t_cpa = begin + one * span, begin + two * span, begin + best * span
                        if n > mine and t_in - pieces[n - 1, 1] < TOUCHING_S:
                            pieces[n - 1, 1] = t_out
                            if _nearer(away, height, t_cpa, pieces[n - 1, 3], pieces[n - 1, 4], pieces[n - 1, 2]):
                                pieces[n - 1, 2], pieces[n - 1, 3], pieces[n - 1, 4] = t_cpa, away, height
                        else:
                            if n == len(pieces):
                                larger = np.empty((2 * n, 5))
                                larger[:n] = pieces
                                pieces = larger
                                whose = np.empty((2 * n, 2), np.int64)
                                whose[:n] = owners
                                owners = whose
                            owners[n, 0], owners[n, 1] = a, b
                            pieces[n, 0], pieces[n, 1], pieces[n, 2] = t_in, t_out, t_cpa
                            pieces[n, 3], pieces[n, 4] = away, height
                            n += 1
            ends = min(knots[0, i], knots[0, j])
            i += knots[0, i] <= ends
            j += knots[0, j] <= ends
    return owners[:n], pieces[:n], blind[:m]


@_fast
def _nearer(h: float, v: float, t: float, h2: float, v2: float, t2: float) -> bool:
    """Of equally near moments that of the smaller difference of heights, then the earlier."""
    one, two = round(h, 6), round(h2, 6)
    if one != two:
        return one < two
    if not math.isnan(v):
        one, two = round(abs(v), 6), round(abs(v2), 6)
        if one != two:
            return one < two
    return t < t2


@_fast
def merge(order: Any, owners: Any, pieces: Any) -> Any:
    """Pieces of one pair that touch, put together; ``order`` is by pair and time."""
    kept = np.empty(len(order), np.int64)
    n = 0
    for place in range(len(order)):
        k = order[place]
        if n:
            last = kept[n - 1]
            same = owners[k, 0] == owners[last, 0] and owners[k, 1] == owners[last, 1]
            if same and pieces[k, 0] - pieces[last, 1] < TOUCHING_S:
                pieces[last, 1] = pieces[k, 1]
                if _nearer(pieces[k, 3], pieces[k, 4], pieces[k, 2], pieces[last, 3], pieces[last, 4], pieces[last, 2]):
                    for c in range(2, 5):
                        pieces[last, c] = pieces[k, c]
                continue
        kept[n] = k
        n += 1
    return kept[:n]
