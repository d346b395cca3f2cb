"""A row of the record as analyses see it, with its permanent id and its sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from dualtrack.core.finding import Corrected, Evidence
from dualtrack.core.interval import Interval
from dualtrack.record.cells import Value, first_moment, last_moment
from dualtrack.record.schema import TableSpec
from dualtrack.record.table import Cells


class Row(Mapping[str, Value]):
    """One row as known on the record's day; ``row["field"]`` is the value, None where unknown."""

    __slots__ = ("_cells", "_corrected", "id", "spec")

    def __init__(
        self, spec: TableSpec, id_: str, cells: Cells, corrected: Mapping[str, Corrected] | None = None
    ) -> None:
        self.spec = spec
        self.id = id_
        self._cells = cells
        self._corrected = corrected or {}

    def __getitem__(self, name: str) -> Value:
        return self._cells[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __repr__(self) -> str:
        return f"<Row {self.spec.table}/{self.id}>"

    def text(self, name: str) -> str:
        """The cell as text, empty where unknown."""
        value = self._cells[name]
        return "" if value is None else str(value)

    def number(self, name: str) -> float | None:
        """The cell as a number, None where unknown."""
        value = self._cells[name]
        return value if isinstance(value, (int, float)) else None

    def parts(self, name: str) -> list[str]:
        """The values of a cell that holds several, empty where unknown."""
        value = self._cells[name]
        return [] if value is None else str(value).split(";")

    def first(self, name: str) -> date | None:
        """The earliest day a date cell can mean."""
        value = self._cells[name]
        return None if value is None else first_moment(str(value))

    def last(self, name: str) -> date | None:
        """The latest day a date cell can mean."""
        value = self._cells[name]
        return None if value is None else last_moment(str(value))

    def interval(self, low: str, high: str) -> Interval:
        """The figure between two cells; where one of them is unknown, the other is the best figure."""
        a, b = self.number(low), self.number(high)
        best = a if a == b else (a if b is None else b if a is None else None)
        return Interval(a, b, best)

    @property
    def sources(self) -> list[str]:
        """The source ids of the row."""
        return self.parts(self.spec.cites) if self.spec.cites else []

    def evidence(self, name: str) -> Evidence:
        """The cell as evidence for a finding; a figure known later than its row says since when itself."""
        known_from, known_basis = self._known(name)
        corrected = self._corrected.get(name) if self._cells[name] is not None else None
        shown_by = [corrected.source] if corrected and corrected.source else []
        return Evidence(
            table=self.spec.table,
            row=self.id,
            field=name,
            value=self._cells[name],
            sources=list(dict.fromkeys([*self.sources, *shown_by])),
            known_from=known_from,
            known_basis=known_basis,
            corrected=corrected,
        )

    def _known(self, name: str) -> tuple[str | None, str | None]:
        """Since when a cell is known, and how that date is."""
        if not self.spec.has("known_from"):
            return None, None
        row, basis = self.text("known_from") or None, self.text("known_basis") or None
        field = self.spec.field(name)
        own = self.text(field.known) if field.known else ""
        if not own or (row and last_moment(own) <= last_moment(row)):
            return row, basis
        return own, (self.text(field.basis) or None if field.basis else basis)
