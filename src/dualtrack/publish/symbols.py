"""The symbols of a chart's key, drawn as in the chart."""

from __future__ import annotations

import math

from dualtrack.publish.chart import Key
from dualtrack.publish.theme import Track


def symbol(key: Key, track: Track) -> str:
    """An inline SVG of the key's symbol in the track's colour; words such as ``bold`` need none."""
    r = math.sqrt(key.size / math.pi)
    box = max(16, math.ceil(2 * r) + 4)
    c, s = box / 2, r * 1.8
    filled, open_ = f'fill="{track.colour}"', f'fill="none" stroke="{track.colour}" stroke-width="1.6"'
    diamond = f"M{c} {c - r * 1.2}L{c + r * 1.2} {c}L{c} {c + r * 1.2}L{c - r * 1.2} {c}Z"
    shapes = {
        "dot": f'<circle cx="{c}" cy="{c}" r="{r:.1f}" {filled}/>',
        "ring": f'<circle cx="{c}" cy="{c}" r="{r:.1f}" {open_}/>',
        "diamond": f'<path d="{diamond}" {filled}/>',
        "open-diamond": f'<path d="{diamond}" {open_}/>',
        "square": f'<rect x="{c - s / 2:.1f}" y="{c - s / 2:.1f}" width="{s:.1f}" height="{s:.1f}" {filled}/>',
        "triangle": f'<path d="M{c} {c - r}L{c + r} {c + r * 0.8}L{c - r} {c + r * 0.8}Z" {filled}/>',
        "small-triangle": f'<path d="M{c} {c - 3}L{c + 3} {c + 3}L{c - 3} {c + 3}Z" fill="#5c6670"/>',
        "cross": f'<path d="M{c - 5} {c}H{c + 5}M{c} {c - 5}V{c + 5}" stroke="#5c6670" stroke-width="3"/>',
        "line": f'<path d="M1 {c}H{box - 1}" stroke="{track.colour}" stroke-width="3" opacity=".55"/>',
        "thin-line": f'<path d="M1 {c}H{box - 1}" stroke="#1d2329" stroke-width="1.2"/>',
        "dash": f'<path d="M1 {c}H{box - 1}" stroke="{track.colour}" stroke-width="2" stroke-dasharray="3 2"/>',
        "arrow": f'<path d="M1 {c}H{box - 5}" {open_}/>'
        f'<path d="M{box - 7} {c - 4}L{box - 1} {c}L{box - 7} {c + 4}Z" {filled}/>',
        "question": f'<text x="{c}" y="{c + 4}" text-anchor="middle" font-size="12" fill="#1d2329">?</text>',
        "area": f'<rect x="1" y="3" width="{box - 2}" height="{box - 6}" fill="{track.soft}"/>',
        "bar": f'<rect x="1" y="3" width="{box - 2}" height="{box - 6}" {filled}/>',
        "box": f'<rect x="1" y="3" width="{box - 2}" height="{box - 6}" {open_} stroke-dasharray="3 2"/>',
        "hatch": f'<path d="M2 {box - 3}L{box - 6} 2M6 {box - 2}L{box - 2} 5M2 8L8 2" stroke="#98a1a9"/>',
    }  # fmt: skip
    if key.symbol not in shapes:
        return ""
    return (
        f'<svg class="plot key" width="{box}" height="{box}" viewBox="0 0 {box} {box}" aria-hidden="true">'
        f"{shapes[key.symbol]}</svg>"
    )
