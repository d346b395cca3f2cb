"""Support on one item in one country over time: polls by house, and the level of all together with its band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt

from dualtrack.analyses.names import named
from dualtrack.analyses.polled import titled
from dualtrack.analyses.words import listed, plural
from dualtrack.core.dates import first_day, last_day
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.charts.support import Rows, day_in_words, house_keys, house_marks, house_symbols, poll_rows
from dualtrack.publish.marks import across, canvas, data, down, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.PUBLIC
_TOP, _PLOT, _FOOT = 10, 220, 22
_COLUMNS = (
    Column("date", "Date"),
    Column("pollster", "Pollster"),
    Column("wording", "Wording, in our words"),
    Column("share", "In favour, percent", number=True),
    Column("n", "Sample", number=True),
    Column("row", "Row of the record"),
)


def support_trend(record: Record, finding: Finding) -> Chart:
    """The chart of one country's support over time.

    Args:
        record: the record as known on the finding's day.
        finding: ``support`` for one item in one country with dated polls.
    """
    polls = poll_rows(record, finding)
    dated = [poll for poll in polls if poll["date"]]
    [answer] = finding.answer.value
    symbols = house_symbols(polls)
    wordings = len({poll["wording"] for poll in polls})
    item = titled(finding.parameters["question"])
    place = named(record, answer["country"])
    asked = "in one wording" if wordings == 1 else f"in {wordings} wordings"
    coverage = finding.answer.coverage
    undated = len(polls) - len(dated)
    notes = [
        "No election anchors such polls: the level is relative to the average house and the average wording.",
        f"Without a date, and so not drawn: {plural(undated, 'poll')}." if undated else "",
        f"Polled by {listed(sorted(symbols))} alone: house and level cannot be told apart."
        if len(symbols) == 1
        else "",
    ]
    return Chart(
        id="support-trend",
        track=_TRACK,
        title=f"{item} in {place}: {answer['level']:.0f} percent, between {answer['low']:.0f} and "
        f"{answer['high']:.0f}, {day_in_words(finding)}",
        reading=f"Percent in favour. Symbols are published polls by house, asked {asked}; polls in different wordings "
        "are not one series. The line is the level from all polls together, the shade its 90 percent band.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(finding.answer.summary["Over time"], dated, symbols, width),
        columns=_COLUMNS,
        rows=polls,
        findings=(finding,),
        coverage=f"{coverage.known} of {coverage.total} {coverage.of}." if coverage else "",
        key=(*house_keys(symbols), Key("line", "level"), Key("area", "90 percent band")),
        notes=[note for note in notes if note],
    )


def _middle(text: str) -> date:
    first, last = first_day(text), last_day(text)
    return first + timedelta(days=(last - first).days // 2)


def _draw(levels: Sequence[dict[str, Any]], polls: Rows, symbols: dict[str, str], width: int) -> Spec:
    height = _TOP + _PLOT + _FOOT
    left, right = 46.0, width - 8.0
    days = [_middle(row["date"]) for row in [*levels, *polls]]
    first, last = min(days), max(days)
    span = max(1, (last - first).days)

    def x(text: str) -> float:
        return left + 6 + (right - left - 12) * (_middle(text) - first).days / span

    def y(share: float) -> float:
        return _TOP + _PLOT * (1 - share / 100)

    line = [{"x": x(row["date"]), "y": y(row["level"]), "low": y(row["low"]), "high": y(row["high"])} for row in levels]
    dots = [{"x": x(poll["date"]), "y": y(poll["share"]), "symbol": symbols[poll["pollster"]]} for poll in polls]
    shares = (0, 25, 50, 75, 100)
    grid = [{"x": left, "x2": right, "y": y(share)} for share in shares]
    half = [{"x": left, "x2": right, "y": y(50)}]
    scale = [{"x": left - 6, "y": y(share), "label": f"{share}%" if share else "0"} for share in shares]
    years = [year for year in range(first.year + 1, last.year + 1)]
    step = max(1, math.ceil(len(years) * 44 / (right - left)))
    turns = [(x(f"{year}-01-01"), str(year)) for year in years[::step]]
    axis = [{"x": at, "y": _TOP + _PLOT + 14, "label": year} for at, year in turns if left + 14 < at < right - 14]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    to = alt.Y("high:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))
    shown: list[Any] = [
        alt.Chart(data(line)).mark_area(color=_TRACK.soft, opacity=1).encode(x=place["x"], y=to, y2=alt.Y2("low")),
        alt.Chart(data(grid)).mark_rule(color=LIGHT["grid"]).encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(half)).mark_rule(color=LIGHT["ink"], strokeDash=[4, 3]).encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(line)).mark_line(color=_TRACK.colour, strokeWidth=2).encode(**place),
        *(
            house_marks([dot for dot in dots if dot["symbol"] == symbol], symbol).encode(**place)
            for symbol in dict.fromkeys(symbols.values())
        ),
        words(alt.Chart(data(scale)).encode(**place), halo=False, align="right", color=LIGHT["muted"]),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
    ]
    return canvas(width, height, *shown)
