"""Where a command's result goes: a file written whole, or standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole
from dualtrack.publish.formats import Format

Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="Write to this file; its ending chooses the format.")
]


def deliver(data: bytes, form: Format, output: Path | None) -> None:
    """Writes the data to the file and says so, or writes it to standard output.

    Raises:
        BadInput: it is binary and standard output is a terminal, or the file cannot be written.
    """
    if output is not None:
        write_whole(output, data)
        typer.echo(f"{output}: {form.about}, {len(data):,} bytes")
        return
    if form.binary and sys.stdout.isatty():
        raise BadInput(
            f"{form.name} is not for a terminal.", f"Name a file: -o table{form.suffix}, or send it on with a pipe."
        )
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
