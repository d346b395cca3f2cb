"""How the presence of others in a host grew: year by year beside a baseline, how many nations, how continuous.

For each host and year, on the anniversary of the baseline (the Wales summit, unless another day is given), the forces
of others in place, under whose command, and the largest single figure; rows overlap and are never added up. The
effective number of nations of a force is the inverse of the sum of squared shares (Laakso and Taagepera 1979, the
inverse of Herfindahl's index): five nations of which one sends nearly all count for little more than one. Rotations
of a kind make up a series; where no force of a series is on record there may be a gap, or the record may have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from dualtrack.analyses.groups import spoken
from dualtrack.analyses.presence import Force, forces
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import parse_day, spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.show import span
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = ({}, {"host": "flank.baltic_poland"}, {"host": "EST"}, {"host": "BLR"})

WALES = "2014-09-05"
"""End of the NATO summit that decided the first lasting measures; the baseline unless another is given."""
COMMANDS = ("nato", "bilateral", "national")
_SERIES = ("air detachment", "company", "battlegroup", "battalion", "brigade", "aviation brigade")
"""Echelons of which rotations are followed; headquarters, bases and sums of others are not rotations of a unit."""
_MONTH = 31  # days between the end of one force and the begin of one that may have taken over
_NEAR = 366  # days a strength may lie from the contributions it is held against


@dataclass(frozen=True)
class Series:
    """The rotations of one echelon in one host: days with a force surely, possibly and not on record.

    Attributes:
        first, last: the span looked at: from the first sure day to the day asked about.
        surely, possibly: days of the span on which one was in place, by the narrowest and the widest reading of dates.
        gap: the longest stretch without any on record, by the widest reading; None where there is none.
    """

    first: date
    last: date
    surely: int
    possibly: int
    gap: tuple[date, date] | None

    @property
    def days(self) -> int:
        """Length of the span."""
        return (self.last - self.first).days + 1


def run(
    record: Record,
    host: Annotated[str | None, "a host state (ISO 3166 alpha-3) or a group such as flank.baltic_poland"] = None,
    baseline: Annotated[str, "the day each later year is held against"] = WALES,
) -> Finding:
    """A row per host and year, with effective numbers of nations, series of rotations and what hosts invest."""
    start = parse_day(baseline, "baseline")
    if start > record.as_of:
        raise BadInput(f"baseline={baseline} is after the as-of day {record.as_of}.", "Ask with a later --as-of.")
    work = Workings(record, "presence_over_time", {"host": host, "baseline": baseline})
    names = {row.id: row.text("name") for row in work.select("states")}
    host = host.upper() if host and host.upper() in names else host
    days = list(anniversaries(start, record.as_of))
    work.select("deployments")
    standing = {day: [f for f in forces(record, day) if f.standing == "in place"] for day in days}
    hosts = (
        sorted({h for there in standing.values() for f in there for h in f.hosts if visiting(f, h)})
        if host is None else [host] if host in names else record.members(host, record.as_of)
    )  # fmt: skip
    rows = [_row(work, h, day, standing[day], standing[start]) for h in hosts for day in days]
    if not any(row["forces"] for row in rows):
        raise BadInput(
            f"The record lists no force of others in {host or 'any state'} on {days[-1]}, as known on {record.as_of}.",
            "What is not listed was not collected; know table deployments shows what was.",
        )
    nations = _nations(work, hosts)
    continuity = _continuity(work, hosts)
    invested = _investment(work, hosts)
    _warn(work, days)
    return work.finding(
        question=f"How did the presence of others in {_whom(record, host, names)} change since {spell(start)}?",
        headline=_headline(rows, days, nations, _whom(record, host, names)),
        answer=Answer(
            kind="table",
            value=rows,
            coverage=Coverage(
                known=sum(row["high"] is not None or row["low"] is not None for row in rows if row["forces"]),
                total=sum(bool(row["forces"]) for row in rows),
                of="host-years with a force of others in place have a troop figure on record",
            ),
            summary={
                "Effective number of nations": nations,
                "Continuity of rotations": continuity,
                "What hosts invest": invested,
            },
        ),
        method=(
            "A force is in place as in the analysis presence. Shares under alliance command are shares of listed "
            "forces, not of troops. Effective number of nations: one over the sum of squared shares, of contributions "
            "at a date; what is left of the force's strength goes to the largest contributor for the lower bound and "
            "in equal parts to the other nations named for the upper one. Continuity: days since the first of a "
            "series on which any of its rotations was in place, surely and possibly."
        ),
    )


def anniversaries(start: date, last: date) -> Iterable[date]:
    """The day itself and the same day of each later year.

    >>> [day.year for day in anniversaries(date(2014, 9, 5), date(2016, 9, 4))]
    [2014, 2015]
    """
    for year in range(start.year, last.year + 1):
        leap = start.month == 2 and start.day == 29 and (year % 4 or (year % 100 == 0 and year % 400))
        day = start.replace(year=year, day=28 if leap else start.day)
        if day <= last:
            yield day


def visiting(force: Force, host: str) -> bool:
    """Whether a force stands in a host and is not the host's own."""
    return host in force.hosts and not force.own_territory and force.senders != (host,)


