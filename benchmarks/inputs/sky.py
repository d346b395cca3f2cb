"""Invented air traffic over the whole earth, in great circles between invented airports: a table of reports.

Nine regions have a middle, a spread and a share of the traffic; each has 70 airports around its middle, the busiest
first. A flight picks two airports by how busy they are, near ones sooner than far ones; it follows the great circle
between them, set off sideways by up to 40 km in mid-course as airways are, climbs, keeps a level that is even or odd
by its course, and descends, heights in steps of 25 ft as Mode S reports them. It reports about every ten seconds, with
a jitter of one second; one report in fifty is missing, and so is all of a flight for some minutes where nobody listens.
Nothing is repeated or displaced, so that what others do without cleaning is not held against them.

The traffic is not separated by controllers, so there are far more encounters than in the real sky. How many aircraft
fly at once is a parameter: it multiplies the density, as places and their shares stay the same. One seed gives one
table, whatever the machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

EARTH_M = 6_371_000.0
START_MS = 1_700_002_800_000  # a full hour

# middle of a region (latitude, longitude), its spread in degrees, its share of the airports' traffic
REGIONS = np.array([
    (38.0, -95.0, 11.0, 0.27), (48.0, 11.0, 9.0, 0.25), (31.0, 112.0, 9.0, 0.18), (27.0, 52.0, 8.0, 0.06),
    (21.0, 78.0, 6.0, 0.07), (5.0, 107.0, 8.0, 0.07), (-18.0, -52.0, 9.0, 0.05), (-3.0, 28.0, 13.0, 0.02),
    (-31.0, 148.0, 6.0, 0.03),
])  # fmt: skip
AIRPORTS = 70  # of a region
NEAR_M, LEAST_M = 1_200_000.0, 200_000.0  # flights grow rarer by e with every so many metres; none is shorter
INTERVAL_MS, JITTER_MS = 10_000, 1_000
MISSING, SILENT, SILENCE_MS = 0.02, 0.15, (60_000, 900_000)  # of reports; of flights, once each; for so long
CLIMB_FT_S, DESCENT_FT_S = 35.0, 28.0
ASIDE_M = 40_000.0

Floats = NDArray[np.float64]


def sky(aircraft: int, minutes: float, seed: int = 1) -> dict[str, NDArray[Any]]:
    """Reports of so many aircraft at once, for so long, in order of identity and time.

    Args:
        aircraft: how many fly at once, on average.
        minutes: how long.
        seed: of the random numbers.

    Returns:
        ``id``, ``t`` (Unix milliseconds, UTC), ``lat`` and ``lon`` (degrees, six decimals) and ``alt`` (feet).
    """
    random = np.random.default_rng(seed)
    origin, target, lengths = _pairs(random)
    span_s = minutes * 60
    speed = random.uniform(190, 260, len(lengths))
    lasting = lengths / speed  # drawn by how often a route is flown, so the mean is that of flights
    flights = round(aircraft * (span_s + lasting.max()) / lasting.mean())
    of = random.integers(0, len(lengths), flights)
    departure = random.uniform(-lasting.max(), span_s, flights)
    there = (departure + lasting[of] > 0).nonzero()[0]
    of, departure = of[there], departure[there]
    a, b, lasting = origin[of], target[of], lasting[of]
    level = _levels(random, a, b, lengths[of])
    first = np.ceil(np.maximum(0, departure) * 1000 / INTERVAL_MS).astype(np.int64)
    last = np.floor(np.minimum(span_s, departure + lasting) * 1000 / INTERVAL_MS).astype(np.int64)
    counts = np.maximum(0, last - first)
    which = np.repeat(np.arange(len(of)), counts)
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[which]
    phase = random.integers(0, INTERVAL_MS, len(of))
    t = step * INTERVAL_MS + phase[which] + random.integers(-JITTER_MS, JITTER_MS + 1, len(step))
    silent = np.where(random.random(len(of)) < SILENT, random.uniform(0, span_s * 1000, len(of)), np.inf)
    until = silent + random.uniform(*SILENCE_MS, len(of))
    part = (t / 1000 - departure[which]) / lasting[which]
    heard = (random.random(len(t)) >= MISSING) & ((t < silent[which]) | (t > until[which]))
    kept = heard & (part > 0) & (part < 1) & (t >= 0) & (t < span_s * 1000)
    which, t, part = which[kept], t[kept], part[kept]
    aside = random.uniform(-ASIDE_M, ASIDE_M, len(of))
    lat, lon = _places(a[which], b[which], part, aside[which])
    passed = part * lasting[which]
    height = np.minimum(level[which], np.minimum(passed * CLIMB_FT_S, (lasting[which] - passed) * DESCENT_FT_S))
    return {
        "id": which.astype(np.int32), "t": t + START_MS, "lat": lat.round(6), "lon": lon.round(6),
        "alt": (np.round(height / 25) * 25).astype(np.int32),
    }  # fmt: skip


def write(path: Path, columns: dict[str, NDArray[Any]]) -> None:
    """Reports as Parquet."""
    pq.write_table(pa.table(columns), path, compression="zstd", row_group_size=1 << 20)


def _pairs(random: np.random.Generator, routes: int = 20_000) -> tuple[Floats, Floats, Floats]:
    """Routes as often as they are flown: unit vectors of both ends, and lengths in metres."""
    count = len(REGIONS)
    middles = np.repeat(REGIONS, AIRPORTS, axis=0)
    lat = middles[:, 0] + random.normal(0, 1, count * AIRPORTS) * middles[:, 2]
    lon = middles[:, 1] + random.normal(0, 1, count * AIRPORTS) * middles[:, 2] / np.cos(np.radians(lat))
    busy = middles[:, 3] * np.tile(1 / np.arange(1, AIRPORTS + 1) ** 0.6, count)
    at = _unit(np.radians(lat), np.radians(lon))
    apart = EARTH_M * np.arccos(np.clip(at @ at.T, -1, 1))
    often = busy[:, None] * busy[None, :] * np.exp(-apart / NEAR_M) * (apart > LEAST_M)
    chosen = random.choice(often.size, routes, p=(often / often.sum()).ravel())
    one, two = np.divmod(chosen, len(busy))
    return at[one], at[two], apart[one, two]


def _levels(random: np.random.Generator, a: Floats, b: Floats, length: Floats) -> Floats:
    """Cruising levels in feet: odd thousands eastward, even ones westward, lower on short flights."""
    east = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0] > 0
    highest = np.minimum(40, 12 + length / 30_000)
    thousand = np.floor(random.uniform(np.maximum(10, highest - 10), highest))
    return (thousand - (thousand % 2 != east)) * 1000.0


def _places(a: Floats, b: Floats, part: Floats, aside: Floats) -> tuple[Floats, Floats]:
    """Latitudes and longitudes so far along great circles, set off sideways by so many metres in mid-course."""
    angle = np.arccos(np.clip((a * b).sum(1), -1, 1))
    sine = np.sin(angle)
    pole = np.cross(a, b) / sine[:, None]
    off = aside / EARTH_M * np.sin(np.pi * part)
    at = a * (np.sin((1 - part) * angle) / sine)[:, None] + b * (np.sin(part * angle) / sine)[:, None]
    at += pole * off[:, None]
    return np.degrees(np.arctan2(at[:, 2], np.hypot(at[:, 0], at[:, 1]))), np.degrees(np.arctan2(at[:, 1], at[:, 0]))


def _unit(lat: Floats, lon: Floats) -> Floats:
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
