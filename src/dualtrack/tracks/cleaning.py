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
def _far(lat: int, lon: int, lat2: int, lon2: int) -> float:
    """The square of a distance in metres that two places do not exceed, in a straight line.

    The square of the chord is at most that of the arc of the meridian plus r1 r2 (difference of longitude)^2, with the
    radii of both parallels.
    """
    east = abs(lon2 - lon)
    if east > HALF_TURN:
        east = WHOLE_TURN - east
    across = _ACROSS[min(abs(lat), abs(lat2)) >> _SHIFT] * east
    along = _BENT * (lat2 - lat)
    return float(along * along + across * across)


@fast
def _step(lon: int, lon2: int) -> int:
    """From one longitude to another the shorter way."""
    step = lon2 - lon
    if step > HALF_TURN:
        return int(step - WHOLE_TURN)
    return int(step + WHOLE_TURN) if step < -HALF_TURN else int(step)


@fast
def _jump(
    span: float, far: float, lat: int, lon: int, baro: int, geom: int, lat2: int, lon2: int, baro2: int, geom2: int,
    fastest: float,
) -> bool:  # fmt: skip
    reach = fastest * span + JUMP_FLOOR_M
    if far > (reach - 0.001) ** 2:
        x, y, z = ecef(lat / PER_DEGREE, lon / PER_DEGREE)
        x2, y2, z2 = ecef(lat2 / PER_DEGREE, lon2 / PER_DEGREE)
        if math.sqrt((x2 - x) ** 2 + (y2 - y) ** 2 + (z2 - z) ** 2) > reach:
            return True
    climb = CLIMB_FT_S * span + CLIMB_FLOOR_FT
    if abs(baro2 - baro) > climb and baro != NO_ALTITUDE and baro2 != NO_ALTITUDE:
        return True
    return abs(geom2 - geom) > climb and geom != NO_ALTITUDE and geom2 != NO_ALTITUDE


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
    slot_ms: int, knots: Any, leads: Any, starts: Any, box: Any, filled: Any,
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
        knots: time (ms of the hour), latitude, longitude and both heights of kept reports; five rows.
        leads: whether the way from the knot before leads to a knot.
        starts: where the knots of each track begin, and their end.
        box: by slot, number and field (``BOX``); ``filled`` how many a slot has.
    """
    dropped = np.zeros(5, np.int64)
    t_, lat_, lon_, baro_, geom_ = knots[0], knots[1], knots[2], knots[3], knots[4]
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
                        t_[m], lat_[m], lon_[m] = at, la, lo
                        baro_[m], geom_[m] = (0, 0) if kind else (baro[i & of_baro], geom[i & of_geom])
                        m += 1
                    flew, lat0, lon0 = True, la, lo
        slot = -1
        edge = south = north = west = east = turned = low = high = lead = bend = 0
        last, jumped, apart = -1, False, 0.0  # the report kept last; whether the one before is a jump away, and how far
        for i in range(n, m):
            at, la, lo, ba, ge = t_[i], lat_[i], lon_[i], baro_[i], geom_[i]
            now = (epoch + at) / 1000
            jumps, far = False, 0.0
            if i + 1 < m:
                later = (epoch + t_[i + 1]) / 1000
                far = _far(la, lo, lat_[i + 1], lon_[i + 1])
                jumps = _jump(later - now, far, la, lo, ba, ge, lat_[i + 1], lon_[i + 1], baro_[i + 1], geom_[i + 1],
                              fastest[kind])  # fmt: skip
                if jumps and jumped and not _jump(
                    later - (epoch + t_[i - 1]) / 1000, _far(lat_[i - 1], lon_[i - 1], lat_[i + 1], lon_[i + 1]),
                    lat_[i - 1], lon_[i - 1], baro_[i - 1], geom_[i - 1], lat_[i + 1], lon_[i + 1], baro_[i + 1],
                    geom_[i + 1], fastest[kind],
                ):  # fmt: skip
                    dropped[4] += 0 <= at < HOUR_MS
                    jumped, apart = jumps, far
                    continue
            joined = False
            if last >= 0:
                one = n - 1  # where the last kept one stands: reports move down over dropped ones
                span = now - (epoch + t_[one]) / 1000
                if span <= gaps[kind]:
                    if last == i - 1:
                        joined = not jumped
                    else:
                        apart = _far(lat_[one], lon_[one], la, lo)
                        joined = not _jump(span, apart, lat_[one], lon_[one], baro_[one], geom_[one], la, lo, ba, ge,
                                           fastest[kind])  # fmt: skip
                if joined and at > since and t_[one] < until:
                    bent = _bend(apart, lat_[one], la) if apart > _STRAIGHT else 0
                    if slot >= 0 and at <= edge:  # as nearly always: divisions are slow
                        early = late = slot
                    else:
                        early, late = max(t_[one], since) // slot_ms, (min(at, until) - 1) // slot_ms
                    if not leads[one]:  # after a break the box goes on from there
                        turned = west + _step(west, lon_[one])
                        south, north = min(south, lat_[one]), max(north, lat_[one])
                        west, east = min(west, turned), max(east, turned)
                        if baro_[one] == NO_ALTITUDE:
                            low, high = -ANY_FT, ANY_FT
                        else:
                            low, high = min(low, baro_[one]), max(high, baro_[one])
                    step = _step(lon_[one], lo)
                    turned += step
                    for s in range(early, late + 1):
                        if s != slot:
                            if slot >= 0:
                                _put(box, filled, slot, south, north, west, east - west, low, high, k, lead, bend)
                            slot, edge, lead, bend = s, (s + 1) * slot_ms, n, 0
                            south = north = lat_[one]
                            west = east = lon_[one]
                            turned = west + step
                            low = high = baro_[one]
                            if low == NO_ALTITUDE:
                                low, high = -ANY_FT, ANY_FT
                        south, north, bend = min(south, la), max(north, la), max(bend, bent)
                        west, east = min(west, turned), max(east, turned)
                        if ba == NO_ALTITUDE:
                            low, high = -ANY_FT, ANY_FT
                        else:
                            low, high = min(low, ba), max(high, ba)
            t_[n], lat_[n], lon_[n], baro_[n], geom_[n], leads[n] = at, la, lo, ba, ge, joined
            n += 1
            last, jumped, apart = i, jumps, far
        if slot >= 0:
            _put(box, filled, slot, south, north, west, east - west, low, high, k, lead, bend)
    starts[begin.shape[1]] = n
    return dropped
