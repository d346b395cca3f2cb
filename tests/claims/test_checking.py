"""Claims judged on the real record: the recorded verdicts hold, and what a claim asks wrongly is told."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from claim_files import TEXT, write

from dualtrack.api import open_record
from dualtrack.claims.asking import Asker
from dualtrack.claims.checking import Checked, check
from dualtrack.claims.claim import load_claims, read_claim
from dualtrack.claims.comparators import judge
from dualtrack.claims.difference import differences
from dualtrack.claims.formula import formula
from dualtrack.claims.judging import judgement
from dualtrack.claims.life import life
from dualtrack.claims.shares import shares
from dualtrack.claims.values import Span
from dualtrack.core.errors import BadInput
from dualtrack.core.verdict import Verdict, agreed

RECORD = open_record("2026-11-25")


@lru_cache(maxsize=1)
def shipped() -> tuple[Checked, ...]:
    return tuple(check(Asker(RECORD), load_claims()))


def judged(path: Path, day: str | None = None) -> Checked:
    [found] = check(Asker(RECORD), [read_claim(path)], date.fromisoformat(day) if day else None)
    return found


def test_every_recorded_verdict_holds() -> None:
    assert {one.claim.id: one.changed for one in shipped() if one.changed} == {}


def test_most_claims_are_computed_for_every_side() -> None:
    by_side = {share.side: share for share in shares(shipped())}
    assert {"nato", "russia", "media", "analyst"} <= set(by_side)
    assert all(share.computed == sum(share.verdicts.values()) <= share.claims for share in by_side.values())
    assert sum(share.computed for share in by_side.values()) > len(shipped()) / 2


def test_a_verdict_is_that_of_the_readings_that_count() -> None:
    for one in shipped():
        for found in filter(None, (one.said, one.latest)):
            assert found.verdict is agreed(reading.verdict for reading in found.counted), one.claim.id
            assert all(not reading.later for reading in found.counted)
            assert all(reading.class_ != "stress" for reading in found.counted)


def test_corners_lie_within_what_the_range_allows() -> None:
    for one in shipped():
        for found in filter(None, (one.said, one.latest)):
            if found.corners and found.principal.verdict.holds and not found.principal.why:
                assert found.corners.holds == found.corners.of, one.claim.id
            if found.corners and found.principal.verdict is Verdict.CONTRADICTED:
                assert found.corners.holds == 0, one.claim.id


def test_two_percent_holds_when_said_and_not_today(tmp_path: Path) -> None:
    found = judged(write(tmp_path))
    assert found.said and found.latest
    assert (found.said.verdict, found.said.value) == (Verdict.SUPPORTED, "EST, POL")
    assert (found.latest.verdict, found.latest.value) == (Verdict.CONTRADICTED, "POL")
    assert len(found.said.counted) == 3
    assert [edition.verdict for edition in found.latest.editions][-1] is Verdict.CONTRADICTED
    assert found.changed == ()


def test_five_to_ten_flips_where_the_figures_say(tmp_path: Path) -> None:
    [claim] = [claim for claim in load_claims() if claim.id == "five-to-ten"]
    found = judgement(Asker(RECORD), claim, date(2026, 11, 25))
    assert found.verdict is Verdict.DEPENDS
    assert found.principal.reading == {"balance": "four_battalions_three_divisions"}
    lines = {(flip.figure, flip.side): flip.at for flip in found.flips}
    assert lines == {
        ("three new Russian divisions as announced", "below"): 20_000,
        ("three new Russian divisions as announced", "above"): 40_000,
        ("four allied battalions as reported", "below"): 3_000,
        ("four allied battalions as reported", "above"): 6_000,
    }


def test_a_figure_moved_past_its_flip_has_another_verdict() -> None:
    checked = 0
    for one in shipped():
        found = one.latest
        if found is None or not isinstance(found.principal.value, Span) or not found.claim.test:
            continue
        how = formula(found.principal.parts, found.principal.value)
        names = [part.label or part.role for part in found.principal.parts]
        for flip in found.flips:
            away = {"above": 1e-6, "below": -1e-6, "at": 0.0}[flip.side]
            past = flip.at + away * max(1.0, abs(flip.at))
            bests = [part.best for part in found.principal.parts]
            if how is None:
                value = past
            elif None in bests or names.count(flip.figure) != 1:
                continue
            else:
                value = how.value([past if n == flip.figure else b for n, b in zip(names, bests, strict=True)])  # type: ignore[misc]
            again = judge(Span.exactly(value), found.claim.test)
            assert again and again.verdict is not found.principal.verdict, (one.claim.id, str(flip))
            checked += 1
    assert checked > 10


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("analysis: spending_guideline", "analysis: spending_guidelines", "is not an analysis"),
        ("year: 2015", "yeer: 2015", "yeer"),
        ("year: 2015", "year: soon", "cannot be used"),
        ("sources: [seed]", "sources: [nowhere]", "'nowhere' is not a source"),
        ("readings: [eastern_flank]", "readings: []", "Add readings: [eastern_flank]"),
        ("readings: [eastern_flank]", "readings: [eastern_flank, balance]", "does not depend on readings of balance"),
        ("readings: [eastern_flank]", "readings: [northern_flank]", "no slot of readings 'northern_flank'"),
        ("set_equal, value: [EST, POL]", "at_least, value: 2", "does not fit what is taken"),
        ('note: ""', "take: {figure: XXX}", "no figure 'XXX'"),
        ('note: ""', "take: {table: Waves, column: x}", "no table 'Waves'"),
        ("year: 2015", "year: 1990", "no answer to this"),
    ],
)
def test_what_cannot_be_asked_is_told_with_the_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(BadInput, match="only-two") as refused:
        judged(write(tmp_path, TEXT.replace(old, new)))
    assert said in str(refused.value)


def test_before_anything_was_on_record_it_cannot_be_told(tmp_path: Path) -> None:
    found = judged(write(tmp_path), "2014-01-01")
    assert found.verdict is Verdict.CANNOT_TELL
    assert found.asked and "no edition" in found.asked.value


def test_a_day_is_held_against_what_is_recorded(tmp_path: Path) -> None:
    assert judged(write(tmp_path), "2016-05-31").changed == ()
    assert judged(write(tmp_path), "2020-01-01").changed == ()
    text = TEXT.replace("{said: supported, latest: contradicted}", "{said: mostly supported, latest: contradicted}")
    assert judged(write(tmp_path, text), "2020-01-01").changed == (
        "2020-01-01: contradicted or mostly supported → supported",
    )


def test_a_changed_verdict_is_named_with_both_words(tmp_path: Path) -> None:
    found = judged(write(tmp_path, TEXT.replace("latest: contradicted", "latest: supported")))
    assert found.changed == ("latest: supported → contradicted",)


def test_the_days_it_differs_are_told_with_what_is_new() -> None:
    [claim] = [claim for claim in load_claims() if claim.id == "only-estonia-and-poland"]
    [found] = differences(Asker(RECORD), [claim], date(2016, 5, 31), date(2026, 11, 25))
    assert "2025-08-28" in found.editions
    assert "spending/EST.2015.nato.2025-08-28" in found.rows
    assert differences(Asker(RECORD), [claim], date(2016, 5, 31), date(2016, 6, 1)) == []


@pytest.mark.parametrize("name", ["only-estonia-and-poland", "three-nrc-meetings-2016", "five-to-ten"])
def test_a_life_is_what_judging_every_month_finds(name: str) -> None:
    [claim] = [claim for claim in load_claims() if claim.id == name]
    asker = Asker(RECORD)
    turns = life(asker, claim, date(2016, 1, 1))
    assert [turn.day for turn in turns] == sorted({turn.day for turn in turns})
    for year in range(2016, 2027):
        for month in (1, 6, 9):
            day = date(year, month, 15)
            if day > RECORD.as_of:
                continue
            [*_, last] = [turn for turn in turns if turn.day <= day]
            found = judgement(asker, claim, day)
            assert (found.verdict, found.value) == (last.verdict, last.value), day


def test_without_a_source_the_rows_that_rest_on_it_alone_are_gone() -> None:
    [claim] = [claim for claim in load_claims() if claim.id == "five-to-ten"]
    found = judgement(Asker(RECORD), claim, date(2016, 5, 31), full=True)
    assert found.without["tass-3div"] is Verdict.CANNOT_TELL
    assert set(found.without) == set(found.sole_sources)
    trimmed = RECORD.only(
        lambda row: row.sources != ["tass-3div"] or row.spec.table not in ("strengths", "unit_sizes", "deployments")
    )
    assert judgement(Asker(trimmed), claim, date(2016, 5, 31)).verdict is found.without["tass-3div"]


def test_each_question_of_each_day_is_asked_once() -> None:
    claims = [claim for claim in load_claims() if claim.id == "only-estonia-and-poland"]
    asker = Asker(RECORD)
    check(asker, [*claims])
    asked = len(asker._said)
    check(asker, [*claims])
    assert len(asker._said) == asked == 2
