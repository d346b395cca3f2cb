"""Where forces and exercises were: a map of places on record, visiting forces and those at home told apart by shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt

from dualtrack.analyses.presence import Force, forces_in_place
from dualtrack.analyses.words import plural
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.publish import basemap
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import across, canvas, data, down, text_width, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_TRACK = Track.DETERRENCE
_WEST, _EAST, _SOUTH, _NORTH = 9.0, 49.0, 41.0, 68.0
_MONTHS = 12
_SMALLEST, _PER_TROOP = 45.0, 0.055
"""Area of a symbol in square pixels: at the least, and per person of the upper figure."""
_UNKNOWN = 45.0
_SIZES = ((800, "up to 800 persons, or no figure"), (10_000, "10,000 persons"))
_COLUMNS = (
    Column("kind", "Kind"),
    Column("name", "Force or exercise"),
    Column("states", "Of"),
    Column("place", "Place"),
    Column("host", "Host"),
    Column("low", "Lower figure, persons", number=True),
    Column("high", "Upper figure, persons", number=True),
    Column("date", "Figure as of, or start"),
    Column("row", "Row of the record"),
)

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class _View:
    """A Mercator view of the region, width pixels wide."""

    width: int

    @property
    def scale(self) -> float:
        return self.width / math.radians(_EAST - _WEST)

    @property
    def height(self) -> int:
        return round(self.scale * (_northing(_NORTH) - _northing(_SOUTH)))

    @property
    def projection(self) -> alt.Projection:
        shift = [-self.scale * math.radians(_WEST), self.scale * _northing(_NORTH)]
        frame = [[-2, -2], [self.width + 2, self.height + 2]]  # what lies outside is not drawn
        return alt.Projection(
            type="mercator", scale=self.scale, translate=shift, center=[0, 0], precision=0, clipExtent=frame
        )

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a place is, in pixels from the top left."""
        return self.scale * math.radians(lon - _WEST), self.scale * (_northing(_NORTH) - _northing(lat))


