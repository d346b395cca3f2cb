"""Adapters of track files: one file each, found by name and by looking into the file.

A module of this folder declares ``ABOUT``, in a few words, and

* for tables (CSV, Parquet): ``columns(types) -> Projection | None``: given the columns there are and their types, how
  reports are read from them, or None where the file is another's. ``PRIORITY`` orders adapters that know the same
  file, lowest first;
* for documents (JSON): ``matches(document) -> bool`` and ``reports(document) -> Reported``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dualtrack.core.errors import NoSuchName

FIELDS = {
    "t_ms": "BIGINT",
    "seen_ms": "BIGINT",
    "id": "INTEGER",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    "baro_ft": "DOUBLE",
    "geom_ft": "DOUBLE",
    "ground": "BOOLEAN",
    "speed_kt": "DOUBLE",
    "source": "VARCHAR",
    "radius_m": "DOUBLE",
    "name": "VARCHAR",
    "military": "BOOLEAN",
}
"""What a report can say, and its SQL type.

``t_ms`` is the time of the position (Unix milliseconds, UTC), ``seen_ms`` the time of the row where that is another;
``id`` a packed identity; ``baro_ft`` and ``geom_ft`` the barometric and the geometric height in feet; ``source`` one of
``packing.SOURCES``; ``radius_m`` the radius that holds the true position by the report's own word; ``name`` a callsign
or ship's name; ``military`` true where the source's own database says so (false says nothing).
"""


@dataclass(frozen=True)
class Projection:
    """How a table is read.

    Attributes:
        fields: an SQL expression for each of ``FIELDS`` that the table can fill. Every column of a CSV file is text;
            what an expression cannot convert it makes missing.
        left_out: by rule, an SQL condition for rows that are left out on purpose.
    """

    fields: dict[str, str]
    left_out: dict[str, str]


@dataclass(frozen=True)
class Reported:
    """What a document tells: columns of equal length by name of ``FIELDS``, and how many entries were no reports."""

    columns: dict[str, NDArray[Any]]
    rejected: dict[str, int]

    @property
    def count(self) -> int:
        """How many reports there are."""
        return len(next(iter(self.columns.values()), ()))


@dataclass(frozen=True)
class Adapter:
    """A kind of track file."""

    name: str
    about: str
    priority: int
    columns: Callable[[Mapping[str, str]], Projection | None] | None
    matches: Callable[[Mapping[str, Any]], bool] | None
    reports: Callable[[Mapping[str, Any]], Reported] | None


@lru_cache(maxsize=1)
def adapters() -> dict[str, Adapter]:
    """All adapters by name, in the order in which a file is tried on them."""
    found = []
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        module = import_module(f"dualtrack.tracks.adapters.{name}")
        if hasattr(module, "ABOUT"):
            parts = [getattr(module, part, None) for part in ("columns", "matches", "reports")]
            found.append(Adapter(name, module.ABOUT, getattr(module, "PRIORITY", 0), *parts))
    return {adapter.name: adapter for adapter in sorted(found, key=lambda one: (one.priority, one.name))}


def adapter(name: str) -> Adapter:
    """The adapter of this name.

    Raises:
        NoSuchName: there is none.
    """
    wanted = name.strip().casefold().replace("-", "_")
    if wanted not in adapters():
        raise NoSuchName("adapter of track files", name, list(adapters()))
    return adapters()[wanted]


def numbers(values: Sequence[Any]) -> NDArray[np.float64]:
    """Values of a JSON list as numbers; what is none, or too large to be one, is NaN. Booleans are no numbers."""
    plausible = [isinstance(v, (int, float)) and not isinstance(v, bool) and abs(v) < _ENDLESS for v in values]
    return np.array([v if ok else np.nan for v, ok in zip(values, plausible, strict=True)], np.float64)


_ENDLESS = 1e30  # beyond any time, position or height; sums of such numbers stay finite
