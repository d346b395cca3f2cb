"""GeoJSON (RFC 7946): one feature a row, for maps.

Positions are longitude, then latitude, in WGS 84 (sections 3.1.1 and 4). A row without coordinates is a feature
whose geometry is null (section 3.2), so that no row is lost; all columns are properties, ``coord_basis`` among
them, which says what the coordinates mark. What concerns the whole table stands in foreign members (section 6.1).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dualtrack.core.errors import BadInput
from dualtrack.publish.cite import LICENCE, of_rows, sentence
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

SUFFIX = ".geojson"
MEDIA_TYPE = "application/geo+json"


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """A feature collection; the id of a feature is the permanent id of its row.

    Raises:
        BadInput: the table has no coordinates.
    """
    if not (spec.has("lat") and spec.has("lon")):
        raise BadInput(
            f"{spec.table} has no coordinates, so it cannot be GeoJSON.",
            "Tables that have: deployments, encounters, exercises, infrastructure.",
        )
    collection = {
        "type": "FeatureCollection",
        "title": spec.title,
        "as_of": record.as_of.isoformat(),
        "licence": LICENCE,
        "cite": sentence(of_rows(spec, rows, record)[-1]),
        "coordinates_mark": spec.field("lon").about,
        "features": [_feature(row) for row in rows],
    }
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _feature(row: Row) -> dict[str, Any]:
    lon, lat = row.number("lon"), row.number("lat")
    point = None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": f"{row.spec.table}/{row.id}", "geometry": point, "properties": dict(row)}
