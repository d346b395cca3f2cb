"""The box of worlds explored: a lower, a nominal and an upper value of every parameter, as the record has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dualtrack.choice.parameters import COLUMN, NAMES, Floats
from dualtrack.core.errors import BadInput
from dualtrack.record.store import Record

TABLE = "model_parameters"


@dataclass(frozen=True)
class Ranges:
    """Arrays of shape (51,), in the order of ``NAMES``."""

    low: Floats
    nominal: Floats
    high: Floats

    def replaced(self, ranges: Mapping[str, tuple[float, float]]) -> Ranges:
        """The box with some ranges replaced; a nominal value outside its new range moves to the nearer end."""
        low, high = self.low.copy(), self.high.copy()
        for name, (least, most) in ranges.items():
            low[COLUMN[name]], high[COLUMN[name]] = least, most
        return Ranges(low, np.clip(self.nominal, low, high), high)


def ranges(record: Record) -> Ranges:
    """The ranges of the record's table ``model_parameters``.

    Raises:
        BadInput: a parameter has no row, as in a record of one's own that leaves it out.
    """
    rows = {row.id: row for row in record.rows(TABLE)}
    missing = [name for name in NAMES if name not in rows]
    if missing:
        raise BadInput(
            f"The table {TABLE} has no row for {', '.join(missing)}.", "Every parameter of the model needs one."
        )
    low, nominal, high = (
        np.array([rows[name].number(column) for name in NAMES], dtype=np.float64)
        for column in ("low", "nominal", "high")
    )
    return Ranges(low, nominal, high)
