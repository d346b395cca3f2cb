"""``dualtrack know export``: the record as a Data Package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualtrack.cli.options import AsOf, Folder, Known, opened
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole
from dualtrack.publish.datapackage.contents import package


def export(
    file: Annotated[Path, typer.Argument(help="The zip to write; one that is there is replaced in one step.")],
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
) -> None:
    """Write every table as known, with codebook, sources and citations, as a Data Package in one zip."""
    if file.suffix.lower() != ".zip":
        raise BadInput(f"{file} does not end in .zip.", "The package is a zip: name it record.zip, say.")
    opened_record = opened(as_of, record, known)
    made = package(opened_record, overlay=record is not None)
    data = made.zip()
    write_whole(file, data)
    left_out = f"; {made.withheld:,} rows left out that may not be passed on" if made.withheld else ""
    typer.echo(
        f"{file}: {made.tables} tables, {made.rows:,} rows, {len(data) / 1e6:.1f} MB, as known on "
        f"{spell(opened_record.as_of)}{left_out}"
    )
