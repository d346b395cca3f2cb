"""Folders watched for new files: a file counts once it has stopped growing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

INTERVAL_S = 1.0
"""Between looks; a file that is the same at two of them is taken to be whole."""

State = dict[Path, tuple[int, int]]


def new_files(
    folders: Sequence[Path], interval_s: float = INTERVAL_S, sleep: Callable[[float], object] = time.sleep
) -> Iterator[list[Path]]:
    """The files of folders, then those that are new or have changed, as often as there are any. It never ends.

    Names that begin with a dot are passed over: that is how files are written before they are whole.

    Args:
        folders: where to look, folders within included.
        interval_s: seconds between two looks.
        sleep: waits.
    """
    given: State = {}
    before: State | None = None
    while True:
        now = _state(folders)
        ready = [path for path, state in now.items() if before and before.get(path) == state != given.get(path)]
        if ready:
            given |= {path: now[path] for path in ready}
            yield sorted(ready)
        before = now
        sleep(interval_s)


def _state(folders: Sequence[Path]) -> State:
    found: State = {}
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                state = path.stat()
                if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
                    found[path] = state.st_size, state.st_mtime_ns
            except OSError:  # gone since it was listed
                continue
    return found
