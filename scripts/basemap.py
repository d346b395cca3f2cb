"""Build ``src/dualtrack/publish/basemap/europe.json`` from Natural Earth's public-domain geometry.

    python scripts/basemap.py COUNTRIES WORLD_MAP [OUTPUT]

Nothing is downloaded. The two inputs are files of packages, fetched by their ordinary clients:

* COUNTRIES: ``countries-10m.json`` of the npm package ``world-atlas`` 2.0.2
  (``npm pack world-atlas@2.0.2``), Natural Earth 4.1.0 as TopoJSON;
  sha256 3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79
* WORLD_MAP: ``usr/share/qgis/resources/data/world_map.gpkg`` of the Debian package ``qgis-common``
  3.22.16+dfsg-1 (``apt-get download``, then ``dpkg-deb -x``), of which only the layer ``disputed_borders`` is
  read: Natural Earth 4.1.0's disputed boundary lines, unaltered;
  sha256 ff5cceefc4b27abea094fa82459d8aef9417023236c326a666978b62ffe85db2

A file with another checksum is refused. What is drawn, recoded and said stands in ``basemap.toml``, the
geometry in ``basemap_topology.py``; all three need the standard library only. The result depends on
nothing but these files: a second run writes the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
import sqlite3
import struct
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import basemap_topology as topo
from basemap_topology import Point, Region

HERE = Path(__file__).parent
OUTPUT = HERE.parent / "src/dualtrack/publish/basemap/europe.json"
KM_PER_DEGREE = 111.195

Face = tuple[str | None, str | None]  # state, disputed area


def main(arguments: list[str]) -> int:
    """Read the two inputs, write the map, say what came out."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    rules = tomllib.loads((HERE / "basemap.toml").read_text("utf-8"))
    countries, lines = (
        read_checked(Path(path), source["sha256"]) for path, source in zip(arguments, rules["sources"], strict=False)
    )
    grid = Grid(rules)
    faces = build_faces(rules, grid, read_countries(countries, grid), read_lines(lines, grid))
    topology, brought_back = simplified(rules, grid, faces)
    text = write(rules, grid, topology)
    output = Path(arguments[2]) if len(arguments) == 3 else OUTPUT
    output.write_text(text, "utf-8")
    points = sum(map(len, topology.arcs))
    print(f"{output}: {len(text.encode()):,} bytes, {len(topology.arcs)} arcs, {points} points")
    print(f"{brought_back} points brought back so that no two lines cross")
    return 0


class Grid:
    """Degrees to whole grid steps and back; the frame and the level of detail in steps."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self.step = float(rules["detail"]["grid_deg"])
        self.per_degree = round(1 / self.step)
        self.west, self.south, self.east, self.north = (
            rules["frame"][side] * self.per_degree for side in ("west", "south", "east", "north")
        )
        self.parts: list[dict[str, Any]] = rules["detail"]["parts"]

    def point(self, lon: float, lat: float) -> Point:
        """The nearest grid point."""
        return round(lon * self.per_degree), round(lat * self.per_degree)

    def km2(self, twice_area: float, y: float) -> float:
        """Square kilometres of half ``twice_area`` grid squares at the height ``y``."""
        side = KM_PER_DEGREE * self.step
        return abs(twice_area) / 2 * side * side * math.cos(math.radians(y * self.step))

    def on_frame(self, a: Point, b: Point) -> bool:
        """Whether a segment runs along the edge of the map."""
        return (a[0] == b[0] and a[0] in (self.west, self.east)) or (a[1] == b[1] and a[1] in (self.south, self.north))

    def part(self, p: Point) -> dict[str, Any]:
        """The part of the map a point lies in, with its level of detail."""
        lon, lat = p[0] * self.step, p[1] * self.step
        return next(
            part
            for part in self.parts
            if part["box"][0] <= lon <= part["box"][2] and part["box"][1] <= lat <= part["box"][3]
        )


# ---------------------------------------------------------------- reading


def read_checked(path: Path, sha256: str) -> Path:
    """The path, once its content is known to be the file named in the rules."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(f"{path} is not the file named in basemap.toml: sha256 {found}, expected {sha256}")
    return path


