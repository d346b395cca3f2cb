"""Sobol indices against a function whose indices are known, and flips against what the solver says."""

import numpy as np

from dualtrack.api import open_record
from dualtrack.choice.constant import constant
from dualtrack.choice.flips import flips
from dualtrack.choice.parameters import COLUMN, NAMES
from dualtrack.choice.priors import priors
from dualtrack.choice.ranges import Ranges, ranges
from dualtrack.choice.scenario import NAMED
from dualtrack.choice.sensitivity import sobol_indices

BOX = ranges(open_record("2026-11-25"))
PACKAGES, TITLES = [one.package for one in NAMED], [one.name for one in NAMED]


def test_indices_of_the_function_of_ishigami_and_homma() -> None:
    """Ishigami and Homma 1990 with a = 7, b = 0.1: first order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437."""
    low, high = np.zeros(51), np.zeros(51)
    low[:3], high[:3] = -np.pi, np.pi

    def ishigami(worlds: np.ndarray) -> np.ndarray:
        x, y, z = worlds[:, 0], worlds[:, 1], worlds[:, 2]
        return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)

    found = {index.parameter: index for index in sobol_indices(ishigami, Ranges(low, low, high), 2048, 7, resamples=50)}
    expected = {NAMES[0]: (0.3139, 0.5576), NAMES[1]: (0.4424, 0.4424), NAMES[2]: (0.0, 0.2437)}
    assert set(found) == set(expected), "a parameter without a range has no index"
    for name, (first, total) in expected.items():
        assert abs(found[name].first - first) < 0.03 and abs(found[name].total - total) < 0.03
        assert found[name].total_low <= found[name].total <= found[name].total_high


def test_a_flip_is_where_the_best_package_changes() -> None:
    box = BOX.replaced(priors("article").ranges)
    found = flips(box, PACKAGES, TITLES, "both")
    told = [flip for flip in found if flip.value is not None]
    assert {flip.parameter for flip in told} >= {"V_G", "k2", "beta", "k0d"}
    for flip in told:
        outward = 1e-4 * (flip.high - flip.low) * np.sign(flip.value - flip.nominal)
        sides = np.repeat(box.nominal[None], 2, axis=0)
        sides[:, COLUMN[flip.parameter]] = flip.value - outward, flip.value + outward
        best = constant(sides, PACKAGES)[:, :, 0].argmax(axis=1)
        assert [TITLES[number] for number in best] == [flip.before, flip.after], flip


def test_no_flip_is_told_where_one_package_is_best_throughout() -> None:
    found = flips(BOX, PACKAGES, TITLES, "both")
    for flip in (flip for flip in found if flip.value is None):
        line = np.repeat(BOX.nominal[None], 101, axis=0)
        line[:, COLUMN[flip.parameter]] = np.linspace(flip.low, flip.high, 101)
        best = set(constant(line, PACKAGES)[:, :, 0].argmax(axis=1).tolist())
        assert best == {TITLES.index(flip.before)}, flip.parameter
