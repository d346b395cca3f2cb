"""What a search came to: the encounters, the reports they rest on, and everything that was left out, counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dualtrack.tracks.encounter import ABSENCE, Encounter, Report
from dualtrack.tracks.store import Batch


@dataclass(frozen=True)
class Profile:
    """How near two were over time.

    Attributes:
        t_ms: moments, rising.
        h_m: the horizontal distance at each.
        v_ft: the difference of heights, a above b; None for ships.
    """

    t_ms: tuple[float, ...]
    h_m: tuple[float, ...]
    v_ft: tuple[float, ...] | None


@dataclass(frozen=True)
class Detail:
    """One encounter's evidence: the raw reports of both around the closest point, and the distance over time.

    There is a profile for the closest encounters only (``search.IN_FULL``).
    """

    reports: tuple[Report, ...]
    profile: Profile | None


@dataclass(frozen=True)
class Found:
    """The encounters and how they were found.

    Attributes:
        parameters: limits and rules, with units in their names.
        encounters: in order of time.
        details: by the id of the encounter; the closest have one (``search.IN_EVIDENCE``).
        inputs: the files, and the rows dropped while they were read, by rule.
        dropped: rows dropped in all, by rule, those of the cleaning included.
        reports: how many were searched; ``tracks`` how many identities they are of; ``hours`` how many hours.
        undecided: by reason, pairs whose heights could not be compared, so that nothing is said of them.
        left_out: of a search for meetings, episodes of two ships that are none, by the first rule that says so.
        unsound: what the raw reports say against encounters; None where they were not checked.
    """

    parameters: dict[str, Any]
    encounters: tuple[Encounter, ...]
    details: dict[str, Detail]
    inputs: tuple[Batch, ...]
    dropped: dict[str, int]
    reports: int
    tracks: int
    hours: tuple[int, ...]
    undecided: dict[str, int] = field(default_factory=dict)
    unsound: tuple[str, ...] | None = None
    left_out: dict[str, int] = field(default_factory=dict)

    def reports_of(self, one: Encounter) -> tuple[Report, ...]:
        """The raw reports an encounter rests on, as far as they are kept."""
        detail = self.details.get(one.id)
        return detail.reports if detail else ()

    @property
    def caveats(self) -> list[str]:
        """What every output says."""
        said = [ABSENCE]
        if count := self.undecided.get("unknown_altitude"):
            said.append(f"Of {count:,} pairs near each other one did not tell its height: nothing is said of them.")
        if count := self.undecided.get("mixed_altitude"):
            said.append(
                f"Of {count:,} pairs near each other one told a barometric height only and the other a geometric one: "
                "nothing is said of them."
            )
        if self.parameters.get("profile") == "meeting":
            said.append(
                f"Ships within the limit of each other that are no meeting: {self.left_out.get('short', 0):,} for less "
                f"than two hours, {self.left_out.get('moving', 0):,} not slower than 2 knots, "
                f"{self.left_out.get('near_port', 0):,} within 10 km of a port. The list of ports knows no anchorages: "
                "ships that wait there are told as meetings."
            )
        if any(one.a.military == "unknown" or one.b.military == "unknown" for one in self.encounters):
            said.append("Whether a bearer is military is unknown for most addresses, which is not no.")
        return said
