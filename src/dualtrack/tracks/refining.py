"""The exact pieces of encounters of pairs of boxes, compiled: the rules of ``pairwise``, in the coordinates it uses.

Positions become earth-centred here, for the boxes of candidates only, each once a slot. Times are Unix seconds with
their rounding, as in ``pairwise``: where two graze the limit, less than a microsecond is seen.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualtrack.tracks.compiled import E2, A, fast
from dualtrack.tracks.packing import NO_ALTITUDE, PER_DEGREE
from dualtrack.tracks.pairwise import GUARD, LONGEST_M, TOUCHING_S

_ROW = 7  # of a way: time, place, both heights (NaN if missing), 1 if the way from the row before leads here


@fast
def _between(lat: float, lon: float, lat2: float, lon2: float, part: float) -> tuple[float, float, float]:
    """A point on the great circle between two places, earth-centred."""
    a1, b1, a2, b2 = math.radians(lat), math.radians(lon), math.radians(lat2), math.radians(lon2)
    u = math.cos(a1) * math.cos(b1), math.cos(a1) * math.sin(b1), math.sin(a1)
    v = math.cos(a2) * math.cos(b2), math.cos(a2) * math.sin(b2), math.sin(a2)
    chord = math.sqrt((u[0] - v[0]) ** 2 + (u[1] - v[1]) ** 2 + (u[2] - v[2]) ** 2)
    angle = 2 * math.asin(min(1.0, chord / 2))
    w1, w2 = math.sin((1 - part) * angle) / math.sin(angle), math.sin(part * angle) / math.sin(angle)
    q0, q1, q2 = w1 * u[0] + w2 * v[0], w1 * u[1] + w2 * v[1], w1 * u[2] + w2 * v[2]
    a, b = math.atan2(q2, math.hypot(q0, q1)), math.atan2(q1, q0)
    normal = A / math.sqrt(1 - E2 * math.sin(a) ** 2)
    return normal * math.cos(a) * math.cos(b), normal * math.cos(a) * math.sin(b), normal * (1 - E2) * math.sin(a)


@fast
def _turned(angle: float, near: Any) -> tuple[float, float]:
    """Sine and cosine of an angle in radians, from those of one nearby: exact to the last bits within 0.01.

    ``near`` holds that angle, its sine and its cosine; where it is farther, they are taken anew.
    """
    d = angle - near[0]
    if abs(d) > 0.01:
        near[0], near[1], near[2] = angle, math.sin(angle), math.cos(angle)
        return near[1], near[2]
    square = d * d
    sine = d * (1 - square / 6 * (1 - square / 20))
    versine = square / 2 * (1 - square / 12 * (1 - square / 30))
    return near[1] + (near[2] * sine - near[1] * versine), near[2] - (near[1] * sine + near[2] * versine)


@fast
def _unfold(rows: Any, n: int, knots: Any, knot: int, end: int, epoch: int, low: float, high: float, near: Any) -> Any:
    """Adds the part of a way that lies in a slot: from the knot before ``knot`` until the slot or the track ends.

    Long segments are divided as ``pairwise`` does. ``near`` is for ``_turned``, of latitude and of longitude. Returns
    the rows, which may have grown, and their number.
    """
    begin = n
    t0 = x0 = y0 = z0 = lat0 = lon0 = baro0 = geom0 = 0.0
    for i in range(knot - 1, end):
        t = (epoch + knots[i, 0]) / 1000
        lat, lon = knots[i, 1] / PER_DEGREE, knots[i, 2] / PER_DEGREE
        baro = math.nan if knots[i, 3] == NO_ALTITUDE else float(knots[i, 3])
        geom = math.nan if knots[i, 4] == NO_ALTITUDE else float(knots[i, 4])
        north, across = _turned(math.radians(lat), near[0])
        east, west = _turned(math.radians(lon), near[1])
        normal = A / math.sqrt(1 - E2 * north**2)
        x, y, z = normal * across * west, normal * across * east, normal * (1 - E2) * north
        joined = i >= knot and knots[i, 5] > 0
        parts = math.ceil(math.sqrt((x - x0) ** 2 + (y - y0) ** 2 + (z - z0) ** 2) / LONGEST_M) if joined else 1
        while n + parts >= len(rows):
            more = np.empty((2 * len(rows), _ROW))
            more[:n] = rows[:n]
            rows = more
        if parts > 1:
            for p in range(max(1, int((low - t0) / (t - t0) * parts) - 1), parts):
                part = p / parts
                at = t0 + (t - t0) * part
                if at <= low:
                    n = begin
                rows[n, 1], rows[n, 2], rows[n, 3] = _between(lat0, lon0, lat, lon, part)
                rows[n, 0], rows[n, 4], rows[n, 5] = at, baro0 + (baro - baro0) * part, geom0 + (geom - geom0) * part
                rows[n, 6] = n > begin
                n += 1
                if at >= high:
                    return rows, n
        if t <= low:
            n = begin
        rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3], rows[n, 4], rows[n, 5] = t, x, y, z, baro, geom
        rows[n, 6] = joined and n > begin
        n += 1
        if t >= high:
            break
        t0, x0, y0, z0, lat0, lon0, baro0, geom0 = t, x, y, z, lat, lon, baro, geom
    return rows, n


@fast
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


@fast
def _apart(rows: Any, i: int, j: int, begin: float, end: float) -> tuple[float, float, float]:
    """The horizontal difference of two straight pieces, as it changes from a moment to another.

    Returns the squares of its change and of where it starts, and their product.
    """
    fa0, fa1 = _part(rows, i, begin), _part(rows, i, end)
    fb0, fb1 = _part(rows, j, begin), _part(rows, j, end)
    vv = dv = dd = 0.0
    for c in range(1, 4):
        d0, d1 = _mixed(rows, i, c, fa0) - _mixed(rows, j, c, fb0), _mixed(rows, i, c, fa1) - _mixed(rows, j, c, fb1)
        vv += (d1 - d0) * (d1 - d0)
        dv += d0 * (d1 - d0)
        dd += d0 * d0
    return vv, dv, dd


@fast
def _part(rows: Any, i: int, t: float) -> float:
    """Which part of the way to a row it is at a moment."""
    return float((t - rows[i - 1, 0]) / (rows[i, 0] - rows[i - 1, 0]))


@fast
def _mixed(rows: Any, i: int, c: int, part: float) -> float:
    return float(rows[i - 1, c] + (rows[i, c] - rows[i - 1, c]) * part)


@fast
def _above(rows: Any, i: int, j: int, begin: float, end: float) -> tuple[float, float]:
    """The difference of heights at two moments: of the first kind that both have at all ends, NaN if there is none."""
    w0 = w1 = math.nan
    for c in range(4, 6):
        w0 = _mixed(rows, i, c, _part(rows, i, begin)) - _mixed(rows, j, c, _part(rows, j, begin))
        w1 = _mixed(rows, i, c, _part(rows, i, end)) - _mixed(rows, j, c, _part(rows, j, end))
        if not math.isnan(w0):
            break
    return w0, w1


@fast
def _tells(rows: Any, i: int) -> bool:
    """Whether a piece of a way tells one of its heights."""
    return not (math.isnan(rows[i - 1, 4] + rows[i, 4]) and math.isnan(rows[i - 1, 5] + rows[i, 5]))


@fast
def _grown(table: Any) -> Any:
    """The same with twice the room."""
    more = np.empty((2 * len(table), table.shape[1]), table.dtype)
    more[: len(table)] = table
    return more


@fast
def refine(
    pairs: Any, first: Any, box: Any, knots: Any, starts: Any, reach: float, vertical: float, since: float,
    until: float, epoch: int, slot_ms: int,
) -> Any:  # fmt: skip
    """The exact pieces of pairs of boxes: both tracks, then begin, end, nearest moment, distance, height (NaN: none).

    ``vertical`` is infinite where there is no limit; ``epoch`` is the start of the hour in Unix milliseconds. Also the
    pairs whose heights cannot be compared while they are near: both tracks and 1 (a height is missing) or 2 (of two
    kinds).
    """
    owners = np.empty((1024, 2), np.int64)
    pieces = np.empty((1024, 5))
    blind = np.empty((64, 3), np.int64)
    rows = np.empty((1024, _ROW))
    around = np.full((2, 3), 9.0)  # radians: no place is near
    spans = np.empty((box.shape[1], 2), np.int64)
    n = m = 0
    h2, ceiling = (reach - GUARD) ** 2, vertical - GUARD
    for slot in range(len(first) - 1):
        spans[:, 0] = -1
        used = 0
        low, high = max(since, (epoch + slot * slot_ms) / 1000), min(until, (epoch + (slot + 1) * slot_ms) / 1000)
        for f in range(first[slot], first[slot + 1]):
            p, q = pairs[f, 0], pairs[f, 1]
            if box[slot, p, 6] > box[slot, q, 6]:
                p, q = q, p
            a, b = box[slot, p, 6], box[slot, q, 6]
            for one in (p, q):
                if spans[one, 0] < 0:
                    spans[one, 0] = used
                    end_of = starts[box[slot, one, 6] + 1]
                    rows, used = _unfold(rows, used, knots, box[slot, one, 7], end_of, epoch, low, high, around)
                    spans[one, 1] = used
            i, j = spans[p, 0] + 1, spans[q, 0] + 1
            mine = n
            while i < spans[p, 1] and j < spans[q, 1]:
                begin, end = max(rows[i - 1, 0], rows[j - 1, 0], low), min(rows[i, 0], rows[j, 0], high)
                if begin >= high:
                    break
                ends = min(rows[i, 0], rows[j, 0])
                i1, j1 = i, j
                i += rows[i, 0] <= ends
                j += rows[j, 0] <= ends
                if begin >= end or rows[i1, 6] == 0 or rows[j1, 6] == 0:
                    continue
                vv, dv, dd = _apart(rows, i1, j1, begin, end)
                one_, two_ = 0.0, 1.0
                if vv > 1e-12:
                    root = dv * dv - vv * (dd - h2)
                    if root <= 0:
                        continue
                    one_, two_ = max(one_, (-dv - math.sqrt(root)) / vv), min(two_, (-dv + math.sqrt(root)) / vv)
                elif dd - h2 >= 0:
                    continue
                if one_ >= two_:
                    continue
                w0 = w1 = math.nan
                if vertical < math.inf:
                    w0, w1 = _above(rows, i1, j1, begin, end)
                    if math.isnan(w0):
                        if m == len(blind):
                            blind = _grown(blind)
                        blind[m, 0], blind[m, 1], blind[m, 2] = a, b, 1 + (_tells(rows, i1) and _tells(rows, j1))
                        m += 1
                        continue
                    rise = w1 - w0
                    if abs(rise) > 1e-12:
                        e0, e1 = (-ceiling - w0) / rise, (ceiling - w0) / rise
                        one_, two_ = max(one_, min(e0, e1)), min(two_, max(e0, e1))
                    elif abs(w0) >= ceiling:
                        continue
                    if one_ >= two_:
                        continue
                best = min(max(-dv / vv, one_), two_) if vv > 1e-12 else one_
                away = math.sqrt(max(0.0, dd + best * (2 * dv + vv * best)))
                height, span = w0 + (w1 - w0) * best, end - begin
                t_in, t_out, t_cpa = begin + one_ * span, begin + two_ * span, begin + best * span
                if n > mine and t_in - pieces[n - 1, 1] < TOUCHING_S:
                    pieces[n - 1, 1] = t_out
                    if _nearer(away, height, t_cpa, pieces[n - 1, 3], pieces[n - 1, 4], pieces[n - 1, 2]):
                        pieces[n - 1, 2], pieces[n - 1, 3], pieces[n - 1, 4] = t_cpa, away, height
                    continue
                if n == len(pieces):
                    owners, pieces = _grown(owners), _grown(pieces)
                owners[n, 0], owners[n, 1] = a, b
                pieces[n, 0], pieces[n, 1], pieces[n, 2] = t_in, t_out, t_cpa
                pieces[n, 3], pieces[n, 4] = away, height
                n += 1
    return owners[:n], pieces[:n], blind[:m]


@fast
def merge(order: Any, owners: Any, pieces: Any) -> Any:
    """Pieces of one pair that touch, put together; ``order`` is by pair and time. Returns the numbers of what stays."""
    kept = np.empty(len(order), np.int64)
    n = 0
    for place in range(len(order)):
        k = order[place]
        if n:
            last = kept[n - 1]
            same = owners[k, 0] == owners[last, 0] and owners[k, 1] == owners[last, 1]
            if same and pieces[k, 0] - pieces[last, 1] < TOUCHING_S:
                pieces[last, 1] = max(pieces[last, 1], pieces[k, 1])
                if _nearer(pieces[k, 3], pieces[k, 4], pieces[k, 2], pieces[last, 3], pieces[last, 4], pieces[last, 2]):
                    for c in range(2, 5):
                        pieces[last, c] = pieces[k, c]
                continue
        kept[n] = k
        n += 1
    return kept[:n]
