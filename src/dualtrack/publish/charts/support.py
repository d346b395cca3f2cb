"""How strong support is by country, from all polls of one item: each poll a dot of its house, level and band behind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dualtrack.analyses.names import names
from dualtrack.analyses.polled import titled
from dualtrack.analyses.polls import BASES, base
from dualtrack.analyses.words import plural
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.marks import across, canvas, data, down, text_width, words
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.record.store import Record

_TRACK = Track.PUBLIC
_ROW = 24
_HEAD = 22
_BAND = 7  # half the height of a band
_WIDE = 500  # pixels from which band and polls are also printed
_SYMBOLS = ("dot", "diamond", "square", "triangle")
"""Of the houses with most polls; all others share the ring."""
_SHAPES = {"dot": "circle", "diamond": "diamond", "square": "square", "triangle": "triangle-up", "ring": "circle"}
_OTHERS = "ring"
_COLUMNS = (
    Column("country", "Country"),
    Column("date", "Date"),
    Column("pollster", "Pollster"),
    Column("wording", "Wording, in our words"),
    Column("share", "In favour, percent", number=True),
    Column("n", "Sample", number=True),
    Column("level", "Level of the country, percent", number=True),
    Column("low", "Band from", number=True),
    Column("high", "Band to", number=True),
    Column("prior_share", "Not from own polls, percent", number=True),
    Column("row", "Row of the record"),
)

Rows = list[dict[str, Any]]


def support(record: Record, finding: Finding, fragility: Finding | None, backtest: Finding | None) -> Chart:
    """The chart of support on one item in every country polled.

    Args:
        record: the record as known on the finding's day.
        finding: ``support`` for one item, all countries.
        fragility: ``fragility`` for the item, told under the chart; None where it cannot be.
        backtest: ``support_backtest`` for the item, likewise.
    """
    levels = finding.answer.value
    polls = poll_rows(record, finding)
    symbols = house_symbols(polls)
    called = names(record)
    coverage = finding.answer.coverage
    notes = [
        "No election anchors such polls, so a level is relative to the average house and the average wording; where a "
        "country's own polls say little, the others pull its level towards theirs.",
        f"{fragility.headline}." if fragility else "",
        f"{backtest.headline}." if backtest else "",
    ]
    return Chart(
        id="support",
        track=_TRACK,
        title=_title(levels, finding),
        reading="Percent in favour. Symbols are published polls of any year, by house, in several wordings. The bar is "
        f"the level {day_in_words(finding)} from all polls together, the shade its 90 percent band.",
        alt=f"{finding.headline}.",
        draw=lambda width: _draw(levels, polls, symbols, called, width),
        columns=_COLUMNS,
        rows=polls,
        findings=[found for found in (finding, fragility, backtest) if found],
        coverage=f"{coverage.known} of {coverage.total} {coverage.of}." if coverage else "",
        key=(*house_keys(symbols), Key("bar", "level"), Key("area", "90 percent band")),
        notes=[note for note in notes if note],
    )


def poll_rows(record: Record, finding: Finding) -> Rows:
    """The polls of the item that the finding rests on, country by country as the finding has them."""
    used = {item.row for item in finding.evidence if item.table == "polls"}
    rows = record.rows("polls", "question = ?", finding.parameters["question"])
    polls = [
        row for row in rows if row.id in used and base(row) == BASES[0] and row["support_pct"] is not None
    ]  # fmt: skip
    return [
        {
            **{name: level[name] for name in ("country", "level", "low", "high", "prior_share")},
            "date": row.text("ref_date") or None,
            "pollster": row.text("pollster"),
            "wording": row.text("question_paraphrase"),
            "share": row.number("support_pct"),
            "n": row.number("n"),
            "row": f"polls/{row.id}",
        }
        for level in finding.answer.value
        for row in polls
        if row["country"] == level["country"]
    ]


def house_symbols(polls: Rows) -> dict[str, str]:
    """A symbol for each house, its own for those with most polls."""
    count: dict[str, int] = {}
    for poll in polls:
        count[poll["pollster"]] = count.get(poll["pollster"], 0) + 1
    ranked = sorted(count, key=lambda house: (-count[house], house))
    return {house: _SYMBOLS[i] if i < len(_SYMBOLS) else _OTHERS for i, house in enumerate(ranked)}


def house_keys(symbols: Mapping[str, str]) -> list[Key]:
    """The key of the houses' symbols."""
    own = [Key(symbol, house, 55) for house, symbol in symbols.items() if symbol != _OTHERS]
    return [*own, *([Key(_OTHERS, "other houses", 55)] if _OTHERS in symbols.values() else [])]


