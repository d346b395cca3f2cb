"""Sets of priors as files: which ranges of the record's parameters a way of thinking replaces."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dualtrack.choice.parameters import COLUMN, NAMES
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.yamlfile import read_model

NEUTRAL = "neutral"
"""The set without which no other is shown: every channel can work either way."""


def _known(name: str) -> str:
    if name not in COLUMN:
        raise ValueError(" ".join(str(NoSuchName("parameter", name, list(NAMES))).split()))
    return name


def _ordered(ends: tuple[float, float]) -> tuple[float, float]:
    if ends[0] > ends[1]:
        raise ValueError(f"the lower end {ends[0]:g} is above the upper end {ends[1]:g}")
    return ends


Parameter = Annotated[str, AfterValidator(_known)]
Ends = Annotated[tuple[float, float], AfterValidator(_ordered)]


class Priors(BaseModel):
    """A set of priors; ``id`` is the file's name. Ranges are uniform, and parameters independent."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    id: str
    path: Path
    title: str = Field(min_length=1)
    why: str = Field(min_length=1)
    ranges: dict[Parameter, Ends]


def packaged_priors() -> Path:
    """The folder of the sets that come with the package."""
    return Path(str(resources.files("dualtrack.choice") / "data" / "priors"))


def read_priors(path: Path) -> Priors:
    """The set of priors in a file.

    Raises:
        BadInput: see ``core.yamlfile``; also an unknown parameter, or a range upside down.
    """
    return read_model(path, Priors, id=path.stem, path=path)


@lru_cache(maxsize=1)
def all_priors() -> dict[str, Priors]:
    """The sets that come with the package, by id."""
    return {path.stem: read_priors(path) for path in sorted(packaged_priors().glob("*.yml"))}


def priors(name: str, beside: Path | None = None) -> Priors:
    """A set by its name, or in a file of one's own.

    Args:
        name: the id of a packaged set, or a path that ends in .yml or .yaml.
        beside: the folder that a relative path starts from.

    Raises:
        BadInput: there is none of that name, or its file is at fault.
    """
    if name in all_priors():
        return all_priors()[name]
    if name.endswith((".yml", ".yaml")):
        path = (beside or Path()) / name
        if not path.exists():
            raise BadInput(f"There is no file {path}.", f"Known sets of priors: {', '.join(all_priors())}.")
        return read_priors(path)
    raise NoSuchName("set of priors", name, list(all_priors()))
