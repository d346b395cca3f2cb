"""Hours of a store as the compiled search takes them: each decoded once, into memory that is used again.

A search goes from hour to hour and needs the end of the one before and the start of the one after. The last few hours
that were read stay; their memory serves the next. (A page of new memory costs more than decoding what fills it.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualtrack.tracks.cleaning import runs
from dualtrack.tracks.store import Store

COLUMNS = ("t", "lat", "lon", "baro", "geom", "speed", "how")
_KEPT = 3


@dataclass(frozen=True)
class Part:
    """Reports of some hours in the order of identity and time.

    Attributes:
        ids: the identities, rising; ``first`` the row where each begins, and the end.
        columns: by name; one that has only one value holds it once.
        shift: milliseconds from the start of the hour that is searched to that from which ``t`` counts.
    """

    ids: NDArray[Any]
    first: NDArray[Any]
    columns: dict[str, NDArray[Any]]
    shift: int = 0

    @property
    def rows(self) -> int:
        """How many reports."""
        return int(self.first[-1])


class Workspace:
    """Arrays by name that grow and are used again."""

    def __init__(self) -> None:
        self._held: dict[str, NDArray[Any]] = {}

    def array(self, name: str, size: int, kind: Any) -> NDArray[Any]:
        """An array of a size, with whatever it held."""
        held = self._held.get(name)
        if held is None or len(held) < size or held.dtype != kind:
            self._held.pop(name, None)
            held = self._held[name] = np.empty(size + size // 16, kind)
        return held[:size]


class Hours:
    """Reads hours, and keeps the last few."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Part, Workspace]] = {}

    def part(self, store: Store, hour: int) -> Part:
        """An hour of a store.

        Raises:
            BadInput: its file is missing or damaged.
        """
        key = store.key(hour)
        found = self._kept.pop(key, None)
        if found is None:
            room = self._kept.pop(next(iter(self._kept)))[1] if len(self._kept) >= _KEPT else Workspace()
            found = _read(store, hour, room), room
        self._kept[key] = found
        return found[0]


def _read(store: Store, hour: int, room: Workspace) -> Part:
    columns = store.packed(hour, ["id", *COLUMNS], room.array)
    ids = columns.pop("id")
    if not len(ids):
        return Part(ids, np.zeros(1, np.int64), columns)
    first = runs(np.ascontiguousarray(ids))
    return Part(ids[first[:-1]], first, columns)
