"""V9: how long calm must last to rebuild trust."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dualtrack.choice.clock import calm_quarters
from dualtrack.choice.verification.row import Row

TITLE = "Log-odds clock: quarters of calm that rebuild trust"
SOURCE = "closed form: ln 16 / ln(9/7), Bayes' rule on log-odds"


def rows() -> Iterator[Row]:
    """From .8 to .2 with P(calm) .9 and .7: the ratio, the whole number, and the number that Bayes' rule counts."""
    quarters = float(calm_quarters(0.8, 0.2, calm_s=0.9, calm_g=0.7))
    yield Row("quarters, not rounded", math.log(16) / math.log(9 / 7), quarters, 1e-12)
    yield Row("whole quarters", 12, math.ceil(quarters), 0.0)
    yield Row("whole quarters, belief updated step by step", 12, stepwise(0.8, 0.2, 0.9, 0.7), 0.0)


def stepwise(belief: float, target: float, calm_s: float, calm_g: float) -> int:
    """Quarters until Bayes' rule has taken the belief to the target or below."""
    quarters = 0
    while belief > target:
        belief = belief * calm_g / (belief * calm_g + (1 - belief) * calm_s)
        quarters += 1
    return quarters
