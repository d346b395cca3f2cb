"""Pledges on spending: every worked case, figures as printed, lists as bounds, editions apart."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.instrument import packaged
from dualtrack.instruments.pledge import Case, Pledge, Share, of_case, pledge, pledges, printed, tables

PLEDGES = [found for folder in ("nato_wales_2014", "nato_hague_2025") for found in pledges(folder)]
CASES = [(found, case) for found in PLEDGES for case in found.written.cases]
RECORD = open_record("2026-11-24")


@pytest.mark.parametrize(("one", "case"), CASES, ids=lambda found: getattr(found, "id", getattr(found, "name", "")))
def test_a_worked_case_has_the_answer_its_file_expects(one: Pledge, case: Case) -> None:
    assert of_case(one, case, one.id) == Ternary(case.expect)


def test_five_pledges_are_there() -> None:
    assert {one.name for one in PLEDGES} >= {
        "nato_wales_2014/equipment",
        "nato_wales_2014/two_percent",
        "nato_hague_2025/core_defence",
        "nato_hague_2025/five_percent",
        "nato_hague_2025/related",
    }


def known(record: OpenRecord, definition: str) -> dict[tuple[str, int], dict[str, Share]]:
    values = record.rows("spending", "series = 'nato' AND definition = ?", definition)
    lists = record.rows("spending_lists", "definition = ?", definition)
    found = tables(values, lists, "share_of_gdp_pct")
    states = record.members("nato", record.as_of)
    return {place: {state: table.share(state) for state in states} for place, table in found.items()}


def test_every_printed_figure_lies_between_its_bounds() -> None:
    for shares in known(RECORD, "defence").values():
        for share in shares.values():
            assert share.low <= share.high
            assert share.figure is None or share.low <= share.figure <= share.high


def test_where_values_and_a_list_are_on_record_they_do_not_contradict_each_other() -> None:
    """The list of 25 June 2019 is of those at or above two percent; the figures of the same edition say the same."""
    values = RECORD.rows("spending", "series = 'nato' AND definition = 'defence'")
    lists = RECORD.rows("spending_lists", "definition = 'defence' AND threshold = 2")
    by_value, by_list = tables(values, [], "share_of_gdp_pct"), tables([], lists, "share_of_gdp_pct")
    place = ("2019-06-25", 2019)
    for state, share in by_value[place].values.items():
        listed = by_list[place].share(state)
        assert listed.low <= share.high and share.low <= listed.high, state


def test_a_list_bounds_both_who_is_named_and_who_is_not() -> None:
    lists = RECORD.rows("spending_lists", "edition = '2015-06-22'")
    table = tables([], lists, "share_of_gdp_pct")["2015-06-22", 2015]
    named, other = table.share("EST"), table.share("DEU")
    assert (named.low, named.high) == (2.0, float("inf"))
    assert other.low == 0.0 and 1.99 < other.high < 2.0
    two = pledge("nato_wales_2014/two_percent")
    assert two.met({"share_of_gdp_pct": [named, other]}) == [Ternary.YES, Ternary.NO]


@given(st.floats(0.5, 6.0), st.sampled_from([0.01, 0.1, 0.5, 1.0]))
def test_rounding_never_decides(true: float, step: float) -> None:
    """A figure rounded to a coarse step never gives the opposite of what the unrounded one gives."""
    figure = round(round(true / step) * step, 2)
    low, high = printed(figure, step)
    two = pledge("nato_wales_2014/two_percent")
    told = two.met({"share_of_gdp_pct": [Share(low, high)]})[0]
    if step > 0.01:
        real = Ternary.YES if true >= 2 else Ternary.NO
        assert told in (real, Ternary.UNKNOWN)


def test_core_defence_alone_decides_five_percent_only_from_above() -> None:
    five = pledge("nato_hague_2025/five_percent")
    shares = {"share_of_gdp_pct": [Share(4.99, 4.99), Share(5.0, 5.0)]}
    assert five.met(shares) == [Ternary.UNKNOWN, Ternary.YES]


def test_no_table_holds_related_spending() -> None:
    assert pledge("nato_hague_2025/related").metric is None


def test_a_pledge_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(NoSuchName, match="nato_wales_2014/two_percent"):
        pledge("nato_wales_2014/2_percent")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("level: {value: 2,", "share_of_gdp_pct: {value: 2,", "has the name of a share"),
        ("share_of_gdp_pct >= level", "tanks >= level", "'tanks' is nothing a rule can ask about"),
        ('deadline: "2024-09"', "deadline: soon", "deadline 'soon' is not a date"),
        ("definition: defence", "definition: real", "definition input should be 'defence' or 'core_defence'"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    text = (packaged() / "nato_wales_2014" / "pledges" / "two_percent.yml").read_text("utf-8")
    assert old in text
    place = tmp_path / "nato_wales_2014" / "pledges" / "two_percent.yml"
    place.parent.mkdir(parents=True)
    place.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as error:
        pledges("nato_wales_2014", tmp_path)
    assert said in error.value.problem
    assert str(place) in error.value.problem
