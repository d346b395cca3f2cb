"""V10: limits in which the answer is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dualtrack.choice.adaptive import adaptive
from dualtrack.choice.constant import Engine, constant
from dualtrack.choice.decision import START_STATE
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import PACKAGES, Package
from dualtrack.choice.parameters import COLUMN
from dualtrack.choice.planar import solve
from dualtrack.choice.verification.exact_plan import exact_problem
from dualtrack.choice.verification.known_type import known_type
from dualtrack.choice.verification.nominal import nominal
from dualtrack.choice.verification.row import Row
from dualtrack.choice.verification.v11_plain_twin import engines, worlds

TITLE = "Limits: dialogue without effect, types alike, a known type, more to choose from, more threads"
SOURCE = (
    "what must hold by construction; values of known types by policy iteration on 20 states; the nominal value by a "
    "prototype with 257 beliefs; four packages by the planar solver"
)

WITHOUT_EFFECT = dict.fromkeys(
    ("kW", "kE", "conf", "dlg", "wk", "rho", "rho_o", "rho_t", "rho_e", "c_d", "y_S", "y_G", "td"), 0.0
)
ALIKE = {"V_S": 1.2, "g_S": 0.4, "y_S": 0.1, "pre": 1.0}
ALIKE_VALUE = -6.056575
KNOWN = {False: -2.245625, True: -5.713219}
NOMINAL_VALUE = (-4.278060, -4.277657)
WORTH_KNOWING = 0.298
BELIEFS = (0.1, 0.5, 0.9)
FOUR = (
    Package(0.0, 0.0, 0.0, 0.0),
    Package(2 / 3, 0.0, 1.0, 1.0),
    Package(0.0, 1.0, 1.0, 1.0),
    Package(2 / 3, 1.0, 1.0, 1.0),
)


def rows() -> Iterator[Row]:
    """Constant packages first, then adaptive ones; the adversary of the latter is myopic."""
    yield Row("dialogue without effect: spread of the value over d, any world and package", 0.0, spread(), 1e-10)
    engine = engines()[-1]
    yield Row(f"bytes that differ between 1 and 2 threads, {engine}", 0.0, bytes_apart(engine), 0.0)

    same = nominal(gR=0, **ALIKE)
    value = known_type(same, greedy=True)
    yield Row("types alike, policy iteration", ALIKE_VALUE, value, 1e-6)
    alike = adaptive(same, tolerance=1e-5)
    for belief in BELIEFS:
        lower, upper = alike.bounds(belief)
        yield Row(f"types alike, belief {belief}, lower bound", value, float(lower), 1e-9, "most")
        yield Row(f"types alike, belief {belief}, upper bound", value, float(upper), 1e-9, "least")
        yield Row(f"types alike, belief {belief}, gap", 1e-4, float(upper - lower), 0.0, "most")

    world = nominal(gR=0)
    best = adaptive(world, tolerance=1e-4)
    for greedy, expected in KNOWN.items():
        name = "greedy" if greedy else "security seeking"
        lower, upper = best.bounds(float(greedy))
        value = known_type(world, greedy)
        yield Row(f"known to be {name}, policy iteration", expected, value, 2e-6)
        yield Row(f"known to be {name}, lower bound", value, float(lower), 1e-9, "most")
        yield Row(f"known to be {name}, upper bound", value, float(upper), 1e-9, "least")

    lower, upper = best.value
    yield Row("nominal value, lower bound no higher than the prototype's upper", NOMINAL_VALUE[1], lower, 0.0, "most")
    yield Row("nominal value, upper bound no lower than the prototype's lower", NOMINAL_VALUE[0], upper, 0.0, "least")
    yield Row("nominal value, gap of the bounds", 1e-3, upper - lower, 0.0, "most")
    informed = (known_type(world, False) + known_type(world, True)) / 2
    yield Row("value of knowing the type at belief .5", WORTH_KNOWING, informed - (lower + upper) / 2, 1e-3)
    fixed = constant(world[None], PACKAGES, engine="numpy")[0, :, OUTCOMES.index("value")].max()
    yield Row("nominal value is no lower than that of the best constant package", float(fixed), upper, 0.0, "least")

    exact = solve(exact_problem(world, FOUR), tolerance=0.1)
    bounded = adaptive(world, FOUR, tolerance=1e-3)
    for belief in BELIEFS:
        lower, upper = bounded.bounds(belief)
        at_least = exact.value(START_STATE, belief)
        name = f"four packages, belief {belief}"
        yield Row(
            f"{name}, upper bound of the grid and lower of the planar solver", at_least, float(upper), 0.0, "least"
        )
        yield Row(f"{name}, lower bound of the grid and upper of it", at_least + exact.gap, float(lower), 0.0, "most")


def spread() -> float:
    """How much the value varies with dialogue where dialogue does nothing."""
    drawn = worlds(8)
    for name, value in WITHOUT_EFFECT.items():
        drawn[:, COLUMN[name]] = value
    values = constant(drawn, PACKAGES, engine="numpy")[..., OUTCOMES.index("value")]
    by_dialogue = values.reshape(len(drawn), 4, 3, 4)  # PACKAGES: presence, dialogue, the other two
    return float((by_dialogue.max(axis=2) - by_dialogue.min(axis=2)).max())


def bytes_apart(engine: Engine) -> int:
    """Bytes of all outcomes that differ between one thread and two."""
    drawn = worlds(2100)  # enough for more than one part to be handed out
    one, two = (constant(drawn, PACKAGES[::12], engine=engine, threads=threads) for threads in (1, 2))
    return int((np.frombuffer(one.tobytes(), np.uint8) != np.frombuffer(two.tobytes(), np.uint8)).sum())
