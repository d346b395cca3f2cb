"""Positions: the frequency vectors counted by hand before, and silence that stays silence."""

import csv
from collections import Counter

import pytest

from dualtrack import open_record
from dualtrack.core.dates import last_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.record.store import packaged


def asked(as_of: str = "2026-11-25", **parameters: object) -> Finding:
    return open_record(as_of).ask("positions", **parameters)


def vector(finding: Finding, members: set[str]) -> list[int]:
    tally = finding.answer.summary["States by their last position"]
    return [len(members & set(line["which"] or [])) for line in tally]


# Last position per member, counted independently of this code: n, and how many at -2, -1, 0, 1 and 2.
COUNTED = [
    ("permanent_bases", "2014-03", "2014-12", 9, [2, 2, 0, 0, 5]),
    ("forward_presence", "2015-11", "2016-07", 18, [0, 0, 0, 6, 12]),
    ("forward_presence", "2016-07", "2017-12", 18, [0, 0, 0, 1, 17]),
    ("dialogue_nrc", "2016", "2016", 6, [0, 1, 0, 4, 1]),
    ("arms_control", "2016-06", "2016-12", 13, [1, 0, 0, 11, 1]),
    ("spending_5pct", "2025", "2025", 5, [1, 1, 0, 2, 1]),
]


@pytest.mark.parametrize(("question", "since", "until", "n", "counts"), COUNTED)
def test_last_positions_of_members(question: str, since: str, until: str, n: int, counts: list[int]) -> None:
    finding = asked(question=question, since=since, until=until)
    members = set(open_record("2026-11-25").members("nato", last_day(until)))
    coverage = finding.answer.coverage
    assert coverage and (coverage.known, coverage.total) == (n, len(members))
    assert vector(finding, members) == counts
    assert len(finding.answer.unknown) == len(members) - n


def test_voices_of_one_government_that_contradict_each_other() -> None:
    lines = asked(state="CZE", since="2014", until="2014").answer.summary["Voices of one government that differ"]
    assert {(line["how"], line["speakers"]) for line in lines} == {
        ("opposed", "Bohuslav Sobotka / Pavel Belobradek"),
        ("opposed", "Bohuslav Sobotka / Milos Zeman"),
    }
    (bulgaria,) = asked(question="black_sea", state="BGR").answer.summary["Voices of one government that differ"]
    assert bulgaria["how"] == "differ" and bulgaria["positions"] == ["-2", "-1"]


def test_a_summary_of_a_government_is_nobodys_voice() -> None:
    assert "Voices of one government that differ" not in asked(question="permanent_bases", state="SVK").answer.summary


def test_who_is_not_in_office_is_left_out_unless_asked() -> None:
    with (packaged() / "statements.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["question"] == "article5"]
    said = asked(question="article5")
    assert len(said.answer.value) == sum(row["in_office"] == "yes" for row in rows)
    every = asked(question="article5", in_office="all")
    assert Counter(line["in_office"] for line in every.answer.value) == Counter(row["in_office"] for row in rows)
    last = {line["state"]: line["position"] for line in every.answer.summary["Last position"]}
    assert last["USA"] == ["+1"]  # the candidate of 2024 is not the state's last word


def test_the_other_side_stands_beside_within_the_days() -> None:
    finding = asked(question="founding_act", state="DEU", days=60)
    pairs = finding.answer.summary["Side by side"]
    assert {(line["other"], line["other_position"]) for line in pairs} == {("EST", "-2"), ("RUS", "+2")}
    assert all(line["days_apart"] <= 60 for line in pairs)
    assert "Side by side" not in asked(question="founding_act", state="DEU", days=10).answer.summary


def test_an_undated_statement_is_in_no_window() -> None:
    assert any(line["date"] == "undated" for line in asked(state="HUN").answer.value)
    assert all(line["date"] != "undated" for line in asked(state="HUN", since="2014").answer.value)


def test_no_index_and_no_agreement_from_silence() -> None:
    finding = asked(question="unity")
    assert "Silence is not agreement" in finding.caveats[0]
    assert finding.answer.best is None


def test_a_question_or_a_state_is_needed() -> None:
    with pytest.raises(BadInput, match="needs question"):
        asked()
    with pytest.raises(NoSuchName, match="position question"):
        asked(question="bases")
