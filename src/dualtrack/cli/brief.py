"""``dualtrack brief``: both tracks and the public case on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualtrack.cli.options import AsOf, Folder, Known, opened
from dualtrack.core.dates import parse_day
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole


def brief(
    as_of: AsOf = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Also tell what became known after this day.", metavar="DATE")
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="The brief of one state instead, such as DEU.", metavar="ISO3")
    ] = None,
    asked: Annotated[bool, typer.Option("--asked", help="What was asked in 2016, and what happened since.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write.", metavar="FILE")] = None,
    record: Folder = None,
    known: Known = "any",
) -> None:
    """Write both tracks and the public case on one self-contained page."""
    opened_record = opened(as_of, record, known)
    if asked:
        if since or state:
            raise BadInput("--asked cannot go with --since or --state.", "Leave one of them out.")
        from dualtrack.publish.pages.asked import asked_brief

        made = asked_brief(opened_record)
    elif state:
        if since:
            raise BadInput("--since cannot be told for one state yet.", "Leave out --since or --state.")
        from dualtrack.publish.pages.state import state_brief

        made = state_brief(opened_record, state)
    else:
        from dualtrack.publish.pages.brief import brief as make

        made = make(opened_record, parse_day(since, "--since") if since else None)
    named = f"-{state.upper()}" if state else "-asked" if asked else ""
    path = output or Path(f"brief{named}-{opened_record.as_of}.html")
    write_whole(path, made.html.encode("utf-8"))
    typer.echo(str(path))
    for headline in made.headlines:
        typer.echo(f"  {headline}")
