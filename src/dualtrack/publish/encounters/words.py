"""The encounters in words: what was asked, what was found, who is who."""

from __future__ import annotations

import math
from typing import Any

from dualtrack.core.dates import spell
from dualtrack.tracks.encounter import Encounter, Party, iso
from dualtrack.tracks.found import Found

_METRES_PER_NMI = 1852.0


_NARROW = "\N{NO-BREAK SPACE}"


def distance(metres: float, exact: bool = True) -> str:
    """A distance as pilots and sailors read it, and in metres or kilometres; ``exact`` keeps a measurement's zeros.

    >>> distance(9260.0, exact=False).replace(_NARROW, " "), distance(85.2).replace(_NARROW, " ")
    ('5 nmi (9.3 km)', '85 m')
    """
    if metres < 1000:
        return f"{metres:,.0f}{_NARROW}m"
    miles = metres / _METRES_PER_NMI
    return f"{f'{miles:,.2f}' if exact else f'{miles:,.4g}'}{_NARROW}nmi ({metres / 1000:,.1f}{_NARROW}km)"


def limits(parameters: dict[str, Any]) -> str:
    """The limits that were asked for."""
    across = distance(float(parameters["horizontal_m"]), exact=False)
    if parameters.get("profile") == "sea":
        return across
    if parameters.get("profile") == "meeting":
        return f"{across} for two hours and away from ports"
    return f"{across} and {float(parameters['vertical_ft']):,.0f}{_NARROW}ft"


def headline(found: Found) -> str:
    """What was found, in one sentence, with the closest."""
    least = closest(found)
    return f"{title(found)}; the closest: {nearest(least)}." if least else f"{title(found)}."


def closest(found: Found) -> Encounter | None:
    """The closest encounter that is no likely ghost."""
    shown = [one for one in found.encounters if not one.hidden]
    return min(shown, key=lambda one: (one.ratio_min, one.t_cpa_ms), default=None)


def title(found: Found) -> str:
    """What was found, without a full stop."""
    shown = [one for one in found.encounters if not one.hidden]
    ghosts = len(found.encounters) - len(shown)
    aside = f"; {_count(ghosts, 'more is a likely ghost', 'more are likely ghosts')}" if ghosts else ""
    within = limits(found.parameters)
    meeting = found.parameters.get("profile") == "meeting"
    one, more = (
        ("meeting of two ships", "meetings of two ships") if meeting else ("close encounter", "close encounters")
    )
    if not shown:
        return f"No {one} within {within} was found among {_count(found.tracks, 'track', 'tracks')}{aside}"
    return f"{_count(len(shown), one, more)} within {within}{aside}"


def nearest(one: Encounter) -> str:
    """An encounter's closest point."""
    height = "" if one.v_at_cpa_ft is None else f" and {abs(one.v_at_cpa_ft):,.0f}{_NARROW}ft"
    time = iso(one.t_cpa_ms)
    when = f"{spell(time[:10])}, {time[11:19]}{_NARROW}UTC"
    return f"{called(one.a)} and {called(one.b)}, {apart(one)}{height}, {when}"


def apart(one: Encounter) -> str:
    """The distance as far as it is known: where it is smaller than the positions' own error, only that it was less."""
    return distance(one.h_min_m) if one.h_low_m else f"less than {distance(rounded_up(one.h_high_m))}"


def rounded_up(metres: float) -> float:
    """Rounded up to two digits: an error is itself an estimate.

    >>> rounded_up(202.4), rounded_up(85.0), rounded_up(3.2)
    (210.0, 85.0, 4.0)
    """
    step = 10.0 ** max(0, math.floor(math.log10(max(metres, 1.0))) - 1)
    return math.ceil(metres / step) * step


def nearest_in_words(one: Encounter) -> str:
    """The same as a sentence for whoever has not seen one before."""
    height = "" if one.v_at_cpa_ft is None else f", with {abs(one.v_at_cpa_ft):,.0f}{_NARROW}ft between their heights"
    time = iso(one.t_cpa_ms)
    near = f"within {distance(one.h_min_m if one.h_low_m else rounded_up(one.h_high_m))} of each other"
    sure = "" if one.h_low_m else ", as near as their positions can tell"
    return (
        f"{called(one.a)} and {called(one.b)} came {near}{sure}{height}, "
        f"on {spell(time[:10])} at {time[11:19]}{_NARROW}UTC"
    )


def doubt(one: Encounter) -> str:
    """How sure the distance is, and what is remarked of the encounter."""
    band = f"By the positions’ own error it was between {one.h_low_m:,.0f} and {one.h_high_m:,.0f}{_NARROW}m"
    remarks = ", ".join(one.flags).replace("_", " ")
    return f"{band}; remarks: {remarks}." if remarks else f"{band}."


def whose(one: Encounter) -> str:
    """Whose the two are, by the blocks their numbers lie in: the same lists for every state."""
    return "; ".join(f"{called(party)}: {_owner(party)}" for party in (one.a, one.b))


def _owner(party: Party) -> str:
    military = {"yes": f"military ({party.basis})", "no": "not military"}.get(party.military, "")
    return ", ".join(filter(None, [party.registry or party.state or "registry unknown", military]))


def called(party: Party) -> str:
    """A party by its name, if it has one, and its number."""
    return f"{party.name} ({party.id})" if party.name else party.id


def _count(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
