"""What differs between two records, or one on two days, put together: for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from dualtrack.analyses.names import label
from dualtrack.publish.reread import Reread, reread
from dualtrack.record.cells import Value
from dualtrack.record.diff import TableDiff, differences
from dualtrack.record.store import Record

_SHOWN = 20  # rows of a table that the text lists
_WIDEST = 100  # characters of a row's label


@dataclass(frozen=True)
class Side:
    """One of the two: what the user calls it, the record, and when it was last changed."""

    name: str
    record: Record
    updated: datetime


@dataclass(frozen=True)
class Difference:
    """The rows that differ, table by table, and the answers, of how many asked."""

    old: Side
    new: Side
    tables: list[TableDiff]
    answers: list[Reread]
    asked: int


def compare(old: Side, new: Side) -> Difference:
    """Compares the rows and asks both everything there is an example of; records that are the same are asked once."""
    tables = differences(old.record, new.record)
    same = not tables and old.record.asked_alike(new.record)
    answers, asked = reread(old.record, old.record if same else new.record)
    return Difference(old, new, tables, answers, asked)


def as_json(found: Difference) -> str:
    """Everything, each row with its table and id, each changed cell with both values."""
    made: dict[str, Any] = {
        "old": {"name": found.old.name, "as_of": found.old.record.as_of.isoformat()},
        "new": {"name": found.new.name, "as_of": found.new.record.as_of.isoformat()},
        "counts": [
            {"table": t.table, "added": len(t.added), "changed": len(t.changed), "removed": len(t.removed)}
            for t in found.tables
        ],
        "tables": [
            {
                "table": t.table,
                "added": t.added,
                "changed": [
                    {"row": row.row, "fields": {name: {"old": a, "new": b} for name, (a, b) in row.fields.items()}}
                    for row in t.changed
                ],
                "removed": t.removed,
            }
            for t in found.tables
        ],
        "answers_asked": found.asked,
        "answers": [asdict(answer) for answer in found.answers],
    }
    return json.dumps(made, ensure_ascii=False, indent=2)


def as_text(found: Difference) -> str:
    """Counts and rows by table, then the answers that read otherwise."""
    if not found.tables and not found.answers:
        return f"No difference: no row, and none of {found.asked} answers."
    lines: list[str] = []
    for t in found.tables:
        lines.append(f"{t.table}: {len(t.added):,} added, {len(t.changed):,} changed, {len(t.removed):,} removed")
        rows = list(_rows(t, found))
        lines += rows[:_SHOWN]
        lines += [f"  … and {len(rows) - _SHOWN:,} more; --json lists all"] if len(rows) > _SHOWN else []
    lines += ["", f"{len(found.answers)} of {found.asked} answers read otherwise:"]
    for answer in found.answers:
        lines.append(f"  {answer.question}")
        if answer.headline:
            lines += [f"    was: {answer.old or 'not asked'}", f"    now: {answer.new or 'not asked'}"]
        else:
            lines.append(f"    other figures under the same headline: {answer.new}")
    return "\n".join(lines)


def _rows(diff: TableDiff, found: Difference) -> Iterator[str]:
    for id_ in diff.added:
        yield f"  + {id_}{named(diff.table, id_, found.new.record)}"
    for row in diff.changed:
        yield f"  ~ {row.row}  {'; '.join(change(name, *values) for name, values in row.fields.items())}"
    for id_ in diff.removed:
        yield f"  - {id_}{named(diff.table, id_, found.old.record)}"


def named(table: str, id_: str, record: Record) -> str:
    """What a row is about, to stand behind its id; nothing where its id says it."""
    words = label(record.row(table, id_))
    if words == id_:
        return ""
    return f"  {words if len(words) <= _WIDEST else words[: _WIDEST - 1] + '…'}"


def change(name: str, old: Value, new: Value) -> str:
    """A changed cell in a line; an unknown value is a question mark."""
    was, now = ("?" if value is None else str(value) for value in (old, new))
    return f"{name}: {was} → {now}"
