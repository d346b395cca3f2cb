"""How many troops stand against each one of the other side: a range per reading, those in use and our tests apart."""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from dualtrack.core.finding import ByReading, Finding
from dualtrack.core.show import amount
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import LINE, across, canvas, data, down, words, wrapped
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DETERRENCE
_GAP = 16  # pixels between the two blocks of readings
_FIGURE = 84  # pixels kept for the figures at the right edge
_COLUMNS = (
    Column("reading", "Reading"),
    Column("class", "Class"),
    Column("low", "Lowest, to 1", number=True),
    Column("best", "Published figures, to 1", number=True),
    Column("high", "Highest, to 1", number=True),
    Column("numerator", "Numerator"),
    Column("denominator", "Denominator"),
    Column("row", "Rows of the record"),
)

Rows = list[dict[str, Any]]


def force_ratio(finding: Finding) -> Chart:
    """The chart of the readings that were in use or could be computed on the finding's day.

    Args:
        finding: ``force_ratio``, asked with ``low`` and ``high`` to shade a claimed range.
    """
    shown = [r for r in finding.by_reading if not r.later and r.answer.low is not None]
    used = [r for r in shown if r.class_ != "stress"]
    left = len(finding.by_reading) - len(shown)
    return Chart(
        id="force-ratio",
        track=_TRACK,
        title=_title(finding, used),
        reading="How many troops of the one side a reading names stand against each of the other. The shaded band is "
        "the claim; a line is a range; an arrow says it lies beyond the axis, or that no upper bound is on record.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(finding, shown, width),
        columns=_COLUMNS,
        rows=[_row(r) for r in shown],
        findings=(finding,),
        coverage=f"{len(used)} readings in use, {len(shown) - len(used)} stress readings outside the debate"
        + (f"; {left} later or not computable on that day left out." if left else "."),
        key=(Key("dot", "published figures"), Key("line", "range of the sources")),
        notes=finding.caveats[:2],
    )


def _title(finding: Finding, used: list[ByReading]) -> str:
    low, high = finding.parameters.get("low"), finding.parameters.get("high")
    if low is None or high is None:
        return f"The ratio runs from {amount(finding.answer.low)} to {amount(finding.answer.high)}, by reading"
    holds = sum(r.within == "yes" or r.within_best == "yes" for r in used)
    exact = "" if all(r.within == "yes" for r in used if r.within_best == "yes") else "at the published figures "
    counted = f"{_word(holds)} of {_word(len(used))} readings in use"
    return f"“{_word(low).capitalize()} to {_word(high)}” holds {exact}under {counted}"


def _word(number: float) -> str:
    small = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return small[int(number)] if float(number).is_integer() and number <= 10 else amount(number)


def _row(reading: ByReading) -> dict[str, Any]:
    sides = {figure.role: figure for figure in reading.parts}
    return {
        "reading": reading.label,
        "class": reading.class_,
        "low": reading.answer.low,
        "best": reading.answer.best,
        "high": reading.answer.high,
        **{role: f"{sides[role].label}: {_span(sides[role].low, sides[role].high)}"
           for role in ("numerator", "denominator") if role in sides},
        "row": [row for figure in reading.parts for row in figure.rows],
    }  # fmt: skip


def _span(low: float | None, high: float | None) -> str:
    if low == high:
        return amount(low)
    return f"at most {amount(high)}" if low is None else f"{amount(low)} to {amount(high)}"


