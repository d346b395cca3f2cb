"""Which forces were where on a day: visiting and own forces by host state, with the largest published figures.

A force is in place from the day it certainly began until the day it ended; one that is announced, or whose
basing is planned, is counted apart, and where the dates on record leave it open the answer is "cannot tell".
Territory is counted as the UN General Assembly counts it (resolution 68/262). Figures are in persons (aircraft
where said). Rows overlap: a brigade and its battalions, an aggregate and its parts, a battlegroup and its
reinforcement, one unit in several states. So figures are never added up: per host state and measure, the
largest single figure on record stands for itself, and figures of different measures (a battlegroup, all allied
troops in the host state, one company) are never mixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from dualtrack.analyses.names import named
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import last_day, months_between, parse_day, spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Figure, Finding
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

Side = Literal["all", "nato", "russia"]
By = Literal["scope", "force"]
Standing = Literal["in place", "planned", "cannot tell", "ended", "not announced"]

EXAMPLES: tuple[dict[str, object], ...] = (
    {}, {"side": "nato"}, {"side": "russia"}, {"host": "EST"}, {"host": "BLR"}, {"by": "force"},
)  # fmt: skip

# Scopes of `strengths` that say how strong a force is where it is; others are plans, claims or whole states.
PRESENT = ("present", "battlegroup", "reported", "estimated", "after redeployment", "left behind")
IN_HOST = "allied troops in host state"
HOST_NATION = "host-nation forces"
BASINGS = ("permanent", "persistent", "rotational", "prepositioned")
_SIDES = {"nato": "of NATO members", "russia": "of Russia"}
_GONE = ("ended", "not announced")
_LONG = 12  # months after which a rotation with no end on record is named in a caveat


@dataclass(frozen=True)
class Force:
    """One row of ``deployments`` on a day, with the strength known for that day.

    ``low`` and ``high`` are persons, None where unknown; ``measure`` says what was counted: a scope of
    ``strengths``, or the echelon where the figure is the row's own. ``own_territory``: every sending state is a
    host. ``aggregate``: the row sums up units that are listed elsewhere.
    """

    id: str
    name: str
    side: str
    senders: tuple[str, ...]
    hosts: tuple[str, ...]
    lat: float | None
    lon: float | None
    echelon: str
    basing: str
    command: str
    low: float | None
    high: float | None
    measure: str
    strength_as_of: str | None
    own_territory: bool
    aggregate: bool
    standing: Standing
    row: Row
    strength: Row | None


def forces_in_place(record: Record, day: date) -> list[Force]:
    """The forces in place on a day, in the order of the record; their figures overlap and are never added."""
    return [force for force in forces(record, day) if force.standing == "in place"]


def forces(record: Record, day: date) -> list[Force]:
    """All forces known to the record, with where each stood on a day not later than the record's."""
    return record.once(
        ("forces", day),
        lambda: _forces(record.rows("deployments"), record.rows("strengths"), day, record.compiled),
    )


def run(
    record: Record,
    host: Annotated[str | None, "a host state (ISO 3166 alpha-3) or a group such as nato"] = None,
    side: Annotated[Side, "whose forces: all, nato or russia"] = "all",
    date: Annotated[str | None, "the day asked about; the as-of day unless given, never later"] = None,
    by: Annotated[
        By, "scope: a row per host state, figures by what they count; force: a row per force, with who commands it"
    ] = "scope",
) -> Finding:
    """The forces in place on the day, one row per host state or one per force."""
    day = parse_day(date, "date") if date else record.as_of
    if day > record.as_of:
        raise BadInput(f"date={date} is after the as-of day {record.as_of}.", "Ask with a later --as-of.")
    work = Workings(record, "presence", {"host": host, "side": side, "date": date, "by": by})
    states = {row.id for row in work.select("states")}
    host = host.upper() if host and host.upper() in states else host
    asked = None if host is None else [host] if host in states else record.members(host, day)
    strengths = work.select("strengths")
    known = _forces(work.select("deployments"), strengths, day, record.compiled)
    known = [force for force in known if side in ("all", force.side)]
    chosen = [f for f in known if f.standing not in _GONE and (asked is None or set(asked) & set(f.hosts))]
    if by == "force":
        rows = [_force_row(force) for force in chosen]
    else:
        rows = _Hosts(work, known, strengths, day, states if side == "all" else set()).rows(asked, host in states)
    if not rows:
        raise BadInput(
            f"The record lists no force in {host or 'any state'} on {day}, as known on {record.as_of}.",
            "What is not listed was not collected; know table deployments shows what was.",
        )
    for force in chosen:
        _note(work, force)
    there = [force for force in chosen if force.standing == "in place"]
    untold = [force.id for force in chosen if force.standing == "cannot tell"]
    _warn(work, there, day)
    return work.finding(
        question=f"Which forces were in place {f'in {named(record, host)} ' if host else ''}on {spell(day)}?",
        headline=_headline(record, there, asked, side, day),
        answer=Answer(
            kind="table",
            value=rows,
            unknown=untold,
            why_unknown="the dates in deployments leave open whether in place" if untold else None,
            coverage=Coverage(
                known=sum(bool(force.low) or force.high is not None for force in there),
                total=len(there),
                of="forces in place have a troop figure on record",
            ),
        ),
        method=(
            "A force is in place when the last day its start can mean is not after the day and no end by then is on "
            "record. Its strength is the latest figure of a scope that counts who is present, dated not after the day "
            "and not before the force began, else the figure of its own row. Per host state and measure the largest "
            "single figure is shown; nothing is added up, as rows overlap."
        ),
    )