def effective_number(parts: Sequence[float], rest: float = 0, others: int = 0) -> tuple[float, float]:
    """The least and the most effective number of parties: one over the sum of squared shares.

    Args:
        parts: the known parts, at least one of them above zero.
        rest: what is known to be there besides.
        others: how many others the rest may belong to in equal parts; with none it is one other party's.

    >>> effective_number([1, 1, 1, 1])
    (4.0, 4.0)
    >>> effective_number([50], rest=50, others=2)
    (1.0, 2.6666666666666665)
    """
    total = sum(parts) + rest
    largest = max(parts)
    squares = sum(part**2 for part in parts)
    least = squares - largest**2 + (largest + rest) ** 2
    most = squares + (rest**2 / max(others, 1))
    return total**2 / least, total**2 / most


def continuity(spans: Sequence[tuple[date, date, date, date]], last: date) -> Series:
    """How continuous rotations were up to a day.

    Args:
        spans: earliest and latest day each may have begun, earliest and latest day it may have ended.
        last: the day asked about.
    """
    first = min(begun for _, begun, _, _ in spans)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    surely = _covered([(latest, earliest) for _, latest, earliest, _ in spans], first, len(days))
    possibly = _covered([(earliest, latest) for earliest, _, _, latest in spans], first, len(days))
    gap: tuple[date, date] | None = None
    begun: date | None = None
    for day, there in zip([*days, last + timedelta(1)], [*possibly, True], strict=True):
        if there and begun:
            if gap is None or day - begun > gap[1] - gap[0] + timedelta(1):
                gap = begun, day - timedelta(1)
            begun = None
        elif not there and not begun:
            begun = day
    return Series(first, last, sum(surely), sum(possibly), gap)


def _covered(spans: Iterable[tuple[date, date]], first: date, length: int) -> list[bool]:
    found = [False] * length
    for begun, ended in spans:
        for day in range(max(0, (begun - first).days), min(length - 1, (ended - first).days) + 1):
            found[day] = True
    return found


def _row(work: Workings, host: str, day: date, there: Sequence[Force], base: Sequence[Force]) -> dict[str, Any]:
    here = [force for force in there if visiting(force, host)]
    for force in here:
        work.use(force.row, "host_state", "sending_states", "command", "basing", "start")
    figured = [f for f in here if not f.aggregate and len(f.hosts) == 1 and (f.high is not None or f.low is not None)]
    largest = max(figured, key=lambda f: (f.high if f.high is not None else f.low or 0, f.id), default=None)
    if largest and largest.strength:
        work.use(largest.strength, "troops_low", "troops_high")
    by_command = {word: sum(force.command == word for force in here) for word in COMMANDS}
    return {
        "host": host,
        "day": day.isoformat(),
        "forces": len(here),
        "at_baseline": sum(visiting(force, host) for force in base),
        **{f"command_{word}": n for word, n in by_command.items()},
        "share_alliance_pct": round(100 * by_command["nato"] / len(here), 1) if here else None,
        "permanent": sum(force.basing == "permanent" for force in here),
        "nations": len({state for force in here for state in force.senders} - {host}),
        "low": largest.low if largest else None,
        "high": largest.high if largest else None,
        "measure": largest.measure if largest else None,
        "largest": largest.id if largest else None,
    }


