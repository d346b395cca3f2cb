"""Close encounters in tracks: ours beside a self-join in DuckDB and scipy's k-d trees, on the same invented sky.

    python benchmarks/encounters.py [AIRCRAFT] [ROUNDS] [HOURS]

An hour of global traffic (`inputs/sky.py`), 5 nautical miles and 1,000 ft. Ours reads it from its track store, which is
made once, and that is measured apart; the others read the Parquet file. They look at moments a step apart, so their
recall is told with their time, against the exact pairs: in a part of the sky those of `tracks/pairwise.py`, which
knows no index, and over the whole earth ours, which are the same there. Every run is a process of its own, in turn;
processor seconds with start-up, and of the search alone. Then the stages of ours, its growth with the density of the
traffic, with two processes, and what describing an encounter takes. Medians of the rounds. The script stops where ours
and the plain code differ. With HOURS, only ours over so many hours, which takes 15 seconds an hour to make.
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
from pathlib import Path
from typing import Any

import numpy as np
from inputs.sky import START_MS, sky, write

from dualtrack.tracks.asked import Asked
from dualtrack.tracks.encounter import Report
from dualtrack.tracks.packing import identity, identity_text
from dualtrack.tracks.pairwise import Knot, Piece, cleaned, divided, encounters_of

HERE = Path(__file__).parent
PEER = ("scipy==1.17.1", "duckdb==2.0.1", "pyarrow==26.0.1", "numpy==2.4.6")
OURS, THEIRS = HERE / "peers" / "encounters_in_dualtrack.py", HERE / "peers" / "encounters_in_slices.py"
LIMITS = ("9260", "1000")
GAP_S = "60"
PART = (42.0, 53.0, 0.0, 18.0)  # south, north, west, east
PART_MINUTES = 10
STEPS, FINE_STEPS = (10.0, 2.0), (10.0, 2.0, 1.0)  # seconds; over the whole earth, and in a part
DENSITIES = ((0.25, 240), (1.0, 60), (4.0, 15))  # times the aircraft, and minutes, so that reports stay as many
OTHER = (80, 300)  # aircraft and minutes of the store that is searched in between: five hours worth compiling for
TIMES = 7

Said = dict[str, Any]
Pairs = set[tuple[int, int]]


def peers() -> Path:
    """The interpreter of the others' environment, made on first use."""
    folder = HERE.parent / "build" / f"bench-{PEER[0].replace('==', '-')}"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEER], check=True)
    return python


