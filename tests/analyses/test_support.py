"""Support by the pooled model on the record: what it refuses, what it warns of, what its figures rest on."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.analyses.polled import as_poll, item, middle, pooled, years
from dualtrack.analyses.pooling import Point, percent
from dualtrack.analyses.workings import Workings
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput, NoSuchName

RECORD = open_record("2026-11-25")


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return RECORD


def test_the_german_trio_is_three_wordings_with_the_warning() -> None:
    finding = open_record("2016-07-31").ask("support", question="bases_east", country="DEU")
    assert "3 wordings, not one series" in finding.headline
    shown = [row for row in finding.answer.summary["By wording"] if "2016" in row["published"]]
    july = {row["published"].split(" (")[0] if "," not in row["published"] else "29": row for row in shown}
    assert {"9", "29", "38"} <= set(july)
    assert july["9"]["level"] < july["29"]["level"] < july["38"]["level"]
    assert all(row["low"] < row["level"] < row["high"] for row in shown)
    assert any(caveat.startswith("The form of the item makes the answer") for caveat in finding.caveats)
    for share in ("9 percent on “Send German", "29 percent on “NATO to build up", "38 percent on “Right that NATO"):
        assert share in finding.headline


def test_items_are_pooled_only_when_told(record: OpenRecord) -> None:
    with pytest.raises(BadInput, match="different items and are not pooled") as refused:
        record.ask("support", question="bases_east,troops_in_country")
    assert "pool=true" in refused.value.fix
    both = record.ask("support", question="bases_east, troops_in_country", pool=True)
    assert any("Pooled on request" in caveat for caveat in both.caveats)
    alone = record.ask("support", question="bases_east")
    assert {row["country"] for row in both.answer.value} == {row["country"] for row in alone.answer.value}
    assert [row["polls"] for row in both.answer.value] == [row["polls"] for row in alone.answer.value]


def test_every_result_prints_its_caveats_and_coverage(record: OpenRecord) -> None:
    for analysis, asked in (
        ("support", {"question": "nato_favourable"}),
        ("support", {"question": "vote_stay_nato", "country": "POL"}),
        ("fragility", {"question": "defend_ally"}),
        ("support_backtest", {"question": "defend_ally"}),
    ):
        finding = record.ask(analysis, **asked)
        text = finding.to_text()
        assert finding.answer.coverage is not None
        assert f"Coverage: {finding.answer.coverage.known}" in text
        assert all(f"Note: {caveat}" in text for caveat in finding.caveats)
        assert any("No election anchors" in caveat for caveat in finding.caveats)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(["defend_ally", "join_nato", "spend_more", "would_fight"]), st.integers(2015, 2026))
def test_rows_rest_on_the_polls_of_the_country(question: str, year: int) -> None:
    day = date(year, 12, 31)
    try:
        finding = RECORD.at(day).ask("support", question=question)
    except BadInput:
        return
    rows = RECORD.at(day).rows("polls", "question = ?", question)
    used = [
        row for row in rows
        if row["support_pct"] is not None and not row["subgroup"] and row["country"] not in ("XNT", "XCE", "XTT", "XEC")
    ]  # fmt: skip
    assert finding.answer.coverage is not None
    assert (finding.answer.coverage.known, finding.answer.coverage.total) == (len(used), len(rows))
    assert {item.row for item in finding.evidence if item.field == "support_pct"} >= {row.id for row in used}
    for answer in finding.answer.value:
        own = [row for row in used if row["country"] == answer["country"]]
        assert answer["polls"] == len(own)
        assert answer["houses"] == len({row["pollster"] for row in own})
        assert 0 < answer["low"] < answer["level"] < answer["high"] < 100
        assert answer["house_low"] <= answer["level"] <= answer["house_high"]
        assert 0 <= answer["prior_share"] <= 100
        dates = [row["ref_date"] for row in own if row["ref_date"]]
        assert (answer["change"] is None) == (len(set(dates)) < 2)


def test_a_poll_of_another_item_changes_nothing(record: OpenRecord) -> None:
    """The same polls, with half of all others taken away."""
    fewer = record.only(lambda row: row.spec.table != "polls" or row["question"] == "defend_ally" or hash_of(row) % 2)
    kept = {row.id for row in fewer.rows("polls")}
    assert len(kept) < len(record.rows("polls"))
    one, other = (r.ask("support", question="defend_ally") for r in (record, fewer))
    assert one.answer == other.answer


def hash_of(row: object) -> int:
    return int(row.id[2:])  # type: ignore[attr-defined]


def test_more_polls_of_its_own_leave_less_to_the_prior(record: OpenRecord) -> None:
    rows = record.ask("support", question="join_nato", on="2022-06").answer.value
    share = {row["country"]: row["prior_share"] for row in rows}
    assert share["UKR"] < 50
    finding = record.ask("support", question="join_nato", country="FIN", on="2026-11-25")
    trend = finding.answer.summary["Over time"]
    within = [row for row in trend if row["date"].startswith("2022")]
    assert trend[-1]["prior_share"] > max(row["prior_share"] for row in within)
    assert trend[-1]["high"] - trend[-1]["low"] > within[-1]["high"] - within[-1]["low"]


def test_where_no_day_is_given_levels_are_of_the_newest_poll(record: OpenRecord) -> None:
    asked = {"question": "defend_ally", "country": "DEU"}
    finding, then, now = (record.ask("support", **asked, **on) for on in ({}, {"on": "2022-08-16"}, {"on": "2026-11"}))
    assert "at the newest poll (August 2022)" in finding.headline and "2026" not in finding.headline
    assert "on 25 November 2026" in now.headline
    [row], [same], [later] = (one.answer.value for one in (finding, then, now))
    assert (row["on"], same["on"], later["on"]) == ("2022-08", "2022-08-16", "2026-11-25")
    assert row["level"] == same["level"] > later["level"]
    assert row["prior_share"] < later["prior_share"]
    assert finding.answer.summary["Over time"][-1]["date"] == "2022-08"
    every = record.ask("support", question="defend_ally")
    assert "at the newest poll (31 May 2025)" in every.headline
    fragile = record.ask("fragility", **asked)
    assert "at the newest poll (August 2022)" in fragile.headline


def test_the_trend_follows_what_polls_found(record: OpenRecord) -> None:
    """Ukraine from 2016 to 2023: 39 to over 80 percent; Finland within four months of 2022."""
    ukraine = record.ask("support", question="join_nato", country="UKR")
    [row] = ukraine.answer.value
    assert row["change_low"] > 15
    levels = {r["date"]: r["level"] for r in ukraine.answer.summary["Over time"]}
    assert 35 < levels["2016-06"] < 60 < levels["2022-10"] < 90


def test_days_and_names_that_cannot_be_asked(record: OpenRecord) -> None:
    with pytest.raises(NoSuchName, match="poll question"):
        record.ask("support", question="defend_aly")
    with pytest.raises(BadInput, match="after the as-of day"):
        record.ask("support", question="defend_ally", on="2030")
    with pytest.raises(BadInput, match="alone is on record"):
        record.ask("support", question="defend_ally", country="XNT")
    with pytest.raises(BadInput, match="No share in favour"):
        open_record("2001-01-01").ask("support", question="defend_ally")


def test_more_polls_than_fit_into_seconds_are_refused(record: OpenRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dualtrack.analyses.polled.MOST", 30)
    with pytest.raises(BadInput, match="38 polls on defend_ally are more"):
        record.ask("support", question="defend_ally")
    assert record.ask("support", question="fear_nato").answer.value


def test_levels_of_the_finding_are_those_of_the_model(record: OpenRecord) -> None:
    asked = item(Workings(record, "support", {}), "defend_ally")
    model = pooled(record, asked)
    assert model is pooled(record, asked)
    level = percent(model.level([Point("DEU", years(date(2019, 6, 1)))]).quantile(0.5))[0]
    [row] = record.ask("support", question="defend_ally", country="DEU", on="2019-06-01").answer.value
    assert row["level"] == pytest.approx(level, abs=0.051)


def test_rows_become_observations(record: OpenRecord) -> None:
    phone, panel = (as_poll(record.row("polls", id_)) for id_ in ("po0129", "po0174"))
    assert (phone.share, phone.n, phone.probability) == (29, 1004, True)
    assert not panel.probability
    assert not as_poll(record.row("polls", "po0127")).probability  # no mode on record
    assert middle("2016") == pytest.approx(middle("2016-07-01"), abs=0.01)