def _title(levels: Sequence[Mapping[str, Any]], finding: Finding) -> str:
    what = {"defend_ally": "Support for defending an ally"}.get(
        finding.parameters["question"], titled(finding.parameters["question"])
    )
    unsure = sum(row["low"] <= 50 <= row["high"] for row in levels)
    return (
        f"{what}: all polls together leave open whether it reaches one half in {unsure} of "
        f"{plural(len(levels), 'country', 'countries')}, {spell(levels[0]['on'])}"
    )


def day_in_words(finding: Finding) -> str:
    """The day the levels of ``support`` are for, and whose day it is where none was asked for."""
    day = spell(finding.answer.value[0]["on"])
    return f"on {day}" if finding.parameters.get("on") else f"at the newest poll ({day})"


def _draw(
    levels: Sequence[Mapping[str, Any]],
    polls: Rows,
    symbols: Mapping[str, str],
    called: Mapping[str, str],
    width: int,
) -> Spec:
    name = {row["country"]: called.get(row["country"], row["country"]) for row in levels}
    wide = width >= _WIDE
    left = max(text_width(text) for text in name.values()) + 14
    right = 150 if wide else 32
    scale = (width - left - right) / 100
    lines = {row["country"]: _HEAD + _ROW * i + _ROW / 2 for i, row in enumerate(levels)}
    height = math.ceil(_HEAD + _ROW * len(levels) + 4)

    def x(share: float) -> float:
        return left + share * scale

    bands = [
        {
            "x": x(row["low"]), "x2": x(row["high"]), "level": x(row["level"]),
            "y": lines[row["country"]] - _BAND, "y2": lines[row["country"]] + _BAND,
        }
        for row in levels
    ]  # fmt: skip
    dots = [{"x": x(poll["share"]), "y": lines[poll["country"]], "symbol": symbols[poll["pollster"]]} for poll in polls]
    heads = [{"x": 0, "y": lines[row["country"]], "label": name[row["country"]]} for row in levels]
    values = [{"x": x(100) + 30, "y": lines[row["country"]], "label": f"{row['level']:.0f}"} for row in levels]
    more = [
        {
            "x": x(100) + 38,
            "y": lines[row["country"]],
            "label": f"({row['low']:.0f} to {row['high']:.0f}), {plural(row['polls'], 'poll')}",
        }
        for row in levels
    ]
    ticks = (0, 25, 50, 75, 100) if scale > 2 else (0, 50, 100)
    axis = [{"x": x(v), "y": 8, "label": f"{v}%" if v else "0"} for v in ticks]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    at_level = alt.X("level:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))
    layers: list[Any] = [
        alt.Chart(data([{"x": x(0), "x2": x(100), "y": y} for y in lines.values()]))
        .mark_rule(color=LIGHT["grid"])
        .encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(bands))
        .mark_rect(color=_TRACK.soft, opacity=1)
        .encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2")),
        alt.Chart(data([{"x": x(50), "y": _HEAD, "y2": height - 4}]))
        .mark_rule(color=LIGHT["ink"], strokeDash=[4, 3])
        .encode(**place, y2=alt.Y2("y2")),
        alt.Chart(data(bands))
        .mark_rule(color=_TRACK.colour, strokeWidth=4)
        .encode(x=at_level, y=place["y"], y2=alt.Y2("y2")),
        *(
            house_marks([dot for dot in dots if dot["symbol"] == symbol], symbol).encode(**place)
            for symbol in dict.fromkeys(symbols.values())
        ),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(heads)).encode(**place), halo=False, align="left"),
        words(alt.Chart(data(values)).encode(**place), halo=False, align="right", fontWeight="bold"),
    ]
    if wide:
        layers.append(words(alt.Chart(data(more)).encode(**place), halo=False, align="left", color=LIGHT["muted"]))
    return canvas(width, height, *layers)


def house_marks(dots: Rows, symbol: str) -> alt.Chart:
    """One house's polls, with an edge in the page's colour so that those side by side stay apart."""
    style: dict[str, Any] = {"shape": _SHAPES[symbol], "opacity": 1}
    if symbol == _OTHERS:
        style |= {"stroke": _TRACK.colour, "fill": LIGHT["paper"], "strokeWidth": 1.6, "size": 48}
    else:
        style |= {"fill": _TRACK.colour, "stroke": LIGHT["paper"], "strokeWidth": 0.8, "size": 62}
    return alt.Chart(data(dots), mark=alt.MarkDef(type="point", **style))
