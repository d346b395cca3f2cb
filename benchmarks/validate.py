"""How long a table of 100,000 rows takes to validate, beside `frictionless validate` on the same file.

    python benchmarks/validate.py [ROWS] [RUNS]

The rows are those of the packaged `exercises`, repeated under new ids; in the second file one row in a thousand has a
date that does not exist. Ours checks cells, ids, bounds, spans and references to sources; frictionless checks cells
and ids by a Table Schema made from the same columns. Each run is a process of its own, the two take turns, and the
wall time and peak memory of the whole process count. Frictionless gets an environment of its own under build/.
"""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path

from dualtrack.record.schema import FieldSpec, TableSpec, schemas
from dualtrack.record.store import packaged

FRICTIONLESS = "5.21.0"
TABLE = "exercises"
PEER = Path(__file__).parents[1] / "build" / f"bench-frictionless-{FRICTIONLESS}"
DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"


def peer() -> Path:
    """The frictionless command, installed on first use."""
    command = PEER / "bin" / "frictionless"
    if not command.exists():
        venv.create(PEER, with_pip=True, clear=True)
        pip = [str(PEER / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"frictionless=={FRICTIONLESS}"], check=True)
    return command


def write_rows(path: Path, rows: int, every: int = 0) -> None:
    """The packaged rows repeated; every so many has a date that does not exist."""
    with (packaged() / f"{TABLE}.csv").open(encoding="utf-8", newline="") as handle:
        header, *ours = csv.reader(handle)
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(header)
        for number in range(rows):
            row = list(ours[number % len(ours)])
            row[0] = f"bench-{number}"
            if every and number % every == 0:
                row[header.index("start")] = "2015-13"
            out.writerow(row)


def table_schema(spec: TableSpec) -> dict[str, object]:
    """The Table Schema of a table, as far as it can say what ours says."""
    return {"fields": [_field(field) for field in spec.fields], "primaryKey": list(spec.key)}


def _field(field: FieldSpec) -> dict[str, object]:
    constraints: dict[str, object] = {"required": True} if field.required else {}
    if field.type == "code" and field.values:
        constraints["enum"] = list(field.values)
    if field.type == "date":
        constraints["pattern"] = DATE
    type_ = field.type if field.type in ("integer", "number") else "string"
    return {"name": field.name, "type": type_, "constraints": constraints}


def run(command: Sequence[str | Path], folder: Path, expected: int) -> tuple[float, float]:
    """Seconds and peak megabytes of a command in a folder, which must end with the code expected."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], cwd=folder, stdout=out, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != expected:
            out.seek(0)
            raise SystemExit(f"{command}: {process.returncode}\n{out.read().decode()[-2000:]}")
    return seconds, used.ru_maxrss / 1024


def main(rows: int, runs: int) -> None:
    """Prints the table."""
    command = peer()
    print(f"| {rows:,} rows of {TABLE}, {runs} runs | dualtrack | frictionless {FRICTIONLESS} | ratio |")
    print("| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        schema = folder / "schema.json"
        schema.write_text(json.dumps(table_schema(schemas()[TABLE])), "utf-8")
        for what, every in (("no fault", 0), ("a fault in 1 row of 1,000", 1000)):
            path = folder / f"{TABLE}.csv"
            write_rows(path, rows, every)
            ours: list[tuple[float, float]] = []
            theirs: list[tuple[float, float]] = []
            expected = 1 if every else 0
            for _ in range(runs):
                ours.append(run([sys.executable, "-m", "dualtrack", "know", "validate", path.name], folder, expected))
                theirs.append(
                    run(
                        [command, "validate", path.name, "--schema", schema.name, "--limit-errors", "10000"],
                        folder,
                        expected,
                    )
                )
            for unit, at, shown in (("seconds", 0, ".1f"), ("MB at most", 1, ",.0f")):
                a, b = (statistics.median(used[at] for used in both) for both in (ours, theirs))
                print(f"| {what}, {unit} | {a:{shown}} | {b:{shown}} | {b / a:.1f} |", flush=True)


if __name__ == "__main__":
    main(*(int(text) for text in (sys.argv[1:] + ["100000", "3"][len(sys.argv) - 1 :])[:2]))
