"""V6: Nash and logit equilibria of the deterrence game."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dualtrack.choice.deterrence import Game, nash, quantal
from dualtrack.choice.verification.row import Row

TITLE = "Deterrence game: mixed and logit equilibria"
SOURCE = "closed form, and pygambit 16.7 (equal to 1e-15 and 1e-9)"

GAME = Game(gain=1.2, loss=1.5, readiness=0.3, lost=12.0, fought=8.0)
LOGIT = {1.0: (0.311283852, 0.738564447), 2.0: (0.181524158, 0.723343543)}


def rows() -> Iterator[Row]:
    """One mixed equilibrium, and logit equilibria at precisions 1 and 2."""
    found = nash(GAME)
    at = int(np.argmax(found.holds))
    yield Row("number of Nash equilibria", 1, int(found.number), 0.0)
    yield Row("probability of a response", 4 / 9, float(found.respond[at]), 1e-15)
    yield Row("probability of a challenge", 0.069767442, float(found.challenge[at]), 1e-9)
    for precision, (challenge, respond) in LOGIT.items():
        got = quantal(GAME, precision)
        yield Row(f"challenge, logit precision {precision:g}", challenge, float(got[0]), 1e-9)
        yield Row(f"response, logit precision {precision:g}", respond, float(got[1]), 1e-9)
