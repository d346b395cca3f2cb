"""Tying hands: every part of the equilibrium is a best response, and nobody bluffs where bluffing does not pay."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.choice.tying import (
    Contest,
    deterring_audience_cost,
    deterring_resistance,
    equilibrium,
    honest_audience_cost,
    resistance,
)
from dualtrack.core.errors import BadInput

shares = st.floats(0, 1)
positive = st.floats(0.01, 5)
contests = st.builds(Contest, shares, positive, st.floats(0, 3), positive, st.one_of(st.just(0.0), st.floats(1e-6, 1)))


@given(contests)
def test_the_challenger_is_indifferent_at_the_resistance_that_deters(contest: Contest) -> None:
    q = deterring_resistance(contest)
    assert (1 - q) + q * (contest.wins - contest.challenger_cost) == pytest.approx(0, abs=1e-9)


@given(contests)
def test_the_least_audience_cost_deters_and_less_does_not(contest: Contest) -> None:
    needed = float(deterring_audience_cost(contest))
    q = float(deterring_resistance(contest))
    if q > 1:
        assert needed == np.inf
        assert float(resistance(contest, 1e9)) < q  # however large: no audience cost deters
    else:
        assert float(resistance(contest, needed)) >= q - 1e-9
        if needed > 1e-6:
            assert float(resistance(contest, needed * (1 - 1e-6))) < q


@given(contests, positive)
def test_no_type_that_would_back_down_sends_where_bluffing_does_not_pay(contest: Contest, above: float) -> None:
    honest = float(honest_audience_cost(contest))
    if honest == np.inf:
        assert contest.undeterrable == 0 and float(deterring_resistance(contest)) <= 1  # nothing tests a bluff
        return
    found = equilibrium(contest, honest + above)
    assert float(found.bluffs) == 0 and float(found.bluffing) == 0
    assert float(found.sends_below) <= float(found.fights_below) + 1e-12


@given(contests, positive)
def test_every_move_is_a_best_response(contest: Contest, audience: float) -> None:
    found = equilibrium(contest, audience)
    w, v, r, q = contest.wins, contest.defender_value, contest.undeterrable, float(deterring_resistance(contest))
    challenged = float(found.challenged)
    for cost in np.linspace(0, contest.widest_cost, 41):
        fight = (1 - w) * v - cost
        send = (1 - challenged) * v + challenged * max(fight, -audience)
        silent = max(fight, 0.0)  # who keeps silent is challenged
        would_fight = cost <= float(found.fights_below) + 1e-12
        assert would_fight == (fight >= -audience - 1e-9) or abs(fight + audience) < 1e-9
        if cost <= float(found.sends_below) + 1e-9:
            assert send >= silent - 1e-9
        elif would_fight or float(found.bluffing) == 0:
            assert send <= silent + 1e-9
        elif float(found.bluffing) < 1:
            assert send == pytest.approx(silent, abs=1e-9)
        else:
            assert send >= silent - 1e-9
    meant = 1 - float(found.bluffs)  # the share of threats that are met
    if challenged == pytest.approx(1.0) and q > 1:
        assert meant <= q
    elif challenged == pytest.approx(r, abs=1e-12):
        assert meant >= q - 1e-9
    else:
        assert meant == pytest.approx(q, abs=1e-9)
        assert r - 1e-12 <= challenged <= 1 + 1e-12


def test_arrays_of_contests_are_solved_at_once() -> None:
    wins = np.linspace(0, 1, 7)[:, None]
    cost = np.linspace(0.1, 2, 5)
    together = equilibrium(Contest(wins, cost, 0.5, 1.0, 0.1), 0.4)
    assert together.challenged.shape == (7, 5)
    for i, w in enumerate(wins[:, 0]):
        for j, c in enumerate(cost):
            one = equilibrium(Contest(w, c, 0.5, 1.0, 0.1), 0.4)
            assert float(one.bluffs) == together.bluffs[i, j] and float(one.challenged) == together.challenged[i, j]


@pytest.mark.parametrize(
    "fields", [(1.2, 1, 1, 1), (0.5, 0, 1, 1), (0.5, 1, -1, 1), (0.5, 1, 1, 0), (0.5, 1, 1, 1, 2), (np.nan, 1, 1, 1)]
)
def test_a_contest_that_makes_no_sense_is_refused(fields: tuple[float, ...]) -> None:
    with pytest.raises(BadInput):
        Contest(*fields)


def test_an_audience_cost_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="ties no hands"):
        equilibrium(Contest(0.5, 1, 1, 1), 0.0)
