"""The model of choices under the EMA workbench: one world and one package a run, as its users write it.

    python choice_in_ema.py ENGINE PROCESSES INPUT.npz OUTPUT.npz

ENGINE is ``plain`` (the model in plain Python), ``numpy`` or ``compiled`` (ours, asked for one value at a time); the
package's source is on PYTHONPATH. Run by `benchmarks/choice.py` in an environment of its own. Prints the seconds of
processor time, of all processes, and the seconds that all runs took.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
from ema_workbench import (
    Model,
    MultiprocessingEvaluator,
    Policy,
    RealParameter,
    ScalarOutcome,
    Scenario,
    SequentialEvaluator,
)

from dualtrack.choice.constant import constant
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import NAMES
from dualtrack.choice.verification.plain import plain

engine, processes, source, target = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])


def run(presence: float, dialogue: float, explain: float, multinational: float, **world: float) -> dict[str, float]:
    """One value."""
    levels, row = Package(presence, dialogue, explain, multinational), np.array([world[name] for name in NAMES])
    found = plain(row, levels) if engine == "plain" else constant(row[None], [levels], engine, threads=1)[0, 0]
    return dict(zip(OUTCOMES, map(float, found), strict=True))


def main() -> None:
    """All packages in all worlds."""
    given = np.load(source)
    worlds, packages = given["worlds"], given["packages"]
    model = Model("choice", function=run)
    model.uncertainties = [RealParameter(name, -1e3, 1e3) for name in NAMES]
    model.levers = [RealParameter(name, 0, 1) for name in Package._fields]
    model.outcomes = [ScalarOutcome(name) for name in OUTCOMES]
    scenarios = [Scenario(str(place), **dict(zip(NAMES, world, strict=True))) for place, world in enumerate(worlds)]
    policies = [
        Policy(str(place), **dict(zip(Package._fields, levels, strict=True))) for place, levels in enumerate(packages)
    ]
    run(*packages[0], **dict(zip(NAMES, worlds[0], strict=True)))  # what is compiled is compiled before
    clocks, start = os.times(), time.perf_counter()
    ways = MultiprocessingEvaluator(model, processes) if processes > 1 else SequentialEvaluator(model)
    with ways as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios, policies)
    took, after = time.perf_counter() - start, os.times()
    found = np.empty((len(worlds), len(packages), len(OUTCOMES)))
    places = experiments["scenario"].astype(int), experiments["policy"].astype(int)
    for number, name in enumerate(OUTCOMES):
        found[(*places, number)] = outcomes[name]
    np.savez(target, found=found)
    print(json.dumps([sum(after[:4]) - sum(clocks[:4]), took]))


if __name__ == "__main__":
    main()
