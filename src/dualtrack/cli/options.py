"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from dualtrack.api import OpenRecord, open_record

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="Only what was known on this day: 2016, 2016-05 or 2016-05-09.", metavar="DATE"),
]
Folder = Annotated[
    Path | None, typer.Option("--record", help="A folder of tables, or a workbook, laid over ours.", metavar="DIR|FILE")
]
Known = Annotated[
    Literal["any", "strict"], typer.Option("--known", help="strict: only facts known from a dated source.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def opened(as_of: str | None, folder: Path | None, known: str) -> OpenRecord:
    """The record the shared options describe."""
    return open_record(as_of, folder=folder, strict=known == "strict")
