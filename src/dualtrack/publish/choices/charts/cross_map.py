"""Where presence makes dialogue worth more: over the two assumptions that decide it most."""

from __future__ import annotations

from typing import Any

import altair as alt

from dualtrack.publish.chart import Chart, Column, Spec
from dualtrack.publish.choices.telling import Telling
from dualtrack.publish.marks import across, canvas, data, down, words
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DIALOGUE
_TOP, _FOOT, _LEFT = 24, 40, 52
_COLUMNS = (
    Column("x_low", "First assumption from", number=True),
    Column("x_high", "to", number=True),
    Column("y_low", "Second assumption from", number=True),
    Column("y_high", "to", number=True),
    Column("share", "Worlds with a cross-difference above zero, percent", number=True),
    Column("worlds", "Worlds", number=True),
)


def cross_map(found: Telling) -> Chart:
    """Cells over two assumptions, with the share of worlds in which the cross-difference is above zero."""
    one, other = found.cross_axes
    rows = [
        {
            "x_low": round(cut.ranges[0][0], 3), "x_high": round(cut.ranges[0][1], 3),
            "y_low": round(cut.ranges[1][0], 3), "y_high": round(cut.ranges[1][1], 3),
            "share": round(100 * cut.helps.value), "worlds": cut.helps.n,
        }
        for cut in found.cross_map
    ]  # fmt: skip
    shares = [row["share"] for row in rows]
    priors = found.scenario.priors.replace("_", " ")
    return Chart(
        id="cross-map",
        track=_TRACK,
        title=f"Presence makes dialogue worth more in {100 * found.own.helps.value:.0f} percent of worlds under "
        f"{priors} priors, from {min(shares)} to {max(shares)} percent by {one} and {other}",
        reading="Share of worlds, percent, in which the cross-difference of value in presence and dialogue is above "
        f"zero. Across: {found.meaning[one][:1].lower()}{found.meaning[one][1:]} ({one}); upward: "
        f"{found.meaning[other][:1].lower()}{found.meaning[other][1:]} ({other}).",
        alt=f"From {min(shares)} to {max(shares)} percent over {one} and {other}.",
        draw=lambda width: _draw(found, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(),
        notes=("A share of a box of assumptions, not a probability.",),
    )


def _draw(found: Telling, width: int) -> Spec:
    cells = [(*cut.ranges[0], *cut.ranges[1], cut.helps.value) for cut in found.cross_map]
    wide = min(width, 520)
    plot = wide - _LEFT - 10
    height = float(_TOP + plot * 0.66 + _FOOT)
    x0, x1 = min(c[0] for c in cells), max(c[1] for c in cells)
    y0, y1 = min(c[2] for c in cells), max(c[3] for c in cells)
    tall = plot * 0.66

    def x(value: float) -> float:
        return _LEFT + plot * (value - x0) / (x1 - x0)

    def y(value: float) -> float:
        return _TOP + tall * (1 - (value - y0) / (y1 - y0))

    boxes = [
        {"x": x(a) + 1, "x2": x(b) - 1, "y": y(d) + 1, "y2": y(c) - 1, "weight": share} for a, b, c, d, share in cells
    ]
    figures = [{"x": x((a + b) / 2), "y": y((c + d) / 2), "label": f"{100 * s:.0f}"} for a, b, c, d, s in cells]
    one, other = found.cross_axes
    axis = [{"x": x(v), "y": _TOP + tall + 12, "label": f"{round(v, 3):.2g}"} for v in (x0, (x0 + x1) / 2, x1)]
    scale = [{"x": _LEFT - 6, "y": y(v), "label": f"{round(v, 3):.2g}"} for v in (y0, (y0 + y1) / 2, y1)]
    titles = [{"x": _LEFT, "y": height - 6, "label": f"{one} →"}, {"x": 0, "y": 8, "label": f"{other} ↑"}]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    shade = alt.Opacity("weight:Q", scale=alt.Scale(domain=[0, 1], range=[0.05, 1]), legend=None)
    return canvas(
        width, height,
        alt.Chart(data(boxes)).mark_rect(color=_TRACK.soft)
        .encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2"), opacity=shade),
        words(alt.Chart(data(figures)).encode(**place), halo=False),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(scale)).encode(**place), halo=False, align="right", color=LIGHT["muted"]),
        words(alt.Chart(data(titles)).encode(**place), halo=False, align="left", color=LIGHT["muted"]),
    )  # fmt: skip
