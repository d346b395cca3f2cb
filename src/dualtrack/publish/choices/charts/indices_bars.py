"""How much of the answer's variance each assumption explains, alone and together with others."""

from __future__ import annotations

from typing import Any

import altair as alt

from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.choices.telling import Telling
from dualtrack.publish.marks import across, canvas, data, down, shortened, words
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DETERRENCE
_ROW, _HEAD, _SHOWN = 34, 22, 10
_COLUMNS = (
    Column("parameter", "Parameter"),
    Column("meaning", "What it is"),
    Column("first", "First order", number=True),
    Column("first_low", "from", number=True),
    Column("first_high", "to", number=True),
    Column("total", "Total", number=True),
    Column("total_low", "from", number=True),
    Column("total_high", "to", number=True),
)


def indices_bars(found: Telling) -> Chart:
    """Dots at the total index with its band, and at the first-order index."""
    rows = [
        {
            "parameter": one.parameter, "meaning": found.meaning[one.parameter], "first": round(one.first, 3),
            "first_low": round(one.first_low, 3), "first_high": round(one.first_high, 3), "total": round(one.total, 3),
            "total_low": round(one.total_low, 3), "total_high": round(one.total_high, 3),
        }
        for one in found.indices
    ]  # fmt: skip
    top = found.leading.parameters
    sure = "" if found.leading.sure else " Which five come first is partly chance of the sample."
    return Chart(
        id="indices",
        track=_TRACK,
        title=f"Five assumptions drive the advantage of “{found.first}” most: {', '.join(top)}",
        reading=f"Sobol indices of the advantage, its tails drawn in, of “{found.first}” over the best of the others, "
        f"under {found.scenario.priors.replace('_', ' ')} priors: the share of its variance an assumption explains "
        "with all it acts together with (total), and alone (first order). Lines are 95 percent bands.",
        alt="; ".join(f"{row['parameter']}: total {row['total']}, first order {row['first']}" for row in rows[:_SHOWN])
        + ".",
        draw=lambda width: _draw(found, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(),
        key=(Key("dot", "total", 60), Key("ring", "first order", 60)),
        notes=(
            f"{found.judged} of the 51 parameters are in no table of the record: judgements, always explored.{sure}",
        ),
    )


def _draw(found: Telling, width: int) -> Spec:
    shown = found.indices[:_SHOWN]
    left = 300.0 if width > 500 else 90.0
    height = float(_HEAD + _ROW * len(shown))
    most = max(0.2, *(min(one.total_high, 1.2) for one in shown))

    def x(value: float) -> float:
        return left + (width - left - 16) * min(max(value, 0.0), most) / most

    bands = []
    totals = []
    firsts = []
    names = []
    meanings = []
    for number, one in enumerate(shown):
        middle = _HEAD + number * _ROW + _ROW / 2
        bands.append({"x": x(one.total_low), "x2": x(one.total_high), "y": middle})
        totals.append({"x": x(one.total), "y": middle})
        firsts.append({"x": x(one.first), "y": middle})
        names.append({"x": left - 8, "y": middle - (7 if width > 500 else 0), "label": one.parameter})
        if width > 500:
            line = shortened(found.meaning[one.parameter], left - 10)
            meanings.append({"x": left - 8, "y": middle + 7, "label": line})
    ticks = [tick / 10 for tick in range(0, 13, 2) if tick / 10 <= most]
    grid = [{"x": x(tick), "y": _HEAD - 4.0, "y2": height} for tick in ticks]
    axis = [{"x": x(tick), "y": 8, "label": f"{tick:g}"} for tick in ticks]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    return canvas(
        width, height,
        alt.Chart(data(grid)).mark_rule(color=LIGHT["grid"]).encode(**place, y2=alt.Y2("y2")),
        alt.Chart(data(bands)).mark_rule(color=_TRACK.soft, strokeWidth=6).encode(**place, x2=alt.X2("x2")),
        alt.Chart(data(firsts)).mark_point(color=_TRACK.colour, size=50, filled=False, strokeWidth=2).encode(**place),
        alt.Chart(data(totals)).mark_point(color=_TRACK.colour, size=60, filled=True, opacity=1).encode(**place),
        words(alt.Chart(data(names)).encode(**place), halo=False, align="right"),
        words(alt.Chart(data(meanings or [{"x": 0, "y": 0, "label": ""}])).encode(**place), halo=False, align="right",
              color=LIGHT["muted"]),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
    )  # fmt: skip
