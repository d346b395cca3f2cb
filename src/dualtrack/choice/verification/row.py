"""One figure of a verification target."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A figure expected and a figure got, in the same unit; ``tolerance`` is the largest difference allowed.

    ``at`` is "equal", or says on which side of ``expected`` the figure must lie: "least" (got >= expected) or "most".
    """

    title: str
    expected: float
    got: float
    tolerance: float
    at: str = "equal"

    @property
    def difference(self) -> float:
        """How far the figure is on the wrong side, never negative; nan if it is no number."""
        if self.expected == self.got:
            return 0.0
        apart = self.got - self.expected
        return {"equal": abs(apart), "least": max(-apart, 0.0), "most": max(apart, 0.0)}[self.at]
