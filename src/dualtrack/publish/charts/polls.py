"""Who would defend an ally: the latest survey of several countries, and other wordings since, never joined."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt

from dualtrack.analyses.words import plural
from dualtrack.core.dates import first_day, spell
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import LINE, across, canvas, data, down, text_width, words, wrapped
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.PUBLIC
_SEVERAL = 3  # countries that make a survey one of several countries
_OTHERS = 6  # other wordings shown
_ROW = 21
_SERIES = ("pollster", "wording", "date")
_AVERAGES = ("XNT", "XCE", "XTT", "XEC")
"""Codes of medians and totals over countries (opinion codes of the polls table)."""
_COLUMNS = (
    Column("country", "Country"),
    Column("date", "Date"),
    Column("pollster", "Pollster"),
    Column("wording", "Wording, in our words"),
    Column("support", "In favour, percent", number=True),
    Column("oppose", "Against, percent", number=True),
    Column("n", "Sample", number=True),
    Column("row", "Row of the record"),
)

Rows = list[dict[str, Any]]


def polls(record: Record, finding: Finding) -> Chart:
    """The chart of one question's polls.

    Args:
        record: for the countries' names.
        finding: ``polls`` for one question, as known on its day.
    """
    rows = _rows(record, finding)
    wave = survey(record, finding)
    others = [
        r for r in rows if r["date"] and r not in wave and first_day(r["date"]) >= first_day(wave[0]["date"])
    ] if wave else rows  # fmt: skip
    others = sorted(others, key=lambda r: (r["date"] or "", r["row"]), reverse=True)[:_OTHERS]
    sized = sum(row["n"] is not None for row in [*wave, *others])
    return Chart(
        id="polls",
        track=_TRACK,
        title=_title(wave, finding),
        reading="Percent that say yes, each under the wording it was asked in; different wordings are not comparable. "
        "The line marks one half.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(wave, others, width),
        columns=_COLUMNS,
        rows=[*wave, *others],
        findings=(finding,),
        coverage=f"{plural(len(wave), 'country', 'countries')} in the survey, {len(others)} other figures since; "
        f"sample size known for {sized} of {len(wave) + len(others)}.",
        key=(Key("dot", "share of yes"), Key("line", "sampling error alone, 95 percent, where the sample is known"))
        if sized
        else (Key("dot", "share of yes; no sample size on record, so no range can be drawn"),),
        notes=("Wording and survey house move such figures by 5 to 20 points; sampling error is the smaller part.",),
    )


def survey(record: Record, finding: Finding) -> Rows:
    """The latest survey of several countries on the question, by value; empty where there is none."""
    return _latest(_rows(record, finding))


def _rows(record: Record, finding: Finding) -> Rows:
    names = {row.id: row.text("name") for row in record.rows("states")}
    return [
        {**row, "row": f"polls/{row['id']}", "name": names.get(row["country"], _average(row["country"]))}
        for row in finding.answer.value
        if row["support"] is not None and not row["subgroup"]
    ]


def _average(code: str) -> str:
    return {"XNT": "NATO members together", "XCE": "Central Europe", "XEC": "Europe"}.get(code, "All countries")


def _latest(rows: Rows) -> Rows:
    """The latest survey of several countries, by value."""
    waves: dict[tuple[Any, ...], Rows] = {}
    for row in rows:
        if row["country"] not in _AVERAGES and row["date"]:
            waves.setdefault(tuple(row[name] for name in _SERIES), []).append(row)
    several = [wave for wave in waves.values() if len(wave) >= _SEVERAL]
    if not several:
        return []
    wave = max(several, key=lambda w: (first_day(w[0]["date"]), len(w)))
    return sorted(wave, key=lambda row: (-row["support"], row["name"]))


def _title(wave: Rows, finding: Finding) -> str:
    if not wave:
        return finding.headline
    what = {"defend_ally": "would defend an ally by force"}.get(finding.parameters["question"], "say yes")
    below = [row for row in wave if row["support"] < 50]
    values = [row["support"] for row in wave]
    return (
        f"Fewer than half {what} in {len(below)} of {plural(len(wave), 'country', 'countries')}: "
        f"{min(values):.0f} to {max(values):.0f} percent, {spell(wave[0]['date'])}"
    )


def _draw(wave: Rows, others: Rows, width: int) -> Spec:
    left = max([text_width(row["name"]) for row in [*wave, *others]], default=80) + 16
    right = 34
    scale = (width - left - right) / 100
    lines: Rows = []
    y = 26.0
    if wave:
        for text in wrapped(
            f"{wave[0]['pollster']}, {spell(wave[0]['date'])}: {wave[0]['wording']}", width * 0.88 - 20
        ):
            lines.append({"kind": "head", "label": text, "x": 0, "y": y})
            y += LINE
        y += 6
        for row in wave:
            lines += _marks(row, left, scale, y, bold=True)
            y += _ROW
        y += 8
    if others:
        lines.append({"kind": "head", "label": "Other figures since, each in its own wording", "x": 0, "y": y})
        y += LINE + 4
        for row in others:
            for text in wrapped(f"{row['wording']} ({row['pollster']}, {spell(row['date'])})", width * 0.93 - 20):
                lines.append({"kind": "note", "label": text, "x": 0, "y": y})
                y += LINE
            y += 3
            lines += _marks(row, left, scale, y, bold=False)
            y += _ROW + 5
    height = math.ceil(y)
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    ticks = (0, 25, 50, 75, 100) if scale > 2 else (0, 50, 100)
    axis = [{"x": left + v * scale, "y": 8, "label": f"{v}%" if v else "0"} for v in ticks]
    bands = [line for line in lines if line["kind"] == "mark"]
    half = [{"x": left + 50 * scale, "y": b["y"] - _ROW / 2, "y2": b["y"] + _ROW / 2} for b in bands]
    rules = [{"x": left, "x2": left + 100 * scale, "y": b["y"]} for b in bands]
    begin = alt.X("x1:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))
    layers: list[Any] = [
        alt.Chart(data(rules)).mark_rule(color=LIGHT["grid"]).encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(half)).mark_rule(color=LIGHT["ink"], strokeDash=[4, 3]).encode(**place, y2=alt.Y2("y2")),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        alt.Chart(data([b for b in bands if b["x1"] is not None]))
        .mark_rule(color=_TRACK.colour, strokeWidth=3, opacity=0.45)
        .encode(x=begin, x2=alt.X2("x2"), y=place["y"]),
        alt.Chart(data(bands)).mark_point(filled=True, color=_TRACK.colour, size=75, opacity=1).encode(**place),
        words(_only(lines, "head").encode(**place), halo=False, align="left", fontWeight="bold"),
        words(_only(lines, "note").encode(**place), halo=False, align="left", color=LIGHT["muted"]),
        words(_only(lines, "name").encode(**place), halo=False, align="left"),
        words(_only(lines, "value").encode(**place), halo=False, align="right"),
    ]
    return canvas(width, height, *layers)


def _marks(row: Mapping[str, Any], left: float, scale: float, y: float, bold: bool) -> Rows:
    share, n = row["support"], row["n"]
    error = None if not n else 196 * math.sqrt(share / 100 * (1 - share / 100) / n)
    return [
        {"kind": "name", "label": row["name"], "x": 0, "y": y},
        {
            "kind": "mark",
            "x": left + share * scale,
            "x1": None if error is None else left + max(0, share - error) * scale,
            "x2": None if error is None else left + min(100, share + error) * scale,
            "y": y,
        },
        {"kind": "value", "label": f"{share:.0f}", "x": left + 100 * scale + 30, "y": y},
    ]


def _only(lines: Rows, kind: str) -> alt.Chart:
    return alt.Chart(data([line for line in lines if line["kind"] == kind]))
