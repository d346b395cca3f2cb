"""A scenario as commands take it: the argument, what is said of it, and its packages by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dualtrack.cli.options import opened
from dualtrack.core.errors import NoSuchName

if TYPE_CHECKING:
    from dualtrack.choice.package import Package
    from dualtrack.choice.ranges import Ranges
    from dualtrack.choice.scenario import Scenario as Asked

Scenario = Annotated[
    str,
    typer.Argument(help="A scenario's name (warsaw-2016, moscow-chooses, 2025), or a file.", metavar="SCENARIO"),
]


def asked_of(scenario: str, record: Path | None) -> tuple[Asked, dict[str, Ranges]]:
    """The scenario and its box under each set of priors that is told, the scenario's own first."""
    from dualtrack.choice.priors import all_priors
    from dualtrack.choice.scenario import read_scenario

    known = opened(None, record, "any")
    asked = read_scenario(scenario, known)
    return asked, {name: asked.box(known, name) for name in dict.fromkeys([asked.priors, *all_priors()])}


def said_of(asked: Asked) -> dict[str, Any]:
    """What every answer about a scenario's nominal world carries, as JSON has it."""
    from dualtrack.choice.run import MODEL

    return {
        "scenario": asked.id, "title": asked.title, "as_of": asked.as_of, "chooser": asked.chooser,
        "chooser_name": asked.sides[asked.chooser].name, "adversary_name": asked.sides[asked.adversary].name,
        "priors": asked.priors, "world": "nominal", "model": MODEL, "scenario_sha256": asked.digest,
    }  # fmt: skip


def headed(asked: Asked, answers: str) -> str:
    """The first lines of an answer: which world, who chooses, and what the other side does."""
    chooser, other = asked.sides[asked.chooser].name, asked.sides[asked.adversary].name
    return (
        f"{asked.title}: the nominal world under {words(asked.priors)} priors\n"
        f"  {chooser} ({asked.chooser}) chooses, {other} ({asked.adversary}) {answers}"
    )


def words(priors: str) -> str:
    """A set of priors as words; one of a reader's own is a file."""
    return Path(priors).stem.replace("_", " ")


def packages_of(asked: Asked) -> dict[str, Package]:
    """The packages that the scenario names, the one in force last."""
    named = [*asked.packages, *([asked.in_force] if asked.in_force else [])]
    return {one.name: one.package for one in named}


def package_named(asked: Asked, name: str) -> Package:
    """A package of the scenario.

    Raises:
        NoSuchName: it names none of that name.
    """
    known = packages_of(asked)
    if name not in known:
        raise NoSuchName("package", name, list(known))
    return known[name]
