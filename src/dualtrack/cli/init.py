"""``dualtrack init``: a folder to start a record of one's own in."""

from __future__ import annotations

import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from dualtrack.core.errors import BadInput
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
    """Puts the files in a new or empty folder, all or none: they take its name in one step.

    Raises:
        BadInput: it cannot be made there.
    """
    part = None
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.absolute().parent))
        for name, data in files.items():
            (part / name).write_bytes(data)
        part.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        raise BadInput(f"{folder} cannot be made: {error.strerror}.", "Name a folder in one of yours.") from None
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
