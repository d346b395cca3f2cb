"""Each assumption over its range: how far it moves the advantage of the first package, and where that flips."""

from __future__ import annotations

from typing import Any

import altair as alt

from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.choices.telling import Telling
from dualtrack.publish.marks import across, canvas, data, down, shortened, words
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DETERRENCE
_ROW, _HEAD, _SHOWN = 34, 24, 12
_COLUMNS = (
    Column("parameter", "Parameter"),
    Column("meaning", "What it is"),
    Column("low", "Low", number=True),
    Column("nominal", "Nominal", number=True),
    Column("high", "High", number=True),
    Column("at_low", "Advantage at low", number=True),
    Column("at_high", "Advantage at high", number=True),
    Column("flips", "The best package changes at", number=True),
    Column("to", "To"),
)


def tornado(found: Telling) -> Chart:
    """Bars from the advantage at the low end of an assumption to that at its high end, the longest first."""
    rows = [
        {
            "parameter": flip.parameter, "meaning": found.meaning[flip.parameter], "low": flip.low,
            "nominal": round(flip.nominal, 4), "high": flip.high, "at_low": round(flip.ends[0], 2),
            "at_high": round(flip.ends[1], 2),
            "flips": float(f"{flip.value:.3g}") if flip.value is not None else None, "to": flip.after or "",
        }
        for flip in found.flips
    ]  # fmt: skip
    told = [flip for flip in found.flips if flip.value is not None]
    best = found.flips[0].before
    which = ", ".join(flip.parameter for flip in told[:5]) + (f" and {len(told) - 5} more" if len(told) > 5 else "")
    title = (
        f"In the nominal world “{best}” is best; one assumption alone changes that: {which}"
        if told
        else f"In the nominal world “{best}” is best, and no single assumption changes that within its range"
    )
    return Chart(
        id="tornado",
        track=_TRACK,
        title=title,
        reading=f"Advantage in value of “{found.first}” over the best of the others, in about 10 bn USD of 2016, as "
        "each assumption goes over its range and all others stay nominal. Left of the line another is better. In "
        "brackets, where the best package changes.",
        alt="; ".join(
            f"{row['parameter']} from {row['low']:g} to {row['high']:g}: {row['at_low']} to {row['at_high']}"
            + (f", flips at {row['flips']:g} to {row['to']}" if row["flips"] is not None else "")
            for row in rows[:_SHOWN]
        )
        + ".",
        draw=lambda width: _draw(found, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(),
        key=(Key("dot", "at the high end", 60), Key("ring", "at the low end", 60)),
        notes=(
            f"The {min(_SHOWN, len(rows))} that move it most of {len(rows)}; the table has all. One at a time: "
            "together they move more, as the indices of the report say.",
        ),
    )


def _draw(found: Telling, width: int) -> Spec:
    shown = found.flips[:_SHOWN]
    left = 300.0 if width > 500 else 128.0
    height = float(_HEAD + _ROW * len(shown))
    ends = [end for flip in shown for end in flip.ends] + [0.0]
    low, high = min(ends), max(ends)

    def x(value: float) -> float:
        return left + 8 + (width - left - 20) * (value - low) / max(high - low, 1e-9)

    bars: list[dict[str, Any]] = []
    dots: list[dict[str, Any]] = []
    rings: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for number, flip in enumerate(shown):
        middle = _HEAD + number * _ROW + _ROW / 2
        bars.append({"x": x(flip.ends[0]), "x2": x(flip.ends[1]), "y": middle})
        rings.append({"x": x(flip.ends[0]), "y": middle})
        dots.append({"x": x(flip.ends[1]), "y": middle})
        flips = f" [{flip.value:.3g}]" if flip.value is not None else ""
        words_ = found.meaning[flip.parameter] if width > 500 else ""
        lines = [f"{flip.parameter} {flip.low:g} to {flip.high:g}{flips}"]
        if words_:
            lines = [*lines, shortened(words_, left - 10)]
        elif flips:
            lines = [f"{flip.parameter} {flip.low:g} to {flip.high:g}", f"flips at {flip.value:.3g}"]
        for at, line in enumerate(lines):
            offset = (at - (len(lines) - 1) / 2) * 14
            names.append({"x": left - 6, "y": middle + offset, "label": line, "soft": at > 0})
    zero = [{"x": x(0.0), "y": _HEAD - 4.0, "y2": height}]
    axis = [{"x": x(value), "y": 8, "label": f"{value:+.1f}" if value else "0"} for value in sorted({low, 0.0, high})]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    first = [name for name in names if not name["soft"]]
    second = [name for name in names if name["soft"]]
    return canvas(
        width, height,
        alt.Chart(data(zero)).mark_rule(color=LIGHT["ink"], strokeDash=[4, 3]).encode(**place, y2=alt.Y2("y2")),
        alt.Chart(data(bars)).mark_rule(color=_TRACK.soft, strokeWidth=9).encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(rings)).mark_point(color=_TRACK.colour, size=50, filled=False, strokeWidth=2).encode(**place),
        alt.Chart(data(dots)).mark_point(color=_TRACK.colour, size=60, filled=True, opacity=1).encode(**place),
        words(alt.Chart(data(first)).encode(**place), halo=False, align="right"),
        words(alt.Chart(data(second)).encode(**place), halo=False, align="right", color=LIGHT["muted"]),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
    )  # fmt: skip
