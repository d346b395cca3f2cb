"""What the record says of the time before a scenario, held against each world: history matching, no estimate.

A world is kept if, with the package in force then, it gives each moment within the range that the record bears (Craig
and others 1997: what is left is not ruled out yet). Three moments can be taken from the record, by one rule for all:

* pressure: the share of quarters with a close encounter on record, of high risk (low) and of any kind (high);
* support: from the lowest to the highest share in favour of defending an ally, last poll of each country;
* challenge: none is on record in n quarters, so a rate above 1 - 0.05^(1/n) would have shown with 95 percent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.parameters import Floats
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_SINCE = 2014  # where the table of encounters begins
_GRAVE = "high_risk"
_ITEM = "defend_ally"
_SURE = 0.05


@dataclass(frozen=True)
class Moment:
    """A range of an outcome that the record bears.

    Attributes:
        outcome: one of ``OUTCOMES``.
        low, high: the range, both ends kept.
        said: how it was taken, in words.
        rows: table/row of what it rests on.
    """

    outcome: str
    low: float
    high: float
    said: str
    rows: tuple[str, ...]


def moments(record: Record) -> list[Moment]:
    """The moments of a record as known on its day; what it cannot say yet is left out."""
    quarters = _quarters(record)
    found = [_pressure(record, quarters), _support(record), _challenge(quarters)]
    return [moment for moment in found if moment]


def not_ruled_out(outcomes: Floats, of: Sequence[Moment]) -> NDArray[np.bool_]:
    """Which worlds give every moment, shape (n,).

    Args:
        outcomes: of the package in force then, shape (n, 6).
        of: the moments.
    """
    kept = np.ones(len(outcomes), dtype=bool)
    for moment in of:
        value = outcomes[:, OUTCOMES.index(moment.outcome)]
        kept &= (value >= moment.low) & (value <= moment.high)
    return kept


def _quarters(record: Record) -> int:
    """Whole quarters from the beginning of the table of encounters to the record's day."""
    return max(0, (record.as_of.year - _SINCE) * 4 + (record.as_of.month - 1) // 3)


def _quarter(row: Row) -> int | None:
    first, last = row.first("date"), row.last("date")
    if first is None or last is None or first.year < _SINCE:
        return None
    one, other = ((day.year - _SINCE) * 4 + (day.month - 1) // 3 for day in (first, last))
    return one if one == other else None


def _pressure(record: Record, quarters: int) -> Moment | None:
    rows = [(row, quarter) for row in record.rows("encounters") if (quarter := _quarter(row)) is not None]
    inside = [(row, quarter) for row, quarter in rows if quarter < quarters]
    if not inside or not quarters:
        return None
    any_ = {quarter for _, quarter in inside}
    grave = {quarter for row, quarter in inside if row["severity"] == _GRAVE}
    return Moment(
        "pressure", len(grave) / quarters, len(any_) / quarters,
        f"{len(grave)} of {quarters} quarters since {_SINCE} have a close encounter on record that was high risk "
        f"and {len(any_)} one of any kind; counts of publicity, by whoever closed in.",
        tuple(f"encounters/{row.id}" for row, _ in inside),
    )  # fmt: skip


def _support(record: Record) -> Moment | None:
    latest: dict[str, Row] = {}
    for row in record.rows("polls", "question = ?", _ITEM):
        day = row.last("ref_date")
        if row["support_pct"] is None or row["subgroup"] or day is None:
            continue
        other = latest.get(row.text("country"))
        known = other.last("ref_date") if other else None
        if known is None or day > known:
            latest[row.text("country")] = row
    if len(latest) < 2:
        return None
    shares = [float(row.number("support_pct") or 0) / 100 for row in latest.values()]
    return Moment(
        "support", min(shares), max(shares),
        f"{len(latest)} countries with a poll on defending an ally: the last of each, from {100 * min(shares):.0f} to "
        f"{100 * max(shares):.0f} percent in favour; no weights by population.",
        tuple(f"polls/{row.id}" for row in latest.values()),
    )  # fmt: skip


def _challenge(quarters: int) -> Moment | None:
    if not quarters:
        return None
    most = 1 - _SURE ** (1 / quarters)
    return Moment(
        "challenge", 0.0, most,
        f"No attack on a member in the {quarters} quarters since {_SINCE}: a rate above {100 * most:.0f} percent a "
        "quarter would have shown with 95 percent. The record has no table of attacks that did not happen.",
        (),
    )  # fmt: skip