def run(*command: object) -> Said:
    """What a process printed, with its processor seconds, those of its own processes included, and of wall time."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (out, errors):
            stream.seek(0)
        if process.returncode:
            raise SystemExit(f"{command}: {process.returncode}\n{errors.read().decode()[-2000:]}")
        said: Said = json.loads(out.read().decode().splitlines()[-1])
    return {**said, "process": usage.ru_utime + usage.ru_stime, "process_wall": wall}


def ours(store: Path, target: Path, workers: int = 1, *again: object) -> Said:
    """Ours on a store; with another store and a number, so often again (see the script)."""
    return run(sys.executable, OURS, "find", store, target, workers, *LIMITS, *again)


def theirs(engine: str, source: Path, target: Path, step: float) -> Said:
    """Another tool on a Parquet file, one thread."""
    return run(peers(), THEIRS, engine, source, target, step, *LIMITS, GAP_S, 1)


def pairs(path: Path) -> Pairs:
    """The pairs a run found, each in order."""
    return {(min(a, b), max(a, b)) for a, b in np.load(path)["pairs"].tolist()}


def plain(columns: dict[str, Any]) -> tuple[dict[tuple[int, int], list[Piece]], int]:
    """Every encounter by the plain code, and how many pairs it looked at: those whose boxes come within the limit."""
    limits = Asked(float(LIMITS[0]), float(LIMITS[1])).limits(identity("#0"))
    ways: dict[int, list[Knot]] = {}
    for who in np.unique(columns["id"]).tolist():
        reports = [
            Report(identity_text(identity(f"#{who}")), t, lat, lon, alt, None, None, "unknown")
            for t, lat, lon, alt in zip(
                *(columns[name][columns["id"] == who].tolist() for name in ("t", "lat", "lon", "alt")), strict=True
            )
        ]
        knots = divided(cleaned(reports, limits).knots)
        if len(knots) > 1:
            ways[who] = knots
    # boxes in time and space; 9,260 ms more do no harm
    boxes = [np.array([[knot.t * 1000, *knot.at] for knot in knots]) for knots in ways.values()]
    low, high = np.array([box.min(0) for box in boxes]), np.array([box.max(0) for box in boxes])
    reach = limits.horizontal_m
    found, looked, names = {}, 0, list(ways)
    for i, a in enumerate(names):
        near = ((low[i] <= high[i + 1 :] + reach) & (low[i + 1 :] <= high[i] + reach)).all(axis=1)
        for j in (np.flatnonzero(near) + i + 1).tolist():
            looked += 1
            if some := encounters_of(ways[a], ways[names[j]], limits):
                found[a, names[j]] = some
    return found, looked


def recall(folder: Path, columns: dict[str, Any]) -> None:
    """Everybody on a part of the sky beside the plain code."""
    south, north, west, east = PART
    inside = (columns["lat"] > south) & (columns["lat"] < north) & (columns["lon"] > west) & (columns["lon"] < east)
    inside &= columns["t"] < START_MS + PART_MINUTES * 60_000
    part = {name: column[inside] for name, column in columns.items()}
    source, store, target = folder / "part.parquet", folder / "part", folder / "part.npz"
    write(source, part)
    run(sys.executable, OURS, "convert", source, store)
    expected, looked = plain(part)
    episodes = sum(map(len, expected.values()))
    ours(store, target)
    held = np.load(target)
    got: dict[tuple[int, int], list[list[float]]] = {}
    for (a, b), row in zip(held["pairs"].tolist(), held["moments"].tolist(), strict=True):
        got.setdefault((a, b), []).append(row)
    worst = np.zeros(2)
    for pair, some in expected.items():
        mine = sorted(got.get(pair, []))
        if len(mine) != len(some):
            raise SystemExit(f"{pair}: plain code finds {len(some)}, the search {len(mine)}")
        for row, piece in zip(mine, some, strict=True):
            apart = max(abs(row[0] / 1000 - piece.t_in), abs(row[1] / 1000 - piece.t_out)), abs(row[3] - piece.h_m)
            worst = np.maximum(worst, apart)
    if set(got) != set(expected) or worst[0] > 0.02 or worst[1] > 0.01:
        raise SystemExit(f"the search and the plain code differ: {len(set(got) ^ set(expected))} pairs, by {worst}")
    title = f"{len(part['t']):,} reports of {len(np.unique(part['id'])):,} aircraft in a part of the sky"
    print(f"| {title}, {PART_MINUTES} minutes | pairs found of {len(expected):,} | found, percent | others |")
    print("| --- | ---: | ---: | ---: |")
    far = f"{episodes:,} episodes, apart by at most {worst[0] * 1000:.2g} ms and {worst[1] * 1000:.2g} mm"
    print(f"| plain code, {looked:,} pairs looked at | {len(expected):,} | | |")
    print(f"| dualtrack ({far}) | {len(expected):,} | 100.0 | 0 |")
    for engine in ("ckdtree", "duckdb"):
        for step in FINE_STEPS:
            theirs(engine, source, target, step)
            some = pairs(target)
            right = len(some & set(expected))
            row = f"{right:,} | {100 * right / len(expected):.1f} | {len(some - set(expected))}"
            print(f"| {engine}, slices of {step:g} s | {row} |", flush=True)
    print()


def beside(folder: Path, source: Path, store: Path, other: Path, rounds: int) -> None:
    """Everybody over the whole earth."""
    target = folder / "found.npz"
    ours(store, target)  # compiles, where this machine has not yet
    took: dict[str, list[Said]] = {}
    exact: Pairs = set()
    found: dict[str, tuple[int, int]] = {}
    for number in range(rounds):
        took.setdefault("dualtrack, 1 process", []).append(ours(store, target))
        exact = pairs(target)
        found["dualtrack, 1 process"] = len(exact), 0
        for engine in ("duckdb", "ckdtree"):
            for step in STEPS if number == 0 else STEPS[:1]:
                name = f"{engine}, slices of {step:g} s"
                took.setdefault(name, []).append(theirs(engine, source, target, step))
                some = pairs(target)
                found[name] = len(some & exact), len(some - exact)
    warm = ours(store, target, 1, other, TIMES)
    own = statistics.median(warm["again"])
    first = statistics.median(one["process"] for one in took["dualtrack, 1 process"])
    title = f"{warm['reports']:,} reports, {len(exact):,} pairs"
    print(f"| {title} | pairs found, percent | process, CPU s | ratio | search alone, CPU s | ratio | MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, some in took.items():
        whole, mb = (statistics.median(one[what] for one in some) for what in ("process", "mb"))
        alone = own if name.startswith("dualtrack") else statistics.median(one["cpu"] for one in some)
        share = 100 * found[name][0] / len(exact)
        row = f"{share:.1f} | {whole:.2f} | {whole / first:.1f} | {alone:.2f} | {alone / own:.1f} | {mb:,.0f}"
        print(f"| {name} | {row} |")
    start = statistics.median(one["process"] - one["cpu"] for one in took["dualtrack, 1 process"])
    once = statistics.median(one["cpu"] for one in took["dualtrack, 1 process"])
    print(f"\nOurs: {start:.2f} s to start (imports, loading compiled code), {once:.2f} s for the first search.\n")
    print("| stage of ours, once it has started | CPU s | ns a report |\n| --- | ---: | ---: |")
    rest = warm["timed"] - sum(warm["stages"].values())
    for name, spent in [*warm["stages"].items(), ("all else, decoding above all", rest)]:
        print(f"| {name} | {spent:.3f} | {1e9 * spent / warm['reports']:.0f} |")
    print(flush=True)


def growth(folder: Path, aircraft: int, other: Path) -> None:
    """Ours as the sky grows denser, the number of reports the same; and in two processes, where there are hours."""
    print("| aircraft at once | reports | episodes | CPU s | ns a report | of the first | two processes: wall | one |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    least = 0.0
    for factor, minutes in DENSITIES:
        source, store, target = folder / f"{factor}.parquet", folder / f"{factor}", folder / f"{factor}.npz"
        write(source, sky(round(aircraft * factor), minutes))
        run(sys.executable, OURS, "convert", source, store)
        source.unlink()
        said = ours(store, target, 1, other, TIMES)
        cpu = statistics.median(said["again"])
        each = 1e9 * cpu / said["reports"]
        least = least or each
        walls = f"{ours(store, target, 2)['wall']:.2f} s | {said['wall']:.2f} s" if minutes > 60 else "|"
        episodes = len(np.load(target)["pairs"])
        row = f"{said['reports']:,} | {episodes:,} | {cpu:.2f} | {each:.0f} | {each / least:.1f}"
        print(f"| {round(aircraft * factor):,} | {row} | {walls} |", flush=True)
    print()


def day(folder: Path, aircraft: int, hours: int) -> None:
    """Ours over many hours, each with flights of its own, in one process and in two."""
    store, target, source = folder / "day", folder / "day.npz", folder / "one.parquet"
    converting = 0.0
    for hour in range(hours):
        columns = sky(aircraft, 60, seed=hour + 1)
        columns["t"] += hour * 3_600_000
        columns["id"] += hour * 100_000
        write(source, columns)
        del columns
        converting += run(sys.executable, OURS, "convert", source, store)["process"]
    print(f"| {hours} hours | episodes | process, CPU s | wall s | search alone, CPU s | wall s | MB of a process |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for workers in (1, 2):
        said = ours(store, target, workers)
        episodes = len(np.load(target)["pairs"])
        spent = " | ".join(f"{said[what]:.1f}" for what in ("process", "process_wall", "cpu", "wall"))
        name = f"{said['reports']:,} reports, {workers} {'process' if workers == 1 else 'processes'}"
        print(f"| {name} | {episodes:,} | {spent} | {said['mb']:,.0f} |", flush=True)
    print(f"\nConverting took {converting:.0f} s of processor time.\n", flush=True)


def main(aircraft: int, rounds: int, hours: int) -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if hours:
            day(folder, aircraft, hours)
            return
        columns = sky(aircraft, 60)
        source, store = folder / "hour.parquet", folder / "hour"
        write(source, columns)
        made = run(sys.executable, OURS, "convert", source, store)
        other = folder / "other"
        write(folder / "other.parquet", sky(*OTHER))
        run(sys.executable, OURS, "convert", folder / "other.parquet", other)
        recall(folder, columns)
        del columns
        beside(folder, source, store, other, rounds)
        growth(folder, aircraft, other)
        told = run(sys.executable, OURS, "tell", store, folder, *LIMITS, 60)
        sizes = source.stat().st_size / 1e6, sum(path.stat().st_size for path in store.rglob("*.parquet")) / 1e6
        print("| once | CPU s | |\n| --- | ---: | --- |")
        into = f"{sizes[0]:.0f} MB to {sizes[1]:.0f}, {made['mb']:,.0f} MB of memory"
        print(f"| the hour into a store | {made['process']:.1f} | {into} |")
        each = 1000 * told["tell"] / told["encounters"]
        told_of = f"{told['encounters']:,} encounters of the first minute described"
        print(f"| {told_of} | {told['tell']:.1f} | {each:.1f} ms each |")


if __name__ == "__main__":
    main(*(int(text) for text in (sys.argv[1:] + ["10600", "3", "0"][len(sys.argv) - 1 :])[:3]))
