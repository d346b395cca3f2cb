"""The encounters as one page that stands alone: what was found, a map, a table, and each closest point in detail."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dualtrack import __version__
from dualtrack.publish.encounters.map import Map, covered, drawn
from dualtrack.publish.encounters.profile import profile
from dualtrack.publish.encounters.words import (
    closest,
    distance,
    doubt,
    limits,
    nearest,
    nearest_in_words,
    rounded_up,
    title,
    whose,
)
from dualtrack.publish.pages.template import templates
from dualtrack.publish.render import NARROW, svg
from dualtrack.publish.theme import DARK, LIGHT, css_dark_charts, css_variables
from dualtrack.tracks.encounter import ABSENCE, FLAGS, Encounter, Report, iso
from dualtrack.tracks.found import Found
from dualtrack.tracks.intake import RULES
from dualtrack.tracks.pairwise import CLEANING
from dualtrack.tracks.store import hour_name

IN_DETAIL, IN_TABLE, ON_MAP = 30, 500, 2000
"""How many encounters get a profile, a row, a mark on the map; the page says how many are left out."""

_REPORTS = 12  # on each side of the closest point, printed in detail


@dataclass(frozen=True)
class _Shown:
    """An encounter as the page tells it."""

    number: int
    one: Encounter
    day: str
    time: str
    nearest: str
    error: str
    height: str
    duration: str
    profile: str
    reports: list[Report]
    more: int
    place: tuple[float, float, float] | None


def page(found: Found) -> bytes:
    """The page. Nothing is fetched; the one script is named in the page's content security policy by its hash."""
    script = map_script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    schemes = (
        f":root{{{css_variables(LIGHT)}}}@media(prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}"
        f"{css_dark_charts()}}}"
    )
    text = (
        templates()
        .get_template("encounters/page.html.j2")
        .render(it=told(found), absence=ABSENCE, script=script, digest=digest, schemes=schemes, version=__version__)
    )
    return text.encode("utf-8")


def part(found: Found) -> str:
    """The same as a part of another page: what was found, the map beside one encounter at a time, and the table."""
    return templates().get_template("encounters/part.html.j2").render(it=told(found), absence=ABSENCE)


def told(found: Found) -> dict[str, Any]:
    """What both show, drawn and ranked: the closest first, likely ghosts last."""
    ranked = sorted(found.encounters, key=lambda one: (one.hidden, one.ratio_min, one.t_cpa_ms, one.a.id, one.b.id))
    detailed = [one for one in ranked if (known := found.details.get(one.id)) and known.profile][:IN_DETAIL]
    day = datetime.fromtimestamp((max(found.hours) if found.hours else 0) * 3600, UTC).date()
    map_ = drawn(found, detailed, ranked[:ON_MAP], day) if ranked else None
    shown = {one.id for one in detailed}
    ranked = [*detailed, *(one for one in ranked if one.id not in shown)]
    rows = [_row(number, one, found, map_, number <= len(detailed)) for number, one in enumerate(ranked[:IN_TABLE], 1)]
    seen = sorted({flag for one in ranked for flag in one.flags})
    least = closest(found)
    return {
        "found": found,
        "title": title(found),
        "closest": nearest(least) if least else "",
        "closest_in_words": nearest_in_words(least) if least else "",
        "band": doubt(least) if least else "",
        "who": whose(least) if least else "",
        "limits": limits(found.parameters),
        "caveats": found.caveats[1:],
        "map": map_.svg if map_ else "",
        "off_basemap": bool(ranked) and not covered(ranked[:ON_MAP]),
        "rows": rows,
        "detailed": rows[: len(detailed)],
        "left_out": len(ranked) - len(rows),
        "not_detailed": len(rows) - len(detailed),
        "hidden": sum(one.hidden for one in ranked),
        "flags": {flag: FLAGS[flag] for flag in seen},
        "dropped": [
            (rule, count, {**RULES, **CLEANING}.get(rule, "")) for rule, count in sorted(found.dropped.items()) if count
        ],
        "hours": _span(found),
        "parameters": _told(found.parameters),
    }


@lru_cache(maxsize=1)
def map_script() -> str:
    """The script that moves the map."""
    return files("dualtrack.publish.encounters").joinpath("map.js").read_text(encoding="utf-8")


def _row(number: int, one: Encounter, found: Found, map_: Map | None, detailed: bool) -> _Shown:
    detail = found.details.get(one.id) if detailed else None
    near = sorted(detail.reports, key=lambda report: abs(report.t_ms - one.t_cpa_ms)) if detail else []
    picked = [r for name in (one.a.id, one.b.id) for r in [r for r in near if r.id == name][: _REPORTS // 2]]
    chart = profile(one, detail.profile, found, number) if detail and detail.profile else None
    return _Shown(
        number=number,
        one=one,
        day=iso(one.t_cpa_ms)[:10],
        time=iso(one.t_cpa_ms)[11:19],
        nearest=distance(one.h_min_m),
        error=distance(rounded_up(one.h_high_m - one.h_min_m)),
        height="" if one.v_at_cpa_ft is None else f"{abs(one.v_at_cpa_ft):,.0f} ft",
        duration=_duration((one.t_out_ms - one.t_in_ms) / 1000),
        profile=svg(chart, NARROW, "only") if chart else "",
        reports=sorted(picked, key=lambda report: (report.t_ms, report.id)),
        more=len(near) - len(picked),
        place=map_.places.get(one.id) if map_ else None,
    )


def _duration(seconds: float) -> str:
    """A span of time, short.

    >>> _duration(4.26), _duration(75), _duration(7261)
    ('4.3 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def _span(found: Found) -> str:
    if not found.hours:
        return "no hour"
    first, last = hour_name(min(found.hours)), hour_name(max(found.hours) + 1)
    return f"{first.replace('T', ' ')}:00 to {last.replace('T', ' ')}:00 UTC"


def _told(parameters: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name.replace("_", " "), f"{value:,g}" if isinstance(value, float) else str(value))
        for name, value in parameters.items()
    ]
