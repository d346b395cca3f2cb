"""The encounters in words: what was asked, what was found, who is who."""

from __future__ import annotations

from typing import Any

from dualtrack.tracks.encounter import Encounter, Party, iso
from dualtrack.tracks.found import Found

_METRES_PER_NMI = 1852.0


def distance(metres: float) -> str:
    """A distance as pilots and sailors read it, and in metres or kilometres.

    >>> distance(9260.0), distance(85.2)
    ('5.00 nmi (9.3 km)', '85 m')
    """
    if metres < 1000:
        return f"{metres:,.0f} m"
    return f"{metres / _METRES_PER_NMI:,.2f} nmi ({metres / 1000:,.1f} km)"


def limits(parameters: dict[str, Any]) -> str:
    """The limits that were asked for."""
    across = distance(float(parameters["horizontal_m"]))
    if parameters.get("profile") == "sea":
        return across
    return f"{across} and {float(parameters['vertical_ft']):,.0f} ft"


def headline(found: Found) -> str:
    """What was found, in one sentence."""
    shown = [one for one in found.encounters if not one.hidden]
    ghosts = len(found.encounters) - len(shown)
    aside = f"; {_count(ghosts, 'more is a likely ghost', 'more are likely ghosts')}" if ghosts else ""
    within = limits(found.parameters)
    if not shown:
        return f"No close encounter within {within} was found among {_count(found.tracks, 'track', 'tracks')}{aside}."
    least = min(shown, key=lambda one: (one.ratio_min, one.t_cpa_ms))
    count = _count(len(shown), "close encounter", "close encounters")
    return f"{count} within {within}{aside}; the closest: {nearest(least)}."


def nearest(one: Encounter) -> str:
    """An encounter's closest point."""
    height = "" if one.v_at_cpa_ft is None else f" and {abs(one.v_at_cpa_ft):,.0f} ft"
    return f"{called(one.a)} and {called(one.b)}, {distance(one.h_min_m)}{height} at {iso(one.t_cpa_ms)[:19]}Z"


def called(party: Party) -> str:
    """A party by its name, if it has one, and its number."""
    return f"{party.name} ({party.id})" if party.name else party.id


def _count(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
