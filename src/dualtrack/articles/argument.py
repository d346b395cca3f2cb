"""Arguments as files: statements on how one thing affects another, each bound to a question to the model."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dualtrack.choice.question import Question, questions
from dualtrack.claims.asking import Asker
from dualtrack.core.errors import NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.core.yamlfile import read_model


def _known(name: str) -> str:
    if name not in questions():
        raise ValueError(" ".join(str(NoSuchName("question to the model", name, list(questions()))).split()))
    return name


class Argument(BaseModel):
    """What is argued, and the question to the model that would answer it; ``id`` is the file's name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    path: Path
    statement: str = Field(min_length=1)
    variants: tuple[str, ...] = Field(min_length=2)
    sources: tuple[str, ...] = Field(min_length=1)
    question: Annotated[str, AfterValidator(_known)] = Field(description="id of the question to the model")
    note: str = ""

    @property
    def asked(self) -> Question:
        """The question to the model that would answer it."""
        return questions()[self.question]

    def answered(self, asker: Asker) -> Finding:
        """What the model says: under each set of priors, the share of worlds in which it holds, and what decides."""
        found = asker.ask("model", {"question": self.question}, asker.latest.as_of)
        assert isinstance(found, Finding), "the model asks nothing of the record but its table of parameters"
        return found


def packaged_arguments() -> Path:
    """The folder of the arguments that come with the package."""
    return Path(str(resources.files("dualtrack.articles") / "data" / "arguments"))


@lru_cache(maxsize=1)
def arguments() -> tuple[Argument, ...]:
    """The arguments that come with the package, in the order of their files."""
    return tuple(
        read_model(path, Argument, id=path.stem, path=path) for path in sorted(packaged_arguments().glob("*.yml"))
    )
