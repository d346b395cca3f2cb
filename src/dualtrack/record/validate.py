"""Checks a folder or a file and tells everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dualtrack.core.dates import last_day
from dualtrack.core.errors import BadInput, BadRecord, Fault
from dualtrack.core.finding import Corrected
from dualtrack.core.yamlfile import as_fault, read_yaml
from dualtrack.record.cells import Value
from dualtrack.record.grid import Told
from dualtrack.record.load import Loaded, read
from dualtrack.record.readings import load_readings


@dataclass(frozen=True)
class CorrectedCell:
    """A cell that a correction changed."""

    table: str
    row: str
    field: str
    now: Value
    correction: Corrected


@dataclass(frozen=True)
class Report:
    """What was found: the faults in the order of files and lines, and the rows read of each table.

    ``replaced`` are the rows, as table/row, that take the place of one of the record under it; ``corrected`` are the
    cells that corrections change, there and here.
    """

    place: Path
    faults: list[Fault]
    counts: dict[str, int]
    replaced: list[str] = field(default_factory=list)
    corrected: list[CorrectedCell] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(self.counts.values())


def validate(place: Path, under: Path | None, told: Told | None = None, reading: Told | None = None) -> Report:
    """Checks a place as it would be loaded, by the code that loads it.

    Args:
        place: a folder of tables, one CSV file named after its table, or one workbook.
        under: the record it is laid over; None for a whole record of its own.
        told: is told how many rows are checked.
        reading: is told how many rows are read, which comes first.

    Raises:
        BadInput: there is no such place, or it holds nothing to check.
    """
    places = [under, place] if under else [place]
    loaded = read(places, told, reading)
    faults = [*loaded.faults, *_reading_faults(places, loaded)]
    if not under and place.is_dir():
        faults += _about_faults(place / "record.yml")
    return Report(place, faults, loaded.counts, loaded.replaced, list(_corrected(loaded)))


def _corrected(loaded: Loaded) -> Iterator[CorrectedCell]:
    for name, table in loaded.tables.items():
        for key, cells in table.corrected.items():
            for column, correction in cells.items():
                yield CorrectedCell(name, key, column, table.rows[key][column], correction)


def _reading_faults(places: list[Path], loaded: Loaded) -> list[Fault]:
    """What is wrong with the readings, as far as the tables they name could be read."""
    if loaded.unread & {"sources", "groups"}:
        return []
    groups = {str(cells["group"]) for cells in loaded.tables["groups"].rows.values()}
    try:
        load_readings(places, loaded.tables, groups)
    except BadRecord as error:
        return error.faults
    return []


def _about_faults(path: Path) -> list[Fault]:
    """A record of its own says in record.yml when it was compiled."""
    if not path.is_file():
        return [Fault(str(path), 0, "", "A record of its own has a record.yml.", "Write compiled: 2026-11-24 in it.")]
    try:
        last_day(str(read_yaml(path).get("compiled")))
    except BadInput as error:
        return [as_fault(path, error)]
    except ValueError:
        return [Fault(str(path), 0, "compiled", "This is not a date.", "Write it as 2026-11-24.")]
    return []
