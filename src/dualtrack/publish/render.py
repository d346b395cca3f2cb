"""Charts as SVG, without a browser and without a network: Vega-Lite through ``vl-convert``.

The same chart at the same width is the same bytes. What a page does not need is taken out: precision below a
tenth of a pixel, roles of single marks (the whole is one image with one description), ids that could clash.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import escape

import vl_convert

from dualtrack.publish.chart import Chart, Spec
from dualtrack.publish.theme import vega_config

VEGA_LITE = "6.4"
WIDE = 744
NARROW = 328
"""Chart widths in pixels: two thirds of a page, and a telephone of 360 pixels less its margins."""

_GEOMETRY = re.compile(r' (d|transform|x|y|x1|x2|y1|y2|width|height|viewBox)="([^"]*)"')
_DECIMALS = re.compile(r"-?\d+\.\d\d+")
_STEPS = re.compile(r"([MLZ])((?:-?[\d.]+,-?[\d.]+)?)")
_LONG = 2_000  # letters of a path from which it is an outline of a map
_APART = 0.7
"""Pixels, along and down together, below which two points of an outline are one."""

_IDS = re.compile(r'(id="|url\(#)([^")]+)')
_ROLES = re.compile(r' (?:role|aria-[a-z]+|class|pointer-events|xmlns(?::xlink)?|version)="[^"]*"')


def svg(chart: Chart, width: int, variant: str) -> str:
    """The chart as an ``<svg>`` element to be put into a page.

    Args:
        chart: what to draw.
        width: in pixels.
        variant: tells the drawings of one chart apart; part of every id inside.
    """
    drawn = draw(chart.draw(width))
    head, body = drawn.split(">", 1)
    size = dict(re.findall(r'(width|height)="([^"]+)"', head))
    name = f"{chart.id}-{variant}"
    numbers: dict[str, int] = {}  # the renderer counts on from chart to chart; a page must not depend on that
    body = _IDS.sub(lambda match: f"{match[1]}{name}-{numbers.setdefault(match[2], len(numbers))}", body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(chart.alt, quote=True)}" '
        f'class="plot {variant}" width="{size["width"]}" height="{size["height"]}" '
        f'viewBox="0 0 {size["width"]} {size["height"]}">{body}'
    )


def draw(spec: Spec) -> str:
    """A specification as SVG text, in the house style, with coordinates to a tenth of a pixel."""
    return _drawn(json.dumps({**spec, "config": vega_config()}))


@lru_cache(maxsize=64)
def _drawn(spec: str) -> str:
    """The same chart stands in the brief and on a page of its own: it is drawn once."""
    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    return _GEOMETRY.sub(_rounded, _ROLES.sub("", drawn))


def _rounded(match: re.Match[str]) -> str:
    text = _DECIMALS.sub(lambda number: f"{float(number[0]):.1f}", match[2])
    return f' {match[1]}="{_thinned(text) if match[1] == "d" and len(text) > _LONG else text}"'


def _thinned(path: str) -> str:
    """A long outline without the points that lie closer to the one before than a reader can see.

    A map drawn for a telephone has as many points as one for a page; most of them fall together.
    """
    steps = _STEPS.findall(path)
    if "".join("".join(step) for step in steps) != path:
        return path  # curves are left as they are
    kept: list[str] = []
    last = (0.0, 0.0)
    for number, (command, at) in enumerate(steps):
        if not at:
            kept.append(command)
            continue
        x, y = map(float, at.split(","))
        ends = number + 1 == len(steps) or steps[number + 1][0] != "L"
        if command == "M" or ends or abs(x - last[0]) + abs(y - last[1]) >= _APART:
            kept.append(command + at)
            last = (x, y)
    return "".join(kept)
