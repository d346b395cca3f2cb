"""Boxes and trees find what was planted, and nothing where there is nothing."""

from itertools import pairwise

import numpy as np
import pytest

from dualtrack.choice.prim import chosen, peel
from dualtrack.choice.tree import grow

NAMES = ("x", "y", "z")


def planted(n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    worlds = np.random.default_rng(5).random((n, 3))
    return worlds, (worlds[:, 0] > 0.6) & (worlds[:, 1] < 0.5)


def test_a_planted_box_is_found() -> None:
    worlds, wanted = planted()
    found = chosen(peel(worlds, wanted, NAMES))
    assert found.density > 0.85 and found.coverage > 0.8
    limits = {limit.parameter: limit for limit in found.limits if limit.p < 0.01}
    assert set(limits) == {"x", "y"}
    assert abs(limits["x"].low - 0.6) < 0.08 and abs(limits["y"].high - 0.5) < 0.08


def test_along_the_way_boxes_shrink_and_figures_fit_together() -> None:
    worlds, wanted = planted(800)
    boxes = peel(worlds, wanted, NAMES)
    assert boxes[0].coverage == boxes[0].mass == 1.0
    for wider, narrower in pairwise(boxes):
        assert narrower.mass < wider.mass and narrower.coverage <= wider.coverage
    for box in boxes:
        assert box.density * box.mass == pytest.approx(box.coverage * wanted.mean())


def test_limits_that_chance_would_set_as_well_are_told_by_their_p() -> None:
    worlds = np.random.default_rng(6).random((600, 3))
    wanted = np.random.default_rng(7).random(600) < 0.5
    found = chosen(peel(worlds, wanted, NAMES), density=0.99)
    assert all(limit.p > 1e-6 for limit in found.limits)


def test_nothing_wanted_is_no_box() -> None:
    with pytest.raises(ValueError, match="no box"):
        peel(np.zeros((10, 3)), np.zeros(10, dtype=bool), NAMES)


def test_a_tree_asks_what_decides() -> None:
    worlds, wanted = planted()
    leaves = grow(worlds, wanted.astype(np.intp), 2, NAMES)
    assert sum(leaf.mass for leaf in leaves) == pytest.approx(1)
    best = max(leaves, key=lambda leaf: leaf.shares[1])
    assert best.shares[1] > 0.9
    assert {question[0] for question in best.path} <= {"x", "y"}


def test_a_tree_of_one_class_is_a_leaf() -> None:
    worlds, _ = planted(100)
    [leaf] = grow(worlds, np.zeros(100, dtype=np.intp), 2, NAMES)
    assert leaf.path == () and leaf.shares == (1.0, 0.0)
