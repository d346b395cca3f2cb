"""Many rows and many variants of levels at once, against each activity alone by plain Python."""

import operator
from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.core.expression import Literal, Name, Node, Operation
from dualtrack.core.ternary import Ternary
from dualtrack.instruments import outcomes as module
from dualtrack.instruments.activities import VOCABULARY
from dualtrack.instruments.columns import Codes, Column, Columns, Numbers, part_of
from dualtrack.instruments.instrument import Instrument, instruments
from dualtrack.instruments.outcomes import outcomes
from dualtrack.instruments.possibly import Possibly
from dualtrack.instruments.rule import OUTCOMES, Rule

VD11 = instruments()["vienna_document_2011"]
FIGURES = [name for name, kind in VOCABULARY.items() if kind == "number"]
CODES = {name: kind for name, kind in VOCABULARY.items() if isinstance(kind, tuple)}
LEVELS = [(rule.id, name) for rule in VD11.rules for name in rule.levels]
_NEAR = [0.0, 71, 72, 96, 249, 250, 299, 300, 499, 500, 748, 749, 798, 799, 2999, 3000, 3500, 8999, 9000, 13_000, inf]

figure = st.sampled_from(_NEAR) | st.integers(0, 20_000).map(float)
ranges = st.tuples(figure, figure).map(sorted).map(tuple)
ORDINARY = {"in_zone": "yes", "kind": "scheduled", "structure": "single", "domain": "joint"}
exact = figure.filter(lambda value: value < inf).map(lambda value: (value, value))
Activity = dict[str, Any]  # the bounds of each figure, the word of each code or None


def activities(bounds: st.SearchStrategy[Any], told: bool) -> st.SearchStrategy[list[Activity]]:
    words = {name: st.sampled_from([*kind, *([] if told else [None])]) for name, kind in CODES.items()}
    return st.lists(st.fixed_dictionaries({**dict.fromkeys(FIGURES, bounds), **words}), min_size=1, max_size=6)


some = activities(exact, told=True) | activities(ranges | exact, told=False)
three = st.lists(figure.filter(lambda v: v < inf), min_size=3, max_size=3)
varied = st.dictionaries(st.sampled_from(LEVELS), three.map(sorted) | three, max_size=4)  # rising, or in any order


