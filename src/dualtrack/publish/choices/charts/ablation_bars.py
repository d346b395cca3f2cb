"""The cross-difference with each channel switched off in turn: what complementarity rests on."""

from __future__ import annotations

from typing import Any

import altair as alt

from dualtrack.choice.ablation import NOTHING
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.choices.telling import Telling
from dualtrack.publish.marks import across, canvas, data, down, words, wrapped
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DIALOGUE
_ROW, _HEAD = 36, 22
_COLUMNS = (
    Column("off", "Switched off"),
    Column("share", "Worlds with a cross-difference above zero, percent", number=True),
    Column("error", "Standard error", number=True),
    Column("change", "Change, points", number=True),
    Column("median", "Median cross-difference", number=True),
)


def ablation_bars(found: Telling) -> Chart:
    """Bars: the share of neutral worlds in which presence makes dialogue worth more."""
    rows = [
        {
            "off": one.title,
            "share": round(100 * one.holds.value, 1),
            "error": round(100 * one.holds.error, 1),
            "change": round(100 * one.change.value, 1),
            "median": round(one.median, 2),
        }
        for one in found.ablation
    ]
    none, *cases = rows[:-2]
    most = min(cases, key=lambda row: float(str(row["share"])))
    return Chart(
        id="ablation",
        track=_TRACK,
        title=f"Presence makes dialogue worth more in {none['share']:.0f} percent of neutral worlds; with any one "
        f"channel off still in {most['share']:.0f} or more",
        reading="Share of worlds under neutral priors in which full dialogue is worth more beside three brigades than "
        "beside none, explanation and multinational form held fixed; with one channel of the model switched off in "
        "each row. At the right the median, in about 10 bn USD of 2016.",
        alt="; ".join(f"{row['off']} off: {row['share']} percent, median {row['median']}" for row in rows) + ".",
        draw=lambda width: _draw(found, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(),
        key=(Key("bar", "share of worlds", 80),),
        notes=(
            "A share of a box of assumptions, not a probability; that tracks go together does not make both the best.",
        ),
    )


def _draw(found: Telling, width: int) -> Spec:
    left = 260.0 if width > 500 else 150.0
    right = width - 92.0 if width > 500 else width - 78.0
    height = float(_HEAD + _ROW * len(found.ablation))
    bars: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []

    def x(share: float) -> float:
        return left + (right - left) * share

    for number, one in enumerate(found.ablation):
        share, median = one.holds.value, one.median
        top = _HEAD + number * _ROW
        bars.append({"x": left, "x2": x(share), "y": top + 7, "y2": top + _ROW - 7})
        lines = wrapped(one.title if one.title != NOTHING else "nothing switched off", left - 10)[:2]
        for at, line in enumerate(lines):
            names.append({"x": left - 8, "y": top + _ROW / 2 + (at - (len(lines) - 1) / 2) * 14, "label": line})
        figures.append({"x": right + 6, "y": top + _ROW / 2, "label": f"{100 * share:.0f}%, {median:+.1f}"})
    half = [{"x": x(0.5), "y": _HEAD - 4.0, "y2": height}]
    axis = [{"x": x(share), "y": 8, "label": f"{100 * share:.0f}%"} for share in (0, 0.5, 1)]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    return canvas(
        width, height,
        alt.Chart(data(bars)).mark_rect(color=_TRACK.colour).encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2")),
        alt.Chart(data(half)).mark_rule(color=LIGHT["ink"], strokeDash=[4, 3]).encode(**place, y2=alt.Y2("y2")),
        words(alt.Chart(data(names)).encode(**place), halo=False, align="right"),
        words(alt.Chart(data(figures)).encode(**place), halo=False, align="left"),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
    )  # fmt: skip
