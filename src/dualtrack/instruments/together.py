"""Exercises of one state close in time and place, counted as one: what some proposals ask for and no document does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dualtrack.instruments.activities import Activity
from dualtrack.instruments.proposal import Together
from dualtrack.record.rows import Row

_EARTH_KM = 6371.0  # mean radius, IUGG
_ADDED = ("troops", "tanks", "acvs", "armour_combined", "artillery", "landing_troops")


def together(activities: Sequence[Activity], limits: Together) -> list[Activity]:
    """Each activity with those of the same state near it in time and place added to its figures.

    Only direct neighbours are added, so that a chain of exercises over months does not become one. An exercise that
    may or may not be near, as its dates are not known to the day, is added to the high figure only. Labels over other
    exercises, and what lies outside the zone, are left out.
    """
    fit = [a for a in activities if a.codes["structure"] != "umbrella" and a.codes["in_zone"] != "no"]
    return [_with(a, [b for b in fit if b is not a and _same(a.row, b.row)], limits) for a in activities]


def _with(own: Activity, others: Sequence[Activity], limits: Together) -> Activity:
    if own.codes["structure"] == "umbrella":
        return own
    near = [(other, found) for other in others if (found := _near(own.row, other.row, limits)) is not False]
    if not near:
        return own
    figures: dict[str, tuple[float, float]] = dict(own.figures)
    for other, surely in near:
        for name in _ADDED:
            low, high = figures[name]
            figures[name] = (low + (other.figures[name][0] if surely else 0.0), high + other.figures[name][1])
    return replace(own, figures=figures, upper=True)


def _same(a: Row, b: Row) -> bool:
    return bool(set(a.parts("lead_states")) & set(b.parts("lead_states")))


def _near(a: Row, b: Row, limits: Together) -> bool | None:
    """Whether two exercises are near: yes, no, or None where the precision of their dates leaves it open."""
    far = _kilometres(a, b)
    if far is None or far > limits.km:
        return False
    least, most = _days_between(a, b)
    if least > limits.days:
        return False
    return True if most <= limits.days else None


def _kilometres(a: Row, b: Row) -> float | None:
    """The great-circle distance of the centres (haversine formula), None where one is not on record."""
    places = [row.number(name) for row in (a, b) for name in ("lat", "lon")]
    if any(value is None for value in places):
        return None
    lat1, lon1, lat2, lon2 = (math.radians(float(value or 0.0)) for value in places)
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, h)))


def _days_between(a: Row, b: Row) -> tuple[float, float]:
    """The fewest and the most days between the end of one and the start of the other, 0 where they overlap."""
    spans: list[Mapping[str, float]] = []
    for row in (a, b):
        first, first_last = row.first("start"), row.last("start")
        end_first, end = row.first("end") or first, row.last("end") or first_last
        if first is None or first_last is None or end_first is None or end is None:
            return 0.0, math.inf
        spans.append(
            {"start": first.toordinal(), "start_last": first_last.toordinal(),
             "end": max(end_first, first).toordinal(), "end_last": max(end, first_last).toordinal()}
        )  # fmt: skip
    x, y = spans
    least = max(x["start"] - y["end_last"], y["start"] - x["end_last"], 0.0)
    most = max(x["start_last"] - y["end"], y["start_last"] - x["end"], 0.0)
    return least, most
