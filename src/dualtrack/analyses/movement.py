"""Forces, ways and planning factors of a reinforcement, as a network over time: at worst, half-way and at best.

At best every figure is the one that lets people arrive sooner, at worst the other one; more capacity or less notice
never makes anybody late, so what lies between the figures lies between the two curves. Half-way each figure is the
geometric mean of the two: a point to look at, not the likeliest. Permissions are asked for while forces get ready.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from dualtrack.analyses.flow import ENDLESS, Arc, Entry, Supply
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.record.rows import Row

Case = Literal["worst", "halfway", "best"]
CASES: tuple[Case, ...] = ("worst", "halfway", "best")

AIRFIELDS = "airfields"
AIRLIFT = "airlift"
SHARE = "share that can fly"
PORTS = "ports"
SEALIFT = "ships"
RAIL = "railways"
WAGONS = "flat wagons"
GAUGE = "change of gauge"
ROADS = "roads"
LIMITS = (AIRFIELDS, AIRLIFT, SHARE, PORTS, SEALIFT, RAIL, WAGONS, GAUGE, ROADS)
"""What can limit arrivals, besides the forces there are and their notice."""

THERE = "in the host"
"""The destination: landed, or brought together after a journey by sea or land."""

_LOW_IS_BEST = frozenset(
    ("runway_m", "days_by_air", "days_per_ship", "days_at_sea", "pieces_per_soldier", "days_per_wagon_turn",
     "days_to_stage", "days_to_draw_stock", "notice_not_on_record", "days_of_permission")
)  # fmt: skip


@dataclass(frozen=True)
class Days:
    """A number of days, at best and at worst; neither is negative."""

    best: float
    worst: float

    def of(self, case: Case) -> float:
        """The number in a case; half-way it is the geometric mean."""
        return {"best": self.best, "worst": self.worst, "halfway": math.sqrt(self.best * self.worst)}[case]

    def less(self, days: float) -> Days:
        """So many days fewer, never below none."""
        return Days(max(0.0, self.best - days), max(0.0, self.worst - days))


def between(low: float, high: float, case: Case, low_is_best: bool = False) -> float:
    """The figure of a range that a case takes: one of its ends, or half-way the geometric mean.

    >>> between(2, 8, "worst"), between(2, 8, "halfway"), between(2, 8, "worst", low_is_best=True)
    (2, 4.0, 8)
    """
    if case == "halfway":
        return math.sqrt(low * high)
    return low if (case == "best") == low_is_best else high


@dataclass(frozen=True)
class Factors:
    """The planning factors of one case, by id."""

    case: Case
    rows: Mapping[str, Row]

    def __getitem__(self, name: str) -> float:
        if name not in self.rows:
            raise BadInput(f"planning_factors has no row {name}.", "Add it to planning_factors.csv.")
        low, high = self.rows[name].number("low"), self.rows[name].number("high")
        assert low is not None and high is not None
        return between(low, high, self.case, low_is_best=name in _LOW_IS_BEST)

    def whole_days(self, name: str) -> int:
        """A factor in days, rounded up."""
        return math.ceil(self[name])


@dataclass(frozen=True)
class Force:
    """A force on call, with what is not in it already counted elsewhere: persons and notice at best and at worst."""

    row: Row
    persons_low: int
    persons_high: int
    notice: Days

    def persons(self, case: Case) -> int:
        """How many come in a case."""
        return round(between(self.persons_low, self.persons_high, case))


@dataclass(frozen=True)
class More:
    """What one asks for more of: airfields and ports in the host, lines and roads across each border, and so on."""

    airfields: int = 0
    ports: int = 0
    lines: int = 0
    roads: int = 0
    sites: int = 0
    landings: int = 0
    ships: int = 0
    wagons: int = 0


class Ways:
    """The ways to a host: links between states, airfields, ports and places where trains change gauge.

    Args:
        work: the workings, which note every row used.
        host: where to.
        starts: states where journeys by land begin; states farther from the host than these are left out.
    """

    def __init__(self, work: Workings, host: str, starts: Collection[str]) -> None:
        self.host = host
        self.starts = set(starts)
        links = work.select("movement_links")
        distance = _distances(links, host)
        self.unlinked = sorted(set(starts) - distance.keys())
        farthest = max((distance[state] for state in starts if state in distance), default=0)
        self.states = sorted(state for state, steps in distance.items() if steps <= farthest)
        self.links = [row for row in links if {row.text("state_a"), row.text("state_b")} <= set(self.states)]
        places = [row for row in work.select("infrastructure") if row["state"] in self.states]
        self.airfields = [row for row in places if row["kind"] == "airfield" and row["runway_m"] is not None]
        self.ports = [row for row in places if row["kind"] == "port"]
        self.sites = [row for row in places if len(row.parts("gauge_mm")) > 1]
        for row in self.links:
            work.use(row, "lines_low", "lines_high", "km", "gauge_mm")
        for row in self.airfields:
            work.use(row, "runway_m")
        for row in self.ports:
            work.use(row, "state")
        for row in self.sites:
            work.use(row, "gauge_mm")

    @property
    def any(self) -> bool:
        """Whether any way into the host is on record."""
        doors = (*self.airfields, *self.ports)
        return bool(self.links) or any(row["state"] == self.host for row in doors)

    def long_enough(self, state: str, factors: Factors) -> int:
        """Airfields of a state whose longest runway will do."""
        return sum(r["state"] == state and (r.number("runway_m") or 0) >= factors["runway_m"] for r in self.airfields)

    def arcs(self, factors: Factors, depots: Collection[str], more: More | None = None) -> list[Arc]:
        """The arcs of the network in a case; the same places in the same order whatever is asked for more."""
        more = more or More()
        landing, sea = factors["landings_per_airfield_day"] * factors["persons_per_landing"], factors["days_at_sea"]
        lift = (factors["landings_of_all_lift_day"] + more.landings) * factors["persons_per_landing"]
        cargo = factors["pieces_per_ship"] / factors["pieces_per_soldier"]
        turns = (factors["ships"] + more.ships) / (2 * sea)
        flying, staging = factors.whole_days("days_by_air"), factors.whole_days("days_to_stage")
        found = [
            Arc("airlift", "in the air", int(lift), 0, AIRLIFT),
            Arc("harbours", "at sea", int(turns * cargo), 0, SEALIFT),
            Arc(self.host, THERE, ENDLESS, staging),
        ]
        for state in self.states:
            ours = state == self.host
            fields = self.long_enough(state, factors) + (more.airfields if ours else 0)
            ports = sum(r["state"] == state for r in self.ports) + (more.ports if ours else 0)
            berths = ports * factors["berths_per_port"] / factors["days_per_ship"]
            found += [
                Arc("in the air", f"landed {state}", int(fields * landing), flying, f"{AIRFIELDS} {state}"),
                Arc(f"landed {state}", THERE if ours else state, ENDLESS),
                Arc("at sea", f"port {state}", ENDLESS, math.ceil(sea)),
                Arc(f"port {state}", state, int(berths * cargo), 0, f"{PORTS} {state}"),
            ]
            found += self._trains(state, factors, more)
        for depot in sorted(depots):
            fields = self.long_enough(depot, factors)
            days = flying + factors.whole_days("days_to_draw_stock")
            found.append(Arc(f"to depot {depot}", depot, int(fields * landing), days, f"{AIRFIELDS} {depot}"))
        for link in self.links:
            found += self._link(link, factors, more)
        return found

    def _trains(self, state: str, factors: Factors, more: More) -> list[Arc]:
        """Where trains are loaded, which is where a journey starts; where they unload; where they change gauge."""
        gauges = sorted({link.text("gauge_mm") for link in self.links if link["gauge_mm"] and state in _ends(link)})
        wagons = (factors["flat_wagons"] + more.wagons) / factors["days_per_wagon_turn"] * factors["persons_per_wagon"]
        found = []
        for gauge in gauges:
            rail = f"rail {gauge} {state}"
            if state == self.host:
                found.append(Arc(rail, state, ENDLESS))
            elif state in self.starts:
                found.append(Arc(state, rail, int(wagons), 0, f"{WAGONS} {state}"))
            for other in gauges:
                sites = sum(r["state"] == state and {gauge, other} <= set(r.parts("gauge_mm")) for r in self.sites)
                trains = (sites + more.sites) * factors["trains_reloaded_per_site_day"]
                if other != gauge:
                    persons = int(trains * factors["persons_per_train"])
                    found.append(Arc(rail, f"rail {other} {state}", persons, 0, f"{GAUGE} {state}"))
        return found

    def _link(self, link: Row, factors: Factors, more: More) -> list[Arc]:
        """Both directions of a link; out of the host nobody needs to go."""
        low, high = link.number("lines_low") or 0, link.number("lines_high") or 0
        lines = between(low, high, factors.case)
        road = link["mode"] == "road"
        speed = factors["road_km_per_day" if road else "rail_km_per_day"]
        days = max(1, math.ceil((link.number("km") or 0) / speed))
        if road:
            each = factors["vehicles_per_road_day"] / factors["pieces_per_soldier"]
            capacity, name = int((lines + more.roads) * each), ROADS
        else:
            each = factors["trains_per_line_day"] * factors["persons_per_train"]
            capacity, name = int((lines + more.lines) * each), RAIL
        a, b = _ends(link)
        prefix = "" if road else f"rail {link.text('gauge_mm')} "
        return [
            Arc(f"{prefix}{tail}", f"{prefix}{head}", capacity, days, f"{name} {a}-{b}")
            for tail, head in ((a, b), (b, a))
            if tail != self.host
        ]

    def supply(self, force: Force, factors: Factors, permission: Days) -> Supply:
        """A force as it waits at home: when it may enter which way, and how much of it."""
        row, ready = force.row, self.ready(force, factors.case, permission)
        persons, entry = force.persons(factors.case), row.text("entry")
        by_air = persons if entry == "air" else int(persons * factors["air_share"] / 100)
        ways: list[Entry] = []
        if entry == "stock":
            ways += [Entry(f"to depot {state}", ready, persons) for state in self._starts(row)]
        if entry in ("air", "mixed"):
            ways.append(Entry("airlift", ready, by_air, SHARE if entry == "mixed" else row.id))
        if entry in ("heavy", "mixed"):
            ways.append(Entry("harbours", ready, persons))
            ways += [Entry(state, ready, persons) for state in self._starts(row)]
        return Supply(row.id, persons, tuple(ways))

    @staticmethod
    def ready(force: Force, case: Case, permission: Days) -> int:
        """The day on which a force may leave: the later of notice and permission, as both run at once."""
        return math.ceil(max(force.notice.of(case), permission.of(case)))

    def _starts(self, row: Row) -> list[str]:
        return [state for state in row.parts("start_states") if state in self.states]


def forces_on_call(work: Workings, host: str, unknown_notice: Days) -> tuple[list[Force], list[Row]]:
    """The forces that can be sent to a host on the record's day, and those that have no strength on record.

    A row that is contained in another one of them is taken out of it, so that nobody is counted twice.
    """
    day = work.record.as_of
    rows = [
        row for row in work.select("reinforcement", "use = 'on call'") if _reaches(work, row, host) and _on(row, day)
    ]
    counted = [row for row in rows if row["troops_low"] is not None or row["troops_high"] is not None]
    found = []
    for row in counted:
        parts = [part for part in counted if part["part_of"] == row.id]
        low, high = _persons(row)
        low -= sum(_persons(part)[0] for part in parts)
        high -= sum(_persons(part)[1] for part in parts)
        first, last = row.number("readiness_days_low"), row.number("readiness_days_high")
        notice = Days(
            unknown_notice.best if first is None else first, unknown_notice.worst if last is None else last
        )  # fmt: skip
        found.append(Force(row, max(low, 0), max(high, 0), replace(notice, worst=max(notice.best, notice.worst))))
        work.use(row, "troops_low", "troops_high", "readiness_days_low", "readiness_days_high", "entry")
    return found, [row for row in rows if row not in counted]


def _persons(row: Row) -> tuple[int, int]:
    low, high = row.number("troops_low"), row.number("troops_high")
    return int(low if low is not None else high or 0), int(high if high is not None else low or 0)


def _on(row: Row, day: date) -> bool:
    first, last = row.first("since"), row.last("until")
    return (first is None or first <= day) and (last is None or last >= day)


def _reaches(work: Workings, row: Row, host: str) -> bool:
    """Whether a force can be sent to a host: one of those named, or a member of the group; never only its own."""
    if row.parts("states") == [host]:
        return False
    if row["hosts"]:
        return host in row.parts("hosts")
    group = row.text("for_group")
    return bool(group) and host in work.record.members(group, work.record.as_of)


def _ends(link: Row) -> tuple[str, str]:
    return link.text("state_a"), link.text("state_b")


def _distances(links: Sequence[Row], host: str) -> dict[str, int]:
    """Borders between the host and each state that is linked with it."""
    found = {host: 0}
    frontier = [host]
    while frontier:
        frontier = sorted(
            {state for link in links if set(_ends(link)) & set(frontier) for state in _ends(link)} - found.keys()
        )
        steps = max(found.values()) + 1
        found |= dict.fromkeys(frontier, steps)
    return found
