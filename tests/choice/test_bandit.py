"""The probe's closed form, against value iteration on the belief after each failure."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dualtrack.choice.bandit import Probe, stopping_belief, tries, value
from dualtrack.core.errors import BadInput


@st.composite
def probes(draw: st.DrawFn) -> Probe:
    chance = draw(st.floats(0.05, 1))
    prize = draw(st.floats(1, 20))
    return Probe(chance * prize * draw(st.floats(0.05, 0.95)), prize, chance, draw(st.floats(0, 0.95)))


def after_failure(probe: Probe, belief: float) -> float:
    return belief * (1 - probe.chance) / (1 - belief * probe.chance)


def best(probe: Probe, belief: float, depth: int) -> float:
    """Backward recursion along failures; after ``depth`` of them it gives up, which costs at most what is left."""
    forever = probe.safe / (1 - probe.discount)
    if depth == 0 or belief == 0:
        return forever
    win = belief * probe.chance
    success = probe.prize + probe.discount * probe.chance * probe.prize / (1 - probe.discount)
    fail = best(probe, after_failure(probe, belief), depth - 1)
    return max(forever, win * success + (1 - win) * probe.discount * fail)


@given(probes(), st.floats(0, 1))
def test_the_closed_form_is_the_best_that_backward_recursion_finds(probe: Probe, belief: float) -> None:
    assume(tries(probe, belief) <= 400)
    found = best(probe, belief, 402)
    assert value(probe, belief) == pytest.approx(found, rel=1e-9)


@given(probes())
def test_stopping_and_trying_once_more_pay_the_same_at_the_stopping_belief(probe: Probe) -> None:
    stop = stopping_belief(probe)
    assert 0 < stop < 1
    win = stop * probe.chance
    forever = probe.safe / (1 - probe.discount)
    success = probe.prize + probe.discount * probe.chance * probe.prize / (1 - probe.discount)
    assert win * success + (1 - win) * probe.discount * forever == pytest.approx(forever, rel=1e-9)
    assert tries(probe, stop) == 0
    assert tries(probe, min(stop * 1.001, 1.0)) >= 1


def test_a_case_known_to_be_good_is_tried_for_ever() -> None:
    probe = Probe(1, 10, 0.2, 0.9)
    assert tries(probe, 1.0) == math.inf
    assert value(probe, 1.0) == pytest.approx(20)


@pytest.mark.parametrize("fields", [(1, 10, 0, 0.9), (1, 10, 0.2, 1), (3, 10, 0.2, 0.9), (0, 10, 0.2, 0.9)])
def test_a_probe_that_makes_no_sense_is_refused(fields: tuple[float, float, float, float]) -> None:
    with pytest.raises(BadInput):
        Probe(*fields)


def test_a_belief_is_a_probability() -> None:
    with pytest.raises(BadInput, match="no probability"):
        value(Probe(1, 10, 0.2, 0.9), 1.5)
