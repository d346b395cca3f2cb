"""V8: where support settles if the adversary stays calm."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dualtrack.choice.birthdeath import stationary
from dualtrack.choice.constant import constant
from dualtrack.choice.outcomes import OUTCOMES, SUPPORTS
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import NAMES
from dualtrack.choice.verification.nominal import nominal
from dualtrack.choice.verification.plain import seen_as, support_moves
from dualtrack.choice.verification.row import Row

TITLE = "Support in the long run: a birth-death chain"
SOURCE = "closed form: pi_i proportional to (up / down)^i (detailed balance)"

CALM = {"k1": 20.0, "k2": 20.0}
EXPECTED = {
    "dual": (Package(2 / 3, 1.0, 1.0, 1.0), 0.765278755),
    "bare presence": (Package(2 / 3, 0.0, 0.0, 0.0), 0.210713298),
}
PATIENCE = 1 - 1e-7  # a discount so near 1 that the discounted mean is the long-run one to about 1e-6


def rows() -> Iterator[Row]:
    """Long-run mean support under two packages: by the chain, and by the solver with a discount close to 1."""
    patient = nominal(**CALM, gamma=PATIENCE)
    for name, (package, expected) in EXPECTED.items():
        solved = float(constant(patient[None], [package])[0, 0, OUTCOMES.index("support")])
        yield Row(f"mean support, {name}, closed form", expected, long_run(package), 1e-9)
        yield Row(f"mean support, {name}, solver with gamma close to 1", expected, solved, 5e-6)


def long_run(package: Package) -> float:
    """Mean support in the long run; calm is misread as pressure now and then, and rallies."""
    world = dict(zip(NAMES, nominal(**CALM).tolist(), strict=True))
    seen = np.array(seen_as(world, 0, package.dialogue))
    up, down = seen @ np.array(support_moves(world, package.presence, package.dialogue, package.explain))
    return float(stationary(up, down, len(SUPPORTS)) @ np.array(SUPPORTS))
