"""``dualtrack brief``: both tracks and the public case on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualtrack.cli.options import AsOf, Folder, Known, opened
from dualtrack.core.dates import parse_day
from dualtrack.core.wholefile import write_whole


def brief(
    as_of: AsOf = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Also tell what became known after this day.", metavar="DATE")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write.", metavar="FILE")] = None,
    record: Folder = None,
    known: Known = "any",
) -> None:
    """Write both tracks and the public case on one self-contained page."""
    from dualtrack.publish.pages.brief import brief as make

    opened_record = opened(as_of, record, known)
    made = make(opened_record, parse_day(since, "--since") if since else None)
    path = output or Path(f"brief-{opened_record.as_of}.html")
    write_whole(path, made.html.encode("utf-8"))
    typer.echo(str(path))
    for headline in made.headlines:
        typer.echo(f"  {headline}")
