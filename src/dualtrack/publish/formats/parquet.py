"""Apache Parquet (format 2.6 and later readers): typed columns for R, Python and DuckDB.

Written by DuckDB, which needs no extra package. The first column, ``row``, is the permanent id ``table/id``. Whole
numbers are INT64, numbers DOUBLE, everything else UTF-8 text as in the CSV, several values joined by ``;``. A date
stays text of the precision it is known with, and has two more columns of type DATE beside it, ``…_first`` and
``…_last``: the days it can mean. An unknown cell is null.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from dualtrack.core.room import room_for
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

SUFFIX = ".parquet"
MEDIA_TYPE = "application/vnd.apache.parquet"
BINARY = True


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """One file with one row group in the order of the table."""
    import duckdb

    from dualtrack.record.database import fill

    columns = [f'\'{spec.table}/\' || "_row" AS "row"']
    for field in spec.fields:
        columns.append(f'"{field.name}"')
        if field.type in ("date", "moment"):
            columns += [f'"{field.name}__{edge}" AS "{field.name}_{edge}"' for edge in ("first", "last")]
    with room_for("The Parquet file"), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        quoted = str(path).replace("'", "''")
        # Open to files, unlike the record's own database: it holds these rows only and runs no text of a user's.
        with duckdb.connect(":memory:", config={"threads": "1"}) as database:
            fill(database, spec, {row.id: row for row in rows})
            query = f'SELECT {", ".join(columns)} FROM "{spec.table}" ORDER BY rowid'
            database.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")
        return path.read_bytes()
