"""A run as experiments and outcomes, in the file that ``load_results`` of the EMA workbench (2.5 and later) reads.

One experiment for each world of the scenario's priors and each package compared; ``policy`` names the package. Those of
one world stand together, which makes the archive a quarter as large. The same run gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
from pathlib import Path

from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import NAMES
from dualtrack.choice.run import Run
from dualtrack.choice.scenario import Scenario
from dualtrack.core.wholefile import write_whole


def write_ema(run: Run, scenario: Scenario, path: Path) -> None:
    """Writes the archive.

    Args:
        run: the run.
        scenario: whose priors and packages are exported.
        path: of the archive, such as results.tar.gz.

    Raises:
        BadInput: it cannot be written.
    """
    worlds, outcomes = run.worlds[scenario.priors], run.outcomes[scenario.priors]
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*NAMES, *Package._fields, "scenario", "policy", "model"])
    for number, world in enumerate(worlds.tolist()):
        written = ",".join(map(repr, world))
        for named in scenario.packages:
            out.write(f"{written},")
            table.writerow([*named.package, number, named.name, "dualtrack"])
    kinds = dict.fromkeys([*NAMES, *Package._fields], "float64")
    about = {
        "version": 0.1,
        "outcomes": [["ScalarOutcome", name, f"{name}.csv"] for name in OUTCOMES],
        "experiments": {**kinds, "scenario": "int64", "policy": "object", "model": "object"},
    }
    files = {"experiments.csv": out.getvalue()}
    found = outcomes[:, [run.of(named.package) for named in scenario.packages]].reshape(-1, len(OUTCOMES))
    for name, values in zip(OUTCOMES, found.T, strict=True):
        files[f"{name}.csv"] = "".join(f"{value!r}\n" for value in values.tolist())
    files["metadata.json"] = json.dumps(about)
    write_whole(path, _packed(files))


def _packed(files: dict[str, str]) -> bytes:
    """A tar.gz without times or owners."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, text in files.items():
            data = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()
