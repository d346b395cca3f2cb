"""A window in the words of a sentence: no end before its start, no year to itself."""

from datetime import date

import pytest

from dualtrack.analyses.window import Window

MAY = date(2016, 5, 9)


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("2014", "", "from 2014 to 9 May 2016"),
        ("", "2015", "up to 2015"),
        ("2015", "2015", "in 2015"),
        ("2015-03", "2015-03", "in March 2015"),
        ("2015-03-05", "2015-03-05", "on 5 March 2015"),
        ("2016", "2016", "from 2016 to 9 May 2016"),
        ("2017-09", "", "from September 2017 on, after 9 May 2016,"),
    ],
)
def test_a_window_is_told_as_far_as_the_day(since: str, until: str, told: str) -> None:
    assert Window(since, until).words(MAY) == told
