"""The columns a rule is evaluated over: figures as intervals, codes, and answers found before.

A figure that is not known lies between its bounds; a code that is not known is -1. Rows are the last dimension.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualtrack.instruments.possibly import Possibly
from dualtrack.instruments.steps import Steps

Figures = NDArray[np.float64]


@dataclass(frozen=True)
class Numbers:
    """Figures between a low and a high bound, in the unit of their column; infinity where there is no bound."""

    low: Figures
    high: Figures

    @classmethod
    def exactly(cls, values: Figures | float) -> Numbers:
        """Figures without a range."""
        found = np.asarray(values, np.float64)
        return cls(found, found)

    @property
    def exact(self) -> bool:
        """Whether no figure has a range, without looking at each: low and high are one array."""
        return self.low is self.high


@dataclass(frozen=True)
class Codes:
    """One of a closed list of words per row, as its place in the list; -1 where it is not known."""

    places: NDArray[np.int16]
    words: tuple[str, ...]

    @classmethod
    def of(cls, values: Sequence[str | None], words: Sequence[str]) -> Codes:
        """Words as places in the list."""
        place = {word: number for number, word in enumerate(words)}
        return cls(np.array([-1 if v is None else place[v] for v in values], np.int16), tuple(words))


Column = Numbers | Codes | Possibly | Steps
Columns = Mapping[str, Column]


class Remembering(dict[str, Column]):
    """Columns that several rules ask about: what was compared once is remembered, by what was compared with what."""

    def __init__(self, columns: Columns) -> None:
        super().__init__(columns)
        self.found: dict[Hashable, Possibly | Steps] = {}


def part_of(columns: Columns, rows: slice) -> dict[str, Column]:
    """The same columns for some of the rows; nothing is copied."""
    return {name: _part(column, rows) for name, column in columns.items()}


def _part(column: Column, rows: slice) -> Column:
    match column:
        case Numbers(low, high):
            part = low[..., rows]
            return Numbers(part, part if column.exact else high[..., rows])
        case Codes(places, words):
            return Codes(places[rows], words)
        case Possibly() | Steps():
            return column.part(rows)
