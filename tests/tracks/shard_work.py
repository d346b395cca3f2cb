"""Work for shards that can be sent to other processes: it notes that it ran, and some of it dies."""

import os
import signal
import time
from pathlib import Path


def noted(folder: str, number: int) -> bytes:
    """A result that depends on the number alone; a file says that it was worked out."""
    (Path(folder) / f"{number}-{time.time_ns()}").touch()
    return b"result of %d" % number


def dies_once(folder: str, number: int) -> bytes:
    """The first process that begins shard 3 is killed, as if by the kernel."""
    mark = Path(folder) / "killed"
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return noted(folder, number)


def always_dies(folder: str, number: int, load: bytes = b"") -> bytes:
    """Kills any process that begins shard 1; the load fills the pipe to it."""
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return noted(folder, number)


def stops(folder: str, number: int) -> bytes:
    """Interrupted in the middle."""
    if number == 2 and not (Path(folder) / "stopped").exists():
        (Path(folder) / "stopped").touch()
        raise KeyboardInterrupt
    return noted(folder, number)
