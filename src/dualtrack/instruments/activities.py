"""Exercises as rules see them: figures as intervals and codes, on one basis, counted in one way.

The conventions, the same for every state (Vienna Document 2011, chapters V to VII, and where its text is silent, ours):

- The test is the largest number under one command at any one time. Only land forces count: of a naval or air exercise
  the land part on record, and a part of unknown size lies between nothing and the whole.
- Of an exercise partly outside the zone, the part inside lies between what is on record for it and the whole. So a
  total below a level decides, and one above it does not. An umbrella over exercises with their own commands is treated
  in the same way: no activity is larger than the whole.
- Equipment, landings and land parts that nobody reported do not trigger a rule. ``strict`` makes them unknown instead,
  and takes totals over several hosts or phases as the upper bound they are.
- Artillery counts from 100 mm. Where smaller pieces are not said to be left out, the number lies between none and all.
- A figure that joins tanks and other armour bounds both.
- Length is counted in whole calendar days, the first and the last included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

import numpy as np

from dualtrack.instruments.columns import Codes, Column, Numbers
from dualtrack.instruments.formula import Vocabulary
from dualtrack.record.rows import Row

Basis = Literal["announced", "declared", "low", "high", "published"]
Told = Literal["announced", "declared", "low", "high"]
"""The figures a verdict can be on: each is another number, and they are never mixed."""

BASES: tuple[Told, ...] = ("announced", "declared", "low", "high")
CELLS = {
    "announced": "troops_announced",
    "declared": "troops_declared_vd",
    "low": "troops_low",
    "high": "troops_high",
}

VOCABULARY: Vocabulary = {
    "troops": "number",
    "tanks": "number",
    "acvs": "number",
    "armour_combined": "number",
    "artillery": "number",
    "landing_troops": "number",
    "hours": "number",
    "in_zone": ("yes", "partly", "no"),
    "kind": ("scheduled", "snap"),
    "structure": ("single", "multi_host", "sequential", "umbrella", "transit"),
    "domain": ("joint", "land", "naval", "air"),
    "notifiable": "answer",
}
"""What a rule can ask about: persons, pieces, hours of the whole activity, codes, and the outcome before."""

UNITS = {
    "troops": "persons",
    "landing_troops": "persons",
    "tanks": "tanks",
    "acvs": "armoured combat vehicles",
    "armour_combined": "tanks and other armour",
    "artillery": "pieces",
    "hours": "hours",
}

_NEVER = (0.0, 0.0)
_NOTHING_KNOWN = (0.0, float("inf"))
_TOTALS = ("multi_host", "sequential")
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Counting:
    """What is counted; the defaults are the document's. Proposals change them.

    ``zone``: the zone of the document, or all territory. ``services``: land forces, or all. ``whole``: the total that
    takes part instead of the largest number at one time.
    """

    zone: Literal["document", "all"] = "document"
    services: Literal["land", "all"] = "land"
    whole: bool = False
    strict: bool = False


DOCUMENT = Counting()
"""What the document counts."""


def cell_of(row: Row, basis: Basis) -> str:
    """The column that holds an exercise's figure on a basis, empty where there is none.

    ``low`` and ``high`` are the ends of the range on record; where there is no range, the announced total is
    both, being the only figure. ``published`` is the announced total, else the declared count, else the only
    end of a range that is known.
    """
    order: tuple[Basis, ...] = (basis,)
    if basis == "published":
        order = ("announced", "declared", "low", "high")
    elif basis == "low":
        order = ("low", "announced")
    elif basis == "high":
        order = ("high", "announced")
    return next((CELLS[name] for name in order if row.number(CELLS[name]) is not None), "")


def troops(row: Row, basis: Basis) -> int | None:
    """An exercise's figure on a basis, in persons; None where it is unknown."""
    cell = cell_of(row, basis)
    figure = row.number(cell) if cell else None
    return None if figure is None else int(figure)


def public_notice(row: Row) -> int | None:
    """Days from the earliest announcement on record to the start: a lower bound, None where none is known.

    A row first on record on its first day is no evidence that there was no notice.
    """
    start = row.first("start")
    days = [day for name in ("known_from", "announced_known_from") if (day := row.last(name))]
    return (start - min(days)).days if start and days and min(days) < start else None


@dataclass(frozen=True)
class Activity:
    """One exercise on one basis: the bounds of each figure, its codes, and the cells they come from.

    ``upper`` says that the troop figure is a total over hosts or phases, so that less acted at one place and time.
    """

    row: Row
    basis: Basis
    figures: Mapping[str, Bounds]
    codes: Mapping[str, str | None]
    parts: Sequence[Row] = field(default=())
    upper: bool = False