def read_countries(path: Path, grid: Grid) -> dict[str, Region]:
    """Natural Earth's countries by its own short names, rings turned outer clockwise, holes anticlockwise."""
    world = json.loads(path.read_text("utf-8"))
    (sx, sy), (tx, ty) = world["transform"]["scale"], world["transform"]["translate"]
    arcs: list[list[Point]] = []
    for deltas in world["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append(grid.point(x * sx + tx, y * sy + ty))
        arcs.append(arc)
    out: dict[str, Region] = defaultdict(list)
    for shape in world["objects"]["countries"]["geometries"]:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        for polygon in polygons:
            for k, refs in enumerate(polygon):
                ring: list[Point] = []
                for n in refs:
                    ring += arcs[n][:-1] if n >= 0 else arcs[~n][:0:-1]
                ring = topo.tidy(unwrapped(ring, 360 * grid.per_degree))
                if len(ring) < 3 or topo.area2(ring) == 0:
                    continue
                outer_or_hole = 1 if k == 0 else -1
                out[shape["properties"]["name"]].append(ring if topo.area2(ring) * outer_or_hole > 0 else ring[::-1])
    return out


def unwrapped(ring: list[Point], turn: int) -> list[Point]:
    """A ring that crosses the date line, laid out in one piece to the east of it."""
    if all(abs(a[0] - b[0]) < turn / 2 for a, b in pairwise(ring)):
        return ring
    return [(x + turn, y) if x < 0 else (x, y) for x, y in ring]


def read_lines(path: Path, grid: Grid) -> dict[tuple[str, str], list[list[Point]]]:
    """Natural Earth's disputed boundary lines by name and the state on their left, joined end to end."""
    found: dict[tuple[str, str], list[list[Point]]] = defaultdict(list)
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        for blob, name, state in database.execute("select geom, name, adm0_a3_l from disputed_borders order by fid"):
            for line in geopackage_lines(blob):
                found[name, state].append([grid.point(*p) for p in line])
    return {key: topo.chain_lines(lines, near=2) for key, lines in found.items()}


def geopackage_lines(blob: bytes) -> Iterator[list[tuple[float, float]]]:
    """The lines of a GeoPackage geometry (OGC 12-128r18, 2.1.3: header, then well-known binary)."""
    at = 8 + {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[blob[3] >> 1 & 7]
    todo = 1
    while todo:
        order = "<" if blob[at] else ">"
        kind, count = struct.unpack_from(f"{order}II", blob, at + 1)
        at += 9
        todo -= 1
        if kind == 5:  # a collection of lines
            todo += count
        elif kind == 2:
            flat = struct.unpack_from(f"{order}{2 * count}d", blob, at)
            at += 16 * count
            yield list(zip(flat[::2], flat[1::2], strict=True))
        else:
            raise ValueError(f"geometry of kind {kind} where lines were expected")


# ---------------------------------------------------------------- the policy applied


def build_faces(
    rules: dict[str, Any],
    grid: Grid,
    countries: dict[str, Region],
    lines: dict[tuple[str, str], list[list[Point]]],
) -> dict[Face, Region]:
    """The pieces of land, each with the state it is counted with and the disputed area it belongs to."""
    pieces: list[tuple[Face, Region]] = []
    remaining = {
        name: topo.clip(region, grid.west, grid.south, grid.east, grid.north, grid.per_degree)
        for name, region in countries.items()
    }
    for area in rules["areas"]:
        face = area["state"], area["id"]
        at = grid.point(*area["point"])
        if area["take"] == "label":
            continue
        region = remaining[area["of"]]
        if area["take"] == "feature":
            part, rest = region, []
        elif area["take"] == "ring":
            part = [ring for ring in region if topo.inside(ring, *at)]
            rest = [ring for ring in region if ring not in part]
        else:
            part, rest = cut_by_lines(region, lines[tuple(area["line"])], at, area["id"])
        if not part:
            raise SystemExit(f"{area['id']}: no part of {area['of']} holds the point {area['point']}")
        pieces.append((face, part))
        remaining[area["of"]] = rest
    state_of = {name: code for code, names in rules["states"].items() for name in names[1:] or names}
    state_of |= dict.fromkeys(rules["without_state"]["from"])
    for name, region in remaining.items():
        if region and name not in state_of:
            raise SystemExit(f"{name} lies in the frame but not in basemap.toml")
        if region:
            pieces.append(((state_of[name], None), region))
    raw = topo.share(dict(enumerate(region for _, region in pieces)), grid.on_frame)
    merged = topo.dissolve(raw, lambda k: pieces[k][0])
    return {face: [raw.ring(refs) for refs in rings] for face, rings in merged.items()}


def cut_by_lines(region: Region, chains: list[list[Point]], at: Point, area: str) -> tuple[Region, Region]:
    """Cut along whichever of the chains sets off the smallest piece around the point."""
    tried = []
    for chain in chains:
        if len(chain) > 3 and max(abs(chain[0][k] - chain[-1][k]) for k in (0, 1)) <= 2:
            chain = [*chain[:-1], chain[0]]
        part, rest = topo.cut(region, chain, at)
        if topo.inside(part[0], *at):
            tried.append((topo.area2(part[0]), part, rest))
    if not tried:
        raise SystemExit(f"{area}: none of {len(chains)} lines sets off a piece around the point")
    _, part, rest = min(tried, key=lambda t: t[0])
    return part, rest


# ---------------------------------------------------------------- fewer points


def simplified(rules: dict[str, Any], grid: Grid, faces: dict[Face, Region]) -> tuple[topo.Topology[Face], int]:
    """Shared arcs with the corners that matter at this scale, without islands too small to see."""
    detail = rules["detail"]
    topology = topo.share(faces, grid.on_frame)
    topology = topo.share(without_small_islands(grid, topology), grid.on_frame)
    smallest: dict[int, float] = {}  # km² of the smallest ring an arc belongs to
    for rings in topology.regions.values():
        for refs in rings:
            ring = topology.ring(refs)
            size = grid.km2(topo.area2(ring), ring[0][1])
            for n in refs:
                n = max(n, ~n)
                smallest[n] = min(size, smallest.get(n, math.inf))

    weight = {}
    for n, arc in enumerate(topology.arcs):

        def measure(a: Point, b: Point, c: Point, n: int = n) -> float:
            if n in topology.frame:
                return math.inf
            base: float = grid.part(b)["corner_km2"]
            return grid.km2(topo.area2((a, b, c)), b[1]) / min(base, smallest[n] * float(detail["share_of_ring"]))

        weight[n] = topo.weights(arc, measure)
    arcs, brought_back = topo.simplify(topology, weight, cell=grid.per_degree // 4)
    return topo.Topology(arcs, topology.regions, topology.frame), brought_back


def without_small_islands(grid: Grid, topology: topo.Topology[Face]) -> dict[Face, Region]:
    """The regions without islands under the limit; a ring that borders a neighbour, or is the largest, stays."""
    users = topology.users()
    out: dict[Face, Region] = {}
    for face, rings in topology.regions.items():
        ranked = sorted(((refs, topology.ring(refs)) for refs in rings), key=lambda pair: -topo.area2(pair[1]))
        out[face] = []
        for k, (refs, ring) in enumerate(ranked):
            limit = grid.part(ring[0])["island_km2"]
            island = len(refs) == 1 and len(users[max(refs[0], ~refs[0])]) == 1
            if k == 0 or not island or grid.km2(topo.area2(ring), ring[0][1]) >= limit:
                out[face].append(ring)
    return out


# ---------------------------------------------------------------- writing


def write(rules: dict[str, Any], grid: Grid, topology: topo.Topology[Face]) -> str:
    """The TopoJSON text, one arc or object to a line so that a change can be read in a diff."""
    objects = {
        "states": states_object(rules, topology),
        "disputed": disputed_object(rules, grid, topology),
        **line_objects(rules, topology),
    }
    heads = {
        "type": "Topology",
        "date": rules["date"],
        "licence": rules["licence"],
        "policy": rules["policy"],
        "sources": rules["sources"],
        "changes": rules["changes"],
        "missing": rules["missing"],
        "bbox": [rules["frame"][side] for side in ("west", "south", "east", "north")],
        "transform": {
            "scale": [grid.step, grid.step],
            "translate": [rules["frame"]["west"], rules["frame"]["south"]],
        },
    }
    lines = [f"{compact(key)}:{compact(value)}," for key, value in heads.items()]
    lines.append('"objects":{')
    for name, collection in objects.items():
        shapes = ",\n".join(compact(shape) for shape in collection)
        lines.append(f'{compact(name)}:{{"type":"GeometryCollection","geometries":[\n{shapes}]}},')
    lines[-1] = lines[-1][:-1] + "},"
    arcs = ",\n".join(compact(deltas(arc, grid)) for arc in topology.arcs)
    return "{" + "\n".join([*lines, f'"arcs":[\n{arcs}]}}']) + "\n"


def compact(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def deltas(arc: list[Point], grid: Grid) -> list[list[int]]:
    """An arc as TopoJSON stores it: steps from point to point, the first from the frame's south-west corner."""
    out = []
    px, py = grid.west, grid.south
    for x, y in arc:
        out.append([x - px, y - py])
        px, py = x, y
    return out


def polygon_shape(topology: topo.Topology[Face], rings: list[list[int]]) -> dict[str, Any]:
    """The TopoJSON geometry of a region."""
    polygons = topo.as_polygons(topology, rings)
    if len(polygons) == 1:
        return {"type": "Polygon", "arcs": polygons[0]}
    return {"type": "MultiPolygon", "arcs": polygons}


def states_object(rules: dict[str, Any], topology: topo.Topology[Face]) -> list[dict[str, Any]]:
    """One feature for each state, its disputed areas counted in, and one for land without a state."""
    merged = topo.dissolve(topology, lambda face: face[0])
    names = {code: entry[0] for code, entry in rules["states"].items()}
    out = [
        {"id": code, "properties": {"name": names[code]}, **polygon_shape(topology, merged[code])}
        for code in sorted(names)
    ]
    rest = {"properties": {"name": rules["without_state"]["name"]}, **polygon_shape(topology, merged[None])}
    return [*out, rest]


def disputed_object(rules: dict[str, Any], grid: Grid, topology: topo.Topology[Face]) -> list[dict[str, Any]]:
    """One feature for each disputed area: an outline, or a point where there is none."""
    out = []
    for area in rules["areas"]:
        properties = {key: area[key] for key in ("name", "state", "held_by", "claimed_by", "since")}
        properties |= {"until": area.get("until"), "note": area["note"], "label": area["point"]}
        basis = [{"document": d, **rules["documents"][d]} for d in area["basis"]]
        properties["basis"] = sorted(basis, key=lambda document: str(document["date"]))
        if area["take"] == "label":
            lon, lat = area["point"]
            x, y = grid.point(lon, lat)
            shape: dict[str, Any] = {"type": "Point", "coordinates": [x - grid.west, y - grid.south]}
        else:
            shape = polygon_shape(topology, topology.regions[area["state"], area["id"]])
        out.append({"id": area["id"], "properties": properties, **shape})
    return out


def line_objects(rules: dict[str, Any], topology: topo.Topology[Face]) -> dict[str, list[dict[str, Any]]]:
    """Borders by pair of states, the edges of disputed areas inside a state by area, and the coast."""
    borders: dict[tuple[str, str], list[list[int]]] = defaultdict(list)
    inner: dict[str, list[list[int]]] = defaultdict(list)
    coast: list[list[int]] = []
    dashed = {frozenset(pair): area for area, pair in rules["dashed"].items()}
    for n, faces in sorted(topology.users().items()):
        states = frozenset(state for state, _ in faces)
        if len(faces) == 1:
            if n not in topology.frame:
                coast.append([n])
        elif states in dashed:
            inner[dashed[states]].append([n])
        elif len(states) == 1:
            for area in {area for _, area in faces if area}:
                inner[area].append([n])
        else:
            one, two = sorted(state or "" for state in states)
            borders[one, two].append([n])
    return {
        "borders": [
            {"properties": {"states": [s or None for s in pair]}, "type": "MultiLineString", "arcs": arcs}
            for pair, arcs in sorted(borders.items())
        ],
        "disputed_lines": [
            {"id": area, "properties": {}, "type": "MultiLineString", "arcs": arcs}
            for area, arcs in sorted(inner.items())
        ],
        "coast": [{"type": "MultiLineString", "arcs": coast}],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
