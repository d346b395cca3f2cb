"""Two who fly low beside each other near an airport: most such encounters are approaches to two runways.

Radars and controllers keep such pairs apart by other rules than 5 nautical miles, so that a reader should know. The
rule is the same for every state and needs no list of runways, which no list tells completely.
"""

from __future__ import annotations

import math

from dualtrack.tracks.gazetteer import places

LOW_FT = 5000.0
"""Above the airport."""

COURSES_DEG = 15.0
"""Between the two courses over ground. Runways to which aircraft approach side by side lie parallel, and radar vectors
to both may converge by up to 30 degrees (ICAO Doc 9643), so that this takes the last part of an approach only."""

NEAR_M = LOW_FT * 0.3048 / math.tan(math.radians(3.0))
"""From the airport, 29 km: there the usual glide path of 3 degrees (ICAO Doc 8168) is 5,000 ft high."""


def parallel_approach(
    at: tuple[float, float], heights: tuple[float | None, float | None], courses: tuple[float | None, float | None]
) -> bool:
    """Whether two fly low on nearly the same course near an airport.

    Barometric heights are taken as they are, since tracks do not tell the pressure: they can be off by 1,000 ft.

    Args:
        at: the middle between the two: latitude and longitude in degrees.
        heights: of both, in feet; None where it is not known.
        courses: of both over ground, in degrees; None where one does not move.
    """
    (one, two), (first, second) = heights, courses
    if one is None or two is None or first is None or second is None:
        return False
    if abs((first - second + 180) % 360 - 180) >= COURSES_DEG:
        return False
    airports = places("airports")
    above = max(one, two) - airports.values["elevation_ft"][airports.within(*at, NEAR_M)]
    return bool((above < LOW_FT).any())
