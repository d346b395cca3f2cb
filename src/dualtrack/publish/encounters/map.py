"""The map of the encounters: tracks and closest points over the package's basemap, as an SVG that a script can move.

Mercator, in units of which the first view is a thousand wide. Sizes that should not grow with the map are multiplied
by ``--k``, which the script keeps; without a script the map stands still. The basemap holds Europe; elsewhere there
is a grid only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from dualtrack.publish import basemap
from dualtrack.publish.encounters.words import called, distance
from dualtrack.tracks.encounter import Encounter, iso
from dualtrack.tracks.found import Found

WIDTH = 1000
_LEAST_SPAN = 0.3  # degrees: a single closest point needs some surroundings
_BEYOND = 2.0  # how many views beyond the first one the basemap reaches
_FARTHEST = 84.0  # degrees of latitude a Mercator map can show
_STEPS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)

Point = tuple[float, float]


@dataclass(frozen=True)
class _Frame:
    """The first view: its west edge and the scale, in units per degree of longitude."""

    west: float
    north: float
    scale: float
    height: float
    middle: float

    def at(self, lat: float, lon: float) -> Point:
        """A place in units; longitudes are taken on the side of the date line that is nearer to the middle."""
        near = (lon - self.middle + 180) % 360 - 180 + self.middle
        return round((near - self.west) * self.scale, 2), round((_up(self.north) - _up(lat)) * self.scale, 2)

    @property
    def outer(self) -> tuple[float, float, float, float]:
        """What is drawn beyond the view, in units: left, top, right, bottom."""
        return -_BEYOND * WIDTH, -_BEYOND * self.height, (1 + _BEYOND) * WIDTH, (1 + _BEYOND) * self.height


def _up(lat: float) -> float:
    """Mercator's ordinate, in degrees."""
    lat = max(-_FARTHEST, min(_FARTHEST, lat))
    return math.degrees(math.asinh(math.tan(math.radians(lat))))


def _down(up: float) -> float:
    return math.degrees(math.atan(math.sinh(math.radians(up))))


@dataclass(frozen=True)
class Map:
    """The map as an ``<svg>`` element, and for each encounter with tracks where it is and how wide to look at it."""

    svg: str
    places: dict[str, tuple[float, float, float]]


def drawn(found: Found, shown: Sequence[Encounter], on_map: Sequence[Encounter], day: date) -> Map:
    """The map of a search that found something.

    Args:
        found: the search, for the tracks.
        shown: the encounters that have details on the page, in order; their tracks are drawn.
        on_map: all that get a mark.
        day: whose disputed areas are hatched.
    """
    frame = _frame(found, shown, on_map)
    parts = [
        _land(frame, day),
        _grid(frame),
        *(_tracks(frame, found, one, number) for number, one in enumerate(shown, 1)),
    ]
    numbers = {one.id: number for number, one in enumerate(shown, 1)}
    parts += [_mark(frame, one, numbers.get(one.id)) for one in reversed(on_map)]
    alt = f"Map of {len(on_map):,} closest points with the tracks of {len(shown):,} encounters"
    svg = (
        f'<svg class="map" id="map" viewBox="0 0 {WIDTH} {frame.height:.0f}" role="group" aria-label="{alt}" '
        f'tabindex="0">{"".join(parts)}</svg>'
    )
    return Map(svg, {one.id: _place(frame, found, one) for one in shown})


def covered(on_map: Sequence[Encounter]) -> bool:
    """Whether the basemap holds every closest point."""
    west, south, east, north = basemap.load().bbox
    return all(south <= one.lat <= north and west <= one.lon <= east for one in on_map)


def _place(frame: _Frame, found: Found, one: Encounter) -> tuple[float, float, float]:
    x, y = frame.at(one.lat, one.lon)
    points = [frame.at(report.lat, report.lon) for report in found.reports_of(one)]
    reach = max((max(abs(px - x), abs(py - y) * WIDTH / frame.height) for px, py in points), default=0.0)
    return x, y, round(max(2.4 * reach, 0.02 * frame.scale), 3)


def _frame(found: Found, shown: Sequence[Encounter], on_map: Sequence[Encounter]) -> _Frame:
    places = [(one.lat, one.lon) for one in on_map]
    places += [(report.lat, report.lon) for one in shown for report in found.reports_of(one)]
    middle = _middle([lon for _, lon in places])
    lons = [(lon - middle + 180) % 360 - 180 + middle for _, lon in places]
    ups = [_up(lat) for lat, _ in places]
    span = max(max(lons) - min(lons), (max(ups) - min(ups)) * 1.6, _LEAST_SPAN) * 1.15
    tall = max((max(ups) - min(ups)) * 1.15, span * 0.55)
    west = (max(lons) + min(lons) - span) / 2
    north = _down((max(ups) + min(ups) + tall) / 2)
    scale = WIDTH / span
    return _Frame(west, north, scale, tall * scale, middle)


def _middle(lons: Iterable[float]) -> float:
    """The mean direction of longitudes, which the date line does not upset."""
    angles = [math.radians(lon) for lon in lons]
    return math.degrees(math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles))))


