"""Questions to the model as files: how one lever changes an outcome, alone or beside another, or what is best."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import Floats
from dualtrack.core.errors import NoSuchName
from dualtrack.core.yamlfile import read_model

Lever = Literal["presence", "dialogue", "explain", "multinational"]

TOLERANCE = 1e-9
"""Margins this close to zero are no effect: values are exact to about this much."""


def _level(given: Any) -> Any:
    """A level as a number or a fraction such as 2/3."""
    if isinstance(given, str):
        try:
            return float(Fraction(given))
        except (ValueError, ZeroDivisionError, OverflowError):
            return given
    return given


Level = Annotated[float, BeforeValidator(_level), Field(ge=0, le=1)]


class Question(BaseModel):
    """A question to the model: a difference between packages that is above zero where the answer is yes.

    Either ``change`` is given, one lever with its level before and after, and maybe ``beside``, a second one: then the
    effect of the first at the second's later level less that at its earlier. Or ``package`` and ``rivals`` are.
    ``id`` is the file's name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    path: Path
    title: str = Field(min_length=1)
    outcome: str
    change: dict[Lever, tuple[Level, Level]] = {}
    beside: dict[Lever, tuple[Level, Level]] = {}
    held: dict[Lever, Level] = {}
    package: dict[Lever, Level] = {}
    rivals: tuple[dict[Lever, Level], ...] = ()
    holds: Literal["more", "less"]
    why: str = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Question:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"outcome is one of {', '.join(OUTCOMES)}, not {self.outcome!r}")
        if bool(self.change) == bool(self.package):
            raise ValueError("give either change (a lever with its level before and after) or package with rivals")
        if self.package:
            whole = all(set(given) == set(Package._fields) for given in (self.package, *self.rivals))
            if not (self.rivals and whole) or self.beside or self.held:
                raise ValueError(
                    "package and each of one or more rivals name all four levers, and nothing else is given"
                )
        elif (
            sorted([*self.change, *self.beside, *self.held]) != sorted(Package._fields)
            or len(self.change) > 1
            or len(self.beside) > 1
        ):
            raise ValueError(
                "each of the four levers stands once: one in change, at most one in beside, others in held"
            )
        return self

    @property
    def packages(self) -> tuple[Package, ...]:
        """The packages whose outcomes decide it, in the order ``margin`` takes them."""
        if self.package:
            return tuple(_package(given) for given in (self.package, *self.rivals))
        [(lever, (before, after))] = self.change.items()
        besides = [{other: level} for other, levels in self.beside.items() for level in levels] or [{}]
        return tuple(_package({**self.held, **beside, lever: level}) for beside in besides for level in (before, after))

    def margin(self, outcomes: Floats) -> Floats:
        """By how much it holds in each world: above zero where the answer is yes, in the outcome's unit.

        Args:
            outcomes: of ``packages`` in each world, shape (worlds, packages, 6).

        Returns:
            Shape (worlds,).
        """
        found = outcomes[:, :, OUTCOMES.index(self.outcome)]
        if self.package:
            rivals = found[:, 1:] if self.holds == "more" else -found[:, 1:]
            own = found[:, 0] if self.holds == "more" else -found[:, 0]
            return np.asarray(own - rivals.max(axis=1))
        effect = found[:, 1] - found[:, 0]
        if self.beside:
            effect = (found[:, 3] - found[:, 2]) - effect
        return np.asarray(effect if self.holds == "more" else -effect)


def _package(levels: Mapping[Lever, float]) -> Package:
    return Package(**{str(lever): level for lever, level in levels.items()})


def packaged_questions() -> Path:
    """The folder of the questions that come with the package."""
    return Path(str(resources.files("dualtrack.choice") / "data" / "questions"))


@lru_cache(maxsize=1)
def questions() -> dict[str, Question]:
    """The questions that come with the package, by id."""
    return {
        path.stem: read_model(path, Question, id=path.stem, path=path)
        for path in sorted(packaged_questions().glob("*.yml"))
    }


def question(name: str) -> Question:
    """The question of a name.

    Raises:
        NoSuchName: there is none.
    """
    if name not in questions():
        raise NoSuchName("question to the model", name, list(questions()))
    return questions()[name]
