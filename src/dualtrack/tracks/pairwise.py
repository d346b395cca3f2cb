"""Two tracks at a time, exactly and without an index: what ``--verify`` holds every reported encounter against.

It is written for being read beside the rules, not for speed, and shares no code with the engine: scalar arithmetic,
positions in earth-centred coordinates (WGS 84, height 0), motion linear between two kept reports, long segments
divided on the great circle, roots in closed form.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dualtrack.tracks.encounter import Report

_A, _F = 6378137.0, 1 / 298.257223563
_E2 = _F * (2 - _F)
"""Of the WGS 84 ellipsoid (NIMA TR8350.2)."""

STALE_KT = 30.0
"""Above this speed a repeated position is old news."""

JUMP_FLOOR_M = 200.0
CLIMB_FT_S, CLIMB_FLOOR_FT = 500.0, 200.0
LONGEST_M = 5000.0
"""Of a straight segment; a chord of it lies 0.5 m under the earth's surface."""

TOUCHING_S = 1e-6
"""Pieces so near in time are one."""

GUARD = 1e-3
"""Metres and feet by which both limits are taken to be smaller: heights are multiples of 25 feet, so that a difference
of exactly the limit is the most frequent of all, and rounding must not decide it."""

CLEANING = {
    "on_ground": "the report says that it is on the ground",
    "not_under_way": "a ship at 2 knots or less, at anchor or in port",
    "stale": "the position of the report before is told again, though the bearer moves",
    "spike": "a single position or height that nobody can have reached from both neighbours, which agree",
}
"""Why a report is dropped before the search."""

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Limits:
    """What counts as an encounter.

    Attributes:
        horizontal_m: the horizontal limit.
        vertical_ft: the vertical limit; None for ships.
        max_gap_s: reports farther apart are not joined.
        fastest_ms: faster motion is an error of position.
        slowest_kt: reports of this speed or less are left out; less than 0 for none.
    """

    horizontal_m: float
    vertical_ft: float | None
    max_gap_s: float
    fastest_ms: float
    slowest_kt: float = -1.0


@dataclass(frozen=True)
class Knot:
    """A kept report, or a point on the way between two: time in seconds, position, both heights."""

    t: float
    at: Vector
    baro: float | None
    geom: float | None
    lat: float
    lon: float
    joined: bool = False  # whether the way from the knot before leads here


@dataclass(frozen=True)
class Piece:
    """A time on which two are within both limits: its ends, and the nearest moment with distance and height."""

    t_in: float
    t_out: float
    t_cpa: float
    h_m: float
    v_ft: float | None


def ecef(lat: float, lon: float) -> Vector:
    """A place on the ellipsoid in earth-centred coordinates, in metres."""
    a, b = math.radians(lat), math.radians(lon)
    normal = _A / math.sqrt(1 - _E2 * math.sin(a) ** 2)
    return (
        normal * math.cos(a) * math.cos(b), normal * math.cos(a) * math.sin(b), normal * (1 - _E2) * math.sin(a),
    )  # fmt: skip


@dataclass(frozen=True)
class Cleaned:
    """What the cleaning rules leave of a track, and which reports they drop: the rule by time in milliseconds."""

    knots: list[Knot]
    dropped: dict[int, str]


def cleaned(reports: Sequence[Report], limits: Limits) -> Cleaned:
    """The reports of one track that survive the cleaning rules, each of which looks one neighbour each way.

    Args:
        reports: of one identity, in order of time, one at a time.
        limits: for speed and gap.
    """
    dropped: dict[int, str] = {}
    flying: list[Report] = []
    for report in reports:
        slow = report.speed_kt is not None and report.speed_kt <= limits.slowest_kt
        if report.ground or slow:
            dropped[report.t_ms] = "on_ground" if report.ground else "not_under_way"
        else:
            flying.append(report)
    fresh = flying[:1]
    for before, report in pairwise(flying):
        same = (report.lat, report.lon) == (before.lat, before.lon)
        if same and report.speed_kt is not None and report.speed_kt > STALE_KT:
            dropped[report.t_ms] = "stale"
        else:
            fresh.append(report)
    knots = [Knot(r.t_ms / 1000, ecef(r.lat, r.lon), r.baro_ft, r.geom_ft, r.lat, r.lon) for r in fresh]
    sound: list[Knot] = []
    for i, knot in enumerate(knots):
        if (
            0 < i < len(knots) - 1
            and _jump(knots[i - 1], knot, limits)
            and _jump(knot, knots[i + 1], limits)
            and not _jump(knots[i - 1], knots[i + 1], limits)
        ):
            dropped[fresh[i].t_ms] = "spike"
        else:
            sound.append(knot)
    joined = [
        replace(two, joined=two.t - one.t <= limits.max_gap_s and not _jump(one, two, limits))
        for one, two in pairwise(sound)
    ]
    return Cleaned([*sound[:1], *joined], dropped)


