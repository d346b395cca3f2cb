"""Rows of a table as text: for a terminal, as CSV for a spreadsheet, as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Literal

from dualtrack.record.cells import Value
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec

Form = Literal["table", "csv", "json"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 32
_SCREEN = 150


def safe_cell(value: Value) -> Value:
    """A cell that no spreadsheet takes for a formula: text that could be one gets a quote in front (OWASP)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_csv(spec: TableSpec, rows: Sequence[Row]) -> str:
    """CSV with one header row, UTF-8, unknown cells empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in spec.fields])
    writer.writerows([[safe_cell(row[field.name]) for field in spec.fields] for row in rows])
    return out.getvalue()


def as_json(spec: TableSpec, rows: Sequence[Row]) -> str:
    """A JSON list of rows, each with its permanent id."""
    found = [{"row": f"{spec.table}/{row.id}", **row} for row in rows]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def as_screen(spec: TableSpec, rows: Sequence[Row]) -> str:
    """The first columns that fit a terminal, one line a row; says what it left out."""
    names = ["row"]
    cells = [[row.id] for row in rows]
    widths = [min(_WIDEST, max([3, *(len(line[0]) for line in cells)]))]
    for field in spec.listed:
        column = ["" if row[field.name] is None else str(row[field.name]) for row in rows]
        width = min(_WIDEST, max([len(field.name), *map(len, column)]))
        if field.name in spec.key or not any(column) or sum(widths) + width + 2 * len(names) > _SCREEN:
            continue
        names.append(field.name)
        widths.append(width)
        for line, text in zip(cells, column, strict=True):
            line.append(text)
    lines = ["  ".join(_fit(c, w) for c, w in zip(line, widths, strict=True)).rstrip() for line in [names, *cells]]
    hidden = len(spec.fields) - len(names) - len(spec.key) + 1
    note = f"{len(rows)} rows of {spec.table}; {hidden} more columns with --format csv or json."
    return "\n".join([*lines, "", note, ""])


def _fit(text: str, width: int) -> str:
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)


FORMATS: dict[Form, Callable[[TableSpec, Sequence[Row]], str]] = {
    "table": as_screen,
    "csv": as_csv,
    "json": as_json,
}
