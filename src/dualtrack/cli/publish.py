"""``dualtrack publish``: the record and its findings as a static site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dualtrack.cli.options import AsOf, Folder, Known, opened


def publish(
    folder: Annotated[Path, typer.Argument(help="Where the site is to be: a new or empty folder, or a site of ours.")],
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
) -> None:
    """Write a static site: a page per finding, row, source and table, with its data beside it."""
    # imported here: charts take long to load, no other verb needs them
    from dualtrack.publish.site.pages import Site
    from dualtrack.publish.site.write import write

    opened_record = opened(as_of, record, known)
    site = Site(opened_record)

    def told(count: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{count:,} files", end="", file=sys.stderr, flush=True)

    count = write(site.files(), folder, told)
    typer.echo(f"{folder / 'index.html'}: {count:,} files, {len(site.findings)} findings")
