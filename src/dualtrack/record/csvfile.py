"""Reads a CSV file (RFC 4180) as text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from dualtrack.core.errors import Fault
from dualtrack.record.encoding import NotText, decode
from dualtrack.record.grid import Grid

_LARGEST = 512 * 1024 * 1024


def read_csv(path: Path) -> tuple[Grid | None, list[Fault]]:
    """The grid of a file named after its table; None, and why, where it cannot be read."""
    grid = Grid(path.stem, path)
    line = 1
    try:
        if path.stat().st_size > _LARGEST:
            return None, [Fault(str(path), 0, "", f"The file is larger than {_LARGEST:,} bytes.", "Split it.")]
        reader = csv.reader(io.StringIO(decode(path.read_bytes()), newline=""), strict=True)
        for row in reader:
            if row:
                grid.rows.append((line, row))
            line = reader.line_num + 1
    except NotText as error:
        return None, [Fault(str(path), error.line, "", error.problem, error.fix)]
    except csv.Error as error:
        return None, [Fault(str(path), line, "", f"The CSV cannot be read: {error}.", "Check the quotes.")]
    except OSError as error:
        return None, [Fault(str(path), 0, "", f"The file cannot be read: {error.strerror}.", "Check its rights.")]
    return grid, _other_separator(grid)


def _other_separator(grid: Grid) -> list[Fault]:
    """A header that is one cell, because something else than commas stands between its names."""
    if len(grid.header) != 1:
        return []
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if mark in grid.header[0]:
            return [grid.at(1).fault("", f"The columns are separated by {name}.", "Save it with commas.")]
    return []
