"""Agreements and channels since 1997: in force, limited, suspended, ended, one lane each."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt

from dualtrack.analyses.agreements import Lane, lanes
from dualtrack.analyses.names import names
from dualtrack.core.dates import first_day
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import across, canvas, data, down, text_width, words, wrapped
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.DIALOGUE
_FIRST = date(1997, 1, 1)
_BAR = 11
_COLUMNS = (
    Column("instrument", "Instrument"),
    Column("date", "Date"),
    Column("effect", "Effect"),
    Column("by", "By"),
    Column("what", "Event"),
    Column("row", "Row of the record"),
)


def agreements(record: Record, finding: Finding) -> Chart:
    """The chart of all instruments on the finding's day.

    Args:
        record: the record as known on that day.
        finding: ``agreements``.
    """
    found = lanes(record)
    rows = [
        {
            "instrument": lane.instrument.text("label"),
            "date": event.text("date"),
            "effect": effect,
            "by": event.parts("initiator"),
            "what": f"{event.text('forum')}, {event.text('level')}: {event.text('outcome')}",
            "row": f"dialogue/{event.id}",
        }
        for lane in found
        for effect, event in lane.steps
    ]
    return Chart(
        id="agreements",
        track=_TRACK,
        title=finding.headline,
        reading="One lane for each agreement or channel. Limited: one party suspended or left, or part of it stopped. "
        "Names say who took the step, where they fit; the data has every step.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(record, found, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding,),
        coverage=f"{len(found)} instruments, {len(rows)} steps on record since 1997.",
        key=(
            Key("bar", "in force"),
            Key("area", "limited"),
            Key("box", "suspended"),
            Key("small-triangle", "step that changed nothing in force: signature, notice, extension"),
        ),
        notes=tuple(finding.caveats[:1]),
    )


def _draw(record: Record, found: list[Lane], width: int) -> Spec:
    day, called = record.as_of, names(record)
    left, right, head = 4, width - 10, 22
    last = date(day.year + 1, 1, 1)
    scale = (right - left) / (last - _FIRST).days
    narrow = width < 500

    def x(on: date) -> float:
        return left + (min(max(on, _FIRST), last) - _FIRST).days * scale

    bars: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    titles: list[dict[str, Any]] = []
    y = head + 8.0
    for lane in found:
        label = f"{lane.instrument.text('label')}: {lane.state}"
        for line in wrapped(label, width - 12):
            titles.append({"x": left, "y": y, "label": line})
            y += 15
        y -= 5
        free = -1.0
        for span in lane.spans:
            begin = first_day(span.start) if span.start else _FIRST
            end = first_day(span.end) if span.end else day
            if span.state != "ended":
                bars.append({"x": x(begin), "x2": x(end), "y": y, "y2": y + _BAR, "state": span.state})
            who = (
                ", ".join(called.get(p, p) for p in span.event.parts("initiator"))
                if span.event and span.state != "in force"
                else ""
            )
            at = x(begin) + 4
            if span.state == "ended":
                who = f"ended: {who}" if who else ""
            wide = text_width(who, 11)
            fits = at + wide < (right if span.state == "ended" else x(end) - 2)
            if who and at > free and fits:
                texts.append({"x": at, "y": y + _BAR / 2 + 0.5, "label": who})
                free = at + wide + 6
        marks += [
            {"x": x(first_day(event.text("date"))), "y": y + _BAR + 5}
            for effect, event in lane.steps
            if effect == "noted"
        ]
        y += _BAR + 20
    height = round(y)
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    step = 5 if narrow else 3
    years = [date(year, 1, 1) for year in range(_FIRST.year + (3 if narrow else 0), last.year + 1, step)]
    axis = [{"x": min(max(x(t), 16), width - 16), "y": 8, "label": str(t.year)} for t in years]
    grid = [{"x": x(t), "y": 18, "y2": height} for t in years]
    of = {
        state: alt.Chart(data([bar for bar in bars if bar["state"] == state]))
        for state in ("in force", "limited", "suspended")
    }
    box = {**place, "x2": "x2", "y2": "y2"}
    shown: list[Any] = [
        alt.Chart(data(grid)).mark_rule(color=LIGHT["grid"]).encode(**place, y2=alt.Y2("y2")),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        of["in force"].mark_rect(color=_TRACK.colour, opacity=1).encode(**box),
        of["limited"].mark_rect(color=_TRACK.soft, opacity=1).encode(**box),
        of["suspended"].mark_rect(filled=False, stroke=_TRACK.colour, strokeDash=[3, 2], opacity=1).encode(**box),
        words(alt.Chart(data(titles)).encode(**place), align="left"),
        words(alt.Chart(data(texts)).encode(**place), halo=False, align="left", fontSize=11),
        alt.Chart(data(marks)).mark_point(shape="triangle-up", filled=True, color=LIGHT["muted"], size=24, opacity=1)
        .encode(**place),
    ]  # fmt: skip
    return canvas(width, height, *shown)
