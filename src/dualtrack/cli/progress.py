"""A line on standard error that says how far a long command is; only where it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial


@contextmanager
def counting(*kinds: str) -> Iterator[list[Callable[[int], None]]]:
    """For each kind a function to be told how many more are done; the line is taken away at the end."""
    shown = sys.stderr.isatty()
    done = dict.fromkeys(kinds, 0)

    def told(kind: str, more: int) -> None:
        done[kind] += more
        if shown:
            line = ", ".join(f"{count:,} {what}" for what, count in done.items() if count)
            print(f"\r{line}", end="", file=sys.stderr, flush=True)

    try:
        yield [partial(told, kind) for kind in kinds]
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
