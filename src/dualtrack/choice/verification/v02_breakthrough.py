"""V2: the breakthrough bandit, solved by the planar solver and in closed form."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dualtrack.choice.bandit import Probe, stopping_belief, value
from dualtrack.choice.planar import Branch, Problem, Solution, solve
from dualtrack.choice.verification.row import Row

TITLE = "Breakthrough bandit: dialogue as a probe"
SOURCE = "closed form, after Keller, Rady and Cripps, Econometrica 73 (2005) 39-68, in discrete time"

PROBE = Probe(safe=1.0, prize=10.0, chance=0.2, discount=0.9)
STOPPING = 0.263157895
VALUES = {0.2: 10.0, 0.4: 10.881008000, 0.6: 13.311350820}


def problem(probe: Probe) -> Problem:
    """States: still trying, given up, broken through. The hidden type is whether the case is good."""
    safe, tried = [probe.safe] * 2, [0.0, probe.chance * probe.prize]
    found = [probe.chance * probe.prize] * 2
    same = np.eye(2)
    fails, succeeds = np.diag([1.0, 1 - probe.chance]), np.diag([0.0, probe.chance])
    return Problem(
        np.array([[safe, tried], [safe, safe], [found, found]]),
        [
            [[Branch(1, same)], [Branch(0, fails), Branch(2, succeeds)]],
            [[Branch(1, same)]] * 2,
            [[Branch(2, same)]] * 2,
        ],
        probe.discount,
    )


def rows() -> Iterator[Row]:
    """The stopping belief and values at three beliefs, from the closed form and from the solver."""
    solution = solve(problem(PROBE), tolerance=1e-10)
    yield Row("stopping belief, closed form", STOPPING, stopping_belief(PROBE), 1e-9)
    yield Row("stopping belief, where the solver's plan changes", STOPPING, switch(solution), 1e-6)
    for belief, expected in VALUES.items():
        yield Row(f"value at belief {belief}, closed form", expected, value(PROBE, belief), 1e-9)
        yield Row(f"value at belief {belief}, solver", expected, solution.value(0, belief), 1e-9)


def switch(solution: Solution) -> float:
    """The belief from which the solver's plan is to try, by halving."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if solution.action(0, middle) == 1 else (middle, high)
    return high