def _forces(deployments: Sequence[Row], strengths: Sequence[Row], day: date, compiled: date) -> list[Force]:
    by_key: dict[str, list[Row]] = {}
    for row in strengths:
        by_key.setdefault(row.text("force_key"), []).append(row)
    return [_force(row, by_key.get(row.id, []), day, compiled) for row in deployments]


def _force(row: Row, strengths: Sequence[Row], day: date, compiled: date) -> Force:
    senders, hosts = tuple(row.parts("sending_states")), tuple(row.parts("host_state"))
    found = _latest([s for s in strengths if s["scope"] in PRESENT and s["unit"] == "troops"], row.first("start"), day)
    figured = row["troops_low"] is not None or row["troops_high"] is not None
    own = _latest([row] if figured else [], row.first("start"), day)
    if own and (found is None or _dated(own) > _dated(found)):
        found = own
    return Force(
        id=row.id, name=row.text("unit_or_force"), side=row.text("side"), senders=senders, hosts=hosts,
        lat=row.number("lat"), lon=row.number("lon"), echelon=row.text("echelon"), basing=row.text("basing"),
        command=row.text("command"),
        low=found.number("troops_low") if found else None, high=found.number("troops_high") if found else None,
        measure="" if found is None else row.text("echelon") if found is row else found.text("scope"),
        strength_as_of=found.text(_when(found)) if found else None,
        own_territory=bool(senders) and set(senders) <= set(hosts), aggregate=row["echelon"] == "aggregate",
        standing=_standing(row, day, compiled), row=row, strength=found,
    )  # fmt: skip


def _when(row: Row) -> str:
    return "strength_as_of" if row.spec.table == "deployments" else "as_of"


def _dated(row: Row) -> date:
    return row.last(_when(row)) or date.min


def _latest(rows: Iterable[Row], begun: date | None, day: date) -> Row | None:
    """The row with the latest figure of those dated between the day a force began and the day asked about."""
    fit = [row for row in rows if (begun or date.min) <= _dated(row) <= day]
    return max(fit, key=lambda row: (_dated(row), row.id), default=None)


def _standing(row: Row, day: date, compiled: date) -> Standing:
    """Where a force stood on a day; ``status`` speaks for the day the record was compiled and later."""
    first, last, end = row.first("start"), row.last("start"), row.last("end")
    status = row.text("status") if day >= compiled else ""
    if (end and end <= day) or (status == "ended" and not end):
        return "ended"
    if row["basing"] == "planned" or (first and first > day):
        announced = row.last("announced") or row.last("known_from") or compiled
        return "planned" if announced <= day else "not announced"
    if row["status"] == "ended" and not end:
        return "cannot tell"  # over by the day the record was compiled, since when is not known
    if last is None and status != "active":  # its start was not known yet, or never was
        said = row.last("announced")
        return "planned" if said and said <= day else "cannot tell"
    return "in place" if last is None or last <= day else "cannot tell"


