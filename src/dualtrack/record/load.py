"""Reads the record from its places: every cell checked against its schema, or nothing loaded."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dualtrack.core.errors import BadRecord, Fault
from dualtrack.record.check import check
from dualtrack.record.corrections import apply
from dualtrack.record.folder import Content, content
from dualtrack.record.grid import Grid, Told
from dualtrack.record.references import dangling
from dualtrack.record.schema import schemas
from dualtrack.record.table import LoadedTable


@dataclass
class Loaded:
    """The tables as far as they could be read, and everything that is wrong with them.

    ``counts`` says how many rows of each table were read at the last place, ``replaced`` which of them took the place
    of a row of the same id, as table/row; ``unread`` says which tables could not be read, or only in part.
    """

    tables: dict[str, LoadedTable]
    faults: list[Fault]
    counts: dict[str, int]
    unread: set[str]
    replaced: list[str] = field(default_factory=list)


def load(places: Sequence[Path]) -> dict[str, LoadedTable]:
    """Reads folders (or single files) one over the other: a later one's row replaces the row of the same id.

    Raises:
        BadRecord: any cell, row or reference is at fault; all faults are listed.
        BadInput: a place is missing, or holds nothing.
    """
    loaded = read(places)
    if loaded.faults:
        raise BadRecord(loaded.faults, places[-1])
    return loaded.tables


def read(places: Sequence[Path], told: Told | None = None, reading: Told | None = None) -> Loaded:
    """Reads folders (or single files) one over the other, and tells what is wrong instead of stopping at it.

    Args:
        places: the folders or files, the later over the earlier.
        told: is told how many rows are checked.
        reading: is told how many rows are read, which comes first.

    Raises:
        BadInput: a place is missing, or holds nothing.
    """
    with _uncollected():
        return _read(places, told, reading)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection: millions of cells are made and none is garbage, to look for it takes a third more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(places: Sequence[Path], told: Told | None, reading: Told | None) -> Loaded:
    contents = [content(place, reading) for place in places]
    loaded = Loaded({name: LoadedTable(spec) for name, spec in schemas().items()}, [], {}, set())
    states = dict(_states(grid for held in contents for grid in held.grids))
    for place, held in zip(places, contents, strict=True):
        found = _tables(held, states, loaded, told)
        loaded.replaced = []
        loaded.counts = dict.fromkeys(found, 0)
        for grid in held.grids:
            loaded.counts[grid.table] += len(grid.rows[1:])
        for name, table in found.items():
            replaced = loaded.tables[name].lay_over(table)
            loaded.replaced += (f"{name}/{key}" for key in replaced)
        loaded.faults += apply(place, loaded.tables, states)
    for table in loaded.tables.values():
        loaded.faults += (fault for unsound in table.unsound.values() for fault in unsound)
    loaded.faults += dangling(loaded.tables, loaded.unread)
    loaded.faults.sort(key=lambda fault: (fault.file, fault.sheet, fault))
    return loaded


def _tables(held: Content, states: dict[str, str], loaded: Loaded, told: Told | None) -> dict[str, LoadedTable]:
    """The tables of one place; a table may be spread over several files, an id stands in them once."""
    loaded.faults += held.faults
    loaded.unread |= held.unread
    found: dict[str, LoadedTable] = {}
    for grid in held.grids:
        table = found.setdefault(grid.table, LoadedTable(schemas()[grid.table]))
        before = len(table.rows)
        wrong = check(grid, table, states, told)
        if grid.partial or (wrong and len(table.rows) == before):
            loaded.unread.add(grid.table)
        loaded.faults += wrong
    return found


def _states(grids: Iterable[Grid]) -> Iterable[tuple[str, str]]:
    """Code and name of all readable states; what cannot be read is a fault when the table is."""
    for grid in grids:
        if grid.table == "states" and "state" in grid.header:
            code = grid.header.index("state")
            name = grid.header.index("name") if "name" in grid.header else code
            for _, row in grid.rows[1:]:
                if max(code, name) < len(row) and row[code].strip():
                    yield row[code].strip(), row[name].strip()
