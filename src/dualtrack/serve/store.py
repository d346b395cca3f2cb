"""Answers kept in memory, the ones not asked for longest let go first."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")
_SMALL = 1_400  # bytes that fit one packet as they are


@dataclass(frozen=True)
class Answer:
    """What is sent: bytes, their media type, and what the content security policy has to allow beside the usual.

    ``effort`` is that of gzip, from 1 to 9: little for what hardly anybody asks twice.
    """

    body: bytes
    media: str
    styles: tuple[str, ...] = ()
    effort: int = 6

    @cached_property
    def packed(self) -> bytes:
        """The body as gzip, worked out once; empty where that would not make it smaller."""
        worth = len(self.body) > _SMALL and not self.media.startswith("image/png")
        return gzip.compress(self.body, self.effort, mtime=0) if worth else b""


class Kept(Generic[Made]):
    """So many things by key, of a size that all of them together may have; safe for threads.

    One that several ask for at once is made once.

    Args:
        most: how many are kept.
        size: what one counts.
        room: what all may count together.
    """

    def __init__(self, most: int, size: Callable[[Made], int] = lambda made: 1, room: int = 2**62) -> None:
        self._most, self._size, self._room = most, size, room
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()
        self._used = 0

    def get(self, key: Hashable) -> Made | None:
        """What is kept by this key."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept by this key, made if it is not there; what fails is not kept."""
        found = self.get(key)
        if found is not None:
            return found
        with self._lock:
            mine = self._making.setdefault(key, Lock())
        try:
            with mine:
                found = self.get(key)
                if found is None:
                    found = make()
                    self._put(key, found)
                return found
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _put(self, key: Hashable, made: Made) -> None:
        with self._lock:
            self._kept[key] = made
            self._used += self._size(made)
            while self._kept and (len(self._kept) > self._most or self._used > self._room):
                _, gone = self._kept.popitem(last=False)
                self._used -= self._size(gone)
