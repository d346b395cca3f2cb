"""Exercises through each year, by what the rules asked for: a strip per year, on the organisers' own figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from dualtrack.analyses.words import plural
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import across, canvas, data, down, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.DIALOGUE
_SHAPES = {"nato": "circle", "russia": "diamond", "joint": "square", "other": "triangle-up"}
_KINDS = {"nato": "NATO or a member", "russia": "Russia", "joint": "Russia with a partner", "other": "others"}
_SYMBOLS = {"nato": "dot", "russia": "diamond", "joint": "square", "other": "triangle"}
_CLASSES = ("observed", "notified", "open", "neither")
_FILLS = {"observed": _TRACK.colour, "notified": _TRACK.soft, "open": LIGHT["paper"], "neither": LIGHT["rule"]}
_LINES = {"observed": _TRACK.colour, "notified": _TRACK.colour, "open": _TRACK.colour, "neither": LIGHT["rule"]}
_LANE, _MARGIN, _HEAD, _BETWEEN = 11, 40, 20, 7
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COLUMNS = (
    Column("name", "Exercise"),
    Column("lead_states", "Led by"),
    Column("start", "Start"),
    Column("end", "End"),
    Column("class_", "By the organiser's figure"),
    Column("notifiable", "Notifiable on it"),
    Column("observable", "Observable on it"),
    Column("other", "Other figures"),
    Column("row", "Row of the record"),
)

Rows = list[dict[str, Any]]


def calendar(record: Record, finding: Finding) -> Chart:
    """The calendar of the exercises of a finding, a strip per year.

    Args:
        record: the record, for the last days.
        finding: ``notifiable``.
    """
    ends = {row.id: row["end"] for row in record.rows("exercises")}
    rows = [_row(line, ends.get(line["id"])) for line in finding.answer.value]
    present = [name for name in _CLASSES if any(row["class_"] == name for row in rows)]
    return Chart(
        id="calendar",
        track=_TRACK,
        title=_title(rows),
        reading="A symbol is an exercise at its first day, a line its length; a strip is a year. Filled: observers "
        "were due; pale: notification only; open: the record cannot decide; grey: neither.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(rows, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(finding,),
        coverage=f"{plural(len(rows), 'exercise')} on record, the large ones first: counts are lower bounds. "
        f"{sum(row['class_'] == 'open' for row in rows)} cannot be decided.",
        key=tuple(
            Key(_SYMBOLS[side], f"led by {label}")
            for side, label in _KINDS.items()
            if any(row["side"] == side for row in rows)
        ),
        notes=(
            "By the number the organiser declared under the Vienna Document, or else announced; where other figures "
            "give another answer, the table says which. What was due is not what was done: notifications between "
            "states are not public.",
            *(
                ["Levels that are not yet checked against the text are marked in the table of levels."]
                if present
                else []
            ),
        ),
    )


def _row(line: Mapping[str, Any], end: Any) -> dict[str, Any]:
    basis = "declared" if line["notifiable_declared"] else "announced"
    notifiable, observable = line[f"notifiable_{basis}"], line[f"observable_{basis}"]
    class_ = "neither"
    if observable == "yes":
        class_ = "observed"
    elif "unknown" in (notifiable, observable) and observable != "no":
        class_ = "open"
    elif notifiable == "yes":
        class_ = "notified"
    elif notifiable == "unknown":
        class_ = "open"
    others = {
        name: f"{line[f'notifiable_{name}']}/{line[f'observable_{name}']}"
        for name in ("announced", "declared", "low", "high")
        if name != basis and line[f"notifiable_{name}"]
    }
    differ = [f"{name} {said}" for name, said in others.items() if said != f"{notifiable}/{observable}"]
    return {
        "name": line["name"],
        "lead_states": line["lead_states"],
        "start": line["start"],
        "end": end,
        "class_": class_,
        "notifiable": notifiable,
        "observable": observable,
        "other": ", ".join(differ),
        "side": line["side"],
        "row": f"exercises/{line['id']}",
    }


def _title(rows: Rows) -> str:
    observed = sum(row["class_"] == "observed" for row in rows)
    notified = observed + sum(row["class_"] == "notified" for row in rows)
    return (
        f"By the organisers’ figures {notified} of {plural(len(rows), 'exercise')} had to be notified, {observed} "
        "opened to observers"
    )


def _draw(rows: Rows, width: int) -> Spec:
    scale = (width - _MARGIN - 6) / 366
    marks, years = _lanes(rows, scale)
    height = max((mark["y"] for mark in marks), default=0) + _LANE
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    months: Rows = [
        {"x": _MARGIN + (date(2015, n, 1).timetuple().tm_yday - 1) * scale, "y": _HEAD - 8, "y2": height, "label": name}
        for n, name in enumerate(_MONTHS, 1)
        if width > 500 or n % 3 == 1
    ]
    bands = [
        {"x": _MARGIN, "x2": width, "y": top - _BETWEEN / 2, "label": str(year), "at": top + _LANE / 2 - 1}
        for year, top in years
    ]
    layers: list[Any] = [
        alt.Chart(data(months)).mark_rule(color=LIGHT["grid"]).encode(**place, y2=alt.Y2("y2")),
        alt.Chart(data(bands)).mark_rule(color=LIGHT["grid"]).encode(x=place["x"], y=place["y"], x2=alt.X2("x2")),
        words(alt.Chart(data([{**m, "x": m["x"] + 3} for m in months])).encode(**place), halo=False, align="left",
              color=LIGHT["muted"]),
        words(alt.Chart(data([{"x": 0, "y": b["at"], "label": b["label"]} for b in bands])).encode(**place),
              halo=False, align="left"),
    ]  # fmt: skip
    for class_ in reversed(_CLASSES):
        some = [mark for mark in marks if mark["class_"] == class_]
        if not some:
            continue
        layers.append(
            alt.Chart(data([m for m in some if m["x2"] - m["x"] > 2]))
            .mark_rule(
                color=_LINES[class_], strokeWidth=2, opacity=0.75, strokeDash=[3, 2] if class_ == "open" else [1, 0]
            )
            .encode(**place, x2=alt.X2("x2"))
        )
        for side, shape in _SHAPES.items():
            points = [mark for mark in some if mark["side"] == side]
            if points:
                layers.append(
                    alt.Chart(data(points))
                    .mark_point(
                        shape=shape, fill=_FILLS[class_], stroke=_LINES[class_], strokeWidth=1.3, size=44, opacity=1
                    )
                    .encode(**place)
                )
    return canvas(width, height, *layers)


def _lanes(rows: Rows, scale: float) -> tuple[Rows, list[tuple[int, float]]]:
    """Where each exercise is drawn, and where each year's strip begins."""
    by_year: dict[int, Rows] = {}
    for row in rows:
        by_year.setdefault(first_day(row["start"]).year, []).append(row)
    marks: Rows = []
    years: list[tuple[int, float]] = []
    top = float(_HEAD + _BETWEEN)
    for year in range(min(by_year), max(by_year) + 1):
        years.append((year, top))
        ends: list[float] = []
        for row in sorted(by_year.get(year, []), key=lambda r: (first_day(r["start"]), last_day(r["start"]), r["row"])):
            x, x2 = _span(row, year, scale)
            lane = next((n for n, end in enumerate(ends) if end < x - 8), len(ends))
            ends[lane : lane + 1] = [x2]
            marks.append({"x": x, "x2": x2, "y": top + lane * _LANE + _LANE / 2 - 1, **{k: row[k] for k in _SHOWN}})
        top += max(len(ends), 1) * _LANE + _BETWEEN
    return marks, years


_SHOWN: Sequence[str] = ("class_", "side")


def _span(row: Mapping[str, Any], year: int, scale: float) -> tuple[float, float]:
    first = first_day(row["start"])
    last = max(last_day(row["end"]), first) if row["end"] else first
    begin = first.timetuple().tm_yday
    end = last.timetuple().tm_yday if last.year == year else 366
    return _MARGIN + (begin - 0.5) * scale, _MARGIN + (end + 0.5) * scale
