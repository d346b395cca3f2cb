"""How everything that is published looks: one palette, one type scale, one configuration for every chart.

Colour says which track a thing belongs to (deterrence, dialogue, public case), never whose side it is on; sides
are told by shape and label. Text colours reach WCAG AA (4.5 : 1) on the page and on land; a test computes it.
Every colour of a chart is one of these, so that a page can exchange them for the dark scheme by name.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

CHART_FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
"""Arial's widths are the ones the renderer measures with, on any machine."""

SIZE = 12
"""Of all text in a chart, in pixels; no chart is scaled below its own width."""

LIGHT = {
    "paper": "#fcfcfa",
    "ink": "#1d2329",
    "muted": "#5c6670",
    "grid": "#e3e7ea",
    "rule": "#98a1a9",
    "land": "#eceee9",
    "border": "#c4cac4",
    "deterrence": "#1f5f74",
    "deterrence_soft": "#c9dde3",
    "dialogue": "#b7791f",
    "dialogue_text": "#8a5a12",
    "dialogue_soft": "#f0dfc2",
    "public": "#7a3b69",
    "public_soft": "#e2d0dc",
}
"""The light scheme, by name. ``rule`` is for lines a reader must find, ``_soft`` for ranges and areas."""

DARK = {
    "paper": "#15191d",
    "ink": "#e9ebed",
    "muted": "#a9b3bc",
    "grid": "#2b3238",
    "rule": "#6c767e",
    "land": "#262c31",
    "border": "#454d54",
    "deterrence": "#6fb7cd",
    "deterrence_soft": "#244652",
    "dialogue": "#e0ab55",
    "dialogue_text": "#e6b565",
    "dialogue_soft": "#544123",
    "public": "#d391c4",
    "public_soft": "#533449",
}
"""The same names after dark."""


class Track(StrEnum):
    """The three parts of the subject, as the article names them."""

    DETERRENCE = "deterrence"
    DIALOGUE = "dialogue"
    PUBLIC = "public"

    @property
    def heading(self) -> str:
        """As a heading."""
        return {"deterrence": "Deterrence", "dialogue": "Dialogue", "public": "Public case"}[self.value]

    @property
    def colour(self) -> str:
        """For marks."""
        return LIGHT[self.value]

    @property
    def text(self) -> str:
        """For words, dark enough to read."""
        return LIGHT.get(f"{self.value}_text", LIGHT[self.value])

    @property
    def soft(self) -> str:
        """For ranges and areas behind marks."""
        return LIGHT[f"{self.value}_soft"]


def vega_config() -> dict[str, Any]:
    """What every chart has in common: no frame, quiet grid, legible text, nothing for a legend to say."""
    text = {"font": CHART_FONT, "fontSize": SIZE, "color": LIGHT["ink"]}
    axis = {
        "labelFont": CHART_FONT,
        "labelFontSize": SIZE,
        "labelColor": LIGHT["muted"],
        "labelLimit": 400,
        "titleFont": CHART_FONT,
        "titleFontSize": SIZE,
        "titleFontWeight": "normal",
        "titleColor": LIGHT["muted"],
        "titleLimit": 600,
        "gridColor": LIGHT["grid"],
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    }
    return {
        "aria": False,
        "background": None,
        "font": CHART_FONT,
        "padding": 0,
        "view": {"stroke": None},
        "axis": axis,
        "text": text,
        "header": {"title": None, "labelFont": CHART_FONT, "labelFontSize": SIZE, "labelColor": LIGHT["ink"]},
    }


def css_variables(scheme: dict[str, str]) -> str:
    """A scheme as CSS custom properties."""
    return "".join(f"--{name.replace('_', '-')}:{colour};" for name, colour in scheme.items())


def css_dark_charts() -> str:
    """Rules that give the colours written into charts their dark counterpart; the charts stay as they are."""
    return "".join(
        f'.plot [{attribute}="{colour}"]{{{attribute}:{DARK[name]}}}'
        for name, colour in LIGHT.items()
        for attribute in ("fill", "stroke")
    )
