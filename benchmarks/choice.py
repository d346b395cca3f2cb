"""Exact values of packages a second: compiled, in numpy, in plain Python, and under the EMA workbench.

    python benchmarks/choice.py [ROUNDS]

Worlds are drawn from the neutral set of priors, as many for each way as take it some seconds; every
world meets the same packages, and each value is six outcomes against an adversary that looks ahead. The workbench runs
the plain model, and ours asked for one value at a time, in an environment of its own under build/. Start-up, imports
and compiling are not counted. Ways take turns; the median of the rounds. Values a second of processor time of all
processes and threads together, which other work on the machine disturbs least, and of wall time. The script stops where
answers differ by more than a billionth.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dualtrack.api import open_record
from dualtrack.choice.constant import constant
from dualtrack.choice.package import PACKAGES, as_array
from dualtrack.choice.parameters import Floats
from dualtrack.choice.priors import NEUTRAL, priors
from dualtrack.choice.ranges import ranges
from dualtrack.choice.sampling import sample
from dualtrack.choice.verification.plain import plain

HERE = Path(__file__).parent
PEER = ("ema-workbench==2.5.3", "numba==0.68.1")
SOME = PACKAGES[::4]
Took = tuple[float, float]


def workbench() -> Path:
    """The interpreter of the workbench's environment, made on first use."""
    folder = HERE.parent / "build" / f"bench-{PEER[0].replace('==', '-')}"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEER], check=True)
    return python


def under_workbench(engine: str, processes: int) -> Callable[[Floats], tuple[Floats, Took]]:
    """Runs the peer on worlds."""

    def ran(worlds: Floats) -> tuple[Floats, Took]:
        with tempfile.TemporaryDirectory() as name:
            source, target = Path(name) / "in.npz", Path(name) / "out.npz"
            np.savez(source, worlds=worlds, packages=as_array(SOME))
            command = [workbench(), HERE / "peers" / "choice_in_ema.py", engine, str(processes), source, target]
            path = {**os.environ, "PYTHONPATH": str(HERE.parent / "src")}
            said = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, env=path).stdout
            cpu, wall = json.loads(said.splitlines()[-1])
            return np.load(target)["found"], (cpu, wall)

    return ran


def here(solve: Callable[[Floats], Floats]) -> Callable[[Floats], tuple[Floats, Took]]:
    """Runs a function on worlds."""

    def ran(worlds: Floats) -> tuple[Floats, Took]:
        cpu, wall = time.process_time(), time.perf_counter()
        found = solve(worlds)
        return found, (time.process_time() - cpu, time.perf_counter() - wall)

    return ran


def in_plain(worlds: Floats) -> Floats:
    """One value after the other."""
    return np.array([[plain(world, package) for package in SOME] for world in worlds])


# what, worlds, how; the first is what the others are compared with
WAYS: tuple[tuple[str, int, Callable[[Floats], tuple[Floats, Took]]], ...] = (
    ("compiled, 1 thread", 200_000, here(lambda worlds: constant(worlds, SOME, "compiled", 1))),
    ("compiled, 2 threads", 200_000, here(lambda worlds: constant(worlds, SOME, "compiled", 2))),
    ("numpy", 2_000, here(lambda worlds: constant(worlds, SOME, "numpy"))),
    ("plain Python", 40, here(in_plain)),
    ("EMA workbench, plain Python", 40, under_workbench("plain", 1)),
    ("EMA workbench, plain Python, 2 processes", 80, under_workbench("plain", 2)),
    ("EMA workbench, our numpy a value at a time", 150, under_workbench("numpy", 1)),
    ("EMA workbench, our compiled code a value at a time", 150, under_workbench("compiled", 1)),
)


def main(rounds: int) -> None:
    """Prints the table."""
    box = ranges(open_record()).replaced(priors(NEUTRAL).ranges)
    worlds = sample(box, max(number for _, number, _ in WAYS), 7, method="random")
    expected = constant(worlds, SOME, "compiled")
    took: dict[str, list[Took]] = {name: [] for name, _, _ in WAYS}
    for _ in range(rounds):
        for name, number, way in WAYS:
            found, seconds = way(worlds[:number])
            if not np.allclose(found, expected[:number], rtol=1e-9, atol=1e-13):
                raise SystemExit(f"{name}: another answer")
            took[name].append(seconds)
    print(f"| a world and one of {len(SOME)} packages | values | a second of processor | a second of wall | ratio |")
    print("| --- | ---: | ---: | ---: | ---: |")
    best = 0.0
    for name, number, _ in WAYS:
        cpu, wall = (number * len(SOME) / statistics.median(column) for column in zip(*took[name], strict=True))
        best = best or cpu
        print(f"| {name} | {number * len(SOME):,} | {cpu:,.0f} | {wall:,.0f} | {best / cpu:,.1f} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
