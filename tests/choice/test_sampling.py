"""Worlds drawn: inside their box, continued without a seam, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.choice.parameters import COLUMN, NAMES
from dualtrack.choice.priors import all_priors
from dualtrack.choice.ranges import Ranges, ranges
from dualtrack.choice.sampling import Method, sample

BOX = ranges(open_record("2026-11-25"))


@pytest.mark.parametrize("method", ["sobol", "latin", "random"])
def test_worlds_lie_in_their_box_and_fill_it(method: Method) -> None:
    box = BOX.replaced({"kW": (-0.4, 0.4)})
    worlds = sample(box, 256, 7, method=method)
    assert worlds.shape == (256, len(NAMES))
    assert (worlds >= box.low).all() and (worlds <= box.high).all()
    middle = (box.low + box.high) / 2
    assert np.abs((worlds.mean(axis=0) - middle) / (box.high - box.low)).max() < 0.1
    assert worlds.tobytes() == sample(box, 256, 7, method=method).tobytes()
    assert worlds.tobytes() != sample(box, 256, 8, method=method).tobytes()


@settings(max_examples=25)
@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 2**31))
def test_a_sobol_sequence_is_continued_without_a_seam(first: int, second: int, seed: int) -> None:
    whole = sample(BOX, first + second, seed)
    assert (
        np.concatenate([sample(BOX, first, seed), sample(BOX, second, seed, skip=first)]).tobytes() == whole.tobytes()
    )


def test_what_cannot_be_continued_says_so() -> None:
    with pytest.raises(ValueError, match="drawn whole"):
        sample(BOX, 4, 1, skip=4, method="latin")


def test_a_nominal_value_stays_in_its_range() -> None:
    moved = BOX.replaced({"c_d": (0.1, 0.5)})
    assert isinstance(moved, Ranges) and moved.nominal[COLUMN["c_d"]] == 0.1
    for found in all_priors().values():
        box = BOX.replaced(found.ranges)
        assert (box.low <= box.nominal).all() and (box.nominal <= box.high).all()
