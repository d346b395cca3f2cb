"""The rows of one table in memory, and the permanent id each has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from dualtrack.core.errors import Fault
from dualtrack.core.finding import Corrected
from dualtrack.record.cells import Value
from dualtrack.record.grid import Place
from dualtrack.record.schema import TableSpec

_BLANKS = re.compile(r"[\s/]+")

Cells: TypeAlias = dict[str, Value]


@dataclass
class LoadedTable:
    """The rows of one table by permanent id, in file order.

    ``lines`` says where each row was read, ``corrected`` which of its cells a correction changed, and how, ``unsound``
    what is wrong between the cells of a row.
    """

    spec: TableSpec
    rows: dict[str, Cells] = field(default_factory=dict)
    lines: dict[str, Place] = field(default_factory=dict)
    corrected: dict[str, dict[str, Corrected]] = field(default_factory=dict)
    unsound: dict[str, list[Fault]] = field(default_factory=dict)

    def lay_over(self, later: LoadedTable) -> list[str]:
        """Puts the rows of a later folder in; one of the same id replaces ours whole, in place.

        Returns the ids of the rows that are others now.
        """
        laid = [key for key in later.rows if key in self.rows]
        replaced = [key for key in laid if self.rows[key] != later.rows[key]]
        self.rows.update(later.rows)
        self.lines.update(later.lines)
        for key in laid:
            self.corrected.pop(key, None)
            self.unsound.pop(key, None)
        self.unsound.update(later.unsound)
        return replaced


def row_id(spec: TableSpec, cells: Cells) -> str:
    """The permanent id of a row within its table: its key fields joined by a point, blanks as hyphens."""
    joined = ".".join(_plain(cells.get(name)) for name in spec.key)
    return _BLANKS.sub("-", joined).rstrip(".")


def _plain(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
