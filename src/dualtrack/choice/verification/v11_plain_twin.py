"""V11: the fast solver against the model in plain Python."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dualtrack.choice.constant import constant
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import PACKAGES
from dualtrack.choice.parameters import COLUMN, Floats
from dualtrack.choice.verification.nominal import nominal
from dualtrack.choice.verification.plain import plain
from dualtrack.choice.verification.row import Row

TITLE = "Plain-Python twin: largest relative difference on random pairs of world and package"
SOURCE = "the model in plain Python, dualtrack/choice/verification/plain.py"

PAIRS = 96
EITHER_SIGN = ("rho", "mu", "rho_t", "rho_o", "rho_e", "kW", "kE", "conf", "dlg", "mis", "y_G")


def worlds(number: int, seed: int = 11) -> Floats:
    """Worlds far around the nominal one, shape (number, 51): half to one and a half of each parameter, discounts across
    their ranges, and either sign where a prior set allows it."""
    rng = np.random.default_rng(seed)
    drawn = nominal() * rng.uniform(0.5, 1.5, (number, len(COLUMN)))
    for name in EITHER_SIGN:
        drawn[:, COLUMN[name]] *= rng.choice([-1.0, 1.0], number)
    drawn[:, COLUMN["gamma"]] = rng.uniform(0.94, 0.985, number)
    drawn[:, COLUMN["gR"]] = rng.uniform(0.0, 0.95, number)
    return drawn


def rows() -> Iterator[Row]:
    """One row per outcome: nothing expected apart, the largest relative difference got."""
    drawn = worlds(PAIRS)
    packages = [PACKAGES[(7 * pair) % len(PACKAGES)] for pair in range(PAIRS)]  # 7 and 48 share no factor: all come up
    twin = np.array([plain(world, package) for world, package in zip(drawn.tolist(), packages, strict=True)])
    fast = np.array([constant(world[None], [package])[0, 0] for world, package in zip(drawn, packages, strict=True)])
    apart = (np.abs(fast - twin) / np.abs(twin)).max(axis=0)
    for name, largest in zip(OUTCOMES, apart, strict=True):
        yield Row(f"{name}, {PAIRS} pairs", 0.0, float(largest), 1e-9)
