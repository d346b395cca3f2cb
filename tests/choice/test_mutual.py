"""What each track does to the other: the figures are those of one quarter, and shares count worlds of each set."""

import numpy as np

from dualtrack.choice.constant import constant
from dualtrack.choice.mutual import mutual
from dualtrack.choice.package import Package
from dualtrack.choice.static import Pair, contributions, cross_difference, effects, sustainable_presence
from dualtrack.choice.verification.nominal import nominal
from dualtrack.choice.verification.v11_plain_twin import worlds

WORLD = nominal()
SETS = {"one": worlds(40, 1), "other": worlds(25, 2)}
PAIR = Pair(presence=1 / 3, explain=0.0)
DONE: list[int] = []
FOUND = mutual(WORLD, SETS, PAIR, DONE.append)


def test_the_nominal_world_is_that_of_one_quarter() -> None:
    for told, own in zip(FOUND.effects, effects(WORLD[None], PAIR), strict=True):
        assert (told.id, told.cross.tolist()) == (own.id, own.cross.tolist())
    for measure, told_sum in FOUND.sums.items():
        assert told_sum.total.tolist() == contributions(WORLD[None], PAIR, measure=measure).total.tolist()
    four = [Package(p, d, 0.0, 1.0) for p in (1 / 3, 0.0) for d in (1.0, 0.0)]
    both, presence, dialogue, neither = constant(WORLD[None], four)[0, :, 0]
    assert np.isclose(FOUND.later, both - presence - dialogue + neither, rtol=1e-12)


def test_shares_count_the_worlds_of_each_set() -> None:
    assert DONE == [40, 25]
    for name, drawn in SETS.items():
        for effect in effects(drawn, PAIR):
            assert FOUND.speak[effect.id][name].value == np.mean(effect.speaks_for > 0)
        for measure, shares in FOUND.above.items():
            assert shares[name].value == np.mean(cross_difference(drawn, PAIR, measure=measure) > 1e-9)
            assert shares[name].n == len(drawn)
        for one in FOUND.sustained:
            most = sustainable_presence(drawn, one.dialogue, one.explain)
            assert one.shares[name].value == sum(level >= 1 / 3 - 1e-9 for level in most) / len(drawn)


def test_without_any_presence_that_support_bears_there_is_none() -> None:
    unwelcome = mutual(nominal(exq=0.0, dlg=0.0, dec=0.1), {}, Pair())
    assert [one.most for one in unwelcome.sustained] == [None] * 4
    assert [(one.dialogue, one.explain) for one in FOUND.sustained] == [(0, 0), (1, 0), (0, 1), (1, 1)]
