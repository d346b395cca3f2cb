"""How near two were over time, as a chart: horizontal distance and difference of heights, with the limits."""

from __future__ import annotations

from typing import Any

from dualtrack.publish.chart import Chart, Spec
from dualtrack.publish.encounters.words import called, distance
from dualtrack.publish.theme import LIGHT, Track
from dualtrack.tracks.encounter import Encounter, iso
from dualtrack.tracks.found import Found, Profile

_HEIGHTS = (110, 70)  # pixels of the two panels
_MARGIN = 62  # for the labels of the axis
_NMI = 1852.0


def profile(one: Encounter, shown: Profile, found: Found, number: int) -> Chart:
    """The chart of one encounter.

    Args:
        one: the encounter.
        shown: its distances over time.
        found: the search it is of, for the limits.
        number: its number on the page.
    """
    ends = f"from {iso(one.t_in_ms)[11:19]} to {iso(one.t_out_ms)[11:19]} UTC"
    height = "" if one.v_at_cpa_ft is None else f", {abs(one.v_at_cpa_ft):,.0f} ft apart in height"
    return Chart(
        id=f"profile-{number}",
        track=Track.DETERRENCE,
        title=f"{called(one.a)} and {called(one.b)}",
        reading="Seconds from the closest point; dashed, the limits.",
        alt=f"Distance over time of {called(one.a)} and {called(one.b)}: within both limits {ends}, "
        f"nearest {distance(one.h_min_m)}{height}.",
        draw=lambda width: _spec(one, shown, found, width),
        columns=(),
        rows=(),
        findings=(),
    )


def _spec(one: Encounter, shown: Profile, found: Found, width: int) -> Spec:
    seconds = [round((t - one.t_cpa_ms) / 1000, 3) for t in shown.t_ms]
    inside = [(one.t_in_ms - one.t_cpa_ms) / 1000, (one.t_out_ms - one.t_cpa_ms) / 1000]
    far = max(shown.h_m) >= _NMI
    unit, scale = ("nmi", _NMI) if far else ("m", 1.0)
    across = {"title": None, "labels": shown.v_ft is None}
    panels = [
        _panel(
            list(zip(seconds, [h / scale for h in shown.h_m], strict=True)), [found.parameters["horizontal_m"] / scale],
            f"distance, {unit}", inside, width - _MARGIN, _HEIGHTS[0], across,
        )
    ]  # fmt: skip
    if shown.v_ft is not None:
        limit = found.parameters["vertical_ft"]
        panels.append(
            _panel(
                list(zip(seconds, shown.v_ft, strict=True)), [limit, -limit], "height, ft", inside, width - _MARGIN,
                _HEIGHTS[1], {"title": None},
            )
        )  # fmt: skip
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "vconcat": panels, "spacing": 8}


def _panel(
    points: list[tuple[float, float]],
    limits: list[float],
    title: str,
    inside: list[float],
    width: int,
    height: int,
    across: dict[str, Any],
) -> Spec:
    """One quantity over time; limits far outside what is shown are not drawn."""
    values = [value for _, value in points]
    low, high = min(*values, 0.0), max(*values, 0.0)
    drawn = [limit for limit in limits if low - (high - low) <= limit <= high + (high - low)]
    x = {"field": "s", "type": "quantitative", "axis": {**across, "grid": False, "tickCount": 5, "format": "d"},
         "scale": {"nice": False}}  # fmt: skip
    y = {"field": "v", "type": "quantitative", "title": title, "axis": {"tickCount": 4, "minExtent": 42}}
    return {
        "width": width,
        "height": height,
        "layer": [
            {
                "data": {"values": [{"from": inside[0], "to": inside[1]}]},
                "mark": {"type": "rect", "color": LIGHT["deterrence_soft"]},
                "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
            },
            {
                "data": {"values": [{"v": limit} for limit in drawn]},
                "mark": {"type": "rule", "color": LIGHT["rule"], "strokeDash": [4, 3]},
                "encoding": {"y": y},
            },
            {
                "data": {"values": [{"s": s, "v": v} for s, v in points]},
                "mark": {"type": "line", "color": LIGHT["deterrence"], "strokeWidth": 2, "interpolate": "linear"},
                "encoding": {"x": x, "y": y, "order": {"field": "s"}},
            },
            {
                "data": {"values": [{"s": 0}]},
                "mark": {"type": "rule", "color": LIGHT["ink"], "strokeWidth": 1},
                "encoding": {"x": x},
            },
        ],
    }
