"""Limits on the number of activities: every worked case of the files, counts against an independent count, errors."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.errors import BadInput
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.instrument import instruments, packaged
from dualtrack.instruments.limit import Case, Limit, Tally, limits, of_case, tally

LIMITS = [limit for name in instruments() for limit in limits(name)]
CASES = [(limit, case) for limit in LIMITS for case in limit.written.cases]


@pytest.mark.parametrize(("limit", "case"), CASES, ids=lambda found: getattr(found, "id", getattr(found, "name", "")))
def test_a_worked_case_has_the_answer_its_file_expects(limit: Limit, case: Case) -> None:
    assert of_case(limit, case, limit.id) == case.expect


def test_each_text_of_the_vienna_document_has_the_three_limits() -> None:
    for text in ("vienna_document_1999", "vienna_document_2011"):
        assert {"above_13000", "above_25000", "above_40000"} <= {limit.id for limit in limits(text)}


ANSWERS = st.sampled_from(list(Ternary))
DAYS = st.dates(date(2012, 1, 1), date(2018, 12, 31))


@st.composite
def begun(draw: st.DrawFn) -> tuple[date, str]:
    """A day, and that day as precisely as somebody knows it."""
    day = draw(DAYS)
    return day, day.isoformat()[: draw(st.sampled_from([4, 7, 10]))]


@given(st.lists(st.tuples(ANSWERS, begun()), max_size=12), st.integers(2012, 2018), st.integers(1, 3))
def test_what_is_true_lies_between_surely_and_possibly(
    activities: list[tuple[Ternary, tuple[date, str]]], until: int, years: int
) -> None:
    """However the open answers turn out and whatever day was meant, the count lies between the two."""
    window = (until - years + 1, until)
    found = tally([(answer, told) for answer, (_, told) in activities], window)
    inside = [answer for answer, (day, _) in activities if window[0] <= day.year <= window[1]]
    assert found.surely <= sum(answer is not Ternary.NO for answer in inside) <= found.possibly
    assert found.surely <= inside.count(Ternary.YES) + inside.count(Ternary.UNKNOWN)


@given(st.lists(st.tuples(st.sampled_from([Ternary.YES, Ternary.NO]), DAYS), max_size=12), st.integers(2012, 2018))
def test_with_days_and_answers_known_both_counts_are_the_count(
    activities: list[tuple[Ternary, date]], until: int
) -> None:
    found = tally([(answer, day.isoformat()) for answer, day in activities], (until, until))
    count = sum(answer is Ternary.YES and day.year == until for answer, day in activities)
    assert found == Tally(count, count)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 6))
def test_a_verdict_is_what_every_count_between_agrees_on(surely: int, more: int, at_most: int) -> None:
    verdicts = {"exceeded" if count > at_most else "kept" for count in range(surely, surely + more + 1)}
    assert Tally(surely, surely + more).against(at_most) == (verdicts.pop() if len(verdicts) == 1 else "unknown")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("at_most: {value: 1, ", "at_most: {", "at_most.value is missing"),
        ("troops > troops_level", "troops > soldiers", "'soldiers' is nothing a rule can ask about"),
        ("expect: kept", "expect: perhaps", "cases.0.expect input should be 'kept', 'exceeded' or 'unknown'"),
        ("title:", "titel:", "title is missing"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    text = (packaged() / "vienna_document_2011" / "limits" / "above_40000.yml").read_text("utf-8")
    assert old in text
    place = tmp_path / "vienna_document_2011" / "limits" / "above_40000.yml"
    place.parent.mkdir(parents=True)
    place.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as error:
        limits("vienna_document_2011", tmp_path)
    assert said in error.value.problem
    assert str(place) in error.value.problem


def test_the_first_day_after_a_window_is_outside() -> None:
    last = date(2015, 12, 31)
    assert tally([(Ternary.YES, last.isoformat())], (2013, 2015)) == Tally(1, 1)
    assert tally([(Ternary.YES, (last + timedelta(1)).isoformat())], (2013, 2015)) == Tally(0, 0)
