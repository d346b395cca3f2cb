"""References between tables: each source and each row named must be there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from dualtrack.core.errors import Fault
from dualtrack.record.cells import Value
from dualtrack.record.schema import FieldSpec
from dualtrack.record.suggest import near
from dualtrack.record.table import LoadedTable

_SUGGESTED = 100  # faults that get a suggestion; to look for one takes its time


def dangling(tables: Mapping[str, LoadedTable], unread: Collection[str]) -> list[Fault]:
    """References to rows that are not there, but for tables of which a file could not be read at all."""
    faults: list[Fault] = []
    for table, field, key, part in _references(tables):
        name, _, row = part.partition("/") if field.row else (field.table or "sources", "", part)
        rows = tables[name].rows if name in tables else {}
        if row in rows or name in unread:
            continue
        said = near(row, rows) if len(faults) < _SUGGESTED else ""
        if field.row:
            kind, fix = "the record", "Write table/row, such as dialogue/its-id."
        else:
            kind, fix = name, f"Add it to {name} or correct the id."
        problem = f"{part!r} is not a row of {kind}."
        faults.append(table.lines[key].fault(field.name, problem, f"{said} {fix}".strip()))
    return faults


def _references(tables: Mapping[str, LoadedTable]) -> Iterator[tuple[LoadedTable, FieldSpec, str, str]]:
    """Everything that names a row: in which table, column and row, and what it names."""
    for table in tables.values():
        fields = [field for field in table.spec.fields if field.row or field.type in ("sources", "ref")]
        for key, cells in table.rows.items() if fields else ():
            for field in fields:
                for part in _parts(cells[field.name], field.is_list):
                    yield table, field, key, part


def _parts(value: Value, several: bool) -> list[str]:
    if value is None:
        return []
    return str(value).split(";") if several else [str(value)]
