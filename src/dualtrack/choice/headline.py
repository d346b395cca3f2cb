"""A share of worlds as a sentence that cannot be printed without what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from dualtrack.choice.estimate import Estimate
from dualtrack.choice.parameters import COLUMN
from dualtrack.choice.priors import NEUTRAL

DRIVERS = 5
NOT_PROBABLE = "Shares are shares of worlds in an assumption box, not probabilities."


@dataclass(frozen=True)
class Driver:
    """An assumption that drives an answer.

    Attributes:
        parameter: its symbol.
        meaning: in words.
        record: the table of the record that bears on it; empty where none does.
    """

    parameter: str
    meaning: str
    record: str

    def __str__(self) -> str:
        known = f"see {self.record}" if self.record else "not in the record"
        return f"{self.meaning[:1].lower()}{self.meaning[1:]} ({self.parameter}, {known})"


@dataclass(frozen=True)
class Headline:
    """A share of worlds in which something holds, with all that belongs to it.

    Attributes:
        what: what holds, as the beginning of a sentence: "Both tracks are the best of the four compared".
        priors: the set that the share is of.
        share: over its worlds.
        neutral: the same share under the neutral set.
        drivers: the five assumptions that drive it most, first the first.
        drivers_sure: whether the sample can tell those five from the rest; see ``sensitivity.leading``.
        seed: of the sample.
        parameters_sha256: of the ranges.
        model: version of the model.
        gap: how far a value may be from the true one: 0 for exact values.

    Raises:
        ValueError: one of them is missing, or cannot be.
    """

    what: str
    priors: str
    share: Estimate
    neutral: Estimate
    drivers: tuple[Driver, ...]
    drivers_sure: bool
    seed: int
    parameters_sha256: str
    model: str
    gap: float = 0.0

    def __post_init__(self) -> None:
        for name in ("what", "priors", "parameters_sha256", "model"):
            if not getattr(self, name).strip():
                raise ValueError(f"a headline needs {name}")
        for one in (self.share, self.neutral):
            if not (0 <= one.value <= 1 and one.n > 0 and one.error > 0):
                raise ValueError(f"a share lies between 0 and 1, of some worlds, with its error; not {one}")
        if self.priors == NEUTRAL and self.share != self.neutral:
            raise ValueError("under the neutral set there is one share, not two")
        named = [driver.parameter for driver in self.drivers]
        if len(named) != DRIVERS or len(set(named)) != DRIVERS or any(name not in COLUMN for name in named):
            raise ValueError(f"a headline names {DRIVERS} parameters of the model that drive it, not {named}")
        if self.seed < 0 or self.gap < 0:
            raise ValueError("neither a seed nor a gap is below 0")

    @property
    def text(self) -> str:
        """The sentences."""
        shares = f"{_told(self.share)} under {self.priors.replace('_', ' ')} priors"
        if self.priors != NEUTRAL:
            shares += f", and in {_told(self.neutral)} under {NEUTRAL} ones"
        driven = "What drives it most" + ("" if self.drivers_sure else " (which five is partly chance of the sample)")
        return (
            f"{self.what} in {shares}. {driven}: {'; '.join(map(str, self.drivers))}. {NOT_PROBABLE} "
            f"Seed {self.seed}, ranges {self.parameters_sha256[:12]}, model {self.model}, "
            f"{f'values within {self.gap:g}' if self.gap else 'exact values'}."
        )


def _told(share: Estimate) -> str:
    return f"{100 * share.value:.1f} percent (standard error {100 * share.error:.1f}) of {share.n:,} worlds"
