"""Constant packages: agreement with the plain definition, independence of how worlds are cut, and limits."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.choice.constant import constant
from dualtrack.choice.formulas import SUPPORT, support_moves, transitions
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import PACKAGES
from dualtrack.choice.parameters import COLUMN
from dualtrack.choice.priors import all_priors
from dualtrack.choice.ranges import ranges
from dualtrack.choice.sampling import sample
from dualtrack.choice.verification.nominal import nominal
from dualtrack.choice.verification.plain import plain
from dualtrack.core.errors import BadInput

BOX = ranges(open_record("2026-11-25"))


def worlds(seed: int, n: int, spread: float = 0.5) -> np.ndarray:
    """Worlds around the nominal one, each parameter up to ``spread`` off either way, some below zero."""
    rng = np.random.default_rng(seed)
    drawn = nominal() * (1 + spread * rng.uniform(-1, 1, (n, 51)))
    for name in ("rho_t", "rho_o", "rho_e", "mu", "rho", "kW", "kE", "conf", "dlg", "mis", "y_G"):  # either sign
        drawn[:, COLUMN[name]] *= rng.choice([-1, 1], n)
    drawn[:, COLUMN["gamma"]] = rng.uniform(0.94, 0.985, n)
    drawn[:, COLUMN["gR"]] = rng.uniform(0, 0.95, n)
    return drawn


def of_priors(name: str, seed: int, n: int) -> np.ndarray:
    """Worlds of a set of priors, by its name; of ``restless``, where support moves wildly: floored and cut."""
    if name in all_priors():
        return sample(BOX.replaced(all_priors()[name].ranges), n, seed, method="random")
    found = worlds(seed, n)
    for parameter in ("dec", "mis", "conf", "exq", "dlg", "rally"):
        found[:, COLUMN[parameter]] *= np.random.default_rng(seed).uniform(-6, 12, n)
    return found


@pytest.mark.parametrize("priors", [*all_priors(), "restless"])
@settings(max_examples=12)
@given(st.integers(0, 2**32), st.integers(0, len(PACKAGES) - 1))
def test_agrees_with_the_plain_definition(priors: str, seed: int, number: int) -> None:
    [world], package = of_priors(priors, seed, 1), PACKAGES[number]
    np.testing.assert_allclose(constant(world[None], [package])[0, 0], plain(world, package), rtol=1e-9, atol=1e-14)


def test_restless_support_is_floored_and_cut() -> None:
    drawn = of_priors("restless", 1, 500)
    moves = support_moves(drawn, PACKAGES[-2])
    assert moves.min() == 0 and moves.sum(axis=-1).max() == pytest.approx(0.9)
    assert (np.abs(moves.sum(axis=-1) - 0.9) < 1e-12).any(axis=1).mean() > 0.1


def test_how_worlds_are_cut_changes_no_bit() -> None:
    drawn, some = worlds(3, 300), PACKAGES[::7]
    whole = constant(drawn, some)
    parts = np.concatenate([constant(part, some) for part in np.array_split(drawn, 7)])
    assert whole.tobytes() == parts.tobytes()
    assert constant(drawn[::-1], some)[::-1].tobytes() == whole.tobytes()


def test_probabilities_are_probabilities() -> None:
    drawn = worlds(5, 50)
    for package in PACKAGES[::5]:
        moves = transitions(drawn, package)
        assert moves.min() >= 0
        np.testing.assert_allclose(moves.sum(axis=-1), 1, atol=1e-12)


def test_rates_are_rates() -> None:
    found = constant(worlds(7, 50), PACKAGES)
    rates = found[..., 1:5]
    assert rates.min() >= 0 and rates.max() <= 1
    support = found[..., OUTCOMES.index("support")]
    assert SUPPORT.min() <= support.min() and support.max() <= SUPPORT.max()


def test_lost_challenges_are_challenges() -> None:
    found = constant(worlds(11, 50), PACKAGES)
    assert (found[..., OUTCOMES.index("lost")] <= found[..., OUTCOMES.index("challenge")] + 1e-15).all()


@pytest.mark.parametrize("belief", [0.0, 1.0])
def test_a_known_type_is_one_end_of_the_mix(belief: float) -> None:
    drawn = worlds(13, 20)
    ends = [np.copy(drawn) for _ in range(3)]
    for end, b0 in zip(ends, (0.0, 1.0, 0.25), strict=True):
        end[:, COLUMN["b0"]] = b0
    low, high, between = (constant(end, PACKAGES[:3]) for end in ends)
    np.testing.assert_allclose(between, 0.75 * low + 0.25 * high, rtol=1e-12)
    assert not np.allclose(low if belief else high, between)


def test_large_inputs_without_the_extra_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = worlds(17, 40)
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr("dualtrack.choice.constant.find_spec", lambda name: None)
    monkeypatch.setattr("dualtrack.choice.constant._SMALL", 50)
    assert constant(drawn, PACKAGES[:2]).tobytes() == constant(drawn, PACKAGES[:2], "numpy").tobytes()
    monkeypatch.setattr("dualtrack.choice.constant._NUMPY", 0.1)
    with pytest.raises(BadInput, match=r"80 values would take 13 minutes in numpy.*\n.*dualtrack\[kernels\]"):
        constant(drawn, PACKAGES[:2])
    with pytest.raises(BadInput, match="numba"):
        constant(drawn, PACKAGES[:2], "compiled")
