"""A file written whole or not at all: whatever happens on the way, a reader finds the old one or the new one."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from dualtrack.core.errors import BadInput


def write_whole(path: Path, data: bytes) -> None:
    """Puts the data in a file of this name, in place of the one there may be.

    The data goes to a temporary file beside it, is forced to disk and takes the name in one step (POSIX
    ``rename``); the name itself is forced to disk with its folder. A kill leaves at most a ``.part`` file behind.

    Raises:
        BadInput: the folder is not there or cannot be written to, or the name is no plain file (a folder, a device).
    """
    if path.exists() and not path.is_file():
        raise BadInput(f"{path} cannot be written: it is no plain file.", "Name a file in a folder of yours.")
    try:
        handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.", "Name a file in a folder of yours.") from None
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(part, _mode(path))
        os.replace(part, path)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.", "Is there room, and is it a file?") from None
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)
    sync_folder(path.parent)


def _mode(path: Path) -> int:
    """The rights of the file in place, else those a new file gets."""
    with suppress(FileNotFoundError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def sync_folder(folder: Path) -> None:
    """Forces the names in a folder to disk."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
