"""Messages a user can act on: what, where, what to do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.errors import BadInput, BadRecord, DualtrackError, Fault, NoSuchName

NAMES = ["force_ratio", "spending_guideline", "spending_trend", "nato", "EST"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("force-ratio", "force_ratio"),
        ("spending_guidelines", "spending_guideline"),
        ("forceratio", "force_ratio"),
        ("NATO", "nato"),
        ("est", "EST"),
    ],
)
def test_the_nearest_name_is_suggested(written: str, meant: str) -> None:
    error = NoSuchName("analysis", written, NAMES)
    assert error.problem == f"There is no analysis called {written!r}."
    assert error.fix.startswith(f"Did you mean {meant}")


def test_with_nothing_near_the_names_are_listed() -> None:
    assert NoSuchName("analysis", "qqq", NAMES).fix == f"Known: {', '.join(NAMES)}."


def test_names_that_hold_commas_are_told_apart() -> None:
    assert NoSuchName("package", "qqq", ["both", "both, unexplained"]).fix == "Known: both; both, unexplained."


def test_names_with_meanings_are_all_told_and_near_by_their_words_too() -> None:
    meanings = {"since": "exercises from this date on", "minimum": "only those of at least so many troops"}
    assert NoSuchName("parameter", "Troop", list(meanings), meanings).fix == (
        "Did you mean minimum? What can be given:\n"
        "    since=…  exercises from this date on\n"
        "    minimum=…  only those of at least so many troops"
    )
    assert NoSuchName("parameter", "minimun", list(meanings), meanings).fix.startswith("Did you mean minimum? ")
    assert NoSuchName("parameter", "item", list(meanings), meanings).fix.startswith("What can be given:")
    assert NoSuchName("parameter", "x", [], {}).fix == "There are none."


def test_a_long_list_is_cut_and_says_so() -> None:
    many = [f"row-{n:04}" for n in range(1000)]
    error = NoSuchName("row", "ZZZ", many)
    assert "row-0000" in error.fix
    assert len(error.fix) < 500
    assert "and 980 more" in error.fix


def test_without_any_name_it_says_so() -> None:
    assert NoSuchName("reading", "x", []).fix == "There are none."


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=10), max_size=6))
def test_any_name_gets_an_answer(name: str, known: list[str]) -> None:
    error = NoSuchName("name", name, known)
    assert repr(name) in error.problem
    assert error.fix


def test_problem_and_remedy_stand_on_two_lines() -> None:
    assert str(BadInput("It is wrong.", "Mend it.")) == "It is wrong.\n  Mend it."
    assert str(BadInput("It is wrong.")) == "It is wrong."
    assert issubclass(BadRecord, BadInput) and issubclass(BadInput, DualtrackError)


def test_a_fault_names_file_line_and_column() -> None:
    fault = Fault("exercises.csv", 14, "start", "'2015-02-30' is not a date that exists.", "Write 2016.")
    assert str(fault) == "exercises.csv:14 [start]: '2015-02-30' is not a date that exists. Write 2016."
    assert str(Fault("x.csv", 0, "", "It is empty.", "")) == "x.csv: It is empty."


def test_a_bad_record_counts_and_lists_its_faults() -> None:
    fault = Fault("x.csv", 2, "a", "Wrong.", "Mend it.")
    one = str(BadRecord([fault], Path("mine")))
    assert one.startswith("1 fault in the record at mine; nothing was loaded.\n  x.csv:2 [a]: Wrong. Mend it.")
    many = BadRecord([fault] * 25, Path("mine"))
    assert len(many.faults) == 25
    assert str(many).startswith("25 faults") and str(many).count("x.csv:2") == 20 and "… and 5 more" in str(many)
