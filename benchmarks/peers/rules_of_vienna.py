"""The five rules of the Vienna Document 2011 in a rules engine, as its own documentation would have them written.

    python rules_of_vienna.py openfisca_core|policyengine_core INPUT.npz OUTPUT.npz RUNS

Run by `benchmarks/rules.py` in an environment of its own. Each variant of the levels is a year: inputs hold for all
years, the levels of troops are parameters with a value per year. So one simulation answers all variants, which is the
fastest way these engines offer. Prints the seconds to set up and, per run, to answer.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np

engine, source, target, runs = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
entities, enums, parameters_, periods, builders, systems, variables = (
    import_module(f"{engine}.{part}")
    for part in ("entities", "enums" if engine == "policyengine_core" else "indexed_enums", "parameters", "periods",
                 "simulations", "taxbenefitsystems", "variables")
)  # fmt: skip
Variable, Enum = variables.Variable, enums.Enum
Exercise = entities.build_entity(key="exercise", plural="exercises", label="An exercise", is_person=True)
ETERNITY, YEAR = periods.ETERNITY, periods.YEAR
FIRST = 2001


class InZone(Enum):
    """Whether in the zone of application."""

    yes = "wholly"
    partly = "in part"
    no = "outside"


class Kind(Enum):
    """Planned, or without notice to the troops."""

    scheduled = "planned"
    snap = "without notice"


class Structure(Enum):
    """How it was organised."""

    single = "one place"
    multi_host = "several hosts"
    sequential = "phases"
    umbrella = "a label"
    transit = "a road march"


CODES = {"in_zone": InZone, "kind": Kind, "structure": Structure}
FIGURES = ("troops", "tanks", "acvs", "armour_combined", "artillery", "landing_troops", "hours")


def variable(name: str, value_type: type, period: str, **more: object) -> type:
    """A variable of exercises."""
    return type(name, (Variable,), {"value_type": value_type, "entity": Exercise, "definition_period": period,
                                    "label": name, **more})  # fmt: skip


def answer(formula: Callable[..., np.ndarray]) -> type:
    """A variable that is the answer of a formula of its name."""
    return variable(formula.__name__, bool, YEAR, formula=formula)


def in_zone(exercise, period):
    """At least in part in the zone."""
    place = exercise("in_zone", period)
    return (place == InZone.yes) + (place == InZone.partly)


def reached(exercise, period, levels):
    """Any one level is reached."""
    return (
        (exercise("troops", period) >= levels.troops)
        + (exercise("tanks", period) >= levels.tanks)
        + (exercise("acvs", period) >= levels.acvs)
        + (exercise("artillery", period) >= levels.artillery)
        + (exercise("armour_combined", period) >= levels.tanks + levels.acvs - 1)
    )


@answer
def notification_land(exercise, period, parameters):
    """Chapter V, paragraph 40.1.1."""
    levels = parameters(period).notification
    still = exercise("structure", period) != Structure.transit
    return in_zone(exercise, period) * still * reached(exercise, period, levels)


@answer
def notification_landing(exercise, period, parameters):
    """Chapter V, paragraph 40.2."""
    return in_zone(exercise, period) * (exercise("landing_troops", period) >= parameters(period).notification.landing)


@answer
def notification_transfer(exercise, period, parameters):
    """Chapter V, paragraph 40.3."""
    moves = exercise("structure", period) == Structure.transit
    enough = exercise("troops", period) >= parameters(period).notification.troops
    return in_zone(exercise, period) * moves * enough


@answer
def notifiable(exercise, period):
    """Any rule of chapter V."""
    return (
        exercise("notification_land", period)
        + exercise("notification_landing", period)
        + exercise("notification_transfer", period)
    )


@answer
def exempt(exercise, period, parameters):
    """Without notice, and not longer than 72 hours."""
    short = exercise("hours", period) <= parameters(period).observation.no_notice_hours
    return (exercise("kind", period) == Kind.snap) * short


@answer
def observation_land(exercise, period, parameters):
    """Chapter VI, land activities."""
    levels = parameters(period).observation
    still = exercise("structure", period) != Structure.transit
    met = exercise("notifiable", period) * still * reached(exercise, period, levels)
    return met * np.logical_not(exercise("exempt", period))


@answer
def observation_landing(exercise, period, parameters):
    """Chapter VI, landings."""
    enough = exercise("landing_troops", period) >= parameters(period).observation.landing
    return exercise("notifiable", period) * enough * np.logical_not(exercise("exempt", period))


@answer
def observable(exercise, period):
    """Any rule of chapter VI."""
    return exercise("observation_land", period) + exercise("observation_landing", period)


ANSWERS = (
    notification_land, notification_landing, notification_transfer, notifiable, exempt, observation_land,
    observation_landing, observable,
)  # fmt: skip
FIXED = {
    "notification": {"tanks": 250, "acvs": 500, "artillery": 250, "landing": 3000},
    "observation": {"tanks": 300, "acvs": 500, "artillery": 250, "landing": 3500, "no_notice_hours": 72},
}


def system(troops: dict[str, list[float]]):
    """The rules with a level of troops per year."""
    made = systems.TaxBenefitSystem([Exercise])
    data: dict = {
        name: {level: {"values": {f"{FIRST}-01-01": value}} for level, value in levels.items()}
        for name, levels in FIXED.items()
    }
    for name, levels in troops.items():
        data[name]["troops"] = {"values": {f"{FIRST + n}-01-01": level for n, level in enumerate(levels)}}
    made.parameters = parameters_.ParameterNode("", data=data)
    made.add_variables(
        *(variable(name, int, ETERNITY) for name in FIGURES),
        *(variable(n, Enum, ETERNITY, possible_values=v, default_value=next(iter(v))) for n, v in CODES.items()),
        *ANSWERS,
    )
    return made


def simulation(made, given: dict[str, np.ndarray]):
    """All exercises as inputs that hold for all years."""
    found = builders.SimulationBuilder().build_default_simulation(made, count=len(given["troops"]))
    for name in FIGURES:
        found.set_input(name, ETERNITY, given[name].astype(np.int32))
    for name, values in CODES.items():
        found.set_input(name, ETERNITY, enums.EnumArray(given[name].astype(np.int16), values))
    return found


given = dict(np.load(source))
troops = {name: given.pop(f"{name}_levels").tolist() for name in FIXED}
years = [FIRST + n for n in range(len(troops["notification"]))]
setting_up, answering = [], []
for _ in range(runs):
    start = time.process_time()
    asked = simulation(system(troops), given)
    ready = time.process_time()
    found = {name: [asked.calculate(name, year) for year in years] for name in ("notifiable", "observable")}
    answering.append(time.process_time() - ready)
    setting_up.append(ready - start)
np.savez(target, **{name: np.array(answers, bool) for name, answers in found.items()})
print(json.dumps({"setting_up": setting_up, "answering": answering}))
