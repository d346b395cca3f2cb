"""The cleaning rules of ``pairwise``, compiled: from the reports of an hour to knots, and to boxes that hold them.

One pass goes track by track. Positions stay whole numbers: whether two reports lie too far apart is decided by an upper
bound of their distance wherever that is certain, and by the distance itself elsewhere, so that it is decided alike.

Every joined piece of a way belongs to the slots of time it reaches into. The box of a bearer in a slot holds these
pieces whole: latitudes, longitudes and heights. A great circle leaves the latitudes of its ends by as much as it bends
to the pole, and no longitude is left; boxes are widened by that. They decide the time a search takes, never the answer.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualtrack.tracks.compiled import E2, A, F, ecef, fast
from dualtrack.tracks.intake import HOUR_MS
from dualtrack.tracks.packing import NO_ALTITUDE, ON_GROUND, PER_DEGREE
from dualtrack.tracks.pairwise import CLIMB_FLOOR_FT, CLIMB_FT_S, JUMP_FLOOR_M, LONGEST_M, STALE_KT

RULES = ("", "on_ground", "not_under_way", "stale", "spike")

HALF_TURN, WHOLE_TURN = 180 * PER_DEGREE, 360 * PER_DEGREE
ANY_FT = 1 << 30
"""A height beyond all others: what a box holds where a height is missing."""

BOX = ("lat", "lat_high", "lon", "width", "low", "high", "track", "knot")
"""The fields of a box: from south to north, from west to east (``width``), both in packed units; heights in feet; whose
it is; the first knot that a piece of it leads to."""

_UNIT = math.radians(1 / PER_DEGREE)
_BENT = A * (1 - E2) / (1 - E2) ** 1.5 * _UNIT  # metres in a unit of latitude, where the meridian bends least: the pole
_SHIFT = 22
_ACROSS = np.array(
    [
        A * math.cos(a) / math.sqrt(1 - E2 * math.sin(a) ** 2) * _UNIT
        for a in (min((k << _SHIFT) * _UNIT, math.pi / 2) for k in range((90 * PER_DEGREE >> _SHIFT) + 1))
    ]
)
"""Metres in a unit of longitude at the latitudes of a step or nearer to the pole, at most."""

_MARGIN = round(20 / (A * (1 - F) * _UNIT))
"""20 m in packed units: a straight piece of 5 km leaves the latitudes of its ends by 6 m below 85 degrees."""

_POLE, _POLAR = 90 * PER_DEGREE, 85 * PER_DEGREE
_POLAR_MARGIN = round(LONGEST_M / (A * (1 - F) * _UNIT))


_STRAIGHT = (LONGEST_M - 1) ** 2


@fast
def runs(ids: Any) -> Any:
    """Where identities begin in a sorted column, and its end."""
    count = 1
    for i in range(1, len(ids)):
        count += ids[i] != ids[i - 1]
    first = np.zeros(count + 1, np.int64)
    n = 1
    for i in range(1, len(ids)):
        if ids[i] != ids[i - 1]:
            first[n] = i
            n += 1
    first[count] = len(ids)
    return first


@fast
def narrow(begin: Any, end: Any, t: Any, of_t: int, low: int, high: int) -> None:
    """Moves the rows where tracks begin and end to those of times from ``low`` to ``high``."""
    for k in range(len(begin)):
        one, two, last = begin[k], end[k], end[k]
        while one < two:
            middle = (one + two) // 2
            if t[middle & of_t] < low:
                one = middle + 1
            else:
                two = middle
        begin[k] = one
        two = last
        while one < two:
            middle = (one + two) // 2
            if t[middle & of_t] <= high:
                one = middle + 1
            else:
                two = middle
        end[k] = one


@fast
def _far(knots: Any, i: int, j: int) -> float:
    """The square of a distance in metres that two places do not exceed, in a straight line.

    The square of the chord is at most that of the arc of the meridian plus r1 r2 (difference of longitude)^2, with the
    radii of both parallels.
    """
    east = abs(knots[j, 2] - knots[i, 2])
    if east > HALF_TURN:
        east = WHOLE_TURN - east
    across = _ACROSS[min(abs(knots[i, 1]), abs(knots[j, 1])) >> _SHIFT] * east
    along = _BENT * (knots[j, 1] - knots[i, 1])
    return float(along * along + across * across)


@fast
def _step(lon: int, lon2: int) -> int:
    """From one longitude to another the shorter way."""
    step = lon2 - lon
    if step > HALF_TURN:
        return int(step - WHOLE_TURN)
    return int(step + WHOLE_TURN) if step < -HALF_TURN else int(step)


@fast
def _jump(knots: Any, i: int, j: int, far: float, span: float, fastest: float) -> bool:
    """Whether nobody can have got from one knot to another in so many seconds; ``far`` as ``_far`` gives it."""
    reach = fastest * span + JUMP_FLOOR_M
    if far > (reach - 0.001) ** 2 and _distance(knots, i, j) > reach:
        return True
    climb = CLIMB_FT_S * span + CLIMB_FLOOR_FT
    for c in range(3, 5):
        one, two = knots[i, c], knots[j, c]
        if abs(two - one) > climb and one != NO_ALTITUDE and two != NO_ALTITUDE:
            return True
    return False


@fast
def _distance(knots: Any, i: int, j: int) -> float:
    x, y, z = ecef(knots[i, 1] / PER_DEGREE, knots[i, 2] / PER_DEGREE)
    x2, y2, z2 = ecef(knots[j, 1] / PER_DEGREE, knots[j, 2] / PER_DEGREE)
    return math.sqrt((x2 - x) ** 2 + (y2 - y) ** 2 + (z2 - z) ** 2)


@fast
def _bend(far: float, lat: int, lat2: int) -> int:
    """By how many units a great circle can leave the latitudes of its ends; ``far`` as ``_far`` gives it."""
    angle = 2 * math.asin(min(1.0, math.sqrt(far) / (2 * A * (1 - F))))
    top = max(abs(lat), abs(lat2)) * _UNIT
    return int((math.asin(min(1.0, math.sin(top) / max(1e-9, math.cos(angle / 2)))) - top) / _UNIT) + 1


@fast
def _put(
    box: Any, filled: Any, slot: int, south: int, north: int, west: int, width: int, low: int, high: int, track: int,
    knot: int, bend: int,
) -> None:  # fmt: skip
    """Adds a box, widened; beside a pole it goes all around."""
    south, north = south - bend - _MARGIN, north + bend + _MARGIN
    if max(-south, north) >= _POLAR:
        south, north = south - _POLAR_MARGIN, north + _POLAR_MARGIN
        west, width = -HALF_TURN, WHOLE_TURN
    elif west < -HALF_TURN:
        west += WHOLE_TURN
    elif west >= HALF_TURN:
        west -= WHOLE_TURN
    one = box[slot, filled[slot]]
    one[0], one[1], one[2], one[3] = max(south, -_POLE), min(north, _POLE), west, min(width, WHOLE_TURN)
    one[4], one[5], one[6], one[7] = low, high, track, knot
    filled[slot] += 1


@fast
def clean(
    begin: Any, end: Any, shift: Any, mask: Any, times: Any, lats: Any, lons: Any, baros: Any, geoms: Any, speeds: Any,
    hows: Any, ship: Any, gaps: Any, fastest: Any, slowest: Any, epoch: int, since: int, until: int,
    slot_ms: int, knots: Any, starts: Any, box: Any, filled: Any,
) -> Any:  # fmt: skip
    """Fills ``knots`` and ``box``; returns how many reports of the hour each rule drops.

    Args:
        begin, end: rows of each track (second index) in each part (first index): the hours before, the hour, those
            after.
        shift: milliseconds to add to the times of a part, so that 0 is the start of the hour.
        mask: -1 for a column that is given in full, 0 for one that is given as its only value; by column, part.
        times, lats, lons, baros, geoms, speeds, hows: columns of the parts.
        ship: whether a track is a ship's.
        gaps, fastest, slowest: the figures of aircraft and of ships.
        epoch: of the start of the hour, in Unix milliseconds.
        since, until: what is searched, in milliseconds of the hour.
        slot_ms: the length of a slot.
        knots: kept reports: time (ms of the hour), latitude, longitude, both heights, and 1 where the way from the knot
            before leads here.
        starts: where the knots of each track begin, and their end.
        box: by slot, number and field (``BOX``); ``filled`` how many a slot has.
    """
    dropped = np.zeros(5, np.int64)
    n = 0
    for k in range(begin.shape[1]):
        kind = ship[k]
        starts[k] = n
        m = n
        flew, lat0, lon0 = False, 0, 0
        for p in range(begin.shape[0]):
            t, lat, lon, baro, geom, speed, how = times[p], lats[p], lons[p], baros[p], geoms[p], speeds[p], hows[p]
            of_lat, of_lon, of_baro, of_geom = mask[1, p], mask[2, p], mask[3, p], mask[4, p]
            of_speed, of_how, of_t = mask[5, p], mask[6, p], mask[0, p]
            if not kind and of_speed == 0 and speed[0] < 0 and of_how == 0 and not how[0] & ON_GROUND:
                for i in range(begin[p, k], end[p, k]):  # aircraft that tell no speed: none of these rules can hold
                    knots[m, 0], knots[m, 1], knots[m, 2] = t[i & of_t] + shift[p], lat[i & of_lat], lon[i & of_lon]
                    knots[m, 3], knots[m, 4] = baro[i & of_baro], geom[i & of_geom]
                    m += 1
                if end[p, k] > begin[p, k]:
                    flew, lat0, lon0 = True, knots[m - 1, 1], knots[m - 1, 2]
                continue
            for i in range(begin[p, k], end[p, k]):
                at = t[i & of_t] + shift[p]
                here = 0 <= at < HOUR_MS
                knots_kt = speed[i & of_speed] / 10
                if how[i & of_how] & ON_GROUND:
                    dropped[1] += here
                elif 0 <= knots_kt <= slowest[kind]:
                    dropped[2] += here
                else:
                    la, lo = lat[i & of_lat], lon[i & of_lon]
                    if flew and la == lat0 and lo == lon0 and knots_kt > STALE_KT:
                        dropped[3] += here
                    else:
                        knots[m, 0], knots[m, 1], knots[m, 2] = at, la, lo
                        if kind:
                            knots[m, 3] = knots[m, 4] = 0
                        else:
                            knots[m, 3], knots[m, 4] = baro[i & of_baro], geom[i & of_geom]
                        m += 1
                    flew, lat0, lon0 = True, la, lo
        slot = -1
        edge = south = north = west = east = turned = low = high = lead = bend = 0
        last, jumped, apart = -1, False, 0.0  # the report kept last; whether the one before is a jump away, and how far
        now = (epoch + knots[n, 0]) / 1000 if m > n else 0.0
        for i in range(n, m):
            jumps, far, seconds = False, 0.0, now
            if i + 1 < m:
                now = (epoch + knots[i + 1, 0]) / 1000
                far = _far(knots, i, i + 1)
                jumps = _jump(knots, i, i + 1, far, now - seconds, fastest[kind])
                if jumps and jumped:
                    span = now - (epoch + knots[i - 1, 0]) / 1000
                    if not _jump(knots, i - 1, i + 1, _far(knots, i - 1, i + 1), span, fastest[kind]):
                        dropped[4] += 0 <= knots[i, 0] < HOUR_MS
                        jumped, apart = jumps, far
                        continue
            at, la, lo, ba = knots[i, 0], knots[i, 1], knots[i, 2], knots[i, 3]
            joined = False
            if last >= 0:
                one = n - 1  # where the last kept one stands: reports move down over dropped ones
                span = seconds - (epoch + knots[one, 0]) / 1000
                if span <= gaps[kind]:
                    if last == i - 1:
                        joined = not jumped
                    else:
                        apart = _far(knots, one, i)
                        joined = not _jump(knots, one, i, apart, span, fastest[kind])
                if joined and at > since and knots[one, 0] < until:
                    bent = _bend(apart, knots[one, 1], la) if apart > _STRAIGHT else 0
                    if slot >= 0 and at <= edge:  # as nearly always: divisions are slow
                        early = late = slot
                    else:
                        early, late = max(knots[one, 0], since) // slot_ms, (min(at, until) - 1) // slot_ms
                    if not knots[one, 5]:  # after a break the box goes on from there
                        turned = west + _step(west, knots[one, 2])
                        south, north = min(south, knots[one, 1]), max(north, knots[one, 1])
                        west, east = min(west, turned), max(east, turned)
                        if knots[one, 3] == NO_ALTITUDE:
                            low, high = -ANY_FT, ANY_FT
                        else:
                            low, high = min(low, knots[one, 3]), max(high, knots[one, 3])
                    step = _step(knots[one, 2], lo)
                    turned += step
                    for s in range(early, late + 1):
                        if s != slot:
                            if slot >= 0:
                                _put(box, filled, slot, south, north, west, east - west, low, high, k, lead, bend)
                            slot, edge, lead, bend = s, (s + 1) * slot_ms, n, 0
                            south = north = knots[one, 1]
                            west = east = knots[one, 2]
                            turned = west + step
                            low = high = knots[one, 3]
                            if low == NO_ALTITUDE:
                                low, high = -ANY_FT, ANY_FT
                        south, north, bend = min(south, la), max(north, la), max(bend, bent)
                        west, east = min(west, turned), max(east, turned)
                        if ba == NO_ALTITUDE:
                            low, high = -ANY_FT, ANY_FT
                        else:
                            low, high = min(low, ba), max(high, ba)
            if n < i:
                knots[n, 0], knots[n, 1], knots[n, 2], knots[n, 3], knots[n, 4] = at, la, lo, ba, knots[i, 4]
            knots[n, 5] = joined
            n += 1
            last, jumped, apart = i, jumps, far
        if slot >= 0:
            _put(box, filled, slot, south, north, west, east - west, low, high, k, lead, bend)
    starts[begin.shape[1]] = n
    return dropped
