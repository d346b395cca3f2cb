"""Airports and ports of the world: where they are, from two public lists (``about.json``), the same for every state.

They are no part of the record, since nothing is coded in them: 21,000 places would be read at every command. The
record's table of sources has the terms of both lists. ``scripts/gazetteer.py`` makes them.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["airports", "ports"]

EARTH_M = 6_371_008.8
"""The mean radius of the earth (IUGG): distances are told to 0.6 %, the table's own places to 110 m."""


class Places:
    """The places of one list.

    Attributes:
        codes: of each place: a location indicator of ICAO, or a code in the form of UN/LOCODE.
        values: other columns by name.
    """

    def __init__(self, kind: Kind) -> None:
        text = files("dualtrack.tracks.gazetteer").joinpath(f"{kind}.csv").read_text(encoding="ascii")
        head, *rows = (line.split(",") for line in text.splitlines())
        columns = dict(zip(head, zip(*rows, strict=True), strict=True))
        self.codes: tuple[str, ...] = columns.pop("code")
        self.values: dict[str, NDArray[np.float64]] = {
            name: np.array(cells, np.float64) for name, cells in columns.items()
        }
        self._at = _directions(self.values["lat"], self.values["lon"])

    def within(self, lat: float, lon: float, metres: float) -> NDArray[np.int64]:
        """Which places lie within a distance of a point in degrees, the nearest first."""
        chord = 2 * math.sin(min(metres / EARTH_M, math.pi) / 2)
        apart = np.linalg.norm(self._at - _directions(np.array([lat]), np.array([lon])), axis=1)
        (near,) = np.nonzero(apart < chord)
        return near[np.argsort(apart[near], kind="stable")]


def _directions(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    up, east = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(up) * np.cos(east), np.cos(up) * np.sin(east), np.sin(up)], axis=1)


@lru_cache(maxsize=2)
def places(kind: Kind) -> Places:
    """The places of one list, read once."""
    return Places(kind)


@lru_cache(maxsize=1)
def about() -> dict[str, dict[str, Any]]:
    """By list: the id of its source in the record, the version, the file and its hash, the licence, how many rows."""
    found: dict[str, dict[str, Any]] = json.loads(
        files("dualtrack.tracks.gazetteer").joinpath("about.json").read_text(encoding="utf-8")
    )
    return found
