"""The Python API: open the record as of a date and ask it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from dualtrack.analyses.contract import analysis
from dualtrack.core.finding import Finding
from dualtrack.record.store import Record
from dualtrack.record.store import open_record as _open


class OpenRecord(Record):
    """The record as known on a day, with the questions that can be asked of it."""

    def ask(self, name: str, **parameters: Any) -> Finding:
        """Runs an analysis by name.

        >>> open_record("2016-05-09").ask("spending_guideline", year=2015, group="eastern_flank").answer.value
        ['EST', 'POL']

        Raises:
            NoSuchName: there is no such analysis or parameter.
            BadInput: a parameter is missing or cannot be read.
        """
        return analysis(name).ask(self, parameters)


def open_record(
    as_of: str | date | None = None, *, folder: str | Path | None = None, strict: bool = False
) -> OpenRecord:
    """Opens the record as known on a day; None means today.

    Args:
        as_of: a day, or a month or year meaning its last day.
        folder: a folder of tables, or one workbook or CSV file, laid over the packaged ones.
        strict: admit only facts known from a dated source.

    Raises:
        BadInput: the date cannot be read, or the folder is missing.
        BadRecord: the folder's tables are at fault; every fault is listed.
    """
    return _open(as_of, folder=folder, strict=strict, cls=OpenRecord)
