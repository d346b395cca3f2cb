"""Encounters by dualtrack, from a track store, in a process of its own.

    python encounters_in_dualtrack.py find STORE OUTPUT.npz WORKERS HORIZONTAL_M VERTICAL_FT TIMES [compiled | plain]
    python encounters_in_dualtrack.py tell STORE RUNS HORIZONTAL_M VERTICAL_FT
    python encounters_in_dualtrack.py convert INPUT.parquet STORE

Run by `benchmarks/encounters.py`. `find` is what other tools do too: pairs, with exact times and distances; in whatever
code the search chooses, or in that which is named. `tell` is a search as the command does it, which also describes each
encounter, and once more with the hours' results kept. Prints one line of JSON with processor seconds.
"""

from __future__ import annotations

import json
import os
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
from dualtrack.tracks.store import COLUMNS, Store, convert


def used() -> float:
    """Processor seconds of this process and of those it has ended."""
    return sum(os.times()[:4])


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


def find(folder: str, target: str, workers: str, horizontal: str, vertical: str, times: str, code: str = "") -> None:
    """The pieces of all hours; more than once, so that all but the first find compiled code and memory ready."""
    store, asked = Store(Path(folder)), Asked(float(horizontal), float(vertical))
    if code:
        nearby.BUSY = 0 if code == "compiled" else sys.maxsize
    said: dict[str, Any] = {"ready": took(lambda: prepare(store, asked))[1]}
    shards: dict[int, tuple[Any, ...]] = {hour: (str(store.folder), hour, asked) for hour in store.hours}

    def searched() -> Pieces:
        place = Processes(int(workers)) if int(workers) > 1 else Here()
        results = dict(place.run(nearby.contacts, shards))
        return together([Pieces.from_bytes(results[hour]) for hour in sorted(results)])

    walls = []
    said["cpu"] = []
    for _ in range(int(times)):
        start = time.perf_counter()
        found, cpu = took(searched)
        walls.append(time.perf_counter() - start)
        said["cpu"].append(cpu)
    said["wall"] = min(walls)
    said["reports"] = sum(hour.rows for hour in store.manifest.hours.values())
    if int(times) > 1 and not code:
        said["read"] = took(lambda: [store.read(hour, list(COLUMNS)) for hour in store.hours])[1]
        spent: dict[str, float] = {}
        with timed(spent):
            said["timed"] = took(searched)[1]
        said["stages"] = spent
    np.savez(target, pairs=found.pairs & 0xFFFFFF, moments=found.moments)
    print(json.dumps(said))


def tell(folder: str, runs: str, horizontal: str, vertical: str) -> None:
    """A whole search, and another that finds the hours' results."""
    store, asked, record = Store(Path(folder)), Asked(float(horizontal), float(vertical)), open_record()
    with tempfile.TemporaryDirectory(dir=runs) as kept:
        found, whole = took(lambda: search(store, asked, record, folder=Path(kept)))
        again = took(lambda: search(store, asked, record, folder=Path(kept)))[1]
    print(json.dumps({"whole": whole, "tell": again, "encounters": len(found.encounters)}))


def converted(source: str, folder: str) -> None:
    """A store of a file."""
    convert([Path(source)], Path(folder))
    print("{}")


if __name__ == "__main__":
    {"find": find, "tell": tell, "convert": converted}[sys.argv[1]](*sys.argv[2:])
