"""OpenSky state vectors, from its historical database or its REST interface: metres and metres per second."""

from __future__ import annotations

from collections.abc import Mapping

from dualtrack.tracks import sqltext as sql
from dualtrack.tracks.adapters import Projection

ABOUT = "OpenSky state vectors (CSV, Parquet)"
PRIORITY = 0

_TIME = ("time", "hour_time", "last_contact")
_POSITION_TIME = ("lastposupdate", "time_position")
_GROUND = ("onground", "on_ground")
_LAT, _LON = ("lat", "latitude"), ("lon", "longitude")
_BARO, _GEOM = ("baroaltitude", "baro_altitude"), ("geoaltitude", "geo_altitude")


def columns(types: Mapping[str, str]) -> Projection | None:
    """OpenSky's columns: known by ``icao24``, ``velocity`` and a barometric altitude under OpenSky's names.

    A row repeats the last position for as long as OpenSky still hears the aircraft; the time is therefore the
    position's own, where there is one that is not later than the row's. Repeats then fall together.
    """
    names = {part: sql.found(types, ask) for part, ask in {
        "id": ("icao24",), "time": _TIME, "position": _POSITION_TIME, "lat": _LAT, "lon": _LON, "baro": _BARO,
        "geom": _GEOM, "ground": _GROUND, "speed": ("velocity",), "name": ("callsign",),
        "source": ("position_source",),
    }.items()}  # fmt: skip
    needed = [names[part] for part in ("id", "lat", "lon", "baro", "speed")]
    row = names["time"] or names["position"]
    if not all(needed) or row is None:
        return None
    seen = sql.time_ms(types, row)
    time = seen
    if names["position"]:
        own = sql.time_ms(types, names["position"])
        time = f"CASE WHEN {own} <= {seen} THEN {own} ELSE {seen} END"
    found = {
        "t_ms": time,
        "seen_ms": seen,
        "id": sql.address(types, str(names["id"])),
        "lat": sql.number(types, str(names["lat"])),
        "lon": sql.number(types, str(names["lon"])),
        "baro_ft": f"{sql.number(types, str(names['baro']))} / {sql.METRES_PER_FOOT}",
        "speed_kt": f"{sql.number(types, str(names['speed']))} / {sql.METRES_PER_SECOND_PER_KNOT}",
    }
    if names["geom"]:
        found["geom_ft"] = f"{sql.number(types, names['geom'])} / {sql.METRES_PER_FOOT}"
    if names["ground"]:
        found["ground"] = sql.truth(types, names["ground"])
    if names["name"]:
        found["name"] = sql.text(types, names["name"])
    if names["source"]:  # 0 ADS-B, 1 ASTERIX, 2 MLAT, 3 FLARM
        kind = sql.number(types, names["source"])
        found["source"] = f"CASE {kind} WHEN 0 THEN 'adsb' WHEN 2 THEN 'mlat' ELSE 'other' END"
    return Projection(found, {})
