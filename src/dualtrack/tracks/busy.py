"""A busy hour: its columns from the store, through the compiled rules, to pieces of encounters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualtrack.tracks import compiled
from dualtrack.tracks.asked import FASTEST_MS, Asked
from dualtrack.tracks.intake import HOUR_MS
from dualtrack.tracks.packing import NO_ALTITUDE, ON_GROUND, SHIP
from dualtrack.tracks.store import Store

_NEEDED = ("t", "id", "lat", "lon", "baro", "geom", "speed", "how")
_WHY = {1: "unknown_altitude", 2: "mixed_altitude"}


def pieces(store: Store, hour: int, asked: Asked, since: float, until: float) -> dict[str, Any]:
    """The pieces of encounters between two moments of an hour, what cannot be decided, and what was dropped in it.

    Args:
        store: of the reports.
        hour: since 1970.
        asked: the parameters.
        since, until: in Unix seconds.
    """
    columns = _columns(store, hour, asked)
    ids = columns["id"]
    begins = np.flatnonzero(np.diff(ids, prepend=-1))
    first = np.append(begins, len(ids)).astype(np.int64)
    of_track = ids[begins]
    ship = ((of_track & SHIP) != 0).astype(np.int64)
    t = columns["t"] / 1000
    x, y, z = compiled.ecef(columns["lat"], columns["lon"])
    ships = (ids & SHIP) != 0
    baro, geom = (
        np.where(ships, 0.0, np.where(columns[name] == NO_ALTITUDE, np.nan, columns[name])) for name in ("baro", "geom")
    )
    speed = np.where(columns["speed"] < 0, np.nan, columns["speed"] / 10)
    limits = [asked.limits(0), asked.limits(SHIP)]
    gaps, fastest, slowest = (
        np.array([getattr(one, name) for one in limits]) for name in ("max_gap_s", "fastest_ms", "slowest_kt")
    )
    rule, joined = compiled.clean(
        first, ship, t, columns["lat"], columns["lon"], x, y, z, baro, geom, speed, (columns["how"] & ON_GROUND) != 0,
        gaps, fastest, slowest,
    )  # fmt: skip
    inside = (columns["t"] >= hour * HOUR_MS) & (columns["t"] < (hour + 1) * HOUR_MS)
    counts = np.bincount(rule[inside], minlength=len(compiled.RULES))
    starts, knots, leads = compiled.divide(first, rule, joined, t, columns["lat"], columns["lon"], x, y, z, baro, geom)
    which, box = compiled.boxes(starts, knots, leads, since, until)
    reach = asked.horizontal_m
    vertical = math.inf if asked.profile == "sea" else asked.vertical_ft
    cell = reach + compiled.SLOT_S * FASTEST_MS["air" if asked.profile != "sea" else "sea"] / 2
    keys, owner = compiled.entries(which, box, reach, cell)
    order = np.argsort(keys)
    found = compiled.pairs(keys[order], owner[order], which, box, reach, cell, vertical)
    owners, rows, blind = compiled.refine(found, which, starts, knots, leads, reach, vertical, since, until)
    kept = compiled.merge(np.lexsort((rows[:, 0], owners[:, 1], owners[:, 0])), owners, rows)
    return {
        "pieces": [
            [int(of_track[a]), int(of_track[b]), *(1000 * moment for moment in row[:3]), row[3],
             None if math.isnan(row[4]) else row[4]]
            for (a, b), row in zip(owners[kept].tolist(), rows[kept].tolist(), strict=True)
        ],
        "undecided": [
            [int(of_track[a]), int(of_track[b]), _WHY[why]] for a, b, why in np.unique(blind, axis=0).tolist()
        ],
        "dropped": {name: int(n) for name, n in zip(compiled.RULES, counts, strict=True) if name and n},
    }  # fmt: skip


def prepare(store: Store, asked: Asked) -> None:
    """Compiles, unless that has been done on this machine: an hour of 1970, which has no reports, is enough."""
    pieces(store, 0, asked, 0.0, 1.0)


def _columns(store: Store, hour: int, asked: Asked) -> dict[str, NDArray[Any]]:
    """The columns of an hour with as much before and after it as its segments need; ``t`` in Unix milliseconds."""
    reach = math.ceil(3 * asked.longest_gap_s * 1000)
    start, end = hour * HOUR_MS - reach, (hour + 1) * HOUR_MS + reach
    parts: list[dict[str, NDArray[Any]]] = []
    for number in range(start // HOUR_MS, end // HOUR_MS + 1):
        columns = store.read(number, _NEEDED)
        columns["t"] = columns["t"].astype(np.int64) + number * HOUR_MS
        if number != hour:
            near = (columns["t"] >= start) & (columns["t"] <= end)
            columns = {name: column[near] for name, column in columns.items()}
        parts.append(columns)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in _NEEDED}
    order = np.argsort(whole["id"], kind="stable")
    if asked.profile != "mixed":
        order = order[((whole["id"][order] & SHIP) != 0) == (asked.profile == "sea")]
    return {name: column[order] for name, column in whole.items()}
