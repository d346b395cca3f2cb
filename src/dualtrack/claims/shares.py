"""How verdicts fall by whose the claims are: a check on ourselves, never part of a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dualtrack.claims.checking import Checked
from dualtrack.claims.claim import SIDES
from dualtrack.core.verdict import Verdict


@dataclass(frozen=True)
class SideShare:
    """The claims of one side: how many, how many of them computed, and with which verdict, as of when they were said.

    What is chosen to be checked decides these numbers more than who says it does.
    """

    side: str
    claims: int
    computed: int
    verdicts: dict[Verdict, int]


def shares(found: Sequence[Checked]) -> list[SideShare]:
    """The verdicts by side of the speaker, the sides in a fixed order."""
    by_side: dict[str, list[Checked]] = {side: [] for side in SIDES}
    for one in found:
        by_side[one.claim.speaker.side].append(one)
    return [_share(side, some) for side, some in by_side.items() if some]


def _share(side: str, some: Sequence[Checked]) -> SideShare:
    counts = Counter(one.verdict for one in some if one.verdict)
    return SideShare(side, len(some), counts.total(), {verdict: counts[verdict] for verdict in Verdict})
