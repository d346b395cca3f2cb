"""Plane geometry for ``scripts/basemap.py``: clip, cut, share borders, simplify, check. Standard library only.

Coordinates are integers (steps of the map's grid), so every comparison is exact. A *region* is a list of
rings without a repeated last point, the inside on the right hand: outer rings run clockwise (x east,
y north), holes anticlockwise. An *arc* is a stretch of line that its neighbours share; a ring of arcs
names them by number, ``~n`` for arc ``n`` walked backwards (as TopoJSON does).
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

Point = tuple[int, int]
Ring = list[Point]
Region = list[Ring]
ArcRing = list[int]
Key = TypeVar("Key", bound=Hashable)
Group = TypeVar("Group", bound=Hashable)


def area2(ring: Sequence[Point]) -> int:
    """Twice the signed area of a ring: positive when it runs clockwise."""
    total = 0
    px, py = ring[-1]
    for x, y in ring:
        total += x * py - px * y
        px, py = x, y
    return total


def tidy(ring: Sequence[Point]) -> Ring:
    """The ring without repeated points and without spikes that run out and straight back."""
    out = list(ring)
    while True:
        n = len(out)
        drop = [k for k in range(n) if out[k] == out[k - 1] or out[k - 1] == out[(k + 1) % n]]
        if not drop or n < 3:
            return out
        out.pop(drop[0])


def inside(ring: Sequence[Point], x: float, y: float) -> bool:
    """Whether a point lies in a ring (even-odd rule; points on the line may fall either way)."""
    odd = False
    px, py = ring[-1]
    for qx, qy in ring:
        if (qy > y) != (py > y) and x < (px - qx) * (y - qy) / (py - qy) + qx:
            odd = not odd
        px, py = qx, qy
    return odd


# ---------------------------------------------------------------- clipping to the frame


def clip(region: Region, west: int, south: int, east: int, north: int, densify: int) -> Region:
    """The part of a region inside the frame; edges along parallels get a point every ``densify`` steps."""
    for axis, bound, below in ((0, east, True), (0, west, False), (1, north, True), (1, south, False)):
        region = _clip_half(region, axis, bound, below)
    return [_densify(ring, (south, north), densify) for ring in region]


def _clip_half(region: Region, axis: int, bound: int, below: bool) -> Region:
    """Cut a region at a line parallel to an axis and close what is left along that line."""
    kept: Region = []
    chains: list[Ring] = []
    for ring in region:
        flags = [(p[axis] < bound) if below else (p[axis] > bound) for p in ring]
        if all(flags):
            kept.append(ring)
            continue
        if not any(flags):
            continue
        n = len(ring)
        first = next(i for i in range(n) if not flags[i] and flags[(i + 1) % n])
        chain: Ring = []
        for step in range(n):
            i, j = (first + step) % n, (first + step + 1) % n
            if flags[j] and not flags[i]:
                chain = [_crossing(ring[i], ring[j], axis, bound), ring[j]]
            elif flags[j]:
                chain.append(ring[j])
            elif flags[i]:
                chain.append(_crossing(ring[i], ring[j], axis, bound))
                chains.append(chain)
    return kept + [r for r in map(tidy, _join_along(chains, 1 - axis)) if len(r) > 2]


def _crossing(a: Point, b: Point, axis: int, bound: int) -> Point:
    """Where a segment meets the line; the same point whichever way the segment is walked."""
    a, b = sorted((a, b))
    other = 1 - axis
    at = a[other] + (b[other] - a[other]) * (bound - a[axis]) / (b[axis] - a[axis])
    return (bound, round(at)) if axis == 0 else (round(at), bound)


def _join_along(chains: list[Ring], along: int) -> Region:
    """Close chains into rings: sorted along the line, ends 1-2, 3-4, ... bound the inside."""
    ends = sorted(
        [(c[0][along], 0, i) for i, c in enumerate(chains)] + [(c[-1][along], 1, i) for i, c in enumerate(chains)]
    )
    follows: dict[int, int] = {}
    todo = list(ends)
    while todo:
        one = todo.pop(0)
        partner = next(k for k, other in enumerate(todo) if other[1] != one[1])
        two = todo.pop(partner)
        leaving, entering = (one, two) if one[1] == 1 else (two, one)
        follows[leaving[2]] = entering[2]
    rings: Region = []
    while follows:
        start, after = follows.popitem()
        ring = list(chains[start])
        while after != start:
            ring += chains[after]
            after = follows.pop(after)
        rings.append(ring)
    return rings


def _densify(ring: Ring, parallels: tuple[int, int], every: int) -> Ring:
    out: Ring = []
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        out.append(a)
        if a[1] == b[1] and a[1] in parallels:
            low, high = sorted((a[0], b[0]))
            between = [(x, a[1]) for x in range(math.floor(low / every) * every, high, every) if low < x]
            out += between if a[0] < b[0] else between[::-1]
    return out


# ---------------------------------------------------------------- cutting a region along a line


def chain_lines(lines: Iterable[Sequence[Point]], near: int) -> list[Ring]:
    """Join line pieces end to end (ends within ``near`` steps count as one place)."""
    chains: list[Ring] = []
    pieces = [list(p) for p in dict.fromkeys(tuple(line) for line in lines)]

    def close(a: Point, b: Point) -> bool:
        return max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= near

    while pieces:
        chain = pieces.pop(0)
        grown = True
        while grown and not (len(chain) > 3 and close(chain[0], chain[-1])):
            grown = False
            for k, piece in enumerate(pieces):
                if close(chain[-1], piece[0]) or close(chain[-1], piece[-1]):
                    chain += piece if close(chain[-1], piece[0]) else piece[::-1]
                elif close(chain[0], piece[-1]) or close(chain[0], piece[0]):
                    chain = (piece if close(chain[0], piece[-1]) else piece[::-1]) + chain
                else:
                    continue
                pieces.pop(k)
                grown = True
                break
        chains.append(chain)
    return chains


def cut(region: Region, line: Sequence[Point], within: Point) -> tuple[Region, Region]:
    """Cut a region along a line: the part that holds the point ``within``, and the rest.

    The ends of the line move to the nearest corner of the region, so that a neighbour's border stays shared.
    A closed line is cut out as a hole.
    """
    if line[0] == line[-1]:
        ring = tidy(line)
        ring = ring if area2(ring) > 0 else ring[::-1]
        return [ring], [*region, ring[::-1]]
    k = next(i for i, r in enumerate(region) if area2(r) > 0 and inside(r, *within))
    ring = region[k]
    i, j = (_nearest(ring, end) for end in (line[0], line[-1]))
    middle = list(line[1:-1])
    if j < i:
        i, j, middle = j, i, middle[::-1]
    one = tidy(ring[i : j + 1] + middle[::-1])
    two = tidy(ring[j:] + ring[: i + 1] + middle)
    part, rest = (one, two) if inside(one, *within) else (two, one)
    holes = [r for n, r in enumerate(region) if n != k and area2(r) < 0 and inside(part, *r[0])]
    others = [r for n, r in enumerate(region) if n != k and r not in holes]
    return [part, *holes], [rest, *others]


def _nearest(ring: Ring, place: Point) -> int:
    return min(range(len(ring)), key=lambda n: math.dist(ring[n], place))


# ---------------------------------------------------------------- shared arcs


@dataclass
class Topology(Generic[Key]):
    """Regions that share arcs. ``frame`` numbers the arcs that are only the edge of the map."""

    arcs: list[Ring]
    regions: dict[Key, list[ArcRing]]
    frame: set[int]

    def users(self) -> dict[int, list[Key]]:
        """The regions on either side of each arc: one (coast, frame) or two (border)."""
        out: dict[int, list[Key]] = defaultdict(list)
        for key, rings in self.regions.items():
            for ring in rings:
                for n in ring:
                    out[n if n >= 0 else ~n].append(key)
        return out

    def ring(self, refs: ArcRing) -> Ring:
        """The points of a ring of arcs, the first not repeated at the end."""
        out: Ring = []
        for n in refs:
            out += self.arcs[n][:-1] if n >= 0 else self.arcs[~n][:0:-1]
        return out


def share(regions: Mapping[Key, Region], on_frame: Callable[[Point, Point], bool]) -> Topology[Key]:
    """Cut the rings of regions into arcs at every place where neighbours part or the frame begins."""
    around: dict[Point, frozenset[Point]] = {}
    nodes: set[Point] = set()
    for region in regions.values():
        for ring in region:
            for a, b, c in zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True):
                if around.setdefault(b, frozenset((a, c))) != {a, c} or on_frame(a, b) != on_frame(b, c):
                    nodes.add(b)
    arcs: list[Ring] = []
    known: dict[tuple[Point, ...], int] = {}
    frame: set[int] = set()
    out: dict[Key, list[ArcRing]] = {}
    for key, region in regions.items():
        out[key] = []
        for ring in region:
            starts = [k for k, p in enumerate(ring) if p in nodes] or [ring.index(min(ring))]
            turned = ring[starts[0] :] + ring[: starts[0] + 1]
            stops = [k - starts[0] for k in starts] + [len(ring)]
            refs: ArcRing = []
            for i, j in pairwise(stops):
                arc = tuple(turned[i : j + 1])
                if arc in known:
                    refs.append(known[arc])
                elif arc[::-1] in known:
                    refs.append(~known[arc[::-1]])
                else:
                    known[arc] = len(arcs)
                    refs.append(len(arcs))
                    if on_frame(arc[0], arc[1]):
                        frame.add(len(arcs))
                    arcs.append(list(arc))
            out[key].append(refs)
    return Topology(arcs, out, frame)


def dissolve(topology: Topology[Key], group: Callable[[Key], Group]) -> dict[Group, list[ArcRing]]:
    """Merge regions of one group: the arcs between them go, what is left is chained into simple rings."""
    directed: dict[Group, dict[int, None]] = defaultdict(dict)
    for key, rings in topology.regions.items():
        mine = directed[group(key)]
        for ring in rings:
            for n in ring:
                if ~n in mine:
                    del mine[~n]
                else:
                    mine[n] = None
    return {key: _chain_arcs(topology, list(refs)) for key, refs in directed.items()}


def _chain_arcs(topology: Topology[Key], refs: ArcRing) -> list[ArcRing]:
    def start(n: int) -> Point:
        return topology.arcs[n][0] if n >= 0 else topology.arcs[~n][-1]

    leaving: dict[Point, ArcRing] = defaultdict(list)
    for n in refs:
        leaving[start(n)].append(n)
    rings: list[ArcRing] = []
    path: ArcRing = []
    seen: dict[Point, int] = {}
    for n in refs:
        place = start(n)
        while leaving[place]:
            seen[place] = len(path)
            n = leaving[place].pop()
            path.append(n)
            place = start(~n)
            if place in seen:  # closed a loop: it is a ring of its own
                rings.append(path[seen[place] :])
                del path[seen[place] :]
                seen = {start(m): k for k, m in enumerate(path)}
        if path:
            raise ValueError(f"a ring does not close at {place}")
    return rings


def as_polygons(topology: Topology[Key], rings: list[ArcRing]) -> list[list[ArcRing]]:
    """Outer rings with their holes, largest first."""
    points = {id(r): topology.ring(r) for r in rings}
    outer = sorted((r for r in rings if area2(points[id(r)]) > 0), key=lambda r: -area2(points[id(r)]))
    polygons = [[r] for r in outer]
    for hole in rings:
        if area2(points[id(hole)]) > 0:
            continue
        corners = set(points[id(hole)])
        for polygon in reversed(polygons):  # smallest first
            shell = points[id(polygon[0])]
            probe = next((p for p in corners if p not in set(shell)), None)
            if probe is not None and inside(shell, *probe) and area2(shell) > -area2(points[id(hole)]):
                polygon.append(hole)
                break
        else:
            raise ValueError(f"a hole at {points[id(hole)][0]} lies in no ring")
    return polygons


# ---------------------------------------------------------------- simplification


def weights(arc: Sequence[Point], measure: Callable[[Point, Point, Point], float]) -> list[float]:
    """Visvalingam-Whyatt: for each point the area lost when it goes; the ends never go (infinite)."""
    n = len(arc)
    weight = [math.inf] * n
    before, after = [k - 1 for k in range(n)], [k + 1 for k in range(n)]
    heap = [(measure(arc[k - 1], arc[k], arc[k + 1]), k) for k in range(1, n - 1)]
    current = {k: w for w, k in heap}
    heapq.heapify(heap)
    floor = 0.0
    while heap:
        w, k = heapq.heappop(heap)
        if current.get(k) != w:
            continue
        floor = max(floor, w)
        weight[k] = floor
        del current[k]
        a, b = before[k], after[k]
        after[a], before[b] = b, a
        for m in (a, b):
            if m in current:
                current[m] = measure(arc[before[m]], arc[m], arc[after[m]])
                heapq.heappush(heap, (current[m], m))
    return weight


def simplify(topology: Topology[Key], weight: Mapping[int, list[float]], cell: int) -> tuple[list[Ring], int]:
    """Keep the points of weight 1 and more; then bring points back until no two lines cross or overlap.

    Returns the new arcs and the number of points brought back.
    """
    kept: list[set[int]] = []
    for n, arc in enumerate(topology.arcs):
        last = len(arc) - 1
        keep = {k for k, w in enumerate(weight[n]) if w >= 1} | {0, last}
        if arc[0] == arc[last]:  # an island stays at least a triangle
            keep |= set(heapq.nlargest(2, range(1, last), key=weight[n].__getitem__))
        kept.append(keep)
    back = 0
    while True:
        hit = _conflicts([_pick(arc, kept[n]) for n, arc in enumerate(topology.arcs)], cell)
        added = 0
        for n, (a, b) in hit:
            between = [k for k in _span(topology.arcs[n], kept[n], a, b) if k not in kept[n]]
            if between:
                kept[n].add(max(between, key=weight[n].__getitem__))
                added += 1
        back += added
        if not added:
            if hit:
                raise ValueError(f"lines cross in the source itself: {sorted(hit)[:5]}")
            return [_pick(arc, kept[n]) for n, arc in enumerate(topology.arcs)], back


def _pick(arc: Ring, keep: set[int]) -> Ring:
    return [arc[k] for k in sorted(keep)]


def _span(arc: Ring, keep: set[int], a: Point, b: Point) -> range:
    order = sorted(keep)
    for i, j in pairwise(order):
        if (arc[i], arc[j]) == (a, b):
            return range(i + 1, j)
    return range(0)


Segment = tuple[Point, Point]


def _conflicts(arcs: list[Ring], cell: int) -> set[tuple[int, Segment]]:
    """Segments that cross, touch or overlap another one other than by a shared end."""
    grid: dict[tuple[int, int], list[tuple[int, Segment]]] = defaultdict(list)
    for n, arc in enumerate(arcs):
        for a, b in pairwise(arc):
            for x in range(min(a[0], b[0]) // cell, max(a[0], b[0]) // cell + 1):
                for y in range(min(a[1], b[1]) // cell, max(a[1], b[1]) // cell + 1):
                    grid[x, y].append((n, (a, b)))
    bad: set[tuple[int, Segment]] = set()
    for items in grid.values():
        for i, one in enumerate(items):
            for two in items[i + 1 :]:
                if _clash(one[1], two[1]):
                    bad |= {one, two}
    return bad


def _clash(one: Segment, two: Segment) -> bool:
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = two
    if max(ax, bx) < min(cx, dx) or max(cx, dx) < min(ax, bx):
        return False
    if max(ay, by) < min(cy, dy) or max(cy, dy) < min(ay, by):
        return False

    def side(px: int, py: int, qx: int, qy: int, rx: int, ry: int) -> int:
        value = (qx - px) * (ry - py) - (qy - py) * (rx - px)
        return (value > 0) - (value < 0)

    shared = {one[0], one[1]} & {two[0], two[1]}
    if len(shared) == 2:
        return True
    c, d = side(ax, ay, bx, by, cx, cy), side(ax, ay, bx, by, dx, dy)
    if shared:  # overlap only when both run the same way from the shared end
        if c or d:
            return False
        (p,) = shared
        q = one[1] if one[0] == p else one[0]
        r = two[1] if two[0] == p else two[0]
        return (q[0] - p[0]) * (r[0] - p[0]) + (q[1] - p[1]) * (r[1] - p[1]) > 0
    a, b = side(cx, cy, dx, dy, ax, ay), side(cx, cy, dx, dy, bx, by)
    return c * d <= 0 and a * b <= 0
