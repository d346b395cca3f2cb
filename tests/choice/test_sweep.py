"""The four sets of priors, beside an independent prototype's figures; and what the table refuses."""

from functools import cache

import numpy as np
import pytest

from dualtrack.api import open_record
from dualtrack.choice.constant import constant
from dualtrack.choice.package import PACKAGES
from dualtrack.choice.priors import all_priors
from dualtrack.choice.ranges import ranges
from dualtrack.choice.sampling import sample
from dualtrack.choice.scenario import NAMED
from dualtrack.choice.sweep import CLASSES, class_of, sweep

PROTOTYPE = {
    "article": ((0.27, 0.04, 0.22, 0.47), 0.98, (38, 20, 56, 2.7)),
    "neutral": ((0.42, 0.24, 0.18, 0.16), 0.83, (36, 11.7, 54, 13.5)),
    "sceptic_of_dialogue": ((0.57, 0.42, 0.006, 0.006), 0.86, (37, 6, 96, 39)),
    "sceptic_of_presence": ((0.50, 0.006, 0.38, 0.12), 0.99, (6.8, 59, 14, 17)),
}
"""8,192 worlds, by another program: shares best of the four named, cross-difference above zero, mean regrets."""


@cache
def outcomes() -> dict[str, np.ndarray]:
    """512 worlds of each set."""
    box = ranges(open_record("2026-11-25"))
    worlds = [sample(box.replaced(all_priors()[name].ranges), 512, 7) for name in PROTOTYPE]
    return dict(zip(PROTOTYPE, np.split(constant(np.concatenate(worlds), PACKAGES), len(worlds)), strict=True))


def test_figures_are_the_prototype_s_within_their_errors() -> None:
    for found in sweep(outcomes(), PACKAGES):
        best, helps, regret = PROTOTYPE[found.name]
        for one, share, mean in zip(found.named, best, regret, strict=True):
            assert abs(one.best - share) < 4 * np.hypot(one.best_error, one.best_error / 4) + 0.005
            assert abs(one.mean - mean) < 4 * np.hypot(one.error, one.error / 4) + 0.5
        assert abs(found.helps.value - helps) < 4 * found.helps.error + 0.005


def test_shares_are_wholes_and_belong_to_the_sets_in_order() -> None:
    found = sweep(outcomes(), PACKAGES)
    assert [one.name for one in found] == list(PROTOTYPE)
    for one in found:
        assert sum(named.best for named in one.named) == pytest.approx(1)
        assert sum(share.value for share in one.classes) == pytest.approx(1)
        assert sorted(name for tier in one.tiers for name in tier) == sorted(named.name for named in NAMED)


def test_the_order_and_number_of_packages_is_nothing() -> None:
    order = np.random.default_rng(1).permutation(len(PACKAGES))
    moved = {name: own[:, order] for name, own in outcomes().items()}
    assert sweep(moved, [PACKAGES[number] for number in order]) == sweep(outcomes(), PACKAGES)


def test_a_class_is_what_there_is_any_of() -> None:
    counts = np.bincount([class_of(package) for package in PACKAGES])
    assert dict(zip(CLASSES, counts.tolist(), strict=True)) == {
        "neither track": 4, "presence only": 12, "dialogue only": 8, "both tracks": 24
    }  # fmt: skip


def test_nothing_is_told_without_the_neutral_set_or_a_package() -> None:
    alone = {"article": outcomes()["article"]}
    with pytest.raises(ValueError, match="neutral"):
        sweep(alone, PACKAGES)
    with pytest.raises(ValueError, match="1 of the 48"):
        sweep({name: own[:, 1:] for name, own in outcomes().items()}, PACKAGES[1:])
