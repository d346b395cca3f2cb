"""What tells one state of files from another: what was read once is read anew when they change."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Stamp = tuple[tuple[str, int, int], ...]
"""Path, time of change (nanoseconds) and size (bytes) of each file: a change within one tick may show in the size."""


def stamp_of(paths: Iterable[Path]) -> Stamp:
    """The stamp of files that are there, in the order given.

    Raises:
        OSError: one of them is gone.
    """
    states = ((path, path.stat()) for path in paths)
    return tuple((str(path.absolute()), state.st_mtime_ns, state.st_size) for path, state in states)
