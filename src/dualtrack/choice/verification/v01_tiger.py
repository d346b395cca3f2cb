"""V1: the tiger problem, solved by the planar solver."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dualtrack.choice.planar import Branch, Problem, solve
from dualtrack.choice.verification.row import Row

TITLE = "Tiger problem: value at an even belief"
SOURCE = (
    "Kaelbling, Littman and Cassandra, Artificial Intelligence 101 (1998) 99-134, for the problem; SARSOP, a general "
    "solver, gives 19.3714 and 1.93344"
)

ACCURACY = 0.85
EXPECTED = {0.95: 19.371368374, 0.75: 1.933438985}


def tiger(discount: float) -> Problem:
    """Listen (-1, heard right with probability .85) or open a door: +10, or -100 with the tiger behind it. After a door
    is opened the tiger is put behind either at random. The hidden type is the door it is behind."""
    rewards = np.array([[[-1.0, -1.0], [-100.0, 10.0], [10.0, -100.0]]])
    heard = [Branch(0, np.diag([ACCURACY, 1 - ACCURACY])), Branch(0, np.diag([1 - ACCURACY, ACCURACY]))]
    anew = [Branch(0, np.full((2, 2), 0.5))]
    return Problem(rewards, [[heard, anew, anew]], discount)


def rows() -> Iterator[Row]:
    """The value for two discounts, to a billionth."""
    for discount, expected in EXPECTED.items():
        got = solve(tiger(discount), tolerance=1e-9).value(0, 0.5)
        yield Row(f"value at belief .5, gamma {discount}", expected, got, 2e-9)
