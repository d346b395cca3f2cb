"""Even-handed: exchanging two states' codes wherever they stand as codes permutes every answer exactly.

The record is written anew with the two codes exchanged (``swapped`` says where), every question is asked of both
records, the answers' codes are mapped back, and both must be the same: the same sets, rows, figures, readings,
editions, evidence, sources and caveats. Left out of the comparison: the order of lists and of words, and in free
text which of the two codes it names.
"""

import json
from collections.abc import Callable
from datetime import date
from difflib import unified_diff
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dualtrack.analyses.contract import analyses
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput
from dualtrack.record.store import open_folders, packaged
from dualtrack.record.table import LoadedTable
from examples import all_questions, questions
from swapped import Swap

PAIRS = [("EST", "POL"), ("USA", "RUS"), ("DEU", "BLR")]
ORIGINAL = open_record("2026-11-24")
STATES = sorted(row.id for row in ORIGINAL.rows("states"))

Opened = Callable[[Swap, date], OpenRecord]


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Opens the record with two codes exchanged; each pair is written once."""

    @lru_cache(maxsize=4)
    def folder(a: str, b: str) -> Path:
        return Swap(a, b).record(packaged(), tmp_path_factory.mktemp("swapped") / "record")

    @lru_cache(maxsize=4)
    def opened(a: str, b: str, day: date) -> OpenRecord:
        record = open_folders([folder(a, b)], day, cls=OpenRecord)
        tables = {
            name: LoadedTable(Swap(a, b).spec(table.spec), table.rows, table.lines)
            for name, table in record._tables.items()
        }
        return OpenRecord(tables, record._readings, day, record.compiled)

    return lambda swap, day: opened(swap.a, swap.b, day)


@lru_cache(maxsize=8)
def original(day: date) -> OpenRecord:
    return ORIGINAL.at(day)


@lru_cache(maxsize=512)
def told(day: date, name: str, example: str) -> Any:
    """What the record says, asked once for all pairs; a refusal is kept as well."""
    try:
        return original(day).ask(name, **json.loads(example))
    except BadInput as error:
        return error


def answer(record: OpenRecord, swap: Swap, name: str, example: dict[str, Any], back: bool) -> str:
    try:
        if back:
            found = swap.comparable(record.ask(name, **swap.parameters(example)), back)
        else:
            known = told(record.as_of, name, json.dumps(example))
            if isinstance(known, BadInput):
                raise known
            found = swap.comparable(known, back)
    except BadInput as error:
        found = f"refused: {swap.codes(error.problem) if back else error.problem}"
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False)


def differences(exchanged: Opened, swap: Swap, day: date, name: str, example: dict[str, Any]) -> str:
    one = answer(original(day), swap, name, example, back=False)
    other = answer(exchanged(swap, day), swap, name, example, back=True)
    return "\n".join(
        [*unified_diff(one.splitlines(), other.splitlines(), "before", "exchanged", n=1, lineterm="")][:60]
    )


@pytest.mark.parametrize("name", list(analyses()))
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_exchanging_two_states_permutes_every_answer(pair: tuple[str, str], name: str, exchanged: Opened) -> None:
    for example in questions(name):
        assert differences(exchanged, Swap(*pair), ORIGINAL.compiled, name, example) == "", example


@settings(max_examples=3, phases=[Phase.generate])  # another pair is no simpler than the one found
@given(st.lists(st.sampled_from(STATES), min_size=2, max_size=2, unique=True), st.integers(0, 2**16))
def test_any_two_states(exchanged: Opened, pair: list[str], seed: int) -> None:
    for name, example in Random(seed).sample(all_questions(), 12):
        assert differences(exchanged, Swap(*pair), date(2016, 5, 9), name, example) == "", (name, example)


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_the_exchange_is_an_exchange(pair: tuple[str, str], exchanged: Opened) -> None:
    """Every row is there, its codes exchanged."""
    a, b = pair
    record = exchanged(Swap(a, b), ORIGINAL.compiled)
    for name in ORIGINAL.tables:
        assert len(record.rows(name)) == len(ORIGINAL.rows(name))
    assert record.row("states", a)["name"] == ORIGINAL.row("states", b)["name"]
    members = {Swap(a, b).code(state) for state in record.members("nato", date(2016, 5, 9))}
    assert members == set(ORIGINAL.members("nato", date(2016, 5, 9)))


def test_exchanged_twice_is_the_record_itself(exchanged: Opened, tmp_path: Path) -> None:
    swap = Swap("USA", "RUS")
    once = swap.record(packaged(), tmp_path / "once")
    twice = swap.record(once, tmp_path / "twice")
    again = open_folders([twice], ORIGINAL.compiled, cls=OpenRecord)
    for name in ORIGINAL.tables:
        assert [dict(row) for row in again.rows(name)] == [dict(row) for row in ORIGINAL.rows(name)]
    assert [again.readings(slot) for slot in again.slots] == [ORIGINAL.readings(slot) for slot in ORIGINAL.slots]


def test_a_favour_is_noticed(exchanged: Opened) -> None:
    """The comparison is no formality: an answer that is not mapped back is another answer."""
    swap = Swap("EST", "RUS")
    asked = {"year": 2015, "group": "eastern_flank"}
    kept = answer(original(date(2016, 5, 9)), swap, "spending_guideline", asked, back=False)
    assert kept != answer(original(date(2016, 5, 9)), swap, "spending_guideline", asked, back=True)


def test_codes_are_found_wherever_they_stand() -> None:
    swap = Swap("EST", "POL")
    assert swap.codes("EST.2015.nato;POL/EST") == "POL.2015.nato;EST/POL"
    assert swap.codes("TEST POLAND ESTONIA D-est") == "TEST POLAND ESTONIA D-est"
    assert swap.parameters({"state": "EST", "year": 2015}) == {"state": "POL", "year": 2015}
