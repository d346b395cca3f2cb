"""Dates of any precision, against the calendar itself."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.dates import first_day, last_day, months_between, parse_day, spell
from dualtrack.core.errors import BadInput

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


@given(DAYS)
def test_a_full_date_means_that_day_only(day: date) -> None:
    assert first_day(day.isoformat()) == last_day(day.isoformat()) == day


@given(DAYS.filter(lambda day: day.year < 9999))
def test_a_month_means_its_first_to_its_last_day(day: date) -> None:
    text = f"{day.year:04}-{day.month:02}"
    assert first_day(text) <= day <= last_day(text)
    after = last_day(text) + timedelta(1)
    assert first_day(text).day == after.day == 1
    assert months_between(day, after) == 1


@given(st.integers(1, 9999))
def test_a_year_means_all_its_days(year: int) -> None:
    assert (first_day(f"{year:04}"), last_day(f"{year:04}")) == (date(year, 1, 1), date(year, 12, 31))


@given(DAYS, st.sampled_from([4, 7, 10]))
def test_precision_only_widens(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    assert first_day(text) <= day <= last_day(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "16",
        "2016-5",
        "2016-13",
        "2016-00",
        "2016-05-00",
        "2015-02-29",
        "2016-04-31",
        "2016-05-09T10:00",
        "2016/05/09",
        "09.05.2016",
        "0000",
        "20160509",
        " 2016",
        "2016\n",
        "２０１６",  # digits of another script would sort elsewhere than their year
        "٢٠١٦-05",
        "May 2016",
        "2016-05-",
        "-2016",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    for function in (first_day, last_day):
        with pytest.raises(ValueError, match=r".+"):
            function(text)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        assert first_day(text) <= last_day(text)
    except ValueError:
        with pytest.raises(BadInput):
            parse_day(text.strip() or "?")


def test_a_users_month_means_its_last_day() -> None:
    assert parse_day("2016-05") == parse_day("2016-05-31") == date(2016, 5, 31)
    assert parse_day(" 2016 ") == date(2016, 12, 31)
    assert parse_day("2016-02") == date(2016, 2, 29)


def test_the_message_says_what_to_write() -> None:
    with pytest.raises(BadInput) as caught:
        parse_day("2015-02-30", "--as-of")
    assert "--as-of '2015-02-30' is not a date that exists." in str(caught.value)
    assert "2016, 2016-05 or 2016-05-09" in caught.value.fix


@pytest.mark.parametrize(
    ("given_", "words"),
    [("2016", "2016"), ("2016-05", "May 2016"), ("2016-05-09", "9 May 2016"), (date(2014, 12, 31), "31 December 2014")],
)
def test_words_are_as_precise_as_the_date(given_: str | date, words: str) -> None:
    assert spell(given_) == words


@given(DAYS, DAYS)
def test_months_between_counts_calendar_months(a: date, b: date) -> None:
    assert months_between(a, b) == -months_between(b, a)
    earlier, later = sorted((a, b))
    months = earlier.month - 1 + months_between(earlier, later)
    assert (earlier.year + months // 12, months % 12 + 1) == (later.year, later.month)
