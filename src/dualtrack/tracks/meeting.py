"""Ships that lie beside each other at sea: the rule by which Global Fishing Watch finds transfers between ships.

Two ships within 500 m of each other for two hours and longer, both slower than 2 knots (the median of what they
report), more than 10 km from a port (Miller and others 2018, Frontiers in Marine Science 5:240, who take anchorages
too). Here the two hours are one episode of the exact search, whatever the reports' rhythm; a gap longer than the limit
ends it.

Ports are those of the list in ``gazetteer``, the same for every state. It knows no anchorages off the ports: what lies
there is told as a meeting.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dualtrack.tracks.gazetteer import places
from dualtrack.tracks.intake import HOUR_MS
from dualtrack.tracks.packing import PER_DEGREE
from dualtrack.tracks.store import Store

WITHIN_M = 500.0
SLOW_KT = 2.0
LEAST_S = 7200.0
FROM_PORT_M = 10_000.0

_METRES_PER_DEGREE = 1852.0 * 60
_KNOTS = 3600 / 1852


class Meetings:
    """Tells which episodes of two ships are meetings.

    Args:
        store: of their reports.

    Attributes:
        left_out: how many episodes were not, by the first rule that says so: ``short``, ``moving``, ``near_port``.
    """

    def __init__(self, store: Store) -> None:
        self.left_out: Counter[str] = Counter()
        self._store = store
        self._hour = lru_cache(maxsize=8)(self._read)

    def hold(self, ships: Sequence[int], start_ms: float, end_ms: float, nearest_ms: float) -> bool:
        """Whether an episode is a meeting; what it is not for is counted.

        Args:
            ships: both, as packed identities.
            start_ms, end_ms, nearest_ms: when it begins, ends, and when they are nearest.
        """
        why = self._why_not(ships, start_ms, end_ms, nearest_ms)
        if why:
            self.left_out[why] += 1
        return not why

    def _why_not(self, ships: Sequence[int], start_ms: float, end_ms: float, nearest_ms: float) -> str:
        if end_ms - start_ms < 1000 * LEAST_S:
            return "short"
        told = [self._reports(ship, start_ms, end_ms) for ship in ships]
        if any(_median_kt(*one) >= SLOW_KT for one in told):
            return "moving"
        t, lat, lon, _ = told[0]
        at = int(np.abs(t - nearest_ms).argmin())
        near = places("ports").within(float(lat[at]), float(lon[at]), FROM_PORT_M)
        return "near_port" if near.size else ""

    def _reports(self, ship: int, start_ms: float, end_ms: float) -> tuple[NDArray[np.float64], ...]:
        """Times, latitudes, longitudes and speeds of a ship within a span, NaN where it tells no speed."""
        parts = []
        for hour in range(int(start_ms // HOUR_MS), int(end_ms // HOUR_MS) + 1):
            found = self._hour(hour)
            first, last = np.searchsorted(found["id"], [ship, ship + 1])
            t = found["t"][first:last].astype(np.float64) + hour * HOUR_MS
            inside = (t >= start_ms - 1) & (t <= end_ms + 1)
            lat, lon, speed = (found[name][first:last][inside].astype(np.float64) for name in ("lat", "lon", "speed"))
            parts.append((t[inside], lat / PER_DEGREE, lon / PER_DEGREE, np.where(speed < 0, np.nan, speed / 10)))
        return tuple(np.concatenate(column) for column in zip(*parts, strict=True))

    def _read(self, hour: int) -> dict[str, NDArray[np.int64]]:
        return self._store.read(hour, ("id", "t", "lat", "lon", "speed"))


def _median_kt(
    t: NDArray[np.float64], lat: NDArray[np.float64], lon: NDArray[np.float64], kt: NDArray[np.float64]
) -> float:
    """The median of the speeds that are told; where none is, of those from report to report."""
    if not np.isnan(kt).all():
        return float(np.nanmedian(kt))
    if len(t) < 2:
        return 0.0
    east = (np.diff(lon) + 180) % 360 - 180
    moved = np.hypot(np.diff(lat), east * math.cos(math.radians(float(lat[0])))) * _METRES_PER_DEGREE
    return float(np.median(moved / np.diff(t) * 1000 * _KNOTS))
