"""Comma-separated values (RFC 4180, with line feeds as record/data has them): what a folder for --record holds.

One header row, UTF-8, an unknown cell empty; text that a spreadsheet would run has a quote in front, which is
taken off when the file is read back (``record/formula.py``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from dualtrack.record.formula import safe_cell
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

SUFFIX = ".csv"
MEDIA_TYPE = "text/csv; charset=utf-8; header=present"


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """The columns of the schema in its order, a row a line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in spec.fields])
    writer.writerows([[safe_cell(row[field.name]) for field in spec.fields] for row in rows])
    return out.getvalue().encode("utf-8")
