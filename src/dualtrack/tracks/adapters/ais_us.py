"""AIS as the United States publish it (NOAA and others, MarineCadastre): CSV and Parquet, times in UTC."""

from __future__ import annotations

from collections.abc import Mapping

from dualtrack.tracks import sqltext as sql
from dualtrack.tracks.adapters import Projection

ABOUT = "US AIS of MarineCadastre (CSV, Parquet)"
PRIORITY = 1

_TIME = ("basedatetime", "base_date_time")


def columns(types: Mapping[str, str]) -> Projection | None:
    """Known by ``MMSI`` and ``BaseDateTime`` (until 2024) or ``mmsi`` and ``base_date_time`` (since 2025).

    Coast stations, buoys and aircraft, whose numbers are no ship's, are left out.
    """
    time, ship = sql.found(types, _TIME), sql.found(types, ("mmsi",))
    lat, lon = sql.found(types, ("lat", "latitude")), sql.found(types, ("lon", "longitude"))
    speed, name = sql.found(types, ("sog",)), sql.found(types, ("vesselname", "vessel_name"))
    if not (time and ship and lat and lon):
        return None
    found = {
        "t_ms": sql.time_ms(types, time),
        "id": sql.mmsi(types, ship),
        "lat": sql.number(types, lat),
        "lon": sql.number(types, lon),
        "source": "'ais'",
    }
    if speed:
        found["speed_kt"] = sql.number(types, speed)
    if name:
        found["name"] = sql.text(types, name)
    return Projection(found, {"not_a_ship": sql.no_ship(types, ship)})
