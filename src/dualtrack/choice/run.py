"""A run: worlds of each set of priors, every package solved in each, kept in shards that are whole or not there.

A shard's name holds all that its bytes depend on, so that a run resumes where it ended, a longer one continues it along
the Sobol sequence, and two processes on one folder do each other no harm: they write the same bytes. Neither threads
nor workers of a cluster change a bit on one kind of machine.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dualtrack import __version__
from dualtrack.choice.constant import Engine, constant, engine_for
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import Package, as_array
from dualtrack.choice.parameters import NAMES, Floats
from dualtrack.choice.priors import all_priors
from dualtrack.choice.ranges import Ranges
from dualtrack.choice.regret import ranking
from dualtrack.choice.runfile import MOST, read_about
from dualtrack.choice.sampling import can_sample, sample
from dualtrack.choice.scenario import COPY, Scenario, read_scenario
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole
from dualtrack.record.store import Record
from dualtrack.tracks.shards import Here, Place
from dualtrack.tracks.shards import run as work_out

MODEL = "1"
"""Version of the model: raised whenever a formula changes, so that no run mixes two."""

SHARD = 2048
"""Worlds in a shard: some seconds of numpy, a tenth of a second of compiled code."""

BESIDE = 8192
"""Worlds of each set of priors that stands beside the scenario's own, at most."""

_FILE = "run.json"
_STABLE = 3  # doublings in a row over which the ranking must not change

Told = Callable[[int, int], None]
"""Told how many worlds are done, and of how many."""


@dataclass(frozen=True)
class Run:
    """A run as it lies in its folder.

    Attributes:
        about: what ``run.json`` says: scenario, priors, seed, worlds, hashes, versions.
        packages: what was solved, in the order of the second axis of outcomes.
        worlds, outcomes: by set of priors, shapes (n, 51) and (n, packages, 6).
    """

    about: Mapping[str, Any]
    packages: tuple[Package, ...]
    worlds: Mapping[str, Floats]
    outcomes: Mapping[str, Floats]

    def of(self, package: Package) -> int:
        """A package's place on the second axis."""
        return self.packages.index(package)


def explore(
    scenario: Scenario,
    record: Record,
    worlds: int,
    seed: int,
    folder: Path,
    place: Place | None = None,
    until_stable: bool = False,
    told: Told = lambda done, of: None,
) -> Run:
    """Solves every package of a scenario in worlds of its set of priors, and of the four that come with dualtrack.

    Args:
        scenario: the scenario.
        record: whose table of parameters gives the ranges.
        worlds: how many of the scenario's set; a power of two is best. The others get as many, up to ``BESIDE``.
        seed: of the Sobol sequence's scrambling.
        folder: where shards and ``run.json`` lie; one begun with the same question is taken up again.
        place: where to work: here unless given.
        until_stable: stop when the named packages that come first, as far as can be told apart, stay over three
            doublings.
        told: hears of progress.

    Raises:
        BadInput: the folder holds another run, or an extra is missing.
    """
    if not 1 <= worlds <= MOST:
        raise BadInput(f"--worlds {worlds:,} cannot be used.", f"Give 1 to {MOST:,}.")
    can_sample()  # before anything is written
    if not until_stable:
        engine_for(worlds * len(scenario.compared))  # refuses hours of numpy where the compiled engine is missing
    boxes = _boxes(scenario, record)
    sets = list(boxes)
    about = _about(scenario, record, boxes, seed)
    _begin(folder, about, scenario)
    place = place or Here()
    if until_stable:
        worlds = _until_stable(scenario, boxes, worlds, seed, folder, place, told)
    else:
        _work(scenario, boxes, worlds, seed, folder, place, told)
    counts = {name: worlds if name == scenario.priors else min(worlds, BESIDE) for name in sets}
    _write_about(folder, {**about, "worlds": counts})
    return load(folder)


