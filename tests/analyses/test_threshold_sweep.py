"""Counts at every level, against each activity tested alone at each level."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import BASES, activity, as_columns
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.outcomes import outcomes
from dualtrack.instruments.verdicts import in_force, parts_of, verdicts
from dualtrack.record.rows import Row

RECORD = open_record("2026-11-25")
TEXTS = instrument("vienna_document")
PARTS = parts_of(RECORD)
OUTCOME = {"notification": "notifiable", "observation": "observable"}
MOVED = {"notification": ("notification_land", "notification_transfer"), "observation": ("observation_land",)}


def alone(row: Row, level: str, troops: int, basis: str) -> Ternary:
    text = in_force(TEXTS, row)
    assert text is not None
    columns = as_columns([activity(row, PARTS.get(row.id, []), basis)])  # type: ignore[arg-type]
    levels = {(rule, "troops_level"): float(troops) for rule in MOVED[level]}
    return outcomes(text, columns, levels)[OUTCOME[level]].at(0)  # type: ignore[index]


def counted(rows: list[Row], level: str, troops: int, basis: str) -> tuple[int, int]:
    answers = [alone(row, level, troops, basis) for row in rows]
    return answers.count(Ternary.YES), len(answers) - answers.count(Ternary.NO)


def table(finding: Finding, title: str, key: str, troops: int) -> dict[Any, int]:
    return {line[key]: line[str(troops)] for line in finding.answer.summary[title]}


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(sorted(OUTCOME)), st.sampled_from(BASES), st.integers(0, 30_000), st.integers(1, 9_000))
def test_every_count_is_that_of_each_alone(level: str, basis: str, start: int, step: int) -> None:
    finding = RECORD.ask("threshold_sweep", level=level, basis=basis, start=start, stop=start + 2 * step, step=step)
    rows = RECORD.rows("exercises")
    assert {start, start + step, start + 2 * step} <= {line["troops"] for line in finding.answer.value}
    for line in finding.answer.value:
        assert (line["surely"], line["possibly"]) == counted(rows, level, line["troops"], basis)
        assert line["of"] == len(rows)
        for word in ("surely", "possibly"):
            assert line[word] == sum(line[f"{side}_{word}"] for side in ("nato", "russia", "joint", "other"))


def test_at_the_level_of_the_document_it_is_the_verdict() -> None:
    found = verdicts(RECORD, TEXTS)
    for level, own in (("notification", 9_000), ("observation", 13_000)):
        finding = RECORD.ask("threshold_sweep", level=level)
        [line] = [line for line in finding.answer.value if line["level"] == "of the document"]
        answers = [v.answer(OUTCOME[level], "announced") for v in found]  # type: ignore[arg-type]
        assert line["troops"] == own
        assert line["surely"] == answers.count(Ternary.YES)
        assert line["possibly"] == len(answers) - answers.count(Ternary.NO)
        assert f"{line['surely']} (possibly {line['possibly']}) at the document's level" in finding.headline
        assert "lower bounds" in finding.headline and "lower bound" in finding.caveats[0]


def test_numbers_never_rise_with_the_level_and_years_add_up() -> None:
    finding = RECORD.ask("threshold_sweep", since="2014")
    levels = [line["troops"] for line in finding.answer.value]
    assert levels == sorted({*range(1_000, 20_001, 500)})
    for title, lines in finding.answer.summary.items():
        for line in lines if "surely" in title or "possibly" in title else ():
            values = [line[str(troops)] for troops in levels]
            assert values == sorted(values, reverse=True), (title, line)
    for word in ("surely", "possibly"):
        lines = [line for line in finding.answer.summary[f"By year and side, {word}"] if line["side"] == "all"]
        for at in finding.answer.value:
            assert sum(line[str(at["troops"])] for line in lines) == at[word]
        assert sum(line["of"] for line in lines) == finding.answer.value[0]["of"]


def test_a_document_level_between_two_steps_is_added_and_marked() -> None:
    value = RECORD.ask("threshold_sweep", start=8_000, stop=11_000, step=1_500).answer.value
    assert [(line["troops"], line["level"]) for line in value] == [
        (8_000, ""), (9_000, "of the document"), (9_500, ""), (11_000, ""),
    ]  # fmt: skip
    value = RECORD.ask("threshold_sweep", start=1_000, stop=2_000).answer.value
    assert [line["level"] for line in value] == ["", "", ""]


def test_what_a_state_makes_is_its_own_and_what_it_is_told_is_of_others() -> None:
    finding = RECORD.ask("threshold_sweep", basis="high")
    to_make = table(finding, "Notifications to make, surely", "state", 9_000)
    told = table(finding, "Told of activities of others, surely", "state", 9_000)
    sure = [row for row in RECORD.rows("exercises") if alone(row, "notification", 9_000, "high") is Ternary.YES]
    assert "NATO" in to_make and "NATO" not in told
    for state, count in to_make.items():
        assert count == sum(state in row.parts("lead_states") for row in sure)
    for state, count in told.items():
        expected = 0
        for row in sure:
            day = row.first("start")
            assert day is not None
            members = RECORD.members("nato", day)
            near = {state, *(["NATO", *members] if state in members else [])}
            expected += not near & set(row.parts("lead_states"))
        assert count == expected, state


def test_an_ally_of_later_is_another_until_then() -> None:
    """Sweden was told of allied exercises until it joined, and is an ally of those that lead them since."""
    told = "Told of activities of others, possibly"
    before = table(RECORD.ask("threshold_sweep", until="2023"), told, "state", 9_000)
    after = table(RECORD.ask("threshold_sweep", since="2024-04"), told, "state", 9_000)
    assert before["SWE"] > before["NOR"]
    assert after.get("SWE", after["NOR"]) == after["NOR"]


def test_a_start_that_may_lie_outside_counts_as_possibly_only() -> None:
    row = next(row for row in RECORD.rows("exercises") if len(row.text("start")) == 7)
    finding = RECORD.ask("threshold_sweep", since=f"{row.text('start')}-02", until=f"{row.text('start')}-27", start=0)
    assert any(row.id in caveat and "possibly only" in caveat for caveat in finding.caveats)
    assert finding.answer.value[0]["possibly"] > finding.answer.value[0]["surely"]


@pytest.mark.parametrize("wrong", [{"start": -1}, {"step": 0}, {"start": 5_000, "stop": 4_999}, {"step": 1}])
def test_a_series_that_is_none_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(BadInput) as refused:
        RECORD.ask("threshold_sweep", **wrong)
    assert refused.value.fix


def test_nothing_on_record_is_not_zero() -> None:
    with pytest.raises(BadInput, match="No activity is on record"):
        RECORD.ask("threshold_sweep", until="2003")
