"""V3: what audience cost deters, and that none may."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dualtrack.choice.tying import (
    Contest,
    deterring_audience_cost,
    deterring_resistance,
    equilibrium,
    honest_audience_cost,
    resistance,
)
from dualtrack.choice.verification.row import Row

TITLE = "Tying hands: the audience cost that deters"
SOURCE = "closed form; own parametrisation after Fearon, Journal of Conflict Resolution 41 (1997) 68-90"


def rows() -> Iterator[Row]:
    """q* and a*, that a* is just enough, that nothing may deter, and that honest threats hold no bluff."""
    contest = Contest(wins=0.6, challenger_cost=0.8, defender_value=0.5, widest_cost=1.0)
    needed = float(deterring_audience_cost(contest))
    yield Row("resistance that deters, q*", 0.833333333, float(deterring_resistance(contest)), 1e-9)
    yield Row("audience cost that deters, a*", 0.633333333, needed, 1e-9)
    yield Row("share that resists at a*", 0.833333333, float(resistance(contest, needed)), 1e-9)

    eager = Contest(wins=0.6, challenger_cost=0.3, defender_value=0.5, widest_cost=1.0)
    yield Row("challenger cost .3: resistance that deters", 1 / 0.7, float(deterring_resistance(eager)), 1e-12)
    yield Row("challenger cost .3: no audience cost deters", math.inf, float(deterring_audience_cost(eager)), 0.0)

    mixed = Contest(wins=0.6, challenger_cost=0.8, defender_value=0.5, widest_cost=3.0, undeterrable=0.4)
    honest = float(honest_audience_cost(mixed))
    yield Row("audience cost that keeps bluffs out, 40 % cannot be deterred", 0.75, honest, 1e-12)
    yield Row("share of bluffs among threats at that cost", 0.0, float(equilibrium(mixed, honest).bluffs), 0.0)
    below = float(equilibrium(mixed, 0.999 * honest).bluffs)
    yield Row("just below it bluffs are so many that the challenger is indifferent, 1 - q*", 1 / 6, below, 1e-12)