def as_columns(found: list[Activity]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name in FIGURES:
        low, high = np.array([a[name] for a in found], np.float64).T.copy()
        columns[name] = Numbers.exactly(low) if np.array_equal(low, high) else Numbers(low, high)
    return columns | {name: Codes.of([a[name] for a in found], words) for name, words in CODES.items()}


def plain_outcomes(instrument: Instrument, found: Activity, levels: dict[tuple[str, str], float]) -> list[Ternary]:
    """The outcomes of one activity, by Kleene's tables as minimum and maximum of no < unknown < yes."""
    known: Activity = {**found}
    for outcome in OUTCOMES:
        rules = [rule for rule in instrument.rules if rule.written.outcome == outcome]
        known[outcome] = max((_plain_rule(rule, known, levels) for rule in rules), default=0)
    return [(Ternary.NO, Ternary.UNKNOWN, Ternary.YES)[known[outcome]] for outcome in OUTCOMES]


def _plain_rule(rule: Rule, found: Activity, levels: dict[tuple[str, str], float]) -> int:
    at = {**found, **{n: (v, v) for n, level in rule.levels.items() for v in [levels.get((rule.id, n), level)]}}
    exempt = _plain(rule.exempt.tree, at) if rule.exempt else 0
    return min(_plain(rule.applies.tree, at), _plain(rule.condition.tree, at), 2 - exempt)


def _plain(node: Node, at: Activity) -> Any:
    """No, unknown or yes as 0, 1 or 2; of a figure its bounds."""
    match node:
        case Literal(value=value):
            return (value, value) if isinstance(value, float) else value
        case Name(name=name):
            return at[name]
        case Operation("and" | "or" as word, operands):
            return (min if word == "and" else max)(_plain(operand, at) for operand in operands)
        case Operation("in" | "=" | "!=" as word, (Name(name=name), *items)) if name in CODES:
            fits = 1 if at[name] is None else 2 * (at[name] in [_plain(item, at) for item in items])
            return 2 - fits if word == "!=" else fits
        case Operation("+" | "-" as word, (left, right)):
            (a, b), (c, d) = _plain(left, at), _plain(right, at)
            return (a + c, b + d) if word == "+" else (a - d, b - c)
        case Operation(">=" | "<=" as word, (left, right)):
            compare: Callable[[float, float], bool] = operator.ge if word == ">=" else operator.le
            (a, b), (c, d) = _plain(left, at), _plain(right, at)
            worst, best = ((a, d), (b, c)) if word == ">=" else ((b, c), (a, d))
            return compare(*worst) + compare(*best)
    raise AssertionError(f"the rules say something this oracle does not know: {node}")


@settings(deadline=None)
@given(some, varied)
def test_every_row_and_variant_is_as_if_alone(found: list[Activity], levels: dict[Any, list[float]]) -> None:
    given_levels = {key: np.array(values)[:, None] for key, values in levels.items()}
    together = outcomes(VD11, as_columns(found), given_levels)
    for number, outcome in enumerate(OUTCOMES):
        answers = together[outcome]
        for row, one in enumerate(found):
            for variant in range(3):
                at = {key: values[variant] for key, values in levels.items()}
                place = (variant, row) if answers.yes.ndim == 2 else (row,)
                assert answers.at(*place) is plain_outcomes(VD11, one, at)[number], (outcome, row, variant)
        assert (answers.surely == (answers.yes & ~answers.no)).all()
        assert (answers.never == (answers.no & ~answers.yes)).all()
        assert (answers.yes | answers.no).all()


@settings(deadline=None)
@given(some, varied, st.integers(1, 4))
def test_blocks_of_any_size_give_the_same(found: list[Activity], levels: dict[Any, list[float]], size: int) -> None:
    given_levels = {key: np.array(values)[:, None] for key, values in levels.items()}
    whole = outcomes(VD11, as_columns(found), given_levels)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", 1)
        patch.setattr(module, "_ROWS", size)
        blocks = outcomes(VD11, as_columns(found), given_levels)
    for outcome in OUTCOMES:
        assert np.array_equal(whole[outcome].yes, blocks[outcome].yes)
        assert np.array_equal(whole[outcome].no, blocks[outcome].no)


def test_blocks_that_are_known_and_blocks_that_are_not() -> None:
    """A code that is missing in one block only."""
    for missing in range(4):
        words: list[str | None] = ["yes"] * 4
        words[missing] = None
        columns = as_columns([{**dict.fromkeys(FIGURES, (9000, 9000)), **ORDINARY}] * 4)
        columns["in_zone"] = Codes.of(words, CODES["in_zone"])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_BLOCK", 1)
            patch.setattr(module, "_ROWS", 1)
            for levels in ({}, {("notification_land", "troops_level"): np.array([[8000.0], [9000.0]])}):
                found = outcomes(VD11, columns, levels)["notifiable"]
                flat = (found.yes.reshape(-1, 4), found.no.reshape(-1, 4))
                assert flat[0].all() and (flat[1] == [place == missing for place in range(4)]).all()


def test_figures_without_a_range_are_answered_without_a_doubt() -> None:
    """What makes exact figures fast: the second half of an answer is never worked out."""
    rows = 30_000
    columns: Columns = {
        **{name: Numbers.exactly(np.arange(rows, dtype=np.float64)) for name in FIGURES},
        **{name: Codes(np.zeros(rows, np.int16), words) for name, words in CODES.items()},
    }
    levels = {("notification_land", "troops_level"): np.linspace(0, rows, 20)[:, None]}
    found = outcomes(VD11, columns, levels)["notifiable"]
    assert found.known and found.yes.shape == (20, rows)
    part = part_of(columns, slice(10, 20))["troops"]
    assert isinstance(part, Numbers) and part.exact and part.low.tolist() == list(range(10, 20))


def test_folding_changes_no_answer_it_was_given() -> None:
    narrow, wide = Possibly(np.array([True, False])), Possibly(np.ones((3, 2), bool), np.zeros((3, 2), bool))
    before = [narrow.yes.copy(), wide.yes.copy(), wide.no.copy()]
    Possibly.all_of([wide, narrow, wide, narrow])
    Possibly.any_of([wide, narrow, narrow, wide])
    after = [narrow.yes, wide.yes, wide.no]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
