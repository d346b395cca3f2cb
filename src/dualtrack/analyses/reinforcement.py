"""How many troops of others could be in a host state by which day after a decision, and what limits their arrival.

Forces on call, with their notice to move, flow over a small network of airfields, ports, railways and roads whose
capacity a day comes from planning factors. The answer is the most that can have arrived by each day (see ``flow``),
with every figure at its worst, half-way and at its best; what the model can give lies between, what happens need not.
The limit named is part of the minimum cut; what more of something would buy is found by asking again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import Field

from dualtrack.analyses.flow import Flow, Supply, flow
from dualtrack.analyses.movement import (
    CASES,
    LIMITS,
    SHARE,
    THERE,
    Case,
    Days,
    Factors,
    Force,
    More,
    Ways,
    forces_on_call,
)
from dualtrack.analyses.words import listed
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, ByReading, Coverage, Finding
from dualtrack.core.show import span
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = tuple({"host": host} for host in ("EST", "LVA", "LTU", "POL", "BLR"))

MARKS = (*range(1, 11), *range(12, 20, 2), 20, 22, 25, 28, *range(30, 65, 5), 70, 80, 90, 105, 120)
"""Days that get a row."""
AT = (10, 20, 30, 60)
"""Days for which limits and gains are told."""
NOT_YET = "notice, permissions and the journey"
ALL_THERE = "forces on call: all have arrived"
_TOLD = 30  # day of the headline
_FEWER = 3  # days of permission or of notice asked about
_LANDINGS = 10  # more landings a day asked about
_WAGONS = 100  # more flat wagons asked about
_WITHIN = 30  # days in which a published movement is looked for
_MORE = {
    "one more airfield in the host": More(airfields=1),
    "one more port in the host": More(ports=1),
    "one more railway line across each border": More(lines=1),
    "one more road across each border": More(roads=1),
    "one more place to change gauge": More(sites=1),
    f"{_LANDINGS} more landings a day": More(landings=_LANDINGS),
    "one more ship": More(ships=1),
    f"{_WAGONS} more flat wagons": More(wagons=_WAGONS),
}


@dataclass(frozen=True)
class _Asked:
    """A question ready to be solved in a case: everything but what is changed."""

    ways: Ways
    forces: Sequence[Force]
    depots: Sequence[str]
    permission: Days
    days: int

    def flow(self, factors: Factors) -> Flow:
        arcs = self.ways.arcs(factors, self.depots)
        return flow(tuple(arcs), tuple(self.supplies(factors)), THERE, self.days)

    def supplies(self, factors: Factors, permission: Days | None = None, sooner: float = 0) -> list[Supply]:
        forces = [replace(force, notice=force.notice.less(sooner)) for force in self.forces]
        return [self.ways.supply(force, factors, permission or self.permission) for force in forces]


def run(
    record: Record,
    host: Annotated[str, "the state to be reinforced (ISO 3166 alpha-3)"],
    days: Annotated[int, "how many days after the decision to look at, 10 to 120", Field(ge=10, le=120)] = 60,
    permission: Annotated[
        str | None,
        "row of reinforcement that says how long permissions take, such as R-perm-3; else the planning factor",
    ] = None,
) -> Finding:
    """Troops by day, at worst and at best, with what limits them."""
    host = host.upper()
    work = Workings(record, "reinforcement", {"host": host, "days": days, "permission": permission})
    names = {row.id: row.text("name") for row in work.select("states")}
    if host not in names:
        raise NoSuchName("state", host, sorted(names))
    rows = {row.id: row for row in work.select("planning_factors")}
    factors = {case: Factors(case, rows) for case in CASES}
    for row in rows.values():
        work.use(row, "low", "high")
    forces, without = forces_on_call(work, host, _days(factors, "notice_not_on_record"))
    if not forces:
        raise BadInput(
            f"The record lists no force on call for {host} with a strength, as known on {record.as_of}.",
            "What is not listed was not collected; know table reinforcement shows what was. Try a later --as-of.",
        )
    ways = Ways(work, host, {state for force in forces for state in force.row.parts("start_states")})
    if not ways.any:
        raise BadInput(
            f"The record lists no airfield, port, road or railway into {host}, so there is no telling who could come.",
            "Add them to infrastructure.csv and movement_links.csv of a folder of your own and use --record DIR.",
        )
    depots = sorted({s for f in forces if f.row["entry"] == "stock" for s in f.row.parts("start_states")})
    asked = _Asked(ways, forces, [d for d in depots if d in ways.states], _permission(work, factors, permission), days)
    flows = {case: asked.flow(factors[case]) for case in CASES}
    curves = {case: flow.arrivals() for case, flow in flows.items()}
    totals = {case: sum(force.persons(case) for force in forces) for case in CASES}
    marks = [day for day in MARKS if day <= days]
    table = [
        {
            "day": day,
            "low": curves["worst"][day],
            "halfway": curves["halfway"][day],
            "high": curves["best"][day],
            **{f"limit_{case}": _limit(flows[case], curves[case], day, totals[case]) for case in CASES},
        }
        for day in marks
    ]
    lines = _time_lines(work, asked, factors)
    sizes = _sizes(work, flows, curves, totals)
    _warn(work, ways, rows, without, names)
    at = [day for day in AT if day <= days]
    told = max(day for day in at if day <= _TOLD)
    known = sum(f.row["readiness_days_low"] is not None or f.row["readiness_days_high"] is not None for f in forces)
    return work.finding(
        question=f"How many troops of others could be in {names[host]} by which day after a decision?",
        headline=_headline(table, told, sizes, names, host),
        answer=Answer(
            kind="table",
            value=table,
            unit="persons",
            coverage=Coverage(
                known=known,
                total=len(forces) + len(without),
                of="forces on call have strength and notice on record",
            ),
            summary={
                "When a unit of this size could be there": sizes,
                "What more would buy": _gains(asked, factors, flows, curves, at),
                "What limits arrivals": _cuts(flows, at),
                "Published movements beside the model": lines,
                "Forces on call": _forces(asked),
                "Planning factors": [
                    {"factor": row.text("factor"), "low": row.number("low"), "high": row.number("high"),
                     "unit": row.text("unit"), "basis": row.text("basis"), "id": row.id}
                    for row in rows.values()
                ],
            },
        ),
        method=(
            "Each force waits at home for its notice and for permissions, then comes by air, sea, railway or road. The "
            "most that can have arrived by each day is an earliest arrival flow on the network over time, solved as "
            "one linear program with HiGHS. The limit is the largest way in the minimum cut of that day. Gains are "
            "differences to the same question asked with one figure changed. Times are whole days, a border at least "
            "one."
        ),
        by_reading=_by_reading(work, asked, factors, flows, told),
    )  # fmt: skip


def _days(factors: Mapping[Case, Factors], name: str) -> Days:
    return Days(factors["best"][name], factors["worst"][name])


def _permission(work: Workings, factors: Mapping[Case, Factors], row_id: str | None) -> Days:
    if row_id is None:
        return _days(factors, "days_of_permission")
    rows = {row.id: row for row in work.select("reinforcement", "use = 'permission'")}
    if row_id not in rows:
        raise NoSuchName(f"permission on record on {work.record.as_of}", row_id, sorted(rows))
    work.use(rows[row_id], "readiness_days_low", "readiness_days_high")
    return _said(rows[row_id])


def _said(row: Row) -> Days:
    low, high = row.number("readiness_days_low"), row.number("readiness_days_high")
    return Days(low if low is not None else high or 0, high if high is not None else low or 0)


def _limit(flow: Flow, curve: Sequence[int], day: int, total: int) -> str:
    """What people who are ready wait for: the largest part of the minimum cut that is a way, and where it is full.

    If no way is full, those who were ready in time have arrived and the others have not had the time.
    """
    if curve[day] == total:
        return ALL_THERE
    parts = {name: n for name, n in flow.limits(day).items() if _kind(name) not in (None, SHARE)}
    if not parts:
        return NOT_YET
    sums = {kind: sum(n for name, n in parts.items() if _kind(name) == kind) for kind in LIMITS}
    kind = max(LIMITS, key=lambda kind: sums[kind])
    of_kind = {name: n for name, n in parts.items() if _kind(name) == kind}
    where = [name.removeprefix(kind).strip() for name, n in of_kind.items() if n == max(of_kind.values())]
    return f"{kind} {', '.join(sorted(where))}".strip()


def _kind(name: str) -> str | None:
    """Which of the limits a name in a cut is of; none for a force."""
    return next((kind for kind in LIMITS if name == kind or name.startswith(f"{kind} ")), None)


def _sizes(
    work: Workings, flows: Mapping[Case, Flow], curves: Mapping[Case, Sequence[int]], totals: Mapping[Case, int]
) -> list[dict[str, Any]]:
    """The day by which as many as a battalion or a brigade have arrived; the smaller size goes with the best case."""
    found = []
    for unit in ("battalion", "brigade"):
        rows = [row for row in work.select("unit_sizes") if unit in row.text("unit").split()]
        ends = [number for row in rows for name in ("troops_low", "troops_high") if (number := row.number(name))]
        if not ends:
            continue
        for row in rows:
            work.use(row, "troops_low", "troops_high")
        persons = {"best": min(ends), "halfway": (min(ends) + max(ends)) / 2, "worst": max(ends)}
        days: dict[Case, int | None] = {
            case: next((day for day, there in enumerate(curves[case]) if there >= persons[case]), None)
            for case in CASES
        }
        day = days["halfway"]
        found.append(
            {
                "unit": unit, "persons_low": int(min(ends)), "persons_high": int(max(ends)), "best": days["best"],
                "halfway": day, "worst": days["worst"],
                "then_the_limit": "" if not day else _limit(
                    flows["halfway"], curves["halfway"], day - 1, totals["halfway"]
                ),
            }
        )  # fmt: skip
    return found


def _gains(
    asked: _Asked,
    factors: Mapping[Case, Factors],
    flows: Mapping[Case, Flow],
    curves: Mapping[Case, Sequence[int]],
    at: Sequence[int],
) -> list[dict[str, Any]]:
    """More arrivals by some days for each thing one may ask for: the least and the most of the cases, and half-way."""

    def rows(what: str, changed: Mapping[Case, Sequence[int]]) -> list[dict[str, Any]]:
        found = []
        for day in at:
            gains = {case: changed[case][day] - curves[case][day] for case in CASES}
            ends = {"low": min(gains.values()), "halfway": gains["halfway"], "high": max(gains.values())}
            found.append({"what": what, "by_day": day, **ends})
        return found

    found: list[dict[str, Any]] = []
    for what, more in _MORE.items():
        if more.ports and all(row["state"] != asked.ways.host for row in asked.ways.ports):
            continue  # it may have no coast
        arcs = {case: asked.ways.arcs(factors[case], asked.depots, more) for case in CASES}
        found += rows(what, {case: flows[case].arrivals(arcs[case]) for case in CASES})
    fewer = asked.permission.less(_FEWER)
    sooner = {
        f"{_FEWER} fewer days of permissions": {case: asked.supplies(factors[case], fewer) for case in CASES},
        f"{_FEWER} fewer days of notice": {case: asked.supplies(factors[case], sooner=_FEWER) for case in CASES},
    }
    for what, supplies in sooner.items():
        found += rows(what, {case: flows[case].arrivals(supplies=supplies[case]) for case in CASES})
    return found


def _cuts(flows: Mapping[Case, Flow], at: Sequence[int]) -> list[dict[str, Any]]:
    """The parts of each minimum cut; the forces that have arrived in full are one part."""
    found = []
    for case in CASES:
        for day in at:
            parts: dict[str, int] = {}
            for name, persons in flows[case].limits(day).items():
                what = name if _kind(name) else "all who were ready in time"
                parts[what] = parts.get(what, 0) + persons
            total = sum(parts.values())
            found += [
                {"case": case, "day": day, "limit": what, "persons": persons, "of": total}
                for what, persons in sorted(parts.items(), key=lambda part: (-part[1], part[0]))
            ]
    return found


def _forces(asked: _Asked) -> list[dict[str, Any]]:
    found = []
    for force in asked.forces:
        ready = {case: asked.ways.ready(force, case, asked.permission) for case in CASES}
        found.append(
            {
                "force": force.row.id, "name": force.row.text("force"), "states": force.row.parts("states"),
                "low": min(force.persons_low, force.persons_high),
                "high": max(force.persons_low, force.persons_high), "entry": force.row.text("entry"),
                "leaves_at_best": ready["best"], "leaves_at_worst": ready["worst"],
            }
        )  # fmt: skip
    return found


def _time_lines(work: Workings, asked: _Asked, factors: Mapping[Case, Factors]) -> list[dict[str, Any]]:
    """Published movements to the host, and how long the model takes for as many without notice or permissions."""
    found = []
    for row in work.select("reinforcement", "use = 'time line'"):
        low, high = row.number("troops_low"), row.number("troops_high")
        if asked.ways.host not in row.parts("hosts") or low is None or high is None:
            continue
        taken = _said(row)
        force = Force(row, int(low), int(high), Days(0, 0))
        model = {case: _arrival(asked, force, factors[case]) for case in CASES}
        work.use(row, "readiness_days_low", "readiness_days_high", "troops_low", "troops_high")
        soon, late = model["best"], model["worst"]
        found.append(
            {
                "movement": row.text("force"), "persons": int(high), "days_low": taken.best, "days_high": taken.worst,
                "model_low": soon, "model_high": late, "reading": _beside(taken, soon, late), "row": row.id,
            }
        )  # fmt: skip
    return found


def _arrival(asked: _Asked, force: Force, factors: Factors) -> int | None:
    """The day by which a force is there as a whole, None if not within a month."""
    supply = asked.ways.supply(force, factors, Days(0, 0))
    curve = flow(tuple(asked.ways.arcs(factors, asked.depots)), (supply,), THERE, _WITHIN).arrivals()
    return next((day for day, persons in enumerate(curve) if persons >= supply.persons), None)


def _beside(taken: Days, soon: int | None, late: int | None) -> str:
    if soon is None or math.ceil(taken.worst) < soon:
        return "faster than the model at its best"
    if late is not None and taken.best > late:
        return "slower than the model at its worst"
    return "within the model's range"


def _by_reading(
    work: Workings, asked: _Asked, factors: Mapping[Case, Factors], flows: Mapping[Case, Flow], day: int
) -> list[ByReading]:
    """Arrivals by a day under each reading of how long permissions take."""
    rows = {row.id: row for row in work.select("reinforcement", "use = 'permission'")}
    found = []
    for reading in work.record.readings("days_of_permission"):
        row = rows.get(str(reading.sets["permission"]))
        if row is None:
            answer = Answer(kind="interval", unit="persons", why_unknown="not on record by then")
        else:
            work.use(row, "readiness_days_low", "readiness_days_high")
            curves = {c: flows[c].arrivals(supplies=asked.supplies(factors[c], _said(row))) for c in CASES}
            low, best, high = (curves[case][day] for case in CASES)
            answer = Answer(kind="interval", low=low, best=best, high=high, unit="persons")
        found.append(
            ByReading(
                reading={reading.slot: reading.id}, class_=reading.class_, answer=answer, label=reading.label,
                later=row is None or not reading.exists_on(work.record.as_of), sources=list(reading.sources),
                why=reading.why,
            )
        )  # fmt: skip
    return found


def _headline(
    table: Sequence[Mapping[str, Any]],
    day: int,
    sizes: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    host: str,
) -> str:
    brigade = next((size for size in sizes if size["unit"] == "brigade" and size["halfway"]), None)
    if brigade:
        worst = f"by day {brigade['worst']}" if brigade["worst"] else f"not by day {table[-1]['day']}"
        return (
            f"Troops for a brigade ({span(brigade['persons_low'], brigade['persons_high'])}) could be in {names[host]} "
            f"by day {brigade['halfway']} after a decision with every planning factor half-way, by day "
            f"{brigade['best']} at best and {worst} at worst; "
            f"what holds them up half-way is: {in_words(brigade['then_the_limit'], names)}"
        )
    row = next(row for row in table if row["day"] == day)
    limit = in_words(row["limit_halfway"], names)
    return (
        f"By day {day} after a decision {span(row['low'], row['high'])} troops of others could be in {names[host]} by "
        f"these planning factors, {row['halfway']:,} with every figure half-way; then the limit is: {limit}"
    )


def in_words(limit: str, names: Mapping[str, str]) -> str:
    """A limit as a reader expects it, with names for codes.

    >>> in_words("roads POL-LTU", {"POL": "Poland", "LTU": "Lithuania"})
    'roads Poland–Lithuania'
    """
    kind = _kind(limit)
    if kind is None:
        return limit
    where = limit.removeprefix(kind).strip()
    places = ["–".join(names.get(code, code) for code in place.split("-")) for place in where.split(", ") if place]
    return f"{kind} {listed(places)}".strip()


def _warn(
    work: Workings, ways: Ways, factors: Mapping[str, Row], without: Sequence[Row], names: Mapping[str, str]
) -> None:
    guessed = sum(row["basis"] == "judgement" for row in factors.values()) + sum(
        link["basis"] == "judgement" for link in ways.links
    )
    total = len(factors) + len(ways.links)
    work.caveat(
        f"{guessed} of {total} planning factors and numbers of lines are judgements of the author; the range is that "
        "of the factors, not of what can happen."
    )
    work.caveat(
        "Arrived means across the border or landed, not ready to fight. Nobody hinders the movement, no road, port or "
        "airfield is lost, and civil traffic gives way."
    )
    work.caveat("The time to decide is not counted, and all forces on call go to this one host.")
    work.caveat("A force on call is what was announced; how much of it is manned and ready is not on record.")
    work.caveat(
        "Airfields and ports are those on record, not an inventory, as of 2026 also for earlier days; so are the "
        "planning factors. Movement within the host is left out."
    )
    if without:
        work.caveat(f"Not counted, as no strength is on record: {'; '.join(row.text('force') for row in without)}.")
    if ways.unlinked:
        who = listed([names[state] for state in ways.unlinked])
        work.caveat(f"No road or railway from {who} is on record: what starts there can come by air or sea only.")
