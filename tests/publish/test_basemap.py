"""The basemap: whose is which place, what is disputed and on what basis, and whether the file can be drawn."""

import csv
import json
import re
from datetime import date
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
import vl_convert

from dualtrack.publish import basemap

FILE = files("dualtrack.publish.basemap").joinpath("europe.json")
RECORD_STATES = files("dualtrack.record").joinpath("tables/states.csv")

# Drawn, and not among the OSCE's 57 participating States; XKX is user-assigned in ISO 3166.
NOT_OSCE = {"XKX", "AFG", "DZA", "EGY", "IRN", "IRQ", "ISR", "JOR", "KWT", "LBN"}
NOT_OSCE |= {"LBY", "MAR", "MRT", "PSE", "SAU", "SYR", "TUN", "ESH"}
# Participating States that are not drawn: outside the frame, or (the Holy See) smaller than the grid.
NOT_DRAWN = {"USA", "CAN", "MNG", "VAT"}

PLACES = [
    ("Simferopol", 44.95, 34.10, "UKR", "crimea"),
    ("Sevastopol", 44.60, 33.53, "UKR", "crimea"),
    ("Kerch", 45.36, 36.47, "UKR", "crimea"),
    ("Donetsk", 48.00, 37.80, "UKR", None),
    ("Luhansk", 48.57, 39.30, "UKR", None),
    ("Mariupol", 47.10, 37.55, "UKR", None),
    ("Melitopol", 46.85, 35.37, "UKR", None),
    ("Kherson", 46.64, 32.61, "UKR", None),
    ("Sukhumi", 43.005, 41.02, "GEO", "abkhazia"),
    ("Tskhinvali", 42.225, 43.97, "GEO", "south-ossetia"),
    ("Tbilisi", 41.71, 44.80, "GEO", None),
    ("Tiraspol", 46.84, 29.63, "MDA", "transnistria"),
    ("Chisinau", 47.01, 28.86, "MDA", None),
    ("Kyrenia", 35.335, 33.32, "CYP", "northern-cyprus"),
    ("North Nicosia", 35.19, 33.36, "CYP", "northern-cyprus"),
    ("Limassol", 34.69, 33.04, "CYP", None),
    ("Akrotiri", 34.60, 32.97, "GBR", None),
    ("Pristina", 42.663, 21.165, "XKX", "kosovo"),
    ("Belgrade", 44.80, 20.46, "SRB", None),
    ("Stepanakert", 39.817, 46.75, "AZE", None),
    ("Majdal Shams", 33.27, 35.77, "SYR", "golan"),
    ("Kaliningrad", 54.71, 20.51, "RUS", None),
    ("Pskov", 57.82, 28.33, "RUS", None),
    ("Rostov-on-Don", 47.23, 39.72, "RUS", None),
    ("Murmansk", 68.97, 33.08, "RUS", None),
    ("Yekaterinburg", 56.84, 60.60, "RUS", None),
    ("Tallinn", 59.437, 24.745, "EST", None),
    ("Kuressaare", 58.25, 22.48, "EST", None),
    ("Narva", 59.377, 28.18, "EST", None),
    ("Ivangorod", 59.372, 28.223, "RUS", None),
    ("Hrodna", 53.68, 23.83, "BLR", None),
    ("Vilnius", 54.687, 25.28, "LTU", None),
    ("Suwałki", 54.10, 22.93, "POL", None),
    ("Mariehamn", 60.10, 19.94, "FIN", None),
    ("Longyearbyen", 78.22, 15.64, "NOR", None),
    ("Valletta", 35.90, 14.50, "MLT", None),
    ("Monaco", 43.735, 7.42, "MCO", None),
    ("San Marino", 43.94, 12.45, "SMR", None),
    ("Vaduz", 47.14, 9.52, "LIE", None),
    ("open Baltic", 57.0, 19.5, None, None),
    ("Black Sea", 43.5, 34.0, None, None),
    ("Lahore, land without a state", 31.5, 74.3, None, None),
    ("outside the frame", 40.7, -74.0, None, None),
    ("no place", float("nan"), 20.0, None, None),
]