def _nations(work: Workings, hosts: Sequence[str]) -> list[dict[str, Any]]:
    """Effective numbers of nations: a row per force and date of which contributions are on record."""
    deployed = {row.id: row for row in work.record.rows("deployments")}
    strengths = work.select("strengths", "unit = 'troops'")
    at: dict[tuple[str, str], list[Row]] = {}
    for row in work.select("contributions"):
        force = deployed.get(row.text("force_key"))
        if force and set(force.parts("host_state")) & set(hosts):
            at.setdefault((force.id, row.text("as_of")), []).append(row)
    found = []
    for (id_, as_of), rows in sorted(at.items()):
        sent = {row.text("state"): _middle(row) for row in rows}
        strength = _strength(deployed[id_], strengths, rows[0])
        total = max(_middle(strength), sum(sent.values())) if strength else None
        others = [state for state in deployed[id_].parts("sending_states") if state not in sent]
        if not max(sent.values()):
            continue
        for row in (*rows, *([strength] if strength else [])):
            work.use(row, "troops_low", "troops_high")
        rest = 0 if total is None else total - sum(sent.values())
        low, high = effective_number(list(sent.values()), rest, len(others))
        untold = total is None and bool(others)  # nothing says how many the others sent
        found.append(
            {
                "force": id_, "as_of": as_of, "low": None if untold else round(low, 2),
                "high": None if untold else round(high, 2), "nations_counted": len(sent),
                "nations_named": len(set(deployed[id_].parts("sending_states")) | set(sent)),
                "counted": round(sum(sent.values())), "strength": None if total is None else round(total),
                "row": f"deployments/{id_}",
            }
        )  # fmt: skip
    return found


def _middle(row: Row) -> float:
    figures = [n for name in ("troops_low", "troops_high") if (n := row.number(name)) is not None]
    return sum(figures) / len(figures) if figures else 0.0


def _strength(force: Row, strengths: Sequence[Row], contribution: Row) -> Row | None:
    """The battlegroup's strength nearest to the date of its contributions, within a year; else the row's own."""
    day = contribution.last("as_of")
    assert day is not None
    scopes = ("battlegroup", "authorised") if "ceiling" in contribution.text("note") else ("battlegroup", "present")
    near = [
        (abs((when - day).days), 0, row.id, row)
        for row in strengths
        if row["force_key"] == force.id and row["scope"] in scopes and (when := row.last("as_of"))
    ]
    own = force.last("strength_as_of")
    if own and (force["troops_low"] is not None or force["troops_high"] is not None):
        near.append((abs((own - day).days), 1, force.id, force))
    close = [item for item in near if item[0] <= _NEAR]
    return min(close, key=lambda item: item[:3])[3] if close else None


def _continuity(work: Workings, hosts: Sequence[str]) -> list[dict[str, Any]]:
    """A row per host and echelon of rotating forces of others."""
    day = work.record.as_of
    found = []
    for host in hosts:
        for echelon in _SERIES:
            rows = [
                row for row in work.record.rows("deployments")
                if row["echelon"] == echelon and row["basing"] == "rotational" and row["start"]
                and host in row.parts("host_state") and row.parts("sending_states") not in ([], [host])
                and (begun := row.last("start")) is not None and begun <= day
            ]  # fmt: skip
            if not rows:
                continue
            spans = [_span(row, day) for row in rows]
            series = continuity(spans, day)
            for row in rows:
                work.use(row, "start", *(["end"] if row["end"] else []))
            found.append(
                {
                    "host": host, "echelon": echelon, "rotations": len(rows), "since": series.first.isoformat(),
                    "days": series.days, "surely": series.surely, "possibly": series.possibly,
                    "without_gap": "yes" if series.surely == series.days else "unknown",
                    "longest_from": series.gap[0].isoformat() if series.gap else None,
                    "longest_to": series.gap[1].isoformat() if series.gap else None,
                    "begun_then": _begun(work, host, series.gap[0]) if series.gap else [],
                    "forces": [row.id for row in rows],
                }
            )  # fmt: skip
    return found


