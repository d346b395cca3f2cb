"""V7: a world in which nothing moves but tension after a challenge."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dualtrack.choice.constant import by_type, constant
from dualtrack.choice.outcomes import OUTCOMES, START, TENSIONS
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import NAMES
from dualtrack.choice.verification.nominal import nominal
from dualtrack.choice.verification.plain import World, flows, utilities
from dualtrack.choice.verification.row import Row

TITLE = "Frozen world: three steps of tension per type"
SOURCE = "closed form: V_t = (r_t + gamma pi2 V_{t+1}) / (1 - gamma (1 - pi2)), V_3 = r_3 / (1 - gamma)"

FROZEN = nominal(gR=0, tu=0, td=0, dec=0, mis=0, conf=0, exq=0, dlg=0, rally=0)
EXPECTED = {
    Package(0.0, 0.0, 0.0, 0.0): -10.915021081,
    Package(2 / 3, 0.0, 1.0, 1.0): -8.669427825,
    Package(0.0, 1.0, 1.0, 1.0): -14.604796494,
    Package(2 / 3, 1.0, 1.0, 1.0): -7.240617026,
}
INDIFFERENT = 0.241329093


def rows() -> Iterator[Row]:
    """The value of four packages by closed form and solver, and the belief at which presence alone starts to pay."""
    world = dict(zip(NAMES, FROZEN.tolist(), strict=True))
    for package, expected in EXPECTED.items():
        name = "p {:.2f}, d {:g}, e {:g}, m {:g}".format(*package)
        by_hand = (1 - world["b0"]) * step_by_step(world, False, package) + world["b0"] * step_by_step(
            world, True, package
        )
        solved = float(constant(FROZEN[None], [package])[0, 0, OUTCOMES.index("value")])
        yield Row(f"value of {name}, closed form", expected, by_hand, 1e-9)
        yield Row(f"value of {name}, solver", expected, solved, 1e-9)
    yield Row("belief at which deterrence pays as much as nothing, e = m = 1", INDIFFERENT, indifference(), 1e-9)


def step_by_step(world: World, greedy: bool, package: Package) -> float:
    """Value if the type is known: tension rises one level with each challenge and never falls."""
    p, d, e, m = package
    gamma, value = world["gamma"], 0.0
    for tension in reversed(TENSIONS[START[1] :]):
        worth = utilities(world, greedy, START[0], tension, p, d, m)
        powers = [math.exp(world["beta"] * u) for u in worth]
        policy = [power / sum(powers) for power in powers]
        payoff = flows(world, START[0], tension, p, d, e, m, policy)[0]
        leaves = policy[2] if tension < TENSIONS[-1] else 0.0
        value = (payoff + gamma * leaves * value) / (1 - gamma * (1 - leaves))
    return value


def indifference() -> float:
    """The belief b at which (1 - b) V_S + b V_G is the same for presence alone and for neither track."""
    deter, nothing = (
        by_type(FROZEN[None], package)[0, :, OUTCOMES.index("value")]
        for package in (Package(2 / 3, 0.0, 1.0, 1.0), Package(0.0, 0.0, 1.0, 1.0))
    )
    gain_s, gain_g = deter - nothing
    return float(gain_s / (gain_s - gain_g))
