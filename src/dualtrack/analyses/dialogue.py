"""Who met, who suspended and who resumed: meetings, channels, cadence and gaps of the dialogue.

A meeting is an event with the outcome *met* or *resumed*. A gap runs from one meeting of a channel to the next;
where a date is known to the month only, the gap has a shortest and a longest length in days. Meetings of the
NATO-Russia Council are complete from 2014 to where collection ends; of earlier years, and of every other channel,
only what stored pages held is on record, so gaps there are not claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

from dualtrack.analyses.names import names
from dualtrack.analyses.window import Window, beyond
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day, last_day, months_between, spell
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = ({}, {"forum": "all", "since": "2014"}, {"forum": "US-Russia deconfliction"})

NRC = "NATO-Russia Council"
NRC_COMPLETE = date(2014, 1, 1)
"""From when every meeting of the Council is on record (the extent stated in the schema of ``dialogue``)."""
_MEETING = ("met", "resumed")
_SHOWN = ("date", "forum", "level", "outcome", "initiator", "topics")
_TURNS = ("suspended", "resumed", "withdrawal", "cancelled", "expired")
_SILENT = 12  # months without a meeting after which the silence, not the last meeting, is the news


@dataclass(frozen=True)
class Gap:
    """The time between two meetings of a channel; ``end`` is None where no later meeting is on record."""

    start: Row
    end: Row | None
    until: date

    @property
    def months(self) -> int:
        """Calendar months, days of the month ignored."""
        return months_between(first_day(self.start.text("date")), self.last)

    @property
    def days(self) -> tuple[int, int]:
        """Fewest and most days it can have lasted, given how precisely the dates are known."""
        start, end = self.start.text("date"), self.until.isoformat() if self.end is None else self.end.text("date")
        return max(0, (first_day(end) - last_day(start)).days), (last_day(end) - first_day(start)).days

    @property
    def last(self) -> date:
        """The last day it can have reached."""
        return last_day(self.end.text("date")) if self.end else self.until


def meetings(events: Sequence[Row]) -> list[Row]:
    """The events at which a meeting or contact took place, by date."""
    return sorted((row for row in events if row["outcome"] in _MEETING), key=_when)


def gaps(events: Sequence[Row], day: date, complete: date = NRC_COMPLETE) -> list[Gap]:
    """The gaps between meetings from ``complete`` on; the last one runs to the day or to the end of collection."""
    day = min([day, *(collected_to(row.spec) for row in events[:1])])
    met = [row for row in meetings(events) if first_day(row.text("date")) >= complete]
    pairs = [Gap(a, b, day) for a, b in pairwise(met)]
    return [*pairs, Gap(met[-1], None, day)] if met else []


def collected_to(spec: TableSpec) -> date:
    """The last day up to which events were collected."""
    return max((last_day(found.complete_to) for found in spec.complete if found.complete_to), default=date.max)


def run(
    record: Record,
    forum: Annotated[str, "a forum or channel such as NATO-Russia Council, or all"] = NRC,
    since: Annotated[str | None, "only events from this date on"] = None,
    until: Annotated[str | None, "only events up to this date"] = None,
) -> Finding:
    """The events of a channel in the window, its cadence, its gaps, and who suspended, resumed and proposed."""
    window = Window.of(since, until)
    work = Workings(record, "dialogue", {"forum": forum, "since": since, "until": until})
    known = work.select("dialogue")
    forums = sorted({row.text("forum") for row in known})
    chosen = next((name for name in forums if name.lower() == forum.strip().lower()), forum)
    if chosen == NRC and chosen not in forums:
        raise BadInput(f"No event of the {NRC} is on record as known on {record.as_of}.", "Try a later --as-of.")
    if chosen != "all" and chosen not in forums:
        raise NoSuchName(f"forum known on {record.as_of}", forum, ["all", *forums])
    events = sorted((r for r in known if chosen in ("all", r["forum"]) and _inside(r, window)), key=_when)
    counted = chosen == NRC
    council = [row for row in known if counted and row["forum"] == NRC and first_day(row.text("date")) <= window.last]
    found = [gap for gap in gaps(council, min(record.as_of, window.last)) if gap.last >= window.first]
    if not events and not found:
        raise BadInput(
            f"No event of {forum} is on record {window.words(record.as_of)}.",
            f"Try a wider window. Only meetings of the {NRC} are complete, from 2014: others may have been missed.",
        )
    for row in [*events, *(end for gap in found for end in (gap.start, gap.end) if end)]:
        work.use(row, *(name for name in _SHOWN if row[name] is not None))
    met = meetings(events)
    _warn(work, chosen, events, window)
    named = sum(row["initiator"] is not None for row in events)
    return work.finding(
        question=f"Who met, suspended and resumed {'in any channel' if chosen == 'all' else f'in the {chosen}'} "
        f"{window.words(record.as_of)}?",
        headline=_headline(record, chosen, events, met, found, window),
        answer=Answer(
            kind="table",
            value=[_row(row) for row in events],
            unit="events",
            coverage=Coverage(known=named, total=len(events), of="events say who took the step"),
            summary={
                "Channels": _channels(events, found),
                "Who initiated which step": _steps(events),
                "Suspended, resumed and left": [_turn(row) for row in events if row["outcome"] in _TURNS],
                "Meetings by year": _cadence(met, counted, record, window),
                "Gaps between meetings": [_gap(gap) for gap in found],
            },
        ),
        method=(
            "Events known on the day, by date. A meeting is an event with outcome met or resumed. Gaps are counted for "
            f"the {NRC} from 2014 on, where its meetings are complete, whole where they reach into the window; months "
            "are calendar months, days a range where a date is known to the month only."
        ),
    )


def _when(row: Row) -> tuple[date, date, str]:
    return first_day(row.text("date")), last_day(row.text("date")), row.id


def _inside(row: Row, window: Window) -> bool:
    return window.holds(row.text("date")) is not Ternary.NO


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "date": row.text("date"),
        "forum": row.text("forum"),
        "outcome": row.text("outcome"),
        "initiator": row.parts("initiator"),
        "level": row.text("level"),
        "topics": row.parts("topics"),
    }


def _channels(events: Sequence[Row], found: Sequence[Gap]) -> list[dict[str, Any]]:
    """Meetings by channel as far as they are on record; a longest gap only where they are complete."""
    rows = []
    for forum in sorted({row.text("forum") for row in events}):
        mine = [row for row in events if row["forum"] == forum]
        met = meetings(mine)
        longest = max((gap for gap in found if gap.end), key=lambda gap: gap.days, default=None)
        rows.append(
            {
                "channel": forum,
                "events": len(mine),
                "meetings": len(met),
                "first on record": met[0].text("date") if met else None,
                "last on record": met[-1].text("date") if met else None,
                "longest gap, months": longest.months if longest else None,
                "gap from": longest.start.text("date") if longest else None,
                "gap to": longest.end.text("date") if longest and longest.end else None,
            }
        )
    return rows


def _turn(row: Row) -> dict[str, Any]:
    return {
        "date": row.text("date"),
        "channel": row.text("forum"),
        "step": row.text("outcome"),
        "by": row.parts("initiator"),
        "level": row.text("level"),
        "topics": row.parts("topics"),
    }


def _steps(events: Sequence[Row]) -> list[dict[str, Any]]:
    """How often each state or body took each kind of step; a joint step counts for each of them."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in events:
        for who in row.parts("initiator") or ["not on record"]:
            counts[who, row.text("outcome")] += 1
    outcomes = sorted({outcome for _, outcome in counts})
    return [
        {"by": who, **{outcome: counts[who, outcome] for outcome in outcomes}} for who in sorted({w for w, _ in counts})
    ]


