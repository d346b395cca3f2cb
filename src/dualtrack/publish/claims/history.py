"""A file of verdicts that grows with every run, also where nothing changed: a line per claim and as-of day."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from dualtrack.claims.checking import Checked
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole
from dualtrack.core.wholefolder import alone
from dualtrack.record.formula import safe_cell

HEADER = ("date", "claim", "as_of", "verdict", "value")


def append(path: Path, found: Sequence[Checked], day: date) -> int:
    """Adds the verdicts of a run and returns how many lines that were; a new file gets a header.

    Raises:
        BadInput: the file is there and is no history, or it cannot be written.
    """
    with alone(path.parent):  # another run that adds lines meanwhile would lose them
        try:
            before = path.read_bytes().decode("utf-8") if path.exists() else ""
        except (OSError, UnicodeDecodeError):
            raise BadInput(f"{path} cannot be read as a history of verdicts.", "Name a new file.") from None
        first = before.partition("\n")[0].rstrip("\r")
        if before and first != ",".join(HEADER):
            raise BadInput(f"{path} is no history of verdicts: it begins with {first[:60]!r}.", "Name a new file.")
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        if not before:
            writer.writerow(HEADER)
        lines = [line for one in found for line in _lines(one, day)]
        writer.writerows([safe_cell(cell) for cell in line] for line in lines)
        ended = before if not before or before.endswith("\n") else f"{before}\n"
        write_whole(path, (ended + out.getvalue()).encode("utf-8"))
        return len(lines)


def _lines(one: Checked, day: date) -> Iterator[tuple[str, ...]]:
    judged = {j.day: j for j in (one.said, one.asked, one.latest) if j}
    for as_of, found in sorted(judged.items()):
        yield day.isoformat(), one.claim.id, as_of.isoformat(), found.verdict.value, found.value
