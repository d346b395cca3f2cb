"""A busy hour: its columns from the store, through the compiled rules, to pieces of encounters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualtrack.tracks.asked import FASTEST_MS, Asked
from dualtrack.tracks.cleaning import BOX, HALF_TURN, RULES, clean, narrow
from dualtrack.tracks.hours import COLUMNS, Hours, Part, Workspace
from dualtrack.tracks.intake import HOUR_MS
from dualtrack.tracks.packing import PER_DEGREE, SHIP
from dualtrack.tracks.pieces import Pieces
from dualtrack.tracks.refining import merge, refine
from dualtrack.tracks.store import Store
from dualtrack.tracks.sweeping import candidates

SLOT_MS = 60_000
"""So long are the slots of time in which boxes are compared; any length gives the same answer."""

_METRES = 111_000 / PER_DEGREE  # in a packed unit of latitude, about: only rows depend on it
_MOST_ROWS = 60_000  # a row's number has 16 bits

_hours, _room = Hours(), Workspace()
"""One hour at a time is searched in a process; its memory serves the next."""


def pieces(store: Store, hour: int, asked: Asked, since: float, until: float, slot_ms: int = SLOT_MS) -> Pieces:
    """The pieces of encounters between two moments of an hour, what cannot be decided, and what was dropped in it.

    Args:
        store: of the reports.
        hour: since 1970.
        asked: the parameters.
        since, until: in Unix seconds.
        slot_ms: the length of slots.
    """
    reach = math.ceil(3 * asked.longest_gap_s * 1000)
    parts = _parts(store, hour, reach)
    tracks = np.unique(np.concatenate([part.ids for part in parts])).astype(np.int64)
    if asked.profile != "mixed":
        tracks = tracks[((tracks & SHIP) != 0) == (asked.profile == "sea")]
    begin, end = (np.zeros((len(parts), len(tracks)), np.int64) for _ in range(2))
    for p, part in enumerate(parts):
        place = np.searchsorted(part.ids, tracks)
        mine = np.flatnonzero(np.append(part.ids, -1)[place] == tracks)
        begin[p, mine], end[p, mine] = part.first[place[mine]], part.first[place[mine] + 1]
        times = part.columns["t"]
        whole = -(len(times) == part.rows)
        narrow(begin[p], end[p], times, whole, -reach - part.shift, HOUR_MS + reach - part.shift)
    epoch, slots = hour * HOUR_MS, -(-HOUR_MS // slot_ms)
    since, until = max(since, epoch / 1000), min(until, (epoch + HOUR_MS) / 1000)  # there are slots for no more
    knots = _room.array("knots", 6 * int((end - begin).sum()), np.int32).reshape(-1, 6)
    box = _room.array("box", slots * len(tracks) * len(BOX), np.int32).reshape(slots, len(tracks), len(BOX))
    starts, filled = np.zeros(len(tracks) + 1, np.int64), np.zeros(slots, np.int64)
    limits = [asked.limits(0), asked.limits(SHIP)]
    gaps, fastest, slowest = (
        np.array([getattr(one, name) for one in limits]) for name in ("max_gap_s", "fastest_ms", "slowest_kt")
    )
    t, lat, lon, baro, geom, speed, how = (tuple(part.columns[name] for part in parts) for name in COLUMNS)
    mask = np.array([[-(len(part.columns[name]) == part.rows) for part in parts] for name in COLUMNS], np.int64)
    counts = clean(
        begin, end, np.array([part.shift for part in parts], np.int64), mask, t, lat, lon, baro, geom, speed, how,
        ((tracks & SHIP) != 0).astype(np.int64), gaps, fastest, slowest, epoch,
        math.floor(since * 1000) - epoch, math.ceil(until * 1000) - epoch, slot_ms, knots, starts, box, filled,
    )  # fmt: skip
    vertical = math.inf if asked.profile == "sea" else asked.vertical_ft
    fast = FASTEST_MS["sea" if asked.profile == "sea" else "air"]
    rise = max(1.5 * (asked.horizontal_m + slot_ms / 1000 * fast / 2) / _METRES, HALF_TURN / _MOST_ROWS)
    first, pairs = candidates(box, filled, asked.horizontal_m, vertical, min(HALF_TURN, int(rise) + 1))
    owners, rows, blind = refine(
        pairs, first, box, knots, starts, asked.horizontal_m, vertical, since, until,
        epoch, slot_ms,
    )  # fmt: skip
    kept = merge(np.lexsort((rows[:, 0], owners[:, 1], owners[:, 0])), owners, rows)
    moments = rows[kept]
    moments[:, :3] *= 1000
    blind = np.unique(blind, axis=0)
    return Pieces(
        tracks[owners[kept]],
        moments,
        np.column_stack((tracks[blind[:, 0]], tracks[blind[:, 1]], blind[:, 2])),
        {name: int(count) for name, count in zip(RULES, counts, strict=True) if count},
    )


def prepare(store: Store, asked: Asked) -> None:
    """Compiles, unless that has been done on this machine: an hour of 1970, which has no reports, is enough."""
    pieces(store, 0, asked, 0.0, 1.0)


def _parts(store: Store, hour: int, reach: int) -> tuple[Part, Part, Part]:
    """An hour, what lies before it and what lies after it, as far as is needed and some more."""
    beyond = -(-reach // HOUR_MS)
    before = _joined(store, hour, range(hour - beyond, hour))
    if beyond == 1:
        here = _hours.part(store, hour)
        return before, here, _joined(store, hour, range(hour + 1, hour + 2))
    after = _joined(store, hour, range(hour + 1, hour + 1 + beyond))
    return before, _hours.part(store, hour), after  # read last: what is read later may take its memory


def _joined(store: Store, hour: int, numbers: Sequence[int]) -> Part:
    """Hours as one part; only those of uncommonly long gaps are more than one, and are copied."""
    if len(numbers) == 1:
        return replace(_hours.part(store, numbers[0]), shift=(numbers[0] - hour) * HOUR_MS)
    ids: list[NDArray[Any]] = []
    held: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
    for number in numbers:
        part = _hours.part(store, number)
        ids.append(np.repeat(part.ids, np.diff(part.first)))
        for name in COLUMNS:
            held[name].append(np.array(np.broadcast_to(part.columns[name], part.rows)))
        held["t"][-1] += (number - hour) * HOUR_MS
    whole = np.concatenate(ids)
    order = np.argsort(whole, kind="stable")
    names, first = np.unique(whole[order], return_index=True)
    columns = {name: np.concatenate(some)[order] for name, some in held.items()}
    return Part(names, np.append(first, len(whole)).astype(np.int64), columns)
