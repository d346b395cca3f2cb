"""An encounter told in full from the raw reports: nearest in space, speeds, age and error of the evidence, remarks.

What finds encounters says who, from when to when and how near. The rest is worked out here, one encounter at a time,
with the same motion (``pairwise``): every figure follows from the reports that are printed with it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from dualtrack.tracks.addresses import AddressBook
from dualtrack.tracks.approach import parallel_approach
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.encounter import Encounter, Party, Report
from dualtrack.tracks.found import Detail, Profile
from dualtrack.tracks.intake import HOUR_MS
from dualtrack.tracks.packing import NO_ALTITUDE, NOT_ICAO, ON_GROUND, PER_DEGREE, SHIP, SOURCES, identity_text
from dualtrack.tracks.pairwise import Knot, Vector, cleaned, difference, divided
from dualtrack.tracks.store import Store

METRES_PER_FOOT = 0.3048

RADIUS_M = {"mlat": 300.0}
RADIUS_OTHERWISE_M = 100.0
"""The error of a position that does not tell its own."""

CLOCK_S, WHOLE_SECONDS_S = 0.1, 0.5
"""The error of a time stamp: as readsb keeps it, and where all stamps are whole seconds."""

GHOST_M, GHOST_FT, GHOST_MS = 200.0, 300.0, 5.0
"""Two identities that stay so near from the first to the last contact are likely one bearer."""

TOGETHER_S, TOGETHER_MS = 120.0, 15.0
"""So long with so little speed between them is flying together."""

LONG_GAP_S, SHIPS_GAP_S = 30.0, 300.0
"""Half of the usual gap."""

JUMPS = 3
"""So many jumps of one identity within the time looked at: two bearers use it."""

_AROUND_S = 60.0  # shown before and after
_MOST_REPORTS, _FEWEST_REPORTS = 40, 6  # of each party, the nearest in time


@dataclass(frozen=True)
class Contact:
    """What was found: packed identities and moments in Unix milliseconds."""

    a: int
    b: int
    t_in_ms: float
    t_out_ms: float
    t_cpa_ms: float
    h_min_m: float
    v_at_cpa_ft: float | None


@dataclass(frozen=True)
class _Way:
    """One party's part of an encounter: its raw reports, the kept ones and the way between them."""

    raw: list[Report]
    radii: dict[int, int]
    kept: list[Knot]
    knots: list[Knot]
    jumps: int
    stale: set[int]

    def around(self, t: float) -> tuple[Knot, Knot] | None:
        """The kept reports before and after a moment."""
        place = bisect_right(self.kept, t, key=lambda knot: knot.t)
        return (self.kept[place - 1], self.kept[min(place, len(self.kept) - 1)]) if place else None


