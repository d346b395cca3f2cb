"""Policy maps: what is told is so, what cannot be told is said."""

import numpy as np

from dualtrack.choice.adaptive import adaptive
from dualtrack.choice.decision import START_STATE
from dualtrack.choice.package import PACKAGES
from dualtrack.choice.policymap import policy_map, policy_maps
from dualtrack.choice.verification.nominal import nominal

SOME = (PACKAGES[0], PACKAGES[10], PACKAGES[22], PACKAGES[34], PACKAGES[47])


def test_what_a_rough_map_tells_a_finer_one_confirms() -> None:
    rough = policy_map(nominal(), SOME, tolerance=0, grids=(17,), engine="compiled")
    fine = policy_map(nominal(), SOME, tolerance=0, grids=(33,), engine="compiled")
    shared = [int(np.argmin(np.abs(fine.beliefs - belief))) for belief in (0.0, 0.5, 1.0)]
    of_rough = [0, len(rough.beliefs) // 2, len(rough.beliefs) - 1]
    assert rough.told.any() and fine.told.mean() > rough.told.mean()
    for here, there in zip(of_rough, shared, strict=True):
        assert rough.beliefs[here] == fine.beliefs[there]
        # what is best for certain is not ruled out by finer bounds
        for state in np.flatnonzero(rough.told[:, here]):
            assert fine.open[rough.best[state, here], state, there]
            assert not fine.told[state, there] or fine.best[state, there] == rough.best[state, here]


def test_twins_cannot_be_told_apart() -> None:
    """Packages that do and cost the same tie everywhere: the map says so, and on what they agree."""
    found = policy_map(nominal(c_m=0.0, chi=0.0), (PACKAGES[2], PACKAGES[3]), grids=(17,), engine="compiled")
    assert not found.told.any() and found.open.all()
    assert np.isnan(found.levels("multinational")).all() and (found.levels("explain") == 1).all()
    cell = found.cell(START_STATE, 8)
    assert cell.package is None and len(cell.open) == 2 and cell.advantage <= cell.gap


def test_cells_and_arrays_say_the_same() -> None:
    found = policy_map(nominal(), SOME, tolerance=5e-3, engine="compiled")
    assert found.solution.settled and found.solution.widest <= 5e-3
    cells = list(found.cells())
    assert len(cells) == 20 * len(found.beliefs)
    assert sum(cell.package is not None for cell in cells) == found.told.sum() > 0
    for cell in cells:
        assert cell.open and cell.value.lower <= cell.value.upper
        assert (cell.package is not None) == (cell.advantage > cell.gap)


def test_one_package_is_always_best() -> None:
    found = policy_map(nominal(), SOME[:1], grids=(17,), engine="compiled")
    assert found.told.all() and found.cell(0, 0).advantage == np.inf


def test_maps_of_many_worlds_are_those_of_each() -> None:
    worlds = np.stack([nominal(), nominal(H=60.0)])
    together = policy_maps(worlds, SOME, grids=(9,), engine="compiled", threads=2)
    for world, found in zip(worlds, together, strict=True):
        alone = policy_map(world, SOME, grids=(9,), engine="compiled")
        assert alone.worth.tobytes() == found.worth.tobytes() and alone.lower.tobytes() == found.lower.tobytes()
    assert together[0].solution.value == adaptive(worlds[0], SOME, grids=(9,), everywhere=True, engine="compiled").value
