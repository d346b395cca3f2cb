"""A folder changed whole or not at all: whatever happens on the way, a reader finds the old one or the new one."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import sync_folder

_DRAFT = ".draft"
_BEFORE = ".before"
_AT_CWD, _EXCHANGE, _SWAP = -100, 2, 2  # of Linux's renameat2 and of macOS's renamex_np


class Draft:
    """A copy of a folder to work in, which can take the folder's place in one step.

    Files of the copy share their data with the original until they are replaced: write them anew, never in place.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        self.folder = folder
        self.path = path
        self._seen = _stamp(folder)

    def take_place(self) -> None:
        """Puts the copy in the folder's place; there is no moment at which a reader finds neither or a mixture.

        Raises:
            BadInput: the folder has changed since it was copied, or cannot be replaced.
        """
        if _stamp(self.folder) != self._seen:
            raise BadInput(f"{self.folder} was changed while this ran; nothing was written.", "Run the command again.")
        try:
            sync_folder(self.path)
            if self.folder.exists():
                _exchange(self.path, self.folder)
            else:
                self.path.rename(self.folder)
            sync_folder(self.folder.parent)
        except OSError as error:
            busy = error.errno in (errno.EBUSY, errno.EXDEV)
            fix = "Name a folder inside it." if busy else "Check the rights of the folder it stands in."
            raise BadInput(f"{self.folder} cannot be replaced: {error.strerror}.", fix) from None


@contextmanager
def drafted(folder: Path, *, empty: bool = False) -> Iterator[Draft]:
    """A copy of the folder, or an empty one where there is none yet; what is not put in its place is thrown away.

    One draft of the folders of a folder exists at a time; others wait. What a killed run left behind is removed.

    Args:
        folder: the folder.
        empty: begin with an empty one whatever the folder holds.

    Raises:
        BadInput: the folder, or the one it stands in, cannot be used so.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file.", "Name a folder.")
    if not folder.parent.is_dir():
        raise BadInput(f"There is no folder {folder.parent}.", "Make it first, or name another.")
    if Path.cwd().resolve().is_relative_to(folder):
        raise BadInput(
            f"{folder} is replaced in one step, which cannot be done from inside it; nothing was written.",
            f"Go up first (cd ..), then name it: {folder.name}.",
        )
    with alone(folder.parent):
        _tidy(folder)
        path = None
        try:
            path = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=_DRAFT, dir=folder.parent))
            if folder.exists() and not empty:
                shutil.copytree(folder, path, symlinks=True, copy_function=_linked, dirs_exist_ok=True)
            else:
                path.chmod(0o755)
            draft = Draft(folder, path)
        except OSError as error:
            if path is not None:
                shutil.rmtree(path, ignore_errors=True)
            reason = error.strerror or "not everything in it can be read"
            raise BadInput(f"{folder} cannot be copied: {reason}.", "Check the rights of both folders.") from None
        try:
            yield draft
        finally:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def alone(parent: Path) -> Iterator[None]:
    """Waits until nobody else holds this folder, as drafts and those who add to a file do.

    Raises:
        BadInput: there is no such folder, or it cannot be read.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    try:
        handle = os.open(parent, os.O_RDONLY)
    except OSError as error:
        raise BadInput(f"{parent} cannot be used: {error.strerror}.", "Check its rights.") from None
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _tidy(folder: Path) -> None:
    """Removes the drafts of runs that were killed; puts back what was moved away where nothing took its place."""
    before = folder.with_name(f".{folder.name}{_BEFORE}")
    if before.is_dir() and not folder.exists():
        before.rename(folder)
    for left in [before, *(p for p in folder.parent.iterdir() if _is_draft(p.name, folder.name))]:
        shutil.rmtree(left, ignore_errors=True)


def _is_draft(name: str, folder: str) -> bool:
    start, end = f".{folder}.", _DRAFT
    return name.startswith(start) and name.endswith(end) and "." not in name[len(start) : -len(end)]


def _linked(source: str, target: str) -> None:
    """The same file under another name where the file system can do that, else a copy."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _stamp(folder: Path) -> list[tuple[str, int, int]]:
    """What tells one state of a folder from another: path, time of change and size of every file."""
    found = []
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            with suppress(FileNotFoundError):
                state = os.lstat(path)
                found.append((path, state.st_mtime_ns, state.st_size))
    return sorted(found)


def _exchange(one: Path, other: Path) -> None:
    """Lets two folders change names, in one step where the system can (Linux, macOS).

    Elsewhere there are two steps; a kill between them leaves the old folder under a name that the next run puts back.
    """
    done = _exchange_call(os.fsencode(one), os.fsencode(other))
    if done is None:
        before = other.with_name(f".{other.name}{_BEFORE}")
        other.rename(before)
        try:
            one.rename(other)
        except OSError:
            before.rename(other)
            raise
        before.rename(one)
    elif done:
        raise OSError(done, os.strerror(done))


def _exchange_call(one: bytes, other: bytes) -> int | None:
    """The error number of the system's call, 0 for none; None where there is no such call."""
    if sys.platform not in ("linux", "darwin"):
        return None
    library: Any = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "linux":
            failed = library.renameat2(_AT_CWD, one, _AT_CWD, other, _EXCHANGE)
        else:
            failed = library.renamex_np(one, other, _SWAP)
    except AttributeError:
        return None
    number = ctypes.get_errno() if failed else 0
    return None if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP) else number
