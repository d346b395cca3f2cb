"""Pieces that several charts share: inline data, a canvas in pixels, words with a halo, symbols, text widths.

Where a chart places every label itself it draws on a canvas, whose scales are pixels; only then can it be held
by test that no words run into each other or over the edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dualtrack.publish.chart import Spec
from dualtrack.publish.theme import LIGHT, SIZE

Rows = Sequence[Mapping[str, Any]]
LINE = 15
"""Height of a line of chart text in pixels."""

_WIDTHS = {
    **dict.fromkeys("iljI.,:;'|!", 0.25),
    **dict.fromkeys("ftr()[]-/ ", 0.31),
    **dict.fromkeys("mMW%@", 0.89),
    **dict.fromkeys("ABCDEFGHKNOPQRSTUVXYZ&w", 0.7),
}


def text_width(text: str, size: float = SIZE) -> float:
    """About how wide words are in Arial, in pixels; errs on the wide side.

    >>> 40 < text_width("Lithuania") < 62
    True
    """
    return size * sum(_WIDTHS.get(letter, 0.56) for letter in text)


def data(rows: Rows) -> alt.InlineData:
    """Rows as data that travel inside the specification."""
    return alt.InlineData(values=[dict(row) for row in rows])


def canvas(width: int, height: float, *layers: alt.Chart | alt.LayerChart) -> Spec:
    """Layers drawn over each other on an area of this size."""
    spec: Spec = alt.layer(*layers).properties(width=width, height=height).to_dict()
    return spec


def across(field: str, width: float) -> alt.X:
    """A position in pixels from the left."""
    return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))


def down(field: str, height: float) -> alt.Y:
    """A position in pixels from the top."""
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))


def words(base: alt.Chart, field: str = "label", halo: bool = True, **style: Any) -> alt.LayerChart:
    """Text at a place, with a halo in the page's colour so that lines behind it do not cross it."""
    settings: dict[str, Any] = {"fontSize": SIZE, "color": LIGHT["ink"], "baseline": "middle", **style}
    shown = base.mark_text(**settings).encode(text=f"{field}:N")
    behind = {**settings, "color": LIGHT["paper"], "stroke": LIGHT["paper"], "strokeWidth": 4, "strokeJoin": "round"}
    below = [base.mark_text(**behind).encode(text=f"{field}:N")] if halo else []
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


def thinned(label: str, words_: int) -> str:
    """The first words of a label; never a cut word."""
    return " ".join(label.split()[:words_])