def _draw(finding: Finding, shown: list[ByReading], width: int) -> Spec:
    """Labels above each line on a narrow chart, beside it on a wide one."""
    low, high = finding.parameters.get("low"), finding.parameters.get("high")
    ends = [v for r in shown for v in (r.answer.low, r.answer.high, r.answer.best, high) if v is not None]
    top = min(max([*ends, 1]), 26)  # a scale even where no end is known
    left = 0 if width < 500 else int(width * 0.5)
    scale = (width - left - _FIGURE) / top
    lines, y = [], 34.0
    for class_, block in _blocks(shown):
        lines.append({"kind": "head", "label": class_, "x": 0, "y": y})
        y += LINE + 6
        for reading in block:
            label = wrapped(reading.label, (left or width) - 34)
            lines += [{"kind": "label", "label": t, "x": 0, "y": y + LINE * i} for i, t in enumerate(label)]
            y += (LINE * len(label)) if not left else 0
            at = y if not left else y + LINE * (len(label) - 1) / 2
            lines.append(_mark(reading, left, scale, top, at))
            y += LINE * (len(label) if left else 1) + 7
        y += _GAP
    height = y - _GAP
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    ticks = [t for t in (0, 5, 10, 15, 20, 25) if t <= top]
    axis = [{"x": left + t * scale, "y": 8, "label": f"{t} : 1" if t else "0"} for t in ticks]
    grid = [{"x": row["x"], "y": 20, "y2": height} for row in axis]
    marks = [line for line in lines if line["kind"] == "mark"]
    layers: list[alt.Chart | alt.LayerChart] = []
    if low is not None and high is not None:
        area = [{"x": left + low * scale, "x2": left + min(high, top) * scale, "y": 20, "y2": height}]
        layers.append(
            alt.Chart(data(area))
            .mark_rect(color=_TRACK.soft, opacity=1)
            .encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2"))
        )
    base = alt.Chart(data(marks)).encode(y=place["y"])
    begin = alt.X("x1:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))
    layers += [
        alt.Chart(data(grid)).mark_rule(color=LIGHT["grid"]).encode(**place, y2=alt.Y2("y2")),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(_only(lines, "head").encode(**place), halo=False, align="left", fontWeight="bold"),
        words(_only(lines, "label").encode(**place), halo=False, align="left"),
        base.mark_rule(color=_TRACK.colour, strokeWidth=3, opacity=0.55).encode(x=begin, x2=alt.X2("x2")),
        base.transform_filter("!isValid(datum.best) && datum.tick")
        .mark_point(shape="stroke", angle=90, color=_TRACK.colour, strokeWidth=2, size=90, opacity=1)
        .encode(x=begin),
        base.transform_filter("!isValid(datum.best) && !datum.open")
        .mark_point(shape="stroke", angle=90, color=_TRACK.colour, strokeWidth=2, size=90, opacity=1)
        .encode(x=alt.X("x2:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))),
        base.transform_filter("isValid(datum.best)")
        .mark_point(filled=True, color=_TRACK.colour, size=70, opacity=1)
        .encode(x=alt.X("best:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))),
        base.transform_filter("datum.open").mark_point(
            shape="triangle-right", filled=True, color=_TRACK.colour, size=70, opacity=1
        ).encode(x=alt.X("x2:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))),
        words(alt.Chart(data(marks)).encode(x=alt.value(width), y=place["y"]), halo=False, align="right"),
    ]  # fmt: skip
    return canvas(width, math.ceil(height), *layers)


def _only(lines: Rows, kind: str) -> alt.Chart:
    return alt.Chart(data([line for line in lines if line["kind"] == kind]))


def _blocks(shown: list[ByReading]) -> list[tuple[str, list[ByReading]]]:
    used = [r for r in shown if r.class_ != "stress"]
    tests = [r for r in shown if r.class_ == "stress"]
    blocks = [("Readings in use", used), ("Outside the debate: stress readings", tests)]
    return [(title, sorted(rs, key=_middle)) for title, rs in blocks if rs]


def _middle(reading: ByReading) -> tuple[float, str]:
    answer = reading.answer
    middle = answer.best if answer.best is not None else ((answer.low or 0) + (answer.high or answer.low or 0)) / 2
    return middle, reading.label


def _mark(reading: ByReading, left: int, scale: float, top: float, y: float) -> dict[str, Any]:
    low, best, high = reading.answer.low or 0, reading.answer.best, reading.answer.high
    beyond = high is None or high > top
    end = min(low + 4, top) if high is None else min(high, top)
    text = _short(low)
    if low != high:
        text = f"{text} or more" if high is None else f"{text} to {_short(high)}"
    return {
        "kind": "mark",
        "x1": left + min(low, top) * scale,
        "x2": left + max(end, min(low, top)) * scale,
        "best": None if best is None or best > top else left + best * scale,
        "open": beyond,
        "tick": low <= top,
        "label": text,
        "y": y,
    }


def _short(ratio: float) -> str:
    """A ratio to one decimal: the sources round to thousands, so more would be false precision."""
    return amount(round(ratio, 1))
