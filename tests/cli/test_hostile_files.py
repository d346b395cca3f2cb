"""Files of one's own and files left by earlier runs, each value replaced by anything: used, or refused in words."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dualtrack.api import open_record
from dualtrack.choice.priors import packaged_priors, read_priors
from dualtrack.choice.run import explore, load
from dualtrack.choice.runfile import read_about
from dualtrack.choice.scenario import packaged_scenarios, read_scenario
from dualtrack.core.errors import DualtrackError
from dualtrack.instruments.proposal import load as load_proposal
from dualtrack.instruments.proposal import packaged as packaged_proposals
from dualtrack.publish.choices.told import packaged as packaged_runs
from dualtrack.publish.choices.told import read_told
from dualtrack.serve.runs import Runs
from dualtrack.tracks.store import Store, convert, is_store

RECORD = open_record("2026-11-25")
JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**30, "", "x", "\0", "../../../etc/passwd", [], [[]], [None], {}, {"a": 1}, {"": {}},
    float("nan"), float("inf"), "=1+1", "<script>", "2016-13-45", "9" * 400, ["x"] * 50,
)  # fmt: skip
ROOT = (None, 0, "x", [], {}, [{}])
Step = str | int


def places(value: Any, at: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Where values stand: every key, and the first item of every list."""
    if at:
        yield at
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*at, key))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*at, 0))


def with_other(value: Any, at: tuple[Step, ...], other: Any) -> Any:
    made = copy.deepcopy(value)
    inner = made
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = other
    return made


def without(value: Any, at: tuple[Step, ...]) -> Any:
    made = copy.deepcopy(value)
    inner = made
    for step in at[:-1]:
        inner = inner[step]
    del inner[at[-1]]
    return made


def variants(good: dict[str, Any], most: int) -> Iterator[Any]:
    """The file with a value replaced, a key or item missing, or one too many, at places spread over the file."""
    yield from ROOT
    yield {**good, "unknown": 1}
    every = list(places(good))
    for number, at in enumerate(every[:: -(-len(every) // most)]):
        yield without(good, at)
        for turn in range(5):
            yield with_other(good, at, JUNK[(5 * number + turn) % len(JUNK)])


def survives(
    path: Path, text: Callable[[Any], str], good: dict[str, Any], read: Callable[[Path], object], most: int = 60
) -> int:
    """How often the reader refused in words; any other error fails the test. The file itself must be read."""
    path.write_text(text(good), "utf-8")
    read(path)
    refused = 0
    for other in variants(good, most):
        path.write_text(text(other), "utf-8")
        try:
            read(path)
        except DualtrackError as error:
            refused += 1
            assert str(error).strip()
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} {error}: {text(other)[:2000]}") from error
    path.write_text(text(good), "utf-8")
    return refused


def as_yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


def boxed(path: Path) -> object:
    scenario = read_scenario(path, RECORD)
    return scenario.box(RECORD), scenario.compared, scenario.digest


OWN: dict[str, tuple[Path, Callable[[Path], object]]] = {
    "scenario": (packaged_scenarios()["warsaw-2016"], boxed),
    "priors": (packaged_priors() / "sceptic_of_dialogue.yml", read_priors),
    "proposal": (packaged_proposals() / "ru-2009-review.yml", load_proposal),
}


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_file_of_ones_own_with_anything_in_it(name: str, tmp_path: Path) -> None:
    original, read = OWN[name]
    path = tmp_path / original.name
    assert survives(path, as_yaml, yaml.safe_load(original.read_text("utf-8")), read) > 20


def test_a_run_whose_files_hold_anything(tmp_path: Path) -> None:
    explore(read_scenario("warsaw-2016", RECORD), RECORD, 8, 7, tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    good = json.loads(path.read_text("utf-8"))
    assert survives(path, json.dumps, good, read_about) > 100
    assert survives(path, json.dumps, good, lambda at: load(at.parent), 5) > 15


def test_what_a_run_says_with_anything_in_it(tmp_path: Path) -> None:
    original = next(packaged_runs().glob("*.json"))
    assert survives(tmp_path / "told.json", json.dumps, json.loads(original.read_text("utf-8")), read_told, 15) > 20


def hours(folder: Path) -> object:
    store = Store(folder)
    return is_store(folder), [(store.read(hour), store.objects(hour)) for hour in store.hours], store.manifest.dropped


def test_a_track_store_whose_manifest_holds_anything(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("t,icao24,lat,lon\n" + "1533081600,4b1815,50.0,8.0\n", "utf-8")
    convert([tmp_path / "t.csv"], tmp_path / "store")
    path = tmp_path / "store" / "manifest.json"
    assert survives(path, json.dumps, json.loads(path.read_text("utf-8")), lambda at: hours(at.parent)) > 50


def test_a_run_of_the_workbench_whose_small_files_hold_anything(tmp_path: Path) -> None:
    """They are told as far as they can be: none keeps the list of runs from being shown."""
    place = tmp_path / ("ab" * 6)
    place.mkdir()
    asked = {"scenario": "2025", "priors": "neutral", "worlds": 64, "seed": 7, "began": "2026-11-25 10:00:00"}
    progress = {"phase": "solving", "done": 1, "of": 2, "priors": "neutral"}
    (place / "asked.json").write_text(json.dumps(asked), "utf-8")
    runs = Runs(tmp_path, lambda: RECORD.as_of)

    def listed(_: Path) -> None:
        [one] = runs.listed()
        assert one.id == place.name and one.worlds >= -1

    for name, good in (("progress.json", progress), ("asked.json", asked)):
        assert survives(place / name, json.dumps, good, listed) == 0
