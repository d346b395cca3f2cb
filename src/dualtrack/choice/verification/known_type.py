"""The best plan against a myopic adversary whose type is known: an ordinary decision problem, solved exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dualtrack.choice import formulas
from dualtrack.choice.outcomes import START, TENSIONS
from dualtrack.choice.package import PACKAGES, Package
from dualtrack.choice.parameters import COLUMN, Floats


def known_type(world: Floats, greedy: bool, packages: Sequence[Package] = PACKAGES) -> float:
    """Value from the start, by policy iteration (Howard 1960): each plan is valued by a linear system, then improved.

    Args:
        world: shape (51,); ``gR`` and ``b0`` are not used.
        greedy: the type.
        packages: what may be chosen in any quarter.
    """
    one, kind, gamma = world[None], int(greedy), float(world[COLUMN["gamma"]])
    rewards, kernels = [], []
    for package in packages:
        worth = world[COLUMN["beta"]] * formulas.utilities(one, package)
        powers = np.exp(worth - worth.max(axis=-1, keepdims=True))
        policy = powers / powers.sum(axis=-1, keepdims=True)
        rewards.append(formulas.flows(one, package, policy)[0, kind, :, 0])
        kernels.append(np.einsum("xa,axy->xy", policy[0, kind], formulas.transitions(one, package)[0]))
    reward, kernel, states = np.array(rewards), np.array(kernels), np.arange(formulas.STATES)
    plan = np.zeros(formulas.STATES, dtype=np.int64)
    while True:
        value = np.linalg.solve(np.eye(formulas.STATES) - gamma * kernel[plan, states], reward[plan, states])
        ahead = reward + gamma * kernel @ value
        if (ahead.max(axis=0) <= value + 1e-11 * (1 + np.abs(value))).all():
            return float(value[START[0] * len(TENSIONS) + START[1]])
        plan = ahead.argmax(axis=0)
