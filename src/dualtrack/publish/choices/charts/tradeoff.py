"""Robustness: mean against largest regret of all packages, and in what share of worlds each is good enough."""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from dualtrack.analyses.words import listed
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.choices.telling import Telling
from dualtrack.publish.marks import Room, across, canvas, data, down, labels, words
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DETERRENCE
_TOP, _PLOT, _FOOT, _LEFT = 12, 300, 38, 58
_COLUMNS = (
    Column("package", "Package"),
    Column("mean", "Mean regret", number=True),
    Column("error", "Standard error", number=True),
    Column("ninetieth", "Regret exceeded in a tenth of worlds", number=True),
    Column("most", "Largest regret", number=True),
    Column("best", "Best of those named, percent of worlds", number=True),
    Column("enough", "Good enough, percent of worlds", number=True),
)


def tradeoff(found: Telling) -> Chart:
    """Dots are packages: to the left less regret on average, below less at worst."""
    rows = [
        {
            "package": one.name, "mean": round(one.mean, 2), "error": round(one.error, 2),
            "ninetieth": round(one.ninetieth, 1), "most": round(one.most, 1), "best": round(100 * one.best, 1),
            "enough": round(100 * share.value, 1),
        }
        for one, share in zip(found.regrets, found.enough.shares, strict=True)
    ]  # fmt: skip
    mean = min(found.regrets, key=lambda one: one.mean)
    most = min(found.regrets, key=lambda one: one.most)
    good = listed([f"“{name}”" for name in found.enough.leaders])
    same = "" if mean.name == most.name else f"; “{most.name}” at worst"
    return Chart(
        id="tradeoff",
        track=_TRACK,
        title=f"“{mean.name}” falls least short on average{same}; {good} is good enough in most worlds",
        reading="Regret is what a package falls short of the best in a world, in about 10 bn USD of 2016: mean and "
        "largest over all worlds, scales by tenfolds. Small dots are all packages solved, against the best of all; "
        "large ones those compared, against the best of those.",
        alt="; ".join(f"{row['package']}: mean {row['mean']}, largest {row['most']}" for row in rows) + ".",
        draw=lambda width: _draw(found, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(),
        key=(Key("dot", "compared by name", 90), Key("ring", "all packages solved", 40)),
        notes=(
            f"Good enough: {_enough(found)}. Some package is in {100 * found.any_enough:.0f} percent of worlds. The "
            "largest regret is that of one world in the sample and grows with it.",
        ),
    )


def _enough(found: Telling) -> str:
    said = []
    for name, asked in found.scenario.enough.items():
        limit, way = (asked.at_most, "at most") if asked.at_most is not None else (asked.at_least, "at least")
        said.append(f"{name} {way} {limit:g}")
    return ", ".join(said) or "nothing asked"


def _draw(found: Telling, width: int) -> Spec:
    height = float(_TOP + _PLOT + _FOOT)
    every = [*found.everything, *found.regrets]
    means, mosts = [max(one.mean, 1e-3) for one in every], [max(one.most, 1e-3) for one in every]
    x_low, x_high = math.log10(min(means)) - 0.1, math.log10(max(means)) + 0.1
    y_low, y_high = math.log10(min(mosts)) - 0.1, math.log10(max(mosts)) + 0.1

    def x(value: float) -> float:
        return _LEFT + (width - _LEFT - 8) * (math.log10(max(value, 1e-3)) - x_low) / (x_high - x_low)

    def y(value: float) -> float:
        return _TOP + _PLOT * (1 - (math.log10(max(value, 1e-3)) - y_low) / (y_high - y_low))

    small = [{"x": x(one.mean), "y": y(one.most)} for one in found.everything]
    large = [{"x": x(one.mean), "y": y(one.most)} for one in found.regrets]
    room = Room(width, _TOP + _PLOT)
    for point in large:
        room.take(point["x"], point["y"], 7)
    placed = [
        label
        for one, point in zip(found.regrets, large, strict=True)
        if (label := room.put(one.name, point["x"], point["y"], 9))
    ]
    ticks = [t * 10.0**e for e in range(-3, 6) for t in (1, 2, 5)]
    xs = [t for t in ticks if x_low <= math.log10(t) <= x_high][:: 1 if width > 500 else 2]
    ys = [t for t in ticks if y_low <= math.log10(t) <= y_high]
    grid = [{"x": _LEFT, "x2": width - 8.0, "y": y(t)} for t in ys]
    scale = [{"x": _LEFT - 6, "y": y(t), "label": f"{t:,g}", "align": "right"} for t in ys]
    axis = [{"x": x(t), "y": _TOP + _PLOT + 12, "label": f"{t:,g}"} for t in xs]
    titles = [{"x": _LEFT, "y": height - 6, "label": "mean regret →"}]
    over = [{"x": 0, "y": 6, "label": "largest regret ↑"}]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    return canvas(
        width, height,
        alt.Chart(data(grid)).mark_rule(color=LIGHT["grid"]).encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(small)).mark_point(color=LIGHT["rule"], size=30, filled=False, strokeWidth=1).encode(**place),
        alt.Chart(data(large)).mark_point(color=_TRACK.colour, size=90, filled=True, opacity=1).encode(**place),
        words(alt.Chart(data(scale)).encode(**place), halo=False, align="right", color=LIGHT["muted"]),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(titles)).encode(**place), halo=False, align="left", color=LIGHT["muted"]),
        words(alt.Chart(data(over)).encode(**place), align="left", color=LIGHT["muted"]),
        *labels(placed, place),
    )  # fmt: skip
