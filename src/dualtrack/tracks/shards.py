"""A run cut into shards: each is worked out by itself and kept whole; a run resumes, a lost worker costs its shard.

A shard is a number (an hour) and a result of bytes. Results are written by the process that runs the show, whole, under
a name that holds all they depend on: a shard whose file is there is not worked out again, and one whose inputs have
changed has another name. The order in which shards end makes no difference.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole

TRIES = 3
"""How often a shard is begun before it is given up: a worker that dies with it may not be its fault."""

Work = Callable[..., bytes]
Done = Callable[[int], None]


class Place(Protocol):
    """Where shards are worked out: yields each shard's number and result, in any order."""

    def run(self, work: Work, shards: Mapping[int, tuple[Any, ...]]) -> Iterator[tuple[int, bytes]]:
        """Works out every shard; ``work`` and its arguments can be sent elsewhere.

        Raises:
            BadInput: a shard's own, or a shard was lost ``TRIES`` times.
        """


class Here:
    """In this process, one after another."""

    def run(self, work: Work, shards: Mapping[int, tuple[Any, ...]]) -> Iterator[tuple[int, bytes]]:
        """See ``Place``."""
        for number, asked in shards.items():
            yield number, work(*asked)


class Processes:
    """In processes of this machine.

    Args:
        workers: how many.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, work: Work, shards: Mapping[int, tuple[Any, ...]]) -> Iterator[tuple[int, bytes]]:
        """See ``Place``. Where a process dies, the pool is made anew for what is left."""
        with _closed_pipes_told():
            yield from self._run(work, shards)

    def _run(self, work: Work, shards: Mapping[int, tuple[Any, ...]]) -> Iterator[tuple[int, bytes]]:
        left = dict(shards)
        lost = dict.fromkeys(shards, 0)
        while left:
            with ProcessPoolExecutor(self._workers, mp_context=get_context("spawn")) as pool:
                futures: dict[Future[bytes], int] = {}
                waiting = iter(list(left.items()))
                broken = False
                try:
                    for number, asked in _first(waiting, self._workers):
                        futures[pool.submit(work, *asked)] = number
                    while futures and not broken:
                        ended, _ = wait(futures, return_when=FIRST_COMPLETED)
                        for future in ended:
                            number = futures.pop(future)
                            try:
                                yield number, future.result()
                                del left[number]
                                for more, asked in _first(waiting, 1):
                                    futures[pool.submit(work, *asked)] = more
                            except BrokenProcessPool:
                                lost[number] += 1
                                broken = True
                except BrokenProcessPool:
                    broken = True
                finally:
                    for future in futures:
                        future.cancel()
            worst = max(left, key=lost.__getitem__, default=None)
            if worst is not None and lost[worst] >= TRIES:
                raise _lost(worst)


@contextmanager
def _closed_pipes_told() -> Iterator[None]:
    """Holds that writing to a process that has died is an error here, and not the end of this process as well.

    Where a program leaves SIGPIPE to the system, as filters do, the first write to a lost worker would kill it without
    a word. The signal is held back in this thread, and in those of the pool, which are made in it.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
    try:
        yield
    finally:
        if signal.SIGPIPE not in before:
            while signal.sigtimedwait({signal.SIGPIPE}, 0):  # one that came meanwhile must not be delivered now
                pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _first(waiting: Iterator[tuple[int, tuple[Any, ...]]], count: int) -> list[tuple[int, tuple[Any, ...]]]:
    taken = []
    for _ in range(count):
        with suppress(StopIteration):
            taken.append(next(waiting))
    return taken


class Cluster:
    """On a Dask cluster (trusted networks only); its workers see the same files under the same names.

    Args:
        address: of the scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises:
        BadInput: Dask is not installed, or nothing answers there.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise BadInput("--cluster needs an extra package.", 'Install it: pip install "dualtrack[dask]"') from None
        self._dask: Any = distributed
        try:
            self._client = self._dask.Client(address, timeout="10s", set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise BadInput(
                f"No Dask scheduler answers at {address!r}: {str(error)[:200]}",
                "Start one with `dask scheduler` and workers with `dask worker ADDRESS`, and give its address.",
            ) from None

    def run(self, work: Work, shards: Mapping[int, tuple[Any, ...]]) -> Iterator[tuple[int, bytes]]:
        """See ``Place``. Dask itself sends the shard of a lost worker to another."""
        futures = {
            self._client.submit(work, *asked, pure=False, key=f"shard-{number}-{uuid4().hex}"): number
            for number, asked in shards.items()
        }
        try:
            for future in self._dask.as_completed(list(futures), loop=self._client.loop):
                try:
                    yield futures[future], future.result()
                except self._dask.KilledWorker:
                    raise _lost(futures[future]) from None
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """Lets go of the cluster."""
        self._client.close()


def _lost(number: int) -> BadInput:
    return BadInput(
        f"Shard {number} took its worker with it {TRIES} times.",
        "Is there enough memory for an hour of tracks? Use fewer workers; what is done is kept, run the command again.",
    )


def run(
    work: Work,
    shards: Mapping[int, tuple[Any, ...]],
    names: Mapping[int, str],
    folder: Path,
    place: Place,
    done: Done = lambda _: None,
) -> dict[int, bytes]:
    """Works out the shards whose result is not there yet, and returns all results.

    Args:
        work: gives a shard's result; it can be imported elsewhere.
        shards: its arguments, by the shard's number.
        names: of the files of results, by number: everything a result depends on is in its name.
        folder: for the results.
        place: where to work.
        done: is told each shard that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = {number: asked for number, asked in shards.items() if not (folder / names[number]).is_file()}
    for number, result in place.run(work, missing):
        write_whole(folder / names[number], result)
        done(number)
    return {number: (folder / names[number]).read_bytes() for number in shards}