def _cadence(met: Sequence[Row], counted: bool, record: Record, window: Window) -> list[dict[str, Any]]:
    """Meetings by year; None where none is on record and not all were collected, which is not zero."""
    if not met and not counted:
        return []
    years = Counter(first_day(row.text("date")).year for row in met)
    end, collected = min(record.as_of, window.last), collected_to(record.spec("dialogue"))
    rows = []
    for year in range(window.first.year if window.since else min(years, default=NRC_COMPLETE.year), end.year + 1):
        last = min(end, collected, date(year, 12, 31))
        if year > collected.year:
            how = "not collected"
        elif not counted or date(year, 1, 1) < NRC_COMPLETE:
            how = "what pages held"
        else:
            how = "complete" if last == date(year, 12, 31) else f"complete to {spell(last)}"
        known = years[year] or how.startswith("complete")
        rows.append({"year": str(year), "meetings": years[year] if known else None, "collection": how})
    return rows


def _gap(gap: Gap) -> dict[str, Any]:
    shortest, longest = gap.days
    return {
        "from": gap.start.text("date"),
        "to": gap.end.text("date") if gap.end else f"none up to {gap.until}",
        "months": gap.months,
        "days at least": shortest,
        "days at most": longest,
    }


def _headline(
    record: Record, forum: str, events: Sequence[Row], met: Sequence[Row], found: Sequence[Gap], window: Window
) -> str:
    if found:
        *closed, running = found
        last, silent = (closed[-1] if closed else None), running.months
        count = f"; {plural(len(met), 'meeting')} on record {window.words(record.as_of)}" if met else ""
        if last and last.months >= max(silent, 6) and silent < _SILENT:
            return f"The {forum} met {_on(running.start)} after {plural(last.months, 'month')} without a meeting"
        if silent < 6:
            return f"The {forum} last met {_on(running.start)}{count}"
        end = min(record.as_of, window.last)
        here = "" if running.until == end else f" up to {spell(running.until)}, where collection ends"
        since = spell(running.start.text("date"))
        return f"The {forum} has not met since {since}, for {plural(silent, 'month')}{here}{count}"
    name = "All channels" if forum == "all" else forum
    suspended = [row for row in events if row["outcome"] in ("suspended", "withdrawal")]
    who = sorted({w for row in suspended for w in row.parts("initiator")})
    called = names(record)
    by = f" by {listed([called.get(w, w) for w in who])}" if who else ""
    steps = plural(len(suspended), "suspension or withdrawal", "suspensions or withdrawals")
    return f"{name}: {plural(len(met), 'meeting')} and {steps}{by} on record {window.words(record.as_of)}"


def _on(row: Row | None) -> str:
    text = row.text("date") if row else ""
    return f"{'on' if len(text) == 10 else 'in'} {spell(text)}"


def _warn(work: Workings, forum: str, events: Sequence[Row], window: Window) -> None:
    outside = [text for found in work.record.spec("dialogue").complete
               for text in beyond(window, work.record.as_of, found) if text.startswith("after")]  # fmt: skip
    if outside:
        work.caveat(f"Events {listed(outside)} are not collected; a meeting then would not be on record here.")
    if forum != NRC:
        work.caveat(f"Only meetings of the {NRC} are complete, from 2014; of other channels counts are lower bounds.")
    elif events and first_day(events[0].text("date")) < NRC_COMPLETE:
        work.caveat("Before 2014 only turning points of the Council are on record, so no gap is claimed there.")
    coarse = sum(len(row.text("date")) < 10 for row in events)
    if coarse:
        work.caveat(f"Dated to the month or year only: {coarse} of {plural(len(events), 'event')}.")
    loose = [row.id for row in events if window.holds(row.text("date")) is Ternary.UNKNOWN]
    if loose:
        work.caveat(f"The date is not known to the day and may lie outside the window: {', '.join(loose)}.")
