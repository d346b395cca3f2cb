"""What differs between two records, or one record on two days: rows added, changed and removed, table by table."""

from __future__ import annotations

from dataclasses import dataclass, field

from dualtrack.record.cells import Value
from dualtrack.record.store import Record


@dataclass(frozen=True)
class ChangedRow:
    """A row in both whose cells differ: old and new value by column."""

    row: str
    fields: dict[str, tuple[Value, Value]]


@dataclass
class TableDiff:
    """The differences of one table; ids in the order of the record that has them."""

    table: str
    added: list[str] = field(default_factory=list)
    changed: list[ChangedRow] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many rows differ."""
        return len(self.added) + len(self.changed) + len(self.removed)


def differences(old: Record, new: Record) -> list[TableDiff]:
    """The tables that differ, by name, each record as known on its own day."""
    found = (_table(name, old, new) for name in sorted({*old.tables, *new.tables}))
    return [diff for diff in found if diff.total]


def _table(name: str, old: Record, new: Record) -> TableDiff:
    before = {row.id: row for row in old.rows(name)} if name in old.tables else {}
    after = {row.id: row for row in new.rows(name)} if name in new.tables else {}
    diff = TableDiff(name, [key for key in after if key not in before])
    diff.removed = [key for key in before if key not in after]
    for key, row in after.items():
        if key in before:
            was = before[key]
            fields = {name: (was[name], row[name]) for name in row if was[name] != row[name]}
            if fields:
                diff.changed.append(ChangedRow(key, fields))
    return diff
