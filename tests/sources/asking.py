"""What the adapters are asked with in tests: the states of the packaged record, straight from its files."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

from dualtrack.record.store import packaged
from dualtrack.sources.contract import Ask, Cells, Taken, adapter

ACCESSED = "2025-05-01"


@lru_cache(maxsize=1)
def known() -> tuple[dict[str, str], dict[int, str]]:
    """The states of the record by code, and their numbers in Gleditsch and Ward's list."""
    states, codes = (
        list(csv.DictReader((packaged() / f"{name}.csv").read_text("utf-8").splitlines()))
        for name in ("states", "state_codes")
    )
    numbers = {int(row["gw_number"]): row["state"] for row in codes if row["gw_number"]}
    return {row["state"]: row["name"] for row in states}, numbers


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
