"""A run told as a small file: every figure that the pages of choices show, so that they compute nothing.

The file is JSON. Those of the scenarios that come with dualtrack lie in ``data`` and are made by
``scripts/choices.py``; a run of a reader's own writes the same.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from dualtrack.choice.priors import all_priors
from dualtrack.core.errors import BadInput
from dualtrack.publish.chart import Chart, Column, Key
from dualtrack.publish.render import NARROW, WIDE
from dualtrack.publish.theme import Track

FORMAT = 1
"""Of the file: raised when an older one cannot be read any more."""

BINS = 5
"""Of equal width along each axis of the regret map."""

_FILE = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Measured(BaseModel):
    """A figure with its standard error; None where there are too few worlds to tell."""

    model_config = _FILE

    value: float
    error: float | None


class Compared(BaseModel):
    """A package: shares of worlds in which it is the best and is good enough, and its regret."""

    model_config = _FILE

    name: str
    best: Measured
    enough: Measured
    regret: Measured
    ninetieth: Measured
    most: float


class UnderSet(BaseModel):
    """What one set of priors says of the four packages that every scenario compares."""

    model_config = _FILE

    name: str
    worlds: int
    best: dict[str, Measured]
    regret: dict[str, Measured]


class Change(BaseModel):
    """Where another leads along one assumption; ``nominal`` where only one world was looked at."""

    model_config = _FILE

    parameter: str
    value: float
    nominal: float | None
    before: str
    after: str


class Limit(BaseModel):
    """Limits of a box in one assumption: from, to, or both; None where the box goes as far as the sample."""

    model_config = _FILE

    parameter: str
    low: float | None
    high: float | None
    p: float


class Boxed(BaseModel):
    """A box of assumptions found by PRIM, without the limits that chance would set as often as one time in twenty."""

    model_config = _FILE

    coverage: float
    density: float
    mass: float
    base: float
    limits: tuple[Limit, ...]
    dropped: int


class Answered(BaseModel):
    """A question to the model: in what share of worlds the answer is yes, and where."""

    model_config = _FILE

    headline: str
    shares: dict[str, Measured]
    drivers: tuple[str, ...]
    box: Boxed | None
    changes: tuple[Change, ...]


class Cell(BaseModel):
    """A cell of the regret map: mean regret of each package with its error, and who cannot be told from the first."""

    model_config = _FILE

    worlds: int
    means: tuple[float, ...]
    errors: tuple[float | None, ...]
    first: tuple[int, ...]


class Drawn(BaseModel):
    """A chart as it was drawn, with its data."""

    model_config = _FILE

    id: str
    track: Track
    title: str
    reading: str
    alt: str
    columns: tuple[tuple[str, str, bool], ...]
    rows: tuple[dict[str, Any], ...]
    key: tuple[tuple[str, str, float], ...]
    notes: tuple[str, ...]
    wide: dict[str, Any]
    narrow: dict[str, Any]

    def chart(self, coverage: str) -> Chart:
        """As pages print it.

        Args:
            coverage: what it rests on, in a sentence.
        """
        return Chart(
            id=self.id, track=self.track, title=self.title, reading=self.reading, alt=self.alt,
            draw=lambda width: self.wide if width > (WIDE + NARROW) / 2 else self.narrow,
            columns=[Column(*column) for column in self.columns], rows=self.rows, findings=(), coverage=coverage,
            key=[Key(*key) for key in self.key], notes=self.notes,
        )  # fmt: skip


class Assumed(BaseModel):
    """A range of the scenario's own."""

    model_config = _FILE

    parameter: str
    low: float
    high: float
    why: str


class Acted(BaseModel):
    """What both tracks do beyond their parts to one quantity: in the nominal world, and where it speaks for them."""

    model_config = _FILE

    title: str
    unit: str
    formula: str
    helps: str
    nominal: float
    shares: dict[str, Measured]