class _Hosts:
    """What the record holds on each host state on a day: its forces, and the figures that stand for themselves.

    Args:
        work: the workings.
        known: the forces of the side asked about, ended ones too: their keys also carry figures of whole hosts.
        strengths: all strengths.
        day: the day asked about.
        states: codes of which an aggregate is taken; none where one side is asked about, as aggregates name no side.
    """

    def __init__(self, work: Workings, known: list[Force], strengths: list[Row], day: date, states: set[str]) -> None:
        self.work = work
        self.chosen = [force for force in known if force.standing not in _GONE]
        self.day = day
        self._contributions = work.select("contributions")
        self._personnel = work.select("personnel")
        self._place = {force.id: force.hosts[0] for force in known if len(force.hosts) == 1}
        self._counts: dict[tuple[str, str, str], list[Row]] = {}  # counts of more than one force: host, role, key
        self._wider = set[str | None]()
        for row in strengths:
            key, scope = row.text("force_key"), row.text("scope")
            place = row.text("host_state")
            if scope == IN_HOST and key in self._place:
                place = self._place[key]
            elif not (key.startswith("A-") and place in states and scope in (*PRESENT, HOST_NATION)):
                continue
            if row["unit"] == "troops" and _dated(row) <= day:
                self._counts.setdefault((place, "own" if scope == HOST_NATION else "visiting", key), []).append(row)
                self._wider |= {f"strengths/{row.id}"} if scope != HOST_NATION else set()

    def rows(self, asked: list[str] | None, alone: bool) -> list[dict[str, Any]]:
        """One row per host state, sorted by code; of a group, only those that host anything on record."""
        hosts = (
            asked if asked is not None else {h for f in self.chosen for h in f.hosts} | {key[0] for key in self._counts}
        )
        return [row for host in sorted(hosts) if (row := self._row(host, alone))]

    def _row(self, host: str, alone: bool) -> dict[str, Any] | None:
        here = [force for force in self.chosen if host in force.hosts]
        there = [force for force in here if force.standing == "in place"]
        figures = self._figures(host, there)
        national = self._national(host)
        if not here and not figures and not (alone and national.row):
            return None
        senders = {state for force in there for state in force.senders} | {c.label for c in self._sent(there)}
        return {
            "host": host,
            "forces": len(there),
            "own": sum(force.own_territory for force in there),
            "basing": {word: sum(f.basing == word for f in there) for word in BASINGS}
            | {"planned": sum(force.standing == "planned" for force in here)},
            "overlap": _overlap(there, any(figure.row in self._wider for figure in figures)),
            "senders": sorted(senders - {host}),
            "contributions": [figure.model_dump() for figure in self._sent(there)],
            "figures": [figure.model_dump() for figure in (*figures, national)],
        }

    def _figures(self, host: str, there: list[Force]) -> list[Figure]:
        """The largest single figure of each measure, visiting forces first."""
        found: dict[tuple[str, str, str], list[tuple[float, Figure, Row]]] = {}

        def add(role: str, label: str, unit: str, row: Row, low: str, high: str) -> None:
            figure = row.interval(low, high)
            size = figure.high if figure.high is not None else figure.low
            if size is not None and (size or figure.high == 0):
                id_ = f"{row.spec.table}/{row.id}"
                shown = Figure(role=role, label=label, low=figure.low, best=figure.best, high=figure.high, unit=unit,
                               as_of=row.text(_when(row)) or None, row=id_)  # fmt: skip
                found.setdefault((role, label, unit), []).append((size, shown, row))

        for force in there:
            role = "own" if force.own_territory else "visiting"
            several = f", in {len(force.hosts)} states" if len(force.hosts) > 1 else ""
            if force.strength:
                add(role, force.measure + several, "persons", force.strength, "troops_low", "troops_high")
            if (force.row.last("strength_as_of") or self.day) <= self.day:
                add(role, force.echelon + several, "aircraft", force.row, "aircraft", "aircraft")
        for (place, role, _), rows in self._counts.items():
            if place == host and (latest := _latest(rows, None, self.day)):
                add(role, latest.text("scope"), "persons", latest, "troops_low", "troops_high")
        largest = [max(same, key=lambda f: (f[0], f[1].as_of or "", f[2].id)) for same in found.values()]
        for _, figure, row in largest:
            self.work.use(row, *(("aircraft",) if figure.unit == "aircraft" else ("troops_low", "troops_high")))
        order = sorted(largest, key=lambda f: (f[1].role == "own", f[1].unit != "persons", -f[0], f[1].label))
        return [figure for _, figure, _ in order]

    def _national(self, host: str) -> Figure:
        """Military personnel in the latest year and edition known; without bounds where none is on record."""
        rows = [r for r in self._personnel if r["state"] == host and (r.number("year") or 0) <= self.day.year]
        row = max(rows, key=lambda r: (r.text("year"), r.text("edition")), default=None)
        if row is None:
            return Figure(role="own", label="military personnel", unit="persons")
        self.work.use(row, "military_personnel")
        number, estimate = row.number("military_personnel"), " (estimate)" if row["status"] == "estimate" else ""
        return Figure(role="own", label=f"military personnel{estimate}", low=number, best=number, high=number,
                      unit="persons", as_of=row.text("year"), row=f"personnel/{row.id}")  # fmt: skip

    def _sent(self, there: list[Force]) -> list[Figure]:
        """Troops by sending state and force, the latest on record of each; far from complete."""
        begun = {force.id: force.row.first("start") for force in there}
        latest: dict[tuple[str, str], Row] = {}
        for row in self._contributions:
            key = row.text("state"), row.text("force_key")
            if key[1] in begun and (begun[key[1]] or date.min) <= _dated(row) <= self.day:
                latest[key] = max(latest.get(key, row), row, key=_dated)
        for row in latest.values():
            self.work.use(row, "troops_low", "troops_high")
        return [
            Figure(label=state, low=row.number("troops_low"), high=row.number("troops_high"),
                   best=row.interval("troops_low", "troops_high").best, unit="persons", as_of=row.text("as_of"),
                   row=f"contributions/{row.id}")
            for (state, _), row in sorted(latest.items())
        ]  # fmt: skip


