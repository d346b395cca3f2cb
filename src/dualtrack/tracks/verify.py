"""Every encounter held against the raw reports that are printed with it, by other means than it was found with."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dualtrack.tracks.asked import Asked
from dualtrack.tracks.encounter import Encounter, Report
from dualtrack.tracks.packing import identity
from dualtrack.tracks.pairwise import GUARD, Piece, cleaned, divided, encounters_of

METRES, FEET, SECONDS = 0.5, 0.5, 0.05
"""How far the two may lie apart. Ways along the geodesic and along the great circle differ by 0.3 m over 50 km."""


def fault(one: Encounter, reports: Sequence[Report], asked: Asked) -> str:
    """What the raw reports say against an encounter; nothing if they bear it out.

    Args:
        one: the encounter.
        reports: of both, around the closest point.
        asked: the parameters of the search.
    """
    ways = [
        divided(cleaned([r for r in reports if r.id == party.id], asked.limits(identity(party.id))).knots)
        for party in (one.a, one.b)
    ]
    nearest = one.t_cpa_ms / 1000
    pieces = encounters_of(ways[0], ways[1], asked.limits(identity(one.a.id)))
    holding = [piece for piece in pieces if piece.t_in - SECONDS <= nearest <= piece.t_out + SECONDS]
    if not holding:
        return f"{one.id}: by the raw reports the two are not within both limits at the closest point."
    said = next((said for piece in holding if not (said := _apart(one, piece))), _apart(one, holding[0]))
    if said:  # two episodes can lie a moment apart, so that both hold the closest point of one
        return f"{one.id}: {said}"
    over = one.h_min_m >= asked.horizontal_m - GUARD / 2
    return f"{one.id}: the distance is not less than the limit." if over else ""


def _apart(one: Encounter, piece: Piece) -> str:
    """Where an encounter and the piece found anew do not agree."""
    if abs(piece.h_m - one.h_min_m) > METRES:
        return f"the distance is {one.h_min_m:,.1f} m, by the raw reports {piece.h_m:,.1f} m."
    tied = math.isclose(piece.h_m, one.h_min_m, abs_tol=METRES) and abs(piece.t_cpa - one.t_cpa_ms / 1000) > SECONDS
    heights = one.v_at_cpa_ft, piece.v_ft
    if heights[0] is not None and heights[1] is not None and not tied and abs(heights[0] - heights[1]) > FEET:
        return f"the height is {heights[0]:,.0f} ft, by the raw reports {heights[1]:,.0f} ft."
    return ""
