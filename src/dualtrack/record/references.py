"""References between tables: each source and each row named must be there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dualtrack.core.errors import Fault
from dualtrack.record.cells import Value
from dualtrack.record.suggest import near
from dualtrack.record.table import LoadedTable

_SUGGESTED = 100  # faults that get a suggestion; to look for one takes its time


def dangling(tables: Mapping[str, LoadedTable], unread: Collection[str]) -> list[Fault]:
    """References to rows that are not there, but for tables of which a file could not be read at all."""
    faults: list[Fault] = []
    for table in tables.values():
        targets = [
            (field, tables[field.table or "sources"].rows)
            for field in table.spec.fields
            if field.type in ("sources", "ref") and (field.table or "sources") not in unread
        ]
        for key, cells in table.rows.items():
            for field, rows in targets:
                for part in _parts(cells[field.name], field.is_list):
                    if part not in rows:
                        kind = field.table or "sources"
                        problem = f"{part!r} is not a row of {kind}."
                        said = near(part, rows) if len(faults) < _SUGGESTED else ""
                        fix = f"{said} Add it to {kind} or correct the id.".strip()
                        faults.append(table.lines[key].fault(field.name, problem, fix))
    return faults


def _parts(value: Value, several: bool) -> list[str]:
    if value is None:
        return []
    return str(value).split(";") if several else [str(value)]
