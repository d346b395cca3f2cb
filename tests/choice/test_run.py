"""Runs: the same bytes whatever happens on the way: kill -9, damage, more worlds, processes."""

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import distributed
import pytest

from dualtrack.api import open_record
from dualtrack.choice import run as runs
from dualtrack.choice.run import SHARD, explore, load, scenario_of
from dualtrack.choice.scenario import read_scenario
from dualtrack.core.errors import BadInput
from dualtrack.tracks.shards import Cluster, Processes

RECORD = open_record("2026-11-25")
SCENARIO = read_scenario("warsaw-2016", RECORD)
WORLDS = 3 * SHARD


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if not path.name.startswith(".")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "whole"
    explore(SCENARIO, RECORD, WORLDS, 7, folder)
    return folder


def test_a_run_tells_what_it_was(whole: Path) -> None:
    run = load(whole)
    assert run.about["priors"] == "neutral" and run.about["seed"] == 7 and len(run.about["parameters_sha256"]) == 64
    assert {name: len(own) for name, own in run.worlds.items()} == run.about["worlds"] and "neutral" in run.worlds
    for name, own in run.outcomes.items():
        assert own.shape == (len(run.worlds[name]), len(run.packages), 6)


def test_kill_nine_costs_at_most_a_shard(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    command = [
        sys.executable, "-m", "dualtrack", "choose", "explore", "warsaw-2016", "--worlds", str(WORLDS), "--seed", "7",
        "-o", str(folder),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while len(list(folder.glob("*.values"))) < 3 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    left = {name: data for name, data in files(folder).items() if name.endswith(".values")}
    assert len(left) >= 3
    with pytest.raises(BadInput, match="not finished"):
        load(folder)
    assert all(files(whole)[name] == data for name, data in left.items()), "what is there is whole"
    done: list[tuple[int, int]] = []
    explore(SCENARIO, RECORD, WORLDS, 7, folder, told=lambda *now: done.append(now))
    assert done[0][0] == len(left) * SHARD, "shards that were there are not made again"
    assert files(folder) == files(whole)


def test_a_longer_run_continues_a_shorter_one(whole: Path, tmp_path: Path) -> None:
    explore(SCENARIO, RECORD, SHARD // 2, 7, tmp_path / "run")
    explore(SCENARIO, RECORD, WORLDS, 7, tmp_path / "run")
    assert files(tmp_path / "run") == files(whole)


def test_processes_change_no_bit(whole: Path, tmp_path: Path) -> None:
    explore(SCENARIO, RECORD, WORLDS, 7, tmp_path / "run", Processes(2))
    assert files(tmp_path / "run") == files(whole)


def test_a_cluster_changes_no_bit(whole: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of event loops and ports in use, which are not ours
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster:
            place = Cluster(cluster.scheduler_address)
            explore(SCENARIO, RECORD, WORLDS, 7, tmp_path / "run", place)
            place.close()
    assert files(tmp_path / "run") == files(whole)


def test_a_damaged_shard_is_told_and_made_anew(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    for name, data in files(whole).items():
        (folder / name).write_bytes(data)
    victim = min(folder.glob("*.values"))
    victim.write_bytes(victim.read_bytes()[:-8] + bytes(8))
    with pytest.raises(BadInput, match="damaged"):
        load(folder)
    explore(SCENARIO, RECORD, WORLDS, 7, folder)
    assert files(folder) == files(whole)


def test_another_question_in_the_same_folder_is_refused(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="another seed"):
        explore(SCENARIO, RECORD, WORLDS, 8, whole)
    with pytest.raises(BadInput, match="another scenario"):
        explore(read_scenario("2025", RECORD), RECORD, WORLDS, 7, whole)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="not empty"):
        explore(SCENARIO, RECORD, 64, 7, tmp_path)
    with pytest.raises(BadInput, match="no run"):
        load(tmp_path)
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(BadInput, match="no file of a run"):
        load(tmp_path)


OWN = """title: Own
question: Which?
as_of: "2016-05-09"
chooser: A
sides: {A: {name: One}, B: {name: Other}}
priors: %s
"""
PRIORS = "title: Mine\nwhy: Because.\nranges: {trip: [0, 0.1]}\n"


def test_priors_of_ones_own_go_with_the_run(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(OWN % "mine.yml", "utf-8")
    (tmp_path / "mine.yml").write_text(PRIORS, "utf-8")
    explore(read_scenario(tmp_path / "own.yml", RECORD), RECORD, 64, 7, tmp_path / "run")
    (tmp_path / "mine.yml").unlink()
    assert scenario_of(tmp_path / "run", RECORD).named_priors().ranges == {"trip": (0, 0.1)}
    assert set(load(tmp_path / "run").worlds) >= {"mine.yml", "neutral"}


@pytest.mark.parametrize("name", ["../pri/mine.yml", "pri/mine.yml", "scenario.yml", "..\\\\pri.yml", "/abs/mine.yml"])
def test_priors_elsewhere_are_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    """A copy of them would have gone over a file that is not the run's."""
    home = tmp_path / "home"
    (home / "pri").mkdir(parents=True)
    (tmp_path / "pri").mkdir()
    for place in (home / "pri" / "mine.yml", tmp_path / "pri" / "mine.yml", home / "scenario.yml"):
        place.write_text(PRIORS, "utf-8")
    (home / "own.yml").write_text(OWN % f"'{name}'", "utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yml")}
    with pytest.raises(BadInput, match=r"own\.yml:6: priors"):
        explore(read_scenario(home / "own.yml", RECORD), RECORD, 64, 7, tmp_path / "run")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yml")} == before


def test_a_run_killed_while_it_began_can_be_begun_again(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "scenario.yml").write_bytes((whole / "scenario.yml").read_bytes())
    (folder / ".run.json.abc.part").write_bytes(b"{")
    explore(SCENARIO, RECORD, WORLDS, 7, folder)
    assert files(folder) == files(whole)


def test_it_stops_when_the_ranking_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SHARD", 512)
    explore(SCENARIO, RECORD, 2**13, 7, tmp_path / "run", until_stable=True)
    worlds = json.loads((tmp_path / "run" / "run.json").read_text())["worlds"]["neutral"]
    assert worlds in (4096, 8192), "three doublings of 512, or all"


def test_without_the_extra_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.stats.qmc", None)
    with pytest.raises(BadInput, match="scipy") as told:
        explore(SCENARIO, RECORD, 64, 7, tmp_path / "run")
    assert "dualtrack[choose]" in str(told.value)
    assert not (tmp_path / "run").exists()
