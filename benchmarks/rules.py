"""How long rules take over many exercises and many variants of their levels, beside two rules engines and pandas.

    python benchmarks/rules.py [ROWS] [VARIANTS] [RUNS]

Invented exercises with exact figures, the five rules of the Vienna Document 2011, the levels of troops varied: the
same inputs for all, and the same answers, which is checked for every exercise and variant. Ours gives three-valued
answers; the others know yes and no only, so a last line shows ours where figures are ranges and codes are missing.
Each engine runs in a process and an environment of its own under build/, in turn, and start-up, imports and reading
the input are not counted; its setting up of a simulation or a table stands apart. Then, how ours grows with the rows,
and what it takes over the packaged record. Seconds of processor time, which other work on the machine disturbs least
(every engine uses one core), the median of the runs; of a whole process the wall time.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from dualtrack.api import open_record
from dualtrack.instruments.activities import VOCABULARY, activity, as_columns
from dualtrack.instruments.columns import Codes, Column, Columns, Numbers
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.outcomes import outcomes
from dualtrack.instruments.rule import OUTCOMES
from dualtrack.instruments.verdicts import parts_of, verdicts

PEERS = {
    "openfisca_core": ("openfisca-core==46.0.1", "rules_of_vienna.py"),
    "policyengine_core": ("policyengine-core==3.33.12", "rules_of_vienna.py"),
    "pandas": ("pandas==3.1.1", "rules_in_pandas.py"),
}
HERE = Path(__file__).parent
BUILD = HERE.parent / "build"
HIGHEST = {"tanks": 400, "acvs": 800, "armour_combined": 900, "artillery": 400, "landing_troops": 5000, "hours": 300}
FIVE = instrument("vienna_document")[-1]
ROUNDS = 3


def peer(requirement: str) -> Path:
    """The interpreter of an engine's environment, made on first use."""
    folder = BUILD / f"bench-{requirement.replace('==', '-')}"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", requirement], check=True)
    return python


def invented(rows: int, ranges: bool = False) -> dict[str, Column]:
    """Exercises: troops lognormal around 6,600, of every other figure four in five are zero."""
    random = np.random.default_rng(1)
    figures = {"troops": np.round(random.lognormal(8.8, 1, rows))}
    for name, highest in HIGHEST.items():
        figures[name] = np.floor(random.random(rows) * highest) * (random.random(rows) < 0.2)
    columns: dict[str, Column] = {
        name: Numbers(np.round(0.8 * high), high) if ranges else Numbers.exactly(high) for name, high in figures.items()
    }
    for name, words in VOCABULARY.items():
        if isinstance(words, tuple):
            places = random.integers(-1 if ranges else 0, len(words), rows).astype(np.int16)
            columns[name] = Codes(places, words)
    return columns


def varied(variants: int) -> dict[tuple[str, str], np.ndarray]:
    """Levels of troops from 1,000 to 20,000 to notify, and 4,000 above to observe."""
    level = np.linspace(1000, 20_000, variants)[:, None]
    return {
        ("notification_land", "troops_level"): level,
        ("notification_transfer", "troops_level"): level,
        ("observation_land", "troops_level"): level + 4000,
    }


def seconds(run: Callable[[], object], runs: int, clock: Callable[[], float] = time.process_time) -> list[float]:
    """What each of the runs took."""
    found = []
    for _ in range(runs):
        start = clock()
        run()
        found.append(clock() - start)
    return found


def sure(columns: Columns, levels: dict[tuple[str, str], np.ndarray]) -> dict[str, np.ndarray]:
    """Where each outcome is surely yes, for every variant and row."""
    return {outcome: answer.surely for outcome, answer in outcomes(FIVE, columns, levels).items()}


