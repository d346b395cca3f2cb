"""A scenario as a file: two sides and their roles, priors, assumptions of its own, packages, and what is enough.

Sides are A and B. The one named ``chooser`` is the alliance of the formulas, the other the adversary; each side states
what it would be like in either role, so that exchanging A and B throughout gives the other side's problem with the same
figures. What a file leaves open comes from the set of priors and the record's table of parameters.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import PACKAGES, Package
from dualtrack.choice.priors import Parameter, Priors, priors
from dualtrack.choice.question import Level
from dualtrack.choice.ranges import TABLE, Ranges, ranges
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.yamlfile import line_of, read_model
from dualtrack.record.store import Record

SideName = Literal["A", "B"]
_MOST = 200  # packages of a file's own
_FILE = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _ends(given: Any) -> Any:
    """A single number stands for a range without width."""
    return (given, given) if isinstance(given, (int, float)) and not isinstance(given, bool) else given


COPY = "scenario.yml"
"""What a scenario is called in the folder of a run, with its own set of priors beside it."""


def _beside(name: str) -> str:
    """The name of a set of priors: a run keeps a copy of a file under that name, so that it can lead nowhere else."""
    if "/" in name or "\\" in name or name in ("", ".", "..", COPY):
        raise ValueError(
            f"{name!r} cannot be used: give the name of a set, or of a file that lies beside this one, without a "
            f"folder and not called {COPY}"
        )
    return name


class Assumption(BaseModel):
    """A range, or one value, for a parameter, and why."""

    model_config = _FILE

    range: Annotated[tuple[float, float], BeforeValidator(_ends)]
    why: str = Field(min_length=1)
    source: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Assumption:
        if self.range[0] > self.range[1]:
            raise ValueError(f"the lower end {self.range[0]:g} is above the upper end {self.range[1]:g}")
        return self


class Side(BaseModel):
    """One side: its name, and what is assumed of it as the alliance and as the adversary."""

    model_config = _FILE

    name: str = Field(min_length=1)
    alliance: dict[Parameter, Assumption] = {}
    adversary: dict[Parameter, Assumption] = {}


class NamedPackage(BaseModel):
    """A package and what it is called."""

    model_config = _FILE

    name: str = Field(min_length=1)
    presence: Level
    dialogue: Level
    explain: Level
    multinational: Level

    @property
    def package(self) -> Package:
        """Its four levels."""
        return Package(self.presence, self.dialogue, self.explain, self.multinational)


class Enough(BaseModel):
    """What is enough of an outcome: at most, or at least."""

    model_config = _FILE

    at_most: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _one(self) -> Enough:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("give at_most or at_least")
        return self


NAMED = (
    NamedPackage(name="status quo", presence=0, dialogue=0, explain=1, multinational=1),
    NamedPackage(name="deterrence only", presence=2 / 3, dialogue=0, explain=1, multinational=1),
    NamedPackage(name="dialogue only", presence=0, dialogue=1, explain=1, multinational=1),
    NamedPackage(name="both", presence=2 / 3, dialogue=1, explain=1, multinational=1),
)
"""The four that are compared unless a file names its own: explanation and a multinational form in all of them, so that
their effect is mixed into none."""

_ENOUGH = {"lost": Enough(at_most=0.005), "support": Enough(at_least=0.5)}


class Scenario(BaseModel):
    """A scenario; ``id`` is the file's name."""

    model_config = _FILE

    id: str
    path: Path
    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    as_of: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    chooser: SideName
    sides: dict[SideName, Side]
    between: dict[Parameter, Assumption] = {}
    priors: Annotated[str, AfterValidator(_beside)] = "neutral"
    in_force: NamedPackage | None = None
    packages: tuple[NamedPackage, ...] = Field(default=NAMED, min_length=2, max_length=_MOST)
    enough: dict[str, Enough] = _ENOUGH

    @model_validator(mode="after")
    def _whole(self) -> Scenario:
        if set(self.sides) != {"A", "B"}:
            raise ValueError("sides are A and B, both of them")
        for name in self.enough:
            if name not in OUTCOMES:
                raise ValueError(f"enough: {name!r} is no outcome; they are {', '.join(OUTCOMES)}")
        names = [package.name for package in self.packages]
        if len(set(names)) < len(names):
            raise ValueError(f"two packages are called {max(names, key=names.count)!r}")
        return self

    @property
    def adversary(self) -> SideName:
        """The side that is not the chooser."""
        return "B" if self.chooser == "A" else "A"

    @property
    def assumptions(self) -> dict[str, Assumption]:
        """What the file assumes, by parameter: of the chooser as alliance, of the other as adversary, and between."""
        return {
            **self.sides[self.chooser].alliance, **self.sides[self.adversary].adversary, **self.between,
        }  # fmt: skip

    def named_priors(self, name: str = "") -> Priors:
        """The scenario's set of priors, or another beside it."""
        return priors(name or self.priors, self.path.parent)

    def box(self, record: Record, name: str = "") -> Ranges:
        """The ranges explored: the record's, with those of the set of priors, with the file's own.

        Args:
            record: whose table of parameters.
            name: of another set of priors than the scenario's.
        """
        own = {parameter: assumed.range for parameter, assumed in self.assumptions.items()}
        return ranges(record).replaced(self.named_priors(name).ranges).replaced(own)

    @cached_property
    def compared(self) -> tuple[Package, ...]:
        """Every package that is solved: the 48, and those named that are not among them."""
        named = [*self.packages, *([self.in_force] if self.in_force else [])]
        extra = dict.fromkeys(p.package for p in named if p.package not in PACKAGES)
        return (*PACKAGES, *extra)

    @property
    def digest(self) -> str:
        """SHA-256 of what the file says, names of sides and words aside: the same for both sides of a swap."""
        said = {
            "assumptions": {name: one.range for name, one in sorted(self.assumptions.items())},
            "priors": sorted(self.named_priors().ranges.items()),
            "packages": self.compared,
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def check_roles(scenario: Scenario, record: Record) -> None:
    """Holds each assumption against the role its parameter has.

    Raises:
        BadInput: a parameter stands where it does not belong, with its line.
    """
    role = {row.id: row.text("role") for row in record.rows(TABLE)}
    places = [
        (("sides", side, part), part, given)
        for side, own in scenario.sides.items()
        for part, given in (("alliance", own.alliance), ("adversary", own.adversary))
    ]
    for keys, part, given in [*places, (("between",), "both", scenario.between)]:
        for name in given:
            if role.get(name, part) != part:
                where = "between" if role[name] == "both" else f"sides: A or B: {role[name]}"
                raise BadInput(
                    f"{scenario.path}:{line_of(scenario.path, [*keys, name])}: {name} describes "
                    + ("what happens between the sides" if role[name] == "both" else f"the {role[name]}")
                    + f", not {'what happens between them' if part == 'both' else f'the {part}'}.",
                    f"Put it under {where}.",
                )


def packaged_scenarios() -> dict[str, Path]:
    """The scenarios that come with the package, by name."""
    folder = Path(str(resources.files("dualtrack.choice") / "data" / "scenarios"))
    return {path.stem: path for path in sorted(folder.glob("*.yml"))}


def read_scenario(given: str | Path, record: Record) -> Scenario:
    """A scenario by the name of a packaged one, or in a file.

    Raises:
        BadInput: there is none, or its file is at fault: file, line and what would be right.
    """
    known = packaged_scenarios()
    path = known.get(str(given), Path(given))
    if path.suffix not in (".yml", ".yaml"):
        raise NoSuchName("scenario", str(given), list(known))
    found = read_model(path, Scenario, id=path.stem, path=path)
    check_roles(found, record)
    found.box(record)  # its set of priors is read, so that a fault in it is told now
    return found
