"""AIS as the Danish Maritime Authority publishes it: one CSV file a day, times in UTC written day first."""

from __future__ import annotations

from collections.abc import Mapping

from dualtrack.tracks import sqltext as sql
from dualtrack.tracks.adapters import Projection

ABOUT = "Danish AIS (CSV)"
PRIORITY = 0

_TIME = ("# timestamp", "timestamp")


def columns(types: Mapping[str, str]) -> Projection | None:
    """Known by its columns ``MMSI`` and ``Type of mobile``; base stations, buoys and aircraft are left out."""
    time, ship, kind = (sql.found(types, ask) for ask in (_TIME, ("mmsi",), ("type of mobile",)))
    lat, lon, speed, name = (sql.found(types, (ask,)) for ask in ("latitude", "longitude", "sog", "name"))
    if not (time and ship and kind and lat and lon):
        return None
    written = sql.cell(types, time) if types[time] == "VARCHAR" else None
    found = {
        "t_ms": f"epoch_ms(try_strptime({written}, '%d/%m/%Y %H:%M:%S'))" if written else sql.time_ms(types, time),
        "id": sql.mmsi(types, ship),
        "lat": sql.number(types, lat),
        "lon": sql.number(types, lon),
        "source": "'ais'",
    }
    if speed:
        found["speed_kt"] = sql.number(types, speed)
    if name:
        found["name"] = sql.text(types, name)
    no_ship = f"coalesce({sql.quoted(kind)} NOT IN ('Class A', 'Class B'), false) OR {sql.no_ship(types, ship)}"
    return Projection(found, {"not_a_ship": no_ship})
