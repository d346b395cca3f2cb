"""When the NATO-Russia Council met, and how long it was silent."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import altair as alt

from dualtrack.analyses.dialogue import NRC_COMPLETE, collected_to, gaps
from dualtrack.analyses.words import plural
from dualtrack.core.dates import first_day, last_day
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
    end = min(record.as_of, collected_to(record.spec("dialogue")))
    beyond = " and after collection ended" if end < record.as_of else ""
    return Chart(
        id="council",
        track=_TRACK,
        title=finding.headline.split(";")[0],
        reading=f"NATO-Russia Council, each symbol one event at its date. Shaded: {_SILENT} months or more without a "
        f"meeting, and how many. Hatched: not fully collected, before {NRC_COMPLETE.year}{beyond}.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(events, end, record.as_of, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding,),
        coverage=f"{plural(met, 'meeting')} on record; complete from {NRC_COMPLETE.year}, turning points before.",
        key=(Key("area", "no meeting"), Key("hatch", "not fully collected")),
        notes=tuple(c for c in finding.caveats if "not collected" in c),
    )


_LANES = (("met", "Meetings"), ("proposed", "Proposals to meet or resume"), ("suspended", "Suspensions"))
_HEAD, _LANE, _FOOT = 20, 40, 24  # pixels


def _draw(events: list[Row], end: date, day: date, width: int) -> Spec:
    """One lane for each kind of event, its name above it; months without a meeting shaded in the first."""
    height = _HEAD + _LANE * len(_LANES) + _FOOT
    foot = height - _FOOT
    lines = {kind: _HEAD + _LANE * i + 28 for i, (kind, _) in enumerate(_LANES)}
    first = first_day(min(row.text("date") for row in events)).replace(month=1, day=1)
    last = date(day.year + 1, 1, 1)
    left, right = 2, width - 2
    scale = (right - left) / (last - first).days

    def x(on: date) -> float:
        return left + (on - first).days * scale

    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    silent = [gap for gap in gaps(events, end) if gap.months >= _SILENT]
    areas = [
        {"x": x(last_day(g.start.text("date"))), "x2": x(first_day(g.end.text("date")) if g.end else end),
         "y": lines["met"] - 10, "y2": lines["met"] + 10}
        for g in silent
    ]  # fmt: skip
    months = []
    for area, gap in zip(areas, silent, strict=True):
        text = plural(gap.months, "month") if width > 500 else str(gap.months)
        half = text_width(text) / 2 + 2
        months.append({"x": min(max((area["x"] + area["x2"]) / 2, half), width - half), "y": 10, "label": text})
    gone = [(left, int(x(NRC_COMPLETE)))] + ([(int(x(end)), int(x(day)))] if end < day else [])
    hatch = [
        {"x": at, "x2": at + 7, "y": lines["met"] + 10, "y2": lines["met"] - 10}
        for start, stop in gone
        for at in range(start, stop - 6, 7)
    ]
    step = math.ceil(44 / (365 * scale))
    years = range(first.year, last.year)
    axis = [{"x": x(date(y, 1, 1)) + 182 * scale, "y": foot + 14, "label": str(y)} for y in years][::step]
    rules = [{"x": x(date(y, 1, 1)), "y": _HEAD, "y2": foot} for y in range(first.year, last.year + 1)]
    heads = [{"x": left, "y": lines[kind] - 17, "label": label} for kind, label in _LANES]
    marks = [_mark(row, x, lines) for row in events]
    of = {kind: alt.Chart(data([m for m in marks if m["kind"] == kind])).encode(**place) for kind in lines}
    shown: list[Any] = [
        alt.Chart(data(rules)).mark_rule(color=LIGHT["grid"]).encode(**place, y2=alt.Y2("y2")),
        alt.Chart(data(areas))
        .mark_rect(color=_TRACK.soft, opacity=1)
        .encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2")),
        alt.Chart(data(hatch)).mark_rule(color=LIGHT["rule"]).encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2")),
        alt.Chart(data([{"x": left, "x2": right, "y": y} for y in lines.values()]))
        .mark_rule(color=LIGHT["grid"])
        .encode(**place, x2=alt.X2("x2")),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(heads)).encode(**place), align="left"),
        words(alt.Chart(data(months)).encode(**place), halo=False, color=_TRACK.text, fontWeight="bold"),
        of["proposed"].mark_point(stroke=_TRACK.colour, fill=LIGHT["paper"], strokeWidth=1.6, size=60, opacity=1),
        of["suspended"].mark_point(shape="diamond", filled=True, color=_TRACK.colour, size=110, opacity=1),
        of["met"].mark_point(fill=_TRACK.colour, stroke=LIGHT["paper"], size=85, opacity=1),
    ]
    return canvas(width, height, *shown)


def _mark(row: Row, x: Any, lines: dict[str, int]) -> dict[str, Any]:
    text = row.text("date")
    middle = first_day(text) + timedelta(days=(last_day(text) - first_day(text)).days // 2)
    kind = _KINDS.get(row.text("outcome"), "met")
    return {"x": x(middle), "y": lines[kind], "kind": kind}
