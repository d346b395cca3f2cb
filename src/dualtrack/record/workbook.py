"""Reads an XLSX workbook (Office Open XML, ECMA-376) as text: each sheet a table of its own.

What a spreadsheet makes of a cell is undone where that is safe and refused where it is not: a date cell keeps the
precision it shows (May 2016 is not 1 May), a percentage or a formula is a fault, because its value is not what is
seen, or not in the file.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from dualtrack.core.errors import BadInput, Fault
from dualtrack.record.grid import STEP, Grid, Told

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

NOTES = ("readme", "codebook", "cite")  # sheets of these names are for people and not read
_LARGEST = 512 * 1024 * 1024  # bytes unpacked
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_PASTE = "Copy the cell and paste its value (Paste special: values)."


class _Refused(ValueError):
    """Why a cell cannot be taken over, and what to do."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix


def read_workbook(path: Path, reading: Told | None = None) -> tuple[list[Grid], list[Fault]]:
    """The grids of a workbook, one for each sheet that is not empty, and the faults met in reading.

    Raises:
        BadInput: openpyxl is not installed.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise BadInput(
            f"{path} cannot be read: workbooks need openpyxl.", 'Install it: pip install "dualtrack[xlsx]"'
        ) from None
    grids: list[Grid] = []
    faults: list[Fault] = []
    try:
        _refuse_bombs(path)
        with path.open("rb") as handle, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out (styles, validation) is not ours
            book = load_workbook(handle, read_only=True, data_only=False)
            try:
                for grid, wrong in _sheets(book, path, reading):
                    grids.append(grid)
                    faults += wrong
            finally:
                book.close()
    except _Refused as error:
        return [], [Fault(str(path), 0, "", error.problem, error.fix)]
    except (Exception, RecursionError) as error:  # a damaged file can fail anywhere in zip, XML and openpyxl
        said = " ".join(str(error).split())[:80] or type(error).__name__
        return [], [
            Fault(str(path), 0, "", f"The workbook cannot be read ({said}).", "Open and save it anew as .xlsx.")
        ]
    return grids, faults


def _refuse_bombs(path: Path) -> None:
    """Refuses an archive that unpacks to more than memory should hold, or whose XML defines entities."""
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
            raise _Refused(f"The workbook unpacks to more than {_LARGEST:,} bytes.", "Split it.")
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    if b"<!DOCTYPE" in part.read(2000):
                        raise _Refused("The workbook defines XML entities.", "Open and save it anew as .xlsx.")


def _sheets(book: Workbook, path: Path, reading: Told | None) -> Iterator[tuple[Grid, list[Fault]]]:
    for sheet in book.worksheets:
        name = str(sheet.title)
        if name.casefold() in NOTES:
            continue
        sheet.reset_dimensions()  # what the file says of its size need not be true
        grid, odd = Grid(name.strip(), path, name), []
        for line, cells in enumerate(sheet.iter_rows(), 1):
            row: list[str] = []
            for position, cell in enumerate(cells):
                try:
                    row.append(_text(cell))
                except _Refused as error:
                    row.append("?")
                    grid.spoiled.add((line, position))
                    odd.append((line, position, error))
            while row and not row[-1].strip():
                row.pop()
            if row:
                grid.rows.append((line, row))
            if reading and line % STEP == 0:
                reading(STEP)
        if grid.rows:
            yield _squared(grid), [*_merged(grid, sheet), *(_located(grid, *place) for place in odd)]


def _merged(grid: Grid, sheet: Any) -> Iterator[Fault]:
    """Merged cells: only the first of them holds the value, and nothing says to which rows it is meant to apply."""
    part = str(getattr(sheet, "_worksheet_path", ""))
    with zipfile.ZipFile(grid.file) as archive:
        found = _MERGED.findall(archive.read(part)) if part in archive.namelist() else []
    for reference in found:
        cells = reference.decode()
        first = cells.partition(":")[0]
        line = int(first.lstrip(ascii_uppercase))
        problem = f"The cells {cells} are merged; only the first holds the value."
        yield Fault(str(grid.file), line, "", problem, "Unmerge them and fill in each.", grid.sheet, first)


def _located(grid: Grid, line: int, position: int, error: _Refused) -> Fault:
    column = grid.header[position] if position < len(grid.header) else ""
    return grid.at(line).fault(column, error.problem, error.fix, position)


def _squared(grid: Grid) -> Grid:
    """Every row as long as the header: a spreadsheet has no end of a row."""
    width = len(grid.rows[0][1])
    for _, row in grid.rows:
        row += [""] * (width - len(row))
    return grid


def _text(cell: Any) -> str:
    """The cell as somebody would type it into a CSV file."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or not isinstance(value, (str, int, float, date, time)):
        raise _Refused("The cell holds a formula.", _PASTE)
    if cell.data_type == "e":
        raise _Refused(f"The cell shows the error {value}.", "Leave it empty if the value is unknown.")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _moment(value, str(cell.number_format or ""))
    if isinstance(value, (date, time)):
        return value.isoformat()
    if "%" in str(cell.number_format or ""):
        raise _Refused(
            f"The cell is a percentage: {value:.6g} is in the file, {value:.6g} times 100 is shown.",
            "Format it as a plain number, such as 2.03.",
        )
    return repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def _moment(value: datetime, shown: str) -> str:
    """A date as precise as the cell shows it."""
    if value.time() != time():
        return value.isoformat(timespec="minutes" if not value.second else "seconds")
    marks = shown.casefold()
    if "y" in marks and "d" not in marks:
        return f"{value:%Y-%m}" if "m" in marks else f"{value:%Y}"
    return value.date().isoformat()
