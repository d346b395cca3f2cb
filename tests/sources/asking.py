"""What the adapters are asked with in tests: the states of the packaged record."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from dualtrack.api import open_record
from dualtrack.sources.contract import Ask, Cells, Taken, adapter

ACCESSED = "2025-05-01"


@lru_cache(maxsize=1)
def known() -> tuple[dict[str, str], dict[int, str]]:
    """The states of the record by code, and their numbers in Gleditsch and Ward's list."""
    record = open_record()
    numbers = {int(row["gw_number"] or 0): row.text("state") for row in record.rows("state_codes")}
    return {row.id: row.text("name") for row in record.rows("states")}, numbers


def ask(edition: str = "", accessed: str = ACCESSED) -> Ask:
    """A file downloaded on a day."""
    return Ask(accessed, edition, *known())


def read(name: str, path: Path, edition: str = "") -> Taken:
    """What an adapter takes of a file."""
    return adapter(name).read(path, ask(edition))


def by(taken: Taken, *columns: str) -> dict[Any, Cells]:
    """The rows by some of their cells."""
    if len(columns) == 1:
        return {row[columns[0]]: row for row in taken.rows}
    return {tuple(row[column] for column in columns): row for row in taken.rows}