def activity(row: Row, parts: Sequence[Row], basis: Basis, counting: Counting = DOCUMENT) -> Activity:
    """An exercise as rules see it.

    Args:
        row: a row of ``exercises``.
        parts: its rows of ``exercise_parts``.
        basis: which of its troop figures is taken.
        counting: what is counted.
    """
    whole = troops(row, "published" if counting.whole else basis)
    outside = row["in_zone"] == "partly" and counting.zone == "document"
    split = (
        outside
        or (row["structure"] == "umbrella" and not counting.whole)
        or (counting.strict and row["structure"] in _TOTALS)
    )
    inside = _largest(parts, "zone") if outside else None

    def bounded(figure: float | None, untold: Bounds) -> Bounds:
        if figure is None:
            return untold
        return (0.0, figure) if split else (figure, figure)

    persons = bounded(whole, _NOTHING_KNOWN)
    if inside is not None:
        persons = (max(persons[0], inside[0]), max(persons[1], inside[0]))
        if basis == "low" and row["troops_low"] == inside[0]:
            persons = inside  # the low figure is the part itself
    untold = _NOTHING_KNOWN if counting.strict else _NEVER
    if counting.services == "land" and row["domain"] in ("naval", "air"):
        persons = _on_land(parts, persons, counting.strict)
    landing = _largest(parts, "landing")
    figures = {
        "troops": persons,
        **_armour(row, bounded, untold),
        "artillery": _artillery(row, bounded, untold),
        "landing_troops": landing or ((0.0, persons[1]) if counting.strict else _NEVER),
        "hours": _hours(row),
    }
    codes = {name: None if row[name] is None else row.text(name) for name in ("kind", "structure", "domain")}
    zone = "yes" if counting.zone == "all" else row["in_zone"]
    return Activity(
        row=row,
        basis=basis,
        figures=figures,
        codes={**codes, "in_zone": None if zone is None else str(zone)},
        parts=parts,
        upper=row["structure"] in _TOTALS,
    )


def as_columns(activities: Sequence[Activity]) -> dict[str, Column]:
    """The activities as columns, one row each."""
    found: dict[str, Column] = {}
    for name, kind in VOCABULARY.items():
        if kind == "number":
            bounds = np.array([a.figures[name] for a in activities], np.float64).reshape(-1, 2)
            found[name] = Numbers(bounds[:, 0].copy(), bounds[:, 1].copy())
        elif kind != "answer":
            found[name] = Codes.of([a.codes[name] for a in activities], tuple(kind))
    return found


def _largest(parts: Sequence[Row], kind: str) -> Bounds | None:
    """The largest part of a kind on record: its bounds, None where there is none."""
    of_kind = [part for part in parts if part["part"] == kind]
    if not of_kind:
        return None
    lows = [part.number("troops_low") or 0.0 for part in of_kind]
    highs = [h if (h := part.number("troops_high")) is not None else part.number("troops_low") for part in of_kind]
    return max(lows), max(float("inf") if high is None else float(high) for high in highs)


def _on_land(parts: Sequence[Row], whole: Bounds, strict: bool) -> Bounds:
    land = _largest(parts, "land")
    if land is None:
        return (0.0, whole[1]) if strict else _NEVER
    return min(land[0], whole[1]), min(land[1], whole[1])


def _armour(row: Row, bounded: object, untold: Bounds) -> dict[str, Bounds]:
    assert callable(bounded)
    tanks, acvs, both = (row.number(name) for name in ("tanks", "acvs", "armour_combined"))
    found = {"tanks": bounded(tanks, untold), "acvs": bounded(acvs, untold), "armour_combined": _NEVER}
    if both is not None and (tanks is None or acvs is None):
        found["armour_combined"] = bounded(both, untold) if tanks is None and acvs is None else _NEVER
        for name, other in (("tanks", acvs), ("acvs", tanks)):
            if row[name] is None:
                found[name] = (0.0, both) if other is None else bounded(max(both - other, 0.0), untold)
    return found


def _artillery(row: Row, bounded: object, untold: Bounds) -> Bounds:
    assert callable(bounded)
    pieces = row.number("artillery")
    if pieces is not None and row["artillery_counts"] != "100_mm_up":
        return 0.0, pieces
    found: Bounds = bounded(pieces, untold)
    return found


def _hours(row: Row) -> Bounds:
    days = [row.first("start"), row.last("start"), row.first("end"), row.last("end")]
    first, first_last, end_first, end = days
    if first is None or first_last is None or end is None or end_first is None:
        return _NOTHING_KNOWN
    day = timedelta(days=1)
    shortest = max(end_first - first_last + day, day)
    longest = max(end - first + day, day)
    return shortest.days * 24.0, longest.days * 24.0
