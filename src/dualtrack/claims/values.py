"""What a claim is held against: one value taken from a finding, with what the record leaves open about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dualtrack.core.show import amount, span
from dualtrack.core.ternary import Ternary

_FEW = 4
"""Dated figures that are told one by one."""


@dataclass(frozen=True)
class Span:
    """A figure between two bounds, of which None is not on record; ``best`` is the single published figure."""

    low: float | None
    high: float | None
    best: float | None = None
    unit: str = ""

    @classmethod
    def exactly(cls, value: float, unit: str = "") -> Span:
        """One figure without a range."""
        return cls(value, value, value, unit)

    def __str__(self) -> str:
        if self.low is self.high is self.best is None:
            return "unknown"
        text = span(self.low, self.high)
        if self.low is self.high is None and self.best is not None:
            text = f"{amount(self.best)}, bounds unknown"
        unit = "row" if self.unit == "rows" and text.split()[-1] == "1" else self.unit
        return f"{text} {unit}".rstrip()


@dataclass(frozen=True)
class Members:
    """A set of codes: those that are in it, and those of which the record does not say."""

    sure: frozenset[str]
    maybe: frozenset[str] = frozenset()

    def __str__(self) -> str:
        text = ", ".join(sorted(self.sure)) or "none"
        return f"{text}; cannot tell: {', '.join(sorted(self.maybe))}" if self.maybe else text


@dataclass(frozen=True)
class Answered:
    """Yes, no or unknown."""

    answer: Ternary

    def __str__(self) -> str:
        return self.answer.value


@dataclass(frozen=True)
class Word:
    """A word of the record, such as a code."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Series:
    """Dated figures, earliest first; a date is as precise as it is known."""

    items: tuple[tuple[str, Span], ...]

    def __str__(self) -> str:
        if len(self.items) <= _FEW:
            return "; ".join(f"{day} {figure}" for day, figure in self.items) or "none"
        (day, last), before = self.items[-1], self.items[:-1]
        top, most = max(before, key=lambda item: -1.0 if item[1].high is None else item[1].high)
        return f"{len(self.items)} figures from {self.items[0][0]}: last {last} ({day}), largest before {most} ({top})"


Value: TypeAlias = Span | Members | Answered | Word | Series
