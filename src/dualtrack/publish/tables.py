"""A table by name, of the record or a panel counted from it: its schema and the rows that are asked for."""

from __future__ import annotations

from dualtrack.core.errors import NoSuchName
from dualtrack.publish.panels import panels
from dualtrack.record.database import closed_database, fill, matching
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record
from dualtrack.record.where import compile_where


def table_names(record: Record) -> list[str]:
    """The tables of the record, then the panels, each sorted."""
    return [*record.tables, *panels()]


def schema(record: Record, name: str) -> TableSpec:
    """The schema of a table or panel.

    Raises:
        NoSuchName: there is neither of this name.
    """
    if name in panels():
        return panels()[name].spec
    if name not in record.tables:
        raise NoSuchName("table", name, table_names(record))
    return record.spec(name)


def selected(record: Record, name: str, where: str = "") -> tuple[TableSpec, list[Row]]:
    """The schema of a table or panel, and its rows as known that a condition selects.

    Raises:
        NoSuchName: there is no such table, or the condition names a column it does not have.
        BadInput: the condition cannot be read.
    """
    spec = schema(record, name)
    condition, values = compile_where(where, spec) if where else ("", [])
    if name not in panels():
        return spec, record.rows(name, condition, *values)
    rows = panels()[name].rows(record)
    if condition:
        database = closed_database()
        fill(database, spec, {row.id: row for row in rows})
        chosen = matching(database, name, condition, values)
        rows = [row for row in rows if row.id in chosen]
    return spec, rows
