"""``dualtrack init``: a folder to start a record of one's own in."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole
from dualtrack.core.wholefolder import drafted
from dualtrack.publish.starter import starter


def init(folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.")]) -> None:
    """Start tables of your own: empty templates in CSV and XLSX, and what each column means."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} is there already; nothing was written.", "Name a new or an empty folder.")
    with_workbook = find_spec("openpyxl") is not None
    files = starter(folder.name, with_workbook)
    write_folder(folder, files)
    typer.echo(f"{folder}: {len(files)} files. Read {folder / 'README.md'}, then: dualtrack know validate {folder}")
    if not with_workbook:
        typer.echo('No workbook: that needs openpyxl. Install it: pip install "dualtrack[xlsx]"', err=True)


def write_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Puts the files in a new or empty folder, all or none: they take its name in one step, a kill leaves it as it was.

    Raises:
        BadInput: it cannot be made there, or holds something.
    """
    with drafted(folder) as draft:
        if any(draft.path.iterdir()):
            raise BadInput(f"{folder} is not empty; nothing was written.", "Name a new or an empty folder.")
        for name, data in files.items():
            write_whole(draft.path / name, data)
        draft.take_place()
