"""A line on standard error that says how far a long command is; only where it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """A function to be told how many more are done; the line is taken away at the end."""
    shown = sys.stderr.isatty()
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        if shown:
            print(f"\r{done:,} {what}", end="", file=sys.stderr, flush=True)

    try:
        yield told
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
