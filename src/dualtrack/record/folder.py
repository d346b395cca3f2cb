"""What a place holds: the tables of a folder, of one workbook or of one CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dualtrack.core.errors import BadInput, Fault
from dualtrack.record.csvfile import read_csv
from dualtrack.record.grid import Grid, Told
from dualtrack.record.schema import schemas
from dualtrack.record.suggest import near
from dualtrack.record.workbook import NOTES, read_workbook

_OTHER_SPREADSHEETS = (".xls", ".xlsm", ".xlsb", ".ods", ".tsv")
_LOCKS = ("~$", ".")  # what an open spreadsheet leaves beside its file


@dataclass
class Content:
    """The tables of one place as text, what was wrong in reading them, and which could not be read at all."""

    grids: list[Grid] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


def content(place: Path, reading: Told | None = None) -> Content:
    """Reads everything a place holds; ``reading`` is told how many rows are read.

    Raises:
        BadInput: there is no such place, it holds nothing, or it is no kind of file that is read.
    """
    found = Content()
    for path in _files(place):
        if path.suffix == ".xlsx":
            grids, faults = read_workbook(path, reading)
            if not grids and faults:
                found.unread.update(schemas())  # any of them may have been in it
        else:
            grid, faults = read_csv(path, reading) if path.suffix == ".csv" else (None, [])
            grids = [grid] if grid else []
            if grid and place.is_file() and grid.table not in schemas():
                grid.table = _recognised(grid.header) or grid.table
            if grid and not grid.rows and place.is_file() and grid.table not in schemas():
                found.faults.append(Fault(str(path), 0, "", "The file is empty.", "Start with a header row."))
                continue
            if grid is None:
                found.unread.add(path.stem)
        found.faults += faults
        for grid in grids:
            wrong = _no_table(grid.table, path, grid.sheet)
            if wrong:
                found.faults.append(wrong)
            else:
                found.grids.append(grid)
        if path.suffix not in (".csv", ".xlsx"):
            found.faults.append(_other_kind(path))
    return found


def _recognised(header: list[str]) -> str:
    """The table a single file of another name holds: the only one that has all its columns, with the key among them.

    Where there is none, the one that alone has most of them, so that what is wrong can be told of its columns.
    """
    named = {name for name in header if name}
    fits = [
        name for name, spec in schemas().items() if named and all(map(spec.has, named)) and named.issuperset(spec.key)
    ]
    if len(fits) == 1:
        return fits[0]
    shared = sorted(((sum(map(spec.has, named)), name) for name, spec in schemas().items()), reverse=True)
    (most, name), (second, _) = shared[:2]
    return name if most > max(second, len(named) / 2) and most > 2 else ""


def files_of(place: Path) -> Iterator[Path]:
    """Every file of a place that a record is made of."""
    if place.is_file():
        yield place
    for pattern in ("*", "readings/*/*.yml") if place.is_dir() else ():
        yield from (path for path in sorted(place.glob(pattern)) if path.is_file())


def _files(place: Path) -> list[Path]:
    if place.is_file():
        if place.suffix.lower() not in (".csv", ".xlsx"):
            raise BadInput(f"{place} is neither a CSV file nor an XLSX workbook.", "Save it as one of the two.")
        return [place]
    if not place.is_dir():
        raise BadInput(f"There is no record folder {place}.", "Give the path of a folder with CSV tables.")
    kinds = (".csv", ".xlsx", *_OTHER_SPREADSHEETS)
    try:
        held = sorted(place.iterdir())
    except OSError as error:
        raise BadInput(f"The folder {place} cannot be read: {error.strerror}.", "Check its rights.") from None
    files = [path for path in held if path.suffix.lower() in kinds and not path.name.startswith(_LOCKS)]
    others = (place / "corrections.yml").is_file() or any(place.glob("readings/*/*.yml"))
    if not files and not others:
        raise BadInput(
            f"The folder {place} holds no table and no reading.", "Give the path of a folder with CSV tables."
        )
    return files


def _other_kind(path: Path) -> Fault:
    if path.suffix.lower() in (".csv", ".xlsx"):
        fix = f"Name it {path.stem}{path.suffix.lower()}."
        return Fault(str(path), 0, "", f"{path.name} is not a table of the record.", fix)
    return Fault(str(path), 0, "", f"Files of the kind {path.suffix} are not read.", "Save it as .xlsx or .csv.")


def _no_table(name: str, path: Path, sheet: str) -> Fault | None:
    if name in schemas():
        return None
    known = near(name.casefold(), schemas()) or f"Tables: {', '.join(schemas())}."
    if sheet:
        problem, what = f"The sheet {sheet} is not a table of the record.", f"a sheet ({NOTES[0]} for notes)"
    else:
        problem, what = f"{path.name} is not a table of the record.", "the file"
    return Fault(str(path), 0, "", problem, f"Name {what} after its table. {known}", sheet)