def _overlap(there: list[Force], wider: bool) -> str:
    """Whether figures of a host may count the same people: unknown where no row says so and none rules it out."""
    if len(there) + wider <= 1:
        return "no"
    return "yes" if wider or any(force.aggregate or len(force.hosts) > 1 for force in there) else "unknown"


def _force_row(force: Force) -> dict[str, Any]:
    there = force.standing == "in place"
    return {
        "force": force.id, "standing": force.standing, "echelon": force.echelon, "basing": force.basing,
        "command": force.command, "senders": list(force.senders),
        "low": force.low if there else None, "high": force.high if there else None,
        "measure": force.measure if there else None, "strength_as_of": force.strength_as_of if there else None,
        "hosts": list(force.hosts), "own_territory": force.own_territory,
        "aggregate": force.aggregate, "side": force.side, "name": force.name,
    }  # fmt: skip


def _note(work: Workings, force: Force) -> None:
    work.use(force.row, "host_state", "basing")
    if force.standing == "planned":
        work.use(force.row, "announced")
        return
    work.use(force.row, "sending_states", "start", *(["end"] if force.row["end"] else []))
    if force.standing == "in place" and force.strength:
        work.use(force.strength, "troops_low", "troops_high")


def _warn(work: Workings, there: list[Force], day: date) -> None:
    spec = work.record.spec("deployments")
    work.caveat(f"What is listed is a selection: {spec.collected[0].lower()}{spec.collected[1:]}")
    whose = spec.field("side").values
    over = [e for e in spec.complete if e.complete_to and last_day(e.complete_to) < day]
    if over:
        ends = [f"{whose[e.part.removeprefix('side = ')]} to {spell(e.complete_to)}" for e in over]
        work.caveat(f"Collected for {listed(ends)}; what began later is not listed.")
    work.caveat("Forces sent into a war are not collected.")
    work.caveat("Rows overlap, so no figure may be added to another; each is the largest single one of its kind.")
    long = [f.id for f in there if f.basing == "rotational" and not f.row["end"] and (b := f.row.first("start"))
            and months_between(b, day) > _LONG]  # fmt: skip
    if long:
        work.caveat(
            "Ends of rotations are weak. No end was on record for these, begun more than a year before; some may "
            f"have left: {', '.join(long)}."
        )
    nowhere = [force.name for force in there if not force.hosts]
    if nowhere:
        work.caveat(f"No host state on record: {'; '.join(nowhere)}.")
    work.caveat(
        "Military personnel are collected for NATO members only; where no figure is shown, none was on record by then."
    )


def _headline(record: Record, there: list[Force], asked: list[str] | None, side: Side, day: date) -> str:
    if not there:
        where = f" in {listed([named(record, code) for code in asked])}" if asked and len(asked) <= 3 else ""
        return f"No single force is listed as in place{where} on {spell(day)}; what is not listed was not collected"
    hosts = {host for force in there for host in force.hosts if asked is None or host in asked}
    sides = [f"{sum(f.side == s for f in there)} {words}" for s, words in _SIDES.items() if side in ("all", s)]
    home = sum(force.own_territory for force in there)
    return (
        f"{plural(len(there), 'listed force')} in place in {plural(len(hosts), 'state')} on {spell(day)}: "
        f"{listed(sides)}; {home} of them on own territory"
    )
