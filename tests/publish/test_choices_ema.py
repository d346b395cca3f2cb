"""A run exported for the EMA workbench: one row for each world and package, outcomes in the same order, same bytes."""

import csv
import io
import json
import tarfile
import time
from pathlib import Path

import numpy as np
import pytest

from dualtrack.api import open_record
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.parameters import NAMES
from dualtrack.choice.run import explore
from dualtrack.choice.scenario import packaged_scenarios, read_scenario
from dualtrack.publish.choices.ema import write_ema


@pytest.mark.parametrize("name", sorted(packaged_scenarios()))  # one has packages with a comma in their names
def test_experiments_and_outcomes_are_those_of_the_run(tmp_path: Path, name: str) -> None:
    record = open_record("2026-11-25")
    scenario = read_scenario(name, record)
    run = explore(scenario, record, 16, 7, tmp_path / "run")
    write_ema(run, scenario, tmp_path / "one.tar.gz")
    with tarfile.open(tmp_path / "one.tar.gz", "r:gz") as archive:
        files = {name: archive.extractfile(name).read().decode() for name in archive.getnames()}  # type: ignore[union-attr]
    about = json.loads(files["metadata.json"])
    rows = list(csv.DictReader(io.StringIO(files["experiments.csv"])))
    assert list(about["experiments"]) == list(rows[0])
    assert len(rows) == 16 * len(scenario.packages)
    found = {name: [float(line) for line in files[file].split()] for _, name, file in about["outcomes"]}
    assert list(found) == list(OUTCOMES)
    by_name = {one.name: run.of(one.package) for one in scenario.packages}
    policies = [(int(row["scenario"]), row["policy"]) for row in rows]
    assert policies == [(world, one.name) for world in range(16) for one in scenario.packages]
    for number, row in enumerate(rows):
        world = int(row["scenario"])
        assert [float(row[name]) for name in NAMES] == run.worlds[scenario.priors][world].tolist()
        levels = next(one.package for one in scenario.packages if one.name == row["policy"])
        assert tuple(float(row[lever]) for lever in levels._fields) == levels and row["model"] == "dualtrack"
        own = run.outcomes[scenario.priors][world, by_name[row["policy"]]]
        np.testing.assert_array_equal([found[name][number] for name in OUTCOMES], own)


def test_the_same_run_gives_the_same_bytes_whenever_and_whoever_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = open_record("2026-11-25")
    scenario = read_scenario("2025", record)
    run = explore(scenario, record, 4, 7, tmp_path / "run")
    write_ema(run, scenario, tmp_path / "one.tar.gz")
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    write_ema(run, scenario, tmp_path / "two.tar.gz")
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()
    assert (tmp_path / "one.tar.gz").read_bytes()[4:8] == bytes(4), "the time in the header of gzip"
    with tarfile.open(tmp_path / "one.tar.gz", "r:gz") as archive:
        for entry in archive.getmembers():
            assert (entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname) == (0, 0, 0, "", ""), entry.name
