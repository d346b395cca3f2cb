"""What is asked of a search: limits, gaps, span of time, and what kind of tracks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from dualtrack.tracks.encounter import iso
from dualtrack.tracks.meeting import FROM_PORT_M, LEAST_S, SLOW_KT
from dualtrack.tracks.packing import SHIP
from dualtrack.tracks.pairwise import Limits

Profile = Literal["air", "sea", "mixed"]

AIR_GAP_S, SEA_GAP_S = 60.0, 600.0
"""Reports farther apart are not joined, unless asked otherwise."""

FASTEST_MS = {"air": 400.0, "sea": 40.0}
"""No faster motion is believed."""

UNDER_WAY_KT = 2.0
"""A ship at this speed or less lies at anchor or in port."""


@dataclass(frozen=True)
class Asked:
    """The parameters of a search.

    Attributes:
        horizontal_m, vertical_ft: the limits; strict, and taken to be 0.001 smaller.
        profile: ``air`` (aircraft), ``sea`` (ships under way, no vertical limit) or ``mixed`` (all; a ship's height
            is 0).
        max_gap_s: reports farther apart are not joined; None for the usual gap of the kind.
        start_ms, end_ms: the span of time; None for all.
        meeting: with ``sea``: ships beside each other for hours, at any speed of a report; see ``meeting``.
    """

    horizontal_m: float = 9260.0
    vertical_ft: float = 1000.0
    profile: Profile = "air"
    max_gap_s: float | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    meeting: bool = False

    def limits(self, packed: int) -> Limits:
        """The limits that hold for an identity."""
        kind = "sea" if packed & SHIP else "air"
        usual = SEA_GAP_S if kind == "sea" else AIR_GAP_S
        return Limits(
            self.horizontal_m,
            None if self.profile == "sea" else self.vertical_ft,
            self.max_gap_s or usual,
            FASTEST_MS[kind],
            UNDER_WAY_KT if kind == "sea" and not self.meeting else -1.0,
        )

    def takes(self, packed: int) -> bool:
        """Whether an identity is of the kind asked for."""
        return self.profile == "mixed" or bool(packed & SHIP) == (self.profile == "sea")

    @property
    def longest_gap_s(self) -> float:
        """The longest gap that any track may have."""
        return self.max_gap_s or (AIR_GAP_S if self.profile == "air" else SEA_GAP_S)

    def told(self) -> dict[str, Any]:
        """The parameters for a finding; moments as ISO 8601."""
        found = asdict(self)
        found["max_gap_s"] = self.max_gap_s or {"air": "60", "sea": "600", "mixed": "60 (air), 600 (sea)"}[self.profile]
        for name in ("start_ms", "end_ms"):
            value = found.pop(name)
            if value is not None:
                found[{"start_ms": "from", "end_ms": "to"}[name]] = iso(value)
        if self.profile == "sea":
            del found["vertical_ft"]
        if found.pop("meeting"):
            found |= {"profile": "meeting", "least_s": LEAST_S, "slower_than_kt": SLOW_KT, "from_port_m": FROM_PORT_M}
        return found
