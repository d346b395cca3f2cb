"""The page of assumptions: every table of figures that a model takes for granted, with what each rests on."""

from __future__ import annotations

from typing import Any

from dualtrack.publish.site import urls
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_TABLES = ("planning_factors", "model_parameters")
"""Tables whose rows are assumptions; each has a lower and an upper figure, a unit and a basis."""
_NAMED = ("factor", "meaning")


def assumptions_page(record: Record) -> dict[str, Any]:
    """What the template shows: the tables, and of each how many figures are judgements."""
    tables = [name for name in _TABLES if name in record.tables]
    return {"assumed": [_table(record, name) for name in tables]}


def _table(record: Record, name: str) -> dict[str, Any]:
    rows = record.rows(name)
    return {
        "spec": record.spec(name),
        "rows": [
            {
                "named": next(row.text(column) for column in _NAMED if column in _columns(row)),
                "low": row["low"], "high": row["high"], "unit": row.text("unit"), "basis": row.text("basis"),
                "note": row.text("note"), "id": row.id, "url": urls.row(name, row.id),
                "sources": len(row.sources),
            }
            for row in rows
        ],
        "judged": sum(row["basis"] == "judgement" for row in rows),
    }  # fmt: skip


def _columns(row: Row) -> set[str]:
    return {field.name for field in row.spec.fields}
