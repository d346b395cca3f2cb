"""Polls stand under their own wording; totals over countries and parts of populations are kept out of spreads."""

import pytest

from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput, NoSuchName


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record("2026-11-25")


def test_before_warsaw_pew_2015_is_the_latest_survey_of_several_countries() -> None:
    finding = open_record("2016-05-31").ask("polls", question="defend_ally")
    assert finding.headline == (
        "Defend ally: fewer than half in favour in 6 of 8 countries, from 38 percent in Germany to 56 in the United "
        "States (Pew Research Center, 10 June 2015)"
    )
    assert all((row["date"] or "") <= "2016-05-31" for row in finding.answer.value)


def test_the_german_trio_of_july_2016_is_three_wordings(record: OpenRecord) -> None:
    rows = [record.row("polls", id_) for id_ in ("po0127", "po0129", "po0138")]
    assert [row["support_pct"] for row in rows] == [9, 29, 38]
    assert len({row["question_paraphrase"] for row in rows}) == 3


def test_a_wave_is_one_wording_of_one_house_at_one_date(record: OpenRecord) -> None:
    for question in ("defend_ally", "nato_favourable"):
        finding = record.ask("polls", question=question)
        for wave in finding.answer.summary["Waves"]:
            same = [
                row
                for row in finding.answer.value
                if (row["pollster"], row["wording"], row["date"]) == (wave["pollster"], wave["wording"], wave["date"])
                and row["country"] not in ("XNT", "XCE", "XTT", "XEC")
                and not row["subgroup"]
                and row["support"] is not None
            ]
            shares = [row["support"] for row in same]
            assert not shares or (min(shares) <= wave["lowest"] <= wave["highest"] <= max(shares))


def test_every_row_carries_its_wording_and_the_warning(record: OpenRecord) -> None:
    finding = record.ask("polls", question="defend_ally")
    assert all(row["wording"] for row in finding.answer.value)
    assert any("not to be compared" in caveat for caveat in finding.caveats)
    assert finding.answer.coverage is not None
    assert finding.answer.coverage.known == sum(row["n"] is not None for row in finding.answer.value)


def test_what_is_not_on_record_is_said(record: OpenRecord) -> None:
    with pytest.raises(NoSuchName, match="poll question"):
        record.ask("polls", question="defend_aly")
    with pytest.raises(BadInput, match="No poll"):
        record.ask("polls", question="defend_ally", country="AND")
