"""Channels switched off: each with its own parameters, over the same worlds, against the solver asked by itself."""

import numpy as np
import pytest

from dualtrack.api import open_record
from dualtrack.choice.ablation import ALL, ARGUED, NOTHING, ablate
from dualtrack.choice.channels import CHANNELS
from dualtrack.choice.constant import constant
from dualtrack.choice.parameters import COLUMN, NAMES
from dualtrack.choice.priors import priors
from dualtrack.choice.question import question
from dualtrack.choice.ranges import ranges
from dualtrack.choice.sampling import sample

WORTH = question("presence-makes-dialogue-worth-more")


def test_an_answer_rests_on_the_channel_it_was_made_of() -> None:
    worlds = np.random.default_rng(1).random((2000, len(NAMES)))
    found = {one.title: one for one in ablate(worlds, lambda own: own[:, COLUMN["conf"]] - 0.25)}
    assert list(found) == [NOTHING, *(channel.title for channel in CHANNELS), ARGUED, ALL]
    for title, one in found.items():
        if "conf" in one.off:
            assert one.holds.value == 0 and one.change.value == pytest.approx(-found[NOTHING].holds.value)
        else:
            assert one.change.value == one.change.error == 0, title


def test_each_case_is_what_the_solver_says_of_those_worlds() -> None:
    worlds = sample(ranges(open_record("2026-11-25")).replaced(priors("neutral").ranges), 128, 3)
    found = ablate(worlds, lambda own: WORTH.margin(constant(own, WORTH.packages)))
    for one in found[:4]:
        own = worlds.copy()
        for name, value in one.off.items():
            own[:, COLUMN[name]] = value
        margin = WORTH.margin(constant(own, WORTH.packages))
        assert one.median == pytest.approx(np.median(margin)) and one.holds.value == (margin > 1e-9).mean()
        assert one.change.value == pytest.approx(one.holds.value - found[0].holds.value)


def test_dialogue_that_does_nothing_has_no_cross_difference() -> None:
    """With every channel off, no offers and no effect on tension or cost, presence and dialogue cannot act together."""
    worlds = sample(ranges(open_record("2026-11-25")), 64, 3)
    for name in ("y_S", "y_G"):
        worlds[:, COLUMN[name]] = 0
    worlds[:, COLUMN["td"]] = 0
    none = ablate(worlds, lambda own: WORTH.margin(constant(own, WORTH.packages)))[-1]
    assert none.title == ALL and none.holds.value == 0 and abs(none.median) < 1e-9
