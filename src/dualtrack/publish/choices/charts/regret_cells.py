"""Mean regret of one package over two assumptions, and which package falls least short in each cell."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

import altair as alt

from dualtrack.publish.chart import Chart, Column, Key, Spec
from dualtrack.publish.choices.told import Cell, Told
from dualtrack.publish.marks import across, canvas, data, down, words
from dualtrack.publish.theme import LIGHT, Track

_TRACK = Track.DETERRENCE
_TOP, _ROW, _FOOT, _LEFT = 22, 50, 38, 48
_WIDEST = 620  # pixels: wider cells would only be farther apart
_COLUMNS = (
    Column("x_low", "First assumption from", number=True),
    Column("x_high", "to", number=True),
    Column("y_low", "Second assumption from", number=True),
    Column("y_high", "to", number=True),
    Column("regret", "Mean regret", number=True),
    Column("error", "Standard error", number=True),
    Column("first", "Falls least short (more than one: the sample cannot tell)"),
    Column("worlds", "Worlds", number=True),
)


def letters(found: Told) -> dict[str, str]:
    """A letter for each package compared."""
    return {one.name: ascii_uppercase[number % 26] for number, one in enumerate(found.packages)}


def regret_cells(found: Told, package: str, x: str, y: str, coverage: str) -> Chart:
    """Cells over two assumptions: above, the mean regret of a package; below, who falls least short.

    Args:
        found: the run.
        package: whose regret is shown.
        x, y: two of the axes of the run, not the same.
        coverage: what it rests on, in a sentence.
    """
    number = [one.name for one in found.packages].index(package)
    grid = found.grid(x, y)
    ends = found.axes[x], found.axes[y]
    rows = [
        {
            "x_low": _three(ends[0][column]), "x_high": _three(ends[0][column + 1]), "y_low": _three(ends[1][line]),
            "y_high": _three(ends[1][line + 1]), "regret": round(cell.means[number], 1) if cell.worlds else None,
            "error": _two(cell.errors[number]) if cell.worlds else None,
            "first": ", ".join(found.packages[n].name for n in cell.first), "worlds": cell.worlds,
        }
        for line, cells in enumerate(grid)
        for column, cell in enumerate(cells)
    ]  # fmt: skip
    every = [cell for cells in grid for cell in cells if cell.worlds]
    alone = sum(cell.first == (number,) for cell in every)
    shared = sum(number in cell.first for cell in every) - alone
    means = [cell.means[number] for cell in every]
    told = f" and cannot be told from the first in {shared} more" if shared else ""
    return Chart(
        id="regret-cells",
        track=_TRACK,
        title=f"“{package[:1].upper()}{package[1:]}” falls least short in {alone} of {len(every)} cells over {x} and "
        f"{y}{told}; by {min(means):.1f} to {max(means):.1f} on average",
        reading=f"Upper figure: mean regret of “{package}” in the worlds of the cell, in about 10 bn USD of 2016; "
        "darker is worse. Below it who falls least short there: two letters and more where the sample cannot tell "
        f"them apart. Across: {_lower(found.meaning[x])} ({x}); upward: {_lower(found.meaning[y])} ({y}).",
        alt="; ".join(
            f"{x} {row['x_low']:g} to {row['x_high']:g}, {y} {row['y_low']:g} to {row['y_high']:g}: "
            f"{row['regret'] if row['regret'] is not None else 'no worlds'}, first {row['first'] or 'nobody'}"
            for row in rows
        )
        + ".",
        draw=lambda width: _draw(found, grid, number, (x, y), width),
        columns=_COLUMNS,
        rows=rows,
        findings=(),
        coverage=coverage,
        key=tuple(Key("letter", f"{letter}: {name}") for name, letter in letters(found).items()),
        notes=("All other assumptions vary freely in every cell. A cell is a part of a box, not a likelihood.",),
    )


def _draw(found: Told, grid: list[list[Cell]], number: int, axes: tuple[str, str], width: int) -> Spec:
    x, y = axes
    columns = len(grid[0])
    step = (min(width, _WIDEST) - _LEFT - 6) / columns
    bottom = _TOP + _ROW * len(grid)
    height = float(bottom + _FOOT)
    most = max((cell.means[number] for cells in grid for cell in cells if cell.worlds), default=0.0) or 1.0
    signs = list(letters(found).values())
    boxes: list[dict[str, Any]] = []
    upper: list[dict[str, Any]] = []
    lower: list[dict[str, Any]] = []
    for line, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            left, top = _LEFT + step * column, _TOP + _ROW * (len(grid) - 1 - line)
            if not cell.worlds:
                continue
            boxes.append({
                "x": left + 1, "x2": left + step - 1, "y": top + 1, "y2": top + _ROW - 1,
                "weight": (cell.means[number] / most) ** 0.5,
            })  # fmt: skip
            upper.append({"x": left + step / 2, "y": top + _ROW / 2 - 9, "label": f"{cell.means[number]:.1f}"})
            lower.append({"x": left + step / 2, "y": top + _ROW / 2 + 10, "label": _signs(cell, signs, step)})
    axis = [{"x": _LEFT + step * n, "y": bottom + 12, "label": f"{_three(end):g}"}
            for n, end in enumerate(found.axes[x])]  # fmt: skip
    scale = [{"x": _LEFT - 6, "y": bottom - _ROW * n, "label": f"{_three(end):g}"}
             for n, end in enumerate(found.axes[y])]  # fmt: skip
    titles = [{"x": _LEFT, "y": height - 6, "label": f"{x} →"}, {"x": 0, "y": 8, "label": f"{y} ↑"}]
    place: dict[str, Any] = {"x": across("x", width), "y": down("y", height)}
    shade = alt.Opacity("weight:Q", scale=alt.Scale(domain=[0, 1], range=[0.06, 1]), legend=None)
    return canvas(
        width, height,
        alt.Chart(data(boxes)).mark_rect(color=_TRACK.soft)
        .encode(**place, x2=alt.X2("x2"), y2=alt.Y2("y2"), opacity=shade),
        words(alt.Chart(data(upper)).encode(**place), halo=False),
        words(alt.Chart(data(lower)).encode(**place), halo=False, fontWeight="bold"),
        words(alt.Chart(data(axis)).encode(**place), halo=False, color=LIGHT["muted"]),
        words(alt.Chart(data(scale)).encode(**place), halo=False, align="right", color=LIGHT["muted"]),
        words(alt.Chart(data(titles)).encode(**place), halo=False, align="left", color=LIGHT["muted"]),
    )  # fmt: skip


def _signs(cell: Cell, signs: list[str], room: float) -> str:
    """The letters of the first, as many as there is room for."""
    fit = max(2, int(room / 16))
    shown = " ".join(signs[n] for n in cell.first[:fit])
    return f"{shown} …" if len(cell.first) > fit else shown


def _three(value: float) -> float:
    return float(f"{value:.3g}")


def _two(error: float | None) -> float | None:
    return None if error is None else float(f"{error:.2g}")


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
