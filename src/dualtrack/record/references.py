"""References between tables: each source and each row named must be there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dualtrack.core.errors import Fault
from dualtrack.record.cells import Value
from dualtrack.record.schema import FieldSpec
from dualtrack.record.suggest import near
from dualtrack.record.table import LoadedTable

_SUGGESTED = 100  # faults that get a suggestion; to look for one takes its time


def dangling(tables: Mapping[str, LoadedTable], unread: Collection[str]) -> list[Fault]:
    """References to rows that are not there, but for tables of which a file could not be read at all."""
    faults: list[Fault] = []
    for table in tables.values():
        for field in table.spec.fields:
            if field.row or field.type in ("sources", "ref"):
                faults += _of_column(table, field, tables, unread, _SUGGESTED - len(faults))
    return faults


def _of_column(
    table: LoadedTable, field: FieldSpec, tables: Mapping[str, LoadedTable], unread: Collection[str], suggested: int
) -> list[Fault]:
    faults: list[Fault] = []
    sound: set[Value] = {None}  # most cells name what another has named already
    for key, cells in table.rows.items():
        value = cells[field.name]
        if value in sound:
            continue
        wrong = 0
        for part in str(value).split(";") if field.is_list else [str(value)]:
            name, _, row = part.partition("/") if field.row else (field.table or "sources", "", part)
            rows = tables[name].rows if name in tables else {}
            if row in rows or name in unread:
                continue
            wrong += 1
            said = near(row, rows) if len(faults) < suggested else ""
            if field.row:
                kind, fix = "the record", "Write table/row, such as dialogue/its-id."
            else:
                kind, fix = name, f"Add it to {name} or correct the id."
            problem = f"{part!r} is not a row of {kind}."
            faults.append(table.lines[key].fault(field.name, problem, f"{said} {fix}".strip()))
        if not wrong:
            sound.add(value)
    return faults
