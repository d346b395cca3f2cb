"""The closest encounter in words: no nearer than the positions' own error can tell."""

from types import SimpleNamespace
from typing import cast

import pytest

from dualtrack.publish.encounters.words import nearest, nearest_in_words, rounded_up
from dualtrack.tracks.encounter import Encounter


def met(least: float, error: float) -> Encounter:
    a, b = (SimpleNamespace(name=name, id=name.lower()) for name in ("ONE", "OTHER"))
    return cast(Encounter, SimpleNamespace(
        a=a, b=b, h_min_m=least, h_low_m=max(0.0, least - error), h_high_m=least + error, v_at_cpa_ft=None,
        t_cpa_ms=1_641_168_748_000,
    ))  # fmt: skip


def test_what_is_nearer_than_its_error_is_told_by_the_error() -> None:
    one = met(least=1.0, error=201.4)
    assert "came within 210\u00a0m of each other, as near as their positions can tell" in nearest_in_words(one)
    assert "less than 210\u00a0m" in nearest(one) and "1\u00a0m of" not in nearest_in_words(one)


def test_what_is_farther_than_its_error_is_told_as_it_was_found() -> None:
    one = met(least=906.0, error=201.0)
    assert "came within 906\u00a0m of each other, on" in nearest_in_words(one)
    assert ", 906\u00a0m," in nearest(one)


@pytest.mark.parametrize(("metres", "told"), [(202.4, 210.0), (85.0, 85.0), (3.2, 4.0), (0.4, 1.0), (1999.0, 2000.0)])
def test_an_error_is_rounded_up_to_two_digits(metres: float, told: float) -> None:
    assert rounded_up(metres) == told
