"""Encounters of one hour: which tracks can have met, by a grid over time and place, and whether they did, exactly."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np

from dualtrack.core.extras import needed
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.encounter import Report
from dualtrack.tracks.intake import HOUR_MS
from dualtrack.tracks.packing import NO_ALTITUDE, ON_GROUND, PER_DEGREE, SHIP, SOURCES, identity_text
from dualtrack.tracks.pairwise import Cleaned, Knot, cleaned, divided, encounters_of, undecided
from dualtrack.tracks.pieces import WHY, Pieces
from dualtrack.tracks.store import Store, hour_name

_SLOT_S = 60.0


BUSY = 20_000
"""Reports in a store from which compiled code is worth loading: plain code takes some 60 microseconds for each."""

_LONGEST = 1_000_000  # reports in an hour that plain code may take on: minutes


def contacts(folder: str, hour: int, asked: Asked) -> bytes:
    """The pieces of encounters within an hour and the reports that the cleaning dropped in it, as bytes (``Pieces``).

    Args:
        folder: of the store.
        hour: since 1970.
        asked: the parameters.

    Raises:
        BadInput: the hour is too busy for plain code and the extra that compiles is not installed.
    """
    start, end = hour * HOUR_MS, (hour + 1) * HOUR_MS
    since, until = max(start, asked.start_ms or start) / 1000, min(end, asked.end_ms or end) / 1000
    store = Store(Path(folder))
    if compiles(store, hour):
        from dualtrack.tracks.busy import pieces

        found = pieces(store, hour, asked, since, until)
    else:
        found = plain(store, hour, asked, since, until)
    return found.to_bytes()


def compiles(store: Store, hour: int) -> bool:
    """Whether an hour is worked out by compiled code: where the whole store has enough reports to be worth it.

    Raises:
        BadInput: it should be, and cannot.
    """
    kept = store.manifest.hours.get(hour_name(hour))
    rows = kept.rows if kept else 0
    if rows > _LONGEST:
        needed("numba", "kernels", f"An hour of {rows:,} reports")
    return sum(one.rows for one in store.manifest.hours.values()) >= BUSY and find_spec("numba") is not None


def plain(store: Store, hour: int, asked: Asked, since: float, until: float) -> Pieces:
    """The pieces of encounters between two moments of an hour, what cannot be decided, and what was dropped in it.

    Args:
        store: of the reports.
        hour: since 1970.
        asked: the parameters.
        since, until: in Unix seconds.
    """
    start, end = hour * HOUR_MS, (hour + 1) * HOUR_MS
    tracks = _tracks(store, hour, asked)
    dropped = Counter(rule for one in tracks.values() for t, rule in one.dropped.items() if start <= t < end)
    ways = {packed: divided(one.knots) for packed, one in tracks.items() if len(one.knots) > 1}
    lacking = {packed for packed, knots in ways.items() if any(knot.baro is None for knot in knots)}
    pairs: list[tuple[int, int]] = []
    moments: list[list[float]] = []
    blind: list[tuple[int, int, int]] = []
    for a, b in sorted(_candidates(ways, asked.horizontal_m, since, until)):
        limits = asked.limits(a)
        found = encounters_of(ways[a], ways[b], limits, since, until)
        pairs += [(a, b)] * len(found)
        moments += [[p.t_in * 1000, p.t_out * 1000, p.t_cpa * 1000, p.h_m, math.nan if p.v_ft is None else p.v_ft]
                    for p in found]  # fmt: skip
        if limits.vertical_ft is not None and (a in lacking or b in lacking):
            why = undecided(ways[a], ways[b], limits, since, until)
            blind += [(a, b, WHY.index(why))] if why else []
    return Pieces(
        np.array(pairs, np.int64).reshape(-1, 2),
        np.array(moments, np.float64).reshape(-1, 5),
        np.array(blind, np.int64).reshape(-1, 3),
        dict(sorted(dropped.items())),
    )


def _tracks(store: Store, hour: int, asked: Asked) -> dict[int, Cleaned]:
    """The cleaned tracks of an hour, with as much before and after it as its segments need."""
    reach = math.ceil(3 * asked.longest_gap_s * 1000)
    start, end = hour * HOUR_MS - reach, (hour + 1) * HOUR_MS + reach
    reports: dict[int, list[Report]] = defaultdict(list)
    for number in range(start // HOUR_MS, end // HOUR_MS + 1):
        columns = store.read(number)
        times = columns["t"].astype(np.int64) + number * HOUR_MS
        for i in np.flatnonzero((times >= start) & (times <= end)):
            packed, how = int(columns["id"][i]), int(columns["how"][i])
            if asked.takes(packed):
                reports[packed].append(
                    Report(
                        identity_text(packed), int(times[i]), float(columns["lat"][i]) / PER_DEGREE,
                        float(columns["lon"][i]) / PER_DEGREE, _height(packed, int(columns["baro"][i])),
                        _height(packed, int(columns["geom"][i])),
                        float(columns["speed"][i]) / 10 if columns["speed"][i] >= 0 else None, SOURCES[how & 15],
                        bool(how & ON_GROUND),
                    )
                )  # fmt: skip
    return {packed: cleaned(some, asked.limits(packed)) for packed, some in reports.items()}


def _height(packed: int, feet: int) -> int | None:
    return 0 if packed & SHIP else None if feet == NO_ALTITUDE else feet


def _candidates(
    ways: Mapping[int, Sequence[Knot]], horizontal_m: float, since: float, until: float
) -> set[tuple[int, int]]:
    """The pairs that have parts in the same or neighbouring cells at the same time.

    A cell is a cube of earth-centred space as wide as the limit; a piece of a way lies in every cell its box touches.
    """
    cells: dict[tuple[int, int, int, int], set[int]] = defaultdict(set)
    for packed, knots in ways.items():
        for one, two in pairwise(knots):
            if two.joined and two.t >= since and one.t <= until:
                low = [
                    math.floor((min(p, q) - horizontal_m / 2) / horizontal_m)
                    for p, q in zip(one.at, two.at, strict=True)
                ]
                high = [
                    math.floor((max(p, q) + horizontal_m / 2) / horizontal_m)
                    for p, q in zip(one.at, two.at, strict=True)
                ]
                for slot in range(int(one.t // _SLOT_S), int(two.t // _SLOT_S) + 1):
                    for x in range(low[0], high[0] + 1):
                        for y in range(low[1], high[1] + 1):
                            for z in range(low[2], high[2] + 1):
                                cells[slot, x, y, z].add(packed)
    return {
        (min(pair), max(pair)) for some in cells.values() if len(some) > 1 for pair in combinations(sorted(some), 2)
    }
