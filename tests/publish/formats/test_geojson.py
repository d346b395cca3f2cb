"""GeoJSON against RFC 7946."""

import json
from datetime import date
from typing import Any

import pytest

from dualtrack.api import open_record
from dualtrack.publish.formats.geojson import rows as write
from dualtrack.publish.tables import selected

RECORD = open_record(date(2026, 11, 25))
TABLES = ["deployments", "encounters", "exercises", "infrastructure"]


def read(table: str, where: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write(*selected(RECORD, table, where), RECORD))
    return found


@pytest.mark.parametrize("table", TABLES)
def test_one_feature_a_row(table: str) -> None:
    _, rows = selected(RECORD, table)
    found = read(table)
    assert found["type"] == "FeatureCollection"
    assert "geometry" not in found and "properties" not in found  # RFC 7946, section 7.1
    assert [feature["id"] for feature in found["features"]] == [f"{table}/{row.id}" for row in rows]
    for feature, row in zip(found["features"], rows, strict=True):
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert feature["properties"] == dict(row)
        if row["lat"] is None:
            assert feature["geometry"] is None
        else:
            assert feature["geometry"] == {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
            lon, lat = feature["geometry"]["coordinates"]
            assert -180 <= lon <= 180 and -90 <= lat <= 90


def test_longitude_comes_first() -> None:
    (feature,) = read("deployments", "id = 'D-bap-base-2004'")["features"]
    assert feature["geometry"]["coordinates"] == [23.395, 55.8938]  # Siauliai, Lithuania
    assert feature["properties"]["coord_basis"] == "runway"


def test_rows_without_a_place_are_kept() -> None:
    geometries = [feature["geometry"] for feature in read("encounters")["features"]]
    assert None in geometries and any(geometries)


def test_it_says_what_the_points_mark_and_how_to_cite() -> None:
    found = read("exercises")
    assert "our coding" in found["coordinates_mark"]
    assert found["licence"] == "CC-BY-4.0" and "dualtrack contributors" in found["cite"]
