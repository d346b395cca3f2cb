"""Rows of spending put together from several sheets or files: one row per state and year."""

from __future__ import annotations

from collections.abc import Iterator

from dualtrack.sources.contract import Cells, Dated
from dualtrack.sources.figures import written

HIGHEST = {"share_of_gdp_pct": 200.0, "equipment_share_pct": 100.0}  # percent of GDP can be more than 100
HIGHEST_SUM = 1e8  # million US dollars


class Rows:
    """Figures by state and year; the row is made once all are there.

    Args:
        constant: the cells that are the same in every row.
        dated: when the data were published.
        source: id of the source.
    """

    def __init__(self, constant: Cells, dated: Dated, source: str) -> None:
        self._constant = {
            **constant,
            "edition": dated.day,
            "edition_basis": dated.basis,
            "source": source,
            **dated.known,
        }
        self._found: dict[tuple[str, int], Cells] = {}
        self._notes: dict[tuple[str, int], list[str]] = {}

    def put(self, state: str, year: int, **cells: str) -> None:
        """Adds cells to the row of a state and year."""
        self._found.setdefault((state, year), {}).update(cells)

    def note(self, state: str, year: int, text: str) -> None:
        """Adds a sentence to the note of a row, once."""
        notes = self._notes.setdefault((state, year), [])
        if text not in notes:
            notes.append(text)

    def has(self, state: str, year: int, column: str) -> bool:
        """Whether the figure is there already."""
        return column in self._found.get((state, year), {})

    def all(self) -> Iterator[Cells]:
        """The rows by state and year."""
        for (state, year), cells in sorted(self._found.items()):
            note = "; ".join(self._notes.get((state, year), []))
            yield {"state": state, "year": str(year), **self._constant, **cells, **({"note": note} if note else {})}


def wrong_share(percent: float, column: str = "share_of_gdp_pct") -> str:
    """Why a share cannot be one; nothing where it can."""
    if percent < 0:
        return "is below zero."
    return f"is more than {HIGHEST[column]:g} percent." if percent > HIGHEST[column] else ""


def wrong_sum(millions: float) -> str:
    """Why a sum of money cannot be one; nothing where it can."""
    if millions < 0:
        return "is below zero."
    return f"is more than {written(HIGHEST_SUM)} million US dollars." if millions > HIGHEST_SUM else ""
