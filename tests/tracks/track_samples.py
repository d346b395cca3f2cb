"""Small track files in the shapes of their publishers, with invented reports."""

import gzip
import json
from pathlib import Path
from typing import Any

T0 = 1_700_000_000  # 2023-11-14T22:13:20Z

OPENSKY = (
    "time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,alert,spi,squawk,baroaltitude,geoaltitude,"
    "lastposupdate,lastcontact"
)


def opensky(path: Path, rows: list[str]) -> Path:
    """A file of state vectors as OpenSky's database exports it."""
    path.write_text("\n".join([OPENSKY, *rows]) + "\n", "utf-8")
    return path


def trace(address: str, points: list[list[Any]], **more: Any) -> bytes:
    """A readsb trace."""
    return json.dumps({"icao": address, "timestamp": T0, "trace": points, **more}).encode()


def packed(path: Path, data: bytes) -> Path:
    """The data as a gzip file of this name."""
    path.write_bytes(gzip.compress(data))
    return path


DENMARK = (
    "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,"
    "Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D"
)


def danish(time: str, kind: str, mmsi: int, lat: float, lon: float, sog: str, name: str) -> str:
    """A line of a Danish AIS file."""
    return (
        f"{time},{kind},{mmsi},{lat},{lon},Under way using engine,,{sog},88.0,90,,OU123,{name},Cargo,,,,GPS,,,,AIS,,,,"
    )


US = (
    "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,"
    "TransceiverClass"
)
