"""Equilibria on beliefs: constant packages as an oracle, what is left of the equations, and what is said of several."""

import numpy as np
import pytest

from dualtrack.choice import quantal
from dualtrack.choice.adaptive import adaptive
from dualtrack.choice.constant import constant
from dualtrack.choice.package import PACKAGES
from dualtrack.choice.quantal import MAY_BE_MORE, equilibria
from dualtrack.choice.verification.nominal import nominal
from dualtrack.core.errors import BadInput

SOME = (PACKAGES[0], PACKAGES[22], PACKAGES[47])


@pytest.mark.parametrize("ahead", [0.0, 0.6])
def test_a_single_package_is_the_exact_solver_s(ahead: float) -> None:
    """Nothing is gained by posing if the package never changes: beliefs drop out, and the value is a linear system."""
    world = nominal(gR=ahead, b0=0.37)
    for package in SOME[1:2]:
        found = equilibria(world, [package], size=5, seeds=())
        [only] = found.found
        assert len(found.led[0]) == 4 and not found.unsettled
        assert np.isclose(only.value, constant(world[None], [package], engine="numpy")[0, 0, 0], rtol=1e-6)


def test_equations_hold_and_both_sides_respond() -> None:
    found = equilibria(nominal(gR=0.9), SOME, size=9, seeds=(1,))
    assert found.found and found.note.endswith(MAY_BE_MORE)
    for end in found.found:
        assert end.settled and end.residual <= 1e-7
        assert np.allclose(end.shown.sum(axis=0), 1) and np.allclose(end.answers.sum(axis=-1), 1)
    assert sum(map(len, found.led)) + len(found.unsettled) == 5
    assert len({end.value for end in found.found}) == len(found.found)


def test_an_adversary_that_foresees_answers_otherwise() -> None:
    """A followed policy: only where the adversary looks ahead do its answers depend on what the alliance believes."""
    policy = adaptive(nominal(), SOME, grids=(17,), engine="numpy")
    [blind], [seeing] = (
        equilibria(nominal(gR=ahead), SOME, policy=policy, size=9, seeds=(1,)).found for ahead in (0.0, 0.9)
    )
    assert blind.steps == 1 and (blind.shown == seeing.shown).all()
    assert np.ptp(blind.answers, axis=3).max() < 1e-12  # a myopic answer does not depend on the belief
    assert np.ptp(seeing.answers, axis=3).max() > 1e-3
    low, high = policy.value
    assert low - 0.05 * abs(low) <= blind.value <= high + 0.05 * abs(high)


def test_alike_types_leave_beliefs_without_weight() -> None:
    alike = nominal(V_S=1.2, g_S=0.4, y_S=0.1, pre=1.0, gR=0.6)
    for belief in (0.1, 0.9):
        alike[0] = belief
        found = equilibria(alike, SOME, size=9, seeds=())
        answers = found.found[0].answers
        assert np.allclose(answers[:, 0], answers[:, 1], atol=1e-5)


def test_starts_that_do_not_settle_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantal, "_STEPS", 1)
    found = equilibria(nominal(), SOME, size=9, seeds=(1,))
    assert not found.found and len(found.unsettled) == 5
    assert "5 of which did not settle" in found.note and MAY_BE_MORE in found.note
    assert all(not end.settled and end.residual > 1e-7 for end in found.unsettled)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(BadInput, match="chooses nothing"):
        equilibria(nominal(), SOME, precision=0)
    with pytest.raises(BadInput, match="other packages"):
        equilibria(nominal(), SOME, policy=adaptive(nominal(), SOME[:2], grids=(17,), engine="numpy"))
