"""All aircraft at one moment, as readsb and dump1090 write it (``aircraft.json``), or many moments, one a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dualtrack.tracks.adapters import Reported, numbers
from dualtrack.tracks.adapters.readsb import address, kind, military

ABOUT = "readsb aircraft.json (JSON, plain or gzip; several, one a line)"


def matches(document: Mapping[str, Any]) -> bool:
    """Known by ``now`` and ``aircraft``."""
    return {"now", "aircraft"} <= document.keys() and isinstance(document["aircraft"], list)


def reports(document: Mapping[str, Any]) -> Reported:
    """A report for every aircraft with a position: at ``now`` less the age of the position, ``seen_pos``."""
    now = document["now"]
    listed = document["aircraft"]
    known = [one for one in listed if isinstance(one, dict)]
    placed = [one for one in known if "lat" in one and "lon" in one]
    rejected = {"no_position": len(listed) - len(placed)} if len(placed) < len(listed) else {}
    if not isinstance(now, (int, float)) or isinstance(now, bool):
        return Reported({}, {"no_time": len(listed)} if listed else {})
    who = [address(one.get("hex")) for one in placed]
    nobody = sum(one is None for one in who)
    if nobody:
        rejected["no_identity"] = nobody
        placed = [one for one, packed in zip(placed, who, strict=True) if packed is not None]
    age = np.nan_to_num(numbers([one.get("seen_pos") for one in placed]))
    (now,) = numbers([now])
    columns = {
        "t_ms": np.rint((now - age) * 1000),
        "seen_ms": np.full(len(placed), np.rint(now * 1000)),
        "id": np.array([packed for packed in who if packed is not None], np.int32),
        "lat": numbers([one["lat"] for one in placed]),
        "lon": numbers([one["lon"] for one in placed]),
        "baro_ft": numbers([one.get("alt_baro") for one in placed]),
        "geom_ft": numbers([one.get("alt_geom") for one in placed]),
        "ground": np.array([one.get("alt_baro") == "ground" for one in placed], bool),
        "speed_kt": numbers([one.get("gs") for one in placed]),
        "source": np.array([_received(one) for one in placed], object),
        "radius_m": numbers([one.get("rc") for one in placed]),
        "name": np.array([str(one.get("flight") or "").strip() or None for one in placed], object),
        "military": np.array([military(one.get("dbFlags")) for one in placed], bool),
    }
    return Reported(columns, rejected)


def _received(one: Mapping[str, Any]) -> str:
    """How the position was received; older versions list the fields that came by multilateration or TIS-B."""
    for field in ("mlat", "tisb"):
        if isinstance(one.get(field), list) and "lat" in one[field]:
            return field
    return kind(one.get("type")) or "unknown"
