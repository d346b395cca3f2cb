"""V5: what deters in one period."""

from __future__ import annotations

from collections.abc import Iterator

from dualtrack.choice.deterrence import deterring_credibility
from dualtrack.choice.formulas import utilities
from dualtrack.choice.outcomes import START, TENSIONS
from dualtrack.choice.package import Package
from dualtrack.choice.verification.nominal import nominal
from dualtrack.choice.verification.row import Row

TITLE = "One-period deterrence: the threshold of a fully rational other side"
SOURCE = "closed form: ck >= (V - k2) / (V + L); without presence and at support .5, k2 = V - (V + L) .625 .2 = .8625"

NOTHING = Package(0.0, 0.0, 0.0, 0.0)


def rows() -> Iterator[Row]:
    """The threshold without a fixed cost, and the fixed cost below which a greedy adversary challenges."""
    needed = float(deterring_credibility(gain=1.2, loss=1.5)) / 0.8
    yield Row("credibility that deters, V 1.2, L 1.5, denial .8", 0.555555556, needed, 1e-9)
    met = float(deterring_credibility(gain=1.2, loss=1.5, fixed_cost=0.8625))
    yield Row("credibility times denial that deters at a fixed cost of .8625", 0.625 * 0.2, met, 1e-15)
    yield Row("fixed cost up to which a greedy side challenges, status quo", 0.8625, switch(), 1e-12)


def switch() -> float:
    """The fixed cost k2 at which a challenge stops being the greedy adversary's best answer to nothing, by halving."""
    state = START[0] * len(TENSIONS) + START[1]
    low, high = 0.0, 5.0
    for _ in range(60):
        middle = (low + high) / 2
        restrain, pressure, challenge = utilities(nominal(k2=middle)[None], NOTHING)[0, 1, state]
        low, high = (middle, high) if challenge > max(restrain, pressure) else (low, middle)
    return low