def _begun(work: Workings, host: str, day: date) -> list[str]:
    """Forces of others in the host that may have begun within a month of a day: one may have taken over."""
    return [
        row.id for row in work.record.rows("deployments")
        if host in row.parts("host_state") and row.parts("sending_states") != [host]
        and (first := row.first("start")) and (last := row.last("start"))
        and first - timedelta(_MONTH) <= day <= last + timedelta(_MONTH)
    ]  # fmt: skip


def _span(row: Row, day: date) -> tuple[date, date, date, date]:
    """When a rotation may have begun and ended; one that is over since an unknown day surely was there on its first."""
    first, begun = row.first("start"), row.last("start")
    assert first is not None and begun is not None
    end, over = row.first("end"), row.last("end")
    if end is None or over is None:
        return (first, begun, begun, day) if row["status"] == "ended" else (first, begun, day, day)
    return first, begun, max(end, begun), min(over, day)


def _investment(work: Workings, hosts: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for row in work.select("host_investment"):
        if row["host_state"] in hosts:
            work.use(row, "amount_m_low", "amount_m_high", "kind", "from_year", "to_year")
            found.append(
                {
                    "host": row.text("host_state"), "from": row.text("from_year"), "to": row.text("to_year"),
                    "kind": row.text("kind"), "low_m": row.number("amount_m_low"),
                    "high_m": row.number("amount_m_high"),
                    "currency": row.text("currency"), "said": row.text("said"), "what": row.text("what"),
                    "row": f"host_investment/{row.id}",
                }
            )  # fmt: skip
    return found


def _whom(record: Record, host: str | None, names: Mapping[str, str]) -> str:
    return "all hosts" if host is None else names.get(host) or spoken(record, host)


def _headline(
    rows: Sequence[Mapping[str, Any]], days: Sequence[date], nations: Sequence[Mapping[str, Any]], whom: str
) -> str:
    first, last = (sum(row["forces"] for row in rows if row["day"] == day.isoformat()) for day in (days[0], days[-1]))
    allied = sum(row["command_nato"] for row in rows if row["day"] == days[-1].isoformat())
    whole = sorted(row["low"] for row in nations if row["low"] is not None and row["low"] == row["high"])
    said = (
        f"; where every nation was counted ({plural(len(whole), 'force and date', 'forces and dates')}), the effective "
        f"number of nations was {span(whole[0], whole[-1])}"
        if whole else ""
    )  # fmt: skip
    return (
        f"Forces of others listed in {whom}: {first} on {spell(days[0])}, {last} on {spell(days[-1])}, "
        f"{allied} of these under alliance command{said}"
    )


def _warn(work: Workings, days: Sequence[date]) -> None:
    spec = work.record.spec("deployments")
    work.caveat(f"What is listed is a selection: {spec.collected[0].lower()}{spec.collected[1:]}")
    work.caveat(
        "A force in several states is counted in each of them; forces overlap, so counts are of rows of the record and "
        "figures are the largest single one of forces in one state alone."
    )
    work.caveat(
        "A day of a series without a force on record is unknown, not a gap: of air policing, rotations of 2016 to 2018 "
        "are missing, and ends of rotations are often known to the month. A battlegroup is one row: its own rotations "
        "are not followed."
    )
    work.caveat(
        "Contributions by nation were found for few forces and dates; the range of an effective number covers what is "
        "not on record of the force's strength, in shares at the middle of each figure."
    )
    work.caveat("A year is one day of it; what came and went between two such days is not in its row.")
    work.caveat("Sums that hosts invest overlap and cover different things; they are not added up.")
    if len(days) == 1:
        work.caveat("No later year to hold beside the baseline yet.")
