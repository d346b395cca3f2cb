"""Under which readings of "additional permanent stationing of substantial combat forces" would it not be kept.

The words are NATO's in section IV of the NATO-Russia Founding Act of 1997, and were never jointly defined. Every
reading on record is a test over the table of deployments (`readings/substantial_combat_forces`), applied to forces
on the territory of other states: *yes* says that the test for a breach is met under this reading, *no* that it is
not, *unknown* that basing, echelon, strength or dates leave it open. The same tests are applied to the forces of
NATO members in states that joined after the Act, and to Russian forces in other states, which the sentence does not
bind. A result is never a judgement of law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from dualtrack.analyses.presence import IN_HOST, Force, forces
from dualtrack.analyses.stationing import VISITING, Area, Judged, Place, hosts_of, judge, year_before
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day, parse_day, spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, ByReading, Coverage, Figure, Finding
from dualtrack.core.interval import Interval
from dualtrack.core.show import amount, span
from dualtrack.core.ternary import Ternary
from dualtrack.record.readings import Reading
from dualtrack.record.rows import Row
from dualtrack.record.stationing import StationingTest, Threshold, combat, ranks
from dualtrack.record.store import Record

Whose = Literal["nato", "russia", "all"]

SLOT = "substantial_combat_forces"
EXAMPLES: tuple[dict[str, object], ...] = tuple(
    {"date": day, "forces": whose} for whose in ("nato", "russia") for day in ("2016-07-31", "2017-12-31", "2022-12-31")
)

_RULE = "nrfa-scf"
_WORDS = {"nato": "forces of NATO members", "russia": "forces of Russia"}
_BOUND = "nato"
_RELAXED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rotation counts", {"basing": VISITING}),
    ("any size counts", {"echelon_at_least": None, "troops_at_least": None}),
    ("support counts", {"combat_only": False}),
    ("it still binds", {"binding_until": ""}),
)


@dataclass(frozen=True)
class _Case:
    """The forces of one side on a day, and the area in which they are looked at."""

    whose: str
    day: date
    area: Area
    on: Mapping[date, Sequence[Force]]
    totals: Mapping[str, tuple[Interval, Row]]

    def judge(self, test: StationingTest) -> Judged:
        totals = {host: figure for host, (figure, _) in self.totals.items()}
        return judge(test, self.day, self.on, self.area, totals)

    @property
    def visiting(self) -> list[tuple[Force, list[str]]]:
        """The forces that are in a host state of the area, may be or are to be, with these hosts."""
        pairs = [(force, hosts_of(force, self.area)) for force in self.on[self.day]]
        return [(f, hosts) for f, hosts in pairs if hosts and f.standing in ("in place", "cannot tell", "planned")]


def run(
    record: Record,
    date: Annotated[str | None, "the day asked about; the as-of day unless given, never later"] = None,
    forces: Annotated[
        Whose, "whose forces on other states' territory: nato, russia or all, by the same tests"
    ] = "nato",
    host: Annotated[
        str | None, "a host state or group; states that joined NATO after the Act, or for others any but their own"
    ] = None,
) -> Finding:
    """The test of each reading, applied to the forces on the day."""
    day = parse_day(date, "date") if date else record.as_of
    if day > record.as_of:
        raise BadInput(f"date={date} is after the as-of day {record.as_of}.", "Ask with a later --as-of.")
    work = Workings(record, "founding_act", {"date": date, "forces": forces, "host": host})
    act = next((row for row in work.select("rules", "id = ?", _RULE)), None)
    if act is None or (signed := act.first("valid_from")) is None:
        raise BadInput("The record holds no date for the Founding Act.", f"rules.csv has it in the row {_RULE}.")
    work.use(act, "action", "condition", "valid_from")
    sides = ["nato", "russia"] if forces == "all" else [forces]
    cases = [_case(work, side, day, signed, host) for side in sides]
    if not any(case.visiting for case in cases):
        raise BadInput(
            f"The record lists no {listed([_WORDS[side] for side in sides])} on the territory of another state"
            f"{f' in {host}' if host else ''} on {day}, as known on {record.as_of}.",
            "What is not listed was not collected; know table deployments shows what was.",
        )
    readings = [r for r in record.readings(SLOT) if r.test]
    lines, found = list[dict[str, Any]](), list[ByReading]()
    for case in cases:
        for reading in readings:
            assert reading.test  # chosen above
            judged = case.judge(reading.test)
            lines.append(_line(case, reading, judged, several=len(cases) > 1))
            found.append(_by_reading(case, reading, judged, several=len(cases) > 1))
        _note(work, case)
    _note_positions(work, readings)
    _warn(work, cases)
    standing = [(f, case) for case in cases for f, _ in case.visiting if f.standing == "in place"]
    hosts = [row for case in cases for row in _host_rows(work, case, found)]
    return work.finding(
        question=_question(cases, host),
        headline=_headline(cases, lines),
        answer=Answer(
            kind="table",
            value=lines,
            unit="readings",
            unknown=[line["reading"] for line in lines if line["met"] == "unknown" and line["counts"] == "yes"],
            why_unknown="basing, echelon, strength or dates on record leave the test open",
            coverage=Coverage(
                known=sum(force.low is not None or force.high is not None for force, _ in standing),
                total=len(standing),
                of="visiting forces in place have a strength on record; basing is on record for all of them",
            ),
            summary={"By host state": hosts} if hosts else {},
        ),
        by_reading=found,
        method=(
            "Per reading: a force counts where it was in place in a host state of other troops than its own, began "
            "after the Act, is based in a way the reading takes for stationing, and is a combat force by its echelon; "
            "staffs, sites and stores are not, detachments and sums over units of every kind are unknown. Size: by "
            "echelon and troops where the reading names them; a row whose echelon and strength disagree is unknown. "
            "Troops of a place: at least its largest single force, at most all of them as if none overlapped. Every "
            "day of a year: the days on which some counted force was surely, and possibly, there."
        ),
    )


def _case(work: Workings, whose: str, day: date, signed: date, host: str | None) -> _Case:
    record = work.record
    known = [force for force in forces(record, day) if force.side == whose]
    work.select("deployments", "side = ?", whose)
    strengths = work.select("strengths")
    extents = record.spec("deployments").complete
    begun = [first_day(e.complete_from) for e in extents if e.part == f"side = {whose}" and e.complete_from]
    area = Area(_hosts(work, whose, day, signed, host), signed, max(begun, default=signed))
    on = {d: [f for f in forces(record, d) if f.side == whose] for d in _turns(known, day)}
    return _Case(whose, day, area, {**on, day: known}, _totals(known, strengths, area, day))


def _hosts(work: Workings, whose: str, day: date, signed: date, host: str | None) -> frozenset[str] | None:
    """The host states looked at: those asked for, else for the side that is bound its members since the Act."""
    states = {row.id for row in work.select("states")}
    if host is not None:
        return frozenset([host.upper()] if host.upper() in states else work.record.members(host, day))
    if whose != _BOUND:
        return None
    joined = [row for row in work.select("groups", '"group" = ?', "nato") if (row.first("from") or signed) > signed]
    for row in joined:
        work.use(row, "state", "from")
    return frozenset(row.text("state") for row in joined) & frozenset(work.record.members("nato", day))


def _turns(known: Sequence[Force], day: date) -> list[date]:
    """The days of the year before on which a force may have come or gone, and its first day."""
    begin = year_before(day)
    turns = {begin}
    for force in known:
        for name in ("start", "end", "announced"):
            for turn in (force.row.first(name), force.row.last(name)):
                turns |= {turn, turn + timedelta(1)} if turn else set()
    return sorted(turn for turn in turns if begin <= turn <= day)


def _totals(known: Sequence[Force], strengths: Sequence[Row], area: Area, day: date) -> dict[str, tuple[Interval, Row]]:
    """The latest count of all visiting troops by host, where one is on record."""
    place = {f.id: f.hosts[0] for f in known if len(f.hosts) == 1}
    found: dict[str, Row] = {}
    for row in sorted(strengths, key=lambda row: (row.last("as_of") or date.min, row.id)):
        host = place.get(row.text("force_key"))
        inside = host and (area.hosts is None or host in area.hosts)
        if host and inside and row["scope"] == IN_HOST and (row.last("as_of") or date.max) <= day:
            found[host] = row
    return {host: (row.interval("troops_low", "troops_high"), row) for host, row in found.items()}


def _line(case: _Case, reading: Reading, judged: Judged, several: bool) -> dict[str, Any]:
    assert reading.test
    figure, breach, unit = _figures(reading.test, judged, case.day)
    ids = list(dict.fromkeys(p.force.id for place in judged.deciding for p in place.forces))
    return {
        **({"whose": case.whose} if several else {}),
        "reading": reading.id, "met": judged.met.value, "counts": _standing(reading, case.day),
        "low": figure.low if unit else None, "high": figure.high if unit else None,
        "met_from": breach.open if breach else None, "surely_from": breach.sure if breach else None, "unit": unit,
        "hosts": sorted({host for place in judged.deciding for host in place.hosts}), "forces": ids,
        "margin": _margin(case, reading.test, judged),
    }  # fmt: skip


def _standing(reading: Reading, day: date) -> str:
    """Whether a reading counts in the headline."""
    if reading.class_ == "stress":
        return "our test"
    return "yes" if reading.exists_on(day) else "not that day"


def _figures(test: StationingTest, judged: Judged, day: date) -> tuple[Interval, Threshold[int] | None, str | None]:
    """What is in place where the test is decided, from where on it is met, and the unit of both."""
    if not test.basing:
        return Interval(None, None), None, None
    breach: Threshold[int]
    if test.continuous:
        days = (day - year_before(day)).days + 1
        unit, breach = "days", Threshold(open=days, sure=days)
    elif test.troops_at_least:
        unit, breach = "persons", test.troops_at_least
    elif test.echelon_at_least:
        return Interval(None, None), None, None
    else:
        unit, breach = "forces", Threshold(open=1, sure=1)
    return _together(judged.deciding, add=unit == "forces"), breach, unit


def _together(places: Sequence[Place], add: bool) -> Interval:
    """The figure of the places that decide: forces are counted, of persons and days the greatest stands."""
    if add:
        forces_ = {p.force.id: p for place in places for p in place.forces}
        sure = {p.force.id for place in places for p in place.forces if p.counts is Ternary.YES}
        return Interval(len(sure), len(forces_))
    highs = [place.figure.high for place in places]
    low = max((place.figure.low or 0 for place in places), default=0)
    return Interval(low, None if None in highs else max((h for h in highs if h is not None), default=0))


def _margin(case: _Case, test: StationingTest, judged: Judged) -> str:
    """How far the answer is from another one: in figures, and which single word of the reading would change it."""
    figure, breach, unit = _figures(test, judged, case.day)
    if judged.met is Ternary.UNKNOWN:
        return judged.why_unknown
    if judged.met is Ternary.YES:
        if unit == "persons" and breach and breach.sure is not None:
            return f"{amount((figure.low or 0) - breach.sure)} persons above {amount(breach.sure)}"
        if unit == "forces":
            return f"{plural(int(figure.low or 0), 'force')} would have to go"
        return "every day of the year" if unit == "days" else _largest(judged)
    said = []
    if breach and unit and figure.high is not None:
        said.append(f"{amount(breach.open - figure.high)} {unit} short of {amount(breach.open)}")
    elif test.echelon_at_least:
        said.append(f"met from {_article(test.echelon_at_least.open)}; {_largest(judged)}")
    if test.binds(case.day) is Ternary.NO:
        said = ["not binding any more"]
    return "; ".join([*said, *_flips(case, test)])


def _flips(case: _Case, test: StationingTest) -> list[str]:
    """The single words of a reading that, read more widely, would change a no."""
    if not test.basing:
        return []
    told = []
    for words, change in _RELAXED:
        planned = ("planned",) if "planned" in test.basing and "basing" in change else ()
        wider = test.model_copy(update={**change, **({"basing": (*VISITING, *planned)} if planned else {})})
        if wider == test or (judged := case.judge(wider)).met is Ternary.NO:
            continue
        figure, _, unit = _figures(wider, judged, case.day)
        told.append(f"{judged.met.value} if {words}{f' ({_range(figure, unit)})' if unit else ''}")
    return told


def _range(figure: Interval, unit: str) -> str:
    """A figure with its unit; an unknown bound is shown as one."""
    if figure.low == figure.high:
        return plural(int(figure.low or 0), unit.removesuffix("s"))
    return f"{amount(figure.low)} to {amount(figure.high)} {unit}"


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeio" else f"a {word}"


def _largest(judged: Judged) -> str:
    """The force of the highest echelon that counts, in words; of equals, the one with the most troops."""
    counted = [p.force for place in judged.deciding for p in place.forces]
    if not counted:
        return "none counts"
    top = max(counted, key=lambda f: (ranks(f.echelon)[1], f.low or 0, f.id))
    return f"the largest that counts is {_article(top.echelon or 'unit')} ({top.id}, {span(top.low, top.high)} persons)"


def _by_reading(case: _Case, reading: Reading, judged: Judged, several: bool) -> ByReading:
    assert reading.test
    figure, breach, unit = _figures(reading.test, judged, case.day)
    parts = [
        Figure(role="in place", label="in place where it is decided", low=figure.low, high=figure.high, unit=unit),
        Figure(role="met from", label="from where on the test is met", low=breach.open, high=breach.sure, unit=unit),
    ] if breach else []  # fmt: skip
    return ByReading(
        reading={SLOT: reading.id, **({"forces": case.whose} if several else {})},
        class_=reading.class_,
        label=f"{reading.label}{f' ({_WORDS[case.whose]})' if several else ''}",
        later=not reading.exists_on(case.day),
        sources=list(reading.sources),
        why=reading.why.strip(),
        answer=Answer(kind="three_valued", value=judged.met.value, why_unknown=judged.why_unknown or None),
        parts=parts,
    )


def _host_rows(work: Workings, case: _Case, found: Sequence[ByReading]) -> list[dict[str, Any]]:
    """What is on record of each host state, by basing; figures are the largest single one, never a sum."""
    rows = []
    at = {host for _, hosts in case.visiting for host in hosts} | set(case.totals)
    for host in sorted(at):
        here = [f for f, hosts in case.visiting if host in hosts]
        there = [f for f in here if f.standing == "in place"]
        alone = [f for f in there if len(f.hosts) == 1 and host not in f.senders and (f.low or f.high)]
        largest = max(alone, key=lambda f: (f.high or f.low or 0, f.id), default=None)
        total = case.totals.get(host)
        if total:
            work.use(total[1], "troops_low", "troops_high", "as_of")
        rows.append({
            "host": host, "whose": case.whose, "in_place": len(there),
            "cannot_tell": sum(f.standing == "cannot tell" for f in here),
            "planned": sum(f.standing == "planned" for f in here),
            "permanent_combat": sum(f.basing == "permanent" and combat(f.echelon) is Ternary.YES for f in there),
            "rotating_combat": sum(f.basing != "permanent" and combat(f.echelon) is Ternary.YES for f in there),
            "largest_force": largest.id if largest else None,
            "low": largest.low if largest else None, "high": largest.high if largest else None,
            "all_visiting": total[0].low if total else None,
            "counted_on": total[1].text("as_of") if total else None,
        })  # fmt: skip
    return rows


def _note(work: Workings, case: _Case) -> None:
    """The cells the answer rests on: of every visiting force, and of those that came and went within the year."""
    begin = year_before(case.day)
    for force in case.on[case.day]:
        end = force.row.last("end")
        gone = force.standing == "ended" and end is not None and end >= begin
        if not hosts_of(force, case.area) or (force.standing in ("ended", "not announced") and not gone):
            continue
        work.use(force.row, "sending_states", "host_state", "echelon", "basing")
        work.use(force.row, *(name for name in ("announced", "start", "end") if force.row[name] is not None))
        if force.standing == "in place" and force.strength:
            work.use(force.strength, "troops_low", "troops_high")


def _note_positions(work: Workings, readings: Sequence[Reading]) -> None:
    known = {row.id: row for row in work.select("instruments_positions")}
    for reading in readings:
        if reading.test and (row := known.get(reading.test.position)):
            work.use(row, "reading", "operational_test")


def _warn(work: Workings, cases: Sequence[_Case]) -> None:
    day = cases[0].day
    work.caveat(
        "NATO and Russia never agreed on what is substantial, permanent or additional. Each reading is somebody's own; "
        "none is the meaning of the text, and no number of them decides."
    )
    work.caveat("A political commitment, not a treaty: that a test is met is not a judgement of law.")
    for case in cases:
        if case.whose != _BOUND:
            work.caveat(f"The same test, though this sentence of the Act does not bind the {_WORDS[case.whose]}.")
    if [case.whose for case in cases] == [_BOUND]:
        work.caveat("Forces of Russia in other states are held against the same readings with forces=russia, or all.")
    work.caveat("Only this sentence is tested: not those on nuclear weapons, infrastructure and reinforcement.")
    spec = work.record.spec("deployments")
    work.caveat(
        f"A no is one over the forces listed, a selection: {spec.collected[0].lower()}{spec.collected[1:]} Forces sent "
        "into a war are not collected, and a host state without a row has not been looked at."
    )
    for case in cases:
        ends = [e for e in spec.complete if e.part == f"side = {case.whose}" and e.complete_to]
        if any(last_day(e.complete_to) < day for e in ends):
            work.caveat(f"Collected for {_WORDS[case.whose]} to {spell(ends[0].complete_to)}; later ones are missing.")
        if day < case.area.collected:
            work.caveat(
                f"Collected for {_WORDS[case.whose]} from {case.area.collected.year}; earlier ones are missing."
            )
    work.caveat(
        "Rows overlap and are never added up: the low bound of a place is its largest single force, the high bound is "
        "all of them as if none overlapped. Ends of rotations are weak."
    )
    if day < work.record.as_of:
        work.caveat(
            f"Forces on {spell(day)} as known on {spell(work.record.as_of)}; readings of that day are counted, the "
            "others stand apart. Asked as of the day itself, less is known of when rotations ended."
        )


def _question(cases: Sequence[_Case], host: str | None) -> str:
    return (
        f"Does what was in place on {spell(cases[0].day)} meet the test of each reading for additional permanent "
        f"stationing of substantial combat forces: {listed([_words(case, host) for case in cases])}?"
    )


def _words(case: _Case, host: str | None) -> str:
    where = host or ("states that joined after 1997" if case.whose == _BOUND else "other states")
    return f"{_WORDS[case.whose]} in {where}"


def _headline(cases: Sequence[_Case], lines: Sequence[dict[str, Any]]) -> str:
    told = []
    for case in cases:
        mine = [line for line in lines if line.get("whose", case.whose) == case.whose]
        used = [line for line in mine if line["counts"] == "yes"]
        bound = "" if case.whose == _BOUND else ", which it does not bind"
        count = {met: sum(line["met"] == met for line in used) for met in ("yes", "no", "unknown")}
        told.append(
            f"{_WORDS[case.whose]}{bound}: met under {count['yes']} of {plural(len(used), 'reading')} in use, "
            f"not met under {count['no']}, cannot be told for {count['unknown']}"
        )
    return f"Substantial combat forces on {spell(cases[0].day)}, {'; '.join(told)}"