@pytest.mark.parametrize(("lat", "lon", "state", "area"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_place(lat: float, lon: float, state: str | None, area: str | None) -> None:
    assert basemap.state_at(lat, lon) == state
    assert basemap.disputed_at(lat, lon) == area


@pytest.mark.parametrize(
    ("lat", "lon", "day", "area"),
    [
        (44.95, 34.10, date(2014, 2, 1), None),
        (44.95, 34.10, date(2014, 9, 5), "crimea"),
        (48.00, 37.80, date(2016, 5, 9), "donbas-2014"),
        (48.00, 37.80, date(2022, 2, 24), None),
        (39.817, 46.75, date(2016, 5, 9), "nagorno-karabakh"),
        (42.663, 21.165, date(2007, 1, 1), None),
    ],
)
def test_dispute_on_a_day(lat: float, lon: float, day: date, area: str | None) -> None:
    assert basemap.disputed_at(lat, lon, as_of=day) == area


def test_every_drawn_state_is_known() -> None:
    drawn = {state.id for state in basemap.load().states if state.id}
    assert drawn >= NOT_OSCE
    assert len(drawn - NOT_OSCE) + len(NOT_DRAWN) == 57
    if RECORD_STATES.is_file():
        with RECORD_STATES.open(encoding="utf-8", newline="") as lines:
            osce = {row["state"] for row in csv.DictReader(lines)}
        assert drawn - NOT_OSCE == osce - NOT_DRAWN


def test_disputed_areas_name_their_basis_in_neutral_words() -> None:
    areas = basemap.load().areas
    drawn = {state.id for state in basemap.load().states}
    assert {"crimea", "abkhazia", "south-ossetia", "transnistria", "northern-cyprus", "kosovo"} <= {a.id for a in areas}
    loaded = re.compile(
        r"annex|aggress|illegal|occup|invad|invasion|terror|rebel|separatis|puppet|regime|so-called"
        r"|liberat|reunif|stolen|historic right",
        re.IGNORECASE,
    )
    for area in areas:
        assert area.state in drawn
        assert area.held_by and area.claimed_by and area.since
        assert area.basis == tuple(sorted(area.basis, key=lambda d: d.date)) and area.basis
        for document in area.basis:
            assert re.match(r"https://(undocs\.org/[AS]/RES/|www\.osce\.org/)", document.url), document
            assert date.fromisoformat(document.date)
        for text in (area.name, area.held_by, area.claimed_by, area.note):
            assert not loaded.search(text), text
        if area.hatched:  # the name goes where the area is, and the area is where the policy puts it
            lon, lat = area.label
            assert basemap.state_at(lat, lon) == area.state


def test_described_as_of_a_day_without_what_came_later() -> None:
    day = date(2016, 5, 9)
    areas = {area.id: area for area in basemap.disputed_areas(day)}
    assert [d.document for d in areas["crimea"].basis] == ["A/RES/68/262"]
    assert areas["nagorno-karabakh"].until is None
    assert "donetsk-part" not in areas
    whole = json.dumps(basemap.disputed(day), ensure_ascii=False)
    assert not re.search(r"\b20(1[7-9]|2\d)\b", whole)
    assert {f["id"] for f in basemap.disputed()["features"]} >= {"donetsk-part", "crimea"}


def test_provenance() -> None:
    loaded = basemap.load()
    assert date.fromisoformat(loaded.date)
    assert "General Assembly" in loaded.policy and "public domain" in loaded.licence
    assert loaded.changes and loaded.missing
    assert {source.role for source in loaded.sources} == {"states", "lines"}
    for source in loaded.sources:
        assert re.fullmatch(r"[0-9a-f]{64}", source.sha256)
        assert source.package and source.version and source.file
        assert source.licence == "public domain" and source.data.startswith("Natural Earth")


def test_file_stays_small() -> None:
    assert len(FILE.read_bytes()) <= 250_000


def _area(ring: basemap.Ring) -> float:
    """Signed, positive when the ring runs clockwise."""
    return sum(x2 * y1 - x1 * y2 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def test_rings_close_and_run_as_d3_wants() -> None:
    loaded = basemap.load()
    for shape in (*loaded.states, *loaded.areas):
        for outer, *holes in shape.polygons:
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in (outer, *holes)), shape.id
            assert _area(outer) > 0, shape.id
            assert all(_area(hole) < 0 for hole in holes), shape.id
            assert _area(outer) > sum(-_area(hole) for hole in holes), shape.id


def test_coordinates_stay_in_the_frame() -> None:
    west, south, east, north = basemap.load().bbox
    for state in basemap.load().states:
        for polygon in state.polygons:
            assert all(west <= x <= east and south <= y <= north for ring in polygon for x, y in ring)


def test_no_place_is_in_two_states() -> None:
    edges = basemap._state_edges()
    for y in range(27 * 4, 82 * 4):
        for x in range(-25 * 4, 75 * 4):
            assert len(basemap._crossings(edges, y / 4 + 0.0101, x / 4 + 0.0103)) <= 1, (y / 4, x / 4)


def test_disputed_edges_are_dashed_and_borders_are_not() -> None:
    pairs = {frozenset(f["properties"]["states"]) for f in basemap.borders()["features"]}
    assert {"EST", "RUS"} in pairs and {"FIN", "RUS"} in pairs
    assert frozenset({"SRB", "XKX"}) not in pairs
    dashed = {f["id"] for f in basemap.disputed_lines()["features"]}
    assert {"kosovo", "crimea", "transnistria", "abkhazia"} <= dashed
    assert "nagorno-karabakh" not in dashed
    assert "nagorno-karabakh" in {f["id"] for f in basemap.disputed_lines(date(2016, 5, 9))["features"]}


def test_hatching_stays_inside_its_area() -> None:
    hatched = basemap.hatching()["features"]
    assert {f["id"] for f in hatched} == {a.id for a in basemap.disputed_areas() if a.hatched}
    for feature in hatched:
        assert feature["geometry"]["coordinates"], feature["id"]
        for (x1, y1), (x2, y2) in feature["geometry"]["coordinates"]:
            if y2 - y1 > 0.02:
                assert basemap.disputed_at((y1 + y2) / 2, (x1 + x2) / 2) == feature["id"]


def test_answers_are_the_callers_to_change() -> None:
    basemap.features()["features"].clear()
    basemap.disputed()["features"][0]["properties"]["name"] = "?"
    assert basemap.features()["features"]
    assert basemap.disputed()["features"][0]["properties"]["name"] != "?"


@pytest.mark.parametrize("source", ["geojson", "topojson"])
def test_vega_draws_each_state_where_it_is(source: str) -> None:
    """A ring that runs the wrong way would paint the whole globe, far beyond the state's own extent."""
    data = (
        {"values": basemap.features()["features"]}
        if source == "geojson"
        else {"values": basemap.topology(), "format": {"type": "topojson", "feature": "states"}}
    )
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 800,
        "height": 800,
        "projection": {"type": "equirectangular", "scale": 360, "center": [25, 54.5], "translate": [400, 400]},
        "data": data,
        "mark": {"type": "geoshape", "clip": False},
    }
    svg = vl_convert.vegalite_to_svg(json.dumps(spec), allowed_base_urls=[])
    paths = [d for d in re.findall(r'<path[^>]* d="(M[^"]+Z)"', svg) if d.count("L") > 1]
    states = basemap.load().states
    shapes = paths[-len(states) :]
    assert len(shapes) == len(states)
    per_degree = 360 * 3.141592653589793 / 180
    for state, path in zip(states, shapes, strict=True):
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", path)]
        points = [p for polygon in state.polygons for ring in polygon for p in ring]
        for drawn, true in ((numbers[::2], [x for x, _ in points]), (numbers[1::2], [y for _, y in points])):
            extent = (max(true) - min(true)) * per_degree
            assert max(drawn) - min(drawn) == pytest.approx(extent, abs=8), state.id


def test_the_page_on_borders_lists_every_area_and_document() -> None:
    page = (Path(__file__).parents[2] / "docs/borders.md").read_text(encoding="utf-8")
    for area in basemap.load().areas:
        assert area.name.removeprefix("Part of ").removesuffix(" region") in page
        for document in area.basis:
            assert document.document in page
            assert area.id.endswith("-part") or f"({document.url})" in page
