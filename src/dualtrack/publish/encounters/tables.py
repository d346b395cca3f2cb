"""The encounters as a table: CSV, Parquet, GeoJSON and JSON, each with the sentence on absence.

CSV and Parquet have it in the column ``caveat`` (Parquet also in the file's metadata), the other two in a member of
that name. An empty CSV table says it in the heading of that column.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

from dualtrack import __version__
from dualtrack.core.room import room_for
from dualtrack.publish.encounters.words import closest, headline
from dualtrack.record.formula import safe_cell
from dualtrack.tracks.encounter import ABSENCE, COLUMNS, FLAGS, Report, cells, iso
from dualtrack.tracks.found import Found


def as_csv(found: Found) -> bytes:
    """A row an encounter, in the order of time; text that a spreadsheet would run is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, "caveat" if found.encounters else f"caveat: {ABSENCE}"])
    for one in found.encounters:
        writer.writerow([*(safe_cell(value) for value in cells(one).values()), ABSENCE])
    return out.getvalue().encode("utf-8")


def as_parquet(found: Found) -> bytes:
    """The same table with numbers as numbers; parameters and caveats stand in the file's metadata too."""
    import duckdb

    rows = [[*cells(one).values(), ABSENCE] for one in found.encounters]
    declared = ", ".join(f'"{name}" {kind}' for name, kind in [*COLUMNS.items(), ("caveat", "VARCHAR")])
    said = json.dumps({"caveats": found.caveats, "parameters": found.parameters}, sort_keys=True)
    with (
        room_for("The Parquet file"),
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(":memory:", config={"threads": "1"}) as database,
    ):
        path = Path(folder) / "encounters.parquet"
        database.execute(f"CREATE TABLE encounters ({declared})")
        for start in range(0, len(rows), 1000):
            some = rows[start : start + 1000]
            marks = ", ".join(f"({', '.join('?' * (len(COLUMNS) + 1))})" for _ in some)
            database.execute(f"INSERT INTO encounters VALUES {marks}", [cell for row in some for cell in row])
        target, metadata = (str(text).replace("'", "''") for text in (path, said))
        database.execute(
            f"COPY (FROM encounters ORDER BY rowid) TO '{target}' "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{dualtrack: '{metadata}'}})"
        )
        return path.read_bytes()


def as_geojson(found: Found) -> bytes:
    """A point for every closest point (RFC 7946), all columns its properties."""
    features = [
        {
            "type": "Feature",
            "id": one.id,
            "geometry": {"type": "Point", "coordinates": [round(one.lon, 7), round(one.lat, 7)]},
            "properties": cells(one),
        }
        for one in found.encounters
    ]
    collection = {"type": "FeatureCollection", "caveat": ABSENCE, **_about(found), "features": features}
    return _json(collection)


def as_json(found: Found) -> bytes:
    """Everything: parameters, inputs, counts, and each encounter with the raw reports it rests on."""
    rows = [
        {"id": one.id, **cells(one), "reports": [report_cells(report) for report in found.reports_of(one)]}
        for one in found.encounters
    ]
    return _json({"schema": 1, "caveat": ABSENCE, **_about(found), "encounters": rows})


def report_cells(report: Report) -> dict[str, Any]:
    """A raw report as JSON."""
    return {
        "id": report.id, "t": report.time, "lat": report.lat, "lon": report.lon, "baro_ft": report.baro_ft,
        "geom_ft": report.geom_ft, "speed_kt": report.speed_kt, "source": report.source,
        "ground": report.ground,
    }  # fmt: skip


def _about(found: Found) -> dict[str, Any]:
    seen = {flag for one in found.encounters for flag in one.flags}
    least = closest(found)
    return {
        "headline": headline(found),
        "closest": least.id if least else None,
        "caveats": found.caveats,
        "parameters": found.parameters,
        "version": __version__,
        "inputs": [batch.model_dump() for batch in found.inputs],
        "reports": found.reports,
        "tracks": found.tracks,
        "hours": [iso(hour * 3_600_000) for hour in found.hours],
        "dropped": found.dropped,
        "undecided": found.undecided,
        "left_out": found.left_out,
        "flags": {flag: FLAGS[flag] for flag in sorted(seen)},
    }


def _json(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")