class Describer:
    """Describes encounters of one store.

    Args:
        store: of the reports.
        asked: the parameters of the search.
        book: whose an identity is.
    """

    def __init__(self, store: Store, asked: Asked, book: AddressBook) -> None:
        self._store = store
        self._asked = asked
        self._book = book
        self._hour = lru_cache(maxsize=4)(self._store.read)
        self._objects = lru_cache(maxsize=4)(self._named)

    def tell(self, found: Contact, full: bool = True) -> tuple[Encounter, Detail]:
        """An encounter and the reports it rests on.

        Args:
            found: the encounter.
            full: with the reports of a minute around it and its distances over time; else with the few reports that
                the closest point follows from.
        """
        ways = self._way(found.a, found), self._way(found.b, found)
        steps = _steps(ways[0].knots, ways[1].knots, found.t_in_ms / 1000, found.t_out_ms / 1000)
        nearest = found.t_cpa_ms / 1000
        at_cpa = next((one for one in steps if one.start <= nearest <= one.end), steps[0] if steps else None)
        bracket = [way.around(nearest) for way in ways]
        ages = [abs(knot.t - nearest) for pair in bracket if pair for knot in pair]
        places = [_place(way.knots, nearest) for way in ways]
        middle = (places[0][0] + places[1][0]) / 2, _middle(places[0][1], places[1][1])
        vertical = at_cpa.vertical if at_cpa and self._asked.profile != "sea" else "none"
        heights = [_height(way.knots, nearest, vertical) for way in ways]
        speed = at_cpa.speed if at_cpa else 0.0
        error = sum(_radius(way, pair) for way, pair in zip(ways, bracket, strict=True)) + speed * _clock(ways)
        slants = [one.slant for one in steps if one.slant is not None]
        high = found.h_min_m + error
        parties = [self._party(packed, found) for packed in (found.a, found.b)]
        encounter = Encounter(
            a=parties[0],
            b=parties[1],
            t_in_ms=found.t_in_ms,
            t_out_ms=found.t_out_ms,
            t_cpa_ms=found.t_cpa_ms,
            h_min_m=found.h_min_m,
            h_low_m=max(0.0, found.h_min_m - error),
            h_high_m=high,
            v_at_cpa_ft=found.v_at_cpa_ft,
            slant_min_m=min(slants, default=None) if vertical != "none" else None,
            ratio_min=min((one.ratio(self._asked) for one in steps), default=found.h_min_m / self._asked.horizontal_m),
            relative_ms=speed,
            age_s=max(ages, default=0.0),
            vertical=vertical,
            lat=middle[0],
            lon=middle[1],
            a_ft=heights[0],
            b_ft=heights[1],
            certain="yes" if high < self._asked.horizontal_m else "unknown",
            flags=tuple(self._flags(found, ways, steps, bracket, middle, heights)),
        )
        reports = tuple(report for way in ways for report in _near(way, found, full))
        if not full:
            return encounter, Detail(reports, None)
        shown = _profile(ways, found)
        return encounter, Detail(reports, shown if vertical != "none" else replace(shown, v_ft=None))

    def _party(self, packed: int, found: Contact) -> Party:
        name, told = None, False
        for hour in {int(found.t_cpa_ms // HOUR_MS), int(found.t_in_ms // HOUR_MS)}:
            known = self._objects(hour).get(packed)
            if known:
                name, told = known[0] or name, told or known[1]
        owner = self._book.owner(packed, told)
        return Party(
            identity_text(packed), name or "", owner.state, owner.registry, owner.military, owner.basis, owner.rows
        )

    def _named(self, hour: int) -> dict[int, tuple[str | None, bool]]:
        return {packed: (name, told) for packed, name, told in self._store.objects(hour)}

    def _way(self, packed: int, found: Contact) -> _Way:
        """One party's reports around an encounter; the cleaning needs one neighbour more on each side."""
        limits = self._asked.limits(packed)
        margin = 1000 * max(2 * limits.max_gap_s, limits.max_gap_s + _AROUND_S)
        start, end = found.t_in_ms - margin, found.t_out_ms + margin
        raw, radii = [], {}
        for hour in range(int(start // HOUR_MS), int(end // HOUR_MS) + 1):
            columns = self._hour(hour)
            ids = columns["id"]
            low, high = np.searchsorted(ids, np.array([packed, packed + 1], ids.dtype))  # else all of them are widened
            times = hour * HOUR_MS + columns["t"][low:high].astype(np.int64)
            for i in np.flatnonzero((times >= start) & (times <= end)):
                k, how = low + i, int(columns["how"][low + i])
                report = Report(
                    identity_text(packed),
                    int(times[i]),
                    float(columns["lat"][k]) / PER_DEGREE,
                    float(columns["lon"][k]) / PER_DEGREE,
                    0 if packed & SHIP else _some(int(columns["baro"][k]), NO_ALTITUDE),
                    0 if packed & SHIP else _some(int(columns["geom"][k]), NO_ALTITUDE),
                    float(columns["speed"][k]) / 10 if columns["speed"][k] >= 0 else None,
                    SOURCES[how & 15],
                    bool(how & ON_GROUND),
                )
                raw.append(report)
                radii[report.t_ms] = int(columns["radius"][k])
        sound = cleaned(raw, limits)
        jumps = sum(not knot.joined and knot.t - before.t <= limits.max_gap_s for before, knot in pairwise(sound.knots))
        stale = {t for t, rule in sound.dropped.items() if rule == "stale"}
        return _Way(raw, radii, sound.knots, divided(sound.knots), jumps, stale)

    def _flags(
        self,
        found: Contact,
        ways: tuple[_Way, _Way],
        steps: Sequence[_Step],
        bracket: Sequence[tuple[Knot, Knot] | None],
        at: tuple[float, float],
        heights: Sequence[float | None],
    ) -> list[str]:
        """The remarks on an encounter, in the order of ``FLAGS``."""
        sources = {report.source for way in ways for report in _bracketing(way, found.t_cpa_ms)}
        foreign = any(packed < SHIP and packed & NOT_ICAO for packed in (found.a, found.b))
        together = _longest_together(steps)
        flags = []
        aircraft = found.a < SHIP and found.b < SHIP  # a tug and its tow move as one too
        if foreign or (aircraft and _moves_as_one(found, ways, steps)):
            flags.append("ghost")
        if sources & {"tisb", "adsr"}:
            flags.append("relayed")
        if together >= TOGETHER_S:
            flags.append("formation")
        if self._asked.meeting:
            flags.append("meeting")
        if any(way.jumps >= JUMPS for way in ways):
            flags.append("duplicate_address")
        one, two = (_course(way.knots, found.t_cpa_ms / 1000) for way in ways)
        if parallel_approach(at, (heights[0], heights[1]), (one, two)):
            flags.append("parallel_approach")
        if any(min(abs(t - found.t_cpa_ms) for t in way.stale) <= 1000 * LONG_GAP_S for way in ways if way.stale):
            flags.append("stale")
        if any(pair and pair[1].t - pair[0].t > (LONG_GAP_S if aircraft else SHIPS_GAP_S) for pair in bracket):
            flags.append("long_gap")
        if "mlat" in sources:
            flags.append("mlat")
        return flags


@dataclass(frozen=True)
class _Step:
    """A time on which both move straight: the horizontal difference and that of heights at its ends."""

    start: float
    end: float
    d0: Vector
    d1: Vector
    w0: float | None
    w1: float | None
    vertical: str

    @property
    def speed(self) -> float:
        """Of one against the other, in metres a second."""
        return math.dist(self.d0, self.d1) / (self.end - self.start)

    @property
    def slant(self) -> float | None:
        """The least distance in space."""
        if self.w0 is None or self.w1 is None:
            return None
        one = (*self.d0, self.w0 * METRES_PER_FOOT)
        two = (*self.d1, self.w1 * METRES_PER_FOOT)
        move = [q - p for p, q in zip(one, two, strict=True)]
        square = sum(m * m for m in move)
        part = min(max(-sum(p * m for p, m in zip(one, move, strict=True)) / square, 0.0), 1.0) if square else 0.0
        return math.hypot(*(p + part * m for p, m in zip(one, move, strict=True)))

    def ratio(self, limits: Asked) -> float:
        """The least of the larger of both distances as parts of their limits: at an end, at the least of either, or

        where both are equal, which is a quadratic equation.
        """
        move = [q - p for p, q in zip(self.d0, self.d1, strict=True)]
        square, mixed = sum(m * m for m in move), sum(p * m for p, m in zip(self.d0, move, strict=True))
        start = sum(p * p for p in self.d0)
        parts = [0.0, 1.0, *([-mixed / square] if square else [])]
        if self.w0 is not None and self.w1 is not None and limits.profile != "sea":
            rise = self.w1 - self.w0
            parts += [-self.w0 / rise] if rise else []
            scale = (limits.horizontal_m / limits.vertical_ft) ** 2
            a, b, c = square - scale * rise**2, mixed - scale * self.w0 * rise, start - scale * self.w0**2
            root = b * b - a * c
            if a and root >= 0:
                parts += [(-b - math.sqrt(root)) / a, (-b + math.sqrt(root)) / a]
            elif not a and b:
                parts.append(-c / (2 * b))

        def worse(part: float) -> float:
            across = math.sqrt(max(0.0, start + part * (2 * mixed + square * part))) / limits.horizontal_m
            if self.w0 is None or self.w1 is None or limits.profile == "sea":
                return across
            return max(across, abs(self.w0 + (self.w1 - self.w0) * part) / limits.vertical_ft)

        return min(worse(min(max(part, 0.0), 1.0)) for part in parts)


def _steps(a: Sequence[Knot], b: Sequence[Knot], start: float, end: float) -> list[_Step]:
    """The straight pieces of both ways between two moments."""
    steps = []
    i = j = 1
    while i < len(a) and j < len(b):
        low, high = max(a[i - 1].t, b[j - 1].t, start), min(a[i].t, b[j].t, end)
        if low < high and a[i].joined and b[j].joined:
            pair = (a[i - 1], a[i]), (b[j - 1], b[j])
            d0, w0, kind = difference(*pair, low)
            d1, w1, _ = difference(*pair, high)
            steps.append(_Step(low, high, d0, d1, w0, w1, kind))
        until = min(a[i].t, b[j].t)
        i, j = i + (a[i].t <= until), j + (b[j].t <= until)
    return steps


def _longest_together(steps: Sequence[_Step]) -> float:
    """The longest time with little speed between the two."""
    longest = current = 0.0
    last = None
    for step in steps:
        if step.speed >= TOGETHER_MS:
            current = 0.0
        else:
            current = current + step.end - step.start if last == step.start else step.end - step.start
        last = step.end
        longest = max(longest, current)
    return longest


def _moves_as_one(found: Contact, ways: tuple[_Way, _Way], steps: Sequence[_Step]) -> bool:
    """Whether the two stay together, at one speed, for all of the time on which both were heard."""
    common = [max(way.kept[0].t for way in ways), min(way.kept[-1].t for way in ways)]
    whole = found.t_in_ms / 1000 <= common[0] + 1e-3 and found.t_out_ms / 1000 >= common[1] - 1e-3
    return whole and all(
        math.hypot(*step.d0) < GHOST_M
        and math.hypot(*step.d1) < GHOST_M
        and all(w is None or abs(w) <= GHOST_FT for w in (step.w0, step.w1))
        and step.speed < GHOST_MS
        for step in steps
    )


def _profile(ways: tuple[_Way, _Way], found: Contact) -> Profile:
    """The distances over time, at every report and every second part between, a minute around the encounter."""
    start, end = found.t_in_ms / 1000 - _AROUND_S, found.t_out_ms / 1000 + _AROUND_S
    steps = _steps(ways[0].knots, ways[1].knots, start, end)
    finest = max((end - start) / 160, 0.05)
    times, across, heights = [], [], []
    for step in steps:
        parts = max(1, min(20, round((step.end - step.start) / finest)))
        for k in range(parts + (step is steps[-1])):
            part = k / parts
            place = [p + (q - p) * part for p, q in zip(step.d0, step.d1, strict=True)]
            times.append(1000 * (step.start + (step.end - step.start) * part))
            across.append(math.hypot(*place))
            heights.append(None if step.w0 is None or step.w1 is None else step.w0 + (step.w1 - step.w0) * part)
    known = tuple(height for height in heights if height is not None)
    return Profile(tuple(times), tuple(across), known if len(known) == len(times) else None)


def _some(value: int, nothing: int) -> int | None:
    return None if value == nothing else value


def _between(knots: Sequence[Knot], t: float) -> tuple[Knot, Knot, float] | None:
    """The knots before and after a moment, and which part of the way it is."""
    place = bisect_right(knots, t, key=lambda knot: knot.t)
    if not place:
        return None
    if place == len(knots):
        return knots[-1], knots[-1], 0.0
    one, two = knots[place - 1], knots[place]
    return one, two, (t - one.t) / (two.t - one.t)


def _place(knots: Sequence[Knot], t: float) -> tuple[float, float]:
    """Where a way is at a moment: within a piece of 5 km latitude and longitude may be mixed."""
    found = _between(knots, t)
    if found is None:
        return knots[0].lat, knots[0].lon
    one, two, part = found
    turn = (two.lon - one.lon + 180) % 360 - 180
    return one.lat + (two.lat - one.lat) * part, (one.lon + turn * part + 180) % 360 - 180


def _middle(one: float, two: float) -> float:
    """The longitude between two, across the date line where that is nearer."""
    return (one + ((two - one + 180) % 360 - 180) / 2 + 180) % 360 - 180


def _height(knots: Sequence[Knot], t: float, kind: str) -> float | None:
    found = _between(knots, t)
    if found is None or kind not in ("baro", "geom"):
        return None
    one, two, part = found
    low, high = getattr(one, kind), getattr(two, kind)
    return None if low is None or high is None else float(low + (high - low) * part)


def _course(knots: Sequence[Knot], t: float) -> float | None:
    """The course over ground in degrees, where it moves."""
    found = _between(knots, t)
    if found is None or found[0] is found[1] or (found[0].lat, found[0].lon) == (found[1].lat, found[1].lon):
        return None
    one, two, _ = found
    east = ((two.lon - one.lon + 180) % 360 - 180) * math.cos(math.radians(one.lat))
    return math.degrees(math.atan2(east, two.lat - one.lat)) % 360


def _bracketing(way: _Way, t_ms: float) -> list[Report]:
    """The raw reports of the kept ones before and after a moment."""
    pair = way.around(t_ms / 1000)
    times = {round(knot.t * 1000) for knot in pair} if pair else set()
    return [report for report in way.raw if report.t_ms in times]


def _radius(way: _Way, pair: tuple[Knot, Knot] | None) -> float:
    """The error of a position between two reports: the larger of theirs, as told or by the kind of source."""
    told = [
        way.radii[report.t_ms] or RADIUS_M.get(report.source, RADIUS_OTHERWISE_M)
        for report in (_bracketing(way, pair[0].t * 1000) if pair else [])
    ]
    return max(told, default=RADIUS_OTHERWISE_M)


def _clock(ways: Sequence[_Way]) -> float:
    whole = all(report.t_ms % 1000 == 0 for way in ways for report in way.raw)
    return WHOLE_SECONDS_S if whole else CLOCK_S


def _near(way: _Way, found: Contact, full: bool) -> list[Report]:
    """The raw reports nearest to the closest point, in order of time: of the encounter and a minute around it.

    Two kept reports on each side are always among them, with all between, so that the closest point can be checked
    however many were dropped there.
    """
    start, end = found.t_in_ms - 1000 * _AROUND_S, found.t_out_ms + 1000 * _AROUND_S
    place = bisect_right(way.kept, found.t_cpa_ms / 1000, key=lambda knot: knot.t)
    sides = [round(knot.t * 1000) for knot in way.kept[max(0, place - 2) : place + 2]]
    needed = [report for report in way.raw if sides and sides[0] <= report.t_ms <= sides[-1]]
    near = sorted((r for r in way.raw if start <= r.t_ms <= end), key=lambda report: abs(report.t_ms - found.t_cpa_ms))
    most = _MOST_REPORTS if full else _FEWEST_REPORTS
    picked = {report.t_ms: report for report in [*needed, *near[: max(0, most - len(needed))]]}
    return [picked[t] for t in sorted(picked)]
