"""Panels: tables a researcher would build from the record, counted when they are asked for.

One panel is a schema ``NAME.yml`` and a module ``NAME.py`` with ``cells(record)``, which yields the rows' cells. It
respects the as-of day because it reads the record only through its rows as known. Other modules of this folder
are shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, resources
from pathlib import Path

from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec, read_schema
from dualtrack.record.store import Record
from dualtrack.record.table import Cells, row_id


@dataclass(frozen=True)
class Panel:
    """A table that is counted from the others."""

    spec: TableSpec
    cells: Callable[[Record], Iterator[Cells]]

    def rows(self, record: Record) -> list[Row]:
        """The rows as the record knows them on its day."""
        names = [field.name for field in self.spec.fields]
        found = ({name: cells[name] for name in names} for cells in self.cells(record))
        return [Row(self.spec, row_id(self.spec, cells), cells) for cells in found]


@lru_cache(maxsize=1)
def panels() -> dict[str, Panel]:
    """All panels by name, sorted."""
    folder = Path(str(resources.files("dualtrack.publish.panels")))
    return {
        path.stem: Panel(read_schema(path), import_module(f"dualtrack.publish.panels.{path.stem}").cells)
        for path in sorted(folder.glob("*.yml"))
    }
