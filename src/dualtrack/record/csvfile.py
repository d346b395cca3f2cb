"""Reads a CSV file (RFC 4180) as text, as far as it goes: what is broken is told and the rest is read all the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from dualtrack.core.errors import Fault
from dualtrack.record.encoding import NotText, decode
from dualtrack.record.grid import STEP, Grid, Told
from dualtrack.record.schema import schemas

_LARGEST = 512 * 1024 * 1024
_BROKEN = 100  # places where the quotes are broken; after so many the file is no CSV
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def read_csv(path: Path, reading: Told | None = None) -> tuple[Grid | None, list[Fault]]:
    """The grid of a file named after its table, and what is wrong in reading it; None where it cannot be read."""
    try:
        if path.stat().st_size > _LARGEST:
            return None, [Fault(str(path), 0, "", f"The file is larger than {_LARGEST:,} bytes.", "Split it.")]
        text, wrong = decode(path.read_bytes())
    except NotText as error:
        return None, [Fault(str(path), error.line, "", error.problem, error.fix)]
    except OSError as error:
        return None, [Fault(str(path), 0, "", f"The file cannot be read: {error.strerror}.", "Check its rights.")]
    grid, faults = Grid(path.stem, path), []
    mark = _separator(text, path.stem)
    for line, row in _rows(text, mark):
        if isinstance(row, str):
            faults.append(grid.at(line).fault("", row, _QUOTES))
            grid.partial = True
        elif any(cell and not cell.isspace() for cell in row):
            grid.rows.append((line, row))
            if reading and len(grid.rows) % STEP == 0:
                reading(STEP)
    if mark != ",":
        problem = f"The columns are separated by {_SEPARATORS[mark]}."
        faults.insert(0, grid.at(1).fault("", problem, "Save it with commas, or as .xlsx."))
    if wrong:
        faults.insert(0, grid.at(wrong.line).fault("", wrong.problem, wrong.fix))
        if not _fits(grid.header, path.stem):
            return None, faults[:1]  # a wrong guess, and nothing that could be told of it would be true
    return grid, faults


_QUOTES = 'Close every quote; write a quote inside a quoted cell twice: "".'


def _rows(text: str, mark: str) -> Iterator[tuple[int, list[str] | str]]:
    """Line and cells of each record; where the quotes are broken, line and what is wrong, and on from the next line."""
    lines = list(io.StringIO(text, newline=""))
    start, broken = 0, 0
    while start < len(lines):
        reader = csv.reader(iter(lines[start:] if start else lines), delimiter=mark, strict=True)
        line = start + 1
        try:
            for row in reader:
                yield line, row
                line = start + reader.line_num + 1
            return
        except csv.Error as error:
            broken += 1
            more = "" if broken < _BROKEN else " Nothing after it was read."
            yield line, f"The CSV cannot be read: {_said(str(error), line, start + reader.line_num)}.{more}"
            if more:
                return
            start = line


def _said(error: str, line: int, end: int) -> str:
    """What is wrong with a record that begins in one line and is found broken in another."""
    if error == "unexpected end of data":
        return "a quote is opened here and never closed"
    if error.startswith("field larger"):
        return f"a cell is longer than {csv.field_size_limit():,} characters, or a quote is not closed"
    if "expected after" in error:
        far = f"a quote is opened here and closed only in line {end}"
        return far if end > line else "something stands after a closing quote"
    return error


def _separator(text: str, table: str) -> str:
    """What stands between the names of the header: commas, unless only something else gives columns of the table."""
    header = text.lstrip("\r\n").partition("\n")[0].partition("\r")[0]
    names = {mark: [name.strip(' "') for name in header.split(mark)] for mark in _SEPARATORS}
    if len(names[","]) == 1:
        for mark in (";", "\t"):
            if len(names[mark]) > 1 and _fits(names[mark], table):
                return mark
    return ","


def _fits(header: list[str], table: str) -> bool:
    """Whether any name is a column of the table; for a file named after none, whether most are columns of one."""
    spec = schemas().get(table)
    if spec is None:
        return any(sum(map(other.has, header)) > len(header) / 2 for other in schemas().values())
    return any(map(spec.has, header))
