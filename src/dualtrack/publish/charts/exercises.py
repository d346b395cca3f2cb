"""How large exercises were: announced or declared troops, and how far others' figures reach, over the years."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from dualtrack.analyses.words import plural
from dualtrack.core.dates import first_day
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import Room, across, canvas, data, down, labels, words
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DIALOGUE
LEVELS = ((9_000, "to be notified"), (13_000, "open to observers"))
"""Troop levels of the Vienna Document 2011, chapters V (prior notification) and VI (observation)."""
_SHAPES = {
    "nato": ("circle", "dot", "led by NATO or a member"),
    "russia": ("diamond", "diamond", "led by Russia"),
    "joint": ("square", "square", "led by Russia with a partner"),
    "other": ("triangle-up", "triangle", "led by others"),
}
_BOTTOM, _TOP = 500, 320_000
_TICKS = (1_000, 3_000, 30_000, 100_000, 300_000)
_NAMED = 9  # exercises named in a wide chart
_MARGIN, _EDGE, _HEAD, _FOOT = 62, 118, 10, 26
_COLUMNS = (
    Column("name", "Exercise"),
    Column("lead_states", "Led by"),
    Column("start", "Start"),
    Column("kind", "Kind"),
    Column("announced", "Announced, persons", number=True),
    Column("declared", "Declared under the Vienna Document, persons", number=True),
    Column("low", "Lowest figure, persons", number=True),
    Column("high", "Highest figure, persons", number=True),
    Column("row", "Row of the record"),
)

Rows = list[dict[str, Any]]


def exercises(finding: Finding) -> Chart:
    """The chart of the exercises of a finding, each at its start.

    Args:
        finding: ``exercises``.
    """
    rows = [{**row, "row": f"exercises/{row['id']}"} for row in finding.answer.value]
    sized = [row for row in rows if _own(row) is not None or row["high"] is not None]
    return Chart(
        id="exercises",
        track=_TRACK,
        title=_title(sized),
        reading="A symbol is the number the organiser declared, or else announced, in persons (log scale); a line "
        "runs from the lowest to the highest figure of anyone; the largest are named.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(sized, finding.as_of, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding,),
        coverage=f"{len(sized)} of {plural(len(rows), 'exercise')} on record have a number of troops. Large exercises "
        "were collected first, so counts are lower bounds.",
        key=(*(Key(symbol, label) for side, (_, symbol, label) in _SHAPES.items()
               if any(row["side"] == side for row in sized)),
             Key("open-diamond", "open: held without notice, exempt from the 42 days")),
        notes=(
            "The lines are the troop levels of the Vienna Document for prior notification and for observers. What "
            "counts there is the largest number under one command at any one time, inside the zone.",
        ),
    )  # fmt: skip


def _own(row: Mapping[str, Any]) -> float | None:
    """The organiser's figure: declared, else announced."""
    declared: float | None = row["declared"]
    announced: float | None = row["announced"]
    return declared if declared is not None else announced


def _title(sized: Rows) -> str:
    level = LEVELS[-1][0]
    own = sum((_own(row) or 0) >= level for row in sized)
    high = sum(max(row["high"] or 0, _own(row) or 0) >= level for row in sized)
    total = plural(len(sized), "exercise")
    if own == high:
        return f"{own} of {total} on record reached {level:,} troops"
    return f"{own} of {total} reached {level:,} troops by the organiser’s figure, {high} by the highest"


