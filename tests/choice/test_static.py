"""One quarter in closed form: against the exact solver, the plain model and the formulas; contributions sum up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.choice import formulas
from dualtrack.choice.channels import CHANNELS, without
from dualtrack.choice.constant import constant
from dualtrack.choice.outcomes import SUPPORTS
from dualtrack.choice.package import PACKAGES, Package
from dualtrack.choice.parameters import COLUMN
from dualtrack.choice.static import (
    START_STATE,
    THESIS,
    Pair,
    contributions,
    cross_difference,
    effects,
    next_support,
    static_value,
    sustainable_presence,
)
from dualtrack.choice.verification.nominal import nominal
from dualtrack.choice.verification.v11_plain_twin import worlds

seeds = st.integers(0, 2**32 - 1)
states = st.integers(0, formulas.STATES - 1)
pairs = st.builds(
    Pair,
    presence=st.sampled_from([1 / 3, 2 / 3, 1.0]),
    dialogue=st.sampled_from([0.5, 1.0]),
    explain=st.sampled_from([0.0, 1.0]),
    multinational=st.sampled_from([0.0, 1.0]),
)


def one_quarter(drawn: np.ndarray) -> np.ndarray:
    only = drawn.copy()
    only[:, COLUMN["gamma"]] = only[:, COLUMN["gR"]] = 0.0
    return only


@settings(max_examples=10)
@given(seeds)
def test_one_quarter_is_the_model_without_a_future(seed: int) -> None:
    drawn = worlds(20, seed)
    exact = constant(one_quarter(drawn), PACKAGES, engine="numpy")[..., 0]
    closed = np.stack([static_value(drawn, package) for package in PACKAGES], axis=1)
    np.testing.assert_allclose(closed, exact, rtol=1e-12, atol=1e-13)


@settings(max_examples=20)
@given(seeds, states, st.sampled_from(PACKAGES))
def test_support_a_quarter_later_is_that_of_the_transition_matrix(seed: int, state: int, package: Package) -> None:
    drawn = worlds(8, seed)
    worth = drawn[:, COLUMN["beta"], None, None] * formulas.utilities(drawn, package)[:, :, state]
    answers = np.exp(worth - worth.max(axis=-1, keepdims=True))
    answers /= answers.sum(axis=-1, keepdims=True)
    kernel = formulas.transitions(drawn, package)[:, :, state]
    by_type = np.einsum("nca,nax,x->nc", answers, kernel, formulas.SUPPORT)
    greedy = drawn[:, COLUMN["b0"]]
    expected = (1 - greedy) * by_type[:, 0] + greedy * by_type[:, 1]
    np.testing.assert_allclose(next_support(drawn, package, state), expected, rtol=1e-12)


@settings(max_examples=15)
@given(seeds, states, pairs, st.sampled_from(["value", "support"]))
def test_contributions_sum_to_the_cross_difference(seed: int, state: int, pair: Pair, measure: str) -> None:
    drawn = worlds(5, seed)
    found = contributions(drawn, pair, state, measure)
    total = cross_difference(drawn, pair, state, measure)
    assert found.total.tolist() == total.tolist()
    np.testing.assert_allclose(sum(found.by_channel.values()) + found.rest, total, rtol=1e-9, atol=1e-12)
    off = without(drawn, THESIS)
    assert found.rest.tolist() == cross_difference(off, pair, state, measure).tolist()


@settings(max_examples=15)
@given(seeds, states, pairs, st.sampled_from(THESIS))
def test_a_channel_that_is_off_contributes_nothing(seed: int, state: int, pair: Pair, channel: object) -> None:
    drawn = without(worlds(5, seed), [channel])
    found = contributions(drawn, pair, state)
    assert np.abs(found.by_channel[channel.id]).max() == 0


@settings(max_examples=30)
@given(seeds, states, pairs)
def test_every_effect_is_the_cross_difference_of_its_quantity(seed: int, state: int, pair: Pair) -> None:
    drawn = worlds(6, seed)

    def offered(number: int) -> np.ndarray:
        return pair.cross(lambda package: formulas.utilities(drawn, package)[:, number, state, 0])

    def exposed(package: Package) -> np.ndarray:
        return (1 - drawn[:, COLUMN["rho_e"]] * package.dialogue) * (0.5 + package.presence / 2)

    def image(package: Package) -> np.ndarray:
        return drawn[:, COLUMN["conf"]] * package.presence * (1 - package.dialogue)

    expected = {
        "leverage_S": offered(0),
        "leverage_G": offered(1),
        "unity": pair.cross(lambda package: formulas.unity(drawn, package)[:, state]),
        "fear": pair.cross(lambda package: formulas.threat(drawn, package)[:, state]),
        "hotlines": pair.cross(exposed),
        "confrontation": pair.cross(image),
    }
    found = effects(drawn, pair, state)
    assert [effect.id for effect in found] == list(expected)
    for effect in found:
        np.testing.assert_allclose(effect.cross, expected[effect.id], rtol=1e-9, atol=1e-14)
        wanted = 1 if effect.id.startswith(("leverage", "unity")) else -1
        assert effect.speaks_for.tolist() == np.sign(wanted * effect.cross).tolist()


def test_the_signs_turn_where_the_conditions_say() -> None:
    """Each condition named is what decides: with its parameter turned round the effect speaks against the pair."""
    turned = {
        "leverage_S": {"ell0": 1.5}, "leverage_G": {"y_G": -0.1}, "unity": {"kW": -0.3, "kE": -0.3},
        "fear": {"rho": -0.4}, "hotlines": {"rho_e": -0.3}, "confrontation": {"conf": -0.1},
    }  # fmt: skip
    for effect in effects(nominal()[None], Pair()):
        assert effect.speaks_for.tolist() == [1.0]
        [against] = [e for e in effects(nominal(**turned[effect.id])[None], Pair()) if e.id == effect.id]
        assert against.speaks_for.tolist() == [-1.0]


def test_channels_of_the_nominal_world_all_help_or_do_nothing() -> None:
    found = contributions(nominal()[None], Pair())
    assert float(found.total[0]) > 0
    assert {name for name, part in found.by_channel.items() if part[0] > 1e-6} == {
        "fear", "unity", "leverage", "hotlines",
    }  # fmt: skip
    assert float(found.rest[0]) < 0  # the second reason for restraint adds less than the first


def test_other_channels_may_be_asked_for() -> None:
    drawn = worlds(4)
    weak = [channel for channel in CHANNELS if channel.id in ("weakness", "unity")]
    found = contributions(drawn, Pair(), channels=weak)
    assert list(found.by_channel) == ["unity", "weakness"]
    np.testing.assert_allclose(sum(found.by_channel.values()) + found.rest, found.total, atol=1e-12)


@settings(max_examples=8)
@given(seeds, st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 1.0]))
def test_presence_is_sustainable_up_to_the_edge(seed: int, dialogue: float, explain: float) -> None:
    drawn = worlds(30, seed)
    edges = sustainable_presence(drawn, dialogue, explain)

    def falls(world: np.ndarray, presence: float) -> bool:
        """Whether support tends to fall while all is calm, from the model's own moves."""
        up, down = formulas.support_moves(world[None], Package(presence, dialogue, explain, 0.0))[0, 0]
        return bool(down > up + 1e-12)

    for world, edge in zip(drawn, edges, strict=True):
        grid = np.linspace(0, 1, 101)
        bearable = [presence for presence in grid if not falls(world, presence)]
        if np.isnan(edge):
            assert not bearable
        else:
            assert max(bearable, default=0.0) <= edge + 1e-9
            assert not falls(world, edge)
            assert max(bearable, default=0.0) >= edge - 0.0101


def test_dialogue_sustains_more_presence_where_it_is_welcome_or_spares_an_image() -> None:
    tired = nominal(exq=0.03, dec=0.06, dlg=0.01)[None]
    at = [float(sustainable_presence(tired, dialogue, 1.0)[0]) for dialogue in (0.0, 0.5, 1.0)]
    assert at[0] == pytest.approx((0.03 - 0.018) / (0.02 + 0.08))
    assert at == sorted(at) and at[0] < at[2]
    neither = nominal(exq=0.03, dec=0.06, dlg=0.0, conf=0.0)[None]
    assert sustainable_presence(neither, 0.0, 1.0) == sustainable_presence(neither, 1.0, 1.0)
    more = sustainable_presence(tired, 0.0, 1.0, seen=0.1)
    assert float(more[0]) > at[0]  # pressure that is seen rallies


def test_at_the_end_of_the_scale_support_stays() -> None:
    top = formulas.STATES - 1
    assert (next_support(worlds(20), Package(0.0, 1.0, 1.0, 0.0), top) <= SUPPORTS[-1]).all()
    assert START_STATE == 9
