"""Close encounters in real tracks: how many there are in each sample, with their flags, and how long `traffic` takes.

    python benchmarks/encounters_samples.py DATA [MINUTES]

DATA is a folder with `tracks/`: parts of OpenSky's, ADS-B Exchange's and NOAA's files, whose terms do not let us pass
them on. Every sample is converted and searched, and every encounter is held against its raw reports. Beside them
stands what other code found in the same files, by nearly the same rules. Then `traffic`, in an environment of its own
under build/, finds the closest points of approach of some minutes of one sample, and so does ours, in compiled and in
plain code: processor seconds of the search alone, and of the process.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
from encounters import HERE, LIMITS, OTHER, OURS, pairs, run
from inputs.sky import sky, write

from dualtrack.api import open_record
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.encounter import HIDDEN
from dualtrack.tracks.search import search
from dualtrack.tracks.store import convert

NEEDS_DATA = "tracks whose terms do not let us pass them on"
TRAFFIC = ("traffic==2.13", "pandas<3")
FILE = "opensky_switzerland_20180801.parquet"
NOON = 1_533_124_800  # 2018-08-01, 12:00 UTC
MILE = 1852.0

# file, what is asked, and what other code found there (episodes)
SAMPLES: tuple[tuple[str, Asked, str], ...] = (
    ("adsbx_blackrock_20230830", Asked(0.3 * MILE, 400.0), "8"),
    ("adsbx_montereybay_20250601", Asked(0.3 * MILE, 400.0), "13, of ICAO addresses alone 5"),
    (FILE.removesuffix(".parquet"), Asked(), ""),
    (FILE.removesuffix(".parquet"), Asked(max_gap_s=120.0), "170"),
    (FILE.removesuffix(".parquet"), Asked(MILE, 500.0), "0"),
    ("opensky_inflight_refuelling", Asked(), ""),
    ("noaa_ais_20220103_west", Asked(500.0, profile="sea"), ""),
)


def counted(folder: Path) -> None:
    """The encounters of every sample."""
    record = open_record()
    print("| sample | limits | reports | dropped | episodes | shown | flags | unsound | undecided | others found |")
    print("| --- | --- | ---: | ---: | ---: | ---: | --- | ---: | --- | --- |")
    for name, asked, others in SAMPLES:
        with tempfile.TemporaryDirectory() as made:
            store = convert([folder / f"{name}.parquet"], Path(made) / "store")
            found = search(store, asked, record, verify=True)
        flags = Counter(flag for one in found.encounters for flag in one.flags)
        shown = sum(not HIDDEN & set(one.flags) for one in found.encounters)
        high = "" if asked.profile == "sea" else f", {asked.vertical_ft:,.0f} ft"
        gap = f", gap {asked.max_gap_s:.0f} s" if asked.max_gap_s else ""
        told = ", ".join(f"{flag} {count}" for flag, count in sorted(flags.items()))
        open_ = ", ".join(f"{why} {count}" for why, count in found.undecided.items())
        row = f"{found.reports:,} | {sum(found.dropped.values()):,} | {len(found.encounters)} | {shown} | {told}"
        limits = f"{asked.horizontal_m / MILE:.2g} NM{high}{gap}"
        print(f"| {name} | {limits} | {row} | {len(found.unsound or ())} | {open_} | {others} |", flush=True)
    print()


def traffic() -> Path:
    """The interpreter of the library's environment, made on first use."""
    folder = HERE.parent / "build" / f"bench-{TRAFFIC[0].replace('==', '-')}"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *TRAFFIC], check=True)
    return python


def cut(source: Path, target: Path, minutes: int) -> int:
    """Some minutes from noon, without reports that lack a position or height; how many reports."""
    until = NOON + 60 * minutes
    duckdb.execute(
        f"COPY (SELECT * FROM read_parquet(?) WHERE t >= {NOON} AND t < {until} AND lat IS NOT NULL "
        f"AND lon IS NOT NULL AND alt_baro_ft IS NOT NULL ORDER BY icao24, t) TO '{target}' (FORMAT parquet)",
        [str(source)],
    )
    (rows,) = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [str(target)]).fetchone() or (0,)
    return int(rows)


def beside(folder: Path, minutes: int) -> None:
    """Ours and `traffic` on the same reports."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        source, store, target = work / "cut.parquet", work / "store", work / "found.npz"
        rows = cut(folder / FILE, source, minutes)
        run(sys.executable, OURS, "convert", source, store)
        own: dict[str, dict[str, Any]] = {}
        found = {}
        write(work / "other.parquet", sky(*OTHER))
        run(sys.executable, OURS, "convert", work / "other.parquet", work / "other")
        for way, times in (("compiled", 9), ("plain", 0)):
            between = (work / "other", times) if times else ("", 0)
            own[way] = run(sys.executable, OURS, "find", store, target, 1, *LIMITS, *between, way)
            found[way] = pairs(target)
        told = run(sys.executable, OURS, "tell", store, work, *LIMITS, 60 * minutes)
        start = time.perf_counter()
        said = run(traffic(), HERE / "peers" / "encounters_in_traffic.py", source, target, *LIMITS)
        took, others = time.perf_counter() - start, pairs(target)
    exact = found["plain"]
    print(
        f"| {rows:,} reports, {minutes} minutes from noon | pairs | alone, CPU ms | process, CPU s | traffic, ratio |"
    )
    print("| --- | ---: | ---: | ---: | ---: |")
    row = f"{len(others)}, {len(others & exact)} of them ours | {1000 * said['cpu']:,.0f} | {said['process']:.1f}"
    print(f"| {TRAFFIC[0].replace('==', ' ')}, {took:.0f} s of wall time | {row} | |")
    for way, one in own.items():
        alone = statistics.median(one["again"] or [one["cpu"]])
        row = f"{len(found[way])} | {1000 * alone:,.2f} | {one['process']:.1f} | {said['cpu'] / alone:,.0f}"
        print(f"| dualtrack, {way} code | {row} |")
    row = f"{1000 * told['whole']:,.0f} | {told['process']:.1f} | {said['cpu'] / told['whole']:,.0f}"
    print(f"| dualtrack, a search with {told['encounters']} encounters described | | {row} |")


def main(data: str, minutes: str = "30") -> None:
    """Prints the tables."""
    folder = Path(data) / "tracks"
    counted(folder)
    beside(folder, int(minutes))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(*sys.argv[1:3])
