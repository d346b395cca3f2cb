"""Three-valued logic on arrays, against Kleene's tables written out."""

from itertools import product

import numpy as np
import pytest

from dualtrack.core.ternary import Ternary
from dualtrack.instruments.possibly import Possibly

ONE = {
    Ternary.YES: Possibly(np.array([True]), np.array([False])),
    Ternary.NO: Possibly(np.array([False]), np.array([True])),
    Ternary.UNKNOWN: Possibly(np.array([True]), np.array([True])),
}
Y, N, U = Ternary.YES, Ternary.NO, Ternary.UNKNOWN
AND = {(Y, Y): Y, (Y, U): U, (Y, N): N, (U, Y): U, (U, U): U, (U, N): N, (N, Y): N, (N, U): N, (N, N): N}


@pytest.mark.parametrize(("a", "b"), list(product(Ternary, repeat=2)))
def test_and_and_or_are_kleenes(a: Ternary, b: Ternary) -> None:
    assert (ONE[a] & ONE[b]).at(0) is AND[a, b]
    negated = {Y: N, N: Y, U: U}
    assert (ONE[a] | ONE[b]).at(0) is negated[AND[negated[a], negated[b]]]  # de Morgan
    assert (~ONE[a]).at(0) is negated[a]


def test_a_doubt_makes_an_answer_unknown_only_where_it_can_hold() -> None:
    for answer in Ternary:
        assert ONE[answer].unless_unknown(ONE[N]).at(0) is answer
    assert ONE[Y].unless_unknown(ONE[Y]).at(0) is U
    assert ONE[N].unless_unknown(ONE[U]).at(0) is U


def test_surely_and_never() -> None:
    assert [bool(ONE[a].surely[0]) for a in (Y, N, U)] == [True, False, False]
    assert [bool(ONE[a].never[0]) for a in (Y, N, U)] == [False, True, False]
