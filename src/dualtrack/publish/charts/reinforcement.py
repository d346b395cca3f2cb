"""How many troops of others could be in each host by day after a decision, from worst to best, and what limits them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import altair as alt

from dualtrack.analyses.names import named, names
from dualtrack.analyses.reinforcement import in_words
from dualtrack.analyses.words import listed
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import LINE, across, canvas, data, down, text_width, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

Rows = list[dict[str, Any]]

_TRACK = Track.DETERRENCE
_TOLD = 30  # day of the title
_HEAD, _PLOT, _FOOT, _APART, _LEFT = 26, 104, 62, 26, 58
_LEAST = 500.0  # persons below which the scale is about even, and above which each tenfold is as high as the last
_TICKS = (0, 1_000, 10_000, 100_000, 1_000_000)
_DAYS = (1, 10, 20, 30, 40, 50, 60, 80, 100, 120)
_COLUMNS = (
    Column("host", "Host"),
    Column("day", "Days after the decision", number=True),
    Column("low", "Troops, every figure at its worst", number=True),
    Column("halfway", "Troops, every figure half-way", number=True),
    Column("high", "Troops, every figure at its best", number=True),
    Column("limit_worst", "Limit at worst"),
    Column("limit_halfway", "Limit half-way"),
    Column("limit_best", "Limit at best"),
    Column("row", "Rows of the record"),
)


def reinforcement(record: Record, findings: Sequence[Finding]) -> Chart:
    """The chart of arrivals, one panel a host.

    Args:
        record: the record as known on the findings' day.
        findings: ``reinforcement`` of each host, with the same number of days.
    """
    called = names(record)
    panels = [(named(record, finding.parameters["host"]), finding) for finding in findings]
    said = [f"{place} {_between(_at(finding, _TOLD))}" for place, finding in panels]
    limits = [
        f"{place}, {in_words(row['limit_halfway'], called)}"
        for place, finding in panels
        for row in [_at(finding, _TOLD)]
        if row["high"]
    ]
    coverage = [finding.answer.coverage for finding in findings if finding.answer.coverage]
    rows = [
        {
            "host": place,
            **row,
            **{name: in_words(row[name], called) for name in row if name.startswith("limit_")},
            "row": sorted({f"{cell.table}/{cell.row}" for cell in finding.evidence if cell.table == "reinforcement"}),
        }
        for place, finding in panels
        for row in finding.answer.value
    ]
    return Chart(
        id="reinforcement",
        track=_TRACK,
        title=_title(panels),
        reading="Troops of others that could have arrived by each day if nobody hinders them and all forces on call go "
        "to this one host; scale by tenfolds. The shade runs from every planning factor at its worst to every one at "
        "its best, the line has each half-way. Below each panel: what limits arrivals half-way, while it does.",
        alt=f"Troops that could have arrived by day {_TOLD}: {'; '.join(said)}. Limits half-way: {'; '.join(limits)}.",
        draw=lambda width: _draw(panels, called, width),
        columns=_COLUMNS,
        rows=rows,
        findings=tuple(findings),
        coverage="Strength and notice on record: "
        + ", ".join(
            f"{place} {c.known} of {c.total} forces on call" for (place, _), c in zip(panels, coverage, strict=False)
        )
        + ".",
        key=(Key("line", "every factor half-way"), Key("area", "worst to best factors")),
        notes=(
            "The range is that of the planning factors, many of them judgements, each with its basis in the finding: "
            "not of what can happen. Arrived means across the border or landed, not ready to fight. The time to decide "
            "is not counted.",
            "Where the shade starts at the floor, the model at worst lets nobody arrive by then.",
        ),
    )


def _title(panels: Sequence[tuple[str, Finding]]) -> str:
    rows = [(place, _at(finding, _TOLD)) for place, finding in panels]
    if any(rounded(row["low"]) for _, row in rows):
        return f"{_TOLD} days after a decision, troops of others: {listed([f'{p} {_between(row)}' for p, row in rows])}"
    most = listed([f"{rounded(row['high']):,} in {place}" for place, row in rows])
    return f"{_TOLD} days after a decision the model allows no troops of others at all, or up to {most}"


def _at(finding: Finding, day: int) -> dict[str, Any]:
    """The row of a day, or of the last one before it."""
    return [dict(row) for row in finding.answer.value if row["day"] <= day][-1]


def _between(row: dict[str, Any]) -> str:
    low, high = (f"{rounded(row[end]):,}" for end in ("low", "high"))
    return low if low == high else f"{low} to {high}"


def rounded(persons: float) -> int:
    """To two figures, as no model of this kind knows the third.

    >>> rounded(268_500), rounded(3_516), rounded(0)
    (270000, 3500, 0)
    """
    if persons < 1:
        return 0
    step = int(10 ** max(0, math.floor(math.log10(persons)) - 1))
    return round(persons / step) * step


def _height(persons: float) -> float:
    """Where a number lies on the scale, from 0 to 1."""
    return math.log10(1 + persons / _LEAST) / math.log10(1 + _TICKS[-1] / _LEAST)


def _draw(panels: Sequence[tuple[str, Finding]], called: Mapping[str, str], width: int) -> Spec:
    columns = 2 if width > 500 else 1
    wide = (width - _APART * (columns - 1)) / columns
    tall = _HEAD + _PLOT + _FOOT
    height = float(tall * -(-len(panels) // columns))
    bands: Rows = []
    lines: Rows = []
    heads: Rows = []
    scale: Rows = []
    axis: Rows = []
    grid: Rows = []
    bars: Rows = []
    limits: Rows = []
    for number, (place, finding) in enumerate(panels):
        left = (number % columns) * (wide + _APART) + _LEFT
        right = left + wide - _LEFT - 6
        top = (number // columns) * tall + _HEAD
        bottom = top + _PLOT
        days = [row["day"] for row in finding.answer.value]
        first, last = days[0], days[-1]

        def x(day: float, left: float = left, right: float = right, first: int = first, last: int = last) -> float:
            return left + (right - left) * (day - first) / max(last - first, 1)

        def y(persons: float, bottom: float = bottom) -> float:
            return bottom - _height(persons) * _PLOT

        heads.append({"x": left - _LEFT, "y": top - 14, "label": place})
        grid += [{"x": left, "x2": right, "y": y(tick)} for tick in _TICKS]
        scale += [{"x": left - 6, "y": y(tick), "label": f"{tick:,}" if tick < 10**6 else "1 m"} for tick in _TICKS]
        marked = [day for day in _DAYS if first <= day <= last]
        axis += [
            {"x": x(day), "y": bottom + LINE - 4, "label": f"day {day}" if day == marked[0] else str(day)}
            for day in marked
        ]
        for row in finding.answer.value:
            bands.append({"x": x(row["day"]), "y": y(row["high"]), "y2": y(row["low"]), "key": place})
            lines.append({"x": x(row["day"]), "y": y(row["halfway"]), "key": place})
        own_bars, own_limits = _limits(finding, called, x, bottom + 2 * LINE - 4, left, right)
        bars += own_bars
        limits += own_limits
    place_: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    layers: list[Any] = [
        alt.Chart(data(grid)).mark_rule(color=LIGHT["grid"]).encode(**place_, x2=alt.X2("x2")),
        alt.Chart(data(bands))
        .mark_area(color=_TRACK.soft, opacity=1)
        .encode(**place_, y2=alt.Y2("y2"), detail=alt.Detail("key:N")),
        alt.Chart(data(lines))
        .mark_line(color=_TRACK.colour, strokeWidth=2.4)
        .encode(**place_, detail=alt.Detail("key:N"), order=alt.Order("x:Q")),
        alt.Chart(data(bars)).mark_rule(color=LIGHT["rule"], strokeWidth=3).encode(**place_, x2=alt.X2("x2")),
        words(alt.Chart(data(heads)).encode(**place_), halo=False, align="left", fontWeight="bold"),
        words(alt.Chart(data(scale)).encode(**place_), halo=False, align="right", color=LIGHT["muted"]),
        words(alt.Chart(data(axis)).encode(**place_), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(limits)).encode(**place_), halo=False, align="left", color=LIGHT["ink"]),
    ]
    return canvas(width, height, *layers)


def _limits(
    finding: Finding, called: Mapping[str, str], x: Any, level: float, left: float, right: float
) -> tuple[Rows, Rows]:
    """A bar for as long as one thing limits arrivals half-way, and its name below, on as many lines as it takes."""
    rows = list(finding.answer.value)
    spans = []
    for limit, group in groupby(rows, key=lambda row: row["limit_halfway"]):
        own = list(group)
        spans.append((in_words(limit, called), own[0]["day"], own[-1]["day"]))
    bars, labels, ends = [], [], [left - 1.0, left - 1.0]
    for number, (limit, start, end) in enumerate(spans):
        following = spans[number + 1][1] if number + 1 < len(spans) else end
        bars.append({"x": x(start) + 1, "x2": max(x(following) - 3, x(start) + 3), "y": level})
        needed = text_width(limit)
        at = min(x(start), right - needed)
        line = next((line for line, taken in enumerate(ends) if at > taken), None)
        if line is not None:
            labels.append({"x": max(at, left), "y": level + 11 + line * LINE, "label": limit})
            ends[line] = max(at, left) + needed + 8
    return bars, labels
