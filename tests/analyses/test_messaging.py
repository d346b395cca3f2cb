"""Messaging: who spoke last and when, silence shown, and how contested a question is as far as a poll tells."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from dualtrack.analyses.messaging import ITEMS
from dualtrack.analyses.polls import BASES, base
from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding

RECORD = open_record("2026-11-24")
MAY = open_record("2016-05-31")


def lines(found: Finding) -> dict[str, dict[str, Any]]:
    return {line["state"]: line for line in found.answer.value}


def test_every_member_has_a_line_and_silence_is_called_silence() -> None:
    found = MAY.ask("messaging", question="article5")
    rows = lines(found)
    assert set(rows) == set(MAY.members("nato", date(2016, 5, 31)))
    assert {state for state, row in rows.items() if row["spoke"] == "yes"} == {"DEU", "USA"}
    for state, row in rows.items():
        if state not in ("DEU", "USA"):
            assert row["spoke"] == "silent on record"
            assert row["position"] is row["days"] is row["said"] is None
            assert state in found.answer.unknown
    assert found.answer.coverage
    assert (found.answer.coverage.known, found.answer.coverage.total) == (2, 28)
    assert any("sample" in caveat and "26 of 28" in caveat for caveat in found.caveats)
    assert "silent on record" in found.to_text()


def test_days_are_counted_from_the_last_statement() -> None:
    rows = lines(MAY.ask("messaging", question="article5"))
    assert (rows["DEU"]["said"], rows["DEU"]["days"]) == ("2016-04-15", 46)
    assert rows["USA"]["days"] == (date(2016, 5, 31) - date(2014, 9, 3)).days


def test_a_date_known_to_the_month_gives_a_range_of_days() -> None:
    rows = lines(MAY.ask("messaging", question="founding_act"))
    assert rows["EST"]["said"] == "2016-02"
    assert (rows["EST"]["days"], rows["EST"]["days_at_most"]) == (92, 120)


def test_the_poll_is_the_latest_of_the_item_in_the_country() -> None:
    for question, items in ITEMS.items():
        try:
            rows = lines(RECORD.ask("messaging", question=question))
        except BadInput:
            continue
        for state, row in rows.items():
            polls = [
                [p for p in RECORD.rows("polls", "question = ? AND country = ?", item, state)
                 if base(p) == BASES[0] and p["support_pct"] is not None and p["ref_date"] is not None]
                for item in items
            ]  # fmt: skip
            first = next((own for own in polls if own), None)
            if first is None:
                assert row["item"] is row["support"] is row["gap"] is None
                assert row["contested"] == "unknown"
            else:
                assert (row["item"], row["polled"]) == (
                    first[0]["question"],
                    max(first, key=lambda p: p.last("ref_date") or date.min)["ref_date"],
                )


def test_contested_is_known_only_as_far_as_the_shares_are() -> None:
    found = RECORD.ask("messaging", question="article5", margin=20)
    answers = set()
    for row in lines(found).values():
        answers.add(row["contested"])
        if row["support"] is None:
            continue
        most = 100 - row["support"]
        against = [row["oppose"]] if row["oppose"] is not None else [most * share / 20 for share in range(21)]
        could = {abs(row["support"] - other) < 20 for other in against}
        if row["contested"] == "unknown":
            assert row["oppose"] is None
        else:
            assert could == {row["contested"] == "yes"}
    assert answers == {"yes", "no", "unknown"}


def test_a_wider_margin_never_makes_a_question_less_contested() -> None:
    order = {"no": 0, "unknown": 1, "yes": 2}
    steps = [lines(RECORD.ask("messaging", question="article5", margin=m)) for m in (5, 20, 60, 100)]
    for one, other in pairwise(steps):
        assert all(order[one[state]["contested"]] <= order[other[state]["contested"]] for state in one)


def test_the_tally_adds_up() -> None:
    for question in ("article5", "forward_presence", "unity"):
        found = RECORD.ask("messaging", question=question)
        rows = found.answer.summary["Spoken and contested"]
        assert sum(row["spoke"] + row["silent_on_record"] for row in rows) == rows[0]["members"] == 32


def test_neither_deeds_nor_summaries_nor_candidates_speak() -> None:
    for question in ("forward_presence", "permanent_bases", "arms_control", "article5"):
        found = RECORD.ask("messaging", question=question)
        used = [RECORD.row("statements", e.row) for e in found.evidence if e.table == "statements"]
        assert all(row["in_office"] == "yes" for row in used)
        assert not any(row.text("office").startswith("government") for row in used)


def test_a_question_no_poll_comes_near_says_so() -> None:
    found = RECORD.ask("messaging", question="founding_act")
    assert any("No poll item is near founding_act" in caveat for caveat in found.caveats)
    assert "no poll on record" in found.headline
    assert all(row["contested"] == "unknown" for row in lines(found).values())


def test_another_item_and_another_group() -> None:
    found = RECORD.ask("messaging", question="russia_threat", item="nato_favourable", group="RUS,BLR,DEU")
    rows = lines(found)
    assert rows["RUS"]["spoke"] == "yes"
    assert rows["RUS"]["item"] == "nato_favourable"
    assert rows["BLR"]["spoke"] == "silent on record"


def test_readings_of_a_group_are_counted_apart() -> None:
    found = RECORD.ask("messaging", question="article5", group="eastern_flank")
    for reading in found.by_reading:
        states = {line["state"] for line in reading.answer.value}
        assert reading.answer.coverage
        assert reading.answer.coverage.total == len(states)
        assert states <= set(lines(found))


def test_a_window_leaves_out_what_lies_outside() -> None:
    found = RECORD.ask("messaging", question="article5", since="2022", until="2023")
    for row in lines(found).values():
        assert row["said"] is None or row["said"][:4] in ("2022", "2023")
        assert row["polled"] is None or row["polled"][:4] in ("2022", "2023")


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(NoSuchName):
        RECORD.ask("messaging", question="weather")
    with pytest.raises(NoSuchName):
        RECORD.ask("messaging", question="article5", item="weather")
    with pytest.raises(BadInput, match="Neither a statement"):
        RECORD.at(date(2013, 1, 1)).ask("messaging", question="founding_act")


def test_every_item_and_question_of_the_map_is_on_record() -> None:
    questions = {row.id for row in RECORD.rows("questions")}
    items = {row.id for row in RECORD.rows("poll_questions")}
    assert set(ITEMS) <= questions
    assert {item for some in ITEMS.values() for item in some} <= items
