"""A sheet of figures by name and year: where its header is, which cell is a figure, and why another is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dualtrack.sources.contract import Taken
from dualtrack.sources.figures import number, sign, year
from dualtrack.sources.xlsxfile import EMPTY, Cell, Sheet

_FEWEST = 3  # years that make a header


@dataclass(frozen=True)
class Header:
    """The line of the years: where each stands, and whether it is marked as an estimate."""

    line: int
    years: dict[int, tuple[int, bool]]

    @property
    def first(self) -> int:
        """The position of the first year: names and notes stand left of it."""
        return min(self.years)


def header(line: int, row: list[Cell]) -> Header | None:
    """The header a row is, or None: years side by side, each once."""
    years = {at: found for at, cell in enumerate(row) if (found := year(cell.value))}
    named = [found for found, _ in years.values()]
    if len(years) < _FEWEST or len(set(named)) != len(named) or named != sorted(named):
        return None
    if any(number(cell.value) is not None for at, cell in enumerate(row) if at not in years and at > min(years)):
        return None
    return Header(line, years)


def figures(
    sheet: Sheet,
    line: int,
    row: list[Cell],
    years: Header,
    name: str,
    taken: Taken,
    wrong: Callable[[float, Cell], str],
) -> Iterator[tuple[int, bool, float, Cell]]:
    """Year, estimate, figure and cell of every figure of a row; signs are counted, other cells rejected.

    Args:
        sheet: where the row stands, for the reasons.
        line: its number.
        row: its cells.
        years: the header above it.
        name: whose row it is.
        taken: what counts and rejects.
        wrong: why a figure cannot be one, nothing where it can.
    """
    for at, (of, estimate) in years.years.items():
        cell = row[at] if at < len(row) else EMPTY
        if (found := sign(cell.value)) is not None:
            taken.signs[found] += 1
            continue
        figure = number(cell.value)
        column = f"{name}, {of}"
        if figure is None:
            comma = isinstance(cell.value, str) and "," in cell.value
            fix = "Write it with a point, such as 2.03." if comma else "Correct the cell, or leave it empty."
            problem = "is neither a number nor a sign for a missing value."
            taken.rejected.append(sheet.fault(line, at, cell.value, problem, fix, column))
        elif said := wrong(figure, cell):
            fix = "Compare the cell with the publisher's file."
            taken.rejected.append(sheet.fault(line, at, cell.value, said, fix, column))
        else:
            yield of, estimate, figure, cell


def count(row: list[Cell], years: Header) -> int:
    """How many figures a row holds."""
    return sum(1 for at in years.years if at < len(row) and number(row[at].value) is not None)
