"""Sobol indices against a function whose indices are known, and flips against what the solver says."""

import numpy as np
import pytest

from dualtrack.api import open_record
from dualtrack.choice.constant import constant
from dualtrack.choice.flips import flips
from dualtrack.choice.parameters import COLUMN, NAMES
from dualtrack.choice.priors import priors
from dualtrack.choice.ranges import Ranges, ranges
from dualtrack.choice.scenario import NAMED
from dualtrack.choice.sensitivity import Index, damped, leading, sobol_indices

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


def test_indices_of_a_yes_or_no() -> None:
    """Yes where x + y > 1: variance 1/4, that of the share given x 1/12: so 1/3 alone, 2/3 with the other."""
    low, high = np.zeros(51), np.zeros(51)
    high[:3] = 1
    found = sobol_indices(
        lambda worlds: (worlds[:, 0] + worlds[:, 1] > 1).astype(float), Ranges(low, low, high), 4096, 5, resamples=50
    )
    by_name = {index.parameter: index for index in found}
    for name in NAMES[:2]:
        assert abs(by_name[name].first - 1 / 3) < 0.03 and abs(by_name[name].total - 2 / 3) < 0.03
    idle = by_name[NAMES[2]]
    assert idle.total == idle.total_low == idle.total_high == 0, "what has no effect at all has no band"
    assert leading(found, 2).sure and set(leading(found, 2).parameters) == set(NAMES[:2])
    assert not leading(found, 1).sure, "two that weigh the same have no first"


def test_a_figure_that_never_varies_is_told() -> None:
    with pytest.raises(ValueError, match="same in every world"):
        sobol_indices(lambda worlds: np.ones(len(worlds)), BOX, 64, 1, resamples=10)


def test_leaders_whose_bands_touch_the_others_are_not_sure() -> None:
    def index(name: str, total: float, band: float) -> Index:
        return Index(name, 0, 0, 0, total, total - band, total + band)

    wide = [index("a", 0.6, 0.3), index("b", 0.5, 0.3), index("c", 0.3, 0.3)]
    assert leading(wide, 2).parameters == ("a", "b") and not leading(wide, 2).sure
    narrow = [index("c", 0.3, 0.05), index("a", 0.6, 0.05), index("b", 0.5, 0.05)]
    assert leading(narrow, 2) == leading(narrow[::-1], 2) and leading(narrow, 2).sure
    assert not leading(narrow, 5).sure, "five of three are none"


def test_few_worlds_do_not_decide_what_is_damped_or_yes_or_no() -> None:
    box = BOX.replaced(priors("article").ranges)

    def ahead(worlds: np.ndarray) -> np.ndarray:
        values = constant(worlds, PACKAGES)[:, :, 0]
        return np.asarray(values[:, 3] - values[:, :3].max(axis=1))

    for ask in (lambda own: damped(ahead(own)), lambda own: (ahead(own) > 0).astype(float)):
        found = [leading(sobol_indices(ask, box, 256, seed, resamples=2), 3).parameters for seed in (1, 2)]
        assert set(found[0]) == set(found[1]) == {"V_G", "k2", "beta"}


def test_damping_keeps_sign_and_order() -> None:
    figures = np.array([-900.0, -3.0, -1e-6, 0.0, 1e-6, 2.0, 5e5])
    assert (np.diff(damped(figures)) > 0).all()
    np.testing.assert_array_equal(np.sign(damped(figures)), np.sign(figures))
    np.testing.assert_array_equal(damped(-figures), -damped(figures))


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


def test_the_seed_is_that_of_the_bands_too() -> None:
    """scipy's own bootstrap of indices cannot be seeded: a line said "partly chance" one day and not the next."""
    low, high = np.zeros(51), np.zeros(51)
    high[:3] = 1

    def figure(worlds: np.ndarray) -> np.ndarray:
        return worlds[:, 0] + worlds[:, 1] * worlds[:, 2]

    once, twice, other = (sobol_indices(figure, Ranges(low, low, high), 64, seed, resamples=50) for seed in (7, 7, 8))
    assert once == twice != other
