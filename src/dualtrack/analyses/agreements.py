"""Which agreements and channels are in force, limited, suspended or left, and by whom.

Each step is an event of the dialogue with the effect it had on an instrument (table ``instrument_steps``). A party
that leaves or suspends for itself limits an instrument that goes on between the others. Whoever limited,
suspended or left is named until that step is taken back, not only who came last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dualtrack.analyses.names import names
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import first_day
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = ({},)

_STATES = {"in force": "in force", "resumed": "in force", "limited": "limited", "left": "limited",
           "suspended": "suspended", "ended": "ended"}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """A stretch of an instrument's life; ``start`` is empty where it lies before the record.

    ``who`` are all whose limiting, suspending, leaving or ending steps hold in it, in the order they took them.
    """

    state: str
    start: str
    end: str
    event: Row | None
    who: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lane:
    """An instrument with the spans of its life and every step on record."""

    instrument: Row
    spans: list[Span]
    steps: list[tuple[str, Row]]

    @property
    def state(self) -> str:
        """Where it stands at the end of the record's day."""
        return self.spans[-1].state

    @property
    def standing(self) -> dict[str, str]:
        """By party, the last step against the instrument that was not taken back: limited, suspended or left."""
        found: dict[str, str] = {}
        for effect, event in self.steps:
            found = _stand(found, effect, event)
        return found


def lanes(record: Record) -> list[Lane]:
    """Every instrument that any event known on the record's day concerns, in the order of the table."""
    return _lanes(record.rows("instruments"), record.rows("instrument_steps"), record.rows("dialogue"), record)


def _lanes(instruments: list[Row], steps: list[Row], events: list[Row], record: Record) -> list[Lane]:
    known = {row.id: row for row in events}
    found = []
    for instrument in instruments:
        mine = [(s.text("effect"), known[s.text("event")]) for s in steps
                if s["instrument"] == instrument.id and s["event"] in known]  # fmt: skip
        mine.sort(key=lambda step: (first_day(step[1].text("date")), step[1].id))
        since = instrument.text("since")
        if since and first_day(since) > record.as_of:
            continue
        if mine or since:
            found.append(Lane(instrument, _spans(since, mine), mine))
    return found


def _stand(standing: dict[str, str], effect: str, event: Row) -> dict[str, str]:
    """The steps that hold after one more: a resumption takes back those of its initiators, or all if none is named."""
    who = event.parts("initiator")
    if effect in ("in force", "resumed"):
        return {party: held for party, held in standing.items() if who and party not in who}
    if effect in ("limited", "suspended", "left"):
        return {**standing, **{party: effect for party in who if standing.get(party) != "left"}}
    return standing


def _spans(since: str, steps: Sequence[tuple[str, Row]]) -> list[Span]:
    starts = [effect for effect, _ in steps if effect != "noted"]
    spans = [Span("in force", since, "", None)] if since or not starts or starts[0] != "in force" else []
    standing: dict[str, str] = {}
    for effect, event in steps:
        state = _STATES.get(effect)
        if state is None:
            continue
        standing = _stand(standing, effect, event)
        who = tuple(event.parts("initiator") if state == "ended" else standing)
        if spans and state == spans[-1].state:
            spans[-1] = replace(spans[-1], who=tuple(dict.fromkeys([*spans[-1].who, *who])))
            continue
        if spans:
            spans[-1] = replace(spans[-1], end=event.text("date"))
        spans.append(Span(state, event.text("date"), "", event, who))
    return spans


def run(record: Record) -> Finding:
    """Every instrument on record with its state on the day, and the step that brought it there."""
    work = Workings(record, "agreements", {})
    found = _lanes(work.select("instruments"), work.select("instrument_steps"), work.select("dialogue"), record)
    called = names(record)
    for lane in found:
        for _, event in lane.steps:
            work.use(event, "date", "outcome", *(["initiator"] if event["initiator"] is not None else []))
        if lane.instrument["since"] is not None:
            work.use(lane.instrument, "since")
    states = {state: [lane for lane in found if lane.state == state] for state in dict.fromkeys(_STATES.values())}
    counts = [f"{len(lanes_)} {state}" for state, lanes_ in states.items() if lanes_]
    total = plural(len(found), "agreement or channel", "agreements and channels")
    work.caveat("The start of an instrument that began before any event on record, and has no date here, is not known.")
    return work.finding(
        question="Which agreements and channels are in force, limited, suspended or ended?",
        headline=f"Of {total} on record, {listed(counts)}",
        answer=Answer(
            kind="table",
            value=[_row(lane, called) for lane in found],
            unit="instruments",
            coverage=Coverage(
                known=sum(bool(lane.spans[0].start) for lane in found), total=len(found), of="instruments with a start"
            ),
        ),
        method=(
            "The events known on the day, with the effect of each on its instrument, by date. An instrument stands "
            "where the last step that changed it left it; a step by one party alone limits it. Limited by and left by "
            "name every party whose step was not taken back."
        ),
    )


def _row(lane: Lane, called: dict[str, str]) -> dict[str, Any]:
    last = lane.spans[-1]
    by = last.event.parts("initiator") if last.event else []
    return {
        "instrument": lane.instrument.id,
        "state": lane.state,
        "since": last.start or None,
        "by": by,
        "limited_by": [party for party, held in lane.standing.items() if held != "left"],
        "left_by": [party for party, held in lane.standing.items() if held == "left"],
        "steps": len(lane.steps),
        "name": lane.instrument.text("label"),
    }