def _draw(sized: Rows, day: date, width: int) -> Spec:
    height = 400 if width > 500 else 300
    edge = _EDGE if width > 500 else 8
    first = min(first_day(row["start"]) for row in sized).replace(month=1, day=1)
    last = date(day.year + 1, 1, 1)
    span = (width - _MARGIN - edge) / (last - first).days

    def x(on: date) -> float:
        return _MARGIN + (on - first).days * span

    def y(persons: float) -> float:
        share = math.log(min(max(persons, _BOTTOM), _TOP) / _BOTTOM) / math.log(_TOP / _BOTTOM)
        return height - _FOOT - share * (height - _FOOT - _HEAD)

    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    marks = [_mark(row, x, y) for row in sized]
    years = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    step = max(1, math.ceil(40 / (365 * span)))
    dates = [{"x": x(y_) + 365 * span / 2, "y": height - 8, "label": str(y_.year)} for y_ in years[:-1:step]]
    ticks = [{"x": _MARGIN - 8, "y": y(tick), "label": f"{tick:,}"} for tick in _TICKS]
    grid = [{"x": _MARGIN, "x2": width - edge, "y": y(tick)} for tick in _TICKS]
    levels = [{"x": _MARGIN, "x2": width - edge, "y": y(level)} for level, _ in LEVELS]
    beside = width > 500
    apart = [(level, label, dy) for (level, label), dy in zip(LEVELS, (5, -5), strict=True)]
    bold = [{"x": _MARGIN - 8, "y": y(level) + dy / 2, "label": f"{level:,}"} for level, _, dy in apart]
    limits = [{"x": width - edge + 6, "y": y(level) + dy, "label": label} for level, label, dy in apart if beside]
    layers: list[Any] = [
        alt.Chart(data([{"x": x(y_), "y": _HEAD, "y2": height - _FOOT} for y_ in years]))
        .mark_rule(color=LIGHT["grid"]).encode(**place, y2=alt.Y2("y2")),
        alt.Chart(data(grid)).mark_rule(color=LIGHT["grid"]).encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(levels)).mark_rule(color=LIGHT["ink"], strokeDash=[4, 3]).encode(**place, x2=alt.X2("x2")),
        words(alt.Chart(data(dates)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(ticks)).encode(**place), halo=False, align="right", color=LIGHT["muted"]),
        alt.Chart(data([m for m in marks if m["y_high"] != m["y_low"]])).mark_rule(
            color=_TRACK.colour, strokeWidth=1.5, opacity=0.7
        ).encode(x=place["x"], y=down("y_high", height), y2=alt.Y2("y_low")),
    ]  # fmt: skip
    for side, (shape, _, _) in _SHAPES.items():
        for snap in (False, True):
            chosen = [m for m in marks if m["side"] == side and m["snap"] == snap and m["y"] is not None]
            if chosen:
                fill = LIGHT["paper"] if snap else _TRACK.colour
                layers.append(
                    alt.Chart(data(chosen))
                    .mark_point(shape=shape, fill=fill, stroke=_TRACK.colour, strokeWidth=1.4, size=52, opacity=1)
                    .encode(**place)
                )
    layers.append(words(alt.Chart(data(bold)).encode(**place), halo=False, align="right", fontWeight="bold"))
    layers.append(words(alt.Chart(data(limits)).encode(**place), halo=False, align="left"))
    layers += labels(
        _names(marks, width - edge, height, [y(level) for level, _ in LEVELS]), place, color=LIGHT["muted"]
    )
    return canvas(width, height, *layers)


def _names(marks: Rows, width: float, height: float, levels: Sequence[float]) -> Rows:
    """Names of the largest exercises, where they run into nothing."""
    room = Room(width, height, [(0, 0, _MARGIN, height)])
    for mark in marks:
        if mark["y"] is not None:
            room.take(mark["x"], mark["y"], 4)
        room.taken.append((mark["x"] - 1, mark["y_high"], mark["x"] + 1, mark["y_low"]))
    room.taken += [(0, level - 1, width, level + 1) for level in levels]
    found: Rows = []
    for mark in sorted(marks, key=lambda m: (m["y_high"], m["x"])):
        at = mark["y_high"] if mark["y_high"] < mark["y_low"] - 8 or mark["y"] is None else mark["y"]
        placed = room.put(mark["label"], mark["x"], at, 7) if len(found) < (_NAMED if width > 400 else 3) else None
        found += [placed] if placed else []
    return found


def _mark(row: Mapping[str, Any], x: Any, y: Any) -> dict[str, Any]:
    own = _own(row)
    ends: Sequence[float] = [v for v in (own, row["low"], row["high"]) if v is not None]
    return {
        "x": x(first_day(row["start"])),
        "y": None if own is None else y(own),
        "y_low": y(min(ends)),
        "y_high": y(max(ends)),
        "side": row["side"],
        "snap": row["kind"] == "snap",
        "label": " ".join(re.sub(r"\(.*?\)", "", row["name"]).split()),
    }
