"""A trace of one aircraft over a day, as readsb writes it and tar1090 shows it (``trace_full_….json``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dualtrack.tracks.adapters import Reported, numbers
from dualtrack.tracks.adapters.readsb import address, kind, military

ABOUT = "readsb and tar1090 traces (JSON, plain or gzip)"

_GEOMETRIC = 8  # bit of a point's flags: its altitude is geometric (readsb, README-json.md)
_FEWEST = 4  # seconds, latitude, longitude, altitude


def matches(document: Mapping[str, Any]) -> bool:
    """Known by ``icao``, ``timestamp`` and ``trace``."""
    return {"icao", "timestamp", "trace"} <= document.keys() and isinstance(document["trace"], list)


def reports(document: Mapping[str, Any]) -> Reported:
    """A report for every point: seconds after ``timestamp``, position, altitude, speed and how it was received.

    The aircraft's details (its type of position, radius of containment, callsign) come with some points and hold until
    the next that has them. An altitude is feet, ``"ground"`` or missing.
    """
    start = document["timestamp"]
    who = address(document["icao"])
    points = [point for point in document["trace"] if isinstance(point, list) and len(point) >= _FEWEST]
    rejected = len(document["trace"]) - len(points)
    if who is None or not isinstance(start, (int, float)) or isinstance(start, bool):
        return Reported({}, {"no_identity" if who is None else "no_time": len(document["trace"])})
    (start,) = numbers([start])
    sources, radii, names = [], [], []
    source, radius, name = "unknown", np.nan, None
    for point in points:
        details = point[8] if len(point) > 8 and isinstance(point[8], dict) else {}
        source = kind(_at(point, 9)) or kind(details.get("type")) or source
        radius = details.get("rc", radius)
        name = str(details["flight"]).strip() or name if "flight" in details else name
        sources.append(source)
        radii.append(radius)
        names.append(name)
    height = numbers([point[3] for point in points])
    flags = [_at(point, 6) for point in points]
    geometric = np.array([isinstance(bits, int) and bool(bits & _GEOMETRIC) for bits in flags], bool)
    beside = numbers([_at(point, 10) for point in points])
    seconds = numbers([point[0] for point in points])
    time = np.where(np.isfinite(seconds), np.rint((seconds + start) * 1000), np.nan)
    columns = {
        "t_ms": time,
        "id": np.full(len(points), who, np.int32),
        "lat": numbers([point[1] for point in points]),
        "lon": numbers([point[2] for point in points]),
        "baro_ft": np.where(geometric, np.nan, height),
        "geom_ft": np.where(geometric, height, beside),
        "ground": np.array([point[3] == "ground" for point in points], bool),
        "speed_kt": numbers([_at(point, 4) for point in points]),
        "source": np.array(sources, object),
        "radius_m": numbers(radii),
        "name": np.array(names, object),
        "military": np.full(len(points), military(document.get("dbFlags"))),
    }
    return Reported(columns, {"no_position": rejected} if rejected else {})


def _at(point: list[Any], place: int) -> Any:
    return point[place] if place < len(point) else None
