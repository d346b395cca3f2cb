"""Counting rows by unit and year, so that what was not collected stays empty and is never a zero.

A count is given for a year only if the table was collected for all of it (the years that lie within *every* extent
its schema declares, the same for every state) and the year had ended on the as-of day. It is zero where some
other row of the table names the unit, and empty where none does: about such a unit nothing was collected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date
from typing import Generic, TypeVar

from dualtrack.core.dates import first_day, last_day
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record
from dualtrack.record.table import Cells

YEARS = range(2014, 2026)

Unit = TypeVar("Unit", bound=Hashable)


def years(record: Record) -> list[int]:
    """The years of a panel that had begun on the record's day."""
    return [year for year in YEARS if year <= record.as_of.year]


def whole_years(spec: TableSpec, day: date) -> set[int]:
    """The years a table was collected for from the first day to the last, and that had ended on the day."""
    return {
        year
        for year in YEARS
        if date(year, 12, 31) <= day
        and all(
            (not extent.complete_from or first_day(extent.complete_from) <= date(year, 1, 1))
            and (not extent.complete_to or last_day(extent.complete_to) >= date(year, 12, 31))
            for extent in spec.complete
        )
    }


class Count(Generic[Unit]):
    """One counted column: the rows of each unit and year.

    Args:
        spec: the table counted.
        day: the as-of day.
        named: the units that some row of the table names.
    """

    def __init__(self, spec: TableSpec, day: date, named: Iterable[Unit]) -> None:
        self._years = whole_years(spec, day)
        self._named = set(named)
        self._found: dict[tuple[Unit, int], dict[str, Row]] = defaultdict(dict)

    def add(self, unit: Unit, year: int, row: Row) -> None:
        """Counts a row for a unit in a year, once."""
        self._found[unit, year][row.id] = row

    def rows(self, unit: Unit, year: int) -> list[Row]:
        """The rows counted, none where the count is empty."""
        return list(self._found.get((unit, year), {}).values()) if year in self._years else []

    def value(self, unit: Unit, year: int) -> int | None:
        """The count, or None where it was not collected."""
        return len(self.rows(unit, year)) if year in self._years and unit in self._named else None

    @property
    def units(self) -> set[Unit]:
        """The units with a row in some year of the panel."""
        return {unit for unit, year in self._found if year in self._years}


def rests_on(rows: Iterable[Row]) -> Cells:
    """The columns that say which rows a panel's row was counted from, and their sources."""
    used = {f"{row.spec.table}/{row.id}": row.sources for row in rows}
    sources = sorted({source for found in used.values() for source in found})
    return {"rests_on": ";".join(sorted(used)) or None, "sources": ";".join(sources) or None}


def presence(row: Row) -> list[int]:
    """The years of the panel in which a deployment was there, by its first and last day.

    One whose first day is not on record, or that is only planned, is in none. One that ended on a day not on record
    counts in the year it began.
    """
    start, end = row.first("start"), row.last("end")
    if start is None or row["basing"] == "planned":
        return []
    if end is None and row["status"] == "ended":
        end = row.last("start")
    return [year for year in YEARS if start.year <= year and (end is None or end.year >= year)]
