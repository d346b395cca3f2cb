"""The deterrence game: Nash conditions, an enumeration, and logit responses that are responses to each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.choice.deterrence import Game, deterring_credibility, logistic, nash, quantal
from dualtrack.core.errors import BadInput

EPSILON = np.finfo(float).eps
payoffs = st.one_of(st.integers(-20_000, 20_000), st.integers(-2, 2).map(lambda n: 1000 * n)).map(lambda n: n / 1000)
positive = st.floats(0.01, 20)
games = st.builds(Game, payoffs, payoffs, payoffs, payoffs, payoffs)


@st.composite
def deterrence_games(draw: st.DrawFn) -> Game:
    fought = draw(positive)
    return Game(draw(positive), draw(positive), draw(positive), fought + draw(positive), fought)


def payoff(game: Game, x: float, y: float) -> tuple[float, float]:
    """Expected payoffs of challenger and defender, from the table of the game."""
    challenger = x * ((1 - y) * game.gain - y * game.loss)
    defender = (1 - x) * y * -game.readiness + x * ((1 - y) * -game.lost + y * -game.fought)
    return challenger, defender


@given(games)
def test_no_side_gains_by_another_move_in_an_equilibrium(game: Game) -> None:
    found = nash(game)
    assert found.number >= 1
    for x, y, holds in zip(found.challenge, found.respond, found.holds, strict=True):
        if np.isnan(x) or np.isnan(y):
            assert not holds
            continue
        here = payoff(game, x, y)
        gains = [payoff(game, other, y)[0] - here[0] for other in (0, 1)]
        gains += [payoff(game, x, other)[1] - here[1] for other in (0, 1)]
        assert (max(gains) <= 1e-12) == holds


@given(games)
def test_games_without_ties_have_an_odd_number_of_equilibria(game: Game) -> None:
    unmet, met, idle, needed = (float(value) for value in game.advantages())
    if 0 not in (unmet, met, idle, needed):
        assert nash(game).number in (1, 3)


@given(deterrence_games())
def test_a_deterrence_game_has_one_mixed_equilibrium(game: Game) -> None:
    found = nash(game)
    assert found.number == 1
    at = int(np.argmax(found.holds))
    assert found.respond[at] == pytest.approx(game.gain / (game.gain + game.loss), rel=1e-12)
    expected = game.readiness / (game.lost - game.fought + game.readiness)
    assert found.challenge[at] == pytest.approx(expected, rel=1e-9)


@given(deterrence_games(), st.floats(0, 1000))
def test_logit_responses_are_responses_to_each_other(game: Game, precision: float) -> None:
    x, y = (float(value) for value in quantal(game, precision))
    to_challenge = precision * (game.gain - (game.gain + game.loss) * y)
    to_respond = precision * (x * (game.lost - game.fought + game.readiness) - game.readiness)
    assert y == pytest.approx(float(logistic(np.float64(to_respond))), rel=1e-9, abs=1e-300)
    # A change of x or y by one unit in the last place moves the other side's log-odds by precision times payoffs, and
    # these move x again: no root can be met more closely than that.
    size = precision * (game.gain + game.loss + game.lost + game.readiness)
    assert x == pytest.approx(float(logistic(np.float64(to_challenge))), abs=8 * EPSILON * (1 + size + size**2))


@given(deterrence_games())
def test_imprecise_sides_toss_a_coin_and_precise_ones_play_nash(game: Game) -> None:
    assert [float(value) for value in quantal(game, 0.0)] == [0.5, 0.5]
    found = nash(game)
    at = int(np.argmax(found.holds))
    challenge, respond = quantal(game, 1e7)
    assert float(challenge) == pytest.approx(float(found.challenge[at]), abs=0.01)
    assert float(respond) == pytest.approx(float(found.respond[at]), abs=0.01)


@given(deterrence_games(), st.floats(0.01, 50))
def test_more_to_gain_means_more_challenges_and_more_responses(game: Game, precision: float) -> None:
    more = Game(game.gain + 1, game.loss, game.readiness, game.lost, game.fought)
    less, greater = quantal(game, precision), quantal(more, precision)
    assert greater[0] >= less[0] - 1e-12 and greater[1] >= less[1] - 1e-12


def test_arrays_of_games_are_solved_at_once_with_the_same_figures() -> None:
    gains = np.linspace(0.1, 5, 11)[:, None]
    losses = np.linspace(0.1, 5, 7)
    together = quantal(Game(gains, losses, 0.3, 12.0, 8.0), 2.0)
    found = nash(Game(gains, losses, 0.3, 12.0, 8.0))
    assert together[0].shape == (11, 7) and found.holds.shape == (11, 7, 9)
    one = quantal(Game(gains[3, 0], losses[2], 0.3, 12.0, 8.0), 2.0)
    assert float(together[0][3, 2]) == pytest.approx(float(one[0]), rel=1e-13)


@given(positive, positive, st.floats(0, 5))
def test_credibility_deters_from_its_threshold_on(gain: float, loss: float, fixed: float) -> None:
    needed = float(deterring_credibility(gain, loss, fixed))
    for met, pays in ((needed - 1e-6, True), (needed + 1e-6, False)):
        assert (gain * (1 - met) - loss * met - fixed > 0) is pays


def test_games_of_another_kind_are_refused() -> None:
    with pytest.raises(BadInput, match="no deterrence game"):
        quantal(Game(1.0, -2.0, 0.3, 12.0, 8.0), 1.0)
    with pytest.raises(BadInput, match="precision"):
        quantal(Game(1.0, 2.0, 0.3, 12.0, 8.0), -1.0)
    with pytest.raises(BadInput, match="cannot deter"):
        deterring_credibility(1.0, -1.0)
