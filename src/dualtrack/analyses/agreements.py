"""Which agreements and channels are in force, limited, suspended or left, and by whom.

Each step is an event of the dialogue with the effect it had on an instrument (table ``instrument_steps``). A party
that leaves or suspends for itself limits an instrument that goes on between the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    """A stretch of an instrument's life; ``start`` is empty where it lies before the record."""

    state: str
    start: str
    end: str
    event: Row | None


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


def _spans(since: str, steps: Sequence[tuple[str, Row]]) -> list[Span]:
    starts = [effect for effect, _ in steps if effect != "noted"]
    spans = [Span("in force", since, "", None)] if since or not starts or starts[0] != "in force" else []
    for effect, event in steps:
        state = _STATES.get(effect)
        if state is None or (spans and state == spans[-1].state):
            continue
        when = event.text("date")
        if spans:
            spans[-1] = Span(spans[-1].state, spans[-1].start, when, spans[-1].event)
        spans.append(Span(state, when, "", event))
    return spans


def run(record: Record) -> Finding:
    """Every instrument on record with its state on the day, and the step that brought it there."""
    work = Workings(record, "agreements", {})
    found = _lanes(work.select("instruments"), work.select("instrument_steps"), work.select("dialogue"), record)
    called = names(record)
    for lane in found:
        for _, event in lane.steps:
            work.use(event, "date", "outcome", *(["initiator"] if event["initiator"] is not None else []))
        if not lane.steps:
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
            "where the last step that changed it left it; a step by one party alone limits it."
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
        "steps": len(lane.steps),
        "name": lane.instrument.text("label"),
    }
