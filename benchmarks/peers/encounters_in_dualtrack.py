"""Encounters by dualtrack, from a track store, in a process of its own.

    python encounters_in_dualtrack.py find STORE OUTPUT.npz WORKERS LIMITS [OTHER TIMES [compiled | plain]]
    python encounters_in_dualtrack.py tell STORE RUNS LIMITS SECONDS
    python encounters_in_dualtrack.py convert INPUT.parquet STORE

Run by `benchmarks/encounters.py`; LIMITS are metres and feet. `find` is what other tools do too: pairs, with times and
distances; in whatever code the search chooses, or in that which is named; with another store, so many times more, and
that one is searched in between, so that nothing decoded is kept. `tell` is a search as the command does it, which also
describes each encounter, of so many seconds from the first hour on, and once more with the hours' results kept. Prints
one line of JSON with processor seconds.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dualtrack.api import open_record
from dualtrack.tracks import nearby
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.busy import prepare
from dualtrack.tracks.pieces import Pieces, together
from dualtrack.tracks.search import search
from dualtrack.tracks.shards import Here, Processes
from dualtrack.tracks.store import Store, convert


def used() -> float:
    """Processor seconds of this process and of those it has ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def told(said: dict[str, Any]) -> None:
    """Prints what is said, with this process's peak megabytes: what the system counts includes its parent's."""
    with open("/proc/self/status", encoding="ascii") as status:
        peak = next(line for line in status if line.startswith("VmHWM"))
    print(json.dumps({**said, "mb": int(peak.split()[1]) / 1024}))


def took(run: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and its seconds of processor time."""
    cpu = used()
    return run(), used() - cpu


class Timed:
    """A compiled function whose time is added up; it can still be asked for anything else."""

    def __init__(self, of: Any, spent: dict[str, float], name: str) -> None:
        self._of, self._spent, self._name = of, spent, name

    def __call__(self, *given: Any) -> Any:
        """Runs it."""
        start = used()
        try:
            return self._of(*given)
        finally:
            self._spent[self._name] = self._spent.get(self._name, 0.0) + used() - start

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)


@contextmanager
def timed(spent: dict[str, float]) -> Iterator[None]:
    """Adds up the time in every compiled function that plain code of the package calls, by its name."""
    from numba.core.dispatcher import Dispatcher

    found = [
        (module, name, value)
        for title, module in list(sys.modules.items())
        if title.startswith("dualtrack.tracks")
        for name, value in list(vars(module).items())
        if isinstance(value, Dispatcher)
    ]
    for module, name, value in found:
        setattr(module, name, Timed(value, spent, name.lstrip("_")))
    try:
        yield
    finally:
        for module, name, value in found:
            setattr(module, name, value)


def find(folder: str, target: str, workers: str, horizontal: str, vertical: str, *more: str) -> None:
    """The pieces of all hours, once as they are found by a new process, then with code and memory ready."""
    asked = Asked(float(horizontal), float(vertical))
    other, times, code = more + ("", "0", "")[len(more) :]
    if code:
        nearby.BUSY = 0 if code == "compiled" else sys.maxsize
    said: dict[str, Any] = {"ready": took(lambda: prepare(Store(Path(folder)), asked))[1], "again": []}

    def searched(of: str = folder) -> Pieces:
        store = Store(Path(of))
        shards: dict[int, tuple[Any, ...]] = {hour: (of, hour, asked) for hour in store.hours}
        place = Processes(int(workers)) if int(workers) > 1 else Here()
        results = dict(place.run(nearby.contacts, shards))
        return together([Pieces.from_bytes(results[hour]) for hour in sorted(results)])

    start = time.perf_counter()
    found, said["cpu"] = took(searched)
    said["wall"] = time.perf_counter() - start
    spent: dict[str, float] = {}
    for _ in range(int(times)):
        searched(other)
        said["again"].append(took(searched)[1])
    if other:
        searched(other)
        with timed(spent):
            said["timed"] = took(searched)[1]
    said["stages"] = spent
    said["reports"] = sum(hour.rows for hour in Store(Path(folder)).manifest.hours.values())
    np.savez(target, pairs=found.pairs & 0xFFFFFF, moments=found.moments)
    told(said)


def tell(folder: str, runs: str, horizontal: str, vertical: str, seconds: str) -> None:
    """A whole search, and another that finds the hours' results."""
    store, record = Store(Path(folder)), open_record()
    start = store.hours[0] * 3_600_000
    asked = Asked(float(horizontal), float(vertical), start_ms=start, end_ms=start + int(seconds) * 1000)
    with tempfile.TemporaryDirectory(dir=runs) as kept:
        found, whole = took(lambda: search(store, asked, record, folder=Path(kept)))
        again = took(lambda: search(store, asked, record, folder=Path(kept)))[1]
    told({"whole": whole, "tell": again, "encounters": len(found.encounters)})


def converted(source: str, folder: str) -> None:
    """A store of a file."""
    convert([Path(source)], Path(folder))
    told({})


if __name__ == "__main__":
    {"find": find, "tell": tell, "convert": converted}[sys.argv[1]](*sys.argv[2:])