def _land(frame: _Frame, day: date) -> str:
    """States, borders, and disputed areas hatched and named, as far as the map can be moved."""
    world = basemap.load()
    land = "".join(path for state in world.states for polygon in state.polygons if (path := _area(frame, polygon)))
    lines = [line for _, several in world.borders for line in several]
    borders = "".join(_line(frame, line) for line in lines)
    shown = {area.id for area in basemap.disputed_areas(day)}
    dashed = "".join(_line(frame, line) for area, several in world.disputed_lines if area in shown for line in several)
    hatched = "".join(
        _line(frame, [(x, y) for x, y in line])
        for feature in basemap.hatching(day)["features"]
        for line in feature["geometry"]["coordinates"]
    )
    names = []
    left, top, right, bottom = frame.outer
    for area in basemap.disputed_areas(day):
        x, y = frame.at(area.label[1], area.label[0])
        if left < x < right and top < y < bottom:
            names.append(f'<text class="place" x="{x}" y="{y}">{escape(area.name)} (disputed)</text>')
    return (
        f'<path class="land" d="{land}"/><path class="border" d="{borders}"/>'
        f'<path class="hatch" d="{hatched}"/><path class="border dashed" d="{dashed}"/>{"".join(names)}'
    )


def _area(frame: _Frame, polygon: Sequence[Sequence[Point]]) -> str:
    rings = [_clipped([frame.at(lat, lon) for lon, lat in ring], frame.outer) for ring in polygon]
    return "".join(f"M{' '.join(f'{x:g},{y:g}' for x, y in ring)}Z" for ring in rings if len(ring) > 2)


def _clipped(ring: list[Point], box: tuple[float, float, float, float]) -> list[Point]:
    """A ring cut to a box (Sutherland and Hodgman 1974)."""
    for axis, edge, keeps_above in ((0, box[0], True), (0, box[2], False), (1, box[1], True), (1, box[3], False)):
        out: list[Point] = []
        for one, two in zip(ring, ring[1:] + ring[:1], strict=True):
            inside = [(point[axis] >= edge) == keeps_above for point in (one, two)]
            if inside[0]:
                out.append(one)
            if inside[0] != inside[1]:
                part = (edge - one[axis]) / (two[axis] - one[axis])
                cut = [round(one[i] + part * (two[i] - one[i]), 2) for i in (0, 1)]
                out.append((cut[0], cut[1]))
        ring = out
        if not ring:
            break
    return ring


def _line(frame: _Frame, line: Sequence[Point]) -> str:
    """A line in longitude and latitude, without the parts far outside."""
    left, top, right, bottom = frame.outer
    path, pen = [], False
    for x, y in (frame.at(lat, lon) for lon, lat in line):
        near = left <= x <= right and top <= y <= bottom
        if near:
            path.append(f"{'L' if pen else 'M'}{x:g},{y:g}")
        pen = near
    return "".join(path)


def _grid(frame: _Frame) -> str:
    """Meridians and parallels with their degrees."""
    span = WIDTH / frame.scale
    step = next((one for one in _STEPS if span / one <= 6), _STEPS[-1])
    left, top, right, bottom = frame.outer
    lines, labels = [], []
    first = math.floor((frame.west - _BEYOND * span) / step)
    for k in range(first, first + math.ceil((1 + 2 * _BEYOND) * span / step) + 1):
        x = round((k * step - frame.west) * frame.scale, 2)
        lines.append(f"M{x:g},{top:g}V{bottom:g}")
        labels.append(f'<text class="degree" x="{x}" y="{frame.height - 6:.0f}">{_degrees(k * step, "EW")}</text>')
    lat = math.floor(_down(_up(frame.north) - (1 + _BEYOND) * frame.height / frame.scale) / step) * step
    while lat < _FARTHEST and (y := frame.at(lat, frame.middle)[1]) > top:
        if lat > -_FARTHEST:
            lines.append(f"M{left:g},{y:g}H{right:g}")
            labels.append(f'<text class="degree" x="6" y="{y - 4}">{_degrees(lat, "NS")}</text>')
        lat = round(lat + step, 6)
    return f'<path class="grid" d="{"".join(lines)}"/>{"".join(labels)}'


def _degrees(value: float, sides: str) -> str:
    value = (value + 180) % 360 - 180 if sides == "EW" else value
    side = "" if not value else f"\N{NO-BREAK SPACE}{sides[value < 0]}"
    return f"{abs(round(value, 2)):g}°{side}"


def _tracks(frame: _Frame, found: Found, one: Encounter, number: int) -> str:
    """The ways of the two around the closest point: a solid and a dashed line."""
    paths = []
    for side, party in (("a", one.a), ("b", one.b)):
        points = [frame.at(r.lat, r.lon) for r in found.reports_of(one) if r.id == party.id]
        paths.append(f'<polyline class="way {side}" points="{" ".join(f"{x:g},{y:g}" for x, y in points)}"/>')
    ghost = ' class="hidden-first"' if one.hidden else ""
    return f'<g data-ways="{number}"{ghost}>{"".join(paths)}</g>'


def _mark(frame: _Frame, one: Encounter, number: int | None) -> str:
    x, y = frame.at(one.lat, one.lon)
    height = "" if one.v_at_cpa_ft is None else f", {abs(one.v_at_cpa_ft):,.0f} ft"
    title = f"{called(one.a)} and {called(one.b)}: {distance(one.h_min_m)}{height}, {iso(one.t_cpa_ms)[:19]}Z"
    ghost = " hidden-first" if one.hidden else ""
    circle = f'<circle class="cpa{ghost}" cx="{x}" cy="{y}"><title>{escape(title)}</title></circle>'
    return f'<a href="#e{number}" aria-label="{escape(title, quote=True)}">{circle}</a>' if number else circle
