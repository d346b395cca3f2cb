"""One piece of heavy work at a time, a few readers waiting for their turn, all others told to come back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fastapi.concurrency import run_in_threadpool

from dualtrack.serve.handed_in import Refused

Made = TypeVar("Made")

_WAITING = 4  # readers, the one whose work is on included


class Turns:
    """Does what readers ask one after the other.

    Args:
        busy: what a reader is told when too many wait already.
    """

    def __init__(self, busy: str) -> None:
        self._busy = busy
        self._waiting = 0
        self.one = asyncio.Semaphore(1)

    async def take(self, work: Callable[[], Made]) -> Made:
        """What the work makes, in a thread beside the loop.

        Raises:
            Refused: too many wait already.
        """
        if self._waiting >= _WAITING:
            raise Refused(503, self._busy, "Try again in a minute.")
        self._waiting += 1
        try:
            async with self.one:
                return await run_in_threadpool(work)
        finally:
            self._waiting -= 1