def load(folder: Path) -> Run:
    """A finished run.

    Raises:
        BadInput: there is none, it is not finished, or a shard is damaged.
    """
    about = _read_about(folder)
    if not about.get("worlds"):
        raise BadInput(f"The run in {folder} is not finished.", "Run choose explore with the same scenario again.")
    packages = tuple(Package(*levels) for levels in about["packages"])
    worlds, outcomes = {}, {}
    for name, ends in about["boxes"].items():
        count = about["worlds"][name]
        low, high = (np.array(end, dtype=np.float64) for end in (ends["low"], ends["high"]))
        box = Ranges(low, low, high)
        parts = [
            _payload(folder / _name(name, _key(box, packages, about["seed"]), number), packages)
            for number in range(-(-count // SHARD))
        ]
        outcomes[name] = np.concatenate(parts)[:count]
        worlds[name] = sample(box, count, about["seed"])
    return Run(about, packages, worlds, outcomes)


def parameters_digest(scenario: Scenario, record: Record) -> str:
    """SHA-256 of all ranges that a run of the scenario would have: the same ranges, the same digest."""
    return _digest(_ends(_boxes(scenario, record)))


def _boxes(scenario: Scenario, record: Record) -> dict[str, Ranges]:
    """The box of each set of priors that is solved, the scenario's own first."""
    return {name: scenario.box(record, name) for name in dict.fromkeys([scenario.priors, *all_priors()])}


def _ends(boxes: Mapping[str, Ranges]) -> dict[str, dict[str, list[float]]]:
    return {name: {"low": box.low.tolist(), "high": box.high.tolist()} for name, box in boxes.items()}


def _digest(ends: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(ends, sort_keys=True).encode()).hexdigest()


def solved_shard(
    low: bytes, high: bytes, packages: bytes, seed: int, number: int, engine: Engine, threads: int | None
) -> bytes:
    """One shard's result: a checksum and outcomes of ``SHARD`` worlds; what a worker of a cluster is sent to do."""
    ends = (np.frombuffer(low), np.frombuffer(high))
    drawn = sample(Ranges(ends[0], ends[0], ends[1]), SHARD, seed, skip=number * SHARD)
    asked = [Package(*levels) for levels in np.frombuffer(packages).reshape(-1, len(Package._fields))]
    data = constant(drawn, asked, engine, threads).tobytes()
    return hashlib.sha256(data).digest() + data


def _work(
    scenario: Scenario, boxes: Mapping[str, Ranges], worlds: int, seed: int, folder: Path, place: Place, told: Told
) -> None:
    packages = as_array(scenario.compared).tobytes()
    threads = None if isinstance(place, Here) else 1
    engine = engine_for(SHARD * len(scenario.compared))
    asked: dict[int, tuple[object, ...]] = {}
    names: dict[int, str] = {}
    for name, box in boxes.items():
        key = _key(box, scenario.compared, seed)
        count = worlds if name == scenario.priors else min(worlds, BESIDE)
        for number in range(-(-count // SHARD)):
            at = len(asked)
            asked[at] = (box.low.tobytes(), box.high.tobytes(), packages, seed, number, engine, threads)
            names[at] = _name(name, key, number)
            _drop_damaged(folder / names[at], len(scenario.compared))
    ready = sum((folder / name).is_file() for name in names.values())
    done = [ready * SHARD]
    told(done[0], len(names) * SHARD)

    def one(_: int) -> None:
        done[0] += SHARD
        told(done[0], len(names) * SHARD)

    work_out(solved_shard, asked, names, folder, place, one)


def _until_stable(
    scenario: Scenario, boxes: Mapping[str, Ranges], most: int, seed: int, folder: Path, place: Place, told: Told
) -> int:
    """Doubles the worlds until the same named packages have come first in mean regret three times; at most ``most``."""
    worlds, last, same = min(SHARD, most), None, 0
    while True:
        _work(scenario, boxes, worlds, seed, folder, place, told)
        box = boxes[scenario.priors]
        key = _key(box, scenario.compared, seed)
        parts = [
            _payload(folder / _name(scenario.priors, key, number), scenario.compared)
            for number in range(-(-worlds // SHARD))
        ]
        values = np.concatenate(parts)[:worlds, [scenario.compared.index(p.package) for p in scenario.packages], 0]
        first = ranking(values, [p.name for p in scenario.packages])[0]
        same = same + 1 if first == last else 0
        last = first
        if same >= _STABLE or worlds >= most:
            return worlds
        worlds = min(2 * worlds, most)


def _about(scenario: Scenario, record: Record, boxes: Mapping[str, Ranges], seed: int) -> dict[str, Any]:
    ends = _ends(boxes)
    return {
        "scenario": scenario.id,
        "scenario_title": scenario.title,
        "scenario_sha256": scenario.digest,
        "as_of": scenario.as_of,
        "record_as_of": record.as_of.isoformat(),
        "priors": scenario.priors,
        "method": "sobol",
        "seed": seed,
        "shard": SHARD,
        "engine": engine_for(SHARD * len(scenario.compared)),
        "parameters": list(NAMES),
        "parameters_sha256": _digest(ends),
        "model": MODEL,
        "dualtrack": __version__,
        "packages": [list(package) for package in scenario.compared],
        "boxes": ends,
    }


_DECIDES = ("scenario_sha256", "parameters_sha256", "seed", "method", "shard", "engine", "model", "packages")


def _begin(folder: Path, about: dict[str, Any], scenario: Scenario) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder} cannot be made: {error.strerror}.", "Name a folder you may write to.") from None
    if (folder / _FILE).exists():
        there = _read_about(folder)
        other = [name for name in _DECIDES if there.get(name) != about[name]]
        if other:
            said = ", ".join(name.removesuffix("_sha256") for name in other)
            raise BadInput(
                f"{folder} holds a run with another {said}.", "Name another folder, or ask what it was begun with."
            )
        return
    copies = {COPY: scenario.path.read_bytes()}
    if scenario.priors not in all_priors():
        copies[scenario.priors] = scenario.named_priors().path.read_bytes()
    if any(not _begun(path, copies) for path in folder.iterdir()):
        raise BadInput(f"{folder} is not empty and holds no run.", "Name a new or an empty folder.")
    for name, data in copies.items():
        write_whole(folder / name, data)
    _write_about(folder, {**about, "worlds": {}})


def _begun(path: Path, copies: Mapping[str, bytes]) -> bool:
    """Whether a file is what a run that was killed while it began has left: its own copies, or a part of one."""
    return path.name.endswith(".part") or (path.is_file() and copies.get(path.name) == path.read_bytes())


def scenario_of(folder: Path, record: Record) -> Scenario:
    """The scenario a run was begun with, from the copy in its folder, with its own set of priors beside it."""
    return read_scenario(folder / COPY, record)


def _write_about(folder: Path, about: Mapping[str, Any]) -> None:
    write_whole(folder / _FILE, (json.dumps(about, indent=1) + "\n").encode())


def _read_about(folder: Path) -> dict[str, Any]:
    path = folder / _FILE
    if not path.is_file():
        raise BadInput(f"{folder} holds no run.", "Make one: dualtrack choose explore SCENARIO -o DIR")
    return read_about(path)


def _key(box: Ranges, packages: Sequence[Package], seed: int) -> str:
    said = [
        box.low.tobytes(),
        box.high.tobytes(),
        as_array(packages).tobytes(),
        f"{seed} {SHARD} {MODEL} {engine_for(SHARD * len(packages))}".encode(),
    ]
    return hashlib.sha256(b"".join(said)).hexdigest()[:16]


def _name(priors: str, key: str, number: int) -> str:
    return f"{Path(priors).stem}-{key}-{number:06d}.values"


def _payload(path: Path, packages: Sequence[Package]) -> Floats:
    try:
        data = path.read_bytes()
    except OSError:
        raise BadInput(f"{path} is missing.", "Run choose explore with the same scenario again.") from None
    if not _whole(data, len(packages)):
        raise BadInput(f"{path} is damaged.", "Run choose explore with the same scenario again: it is made anew.")
    return np.frombuffer(data[32:]).reshape(SHARD, len(packages), len(OUTCOMES))


def _whole(data: bytes, packages: int) -> bool:
    return len(data) == 32 + 8 * SHARD * packages * len(OUTCOMES) and hashlib.sha256(data[32:]).digest() == data[:32]


def _drop_damaged(path: Path, packages: int) -> None:
    """A shard that is not what was written is made anew."""
    if path.is_file() and not _whole(path.read_bytes(), packages):
        os.unlink(path)
