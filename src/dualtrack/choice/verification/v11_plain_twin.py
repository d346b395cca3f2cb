"""V11: the fast solver against the model in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np

from dualtrack.choice.constant import Engine, constant
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
    """One row per engine and outcome: nothing expected apart, the largest relative difference got."""
    drawn = worlds(PAIRS)
    chosen = 7 * np.arange(PAIRS) % len(PACKAGES)  # 7 and 48 share no factor: every package comes up
    twin = np.array([plain(world, PACKAGES[at]) for world, at in zip(drawn.tolist(), chosen, strict=True)])
    for engine in engines():
        fast = constant(drawn, PACKAGES, engine=engine)[np.arange(PAIRS), chosen]
        apart = (np.abs(fast - twin) / np.abs(twin)).max(axis=0)
        for name, largest in zip(OUTCOMES, apart, strict=True):
            yield Row(f"{name}, {engine} engine, {PAIRS} pairs", 0.0, float(largest), 1e-9)


def engines() -> tuple[Engine, ...]:
    """The engines there are on this machine."""
    return ("numpy", "compiled") if find_spec("numba") else ("numpy",)