def _northing(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def presence(record: Record, finding: Finding, exercises: Finding | None = None) -> Chart:
    """The map on the finding's day, with the exercises that began in the twelve months before it.

    Args:
        record: the record as known on that day.
        finding: ``presence``.
        exercises: ``exercises`` of the same months, for their evidence.
    """
    day = record.as_of
    forces = forces_in_place(record, day)
    held = _exercises(record, day)
    placed = [f for f in forces if _inside(f.lat, f.lon)]
    rows = [_force_row(f) for f in forces] + [_exercise_row(row) for row in held]
    personnel = any(f["label"].startswith("military personnel") and f["low"] is not None for row in finding.answer.value
                    for f in row.get("figures", []))  # fmt: skip
    hosts = "hosts’ own military personnel is in the data" if personnel else (
        "hosts’ own forces are not on record as of that day")  # fmt: skip
    return Chart(
        id="presence",
        track=_TRACK,
        title=_title(forces, day),
        reading="Each symbol is one force with a known place; its area grows with the upper figure in persons. "
        f"Forces at home are outlined, visiting forces filled; {hosts}. Figures overlap and are not added up.",
        alt=f"{finding.headline}. {plural(len(placed), 'force')} with a place on the map.",
        draw=lambda width: _draw(record, placed, held, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding, *([exercises] if exercises else [])),
        coverage=_coverage(finding, forces, placed, held),
        key=_keys(placed, held),
        notes=_notes(forces, placed, day),
    )


def _title(forces: Sequence[Force], day: date) -> str:
    visiting = [f for f in forces if not f.own_territory]
    hosts = sorted({host for f in visiting for host in f.hosts})
    return f"{plural(len(visiting), 'visiting force')} on record in {plural(len(hosts), 'state')}, {spell(day)}"


def _inside(lat: float | None, lon: float | None) -> bool:
    return lat is not None and lon is not None and _SOUTH < lat < _NORTH and _WEST < lon < _EAST


def _exercises(record: Record, day: date) -> list[Row]:
    """Exercises that began in the twelve months up to the day."""
    since = day - timedelta(days=365)
    return [r for r in record.rows("exercises") if (first := r.first("start")) and since < first <= day]


def _coverage(finding: Finding, forces: Sequence[Force], placed: Sequence[Force], held: Sequence[Row]) -> str:
    known = finding.answer.coverage
    figures = f"a troop figure for {known.known} of {known.total}; " if known else ""
    shown = sum(_inside(row.number("lat"), row.number("lon")) for row in held)
    return (
        f"{len(placed)} of {len(forces)} forces in place have a place on this map, {figures}"
        f"{shown} of {plural(len(held), 'exercise')} of the last {_MONTHS} months are shown."
    )


def _keys(placed: Sequence[Force], held: Sequence[Row]) -> list[Key]:
    kinds = {(f.side, f.own_territory) for f in placed}
    keys = [
        Key(symbol, label)
        for kind, symbol, label in (
            (("nato", False), "dot", "forces of NATO members, visiting"),
            (("nato", True), "ring", "forces of NATO members, at home"),
            (("russia", False), "diamond", "forces of Russia, visiting"),
            (("russia", True), "open-diamond", "forces of Russia, at home"),
        )
        if kind in kinds
    ]
    keys += [Key("cross", f"exercise of the last {_MONTHS} months")] if held else []
    keys += [Key("dot", label, _area(persons)) for persons, label in _SIZES]
    return [*keys, Key("hatch", "disputed area")]


def _notes(forces: Sequence[Force], placed: Sequence[Force], day: date) -> list[str]:
    disputed = sorted(area.name for area in basemap.disputed_areas(day) if _inside(area.label[1], area.label[0]))
    notes = [
        "Borders as the UN General Assembly counts them (on Ukraine: resolutions 68/262 and, later, ES-11/4). Disputed "
        f"on this map: {'; '.join(disputed)}."
    ]
    off = [f for f in forces if f not in placed]
    if off:
        names = "; ".join(force.name for force in off)
        notes.append(f"Not on the map, for want of a single place: {names}.")
    return notes


def _area(persons: float | None) -> float:
    return _UNKNOWN if persons is None else max(_SMALLEST, persons * _PER_TROOP)


def _force_row(force: Force) -> dict[str, Any]:
    return {
        "kind": "force at home" if force.own_territory else "visiting force",
        "name": force.name,
        "states": list(force.senders),
        "place": force.row.text("place"),
        "host": list(force.hosts),
        "low": force.low,
        "high": force.high,
        "date": force.strength_as_of,
        "row": f"deployments/{force.id}",
    }


def _exercise_row(row: Row) -> dict[str, Any]:
    low = [v for name in ("troops_low", "troops_announced") if (v := row.number(name)) is not None]
    high = [v for name in ("troops_high", "troops_announced") if (v := row.number(name)) is not None]
    return {
        "kind": "exercise",
        "name": row.text("name"),
        "states": row.parts("lead_states"),
        "place": row.text("place"),
        "host": None,
        "low": min(low, default=None),
        "high": max(high, default=None),
        "date": row.text("start"),
        "row": f"exercises/{row.id}",
    }


def _draw(record: Record, placed: Sequence[Force], held: Sequence[Row], width: int) -> Spec:
    view = _View(width)
    height = view.height
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    forces = sorted((_mark(f, view) for f in placed), key=lambda m: -m["area"])
    crosses = [
        {"x": x, "y": y, "label": row.text("name")}
        for row in held
        if _inside(row.number("lat"), row.number("lon"))
        for x, y in [view.at(row.number("lat") or 0, row.number("lon") or 0)]
    ]
    names = _labels(forces, crosses, record, view)
    points = alt.Chart(data(forces)).encode(**place, size=alt.Size("area:Q", scale=None, legend=None))
    shapes = {"nato": "circle", "russia": "diamond"}
    land = alt.Chart(
        alt.InlineData(values=basemap.topology(), format=alt.TopoDataFormat(type="topojson", feature="states"))
    )
    layers: list[Any] = [
        land.mark_geoshape(fill=LIGHT["land"], stroke=None),
        _lines(basemap.borders()).mark_geoshape(filled=False, stroke=LIGHT["rule"], strokeWidth=0.7),
        _lines(basemap.hatching(record.as_of, 0.5)).mark_geoshape(filled=False, stroke=LIGHT["rule"], strokeWidth=0.8),
        _lines(basemap.disputed_lines(record.as_of)).mark_geoshape(
            filled=False, stroke=LIGHT["muted"], strokeWidth=0.9, strokeDash=[3, 2]
        ),
        alt.Chart(data(crosses))
        .encode(**place)
        .mark_point(shape="cross", color=LIGHT["muted"], size=55, opacity=1, filled=True),
    ]  # fmt: skip
    for side, shape in shapes.items():
        of = points.transform_filter(f"datum.side == '{side}'")
        layers += [
            of.transform_filter("datum.home").mark_point(
                shape=shape, stroke=_TRACK.colour, strokeWidth=1.8, fill=LIGHT["paper"], fillOpacity=0.45, opacity=1
            ),
            of.transform_filter("!datum.home").mark_point(
                shape=shape, filled=True, fill=_TRACK.colour, stroke=LIGHT["paper"], strokeWidth=1, opacity=0.92
            ),
        ]
    layers += [words(alt.Chart(data([n for n in names if n["side"] == s])).encode(**place), align=align)
               for s, align in (("left", "right"), ("right", "left"), ("place", "center"))]  # fmt: skip
    layers.append(words(alt.Chart(data([n for n in names if n["side"] == "area"])).encode(**place), align="center",
                        fontStyle="italic", color=LIGHT["muted"]))  # fmt: skip
    spec = canvas(width, height, *layers)
    return {**spec, "projection": view.projection.to_dict(), "view": {"clip": True}}


def _lines(geometry: dict[str, Any]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=geometry, format=alt.JsonDataFormat(type="json", property="features")))


