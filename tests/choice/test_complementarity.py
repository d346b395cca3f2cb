"""The cross-difference: nothing of it where nothing acts together, and what was put in comes out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dualtrack.choice.complementarity import (
    CELLS,
    CORNER,
    Square,
    along,
    complementarity,
    crosses,
    decisive,
    everywhere,
    over,
)
from dualtrack.choice.package import PACKAGES, as_array
from dualtrack.choice.parameters import COLUMN, NAMES
from dualtrack.choice.question import question

LEVELS = as_array(PACKAGES)
WORTH = st.floats(-100, 100)


def made(worth: np.ndarray) -> np.ndarray:
    """Outcomes, each the sum of what presence, dialogue, explanation and form do by themselves."""
    return np.asarray(np.exp(LEVELS) @ worth)  # (worlds, 48, 6)


@given(arrays(np.float64, (3, 4, 6), elements=WORTH))
def test_what_only_adds_up_has_no_cross_difference(worth: np.ndarray) -> None:
    outcomes = made(worth)
    for square in (CORNER, *CELLS):
        assert np.abs(crosses(outcomes, PACKAGES, square)).max() < 1e-9
    for found in complementarity(outcomes, PACKAGES):
        assert found.helps.value == found.hinders.value == 0


@given(arrays(np.float64, (3, 4, 6), elements=WORTH), st.floats(0.01, 50))
def test_what_acts_together_comes_out_turned_to_the_good(worth: np.ndarray, together: float) -> None:
    outcomes = made(worth) + together * (LEVELS[:, 0] * LEVELS[:, 1])[None, :, None]
    for square in (CORNER, *CELLS):
        area = (square.presence[1] - square.presence[0]) * (square.dialogue[1] - square.dialogue[0])
        found = crosses(outcomes, PACKAGES, square)
        sign = [1, -1, -1, -1, -1, 1]  # more value and support are good; more of the others is not
        np.testing.assert_allclose(found, np.broadcast_to(np.multiply(sign, together * area), found.shape), atol=1e-9)
    assert everywhere(outcomes, PACKAGES).together.value == 1
    assert everywhere(outcomes, PACKAGES, "escalation").mean == 0


@given(arrays(np.float64, (4, 48, 6), elements=WORTH), st.randoms(use_true_random=False))
def test_the_order_of_packages_is_nothing(outcomes: np.ndarray, random: object) -> None:
    order = list(range(48))
    random.shuffle(order)  # type: ignore[attr-defined]
    moved = [PACKAGES[number] for number in order]
    np.testing.assert_array_equal(crosses(outcomes[:, order], moved), crosses(outcomes, PACKAGES))


@given(arrays(np.float64, (4, 48, 6), elements=WORTH))
def test_cells_add_up_to_the_corner_and_the_corner_is_the_question(outcomes: np.ndarray) -> None:
    inside = [cell for cell in CELLS if cell.explain == cell.multinational == 1 and cell.presence[1] < 0.9]
    assert len(inside) == 4 and len(CELLS) == len(set(CELLS)) == 24
    np.testing.assert_allclose(
        sum(crosses(outcomes, PACKAGES, cell) for cell in inside), crosses(outcomes, PACKAGES), atol=1e-9
    )
    asked = question("presence-makes-dialogue-worth-more")
    own = outcomes[:, [PACKAGES.index(package) for package in asked.packages]]
    np.testing.assert_allclose(asked.margin(own), crosses(outcomes, PACKAGES)[:, 0], atol=1e-9)


def test_a_package_that_was_not_solved_is_told() -> None:
    with pytest.raises(ValueError, match="not among the packages"):
        crosses(np.zeros((1, 48, 6)), PACKAGES, Square((0, 0.5), (0, 1), 1, 1))


def test_the_lowest_cell_is_the_one_made_lowest() -> None:
    cell = CELLS[13]
    outcomes = np.zeros((10, 48, 6)) + (LEVELS[:, 0] * LEVELS[:, 1])[None, :, None]
    outcomes[:4, PACKAGES.index(cell.packages[3])] -= 0.2  # less than its area for the cells around
    found = everywhere(outcomes, PACKAGES, "value")
    assert found.lowest == (cell, found.cells[13]) and found.cells[13].value == 0.6
    assert found.together.value == 0.6 and found.together.value <= min(one.value for one in found.cells)


def test_maps_find_the_parameters_that_decide_and_count_every_world_once() -> None:
    worlds = np.random.default_rng(2).random((4000, len(NAMES)))
    worlds[:, COLUMN["gamma"]] = 0.97
    x, y = worlds[:, COLUMN["kW"]], worlds[:, COLUMN["ell0"]]
    cross = x - 0.5 * y - 0.1
    assert [name for name, _ in decisive(worlds, cross)[:2]] == ["kW", "ell0"]
    rising = along(worlds, cross, "kW")
    assert sum(cut.helps.n for cut in rising) == 4000
    assert [cut.helps.value for cut in rising] == sorted(cut.helps.value for cut in rising)
    assert len(along(worlds, cross, "gamma")) == 1, "what all worlds share has no parts"
    cells = over(worlds, cross, ("kW", "ell0"))
    assert sum(cut.helps.n for cut in cells) == 4000
    for cut in cells:
        (least, most), (low, high) = cut.ranges
        if least - 0.5 * high - 0.1 > 0:
            assert cut.helps.value == 1
        if most - 0.5 * low - 0.1 < 0:
            assert cut.helps.value == 0
