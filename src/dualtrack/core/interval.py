"""Figures with a low and a high bound, and arithmetic that keeps the bounds.

``None`` is an unknown bound, never zero; an operation with an unknown bound gives one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A figure known to lie between two bounds, either of which may be unknown.

    The bounds are in the unit of the figure and not negative. ``best`` is the single published figure where
    there is one.
    """

    low: float | None
    high: float | None
    best: float | None = None

    @classmethod
    def exactly(cls, value: float) -> Interval:
        """One figure without a range."""
        return cls(value, value, value)

    @classmethod
    def between(cls, low: float | None, high: float | None) -> Interval:
        """A published range; the single figure is known only where both bounds agree."""
        return cls(low, high, low if low == high else None)

    def plus(self, other: Interval) -> Interval:
        """The sum of two figures: bounds are added, unknown stays unknown.

        >>> Interval(1, 2).plus(Interval(3, None))
        Interval(low=4, high=None, best=None)
        """
        return Interval(_sum(self.low, other.low), _sum(self.high, other.high), _sum(self.best, other.best))

    def times(self, factor: float) -> Interval:
        """The figure taken ``factor`` times (not negative)."""
        return Interval(_scale(self.low, factor), _scale(self.high, factor), _scale(self.best, factor))

    def per(self, other: Interval) -> Interval:
        """The ratio of two figures that are not negative: lowest over highest up to highest over lowest.

        >>> Interval.exactly(30000).per(Interval(2000, 4000))
        Interval(low=7.5, high=15.0, best=None)
        """
        return Interval(_ratio(self.low, other.high), _ratio(self.high, other.low), _ratio(self.best, other.best))

    def within(self, low: float, high: float) -> bool | None:
        """Whether the whole figure lies in ``[low, high]``: yes, no (none of it does), or None for in part."""
        if self.low is not None and self.high is not None and low <= self.low and self.high <= high:
            return True
        if (self.low is not None and self.low > high) or (self.high is not None and self.high < low):
            return False
        return None


def _sum(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a + b


def _scale(a: float | None, factor: float) -> float | None:
    return None if a is None else a * factor


def _ratio(a: float | None, b: float | None) -> float | None:
    return None if a is None or not b else a / b