def _jump(one: Knot, two: Knot, limits: Limits) -> bool:
    """Whether nobody can have got from one to the other: too far, or too high, for the time."""
    span = two.t - one.t
    if math.dist(one.at, two.at) > limits.fastest_ms * span + JUMP_FLOOR_M:
        return True
    return any(
        a is not None and b is not None and abs(b - a) > CLIMB_FT_S * span + CLIMB_FLOOR_FT
        for a, b in ((one.baro, two.baro), (one.geom, two.geom))
    )


def divided(knots: Sequence[Knot]) -> list[Knot]:
    """The same track with long segments divided into equal parts on the great circle."""
    out = list(knots[:1])
    for one, two in pairwise(knots):
        parts = math.ceil(math.dist(one.at, two.at) / LONGEST_M) if two.joined else 1
        for k in range(1, parts):
            lat, lon = _between(one, two, k / parts)
            out.append(
                Knot(
                    one.t + (two.t - one.t) * k / parts, ecef(lat, lon), _mixed(one.baro, two.baro, k / parts),
                    _mixed(one.geom, two.geom, k / parts), lat, lon, True,
                )
            )  # fmt: skip
        out.append(two)
    return out


def _between(one: Knot, two: Knot, part: float) -> tuple[float, float]:
    """A point on the great circle between two."""
    units = []
    for knot in (one, two):
        a, b = math.radians(knot.lat), math.radians(knot.lon)
        units.append((math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a)))
    angle = 2 * math.asin(min(1.0, math.dist(units[0], units[1]) / 2))
    weights = math.sin((1 - part) * angle) / math.sin(angle), math.sin(part * angle) / math.sin(angle)
    x, y, z = (weights[0] * p + weights[1] * q for p, q in zip(units[0], units[1], strict=True))
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def _mixed(one: float | None, two: float | None, part: float) -> float | None:
    return None if one is None or two is None else one + (two - one) * part


def encounters_of(
    a: Sequence[Knot],
    b: Sequence[Knot],
    limits: Limits,
    since: float = -math.inf,
    until: float = math.inf,
) -> list[Piece]:
    """The episodes of two tracks, in order of time; pieces that touch are joined.

    Args:
        a, b: as ``cleaned`` and ``divided`` give them.
        limits: what counts.
        since, until: only what lies between, in Unix seconds.
    """
    pieces: list[Piece] = []
    i = j = 1
    while i < len(a) and j < len(b):
        start, end = max(a[i - 1].t, b[j - 1].t, since), min(a[i].t, b[j].t, until)
        if start < end and a[i].joined and b[j].joined:
            found = _piece((a[i - 1], a[i]), (b[j - 1], b[j]), start, end, limits)
            if found and pieces and found.t_in - pieces[-1].t_out < TOUCHING_S:
                pieces[-1] = joined(pieces[-1], found)
            elif found:
                pieces.append(found)
        ends = min(a[i].t, b[j].t)
        i, j = i + (a[i].t <= ends), j + (b[j].t <= ends)
    return pieces


