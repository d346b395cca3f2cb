"""Channels: off, each does nothing in the formulas it is made of; on, it does; and nothing else is touched."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.choice import formulas
from dualtrack.choice.channels import CHANNELS, Channel, without
from dualtrack.choice.complementarity import Square, crosses
from dualtrack.choice.constant import constant
from dualtrack.choice.package import DIALOGUES, PRESENCES, Package
from dualtrack.choice.parameters import COLUMN, NAMES, Floats
from dualtrack.choice.priors import NEUTRAL, priors
from dualtrack.choice.ranges import ranges
from dualtrack.choice.sampling import sample

BY_ID = {channel.id: channel for channel in CHANNELS}
BOX = ranges(open_record("2026-11-25"))
WORLDS = sample(BOX, 64, 5)
NATIONAL = Square((0.0, 2 / 3), (0.0, 1.0), 1.0, 0.0)
ALWAYS = np.full((64, 2, formulas.STATES, 3), 1 / 3)


def challenge(worlds: Floats, package: Package) -> Floats:
    return formulas.utilities(worlds, package)[..., 2]


def unscaled(worlds: Floats, package: Package) -> Floats:
    """Moves of support where they are not cut, which would mix those up and those down."""
    moves = formulas.support_moves(worlds, package)
    assert moves.sum(axis=-1).max() < 0.9
    return moves


Figure = Callable[[Floats, Package], Floats]
ACTS: list[tuple[str, str, Figure, tuple[str, ...]]] = [
    ("fear", "dialogue", formulas.threat, ()),
    ("unity", "dialogue", formulas.unity, ()),
    ("unity", "presence", formulas.unity, ()),
    ("leverage", "presence", formulas.leverage, ()),
    ("leverage", "presence", formulas.accepts, ()),
    ("confrontation", "dialogue", lambda worlds, package: unscaled(worlds, package)[:, :, 1], ()),
    ("hotlines", "dialogue", lambda worlds, package: formulas.flows(worlds, package, ALWAYS)[..., 3], ()),
    ("transparency", "dialogue", formulas.misreading, ()),
    ("transparency", "dialogue", lambda worlds, package: formulas.tension_moves(worlds, package)[:, :, 0], ()),
    ("welcome", "dialogue", lambda worlds, package: unscaled(worlds, package)[:, :, 0], ()),
    ("weakness", "dialogue", challenge, ("unity", "fear")),  # which act on it by other ways
    ("tripwire", "presence", formulas.credibility, ("unity",)),
]
"""Channel, lever, a figure that the lever moves through this channel only, and channels that are off beside it."""


@pytest.mark.parametrize(("channel", "lever", "figure", "beside"), ACTS)
def test_a_lever_moves_a_figure_through_the_channel_only(
    channel: str, lever: str, figure: Figure, beside: tuple[str, ...]
) -> None:
    levels = PRESENCES[1:] if lever == "presence" else DIALOGUES
    packages = [Package(2 / 3, 1 / 2, 1.0, 1.0)._replace(**{lever: level}) for level in levels]
    on = without(WORLDS, [BY_ID[name] for name in beside])
    off = without(on, [BY_ID[channel]])
    first = figure(off, packages[0])
    for package in packages[1:]:
        np.testing.assert_allclose(figure(off, package), first, rtol=0, atol=1e-14)
    moved = np.abs(figure(on, packages[-1]) - figure(on, packages[0])).reshape(len(WORLDS), -1).max(axis=1)
    assert (moved > 1e-6).mean() > 0.9, "in nearly every world it acts where it is on"


def test_every_channel_is_looked_at() -> None:
    assert {channel for channel, *_ in ACTS} == set(BY_ID)
    assert sum(channel.thesis for channel in CHANNELS) == 6
    parameters = [name for channel in CHANNELS for name in channel.off]
    assert len(parameters) == len(set(parameters)) and set(parameters) <= set(NAMES)


def test_off_is_a_world_of_the_neutral_set() -> None:
    """What is switched off is an assumption like any other, not one outside all that is explored."""
    box = BOX.replaced(priors(NEUTRAL).ranges)
    for channel in CHANNELS:
        for name, value in channel.off.items():
            assert box.low[COLUMN[name]] <= value <= box.high[COLUMN[name]], name


@given(st.permutations(CHANNELS), st.integers(0, len(CHANNELS)))
def test_only_its_parameters_are_changed_in_whatever_order(order: list[Channel], count: int) -> None:
    chosen, before = order[:count], WORLDS.copy()
    off = without(WORLDS, chosen)
    assert WORLDS.tobytes() == before.tobytes()
    assert off.tobytes() == without(off, chosen[::-1]).tobytes()
    expected = {name: value for channel in chosen for name, value in channel.off.items()}
    for name, column in COLUMN.items():
        np.testing.assert_array_equal(off[:, column], expected.get(name, WORLDS[:, column]))


def cross(worlds: Floats) -> Floats:
    return crosses(constant(worlds, NATIONAL.packages), NATIONAL.packages, NATIONAL)


def changed(worlds: Floats, seed: int, *names: str) -> Floats:
    """Other worlds of the box in some parameters, the same in the rest."""
    found, other = worlds.copy(), sample(BOX, len(worlds), seed, method="random")
    for name in names:
        found[:, COLUMN[name]] = other[:, COLUMN[name]]
    return found


@settings(max_examples=8)
@given(st.integers(0, 2**31))
def test_with_all_off_what_is_left_is_offers_and_tension(seed: int) -> None:
    """The cross-difference of every outcome no longer hears of parameters that acted through a channel, or add up."""
    off = without(WORLDS, CHANNELS)
    without_effect = ("xi", "c_p", "c_d", "c_e", "c_m")
    np.testing.assert_allclose(cross(changed(off, seed, *without_effect)), cross(off), rtol=0, atol=1e-9)
    for heard in ("y_S", "td", "omega"):
        assert np.abs(cross(changed(off, seed, heard)) - cross(off))[:, 0].max() > 1e-4, heard
    assert np.abs(cross(changed(WORLDS, seed, "xi")) - cross(WORLDS))[:, 0].max() > 1e-4, "the tripwire is on"
    quiet = off.copy()
    quiet[:, [COLUMN[name] for name in ("y_S", "y_G", "td")]] = 0.0
    assert np.abs(cross(changed(quiet, seed, "cond", "omega", "tu", "eps0", "mis"))).max() < 1e-9
