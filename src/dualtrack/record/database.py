"""Rows in DuckDB, in memory and closed off from files and the network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import duckdb

from dualtrack.record.cells import Value, first_moment, last_moment
from dualtrack.record.schema import TableSpec

_TYPES = {"integer": "BIGINT", "number": "DOUBLE"}


def closed_database() -> duckdb.DuckDBPyConnection:
    """A connection to a database in memory that can neither read nor write a file, nor load an extension.

    The process has one database, since starting one takes longer than most questions; the tables that ``fill`` makes
    are temporary, so that they belong to the one connection and go with it.
    """
    return _database().cursor()


@lru_cache(maxsize=1)
def _database() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:")
    database.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
    database.execute("SET enable_external_access=false; SET lock_configuration=true")
    return database


def fill(database: duckdb.DuckDBPyConnection, spec: TableSpec, rows: Mapping[str, Mapping[str, Value]]) -> None:
    """Makes the table; a date column gets two more, the first and the last day its cells can mean."""
    columns: dict[str, tuple[str, list[Any]]] = {"_row": ("VARCHAR", list(rows))}
    for field in spec.fields:
        values = [cells[field.name] for cells in rows.values()]
        columns[field.name] = _TYPES.get(field.type, "VARCHAR"), values
        if field.type in ("date", "moment"):
            columns[f"{field.name}__first"] = "DATE", [v and first_moment(str(v)) for v in values]
            columns[f"{field.name}__last"] = "DATE", [v and last_moment(str(v)) for v in values]
    declared = ", ".join(f'"{name}" {type_}' for name, (type_, _) in columns.items())
    database.execute(f'CREATE TEMP TABLE "{spec.table}" ({declared})')
    if rows:
        unnested = ", ".join(f"unnest(?::{type_}[])" for type_, _ in columns.values())
        database.execute(f'INSERT INTO "{spec.table}" SELECT {unnested}', [values for _, values in columns.values()])


def matching(database: duckdb.DuckDBPyConnection, table: str, where: str, values: list[Any]) -> set[str]:
    """The ids of the rows of a filled table that a condition selects."""
    found = database.execute(f'SELECT "_row" FROM "{table}" WHERE {where}', values).fetchall()
    return {key for (key,) in found}


_EQUALITY = re.compile(r"\"?(\w+)\"? = (?:\?|'([^']*)')")


def equalities(spec: TableSpec, where: str, values: Sequence[Any]) -> list[tuple[str, Any]] | None:
    """The columns and values of a condition that asks for nothing but equal cells; None for any other condition.

    Such a condition is answered without a database, which takes longer to fill than to ask. Values of another type
    than their column are left to it.
    """
    found, left = [], list(values)
    for part in where.split(" AND "):
        match = _EQUALITY.fullmatch(part)
        if not match or not spec.has(match[1]):
            return None
        if match[2] is None and not left:
            return None
        value = left.pop(0) if match[2] is None else match[2]
        wanted = (int, float) if spec.field(match[1]).type in _TYPES else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            return None
        found.append((match[1], value))
    return None if left else found
