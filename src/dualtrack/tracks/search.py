"""From track files to encounters: the store, the hours as shards, pieces put together, each encounter described."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dualtrack import __version__
from dualtrack.record.store import Record
from dualtrack.tracks.addresses import AddressBook
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.describe import Contact, Describer
from dualtrack.tracks.found import Found
from dualtrack.tracks.intake import HOUR_MS
from dualtrack.tracks.meeting import Meetings
from dualtrack.tracks.nearby import compiles, contacts
from dualtrack.tracks.packing import SHIP
from dualtrack.tracks.pieces import WHY, Pieces, together
from dualtrack.tracks.shards import Here, Place, run
from dualtrack.tracks.store import Store, hour_name
from dualtrack.tracks.verify import fault

Progress = Callable[[str], None]

IN_FULL, IN_EVIDENCE = 500, 5000
"""Of so many encounters, the closest, all reports around them are kept and their distances over time; of so many a few
reports, from which the closest point follows. All are checked where that is asked for."""


def search(
    store: Store,
    asked: Asked,
    record: Record,
    *,
    folder: Path | None = None,
    place: Place | None = None,
    verify: bool = False,
    progress: Progress = lambda _: None,
) -> Found:
    """Finds every encounter in a store.

    Args:
        store: of the reports.
        asked: the parameters.
        record: whose table ``address_blocks`` says whose an identity is.
        folder: where results by the hour are kept, so that a run resumes; beside the store's hours if left out.
        place: where to work; here if left out.
        verify: whether to hold every encounter against its raw reports.
        progress: is told what is done.
    """
    hours = [hour for hour in store.hours if _within(hour, asked)]
    names = {hour: _name(store, hour, asked) for hour in hours}
    if any(compiles(store, hour) for hour in hours):
        from dualtrack.tracks.busy import prepare

        progress("Compiling, once per machine: about 20 seconds")
        prepare(store, asked)
    shards: dict[int, tuple[Any, ...]] = {hour: (str(store.folder), hour, asked) for hour in hours}
    results = run(
        contacts, shards, names, folder or store.folder / "runs", place or Here(),
        lambda hour: progress(f"{hour_name(hour)} searched"),
    )  # fmt: skip
    dropped = store.manifest.dropped
    whole = together([Pieces.from_bytes(results[hour]) for hour in hours])
    dropped.update(whole.dropped)
    describer = Describer(store, asked, AddressBook(record))
    contacts_ = _contacts(whole)
    meetings = Meetings(store)
    if asked.meeting:
        contacts_ = [one for one in contacts_ if meetings.hold((one.a, one.b), one.t_in_ms, one.t_out_ms, one.t_cpa_ms)]
    ranked = sorted(contacts_, key=lambda one: _nearness(one, asked))
    full, evident = set(ranked[:IN_FULL]), set(ranked[:IN_EVIDENCE])
    encounters, details, unsound = [], {}, []
    for number, contact in enumerate(contacts_, 1):
        one, detail = describer.tell(contact, contact in full)
        encounters.append(one)
        if contact in evident:
            details[one.id] = detail
        if verify and (said := fault(one, detail.reports, asked)):
            unsound.append(said)
        if number % 1000 == 0:
            progress(f"{number:,} of {len(contacts_):,} encounters described")
    counted = _counted(store, hours, asked)
    unsaid = Counter(WHY[why] for why in whole.undecided[:, 2].tolist())
    return Found(
        asked.told(), tuple(encounters), details, store.manifest.batches, dict(sorted(dropped.items())),
        counted[0], counted[1], tuple(hours), dict(sorted(unsaid.items())),
        tuple(unsound) if verify else None, dict(sorted(meetings.left_out.items())),
    )  # fmt: skip


def _nearness(one: Contact, asked: Asked) -> float:
    """How near two came, as a part of the limits."""
    return max(one.h_min_m / asked.horizontal_m, abs(one.v_at_cpa_ft or 0.0) / asked.vertical_ft)


def _within(hour: int, asked: Asked) -> bool:
    start, end = hour * HOUR_MS, (hour + 1) * HOUR_MS
    return end > (asked.start_ms or start) and start < (asked.end_ms or end)


def _name(store: Store, hour: int, asked: Asked) -> str:
    """The name of an hour's result: all it depends on is in the hash, the hours beside it included."""
    beside = [store.manifest.hours.get(hour_name(hour + k)) for k in (-1, 0, 1)]
    said = json.dumps([__version__, asked.told(), [one.sha256 if one else "" for one in beside]], sort_keys=True)
    return f"{hour_name(hour)}-{hashlib.sha256(said.encode()).hexdigest()[:16]}.npz"


def _contacts(whole: Pieces) -> list[Contact]:
    """Encounters in the order of their nearest moments."""
    order = np.lexsort((whole.pairs[:, 1], whole.pairs[:, 0], whole.moments[:, 2]))
    return [
        Contact(a, b, t_in, t_out, t_cpa, h, None if math.isnan(v) else v)
        for (a, b), (t_in, t_out, t_cpa, h, v) in zip(
            whole.pairs[order].tolist(), whole.moments[order].tolist(), strict=True
        )
    ]


def _counted(store: Store, hours: Sequence[int], asked: Asked) -> tuple[int, int]:
    """How many reports of how many identities were searched."""
    reports, seen = 0, np.empty(0, np.int32)
    for hour in hours:
        ids = store.read(hour, ["id"])["id"]
        first = np.flatnonzero(np.diff(ids, prepend=-1))  # they are sorted
        counts = np.diff(first, append=len(ids))
        taken = np.array([asked.takes(packed) for packed in (0, SHIP)])[((ids[first] & SHIP) != 0).astype(int)]
        reports += int(counts[taken].sum())
        seen = np.union1d(seen, ids[first][taken])
    return reports, len(seen)
