"""Pieces that several charts share: inline data, a canvas in pixels, words with a halo, room for labels.

Where a chart places every label itself it draws on a canvas, whose scales are pixels; only then can it be held
by test that no words run into each other or over the edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from dualtrack.publish.chart import Spec
from dualtrack.publish.theme import LIGHT, SIZE

Rows = Sequence[Mapping[str, Any]]
_APART = 5  # pixels between labels side by side
LINE = 15
"""Height of a line of chart text in pixels."""

_SLACK = 1.1
_WIDTHS = {
    **dict.fromkeys("iljI.,:;'|!", 0.25),
    **dict.fromkeys("ftr()[]-/ ", 0.31),
    **dict.fromkeys("mMW%@", 0.89),
    **dict.fromkeys("ABCDEFGHKNOPQRSTUVXYZ&w", 0.7),
}


def text_width(text: str, size: float = SIZE) -> float:
    """About how wide words are in pixels: Arial's widths and a tenth, for readers whose machine has a wider font.

    >>> 45 < text_width("Lithuania") < 65
    True
    """
    return _SLACK * size * sum(_WIDTHS.get(letter, 0.56) for letter in text)


def data(rows: Rows) -> alt.InlineData:
    """Rows as data that travel inside the specification, without Altair's check of every cell."""
    with debug_mode(False):
        return alt.InlineData(values=[dict(row) for row in rows])


def canvas(width: int, height: float, *layers: alt.Chart | alt.LayerChart) -> Spec:
    """Layers drawn over each other on an area of this size.

    Each is written out by itself: ``alt.layer`` copies every layer several times, which takes longer than the drawing.
    So does Altair's own check of every mark; the renderer refuses what is no chart.
    """
    spec: Spec = alt.LayerChart(layer=[], width=width, height=height).to_dict(validate=False)
    inside: dict[str, Any] = {"top_level": False, "datasets": {}}
    spec["layer"] = [layer.to_dict(validate=False, context=inside) for layer in layers]
    return {**spec, "datasets": inside["datasets"]}


def across(field: str, width: float) -> alt.X:
    """A position in pixels from the left."""
    return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))


def down(field: str, height: float) -> alt.Y:
    """A position in pixels from the top."""
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))


def words(base: alt.Chart, field: str = "label", halo: bool = True, **style: Any) -> alt.LayerChart:
    """Text at a place, with a halo in the page's colour so that lines behind it do not cross it."""
    settings: dict[str, Any] = {"fontSize": SIZE, "color": LIGHT["ink"], "baseline": "middle", **style}
    shown = base.mark_text(**settings).encode(text=alt.Text(f"{field}:N"))
    behind = {**settings, "color": LIGHT["paper"], "stroke": LIGHT["paper"], "strokeWidth": 4, "strokeJoin": "round"}
    below = [base.mark_text(**behind).encode(text=alt.Text(f"{field}:N"))] if halo else []
    return alt.LayerChart(layer=[*below, shown])


def wrapped(text: str, width: float) -> list[str]:
    """Words broken into lines that fit a width in pixels.

    >>> wrapped("one two three", 60)
    ['one two', 'three']
    """
    lines = [""]
    for word in text.split():
        if lines[-1] and text_width(f"{lines[-1]} {word}") > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def shortened(text: str, width: float) -> str:
    """Words cut to one line that fits a width in pixels, with an ellipsis where some are left out.

    >>> shortened("one two three", 60), shortened("one", 60)
    ('one two…', 'one')
    """
    first, *more = wrapped(text, width)
    return f"{first}…" if more else first


@dataclass
class Room:
    """Where labels may go on a canvas: inside it, and on nothing that is there already.

    Attributes:
        width, height: of the canvas in pixels.
        taken: boxes that are in use: left, top, right, bottom.
    """

    width: float
    height: float
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def take(self, x: float, y: float, radius: float) -> None:
        """Keeps labels off a symbol."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def put(self, text: str, x: float, y: float, reach: float, sides: str = "rlba") -> dict[str, Any] | None:
        """The label at the first free place around a symbol; None where none is free.

        Args:
            text: the label.
            x, y: the symbol's centre.
            reach: distance from the centre at which words may begin.
            sides: what to try, in order: over the centre itself (o), right, left, below, above; then the corners.
        """
        near, far = reach * 0.6, reach + 4
        tries = {
            "o": ("center", x, y), "r": ("left", x + reach, y), "l": ("right", x - reach, y),
            "b": ("center", x, y + far), "a": ("center", x, y - far),
            "1": ("left", x + near, y - far), "2": ("left", x + near, y + far),
            "3": ("right", x - near, y - far), "4": ("right", x - near, y + far),
        }  # fmt: skip
        wide = text_width(text)
        for side in f"{sides}1234":
            align, at, height = tries[side]
            start = at if align == "left" else at - wide if align == "right" else at - wide / 2
            box = (start, height - 7, start + wide, height + 7)
            inside = box[0] > 1 and box[1] > 1 and box[2] < self.width - 1 and box[3] < self.height - 1
            if inside and not any(
                box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in self.taken
            ):
                self.taken.append((box[0] - _APART, box[1], box[2] + _APART, box[3]))
                return {"label": text, "x": at, "y": height, "align": align}
        return None


def labels(placed: Rows, place: Mapping[str, Any], **style: Any) -> list[alt.LayerChart]:
    """Labels a ``Room`` has placed, as layers: one for each alignment in use."""
    return [
        words(alt.Chart(data([label for label in placed if label["align"] == align])).encode(**place),
              align=align, **style)
        for align in ("left", "right", "center")
        if any(label["align"] == align for label in placed)
    ]  # fmt: skip
