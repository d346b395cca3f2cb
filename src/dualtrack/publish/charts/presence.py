"""Where forces and exercises were: a map of places on record; whose by shape, at home or abroad by outline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt

from dualtrack.analyses.presence import Force, forces_in_place
from dualtrack.analyses.words import plural
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.publish import basemap
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.mapview import View
from dualtrack.publish.marks import Room, across, canvas, data, down, labels
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_TRACK = Track.DETERRENCE
_WEST, _EAST, _SOUTH, _NORTH = 9.0, 49.0, 41.0, 68.0
_LEAST_NORTH, _EDGE = 61.0, 1.3
"""The frame ends in the north where the forces end, with an edge in degrees, but not south of Helsinki."""
_MONTHS = 12
_SMALLEST, _PER_TROOP = 45.0, 0.0375
"""Area of a symbol in square pixels: at the least, and per person of the upper figure."""
_UNKNOWN = 45.0
_ROUND = (2_000, 5_000, 10_000, 20_000, 40_000)
"""Sizes the key shows: the largest that is on the map."""
_COLUMNS = (
    Column("kind", "Kind"),
    Column("name", "Force or exercise"),
    Column("states", "Of"),
    Column("place", "Place"),
    Column("host", "Host"),
    Column("command", "Command"),
    Column("low", "Lower figure, persons", number=True),
    Column("high", "Upper figure, persons", number=True),
    Column("date", "Figure as of, or start"),
    Column("row", "Row of the record"),
)

Rows = list[dict[str, Any]]


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
    view = _frame(forces, 100)
    placed = [f for f in forces if view.holds(f.lat, f.lon)]
    own = _own_forces(record, finding)
    rows = [_force_row(f) for f in forces] + own + [_exercise_row(row) for row in held]
    hosts = "hosts’ own forces are listed" if own else "hosts’ own forces are not on record as of that day"
    return Chart(
        id="presence",
        track=_TRACK,
        title=_title(forces, day),
        reading="Each symbol is one force with a known place; its area grows with the upper figure in persons. "
        f"Forces in their own state are outlined, others filled; {hosts}. Figures overlap and are not added up.",
        alt=f"{finding.headline}. {plural(len(placed), 'force')} with a place on the map.",
        draw=lambda width: _draw(record, placed, held, _frame(forces, width)),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding, *([exercises] if exercises else [])),
        coverage=_coverage(finding, forces, placed, held, view),
        key=_keys(placed, held),
        notes=[*_notes(forces, held, view, day), *_hosts(record, finding, own)],
    )


def _frame(forces: Sequence[Force], width: int) -> View:
    """The view that holds every force with a place in the region, and no empty north."""
    region = View(width, _WEST, _EAST, _SOUTH, _NORTH)
    northern = [f.lat for f in forces if f.lat is not None and region.holds(f.lat, f.lon)]
    north = min(_NORTH, max([_LEAST_NORTH, *(lat + _EDGE for lat in northern)]))
    return View(width, _WEST, _EAST, _SOUTH, north)


def _title(forces: Sequence[Force], day: date) -> str:
    abroad = [f for f in forces if not f.own_territory]
    hosts = {host for f in abroad for host in f.hosts}
    where = plural(len(hosts), "state")
    return f"{plural(len(abroad), 'force')} on record outside their own state, in {where}, {spell(day)}"


def _exercises(record: Record, day: date) -> list[Row]:
    """Exercises that began in the twelve months up to the day."""
    since = day - timedelta(days=365)
    return [r for r in record.rows("exercises") if (first := r.first("start")) and since < first <= day]


def _coverage(
    finding: Finding, forces: Sequence[Force], placed: Sequence[Force], held: Sequence[Row], view: View
) -> str:
    known = finding.answer.coverage
    figures = f"a troop figure for {known.known} of {known.total}; " if known else ""
    shown = sum(view.holds(row.number("lat"), row.number("lon")) for row in held)
    return (
        f"{len(placed)} of {len(forces)} forces in place have a place on this map, {figures}"
        f"{shown} of {plural(len(held), 'exercise')} of the last {_MONTHS} months are shown."
    )


def _keys(placed: Sequence[Force], held: Sequence[Row]) -> list[Key]:
    kinds = {(f.side, f.own_territory) for f in placed}
    keys = [
        Key(symbol, label)
        for kind, symbol, label in (
            (("nato", False), "dot", "forces of NATO members in another state"),
            (("nato", True), "ring", "forces of NATO members in their own"),
            (("russia", False), "diamond", "forces of Russia in another state"),
            (("russia", True), "open-diamond", "forces of Russia in their own"),
        )
        if kind in kinds
    ]
    keys += [Key("cross", f"exercise of the last {_MONTHS} months")] if held else []
    least = round(_SMALLEST / _PER_TROOP, -2)
    keys.append(Key("dot", f"up to {least:,.0f} persons, or no figure", _SMALLEST))
    largest = max([f.high or f.low or 0 for f in placed], default=0)
    fitting = [size for size in _ROUND if size <= largest]
    keys += [Key("dot", f"{size:,} persons", _area(size)) for size in fitting[-1:]]
    return [*keys, Key("hatch", "disputed area")]


def _notes(forces: Sequence[Force], held: Sequence[Row], view: View, day: date) -> list[str]:
    """The disputed areas by name, then whatever the map cannot show."""
    disputed = sorted(area.name for area in basemap.disputed_areas(day) if view.holds(area.label[1], area.label[0]))
    later = " and, later, ES-11/4" if day < date(2022, 10, 12) else " and ES-11/4"
    lists = (
        ("No single place on record", [f.name for f in forces if f.lat is None or f.lon is None]),
        ("Outside the map", [f.name for f in forces if f.lat is not None and not view.holds(f.lat, f.lon)]),
        ("No troop figure as of that day", [f.name for f in forces if f.high is None and f.low is None]),
        ("Exercises outside the map or without a place",
         [row.text("name") for row in held if not view.holds(row.number("lat"), row.number("lon"))]),
    )  # fmt: skip
    return [
        f"Borders as the UN General Assembly counts them (on Ukraine: resolutions 68/262{later}). Disputed on this "
        f"map: {'; '.join(disputed)}.",
        *(f"{what}: {'; '.join(names)}." for what, names in lists if names),
    ]


def _own_forces(record: Record, finding: Finding) -> Rows:
    """The military personnel of the host states themselves, where on record."""
    names = {row.id: row.text("name") for row in record.rows("states")}
    return [
        {"kind": "host’s own military personnel", "name": names[row["host"]], "states": [row["host"]], "place": None,
         "host": [row["host"]], "low": own["low"], "high": own["high"], "date": own["as_of"], "row": own["row"]}
        for row in finding.answer.value for own in row["figures"]
        if own["role"] == "own" and own["row"] and own["row"].startswith("personnel/")
    ]  # fmt: skip


def _hosts(record: Record, finding: Finding, own: Rows) -> list[str]:
    """The hosts' own forces in a sentence, with those that are not on record."""
    if not own:
        return []
    names = {row.id: row.text("name") for row in record.rows("states")}
    listed_ = sorted(own, key=lambda row: str(row["name"]))
    known = "; ".join(f"{row['name']} {row['high']:,.0f} ({row['date']})" for row in listed_)
    there = {row["states"][0] for row in own}
    lost = sorted(names[row["host"]] for row in finding.answer.value if row["host"] not in there)
    return [f"Hosts’ own military personnel: {known}" + (f"; not on record: {', '.join(lost)}." if lost else ".")]


