"""Lines with the same names as a CSV file, for a command, the API and the static site alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from dualtrack.record.formula import safe_cell


def as_csv(lines: Sequence[Mapping[str, Any]], names: Sequence[str] = ()) -> str:
    """Lines with the same names as CSV; no spreadsheet runs any of it.

    Args:
        lines: the lines.
        names: the columns; those of the first line unless given.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = list(names) or list(lines[0])
    writer.writerow(columns)
    writer.writerows([[safe_cell(line.get(name)) for name in columns] for line in lines])
    return out.getvalue()
