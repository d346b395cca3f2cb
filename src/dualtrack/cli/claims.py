"""``dualtrack check claims``: what the record says of each claim, and whether it still says so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualtrack.claims.asking import Asker
from dualtrack.claims.checking import check
from dualtrack.claims.choosing import chosen
from dualtrack.claims.claim import load_claims
from dualtrack.cli.options import AsOf, Folder, Json, Known, opened
from dualtrack.core.dates import parse_day
from dualtrack.publish.claims.text import as_text

CHANGED = 1


def claims(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE…]", help="Claim files or folders; left out, ours.")
    ] = None,
    words: Annotated[str, typer.Option("-k", help="Only claims with these words: nrc and not russia.")] = "",
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
    as_json: Json = False,
) -> None:
    """Judge claims as of when they were said and as of today. Exit 1 if a recorded verdict changed."""
    day = parse_day(as_of, "--as-of") if as_of else None
    found = load_claims(files)
    if words:
        found = chosen(found, words)
    results = check(Asker(opened(None, record, known)), found, day)
    typer.echo(as_text(results))
    if any(one.changed for one in results):
        raise typer.Exit(CHANGED)
