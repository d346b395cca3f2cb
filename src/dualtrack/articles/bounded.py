"""Reads a file made by others in a process of its own, with bounded time and memory: what hangs or swells is ended.

A module that reads files this way runs ``answer`` when it is the main module, and is asked through ``bounded``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

_SECONDS = 20.0
_MEMORY = 1_500_000_000
"""Bytes of address space: the libraries alone map some hundreds of millions."""


class Unreadable(Exception):
    """Why the file could not be read, as the end of a sentence."""


def bounded(module: str, data: bytes, seconds: float = _SECONDS) -> Any:
    """What a module makes of the data.

    Args:
        module: its full name.
        data: the file.
        seconds: after which it is ended.

    Raises:
        Unreadable: it took too long or too much memory, or the reader said what is wrong.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", module], input=data, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"it took more than {seconds:g} seconds") from None
    try:
        found, problem = json.loads(done.stdout)
    except ValueError:  # it was ended before it could answer
        raise Unreadable("it needs too much memory, or breaks the reader") from None
    if problem:
        raise Unreadable(problem)
    return found


def answer(read: Callable[[bytes], Any], memory: int = _MEMORY, reserves: bool = False) -> None:
    """In the other process: writes as JSON what was read from standard input, or what is wrong.

    Args:
        read: what is made of the data.
        memory: bytes of address space it may have.
        reserves: whether a library it uses reserves far more addresses than it fills, as V8 does (64 GB): then what
            can be written to is bounded (``RLIMIT_DATA``, Linux 4.7 and later).
    """
    _bound_memory(memory, reserves)
    found, problem = None, ""
    try:
        found = read(sys.stdin.buffer.read())
    except Unreadable as error:
        problem = str(error)
    except MemoryError:
        problem = "it needs too much memory"
    except Exception as error:  # whatever a broken file makes a library say, the user gets one sentence
        problem = f"it is broken ({type(error).__name__})"
    sys.stdout.write(json.dumps([found, problem]))


def _bound_memory(memory: int, reserves: bool) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where time alone is bounded
        return
    resource.setrlimit(resource.RLIMIT_DATA if reserves else resource.RLIMIT_AS, (memory, memory))