def undecided(a: Sequence[Knot], b: Sequence[Knot], limits: Limits, since: float, until: float) -> str:
    """Why nothing can be said of two that come near each other: a height is missing, or they are of two kinds.

    Returns:
        ``unknown_altitude``, ``mixed_altitude``, or nothing where heights can be compared whenever they are near.
    """
    i = j = 1
    flat = replace(limits, vertical_ft=None)
    while i < len(a) and j < len(b):
        start, end = max(a[i - 1].t, b[j - 1].t, since), min(a[i].t, b[j].t, until)
        if start < end and a[i].joined and b[j].joined:
            ways = (a[i - 1], a[i]), (b[j - 1], b[j])
            if difference(*ways, start)[1] is None and _piece(*ways, start, end, flat):
                known = [{kind for kind in ("baro", "geom") if None not in (getattr(p, kind), getattr(q, kind))}
                         for p, q in ways]  # fmt: skip
                return "mixed_altitude" if all(known) else "unknown_altitude"
        ends = min(a[i].t, b[j].t)
        i, j = i + (a[i].t <= ends), j + (b[j].t <= ends)
    return ""


def joined(one: Piece, two: Piece) -> Piece:
    """Two pieces as one; of equally near moments that of the smaller difference of heights, then the earlier."""
    nearer = min(one, two, key=lambda piece: (round(piece.h_m, 6), round(abs(piece.v_ft or 0.0), 6), piece.t_cpa))
    return replace(nearer, t_in=one.t_in, t_out=two.t_out)


def _piece(a: Segment, b: Segment, start: float, end: float, limits: Limits) -> Piece | None:
    """The part of a time on which both move straight where both limits are kept: a quadratic and a linear condition."""
    span = end - start
    (d0, w0, _), (d1, w1, _) = (difference(a, b, t) for t in (start, end))
    v = _minus(d1, d0)
    reach = limits.horizontal_m - GUARD
    vv, dv, c = _dot(v, v), _dot(d0, v), _dot(d0, d0) - reach * reach
    low, high = 0.0, 1.0
    if vv > 1e-12:
        root = dv * dv - vv * c
        if root <= 0:
            return None
        low, high = max(low, (-dv - math.sqrt(root)) / vv), min(high, (-dv + math.sqrt(root)) / vv)
    elif c >= 0:
        return None
    if limits.vertical_ft is None:
        w0 = w1 = None
    elif w0 is None or w1 is None:
        return None
    else:
        ceiling, rise = limits.vertical_ft - GUARD, w1 - w0
        if abs(rise) > 1e-12:
            ends = sorted(((-ceiling - w0) / rise, (ceiling - w0) / rise))
            low, high = max(low, ends[0]), min(high, ends[1])
        elif abs(w0) >= ceiling:
            return None
    if low >= high:
        return None
    nearest = min(max(-dv / vv, low), high) if vv > 1e-12 else low
    height = None if w0 is None or w1 is None else w0 + (w1 - w0) * nearest
    away = math.sqrt(max(0.0, _dot(d0, d0) + nearest * (2 * dv + vv * nearest)))
    return Piece(start + low * span, start + high * span, start + nearest * span, away, height)


def _at(way: Segment, t: float) -> Vector:
    part = (t - way[0].t) / (way[1].t - way[0].t)
    x, y, z = (p + (q - p) * part for p, q in zip(way[0].at, way[1].at, strict=True))
    return x, y, z


Segment = tuple[Knot, Knot]


def difference(a: Segment, b: Segment, t: float) -> tuple[Vector, float | None, str]:
    """Where a is as seen from b at a moment, the height of a above b in feet, and which heights that compares.

    Barometric heights count where both have them all along the segment, else geometric ones, else neither.
    """
    apart = _minus(_at(a, t), _at(b, t))
    for kind in ("baro", "geom"):
        ends = [getattr(knot, kind) for knot in (*a, *b)]
        if None not in ends:
            heights = [
                ends[k] + (ends[k + 1] - ends[k]) * (t - way[0].t) / (way[1].t - way[0].t)
                for k, way in ((0, a), (2, b))
            ]
            return apart, float(heights[0] - heights[1]), kind
    return apart, None, "none"


def _minus(one: Vector, two: Vector) -> Vector:
    return one[0] - two[0], one[1] - two[1], one[2] - two[2]


def _dot(one: Vector, two: Vector) -> float:
    return one[0] * two[0] + one[1] * two[1] + one[2] * two[2]
