"""Runs in shards: the same results anywhere, nothing done twice, a killed worker costs its shard only."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import distributed
import pytest
import shard_work

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.publish.encounters.tables import as_json
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.search import search
from dualtrack.tracks.shards import Cluster, Here, Place, Processes, run
from dualtrack.tracks.store import convert
from flying import crossing, table

NUMBERS = range(8)
EXPECTED = {number: b"result of %d" % number for number in NUMBERS}


def ran(work: Any, tmp_path: Path, place: Place) -> dict[int, bytes]:
    notes = tmp_path / "notes"
    notes.mkdir(exist_ok=True)
    shards = {number: (str(notes), number) for number in NUMBERS}
    return run(work, shards, {number: f"{number}.bin" for number in NUMBERS}, tmp_path / "run", place)


def begun(tmp_path: Path) -> list[int]:
    return sorted(int(path.name.split("-")[0]) for path in (tmp_path / "notes").iterdir() if "-" in path.name)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A real cluster of two worker processes on this machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of event loops and ports in use, which are not ours
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster:
            yield cluster.scheduler_address


@pytest.fixture(params=["here", "processes", "cluster"])
def place(request: pytest.FixtureRequest, scheduler: str) -> Iterator[Place]:
    if request.param != "cluster":
        yield Here() if request.param == "here" else Processes(2)
        return
    cluster = Cluster(scheduler)
    yield cluster
    cluster.close()


def test_every_place_gives_the_same_and_a_second_run_does_nothing(place: Place, tmp_path: Path) -> None:
    assert ran(shard_work.noted, tmp_path, place) == EXPECTED
    assert ran(shard_work.noted, tmp_path, place) == EXPECTED
    assert begun(tmp_path) == list(NUMBERS)


def test_an_interrupted_run_resumes_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ran(shard_work.stops, tmp_path, Here())
    assert begun(tmp_path) == [0, 1]
    assert ran(shard_work.stops, tmp_path, Here()) == EXPECTED
    assert begun(tmp_path) == list(NUMBERS)


def test_a_killed_process_costs_its_shard(tmp_path: Path) -> None:
    assert ran(shard_work.dies_once, tmp_path, Processes(2)) == EXPECTED
    assert set(begun(tmp_path)) == set(NUMBERS)


def test_a_killed_worker_of_a_cluster_costs_its_shard(tmp_path: Path, scheduler: str) -> None:
    cluster = Cluster(scheduler)
    try:
        assert ran(shard_work.dies_once, tmp_path, cluster) == EXPECTED
    finally:
        cluster.close()
    assert (tmp_path / "notes" / "killed").exists()


def test_a_shard_that_always_kills_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Shard 1 took its worker with it 3 times"):
        ran(shard_work.always_dies, tmp_path, Processes(1))
    assert (tmp_path / "run" / "0.bin").read_bytes() == EXPECTED[0]


FILTER = """
import signal, sys
from pathlib import Path
import shard_work
from dualtrack.core.errors import BadInput
from dualtrack.tracks.shards import Processes, run

if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    folder = Path(sys.argv[1])
    shards = {number: (sys.argv[1], number, b"x" * int(sys.argv[2])) for number in range(4)}
    for _ in range(2):
        try:
            run(shard_work.always_dies, shards, {n: f"{n}.bin" for n in shards}, folder / "run", Processes(1))
        except BadInput as error:
            print(error)
    assert signal.SIGPIPE not in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    print("still here")
"""


@pytest.mark.parametrize("load", [1, 500_000])
def test_a_lost_worker_does_not_take_a_program_with_it_that_ends_at_closed_pipes(tmp_path: Path, load: int) -> None:
    """With the signal left to the system, the first write to the dead worker killed the whole process (exit -13)."""
    script = tmp_path / "filter.py"
    script.write_text(FILTER, "utf-8")
    here = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, script, tmp_path, str(load)], env={**os.environ, "PYTHONPATH": here}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stderr)
    assert done.stdout.count("Shard 1 took its worker with it 3 times") == 2
    assert done.stdout.endswith("still here\n")


def test_a_cluster_that_is_not_there_is_told() -> None:
    with pytest.raises(BadInput, match="No Dask scheduler answers at 'nowhere'"):
        Cluster("nowhere")


def test_a_search_gives_the_same_bytes_anywhere(tmp_path: Path, place: Place) -> None:
    rows = [(t + 3300 * k, who, lat, lon, alt) for k in range(3) for t, who, lat, lon, alt in crossing()]
    store = convert([table(tmp_path / "tracks.csv", rows)], tmp_path / "store")
    record = open_record("2026-11-25")
    alone = as_json(search(store, Asked(), record, folder=tmp_path / "alone"))
    assert as_json(search(store, Asked(), record, folder=tmp_path / "there", place=place)) == alone
    assert alone.count(b'"t_cpa"') == 3
