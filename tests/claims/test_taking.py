"""A value taken from a finding carries a unit: its own, else the one that the claim gives."""

import pytest

from dualtrack.claims.taking import Take, take
from dualtrack.core.finding import Answer

SHARES = Answer(kind="table", value=[{"country": "DEU", "support": 57, "size": {"low": 3, "high": 4, "unit": "km"}}])


@pytest.mark.parametrize(
    ("column", "unit", "said"),
    [("support", "percent", "57 percent"), ("support", "", "57"), ("size", "percent", "3 to 4 km")],
)
def test_a_bare_figure_takes_the_unit_of_the_claim(column: str, unit: str, said: str) -> None:
    assert str(take(Take(table="rows", column=column, unit=unit), SHARES, (), True, "here")) == said


def test_what_is_no_figure_or_unknown_has_no_unit() -> None:
    assert str(take(Take(table="rows", column="country", unit="percent"), SHARES, (), True, "here")) == "DEU"
    nothing = Answer(kind="table", value=[{"support": None}])
    assert str(take(Take(table="rows", column="support", unit="percent"), nothing, (), True, "here")) == "unknown"
