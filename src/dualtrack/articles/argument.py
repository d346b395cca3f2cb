"""Arguments as files: statements on how one thing affects another, each bound to a question to the model."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from dualtrack.core.yamlfile import read_model

NOT_RUN = "not run yet"
"""What an argument's answer says until the model has been run on its question."""


class Argument(BaseModel):
    """What is argued, and the question to the model that would answer it; ``id`` is the file's name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    path: Path
    statement: str = Field(min_length=1)
    variants: tuple[str, ...] = Field(min_length=2)
    sources: tuple[str, ...] = Field(min_length=1)
    question: str = Field(description="the question to the model, in words")
    note: str = ""


def packaged_arguments() -> Path:
    """The folder of the arguments that come with the package."""
    return Path(str(resources.files("dualtrack.articles") / "data" / "arguments"))


@lru_cache(maxsize=1)
def arguments() -> tuple[Argument, ...]:
    """The arguments that come with the package, in the order of their files."""
    return tuple(
        read_model(path, Argument, id=path.stem, path=path) for path in sorted(packaged_arguments().glob("*.yml"))
    )
