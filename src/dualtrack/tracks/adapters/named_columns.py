"""Any table with named columns: one for time, identity, latitude and longitude, and more where there are more."""

from __future__ import annotations

from collections.abc import Mapping

from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.tracks import sqltext as sql
from dualtrack.tracks.adapters import Projection

ABOUT = "any table with columns for time, identity, latitude and longitude (CSV, Parquet)"
PRIORITY = 9

ALIASES: dict[str, tuple[str, ...]] = {
    "t": ("t", "time", "timestamp", "datetime", "date_time", "unix", "unix_time", "epoch", "ts", "utc", "t_ms"),
    "icao24": ("icao24", "icao", "hex", "address", "icao_address", "modes", "mode_s"),
    "mmsi": ("mmsi",),
    "id": ("id", "track", "track_id", "object", "object_id", "flight_id"),
    "lat": ("lat", "latitude", "lat_deg"),
    "lon": ("lon", "long", "lng", "longitude", "lon_deg"),
    "alt_baro_ft": ("alt_baro_ft", "alt_baro", "altitude_baro", "altitude", "alt", "alt_ft", "altitude_ft"),
    "alt_geom_ft": ("alt_geom_ft", "alt_geom", "geoaltitude", "altitude_geom"),
    "alt_baro_m": ("alt_baro_m", "baro_altitude_m", "altitude_m", "alt_m"),
    "alt_geom_m": ("alt_geom_m", "geo_altitude_m"),
    "gs_kt": ("gs_kt", "gs", "groundspeed", "ground_speed", "sog", "speed", "speed_kt"),
    "gs_ms": ("gs_ms", "velocity", "speed_ms", "velocity_ms"),
    "ground": ("onground", "on_ground", "ground"),
    "source": ("source", "type", "addrtype"),
    "radius_m": ("radius_m", "rc"),
    "name": ("callsign", "flight", "name", "vesselname", "vessel_name", "ident"),
    "military": ("military",),
}  # fmt: skip
"""What a column can hold, and the names it is known by; of several the first counts."""

_KINDS = ("icao24", "mmsi", "id")


def columns(types: Mapping[str, str]) -> Projection | None:
    """The columns found by their usual names; None where time, identity or position have none."""
    return expressions(types, {})


def expressions(types: Mapping[str, str], mapping: Mapping[str, str]) -> Projection | None:
    """The columns found by the user's word for them, else by their usual names.

    Args:
        types: the columns of the file and their types.
        mapping: what a column holds (a key of ``ALIASES``), and its name.

    Raises:
        NoSuchName: the mapping names a column that is not there, or something that no column can hold.
    """
    for part, name in mapping.items():
        if part not in ALIASES:
            raise NoSuchName("kind of column", part, list(ALIASES))
        if name not in types:
            raise NoSuchName("column", name, list(types))
    of = {part: mapping.get(part) or sql.found(types, names) for part, names in ALIASES.items()}
    given = [kind for kind in _KINDS if kind in mapping]
    if len(given) > 1:
        raise BadInput(f"{' and '.join(given)} are both named as the identity.", "Name one of them.")
    kind = given[0] if given else next((kind for kind in _KINDS if of[kind]), None)
    if kind is None or not (of["t"] and of["lat"] and of["lon"]):
        return None
    reading = {"icao24": sql.address, "mmsi": sql.mmsi, "id": sql.plain_number}[kind]
    found = {
        "t_ms": sql.time_ms(types, of["t"]),
        "id": reading(types, str(of[kind])),
        "lat": sql.number(types, of["lat"]),
        "lon": sql.number(types, of["lon"]),
        "source": "'ais'" if kind == "mmsi" else "'unknown'",
    }
    height = of["alt_baro_ft"]
    if height:
        found["baro_ft"] = sql.number(types, height)
    elif of["alt_baro_m"]:
        found["baro_ft"] = f"{sql.number(types, of['alt_baro_m'])} / {sql.METRES_PER_FOOT}"
    if of["alt_geom_ft"]:
        found["geom_ft"] = sql.number(types, of["alt_geom_ft"])
    elif of["alt_geom_m"]:
        found["geom_ft"] = f"{sql.number(types, of['alt_geom_m'])} / {sql.METRES_PER_FOOT}"
    if of["ground"]:
        found["ground"] = sql.truth(types, of["ground"])
    if height and types[height] == "VARCHAR":
        said = f"lower(trim({sql.quoted(height)})) = 'ground'"
        found["ground"] = f"({said} OR {found['ground']})" if of["ground"] else said
    if of["gs_kt"]:
        found["speed_kt"] = sql.number(types, of["gs_kt"])
    elif of["gs_ms"]:
        found["speed_kt"] = f"{sql.number(types, of['gs_ms'])} / {sql.METRES_PER_SECOND_PER_KNOT}"
    if of["source"] and types[of["source"]] == "VARCHAR" and kind == "icao24":
        column = sql.quoted(of["source"])
        found["source"] = f"CASE WHEN {column} IS NULL THEN 'unknown' ELSE {sql.adsb_source(column)} END"
    if of["radius_m"]:
        found["radius_m"] = sql.number(types, of["radius_m"])
    if of["name"]:
        found["name"] = sql.text(types, of["name"])
    if of["military"]:
        found["military"] = sql.truth(types, of["military"])
    return Projection(found, {"not_a_ship": sql.no_ship(types, str(of["mmsi"]))} if kind == "mmsi" else {})
