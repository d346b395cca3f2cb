"""Unity: the values of the first count by hand, refusal below eight, silence shown, who moved it, words and deeds."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.analyses.agreement import agreement, mean
from dualtrack.analyses.held import FEWEST
from dualtrack.analyses.voices import BODIES, LEVELS, signed
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding

RECORD = open_record("2026-11-24")

BY_HAND = [
    # question, since, until, basis, members at -2..+2, A, mean: counted by hand from the table when it was made
    ("permanent_bases", "2014-03", "2014-12", "all", (2, 2, 0, 0, 5), 0.148, 0.44),
    ("forward_presence", "2015-11", "2016-07", "all", (0, 0, 0, 6, 12), 0.833, 1.67),
    ("forward_presence", "2016-07", "2017-12", "all", (0, 0, 0, 1, 17), 0.972, 1.94),
    ("dialogue_nrc", "2016", "2016", "all", (0, 1, 0, 4, 1), None, 0.83),
    ("arms_control", "2016-06", "2016-12", "all", (1, 0, 0, 11, 1), 0.705, 0.85),
    ("spending_5pct", "2025", "2025", "all", (1, 1, 0, 2, 1), None, 0.20),
]


def ask(**given: Any) -> Finding:
    return RECORD.ask("unity", **given)


def table(finding: Finding, title: str) -> list[dict[str, Any]]:
    return finding.answer.summary[title]


def counts(finding: Finding) -> list[float]:
    return [row["members"] for row in table(finding, "Members by last position")[:5]]


@pytest.mark.parametrize(("question", "since", "until", "basis", "held", "index", "middle"), BY_HAND)
def test_values_counted_by_hand(
    question: str, since: str, until: str, basis: str, held: tuple[int, ...], index: float | None, middle: float
) -> None:
    found = ask(question=question, since=since, until=until, basis=basis)
    assert tuple(counts(found)) == held
    assert mean(held) - 2 == pytest.approx(middle, abs=0.005)
    if index is None:
        assert found.answer.best is None
    else:
        assert found.answer.best == pytest.approx(index, abs=0.0005)
        assert found.answer.low is not None
        assert found.answer.high is not None
        assert found.answer.low <= found.answer.best <= found.answer.high


@pytest.mark.parametrize("question", ["dialogue_nrc", "spending_2pct", "founding_act"])
def test_below_eight_members_there_is_no_index_and_the_positions_are_shown(question: str) -> None:
    found = ask(question=question, until="2016")
    n = sum(counts(found))
    assert 0 < n < FEWEST
    assert (found.answer.low, found.answer.best, found.answer.high) == (None, None, None)
    assert f"below {FEWEST}" in (found.answer.why_unknown or "")
    assert "too few for an index" in found.headline
    assert len(table(found, "Last position")) == n
    assert not {"Indices", "What the index leaves open", "Without one member"} & set(found.answer.summary)
    assert "A 0." not in found.to_text()


def test_eight_members_are_enough() -> None:
    found = ask(question="forward_presence", group="EST,LVA,LTU,POL,ROU,BGR,CZE,HUN")
    assert sum(counts(found)) == FEWEST
    assert found.answer.best is not None
    assert ask(question="forward_presence", group="EST,LVA,LTU,POL,ROU,BGR,CZE").answer.best is None


def test_the_silent_are_shown_as_silent() -> None:
    found = ask(question="forward_presence", since="2015-11", until="2016-07-31")
    last = table(found, "Members by last position")[-1]
    heard = {row["state"] for row in table(found, "Last position")}
    members = set(RECORD.members("nato", date(2016, 7, 31)))
    assert last["position"] == "nothing on record"
    assert set(last["which"]) == members - heard == set(found.answer.unknown)
    coverage = found.answer.coverage
    assert coverage
    assert (coverage.known, coverage.total) == (len(heard), len(members)) == (18, 28)
    assert any("Silence is not agreement" in caveat for caveat in found.caveats)
    assert "nothing on record" in found.to_text()


def test_the_index_is_that_of_the_members_shown() -> None:
    """Each number of the finding counted again from the rows it names."""
    for question in ("forward_presence", "article5", "permanent_bases"):
        found = ask(question=question, basis="all")
        held: dict[str, set[int]] = {}
        for row in table(found, "Last position"):
            for reference in row["row"]:
                statement = RECORD.row("statements", reference.partition("/")[2])
                assert statement["state_or_org"] == row["state"]
                held.setdefault(row["state"], set()).add(int(statement["position"]))  # type: ignore[arg-type]
        again = [sum((level in at) / len(at) for at in held.values()) for level in LEVELS]
        assert counts(found) == pytest.approx(again, abs=0.005)
        assert found.answer.best == pytest.approx(agreement(again), abs=1e-5)


def test_the_position_is_the_latest_in_the_window() -> None:
    found = ask(question="permanent_bases", until="2014-12", group="nato")
    for row in table(found, "Last position"):
        own = [
            s for s in RECORD.rows("statements", "question = 'permanent_bases' AND in_office = 'yes'")
            if s["state_or_org"] == row["state"] and (s.first("date") or date.max) <= date(2014, 12, 31)
        ]  # fmt: skip
        latest = max(s.last("date") or date.min for s in own)
        chosen = [RECORD.row("statements", r.partition("/")[2]) for r in row["row"]]
        assert max(s.last("date") or date.min for s in chosen) == latest


def test_two_voices_of_one_day_count_in_parts() -> None:
    found = ask(question="black_sea")
    assert next(r for r in table(found, "Last position") if r["state"] == "BGR")["position"] == "-2 and -1"
    assert counts(found)[:2] == [0.5, 0.5]
    assert any("in parts: Bulgaria" in caveat for caveat in found.caveats)


def test_words_and_deeds_stand_apart() -> None:
    window = {"question": "forward_presence", "since": "2016-07", "until": "2017-12"}
    words, done, both = (ask(**window, basis=basis) for basis in ("words", "deeds", "all"))
    assert (sum(counts(words)), sum(counts(done)), sum(counts(both))) == (12, 10, 18)
    for found, deed in ((words, False), (done, True)):
        offices = {e.value for e in found.evidence if e.table == "statements" and e.field == "office"}
        assert {office == "government (troop contribution)" for office in offices} == {deed}
    lines = {row["state"]: row for row in table(words, "Deeds on forward presence")}
    assert lines["TUR"]["position"] == "nothing on record"
    assert lines["FRA"]["deed"] == "yes"
    for row in table(words, "Words and deeds"):
        assert row["deed"] + row["none"] + row["not_on_record"] == row["members"]
        assert row["none"] == 0, "that nothing is on record is no deed against"
    assert sum(row["members"] for row in table(words, "Words and deeds")) == 29


def test_spending_can_be_answered_with_no() -> None:
    found = ask(question="spending_2pct", until="2015")
    lines = {row["state"]: row["deed"] for row in table(found, "Deeds on spending 2pct")}
    assert lines["USA"] == "yes"
    assert lines["DEU"] == "no"


def test_a_question_without_deeds_on_record_says_nothing_of_them() -> None:
    assert "Words and deeds" not in ask(question="article5").answer.summary


def test_who_moved_it_adds_up_for_a_single_mover() -> None:
    """Germany went from +1 to +2: taking that back gives the index without its move."""
    found = ask(question="forward_presence", until="2017-02-07", since="2016-07-01", before="2017-02-06")
    then, now = table(found, "Then and now")
    moved = table(found, "Who moved it")
    assert [row["state"] for row in moved] == ["DEU"]
    assert moved[0]["was"] == "nothing on record"
    assert now["A"] - moved[0]["moved_A_by"] == pytest.approx(then["A"], abs=0.002)
    with pytest.raises(BadInput, match="not before"):
        ask(question="forward_presence", until="2016", before="2016-12-31")


def test_leaving_one_out_is_done_for_every_member() -> None:
    found = ask(question="article5")
    lines = table(found, "Without one member")
    assert sum(len(line["one_of"]) for line in lines) == len(table(found, "Last position"))
    whole = counts(found)
    for line in lines:
        level = LEVELS.index(int(line["position"]))
        less = [n - (i == level) for i, n in enumerate(whole)]
        assert line["A"] == pytest.approx(agreement(less), abs=0.0005)


def test_readings_of_a_group_are_answered_apart() -> None:
    found = ask(question="forward_presence", group="eastern_flank")
    assert {r.reading["eastern_flank"] for r in found.by_reading} == {r.id for r in RECORD.readings("eastern_flank")}
    few = [r for r in found.by_reading if r.answer.coverage and r.answer.coverage.known < FEWEST]
    assert few
    assert all(r.answer.best is None for r in few)
    assert found.answer.low is None, "no single range where a reading has too few"


def test_any_group_is_asked_the_same_way() -> None:
    found = ask(question="forward_presence", group="EST,LVA,LTU,POL,RUS,DEU,USA,BLR,ROU")
    lines = {row["state"]: row["position"] for row in table(found, "Last position")}
    assert lines["RUS"] == "-2"
    assert found.answer.unknown == ["BLR"]
    with pytest.raises(NoSuchName):
        ask(question="forward_presence", group="csto")
    with pytest.raises(NoSuchName):
        ask(question="forward_presence", group="EST,XYZ")


def test_candidates_count_only_when_asked_for() -> None:
    window = {"question": "article5", "since": "2016", "until": "2016"}
    official = {r["state"] for r in table(ask(**window), "Last position")}
    everybody = {r["state"] for r in table(ask(**window, in_office="all"), "Last position")}
    assert everybody - official == {"USA"}


def test_all_questions_at_once() -> None:
    found = ask()
    questions = [row.id for row in RECORD.rows("questions")]
    lines = {line["question"]: line for line in found.answer.value}
    assert set(lines) | set(found.answer.unknown) == set(questions)
    for question, line in lines.items():
        alone = ask(question=question)
        assert [line[signed(level)] for level in LEVELS] == counts(alone)
        assert (line["A"] is None) == (line["on_record"] < FEWEST)
        assert (line["low"], line["high"]) == (alone.answer.low, alone.answer.high)
    with pytest.raises(BadInput, match="needs question"):
        ask(before="2016")


def test_a_higher_rate_of_misreading_widens_the_band() -> None:
    window = {"question": "forward_presence", "since": "2015-11", "until": "2016-07-31"}
    lows = [ask(**window, misread=rate).answer.low for rate in (0.0, 0.2, 0.5)]
    assert lows == sorted(lows, reverse=True)
    assert lows[0] != lows[2]


def test_bodies_are_no_members() -> None:
    for finding in (ask(), ask(question="russia_threat")):
        spoke = {e.row for e in finding.evidence if e.table == "statements"}
        assert not {RECORD.row("statements", id_)["state_or_org"] for id_ in spoke} & set(BODIES)


def test_nothing_on_record_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match="has a position on record"):
        RECORD.at(date(2013, 1, 1)).ask("unity", question="forward_presence")
    with pytest.raises(NoSuchName):
        ask(question="weather")


@given(st.dates(date(2014, 6, 1), date(2026, 6, 1)), st.integers(0, 1500))
def test_members_on_record_and_silent_are_all_the_members(until: date, days: int) -> None:
    since = until - timedelta(days)
    try:
        found = ask(question="forward_presence", since=since.isoformat(), until=until.isoformat(), basis="all")
    except BadInput:
        return
    rows = table(found, "Members by last position")
    assert sum(row["members"] for row in rows) == pytest.approx(len(RECORD.members("nato", until)))
    for reference in (r for line in table(found, "Last position") for r in line["row"]):
        statement = RECORD.row("statements", reference.partition("/")[2])
        assert (statement.last("date") or date.min) >= since
        assert (statement.first("date") or date.max) <= until
