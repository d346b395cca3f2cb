"""``run.json``: what a run says of itself, checked in full before anything is made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dualtrack.choice.parameters import NAMES
from dualtrack.choice.priors import all_priors
from dualtrack.core.errors import BadInput

MOST = 10_000_000
"""Worlds of a set of priors, at most."""

_Ends = Annotated[
    list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=len(NAMES), max_length=len(NAMES))
]
_Share = Annotated[float, Field(ge=0, le=1)]
_Packages = Annotated[list[tuple[_Share, _Share, _Share, _Share]], Field(min_length=1, max_length=10_000)]


class _Box(BaseModel):
    model_config = ConfigDict(strict=True)

    low: _Ends
    high: _Ends

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if any(low > high for low, high in zip(self.low, self.high, strict=True)):
            raise ValueError("a range ends before it begins")
        return self


class _About(BaseModel):
    """The fields of the file; ``worlds`` is empty until the run is finished. Others are passed over."""

    model_config = ConfigDict(strict=True)

    scenario: str
    scenario_title: str
    scenario_sha256: str
    as_of: str
    record_as_of: str
    priors: str
    method: Literal["sobol"]
    seed: int = Field(ge=0)
    shard: int
    engine: str
    parameters_sha256: str
    model: str
    dualtrack: str
    packages: _Packages
    boxes: dict[str, _Box]
    worlds: dict[str, Annotated[int, Field(ge=1, le=MOST)]]

    @model_validator(mode="after")
    def _each_set_has_its_box(self) -> Self:
        wanted = {self.priors, *all_priors()}
        if set(self.boxes) != wanted or (self.worlds and set(self.worlds) != wanted):
            raise ValueError("sets of priors and boxes are not the same")
        return self


def read_about(path: Path) -> dict[str, Any]:
    """What the file says.

    Raises:
        BadInput: it cannot be read, or is no file of a run.
    """
    try:
        about = json.loads(path.read_bytes())
        _About.model_validate_json(json.dumps(about))
    except (ValidationError, ValueError, OSError, RecursionError):
        raise BadInput(f"{path} is no file of a run.", "Remove the folder and run choose explore again.") from None
    found: dict[str, Any] = about
    return found
