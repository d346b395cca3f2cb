"""Comparators against plain oracles, and what must hold of every verdict: monotone, never firmer by knowing less."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from dualtrack.claims.comparators import Test, edges, judge
from dualtrack.claims.tolerances import last_digit, tolerance, tolerances
from dualtrack.claims.values import Answered, Members, Series, Span, Value, Word
from dualtrack.core.ternary import Ternary
from dualtrack.core.verdict import Verdict

NUMBERS = st.integers(-50, 50).map(float)
CODES = [f"X{letter}" for letter in "ABCDEFGH"]
SETS = st.frozensets(st.sampled_from(CODES), max_size=7)
FIGURES = ("equal", "at_least", "at_most", "more_than", "less_than", "in_range", "factor_at_least")
SET_TESTS = ("set_equal", "subset_of", "superset_of", "contains")


@st.composite
def bindings(draw: st.DrawFn) -> Test:
    comparator = draw(st.sampled_from(FIGURES))
    a, b = sorted((draw(NUMBERS), draw(NUMBERS)))
    word = draw(st.sampled_from(sorted(tolerances())))
    return Test(comparator=comparator, value=[a, b] if comparator == "in_range" else a, tolerance=word)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    return Span(low, high, low if low == high else None)


def verdict(value: Value, test: Test) -> Verdict:
    judged = judge(value, test)
    assert judged is not None
    return judged.verdict


def passes(x: float, test: Test, widened: bool) -> bool:
    """What a comparator means, spelt out."""
    slack = tolerance(test.tolerance).slack if widened else lambda told: 0.0
    low, high = test.value if test.comparator == "in_range" else (test.value, test.value)
    least, most = low - slack(low), high + slack(high)
    return {
        "equal": least <= x <= most,
        "in_range": least <= x <= most,
        "at_least": x >= least,
        "factor_at_least": x >= least,
        "at_most": x <= most,
        "more_than": x > least,
        "less_than": x < most,
    }[test.comparator]


@given(NUMBERS, bindings())
def test_one_figure_is_judged_as_the_comparator_says(x: float, test: Test) -> None:
    expected = (
        Verdict.SUPPORTED if passes(x, test, False)
        else Verdict.MOSTLY if passes(x, test, True)
        else Verdict.CONTRADICTED
    )  # fmt: skip
    assert verdict(Span.exactly(x), test) is expected


@given(spans(), bindings())
def test_a_range_is_judged_as_the_figures_in_it(span: Span, test: Test) -> None:
    assert span.low is not None and span.high is not None
    inside = [span.low + (span.high - span.low) * i / 200 for i in range(201)]
    strict = [passes(x, test, False) for x in inside]
    wide = [passes(x, test, True) for x in inside]
    found = verdict(span, test)
    if found is Verdict.SUPPORTED:
        assert all(strict)
    elif found is Verdict.MOSTLY:
        assert all(wide) and not all(strict)
    elif found is Verdict.CONTRADICTED:
        assert not any(wide)
    else:
        assert found is Verdict.CANNOT_TELL
        assert not all(wide)


@given(spans(), spans(), bindings())
def test_knowing_less_never_makes_a_verdict_firmer(inner: Span, outer: Span, test: Test) -> None:
    assert None not in (inner.low, inner.high, outer.low, outer.high)
    low, high = min(inner.low, outer.low), max(inner.high, outer.high)  # type: ignore[type-var]
    before, after = verdict(inner, test), verdict(Span(low, high), test)
    allowed = {
        Verdict.SUPPORTED: set(Verdict),
        Verdict.MOSTLY: {Verdict.MOSTLY, Verdict.CANNOT_TELL},
        Verdict.CONTRADICTED: {Verdict.CONTRADICTED, Verdict.CANNOT_TELL},
        Verdict.CANNOT_TELL: {Verdict.CANNOT_TELL},
    }
    assert after in allowed[before]
    if before is Verdict.SUPPORTED:
        assert after is not Verdict.CONTRADICTED


@given(spans(), bindings(), st.sampled_from(["low", "high", "both"]))
def test_a_bound_that_is_not_on_record_never_supports_what_the_range_left_open(
    span: Span, test: Test, lost: str
) -> None:
    assume(verdict(span, test) is not Verdict.SUPPORTED)
    less = Span(
        None if lost in ("low", "both") else span.low, None if lost in ("high", "both") else span.high, span.best
    )
    assert verdict(less, test) is not Verdict.SUPPORTED


def test_a_single_published_figure_supports_mostly_and_never_contradicts() -> None:
    up_to = Span(7.5, None, 7.5)
    assert verdict(up_to, Test(comparator="in_range", value=[5, 10])) is Verdict.MOSTLY
    assert verdict(up_to, Test(comparator="in_range", value=[8, 10])) is Verdict.CANNOT_TELL
    assert verdict(up_to, Test(comparator="at_least", value=5)) is Verdict.SUPPORTED
    assert verdict(up_to, Test(comparator="at_most", value=7)) is Verdict.CONTRADICTED


@given(NUMBERS, bindings())
def test_a_larger_figure_supports_what_a_smaller_one_does_if_larger_is_claimed(x: float, test: Test) -> None:
    if test.comparator in ("at_least", "more_than", "factor_at_least") and verdict(Span.exactly(x), test).holds:
        assert verdict(Span.exactly(x + 1), test).holds
    if test.comparator in ("at_most", "less_than") and verdict(Span.exactly(x), test).holds:
        assert verdict(Span.exactly(x - 1), test).holds


@given(st.sampled_from(SET_TESTS), SETS, SETS, SETS)
def test_sets_are_judged_as_every_set_they_can_be(kind: str, sure: Any, maybe: Any, asked: Any) -> None:
    assume(asked or kind in ("set_equal", "subset_of"))
    maybe = maybe - sure
    worlds = [sure]
    for code in maybe:
        worlds = [world | more for world in worlds for more in (frozenset(), frozenset([code]))]
    off = {
        "set_equal": lambda world: len(world ^ asked),
        "subset_of": lambda world: len(world - asked),
        "superset_of": lambda world: len(asked - world),
        "contains": lambda world: len(asked - world),
    }[kind]
    allowed = 1 if len(asked) >= 5 and kind != "contains" else 0
    counts = [off(world) for world in worlds]
    expected = (
        Verdict.SUPPORTED if max(counts) == 0
        else Verdict.MOSTLY if max(counts) <= allowed
        else Verdict.CONTRADICTED if min(counts) > allowed
        else Verdict.CANNOT_TELL
    )  # fmt: skip
    assert verdict(Members(sure, maybe), Test(comparator=kind, value=sorted(asked))) is expected


@given(st.sampled_from(SET_TESTS), SETS, SETS, st.permutations(CODES))
def test_exchanging_codes_changes_no_verdict_on_a_set(kind: str, sure: Any, asked: Any, order: list[str]) -> None:
    assume(asked)
    swap = dict(zip(CODES, order, strict=True))
    one = verdict(Members(sure), Test(comparator=kind, value=sorted(asked)))
    other = verdict(
        Members(frozenset(swap[c] for c in sure)), Test(comparator=kind, value=sorted(swap[c] for c in asked))
    )
    assert one is other


@given(st.lists(st.tuples(st.integers(2000, 2030), st.integers(0, 9)), min_size=1, unique_by=lambda item: item[0]),
       st.integers(1999, 2030), st.sampled_from(["first_since", "largest_since"]))  # fmt: skip
def test_since_is_judged_by_what_lies_between(items: list[tuple[int, int]], since: int, kind: str) -> None:
    items.sort()
    value = Series(tuple((str(year), Span.exactly(float(x))) for year, x in items))
    between = [x for year, x in items[:-1] if year > since]
    again = [x for x in between if kind == "first_since" or x >= items[-1][1]]
    expected = Verdict.CANNOT_TELL if items[-1][0] <= since else Verdict.CONTRADICTED if again else Verdict.SUPPORTED
    assert verdict(value, Test(comparator=kind, value=str(since))) is expected


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (Answered(Ternary.YES), "yes", Verdict.SUPPORTED),
        (Answered(Ternary.YES), "no", Verdict.CONTRADICTED),
        (Answered(Ternary.NO), "no", Verdict.SUPPORTED),
        (Answered(Ternary.UNKNOWN), "yes", Verdict.CANNOT_TELL),
        (Answered(Ternary.UNKNOWN), "no", Verdict.CANNOT_TELL),
        (Span(1, None), "exists", Verdict.SUPPORTED),
        (Span(0, None), "exists", Verdict.CANNOT_TELL),
        (Span(0, None), "none", Verdict.CANNOT_TELL),
        (Span(0, 0), "none", Verdict.SUPPORTED),
        (Span(2, 2), "none", Verdict.CONTRADICTED),
        (Members(frozenset()), "none", Verdict.SUPPORTED),
        (Members(frozenset(), frozenset(["XA"])), "none", Verdict.CANNOT_TELL),
        (Members(frozenset(["XA"])), "exists", Verdict.SUPPORTED),
    ],
)
def test_yes_and_no_and_whether_there_is_any(value: Value, kind: str, expected: Verdict) -> None:
    assert verdict(value, Test.model_validate({"comparator": kind})) is expected


def test_a_word_is_equal_or_not() -> None:
    test = Test(comparator="equal", value="western")
    assert verdict(Word("western"), test) is Verdict.SUPPORTED
    assert verdict(Word("southern"), test) is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("value", "test"),
    [
        (Members(frozenset()), Test(comparator="equal", value=3)),
        (Span(1, 2), Test(comparator="set_equal", value=["XA"])),
        (Span(1, 2), Test(comparator="equal", value="word")),
        (Span(1, 2), Test(comparator="yes")),
        (Word("a"), Test(comparator="at_least", value=1)),
    ],
)
def test_a_comparator_of_another_kind_judges_nothing(value: Value, test: Test) -> None:
    assert judge(value, test) is None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"comparator": "equal", "value": [1]}, "a number or word"),
        ({"comparator": "in_range", "value": [10, 5]}, "the lower first"),
        ({"comparator": "at_least", "value": True}, "a number"),
        ({"comparator": "set_equal", "value": ["XA", "XA"]}, "each once"),
        ({"comparator": "contains", "value": []}, "codes"),
        ({"comparator": "first_since", "value": "2016-13"}, "a date"),
        ({"comparator": "yes", "value": 1}, "takes no value"),
        ({"comparator": "equal", "value": 1, "tolerance": 0.1}, "never a number of its own"),
        ({"comparator": "equal", "value": 1, "tolerance": "loosely"}, "one table"),
        ({"comparator": "set_equal", "value": ["XA"], "tolerance": "about"}, "knows no tolerance"),
        ({"comparator": "equals", "value": 1}, "Input should be"),
    ],
)
def test_a_test_that_means_nothing_is_refused(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Test.model_validate(raw)


@given(NUMBERS, bindings())
def test_beyond_an_edge_the_verdict_is_another(x: float, test: Test) -> None:
    found = verdict(Span.exactly(x), test)
    for side, line in edges(test, found):
        if side == "at":
            assert verdict(Span.exactly(line), test) is Verdict.SUPPORTED
            continue
        if (line > x) is (side == "below") and line != x:
            continue  # it lies behind the figure
        step = min(1e-4, test.region(widened=True).high - test.region(widened=True).low)
        beyond = line - step if side == "below" else line + step
        assert verdict(Span.exactly(beyond), test) is not found or step == 0
        if found is not Verdict.SUPPORTED and step:
            assert verdict(Span.exactly(beyond), test).holds is not found.holds


@given(st.floats(-1e7, 1e7, allow_nan=False))
def test_rounding_never_allows_more_than_a_twentieth(told: float) -> None:
    assert tolerance("rounded").slack(told) <= 0.05 * abs(told)
    assert last_digit(told) > 0


def test_the_words_of_a_tolerance_are_not_shared() -> None:
    words = [word for row in tolerances().values() for word in row.words]
    assert len(words) == len(set(words))
