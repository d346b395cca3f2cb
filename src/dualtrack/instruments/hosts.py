"""What each host state had of an exercise held in several: a total over four states is an upper bound for each.

The Vienna Document is applied on the territory of a host, which sends the notification and invites the observers. The
record holds how many troops a host had for few exercises. So a host's troops lie between its own lowest figure, or
nothing, and its own highest figure, or the largest total on record; of equipment and landings it had no more than the
whole. A host whose answer is *unknown* may still be on record as having notified: that is told beside the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dualtrack.instruments.activities import Activity
from dualtrack.record.rows import Row


def host_activities(parts: Sequence[Row], wholes: Sequence[Activity]) -> list[tuple[Row, Activity]]:
    """The activity on the territory of each host on record.

    Args:
        parts: the exercise's rows of ``exercise_parts``.
        wholes: the exercise on each basis there is a figure for, at least one.
    """
    most = {name: max(at.figures[name][1] for at in wholes) for name in wholes[0].figures}
    return [(part, _of(part, wholes[0], most)) for part in parts if part["part"] == "host" and part["state"]]


def _of(part: Row, whole: Activity, most: Mapping[str, float]) -> Activity:
    low, high = part.number("troops_low"), part.number("troops_high")
    upper = most["troops"] if high is None else float(high)
    if whole.codes["domain"] in ("naval", "air"):
        upper = min(upper, most["troops"])  # of these only what was on land counts
    inside = whole.codes["in_zone"] == "yes" and whole.codes["domain"] not in ("naval", "air")
    lower = float(low) if low is not None and inside else 0.0
    bounds = {name: (0.0, bound) for name, bound in most.items()}
    figures = {**bounds, "troops": (lower, max(lower, upper)), "hours": whole.figures["hours"]}
    return replace(whole, figures=figures, upper=False)
