"""A reading's test applied to forces: which count, where the test is met, and by how much.

Bounds keep the rule that overlapping rows are never added up: at least as many troops are in a place as the largest
single force there has; at most as many as all of them have together if none overlaps.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dualtrack.analyses.presence import Force
from dualtrack.core.interval import Interval
from dualtrack.core.ternary import Ternary, every, some
from dualtrack.record.stationing import StationingTest, combat, ranks, reaches

YES, NO, UNKNOWN = Ternary.YES, Ternary.NO, Ternary.UNKNOWN
VISITING = ("permanent", "persistent", "rotational")


@dataclass(frozen=True)
class Area:
    """Where and since when deployments count.

    ``hosts`` None means every state but the sender's own. ``signed`` is the day from which a force is additional,
    ``collected`` the first day of which an absence says anything.
    """

    hosts: frozenset[str] | None
    signed: date
    collected: date


@dataclass(frozen=True)
class Placed:
    """One force in one host state, or over all hosts, with whether it counts and the first reason why that is open.

    ``low`` and ``high`` are the persons of it that are there, None unknown; ``part`` says that the row names other
    states, too, or the host's own troops, so that any part of it may be there.
    """

    force: Force
    host: str
    counts: Ternary
    why: str
    low: float | None
    high: float | None
    part: bool

    def large(self, test: StationingTest) -> Ternary:
        """Whether it is of the size the test asks for."""
        least, most = ranks(self.force.echelon)
        return test.large((0 if self.part else least, most), self.low, self.high)


@dataclass(frozen=True)
class Place:
    """Where a test is applied: a force in a host, a host, or all hosts; with the figure it was applied to.

    ``figure`` is in persons where the test names troops, in days where it asks for every day, else in forces.
    """

    key: str
    hosts: tuple[str, ...]
    met: Ternary
    figure: Interval
    forces: tuple[Placed, ...]


@dataclass(frozen=True)
class Judged:
    """What a test gives: the answer, the places that decide it, and what is missing where it cannot be told."""

    met: Ternary
    deciding: tuple[Place, ...]
    why_unknown: str = ""


def visits(force: Force, host: str) -> Ternary:
    """Whether a force in a host state has troops of another state; unknown where no sender is on record."""
    if not force.senders:
        return UNKNOWN
    return YES if set(force.senders) - {host} else NO


def hosts_of(force: Force, area: Area) -> list[str]:
    """The host states of the area in which a force is a visitor, or may be."""
    return [h for h in force.hosts if (area.hosts is None or h in area.hosts) and visits(force, h) is not NO]


def _present(force: Force, test: StationingTest) -> Ternary:
    match force.standing:
        case "in place":
            return YES
        case "cannot tell":
            return UNKNOWN
        case "planned" if "planned" in test.basing:
            return YES
        case _:
            return NO


def _additional(force: Force, area: Area) -> Ternary:
    first, last = force.row.first("start"), force.row.last("start")
    if force.standing == "planned" or (first and first > area.signed):
        return YES
    return NO if last and last <= area.signed else UNKNOWN


def _counts(force: Force, host: str, test: StationingTest, area: Area) -> tuple[Ternary, str]:
    """Whether a force of a basing that counts does so in a host, size apart, and what first leaves it open."""
    said = [
        (_present(force, test), "whether it was in place"),
        (visits(force, host), "whose troops they are"),
        (combat(force.echelon) if test.combat_only else YES, _kind_open(force)),
        (_additional(force, area) if test.additional else YES, "whether it was there before the Act"),
    ]
    counts = every(answer for answer, _ in said)
    return counts, next((why for answer, why in said if answer is UNKNOWN), "") if counts is UNKNOWN else ""


def _kind_open(force: Force) -> str:
    if force.aggregate:
        return "which units of a sum are combat forces"
    word = force.echelon or "unit of no size on record"
    return f"whether {'an' if word[0] in 'aeio' else 'a'} {word} is a combat force"


def placed(forces: Sequence[Force], test: StationingTest, area: Area) -> list[Placed]:
    """Every force in every host in which it counts or may count, in the order of the record."""
    found = []
    for force in forces:
        if force.basing not in test.basing or _present(force, test) is NO:
            continue  # most forces, and told at once
        for host in hosts_of(force, area):
            counts, why = _counts(force, host, test, area)
            if counts is not NO:
                part = len(force.hosts) > 1 or host in force.senders
                found.append(Placed(force, host, counts, why, 0 if part else force.low, force.high, part))
    return found


def judge(
    test: StationingTest,
    day: date,
    on: Mapping[date, Sequence[Force]],
    area: Area,
    totals: Mapping[str, Interval],
) -> Judged:
    """The test on a day.

    Args:
        test: the reading's test.
        day: the day asked about.
        on: the forces by day, of the day itself and of every day of the year before on which something changed.
        area: where and since when deployments count.
        totals: counts of all visiting troops (persons) by host, for tests that take troops of every kind and basing.
    """
    if not test.basing:
        if test.binds(day) is NO:
            return Judged(NO, ())
        return Judged(UNKNOWN, (), "the reading gives no test for days on which the restraint still binds")
    here = placed(on[day], test, area)
    places = _through_the_year(test, day, on, area) if test.continuous else _today(test, here, area, totals)
    met = some(place.met for place in places)
    deciding = [place for place in places if place.met is met]
    if met is NO and places:
        most = max(_most(place.figure) for place in places)
        deciding = [place for place in deciding if _most(place.figure) == most]
    why = _why(test, deciding) if met is UNKNOWN else ""
    if test.unrecorded and met is YES:
        met, why = UNKNOWN, f"no table says whether {test.unrecorded}"
    if (binds := test.binds(day)) is not YES and met is not NO:
        met, why = (NO, "") if binds is NO else (UNKNOWN, f"whether it still bound on {day}")
    return Judged(met, tuple(sorted(deciding, key=lambda place: place.key)), why)


def _most(figure: Interval) -> float:
    return figure.high if figure.high is not None else float("inf")


def _today(test: StationingTest, here: Sequence[Placed], area: Area, totals: Mapping[str, Interval]) -> list[Place]:
    if test.counted == "per_force":
        return [
            Place(f"{p.force.id} {p.host}", (p.host,), every([p.counts, p.large(test)]), _single(test, p), (p,))
            for p in here
        ]
    everything = not test.combat_only and not test.additional and set(VISITING) <= set(test.basing)
    found: dict[str, list[Placed]] = {host: [] for host in totals} if everything else {}
    for p in here:
        found.setdefault(p.host, []).append(p)
    figures = {host: _with_total(_troops(forces), totals.get(host) if everything else None)
               for host, forces in found.items()}  # fmt: skip
    if test.counted == "per_host":
        return [_place(test, host, (host,), figures[host], found[host]) for host in found]
    everywhere = _over_all(figures.values(), here, area, everything)
    return [_place(test, "", tuple(sorted(found)), everywhere, here)] if found else []


def _place(test: StationingTest, key: str, hosts: tuple[str, ...], figure: Interval, forces: Sequence[Placed]) -> Place:
    if test.troops_at_least:
        return Place(key, hosts, reaches(figure.low or 0, figure.high, test.troops_at_least), figure, tuple(forces))
    sure = {p.force.id for p in forces if p.counts is YES}
    known = Interval(len(sure), len({p.force.id for p in forces}))
    return Place(key, hosts, some(p.counts for p in forces), known, tuple(forces))


def _single(test: StationingTest, p: Placed) -> Interval:
    if not test.troops_at_least:
        return Interval(int(p.counts is YES), 1)
    return Interval((p.low or 0) if p.counts is YES else 0, p.high)


def _troops(forces: Sequence[Placed]) -> Interval:
    """Persons of the forces that count in one host: the largest single one, up to all of them together."""
    low = max((p.low or 0 for p in forces if p.counts is YES), default=0)
    highs = [p.high for p in forces]
    return Interval(low, None if None in highs else sum(h for h in highs if h is not None))


def _with_total(figure: Interval, total: Interval | None) -> Interval:
    if total is None:
        return figure
    high = None if figure.high is None or total.high is None else max(figure.high, total.high)
    return Interval(max(figure.low or 0, total.low or 0), high)


def _over_all(figures: Collection[Interval], here: Sequence[Placed], area: Area, everything: bool) -> Interval:
    """Over all hosts nobody is twice: the sum of what each surely has, or one force that is spread over them."""
    inside = [
        p.force.low or 0 for p in here
        if p.counts is YES and not set(p.force.senders) & set(p.force.hosts)
        and (area.hosts is None or set(p.force.hosts) <= area.hosts)
    ]  # fmt: skip
    low = max([sum(figure.low or 0 for figure in figures), *inside])
    once = {p.force.id: p.high for p in here}.values()
    highs = [figure.high for figure in figures] if everything else list(once)
    return Interval(low, None if None in highs else sum(h for h in highs if h is not None))


def year_before(day: date) -> date:
    """The first day of the year that ends with a day.

    >>> year_before(date(2017, 12, 31)), year_before(date(2016, 2, 29))
    (datetime.date(2017, 1, 1), datetime.date(2015, 3, 1))
    """
    return (day + timedelta(1)).replace(year=(day + timedelta(1)).year - 1)


def _through_the_year(test: StationingTest, day: date, on: Mapping[date, Sequence[Force]], area: Area) -> list[Place]:
    """How many days of the year somebody counted was there, surely and possibly, by place."""
    begin = year_before(day)
    total = (day - begin).days + 1
    days = sorted(d for d in on if begin <= d <= day)
    sure, maybe = dict[str, int](), dict[str, int]()
    seen: dict[str, dict[tuple[str, str], Placed]] = {}
    for first, after in zip(days, [*days[1:], day + timedelta(1)], strict=True):
        length = (after - first).days
        here = placed(on[first], test, area)
        for key in dict.fromkeys(p.host if test.counted == "per_host" else "" for p in here):
            mine = [p for p in here if key in ("", p.host)]
            seen.setdefault(key, {}).update({(p.force.id, p.host): p for p in mine})
            maybe[key] = maybe.get(key, 0) + length
            sure[key] = sure.get(key, 0) + length * (some(p.counts for p in mine) is YES)
    missed = max((min(area.collected, day) - begin).days, 0)  # of these days an absence says nothing
    places = []
    for key, counted in seen.items():
        low, high = sure[key], min(maybe[key] + missed, total)
        met = YES if low == total else NO if high < total else UNKNOWN
        hosts = (key,) if key else tuple(sorted({p.host for p in counted.values()}))
        places.append(Place(key, hosts, met, Interval(low, high), tuple(counted.values())))
    return places


def _why(test: StationingTest, places: Sequence[Place]) -> str:
    """What leaves the deciding places open, by force, the reasons that are the same told once."""
    reasons: dict[str, dict[str, None]] = {}
    for place in places:
        for p in place.forces:
            if p.counts is UNKNOWN:
                reasons.setdefault(p.why, {})[p.force.id] = None
            elif test.sized and p.large(test) is not NO:
                reasons.setdefault(_size_open(test, p), {})[p.force.id] = None
    if test.continuous:
        days = max(places, key=lambda place: place.figure.low or 0).figure
        reasons = {f"of the year's days {days.low:g} are sure": {}, **reasons}
    return "; ".join(f"{why} ({_some(list(ids))})" if ids else why for why, ids in reasons.items())


def _size_open(test: StationingTest, p: Placed) -> str:
    if p.part:
        return "how many of them were in this state"
    if p.low is p.high is None:
        return "no strength on record"
    if test.counted != "per_force":
        return "how many in all, as figures may overlap and some are missing"
    return "strength or echelon on the line"


def _some(ids: Sequence[str]) -> str:
    return ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