class Summed(BaseModel):
    """What both tracks add beyond their parts in one quarter: by channel, what is left without any, and in all."""

    model_config = _FILE

    parts: dict[str, float]
    rest: float
    total: float
    shares: dict[str, Measured]


class Bearable(BaseModel):
    """The largest presence at which support does not tend to fall; None where it falls without any."""

    model_config = _FILE

    dialogue: float
    explain: float
    most: float | None
    shares: dict[str, Measured]


class Acting(BaseModel):
    """What each track does to the other in one quarter, neither side looking ahead; ``later``: over all quarters."""

    model_config = _FILE

    presence: float
    dialogue: float
    effects: tuple[Acted, ...]
    value: Summed
    support: Summed
    later: float
    sustained: tuple[Bearable, ...]


class Told(BaseModel):
    """A run, told.

    Attributes:
        scenario, title, question, as_of, chooser, adversary: of the scenario.
        priors: the set it was told under.
        about: how it was made: seed, versions, hashes, engine.
        worlds: of each set of priors.
        sentences: the answer with its conditions.
        tiers: packages by mean regret, those together that cannot be told apart.
        packages: those compared.
        under: the sets of priors, the scenario's first.
        answers: to each question, by id.
        changes: where over all worlds another package falls least short.
        flips: where in the nominal world another is best.
        box: in which the first package is best.
        axes: of the regret map: ends of the bins of each parameter; ``cells`` by two of them, joined by a comma, the
            second's bins fastest.
        charts: by id.
        tracks: what each track does to the other; None in a run that was told before this was asked.
        meaning: of each parameter.
    """

    model_config = _FILE

    format: int
    scenario: str
    title: str
    question: str
    as_of: str
    chooser: str
    adversary: str
    priors: str
    about: dict[str, str | int]
    worlds: dict[str, int]
    sentences: tuple[str, ...]
    tiers: tuple[tuple[str, ...], ...]
    packages: tuple[Compared, ...]
    under: tuple[UnderSet, ...]
    answers: dict[str, Answered]
    changes: tuple[Change, ...]
    flips: tuple[Change, ...]
    box: Boxed | None
    axes: dict[str, tuple[float, ...]]
    cells: dict[str, tuple[Cell, ...]]
    charts: dict[str, Drawn]
    tracks: Acting | None = None
    assumed: tuple[Assumed, ...]
    meaning: dict[str, str]

    @property
    def first(self) -> str:
        """The package that falls least short on average, or the first of those that cannot be told apart."""
        return self.tiers[0][0]

    def grid(self, x: str, y: str) -> list[list[Cell]]:
        """The cells of the regret map over two of its axes: rows along y from its lowest bin, columns along x."""
        turned = f"{x},{y}" not in self.cells
        cells = self.cells[f"{y},{x}" if turned else f"{x},{y}"]
        lines = [list(cells[start : start + BINS]) for start in range(0, len(cells), BINS)]
        return lines if turned else [list(line) for line in zip(*lines, strict=True)]


def read_told(path: Path) -> Told:
    """The file of a run.

    Raises:
        BadInput: it is none, or of another version.
    """
    try:
        return Told.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise BadInput(
            f"{path.name} cannot be read as what a run says.", "Make it anew: start the run again."
        ) from None


def packaged() -> Path:
    """The folder of the runs that come with dualtrack."""
    return Path(str(resources.files("dualtrack.publish.choices") / "data"))


def name_of(scenario: str, priors: str) -> str:
    """The name of a packaged run's file."""
    return f"{scenario}-{priors}.json"


@lru_cache(maxsize=16)
def told_of(scenario: str, priors: str) -> Told:
    """The run that comes with dualtrack of a scenario under a set of priors.

    Raises:
        BadInput: there is none.
    """
    return read_told(packaged() / name_of(scenario, priors))


def sets() -> dict[str, str]:
    """The sets of priors that runs are told under, with their titles."""
    return {name: own.title for name, own in all_priors().items()}
