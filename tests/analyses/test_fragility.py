"""Fragility: a chance, a gap in people, and a move by wording, each by hand where it can be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.fragility import FIRM_ABOVE, FIRM_BELOW, OPEN
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput

RECORD = open_record("2026-11-25")


def test_german_support_for_bases_in_july_2016() -> None:
    finding = RECORD.ask("fragility", question="bases_east", country="DEU", on="2016-07")
    [row] = finding.answer.value
    assert (row["last_row"], row["last_support"], row["gap"]) == ("po0138", 38, -12)
    assert row["of_opposed"] == pytest.approx(100 * 12 / 53, abs=0.05)  # 53 percent were against
    assert row["of_dont_knows"] is None  # none on record
    assert row["wording_moves"] == pytest.approx(row["wording_high"] - row["wording_low"], abs=0.11)
    assert row["wording_moves"] > 15
    assert row["below"] >= 95
    assert (row["standing"] == FIRM_BELOW) is (row["below_least"] >= 95)
    assert any(caveat.startswith("The form of the item") for caveat in finding.caveats)


def test_those_who_would_have_to_move_by_hand() -> None:
    """Bertelsmann, March 2016: 31 for, 57 against, 12 without an opinion."""
    finding = RECORD.ask("fragility", question="defend_ally", country="DEU", on="2016-05", level=40)
    [row] = finding.answer.value
    assert row["last_row"] == "po0120"
    assert row["gap"] == -9
    assert row["of_dont_knows"] == 75.0
    assert row["of_opposed"] == pytest.approx(15.8)
    [over] = RECORD.ask("fragility", question="defend_ally", country="DEU", on="2016-05", level=25).answer.value
    assert (over["gap"], over["of_supporters"]) == (6, pytest.approx(19.4))
    assert over["of_dont_knows"] is over["of_opposed"] is None


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["defend_ally", "join_nato", "vote_stay_nato"]), st.floats(5, 90))
def test_the_chance_rises_with_the_level(question: str, level: float) -> None:
    low = {row["country"]: row for row in RECORD.ask("fragility", question=question, level=level).answer.value}
    high = {row["country"]: row for row in RECORD.ask("fragility", question=question, level=level + 5).answer.value}
    for country, row in low.items():
        assert row["below"] <= high[country]["below"]
        assert row["below_least"] <= row["below_most"]
        assert row["gap"] == pytest.approx(high[country]["gap"] + 5, abs=0.11)
        chances = (row["below"], row["below_least"], row["below_most"])
        if row["standing"] == OPEN:
            assert max(chances) >= 5
            assert min(chances) <= 95
        else:
            assert max(chances) <= 5 if row["standing"] == FIRM_ABOVE else min(chances) >= 95


def test_the_chance_is_about_a_half_at_the_level_itself() -> None:
    [row] = RECORD.ask("fragility", question="join_nato", country="UKR", on="2021-12").answer.value
    [at] = RECORD.ask("fragility", question="join_nato", country="UKR", on="2021-12", level=row["level"]).answer.value
    assert 48 <= at["below"] <= 52


def test_only_polls_up_to_the_day_count_as_the_last() -> None:
    for row in RECORD.ask("fragility", question="defend_ally", on="2018").answer.value:
        assert row["last_poll"] <= "2018-12-31"
    with pytest.raises(BadInput, match="was not polled"):
        RECORD.ask("fragility", question="defend_ally", country="SVK", on="2016")


def test_refuses_several_items_and_impossible_levels() -> None:
    with pytest.raises(BadInput, match="not pooled"):
        RECORD.ask("fragility", question="defend_ally,join_nato")
    with pytest.raises(BadInput, match="level=100"):
        RECORD.ask("fragility", question="defend_ally", level=100)