def beside(rows: int, variants: int, runs: int) -> None:
    """Ours and the engines, in turn; stops where an answer differs."""
    columns, levels = invented(rows), varied(variants)
    expected = sure(columns, levels)
    ours: list[float] = []
    theirs: dict[str, dict[str, list[float]]] = {name: {"setting_up": [], "answering": []} for name in PEERS}
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "in.npz", Path(name) / "out.npz"
        given = {n: c.low if isinstance(c, Numbers) else c.places for n, c in columns.items() if n != "domain"}
        troops = {f"{kind}_levels": levels[f"{kind}_land", "troops_level"] for kind in ("notification", "observation")}
        np.savez(source, **given, **{n: level.ravel() for n, level in troops.items()})
        for _ in range(ROUNDS):
            ours += seconds(lambda: sure(columns, levels), runs)
            for engine, (requirement, script) in PEERS.items():
                command = [peer(requirement), HERE / "peers" / script, engine, source, target, str(runs)]
                said = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout
                for what, took in json.loads(said.splitlines()[-1]).items():
                    theirs[engine][what] += took
                answers = np.load(target)
                for outcome in OUTCOMES:
                    if not np.array_equal(answers[outcome], expected[outcome]):
                        raise SystemExit(f"{engine}: another answer on {outcome}")
    own = statistics.median(ours)
    title = f"{rows:,} exercises x {variants} variants, five rules"
    print(f"| {title} | set up, s | answer, s | answer, ratio | both, ratio |")
    print("| --- | ---: | ---: | ---: | ---: |")
    print(f"| dualtrack | 0 | {own:.3f} | 1 | 1 |")
    for engine, (requirement, _) in PEERS.items():
        up, answer = (statistics.median(theirs[engine][what]) for what in ("setting_up", "answering"))
        ratios = f"{answer / own:.1f} | {(up + answer) / own:.1f}"
        print(f"| {requirement.replace('==', ' ')} | {up:.3f} | {answer:.3f} | {ratios} |")
    ranges = invented(rows, ranges=True)
    took = statistics.median(seconds(lambda: sure(ranges, levels), runs))
    print(f"| dualtrack, ranges and missing codes | 0 | {took:.3f} | | |\n", flush=True)


def growth(variants: int, runs: int) -> None:
    """Ours over more and more rows."""
    print(f"| exercises, {variants} variants | s | ns per exercise and variant |\n| ---: | ---: | ---: |")
    for rows in (100_000, 300_000, 1_000_000, 3_000_000):
        columns, levels = invented(rows), varied(variants)
        took = statistics.median(seconds(partial(sure, columns, levels), runs))
        print(f"| {rows:,} | {took:.3f} | {1e9 * took / rows / variants:.2f} |", flush=True)
    print()


def over_the_record(runs: int) -> None:
    """What a slider and a table of verdicts take over the packaged record."""
    record, series = open_record(), instrument("vienna_document")
    rows, parts = record.rows("exercises"), parts_of(record)

    def slider() -> None:
        columns = as_columns([activity(row, parts.get(row.id, []), "announced") for row in rows])
        outcomes(FIVE, columns, varied(40))

    def shown(what: str, found: list[float]) -> None:
        print(f"| {what} | {1000 * statistics.median(found):.1f} |", flush=True)

    command = [sys.executable, "-m", "dualtrack", "check", "exercises"]
    print(f"| over the record, {len(rows)} exercises | ms |\n| --- | ---: |")
    shown("40 variants of the levels of troops, columns built", seconds(slider, 5 * runs))
    shown("verdicts on every basis with what decided each", seconds(lambda: verdicts(record, series), runs))
    whole = partial(subprocess.run, command, check=True, stdout=subprocess.DEVNULL)
    shown("`dualtrack check exercises`, the whole process, wall time", seconds(whole, runs, time.perf_counter))


def main(rows: int, variants: int, runs: int) -> None:
    """Prints the tables."""
    beside(rows, variants, runs)
    growth(variants, runs)
    over_the_record(runs)


if __name__ == "__main__":
    main(*(int(text) for text in (sys.argv[1:] + ["1000000", "20", "5"][len(sys.argv) - 1 :])[:3]))
