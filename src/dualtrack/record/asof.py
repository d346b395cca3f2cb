"""What was known on a day: later rows, later figures and hindsight are taken out.

The rules (held by property tests): a row counts from the last day of its ``known_from``. A figure that carries a
date of its own (``known`` in the schema) is blank before it, and so is that date; under ``strict`` it is blank too
where that date does not come from a dated source (``basis``). A hindsight field is blank as of any day before the
record was compiled, or, for a date, as of any day before that date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dualtrack.core.dates import last_day
from dualtrack.record.cells import last_moment
from dualtrack.record.schema import FieldSpec, TableSpec
from dualtrack.record.table import Cells, LoadedTable

_DATED = "dated source"


def known_rows(table: LoadedTable, day: date, compiled: date, strict: bool) -> dict[str, Cells]:
    """The rows of a table as known at the end of a day.

    Args:
        table: all rows.
        day: the as-of day.
        compiled: the day the record was compiled; a row that does not say since when it was known counts
            from then on.
        strict: admit only rows and figures whose date of knowledge is a dated source.
    """
    if table.spec.kind == "reference":
        return table.rows
    spec = table.spec
    datings = [(field, spec.dating.get(field.name, "")) for field in spec.fields]
    dated = [(field, dating) for field, dating in datings if dating or field.hindsight]
    return {
        key: _as_known(dated, cells, day, compiled, strict)
        for key, cells in table.rows.items()
        if _is_known(cells, day, compiled) and not (strict and cells.get("known_basis") != _DATED)
    }


def seen_from(spec: TableSpec, cells: Cells, names: Iterable[str], compiled: date) -> date:
    """The first day on which all of these cells of a row are seen.

    Args:
        spec: the table.
        cells: the row with everything that is known of it.
        names: the columns.
        compiled: the day the record was compiled.
    """
    known = cells.get("known_from")
    days = [last_day(str(known)) if known else compiled]
    for name in names:
        field, dated = spec.field(name), cells.get(spec.dating.get(name, ""))
        if dated is not None:
            days.append(last_moment(str(dated)))
        elif field.hindsight and cells[name] is not None:
            days.append(last_moment(str(cells[name])) if field.type in ("date", "moment") else compiled)
    return max(days)


def _is_known(cells: Cells, day: date, compiled: date) -> bool:
    known = cells.get("known_from")
    return (last_day(str(known)) if known else compiled) <= day


def _as_known(dated: Sequence[tuple[FieldSpec, str]], cells: Cells, day: date, compiled: date, strict: bool) -> Cells:
    """The cells as known; of the fields that can be known later than their row, those that were are blank."""
    hidden = [
        field.name
        for field, dating in dated
        if cells[field.name] is not None and not _visible(field, dating, cells, day, compiled, strict)
    ]
    return {**cells, **dict.fromkeys(hidden)} if hidden else cells


def _visible(field: FieldSpec, dating: str, cells: Cells, day: date, compiled: date, strict: bool) -> bool:
    if dating and (dated := cells.get(dating)) is not None:
        admitted = not strict or not field.basis or cells.get(field.basis) == _DATED
        return admitted and last_moment(str(dated)) <= day
    if field.hindsight:
        if field.type in ("date", "moment"):
            return last_moment(str(cells[field.name])) <= day
        return day >= compiled
    return True
