"""A table as it stands in a file: rows of text, before anything is known about what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from dualtrack.core.errors import Fault

Told = Callable[[int], None]
"""Is told how many rows are done since it was last called."""
STEP = 5000  # rows between two calls
_SHOWN = 60  # characters of a column's name that a message repeats


@dataclass
class Grid:
    """The text of a table, the empty lines left out; the first line is the header.

    ``sheet`` is set in a workbook. ``spoiled`` are the cells (line, position) that the reader has refused already;
    they count as unknown. ``partial`` says that some row could not be read at all, so that a reference to a row that
    is not here need not be wrong.
    """

    table: str
    file: Path
    sheet: str = ""
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    spoiled: set[tuple[int, int]] = field(default_factory=set)
    partial: bool = False

    @cached_property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [name.strip() for name in self.rows[0][1]] if self.rows else []

    def at(self, line: int) -> Place:
        """The place of a line."""
        return Place(self, line)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its grid, and the line, counted from 1."""

    grid: Grid
    line: int

    def fault(self, column: str, problem: str, fix: str, position: int | None = None) -> Fault:
        """A fault in this row; the position (from 0) is needed only where the column's name does not say it."""
        grid, cell = self.grid, ""
        if grid.sheet:
            if position is None:
                position = grid.header.index(column) if column in grid.header else 0
            cell = f"{letters(position)}{self.line}"
        shown = column if column.isprintable() and len(column) <= _SHOWN else ascii(column[:_SHOWN])
        return Fault(str(grid.file), self.line, shown, problem, fix, grid.sheet, cell)

    def seen_from(self, other: Place) -> str:
        """The place in words, for somebody who looks at the other."""
        if self.grid is other.grid:
            return f"line {self.line}"
        sheet = f", sheet {self.grid.sheet}" if self.grid.sheet else ""
        return f"line {self.line} of {self.grid.file.name}{sheet}"


def letters(position: int) -> str:
    """The letters of a spreadsheet's column.

    >>> letters(0), letters(25), letters(26), letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
