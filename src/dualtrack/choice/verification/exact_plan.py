"""The adaptive problem of one world for the planar solver: a second way to what ``adaptive.py`` bounds on a grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dualtrack.choice import formulas
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import COLUMN, Floats
from dualtrack.choice.planar import Branch, Problem


def exact_problem(world: Floats, packages: Sequence[Package]) -> Problem:
    """The alliance's problem against a myopic adversary of unknown type, built from the formulas alone.

    States are the 20 of the model; after each package the alliance observes what it takes the adversary's act for, the
    answer to an offer of dialogue, and the new state.

    Args:
        world: shape (51,); ``gR`` and ``b0`` are not used.
        packages: what may be chosen in any quarter.
    """
    one = world[None]
    rewards = np.empty((formulas.STATES, len(packages), 2))
    branches: list[list[list[Branch]]] = [[[] for _ in packages] for _ in range(formulas.STATES)]
    for action, package in enumerate(packages):
        worth = world[COLUMN["beta"]] * formulas.utilities(one, package)
        powers = np.exp(worth - worth.max(axis=-1, keepdims=True))
        policy = powers / powers.sum(axis=-1, keepdims=True)
        rewards[:, action] = formulas.flows(one, package, policy)[0, :, :, 0].T
        seen = policy[0] @ formulas.seen_as(one, package)[0]  # type, state, seen
        moved = formulas.moved(one, package)[0]  # seen, state, new state
        accepted = formulas.accepts(one, package)[0]
        answers = [accepted, 1 - accepted] if package.dialogue > 0 else [np.ones(2)]
        for state in range(formulas.STATES):
            for what in range(seen.shape[-1]):
                for new in np.flatnonzero(moved[what, state]):
                    branches[state][action] += [
                        Branch(int(new), np.diag(seen[:, state, what] * answer * moved[what, state, new]))
                        for answer in answers
                    ]
    return Problem(rewards, branches, float(world[COLUMN["gamma"]]))