def _mark(force: Force, view: _View) -> dict[str, Any]:
    x, y = view.at(force.lat or 0, force.lon or 0)
    place = force.row.text("place").split(" (")[0].split(" / ")[0]
    return {
        "x": x,
        "y": y,
        "area": _area(force.high if force.high is not None else force.low),
        "side": force.side,
        "home": force.own_territory,
        "place": place,
    }


def _labels(forces: Rows, crosses: Rows, record: Record, view: _View) -> Rows:
    """Names that fit: disputed areas first, then places by size of symbol; one that would collide is left out."""
    taken: list[tuple[float, float, float, float]] = []
    labels: Rows = []

    def put(text: str, x: float, y: float, side: str) -> bool:
        wide = text_width(text, 12)
        left = {"right": x, "left": x - wide}.get(side, x - wide / 2)
        box = (left, y - 7, left + wide, y + 7)
        if box[0] < 2 or box[2] > view.width - 2 or box[1] < 2 or box[3] > view.height - 2:
            return False
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            return False
        taken.append(box)
        labels.append({"label": text, "x": x, "y": y, "side": side})
        return True

    for mark in forces:
        r = math.sqrt(mark["area"] / math.pi)
        taken.append((mark["x"] - r, mark["y"] - r, mark["x"] + r, mark["y"] + r))
    for cross in crosses:
        taken.append((cross["x"] - 4, cross["y"] - 4, cross["x"] + 4, cross["y"] + 4))
    seen = set[str]()
    for mark in forces:
        r = math.sqrt(mark["area"] / math.pi) + 4
        if mark["place"] and mark["place"] not in seen:
            tries = (("right", r, 0.0), ("left", -r, 0.0), ("place", 0.0, r + 5), ("place", 0.0, -r - 5))
            if any(put(mark["place"], mark["x"] + dx, mark["y"] + dy, side) for side, dx, dy in tries):
                seen.add(mark["place"])
    for area in basemap.disputed_areas(record.as_of):
        lon, lat = area.label
        if _inside(lat, lon):
            x, y = view.at(lat, lon)
            put(area.name, x, y + 12, "area")
    return labels
