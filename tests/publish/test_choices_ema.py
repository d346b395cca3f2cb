"""A run exported for the EMA workbench: one row for each world and package, outcomes in the same order, same bytes."""

import csv
import io
import json
import tarfile
from pathlib import Path

import numpy as np

from dualtrack.api import open_record
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.parameters import NAMES
from dualtrack.choice.run import explore
from dualtrack.choice.scenario import read_scenario
from dualtrack.publish.choices.ema import write_ema


def test_experiments_and_outcomes_are_those_of_the_run(tmp_path: Path) -> None:
    record = open_record("2026-11-25")
    scenario = read_scenario("2025", record)
    run = explore(scenario, record, 16, 7, tmp_path / "run")
    write_ema(run, scenario, tmp_path / "one.tar.gz")
    write_ema(run, scenario, tmp_path / "two.tar.gz")
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()
    with tarfile.open(tmp_path / "one.tar.gz", "r:gz") as archive:
        files = {name: archive.extractfile(name).read().decode() for name in archive.getnames()}  # type: ignore[union-attr]
    about = json.loads(files["metadata.json"])
    rows = list(csv.DictReader(io.StringIO(files["experiments.csv"])))
    assert list(about["experiments"]) == list(rows[0])
    assert len(rows) == 16 * len(scenario.packages)
    found = {name: [float(line) for line in files[file].split()] for _, name, file in about["outcomes"]}
    assert list(found) == list(OUTCOMES)
    by_name = {one.name: run.of(one.package) for one in scenario.packages}
    for number, row in enumerate(rows):
        world = int(row["scenario"])
        assert [float(row[name]) for name in NAMES] == run.worlds[scenario.priors][world].tolist()
        own = run.outcomes[scenario.priors][world, by_name[row["policy"]]]
        np.testing.assert_array_equal([found[name][number] for name in OUTCOMES], own)
