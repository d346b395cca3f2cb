"""Mean regret of each package in groups of worlds, by how near the other side is to a challenge."""

from __future__ import annotations

from typing import Any

import altair as alt

from dualtrack.publish.chart import Chart, Column, Spec
from dualtrack.publish.choices.telling import Telling
from dualtrack.publish.marks import across, canvas, data, down, words, wrapped
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DETERRENCE
_HEAD, _ROW = 46, 34
_COLUMNS = (
    Column("package", "Package"),
    Column("challenges", "Challenges a quarter under the first package"),
    Column("share", "Share of worlds, percent", number=True),
    Column("regret", "Mean regret", number=True),
)


def regret_map(found: Telling) -> Chart:
    """Rows are packages, columns groups of worlds; the figure in each cell is the mean regret there."""
    rows = [
        {"package": named.name, "challenges": label, "share": round(100 * share), "regret": round(means[number], 1)}
        for number, named in enumerate(found.named)
        for label, share, means in found.clusters
    ]
    least = [min(zip(means, (named.name for named in found.named), strict=True))[1] for _, _, means in found.clusters]
    return Chart(
        id="regret-map",
        track=_TRACK,
        title="What falls least short depends on how near the other side is to a challenge: "
        f"{least[0]} where that is far, {least[-1]} where it is near",
        reading="Mean regret, in about 10 bn USD of 2016, in groups of worlds by the rate of challenges a quarter "
        f"under “{found.named[0].name}”; 0 is the best of those compared in every world of the group. Darker is worse.",
        alt="; ".join(f"{row['package']}, {row['challenges']}: {row['regret']}" for row in rows) + ".",
        draw=lambda width: _draw(found, width),
        columns=_COLUMNS,
        rows=rows,
        findings=(),
        notes=("The share of worlds in each group stands above it.",),
    )


def _draw(found: Telling, width: int) -> Spec:
    left = 190.0 if width > 500 else 104.0
    step = (width - left - 4) / len(found.clusters)
    height = float(_HEAD + _ROW * len(found.named))
    most = max(max(means) for _, _, means in found.clusters) or 1.0
    cells: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for column, (label, share, means) in enumerate(found.clusters):
        middle = left + step * (column + 0.5)
        heads += [
            {"x": middle, "y": 10, "label": label if width > 500 else _short(label)},
            {"x": middle, "y": 27, "label": f"{100 * share:.0f}% of worlds" if width > 500 else f"{100 * share:.0f}%"},
        ]
        for row, mean in enumerate(means):
            top = _HEAD + row * _ROW
            cells.append({
                "x": left + step * column + 1, "x2": left + step * (column + 1) - 1, "y": top + 1,
                "y2": top + _ROW - 1, "weight": (mean / most) ** 0.5,
            })  # fmt: skip
            labels.append({"x": middle, "y": top + _ROW / 2, "label": f"{mean:.1f}"})
    for row, named in enumerate(found.named):
        lines = wrapped(named.name, left - 8)[:2]
        for number, line in enumerate(lines):
            offset = (number - (len(lines) - 1) / 2) * 14
            names.append({"x": left - 8, "y": _HEAD + row * _ROW + _ROW / 2 + offset, "label": line})
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    shade = alt.Opacity("weight:Q", scale=alt.Scale(domain=[0, 1], range=[0.06, 1]), legend=None)
    return canvas(
        width, height,
        alt.Chart(data(cells)).mark_rect(color=_TRACK.soft)
        .encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2"), opacity=shade),
        words(alt.Chart(data(labels)).encode(**place), halo=False),
        words(alt.Chart(data(names)).encode(**place), halo=False, align="right"),
        words(alt.Chart(data(heads)).encode(**place), halo=False, color=LIGHT["muted"]),
    )  # fmt: skip


def _short(label: str) -> str:
    return label.replace("under ", "<").replace(" to ", "–").replace(" or more", "+")
