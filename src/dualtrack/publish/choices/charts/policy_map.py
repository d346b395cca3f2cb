"""The best next step by belief and support in the nominal world, and where bounds cannot tell."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import altair as alt
import numpy as np

from dualtrack.choice.outcomes import SUPPORTS, TENSIONS
from dualtrack.choice.policymap import Cell
from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.choices.telling import Telling
from dualtrack.publish.marks import across, canvas, data, down, words
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DETERRENCE
_BELIEFS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
_SHOWN = 1  # the tension of the picture; the data have all
_TOP, _ROW, _FOOT, _LEFT = 20, 46, 34, 44
_COLUMNS = (
    Column("tension", "Tension", number=True),
    Column("support", "Public support", number=True),
    Column("belief", "Belief that the other side is greedy", number=True),
    Column("presence", "Presence"),
    Column("dialogue", "Dialogue"),
    Column("explain", "Explained"),
    Column("multinational", "Multinational"),
    Column("open", "Packages the bounds leave open", number=True),
    Column("advantage", "Worth more than the next by", number=True),
    Column("gap", "Distance of the bounds", number=True),
)


def policy_map(found: Telling) -> Chart:
    """Rows are levels of support, columns beliefs; each cell says how much presence and dialogue are best now."""
    cells = [cell for cell in _picked(found) if cell.tension == _SHOWN]
    told = [cell for cell in cells if cell.package is not None]
    mild = {cell.open[0].presence for cell in cells if cell.belief < 0.06}
    strong = {cell.open[0].presence for cell in cells if cell.belief > 0.9}
    information = found.information
    value, adapting, knowing = information.solution.value, information.adaptivity, information.knowing
    return Chart(
        id="policy-map",
        track=_TRACK,
        title=f"One who adapts holds presence at {_span(mild)} where the other side is hardly believed greedy, and "
        f"at {_span(strong)} where it surely is",
        reading="The best package for the next quarter, by belief that the other side is greedy (across) and public "
        f"support (upward), at tension {_SHOWN}, in the nominal world. The upper figure is presence, as a share of "
        "seven brigades, the lower one dialogue, as a share of full; ? where the bounds leave "
        "more than one level open.",
        alt="; ".join(map(_in_words, told)) + ".",
        draw=lambda width: _draw(cells, width),
        columns=_COLUMNS,
        rows=[_row(cell) for cell in _picked(found)],
        findings=(),
        key=(Key("area", "more presence is darker", 80),),
        notes=(
            f"Against another side that does not look ahead. Best adaptive package: {value.lower:.3f} to "
            f"{value.upper:.3f}. Adapting is worth {adapting.lower:.2f} to {adapting.upper:.2f} more than the best "
            f"package that never changes, and knowing the other side’s type {knowing.lower:.2f} to {knowing.upper:.2f} "
            "more than that, in about 10 bn USD of 2016.",
        ),
    )


def _in_words(cell: Cell) -> str:
    return f"support {cell.support:.0%}, belief {cell.belief:.2f}: presence {_share(cell.open[0].presence)}"


def _picked(found: Telling) -> list[Cell]:
    beliefs = found.policy.beliefs
    points = list(dict.fromkeys(int(np.abs(beliefs - belief).argmin()) for belief in _BELIEFS))
    return [
        found.policy.cell(support * len(TENSIONS) + tension, point)
        for tension in TENSIONS
        for support in range(len(SUPPORTS))
        for point in points
    ]


def _share(level: float) -> str:
    return str(Fraction(level).limit_denominator(6))


def _span(levels: set[float]) -> str:
    low, high = _share(min(levels)), _share(max(levels))
    return low if low == high else f"{low} to {high}"


def _agreed(cell: Cell, lever: str) -> str:
    levels = {getattr(package, lever) for package in cell.open}
    return _share(levels.pop()) if len(levels) == 1 else "?"


def _row(cell: Cell) -> dict[str, Any]:
    return {
        "tension": cell.tension, "support": cell.support, "belief": round(cell.belief, 4),
        **{lever: _agreed(cell, lever) for lever in ("presence", "dialogue", "explain", "multinational")},
        "open": len(cell.open), "advantage": round(cell.advantage, 5), "gap": round(cell.gap, 5),
    }  # fmt: skip


def _draw(cells: list[Cell], width: int) -> Spec:
    columns = sorted({cell.belief for cell in cells})
    if width < 500:
        columns = columns[::2]
    step = (width - _LEFT - 6) / len(columns)
    height = float(_TOP + _ROW * len(SUPPORTS) + _FOOT)
    boxes: list[dict[str, Any]] = []
    upper: list[dict[str, Any]] = []
    lower: list[dict[str, Any]] = []
    for cell in cells:
        if cell.belief not in columns:
            continue
        left = _LEFT + step * columns.index(cell.belief)
        top = _TOP + _ROW * (len(SUPPORTS) - 1 - SUPPORTS.index(cell.support))
        boxes.append({
            "x": left + 1, "x2": left + step - 1, "y": top + 1, "y2": top + _ROW - 1,
            "weight": cell.open[0].presence,
        })  # fmt: skip
        upper.append({"x": left + step / 2, "y": top + _ROW / 2 - 8, "label": _agreed(cell, "presence")})
        lower.append({"x": left + step / 2, "y": top + _ROW / 2 + 9, "label": _agreed(cell, "dialogue")})
    bottom = _TOP + _ROW * len(SUPPORTS)
    axis = [
        {"x": _LEFT + step * (n + 0.5), "y": bottom + 12, "label": f"{belief:.2f}".lstrip("0")}
        for n, belief in enumerate(columns)
    ]
    scale = [
        {"x": _LEFT - 8, "y": _TOP + _ROW * (len(SUPPORTS) - 0.5 - n), "label": f"{100 * support:.0f}%"}
        for n, support in enumerate(SUPPORTS)
    ]
    titles = [{"x": _LEFT, "y": height - 6, "label": "belief that the other side is greedy →"}]
    over = [{"x": 0, "y": 8, "label": "support ↑"}]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    shade = alt.Opacity("weight:Q", scale=alt.Scale(domain=[0, 1], range=[0.12, 1]), legend=None)
    return canvas(
        width, height,
        alt.Chart(data(boxes)).mark_rect(color=_TRACK.soft)
        .encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2"), opacity=shade),
        words(alt.Chart(data(upper)).encode(**place), halo=False, fontWeight="bold"),
        words(alt.Chart(data(lower)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(scale)).encode(**place), halo=False, align="right", color=LIGHT["muted"]),
        words(alt.Chart(data(titles)).encode(**place), halo=False, align="left", color=LIGHT["muted"]),
        words(alt.Chart(data(over)).encode(**place), halo=False, align="left", color=LIGHT["muted"]),
    )  # fmt: skip
