"""The map under every map: Europe with borders as the UN General Assembly counts them.

One file, ``europe.json`` (TopoJSON), holds the states, the disputed areas with the resolution each rests on,
and the lines between them. ``scripts/basemap.py`` makes it from Natural Earth (public domain); its policy in
plain words is ``docs/borders.md``. Coordinates are degrees on WGS 84, longitude before latitude in GeoJSON,
latitude first in questions (``state_at(59.4, 24.7)``).

A chart takes either GeoJSON (``features()``) or, a third of the size, the TopoJSON itself (``topology()``
with Vega's ``{"type": "topojson", "feature": "states"}``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from dualtrack.core.dates import first_day

__all__ = [
    "Basemap",
    "DisputedArea",
    "Document",
    "Source",
    "State",
    "borders",
    "coast",
    "disputed",
    "disputed_areas",
    "disputed_at",
    "disputed_lines",
    "features",
    "hatching",
    "load",
    "state_at",
    "topology",
]

GeoJSON = dict[str, Any]
Position = tuple[float, float]
"""Longitude, latitude in degrees."""
Ring = tuple[Position, ...]
Polygon = tuple[Ring, ...]


@dataclass(frozen=True)
class Document:
    """A resolution or declaration that the map follows: its symbol, title, day and official address."""

    document: str
    title: str
    date: str
    url: str


@dataclass(frozen=True)
class Source:
    """A file the geometry was taken from, with its checksum and terms."""

    role: str
    package: str
    version: str
    file: str
    sha256: str
    data: str
    url: str
    licence: str


@dataclass(frozen=True)
class State:
    """A state as drawn; ``id`` is its ISO 3166-1 alpha-3 code (XKX is user-assigned), None for other land."""

    id: str | None
    name: str
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True)
class DisputedArea:
    """An area where control and the Assembly's count of borders differ, or where that count is open.

    Attributes:
        state: the state the map counts it with (XKX: with neither side).
        held_by: who has control on the ground; claimed_by: who says it is theirs. Neutral words.
        since: when control or the claim began, as precise as known; until: when it ended, if it did.
        basis: the documents the map follows, oldest first.
        note: what a reader should know besides; written with hindsight.
        label: where the name goes (longitude, latitude).
        polygons: the outline to hatch; empty where only a point is known (``hatched`` is false).
    """

    id: str
    name: str
    state: str
    held_by: str
    claimed_by: str
    since: str
    until: str | None
    basis: tuple[Document, ...]
    note: str
    label: Position
    polygons: tuple[Polygon, ...]

    @property
    def hatched(self) -> bool:
        """Whether the area has an outline to hatch; otherwise it is a labelled point."""
        return bool(self.polygons)

    def holds(self, day: date) -> bool:
        """Whether the dispute, in this outline, stood on a day."""
        return first_day(self.since) <= day and (self.until is None or day < first_day(self.until))

    def as_of(self, day: date) -> DisputedArea:
        """The area as it could be described on a day: later documents, the end and the note left out."""
        basis = tuple(d for d in self.basis if first_day(d.date) <= day)
        ended = self.until is not None and first_day(self.until) <= day
        return replace(self, basis=basis, until=self.until if ended else None, note="")


@dataclass(frozen=True)
class Basemap:
    """The shipped file, decoded.

    Attributes:
        date: the day of the selection (ISO 8601); ``policy``, ``changes`` and ``missing`` say what was done.
        bbox: west, south, east, north of the frame in degrees.
        borders: lines between two states, with their codes; frame edges are not among them.
        disputed_lines: the edges of a disputed area that are no border between states, by area.
        coast: where land meets sea.
    """

    date: str
    licence: str
    policy: str
    sources: tuple[Source, ...]
    changes: tuple[str, ...]
    missing: tuple[str, ...]
    bbox: tuple[float, float, float, float]
    states: tuple[State, ...]
    areas: tuple[DisputedArea, ...]
    borders: tuple[tuple[tuple[str | None, str | None], tuple[Ring, ...]], ...]
    disputed_lines: tuple[tuple[str, tuple[Ring, ...]], ...]
    coast: tuple[Ring, ...]


def topology() -> GeoJSON:
    """The file as it is: TopoJSON with the objects states, disputed, borders, disputed_lines and coast.

    >>> sorted(topology()["objects"])
    ['borders', 'coast', 'disputed', 'disputed_lines', 'states']
    """
    text = files(__name__).joinpath("europe.json").read_text(encoding="utf-8")
    whole: GeoJSON = json.loads(text)
    return whole


@cache
def load() -> Basemap:
    """The basemap, read once.

    >>> load().sources[0].package, load().sources[0].licence
    ('npm world-atlas', 'public domain')
    """
    whole = topology()
    objects = {name: value["geometries"] for name, value in whole["objects"].items()}
    decode = _Arcs(whole)
    areas = []
    for shape in objects["disputed"]:
        known = dict(shape["properties"])
        known["basis"] = tuple(Document(**d) for d in known["basis"])
        known["label"] = (known["label"][0], known["label"][1])
        areas.append(DisputedArea(id=shape["id"], polygons=decode.polygons(shape), **known))
    west, south, east, north = whole["bbox"]
    return Basemap(
        date=whole["date"],
        licence=whole["licence"],
        policy=whole["policy"],
        sources=tuple(Source(**source) for source in whole["sources"]),
        changes=tuple(whole["changes"]),
        missing=tuple(whole["missing"]),
        bbox=(west, south, east, north),
        states=tuple(State(s.get("id"), s["properties"]["name"], decode.polygons(s)) for s in objects["states"]),
        areas=tuple(areas),
        borders=tuple(
            ((s["properties"]["states"][0], s["properties"]["states"][1]), decode.lines(s)) for s in objects["borders"]
        ),
        disputed_lines=tuple((s["id"], decode.lines(s)) for s in objects["disputed_lines"]),
        coast=decode.lines(objects["coast"][0]),
    )


class _Arcs:
    """TopoJSON arcs as positions (topojson-specification 2.1.4: delta-encoded integers, ``~n`` reversed)."""

    def __init__(self, whole: GeoJSON) -> None:
        (sx, sy), (tx, ty) = whole["transform"]["scale"], whole["transform"]["translate"]
        digits = max(0, math.ceil(-math.log10(min(sx, sy))))
        self.arcs: list[Ring] = []
        for arc in whole["arcs"]:
            x = y = 0
            line = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                line.append((round(x * sx + tx, digits), round(y * sy + ty, digits)))
            self.arcs.append(tuple(line))

    def line(self, numbers: list[int]) -> Ring:
        line: list[Position] = []
        for n in numbers:
            arc = self.arcs[n] if n >= 0 else self.arcs[~n][::-1]
            line += arc[1:] if line else arc
        return tuple(line)

    def lines(self, shape: GeoJSON) -> tuple[Ring, ...]:
        return tuple(self.line(numbers) for numbers in shape["arcs"])

    def polygons(self, shape: GeoJSON) -> tuple[Polygon, ...]:
        if shape["type"] == "Point":
            return ()
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        return tuple(tuple(self.line(ring) for ring in polygon) for polygon in polygons)


# ---------------------------------------------------------------- questions


def state_at(lat: float, lon: float) -> str | None:
    """The state a place is counted with; None at sea, outside the frame and on land without a state.

    Lines lie within 2 km of the source between the Baltic, the Black Sea and the Caspian and within 10 km in
    the rest of Europe (99 of 100 points; narrow fjords are closed); the Arctic edge is coarser.

    >>> state_at(44.95, 34.10)  # Simferopol
    'UKR'
    """
    found = _crossings(_state_edges(), lat, lon)
    return next(iter(found), None)


def disputed_at(lat: float, lon: float, as_of: date | None = None) -> str | None:
    """The disputed area a place lies in, on a day (today's map without one), if any.

    >>> disputed_at(44.95, 34.10), disputed_at(44.95, 34.10, as_of=date(2013, 5, 9))
    ('crimea', None)
    """
    found = _crossings(_area_edges(), lat, lon)
    return next((area.id for area in disputed_areas(as_of) if area.id in found), None)


def disputed_areas(as_of: date | None = None) -> tuple[DisputedArea, ...]:
    """The areas disputed on a day, described with what was known then; without a day, as the file has them.

    >>> "nagorno-karabakh" in {area.id for area in disputed_areas(date(2016, 5, 9))}
    True
    >>> "nagorno-karabakh" in {area.id for area in disputed_areas()}
    False
    """
    day = as_of or first_day(load().date)
    areas = (area for area in load().areas if area.holds(day))
    return tuple(area.as_of(as_of) if as_of else area for area in areas)


Edge = tuple[float, float, float, float, str]
"""Latitude and longitude of both ends, and whose edge it is."""


@cache
def _state_edges() -> dict[int, list[Edge]]:
    return _by_row((state.id, state.polygons) for state in load().states if state.id)


@cache
def _area_edges() -> dict[int, list[Edge]]:
    return _by_row((area.id, area.polygons) for area in load().areas)


def _by_row(outlines: Iterable[tuple[str | None, tuple[Polygon, ...]]]) -> dict[int, list[Edge]]:
    """Edges by whole degree of latitude, so that a question looks at one row only."""
    rows: dict[int, list[Edge]] = {}
    for owner, polygons in outlines:
        for polygon in polygons:
            for ring in polygon:
                for (x1, y1), (x2, y2) in pairwise(ring):
                    for row in range(math.floor(min(y1, y2)), math.floor(max(y1, y2)) + 1):
                        rows.setdefault(row, []).append((y1, x1, y2, x2, owner or ""))
    return rows


def _crossings(rows: dict[int, list[Edge]], lat: float, lon: float) -> set[str]:
    """Owners whose outline a line due west of the place crosses an odd number of times."""
    inside: set[str] = set()
    for y1, x1, y2, x2, owner in rows.get(math.floor(lat), ()) if math.isfinite(lat) else ():
        if (y1 > lat) != (y2 > lat) and lon > (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside ^= {owner}
    return inside


# ---------------------------------------------------------------- GeoJSON


def features() -> GeoJSON:
    """The states as a GeoJSON FeatureCollection: ``id`` and ``properties.name``, areas counted in.

    Outer rings run clockwise, which d3-geo and Vega want (RFC 7946 asks for the other way).

    >>> next(f["properties"]["name"] for f in features()["features"] if f["id"] == "EST")
    'Estonia'
    """
    return _collection(_feature(_multipolygon(s.polygons), {"name": s.name}, s.id) for s in load().states)


def disputed(as_of: date | None = None) -> GeoJSON:
    """The disputed areas of a day as GeoJSON: outlines to hatch, and points where no outline is to be had."""
    return _collection(
        _feature(
            _multipolygon(area.polygons) if area.hatched else {"type": "Point", "coordinates": list(area.label)},
            {
                "name": area.name,
                "state": area.state,
                "held_by": area.held_by,
                "claimed_by": area.claimed_by,
                "since": area.since,
                "until": area.until,
                "note": area.note,
                "basis": [{"document": d.document, "title": d.title, "date": d.date, "url": d.url} for d in area.basis],
                "label": list(area.label),
                "hatched": area.hatched,
            },
            area.id,
        )
        for area in disputed_areas(as_of)
    )


def borders() -> GeoJSON:
    """Lines between two states as GeoJSON, ``properties.states`` their codes; to be drawn solid."""
    return _collection(_feature(_multiline(lines), {"states": list(pair)}, None) for pair, lines in load().borders)


def disputed_lines(as_of: date | None = None) -> GeoJSON:
    """Edges of the disputed areas of a day that are no border between states; to be drawn dashed."""
    shown = {area.id for area in disputed_areas(as_of)}
    return _collection(_feature(_multiline(lines), {}, area) for area, lines in load().disputed_lines if area in shown)


def coast() -> GeoJSON:
    """The coastline as GeoJSON."""
    return _collection([_feature(_multiline(load().coast), {}, None)])


def hatching(as_of: date | None = None, spacing_deg: float = 0.25) -> GeoJSON:
    """Slanting lines that fill the disputed areas of a day, for renderers without pattern fills (Vega).

    Args:
        as_of: the day; without one, today's map.
        spacing_deg: distance between lines along a parallel, in degrees of longitude; the lines rise at 45
            degrees on a Mercator map and close to that on the conic and azimuthal maps of Europe.
    """
    return _collection(
        _feature(_multiline(tuple(_hatch(area.polygons, spacing_deg))), {"name": area.name}, area.id)
        for area in disputed_areas(as_of)
        if area.hatched
    )


def _hatch(polygons: tuple[Polygon, ...], spacing: float) -> Iterator[Ring]:
    """The parts inside of the lines ``lon - mercator(lat) = k * spacing`` (even-odd rule)."""
    edges: list[tuple[Position, Position]] = []
    for polygon in polygons:
        for ring in polygon:
            flat = [(lon - _mercator(lat), _mercator(lat)) for lon, lat in ring]
            edges += pairwise(flat)
    low = min(min(a[0], b[0]) for a, b in edges)
    high = max(max(a[0], b[0]) for a, b in edges)
    for k in range(math.ceil(low / spacing), math.floor(high / spacing) + 1):
        at = k * spacing
        heights = sorted(
            a[1] + (b[1] - a[1]) * (at - a[0]) / (b[0] - a[0]) for a, b in edges if (a[0] > at) != (b[0] > at)
        )
        for one, two in zip(heights[::2], heights[1::2], strict=True):
            yield (
                (round(at + one, 4), round(_latitude(one), 4)),
                (round(at + two, 4), round(_latitude(two), 4)),
            )


def _mercator(lat: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(lat))))


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.radians(y))))


def _collection(shapes: Iterable[GeoJSON]) -> GeoJSON:
    return {"type": "FeatureCollection", "features": list(shapes)}


def _feature(geometry: GeoJSON, properties: dict[str, Any], identity: str | None) -> GeoJSON:
    feature: GeoJSON = {"type": "Feature", "id": identity, "properties": properties, "geometry": geometry}
    if identity is None:
        del feature["id"]
    return feature


def _multipolygon(polygons: tuple[Polygon, ...]) -> GeoJSON:
    return {
        "type": "MultiPolygon",
        "coordinates": [[[list(p) for p in ring] for ring in polygon] for polygon in polygons],
    }


def _multiline(lines: tuple[Ring, ...]) -> GeoJSON:
    return {"type": "MultiLineString", "coordinates": [[list(p) for p in line] for line in lines]}