def _area(persons: float | None) -> float:
    return _UNKNOWN if persons is None else max(_SMALLEST, persons * _PER_TROOP)


def _force_row(force: Force) -> dict[str, Any]:
    return {
        "kind": "force in its own state" if force.own_territory else "force in another state",
        "name": force.name,
        "states": list(force.senders),
        "place": force.row.text("place"),
        "host": list(force.hosts),
        "command": force.row.spec.field("command").values[force.command],
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
        "command": None,
        "low": min(low, default=None),
        "high": max(high, default=None),
        "date": row.text("start"),
        "row": f"exercises/{row.id}",
    }


def _draw(record: Record, placed: Sequence[Force], held: Sequence[Row], view: View) -> Spec:
    width, height = view.width, view.height
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    forces = sorted((_mark(f, view) for f in placed), key=lambda m: -m["area"])
    crosses = [
        {"x": x, "y": y, "label": row.text("name").split(" (")[0]}
        for row in held
        if view.holds(row.number("lat"), row.number("lon"))
        for x, y in [view.at(row.number("lat") or 0, row.number("lon") or 0)]
    ]
    places, areas, names = _labels(forces, crosses, record.as_of, view)
    points = alt.Chart(data(forces)).encode(**place, size=alt.Size("area:Q", scale=None, legend=None))
    shapes = {"nato": "circle", "russia": "diamond"}
    # by name and put in at the end: Altair would copy the geometry with every step
    geometry = {
        "states": basemap.topology(),
        "borders": basemap.borders(),
        "hatching": basemap.hatching(record.as_of, 0.5),
        "disputed": basemap.disputed_lines(record.as_of),
    }
    land = alt.Chart(alt.NamedData(name="states", format=alt.TopoDataFormat(type="topojson", feature="states")))
    layers: list[Any] = [
        land.mark_geoshape(fill=LIGHT["land"], stroke=None),
        _lines("borders").mark_geoshape(filled=False, stroke=LIGHT["rule"], strokeWidth=0.7),
        _lines("hatching").mark_geoshape(filled=False, stroke=LIGHT["rule"], strokeWidth=0.8),
        _lines("disputed").mark_geoshape(
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
    layers += labels(areas, place, fontStyle="italic", color=LIGHT["muted"])
    layers += labels(names, place, color=LIGHT["muted"])
    layers += labels(places, place)
    spec = canvas(width, height, *layers)
    datasets = {**spec.get("datasets", {}), **geometry}
    return {**spec, "datasets": datasets, "projection": view.projection.to_dict(), "view": {"clip": True}}


def _lines(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name=name, format=alt.JsonDataFormat(type="json", property="features")))


def _mark(force: Force, view: View) -> dict[str, Any]:
    x, y = view.at(force.lat or 0, force.lon or 0)
    place = force.row.text("place").split(" (")[0].split(" / ")[0].split(" and ")[0]
    return {
        "x": x,
        "y": y,
        "area": _area(force.high if force.high is not None else force.low),
        "side": force.side,
        "home": force.own_territory,
        "place": place,
    }


def _labels(forces: Rows, crosses: Rows, day: date, view: View) -> tuple[Rows, Rows, Rows]:
    """Names that fit: places by size of symbol, disputed areas, exercises; what would collide is left out."""
    room = Room(view.width, view.height)
    for mark in forces:
        room.take(mark["x"], mark["y"], math.sqrt(mark["area"] / math.pi))
    for cross in crosses:
        room.take(cross["x"], cross["y"], 4)
    places: Rows = []
    for mark in forces:
        if mark["place"] and mark["place"] not in [label["label"] for label in places]:
            reach = math.sqrt(mark["area"] / math.pi) + 4
            places += _placed(room.put(mark["place"], mark["x"], mark["y"], reach))
    areas: Rows = []
    for area in basemap.disputed_areas(day):
        lon, lat = area.label
        if view.holds(lat, lon):
            x, y = view.at(lat, lon)
            sides = "barl" if area.hatched else "oba"
            tries = (room.put(area.name, x, y, reach, sides) for reach in ((9, 22, 34) if view.width > 500 else (9,)))
            areas += _placed(next((label for label in tries if label), None))
    names: Rows = []
    for cross in crosses:
        names += _placed(room.put(cross["label"], cross["x"], cross["y"], 7))
    return places, areas, names


def _placed(label: dict[str, Any] | None) -> Rows:
    return [label] if label else []
