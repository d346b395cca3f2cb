"""Rows as a terminal shows them: the first columns that fit, one line a row."""

from __future__ import annotations

from collections.abc import Sequence

from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

SUFFIX = ".txt"
MEDIA_TYPE = "text/plain; charset=utf-8"

_WIDEST = 32
_SCREEN = 150


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """The first columns that fit, and how many were left out."""
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
    return "\n".join([*lines, "", note, ""]).encode("utf-8")


def _fit(text: str, width: int) -> str:
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)
