"""Writes the site beside its place and puts it there in one step: a broken run leaves the old site whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from dualtrack.core.errors import BadInput
from dualtrack.core.wholefolder import drafted
from dualtrack.publish.site.pages import File

_MARK = ".dualtrack-site"


def write(files: Iterable[File], folder: Path, told: Callable[[int], None] = lambda count: None) -> int:
    """Writes the files into the folder and returns how many there were.

    The folder may be new, empty, or a site written earlier, which is replaced as a whole; nothing else is touched.

    Args:
        files: the files.
        folder: where the site is to be.
        told: called with the count after every 500 files.

    Raises:
        BadInput: the folder holds something else, or cannot be written.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / _MARK).exists())):
        raise BadInput(f"{folder} is not empty and holds no site of ours.", "Name a new or an empty folder.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror}.", "Name a folder you may write to.") from None
    with drafted(folder, empty=True) as draft:
        try:
            count = _fill(draft.path, files, told)
        except OSError as error:
            raise BadInput(f"{folder} cannot be written: {error.strerror}.", "Is there room on the disk?") from None
        draft.take_place()
    return count


def _fill(fresh: Path, files: Iterable[File], told: Callable[[int], None]) -> int:
    count, made = 0, set()
    for file in files:
        target = fresh / file.path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(file.data)
        count += 1
        if count % 500 == 0:
            told(count)
    (fresh / _MARK).write_text("Written by dualtrack publish; replaced as a whole by the next run.\n", "utf-8")
    return count
