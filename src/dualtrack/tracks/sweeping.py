"""Which boxes of a slot can meet, compiled: sorted by row and longitude, and compared with those beside.

A row is a band of latitude. A box is in the row of its south end; what it can meet in the same row comes after it
within its width and the reach, or has it so; in rows farther north what begins not farther west than the widest box of
that row. The reach as an angle is taken on the latitude of a pair of rows that is nearest to a pole. Nothing depends
on how rows are chosen but the time it takes: a box around a pole is as wide as the earth, and found as any other.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dualtrack.tracks.cleaning import HALF_TURN, WHOLE_TURN
from dualtrack.tracks.compiled import E2, A, fast
from dualtrack.tracks.packing import PER_DEGREE

_UNIT = math.radians(1 / PER_DEGREE)
_POLE = 90 * PER_DEGREE
_DIGIT = 11  # bits that a turn of sorting takes
_SUNK_M = 2.0
"""Two points on straight pieces lie under the ellipsoid by 0.5 m at most."""


@fast
def _reach_east(reach: float, lat: int) -> int:
    """The greatest difference of longitude between two points within reach, not nearer to a pole than a latitude.

    A chord between two parallels is at least 2 r sin(difference / 2), with the radius of the smaller.
    """
    radius = A * math.cos(min(lat, _POLE) * _UNIT) - _SUNK_M  # not more than the ellipsoid's own
    if radius <= 0 or reach >= 2 * radius:
        return WHOLE_TURN
    return int(2 * math.asin(reach / (2 * radius)) / _UNIT) + 1


@fast
def _reach_north(reach: float) -> int:
    """The greatest difference of latitude between two points within reach: where the meridian bends most."""
    radius = A * (1 - E2) - _SUNK_M
    return WHOLE_TURN if reach >= 2 * radius else int(2 * math.asin(reach / (2 * radius)) / _UNIT) + 1


@fast
def _sorted(keys: Any, order: Any, keys2: Any, order2: Any, count: int, turns: int) -> Any:
    """Keys in order, and the numbers beside them: a radix sort."""
    heads = np.empty(1 << _DIGIT, np.int64)
    for turn in range(turns):
        heads[:] = 0
        for i in range(count):
            heads[(keys[i] >> (_DIGIT * turn)) & ((1 << _DIGIT) - 1)] += 1
        total = 0
        for d in range(len(heads)):
            size = heads[d]
            heads[d] = total
            total += size
        for i in range(count):
            d = (keys[i] >> (_DIGIT * turn)) & ((1 << _DIGIT) - 1)
            place = heads[d]
            heads[d] = place + 1
            keys2[place], order2[place] = keys[i], order[i]
        keys, keys2 = keys2, keys
        order, order2 = order2, order
    return keys, order


@fast
def _row(lat: int, per_unit: float) -> int:
    """The row of a latitude: it rises with it, which is all that is asked of it."""
    return int((lat + _POLE) * per_unit)


@fast
def _place(keys: Any, begin: int, end: int, key: int) -> int:
    """The first place of sorted keys that holds no smaller one."""
    while begin < end:
        middle = (begin + end) // 2
        if keys[middle] < key:
            begin = middle + 1
        else:
            end = middle
    return begin


@fast
def _meet(near: Any, a: int, b: int, north: int, east: int, vertical: float) -> bool:
    """Whether what two boxes hold can come within the limits, as far as the boxes tell."""
    if near[a, 4] - near[b, 5] >= vertical or near[b, 4] - near[a, 5] >= vertical:
        return False
    if near[a, 0] - near[b, 1] > north or near[b, 0] - near[a, 1] > north:
        return False
    apart = near[b, 2] - near[a, 2]
    if apart < 0:
        apart += WHOLE_TURN
    return bool(apart <= near[a, 3] + east or WHOLE_TURN - apart <= near[b, 3] + east)


@fast
def candidates(box: Any, filled: Any, reach: float, vertical: float, rise: int) -> Any:
    """The pairs of boxes that can meet: for each slot where its pairs begin, and the numbers of both boxes.

    Args:
        box: as ``clean`` fills it, with ``filled``.
        reach: the horizontal limit in metres; ``vertical`` that of heights in feet, infinite for none.
        rise: how high a row is, in packed units; there may be 2^16 rows.
    """
    most = filled.max()
    keys, keys2 = np.empty(most, np.uint32), np.empty(most, np.uint32)
    order, order2 = np.empty(most, np.int32), np.empty(most, np.int32)
    near = np.empty((most, box.shape[2]), np.int32)
    per_unit = 1 / rise
    rows = _row(_POLE, per_unit) + 1
    high_bits = math.ceil(math.log2(rows + 1))
    turns = 2 if high_bits + 12 <= 2 * _DIGIT else 3
    low_bits = min(32, turns * _DIGIT) - high_bits
    cut = max(0, 31 - low_bits)  # bits of a longitude that sorting leaves out
    low_bits = 31 - cut
    first = np.zeros(rows + 2, np.int64)
    tops, polar, widest = np.empty(rows, np.int64), np.empty(rows, np.int64), np.empty(rows, np.int64)
    found = np.empty((1024, 2), np.int32)
    starts = np.zeros(len(filled) + 1, np.int64)
    north = _reach_north(reach)
    n = 0
    for slot in range(len(filled)):
        count = filled[slot]
        for b in range(count):
            keys[b] = _row(box[slot, b, 0], per_unit) << low_bits | (box[slot, b, 2] + HALF_TURN) >> cut
            order[b] = b
        key, number = _sorted(keys, order, keys2, order2, count, turns)
        first[:] = 0
        tops[:], polar[:], widest[:] = -_POLE, 0, 0
        for b in range(count):
            row = key[b] >> low_bits
            for field in range(6):
                near[b, field] = box[slot, number[b], field]
            first[row + 1] += 1
            tops[row] = max(tops[row], near[b, 1])
            polar[row] = max(polar[row], abs(near[b, 0]), abs(near[b, 1]))
            widest[row] = max(widest[row], near[b, 3])
        for row in range(rows):
            first[row + 1] += first[row]
        for row in range(rows):
            if first[row] == first[row + 1]:
                continue
            for other in range(row, min(rows - 1, _row(min(tops[row] + north, _POLE), per_unit)) + 1):
                begin, end = first[other], first[other + 1]
                if begin == end:
                    continue
                east = _reach_east(reach, max(polar[row], polar[other]))
                back = 0 if other == row else east + widest[other]
                south = other * rise - _POLE - north - 2  # what ends there does not reach the other row
                start = begin
                for a in range(first[row], first[row + 1]):
                    if near[a, 1] < south:
                        continue
                    west = (near[a, 2] >> cut << cut) - back  # not more than that of those after, which order needs
                    until = near[a, 2] + near[a, 3] + east
                    while start < end and near[start, 2] < west - (1 << cut):
                        start += 1
                    for turn in range(-(until >= HALF_TURN), 1 + (west < -HALF_TURN)):  # beyond the date line too
                        if turn == 0:
                            place, low, high = start, west, until
                            if other == row:
                                place = a + 1
                        else:
                            place, low, high = begin, west + turn * WHOLE_TURN, until + turn * WHOLE_TURN
                            if low > -HALF_TURN:
                                place = _place(key, begin, end, other << low_bits | (low + HALF_TURN) >> cut)
                        for b in range(place, end):
                            if near[b, 2] > high + (1 << cut):
                                break
                            if (b != a or other != row) and _meet(near, a, b, north, east, vertical):
                                if n == len(found):
                                    more = np.empty((2 * n, 2), np.int32)
                                    more[:n] = found
                                    found = more
                                found[n, 0], found[n, 1] = number[a], number[b]
                                n += 1
        starts[slot + 1] = n
    return starts, found[:n]
