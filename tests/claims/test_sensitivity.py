"""Formulas found from their figures, corners against all combinations, flips against the formula itself."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dualtrack.claims.comparators import Test, judge
from dualtrack.claims.formula import formula
from dualtrack.claims.sensitivity import corners, flips
from dualtrack.claims.values import Span
from dualtrack.core.finding import Figure
from dualtrack.core.interval import Interval
from dualtrack.core.verdict import Verdict

RANGES = st.tuples(st.integers(1, 60), st.integers(0, 30)).map(lambda pair: (float(pair[0]), float(sum(pair))))


def figure(low: float, high: float, label: str = "") -> Figure:
    return Figure(label=label, low=low, high=high, best=low if low == high else None, unit="persons")


def ratio(above: Figure, below: Figure) -> Span:
    made = Interval(above.low, above.high, above.best).per(Interval(below.low, below.high, below.best))
    return Span(made.low, made.high, made.best)


@given(RANGES, RANGES)
def test_a_ratio_is_found_and_inverted(a: tuple[float, float], b: tuple[float, float]) -> None:
    parts = [figure(*a), figure(*b)]
    how = formula(parts, ratio(*parts))
    assert how is not None
    assert how.name == "ratio" or how.value([a[0], b[0]]) == pytest.approx(a[0] / b[0])
    for i, target in product((0, 1), (0.5, 3.0)):
        moved = [a[0], b[0]]
        moved[i] = how.inverse([a[0], b[0]], i, target)
        assert how.value(moved) == pytest.approx(target)


@pytest.mark.parametrize(
    ("later", "earlier", "value", "name"),
    [(30.0, 4.0, 7.5, "ratio"), (30.0, 40.0, 75.0, "share"), (30.0, 4.0, 26.0, "difference"),
     (30.0, 40.0, -25.0, "change in percent"), (30.0, 4.0, 34.0, "sum"), (30.0, 4.0, 99.0, "")],
)  # fmt: skip
def test_the_formula_is_the_one_that_gives_the_value(later: float, earlier: float, value: float, name: str) -> None:
    how = formula([figure(later, later), figure(earlier, earlier)], Span.exactly(value))
    assert (how.name if how else "") == name


def test_no_formula_is_made_up_where_nothing_is_known() -> None:
    parts = [Figure(label="a"), Figure(label="b")]
    assert formula(parts, Span(None, None)) is None
    assert formula([], Span.exactly(1)) is None


@given(RANGES, RANGES, st.integers(1, 40))
def test_corners_are_all_combinations_of_the_bounds(a: tuple[float, float], b: tuple[float, float], line: int) -> None:
    parts = [figure(*a), figure(*b)]
    test = Test(comparator="at_least", value=line / 10)
    found = corners(ratio(*parts), parts, test)
    if a[0] == a[1] and b[0] == b[1]:
        assert found is None
        return
    assert found is not None
    ends = [x / y for x, y in product(dict.fromkeys(a), dict.fromkeys(b))]
    assert (found.holds, found.of) == (sum(round(x, 9) >= line / 10 for x in ends), len(ends))


def test_of_many_ranges_a_fixed_sample_is_taken() -> None:
    parts = [figure(1, 2, f"part {i}") for i in range(9)]
    value = Span(9, 18)
    test = Test(comparator="at_least", value=13.5)
    one, two = corners(value, parts, test), corners(value, parts, test)
    assert one == two and one is not None
    assert one.of == 256
    assert 96 < one.holds < 160  # half of a symmetric distribution


@given(RANGES, RANGES, st.integers(1, 60), st.sampled_from(["at_least", "at_most", "more_than", "less_than"]))
def test_past_its_flip_a_figure_gives_another_verdict(
    a: tuple[float, float], b: tuple[float, float], line: int, comparator: str
) -> None:
    parts = [figure(a[0], a[0], "above"), figure(b[0], b[0], "below")]
    test = Test(comparator=comparator, value=line / 7)
    value = ratio(*parts)
    judged = judge(value, test)
    assert judged
    assume(abs(a[0] / b[0] - line / 7) > 1e-3)
    found = flips(value, parts, test, judged.verdict)
    assert {flip.figure for flip in found} == {"above", "below"}
    assert [flip.distance for flip in found] == sorted(flip.distance for flip in found)
    for flip in found:
        past = flip.at * (1 + (1e-3 if flip.side == "above" else -1e-3))
        moved = past / b[0] if flip.figure == "above" else a[0] / past
        again = judge(Span.exactly(moved), test)
        assert again and again.verdict is not judged.verdict


def test_what_cannot_be_told_has_no_flip() -> None:
    test = Test(comparator="at_least", value=1)
    assert flips(Span(0, 2), [], test, Verdict.CANNOT_TELL) == []
    assert flips(Span(0, 2), [], test, Verdict.DEPENDS) == []
