"""Polls stand under their own wording; totals over countries and parts of populations are kept out of spreads."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import WriteFiles
from dualtrack.analyses.polls import BASES
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.dates import last_day
from dualtrack.core.errors import BadInput, NoSuchName

RECORD = open_record("2026-11-25")


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record("2026-11-25")


def test_before_warsaw_pew_2015_is_the_latest_survey_of_several_countries() -> None:
    finding = open_record("2016-05-31").ask("polls", question="defend_ally")
    assert finding.headline == (
        "Defend ally: fewer than half say yes in 6 of 8 countries, from 38 percent in Germany to 56 in the United "
        "States (Pew Research Center, 10 June 2015), asked “Should our country use military force if Russia got into a "
        "serious military conflict with a neighbouring NATO ally”"
    )
    assert all((row["date"] or "") <= "2016-05-31" for row in finding.answer.value)


def test_the_german_trio_of_july_2016_is_three_wordings(record: OpenRecord) -> None:
    finding = record.ask("polls", question="bases_east", country="deu", since="2016-06", until="2016-07")
    assert [(row["id"], row["support"]) for row in finding.answer.value] == [
        ("po0127", 9),
        ("po0129", 29),
        ("po0138", 38),
    ]
    waves = finding.answer.summary["Waves"]
    assert len({wave["wording"] for wave in waves}) == len(waves) == 3
    assert all(wave["lowest"] == wave["highest"] for wave in waves)
    assert "asked “Right that NATO" in finding.headline
    assert "under other wordings within a month 9 and 29" in finding.headline
    named = next(caveat for caveat in finding.caveats if caveat.startswith("3 wordings"))
    assert all(f"“{row['wording']}”" in named for row in finding.answer.value)


def test_averages_and_parts_of_a_population_stand_apart(record: OpenRecord) -> None:
    for question in ("nato_favourable", "defend_ally"):
        finding = record.ask("polls", question=question)
        of = [BASES.index(row["of"]) for row in finding.answer.value]
        assert of == sorted(of)
        for row in finding.answer.value:
            several = row["country"] in ("XNT", "XCE", "XTT", "XEC")
            assert row["of"] == (BASES[2] if row["subgroup"] else BASES[1] if several else BASES[0])
        countries = sum(row["of"] == "country" and row["support"] is not None for row in finding.answer.value)
        assert sum(int(wave["below half"].split(" of ")[1]) for wave in finding.answer.summary["Waves"]) == countries


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted({row.text("question") for row in RECORD.rows("polls")})), st.integers(2014, 2026))
def test_a_spread_is_that_of_a_plain_filter(question: str, year: int) -> None:
    try:
        finding = RECORD.at(date(year, 12, 31)).ask("polls", question=question)
    except BadInput:
        return
    assert all(item.known_from is None or last_day(item.known_from) <= date(year, 12, 31) for item in finding.evidence)
    for wave in finding.answer.summary["Waves"]:
        shares = {
            row["country"]: row["support"]
            for row in finding.answer.value
            if (row["pollster"], row["wording"], row["date"]) == (wave["pollster"], wave["wording"], wave["date"])
            and row["of"] == "country"
        }
        known = {country: share for country, share in shares.items() if share is not None}
        assert wave["countries"] == len(shares)
        assert (wave["lowest"], wave["highest"]) == (
            min(known.values(), default=None),
            max(known.values(), default=None),
        )
        assert wave["below half"] == f"{sum(share < 50 for share in known.values())} of {len(known)}"


def test_a_country_with_two_figures_in_one_wave_is_one_country(overlay: WriteFiles) -> None:
    head = "id,pollster,series,country,question,question_paraphrase,support_pct,sources,ref_date,known_from,known_basis"
    shares = [("DEU", 40), ("DEU", 45), ("FRA", 40), ("POL", 60), ("POL", 45)]
    rows = [
        f"mine{i},House,S,{code},defend_ally,Asked thus,{share},pew2015,2026-03-01,2026-03-05,dated source"
        for i, (code, share) in enumerate(shares)
    ]
    folder = overlay({"polls.csv": "\n".join([head, *rows, ""])})
    finding = open_record("2026-11-25", folder=folder).ask("polls", question="defend_ally", since="2026-03")
    assert (
        "fewer than half say yes in 2 of 3 countries, from 40 percent in Germany and France to 60" in finding.headline
    )
    [wave] = finding.answer.summary["Waves"]
    assert (wave["countries"], wave["below half"], wave["in"]) == (3, "2 of 3", ["DEU", "FRA"])
    assert any(caveat.startswith("More than one figure in one wave: Germany and Poland.") for caveat in finding.caveats)


def test_figures_without_a_date_are_left_out_of_a_window_and_said(record: OpenRecord) -> None:
    whole = record.ask("polls", question="vote_stay_nato").answer.value
    finding = record.ask("polls", question="vote_stay_nato", since="2014")
    assert all(row["date"] for row in finding.answer.value)
    undated = sum(row["date"] is None for row in whole)
    assert f"Left out, having no date to place them in the window: {undated} figures." in finding.caveats


def test_a_group_a_pollster_and_the_general_sense(record: OpenRecord) -> None:
    nato = record.ask("polls", question="nato_favourable", country="nato", pollster="pew")
    assert {row["pollster"] for row in nato.answer.value} == {"Pew Research Center"}
    assert {row["country"] for row in nato.answer.value} <= set(record.members("nato", record.as_of))
    assert any("different countries" in caveat for caveat in nato.caveats)
    commissioned = record.ask("polls", question="defend_ally", country="XNT")
    assert any("general sense of the item" in caveat for caveat in commissioned.caveats)


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
    with pytest.raises(NoSuchName, match="state code"):
        record.ask("polls", question="defend_ally", country="Germany")
    with pytest.raises(BadInput, match="No poll"):
        record.ask("polls", question="defend_ally", country="AND")
