"""Every analysis as of a day: what became known later leaves the finding byte-identical."""

from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterwards import Afterwards
from dualtrack.analyses.contract import analyses
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.record.cells import last_moment
from examples import all_questions, questions

ORIGINAL = open_record("2026-11-24")
DAYS = (date(2014, 9, 5), date(2016, 5, 9), date(2022, 2, 24), ORIGINAL.compiled - timedelta(1))


def asked(record: OpenRecord, name: str, example: dict[str, Any]) -> str:
    """The finding as JSON, or the refusal where nothing was on record yet."""
    try:
        return record.ask(name, **example).to_json()
    except BadInput as error:
        return f"refused: {error}"


@lru_cache(maxsize=32)
def original(day: date, strict: bool = False) -> OpenRecord:
    return OpenRecord(ORIGINAL._tables, ORIGINAL._readings, day, ORIGINAL.compiled, strict)


@lru_cache(maxsize=32)
def changed(day: date, seed: int, strict: bool = False) -> OpenRecord:
    tables = Afterwards(ORIGINAL._tables, day, ORIGINAL.compiled, Random(seed)).all()
    return OpenRecord(tables, ORIGINAL._readings, day, ORIGINAL.compiled, strict)


@pytest.mark.parametrize("name", list(analyses()))
def test_every_analysis_has_an_example(name: str) -> None:
    assert questions(name), f"give analyses/{name}.py EXAMPLES, or tests/examples.py an entry"


@pytest.mark.parametrize("name", list(analyses()))
def test_at_least_one_example_finds_something(name: str) -> None:
    assert any(not asked(ORIGINAL, name, example).startswith("refused") for example in questions(name))


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("name", list(analyses()))
def test_what_becomes_known_later_changes_no_answer(name: str, day: date) -> None:
    for example in questions(name):
        assert asked(original(day), name, example) == asked(changed(day, 1), name, example), example


@pytest.mark.parametrize("name", list(analyses()))
def test_what_becomes_known_later_changes_no_strict_answer(name: str) -> None:
    day = date(2016, 5, 9)
    for example in questions(name):
        assert asked(original(day, True), name, example) == asked(changed(day, 2, True), name, example), example


@settings(max_examples=12)
@given(st.dates(date(2013, 1, 1), date(2027, 12, 31)), st.integers(3, 2**16), st.randoms(use_true_random=False))
def test_on_no_day_does_anything_later_show(day: date, seed: int, random: Random) -> None:
    for name, example in random.sample(all_questions(), 4):
        assert asked(original(day), name, example) == asked(changed(day, seed), name, example), (name, example)


def test_the_change_is_a_change() -> None:
    """Seen from later on, the two records do not give the same answers."""
    day, later = date(2016, 5, 9), date(2028, 1, 1)
    one, other = original(day).at(later), changed(day, 1).at(later)
    answers = [(asked(one, *question), asked(other, *question)) for question in all_questions()]
    assert sum(a != b for a, b in answers) > len(answers) / 2


def findings(record: OpenRecord) -> list[Finding]:
    found = [asked(record, *question) for question in all_questions()]
    return [Finding.model_validate_json(text) for text in found if not text.startswith("refused")]


@pytest.mark.parametrize("day", [date(2014, 9, 5), date(2016, 5, 9)], ids=str)
def test_no_evidence_was_unknown_on_the_day(day: date) -> None:
    for finding in findings(original(day)):
        assert finding.as_of == day
        late = [e for e in finding.evidence if e.known_from and last_moment(e.known_from) > day]
        assert late == [], finding.id


def test_strict_answers_rest_on_dated_sources_only() -> None:
    for finding in findings(original(date(2022, 6, 30), True)):
        assert {e.known_basis for e in finding.evidence} <= {"dated source", None}, finding.id
        assert all(e.known_basis for e in finding.evidence if ORIGINAL.spec(e.table).kind == "fact"), finding.id


@pytest.mark.parametrize("name", list(analyses()))
def test_a_month_means_its_last_day(name: str) -> None:
    [example, *_] = questions(name)
    assert asked(open_record("2016-05"), name, example) == asked(original(date(2016, 5, 31)), name, example)


@pytest.mark.parametrize("name", list(analyses()))
def test_the_same_question_has_the_same_answer_twice(name: str) -> None:
    for example in questions(name)[:2]:
        day = date(2016, 5, 9)
        assert asked(ORIGINAL.at(day), name, example) == asked(original(day), name, example)


def test_a_row_without_a_date_of_knowledge_is_not_used_before_the_day_of_compilation() -> None:
    unsaid = {(t, k) for t, table in ORIGINAL._tables.items() if table.spec.kind == "fact"
              for k, cells in table.rows.items() if cells["known_from"] is None}  # fmt: skip
    assert unsaid
    for finding in findings(original(ORIGINAL.compiled - timedelta(1))):
        assert {(e.table, e.row) for e in finding.evidence} & unsaid == set()
