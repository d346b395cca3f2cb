"""When the NATO-Russia Council met, and how long it was silent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import altair as alt

from dualtrack.analyses.dialogue import NRC_COMPLETE, collected_to, gaps
from dualtrack.analyses.words import plural
from dualtrack.core.dates import first_day, last_day, spell
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import across, canvas, data, down, text_width, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_TRACK = Track.DIALOGUE
_SILENT = 12  # months from which a gap is shaded and labelled
_COLUMNS = (
    Column("date", "Date"),
    Column("outcome", "What happened"),
    Column("level", "Level"),
    Column("initiator", "Taken by"),
    Column("row", "Row of the record"),
)
_KINDS = {"met": "met", "resumed": "met", "suspended": "suspended", "proposal": "proposed", "agreement": "met"}


def council(record: Record, finding: Finding) -> Chart:
    """The chart of the Council's meetings up to the finding's day.

    Args:
        record: the record as known on that day.
        finding: ``dialogue`` for the Council.
    """
    rows = [{**row, "row": f"dialogue/{row['id']}"} for row in finding.answer.value]
    events = [record.row("dialogue", row["id"]) for row in finding.answer.value]
    met = sum(row["outcome"] in ("met", "resumed") for row in rows)
    return Chart(
        id="council",
        track=_TRACK,
        title=finding.headline,
        reading="Each dot is a meeting; a diamond marks a suspension, a ring a proposal to meet. Shaded: a year or "
        "more without a meeting. Hatched: before 2014 only turning points are on record.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(events, min(record.as_of, collected_to(record.spec("dialogue"))), width),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding,),
        coverage=f"{plural(met, 'meeting')} on record; complete from {NRC_COMPLETE.year}.",
        key=(Key("dot", "meeting"), Key("diamond", "suspension"), Key("ring", "proposal"), Key("area", "silence")),
        notes=tuple(c for c in finding.caveats if "not collected" in c),
    )


def _draw(events: list[Row], day: date, width: int) -> Spec:
    height, line, foot = 128, 62, 104
    first = first_day(min(row.text("date") for row in events)).replace(month=1, day=1)
    last = date(day.year + 1, 1, 1)
    left, right = 8, width - 8
    scale = (right - left) / (last - first).days

    def x(on: date) -> float:
        return left + (on - first).days * scale

    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    silent = [gap for gap in gaps(events, day) if gap.months >= _SILENT]
    areas = [
        {"x": x(last_day(g.start.text("date"))), "x2": x(first_day(g.end.text("date")) if g.end else day),
         "y": line - 24, "y2": line + 24}
        for g in silent
    ]  # fmt: skip
    labels = []
    for area, gap in zip(areas, silent, strict=True):
        text = plural(gap.months, "month")
        middle = (area["x"] + area["x2"]) / 2
        middle = min(max(middle, text_width(text) / 2 + 2), width - text_width(text) / 2 - 2)
        labels.append({"x": middle, "y": line - 34, "label": text})
    hatch = [
        {"x": at, "x2": at + 8, "y": line + 20, "y2": line - 20}
        for at in range(left, max(left, int(x(NRC_COMPLETE)) - 8), 8)
    ]
    step = max(1, round(44 / (365 * scale)))
    ticks = [date(year, 1, 1) for year in range(first.year, last.year, step)]
    axis = [{"x": x(t) + 365 * scale / 2, "y": foot + 14, "label": str(t.year)} for t in ticks]
    rules = [{"x": x(date(y, 1, 1)), "y": line - 26, "y2": foot} for y in range(first.year, last.year + 1)]
    marks = [_mark(row, x, line) for row in events]
    of = {kind: alt.Chart(data([m for m in marks if m["kind"] == kind])) for kind in set(_KINDS.values())}
    shown: list[Any] = [
        alt.Chart(data(areas)).mark_rect(color=_TRACK.soft, opacity=1).encode(**place, x2="x2", y2="y2"),
        alt.Chart(data(hatch)).mark_rule(color=LIGHT["grid"], strokeWidth=1.5).encode(**place, x2="x2", y2="y2"),
        alt.Chart(data(rules)).mark_rule(color=LIGHT["grid"]).encode(**place, y2="y2"),
        alt.Chart(data([{"x": left, "x2": right, "y": line}]))
        .mark_rule(color=LIGHT["rule"])
        .encode(**place, x2="x2"),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(labels)).encode(**place), halo=False, color=_TRACK.text, fontWeight="bold"),
        of["proposed"].mark_point(stroke=_TRACK.colour, fill=LIGHT["paper"], strokeWidth=1.6, size=60, opacity=1)
        .encode(**place),
        of["suspended"].mark_point(shape="diamond", fill=_TRACK.text, stroke=LIGHT["paper"], size=80, opacity=1)
        .encode(**place),
        of["met"].mark_point(fill=_TRACK.colour, stroke=LIGHT["paper"], size=85, opacity=1).encode(**place),
    ]  # fmt: skip
    return canvas(width, height, *shown)


def _mark(row: Row, x: Any, line: float) -> dict[str, Any]:
    text = row.text("date")
    middle = first_day(text) + timedelta(days=(last_day(text) - first_day(text)).days // 2)
    kind = _KINDS.get(row.text("outcome"), "met")
    lift = {"met": 0, "suspended": 16, "proposed": -14}[kind]
    return {"x": x(middle), "y": line + lift, "kind": kind, "label": spell(text)}
