"""Tests of commitments as files: one for each, numbers as promised, rows that are there; how needs are decided."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import WriteFiles
from dualtrack.api import OpenRecord, open_record
from dualtrack.core.errors import BadInput
from dualtrack.core.expression import Literal, Node, Operation
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.commitment import Asked, Measurement, covered, measurements, run, surely_there, together
from dualtrack.instruments.instrument import packaged

RECORD = open_record("2026-11-24")
FILES = list(measurements().values())
WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "both": 2}


def numbers(node: Node) -> set[float]:
    if isinstance(node, Literal):
        return {node.value} if isinstance(node.value, float) else set()
    return {n for operand in node.operands for n in numbers(operand)} if isinstance(node, Operation) else set()


def promised(test: Measurement) -> set[float]:
    row = RECORD.row("commitments", test.written.commitment)
    text = f"{row['measurable_test']} {row['commitment']}".lower()
    found = {float(n.replace(",", "")) for n in re.findall(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?", text)}
    return found | {float(number) for word, number in WORDS.items() if re.search(rf"\b{word}\b", text)}


def test_every_commitment_has_a_test_and_every_test_a_commitment() -> None:
    assert set(measurements()) == {row.id for row in RECORD.rows("commitments")}


@pytest.mark.parametrize("test", FILES, ids=lambda test: test.written.commitment)
def test_every_number_of_a_condition_stands_in_the_promise(test: Measurement) -> None:
    """One is a whole (all of what was asked for), and a number of armies may be named by listing them."""
    asked = {n for formula in test.conditions if formula for n in numbers(formula.tree)}
    listed = {"C-rus-1gta", "C-rus-md"}  # two armies, two districts, each named
    assert asked - promised(test) - {1.0} <= ({2.0} if test.written.commitment in listed else set())


@pytest.mark.parametrize("test", FILES, ids=lambda test: test.written.commitment)
def test_every_row_and_column_a_test_names_is_there(test: Measurement) -> None:
    row = RECORD.row("commitments", test.written.commitment)
    found = run(test, Asked(RECORD, RECORD.rows, row, None))
    assert len(found) == len(test.written.needs) and all(one.told for one in found)
    for need in test.written.needs:
        named = re.findall(r"'([DA]-[^']+)'", getattr(need, "where", "")) + list(getattr(need, "hosts_of", []))
        if getattr(need, "table", "") == "deployments":
            assert set(named) <= {deployed.id for deployed in RECORD.rows("deployments")}
        if need.kind == "said":
            assert RECORD.rows("commitment_status", "commitment_id IS NOT NULL AND value = ?", need.text)


def test_no_file_names_a_state() -> None:
    """Codes of states come from the record, so that a test does not change with whom it is about."""
    codes = {row.id for row in RECORD.rows("states")}
    for path in (packaged() / "commitments").glob("*.yml"):
        conditions = re.findall(r"^\s+(?:where|condition): (.*)$", path.read_text("utf-8"), re.M)
        assert not codes & set(re.findall(r"\b[A-Z]{3}\b", " ".join(conditions))), path.name


DAYS = st.dates(date(2014, 9, 1), date(2014, 10, 31))
SPANS = st.lists(st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair))), max_size=6)


@given(SPANS, DAYS, DAYS)
def test_days_shown_are_the_days_in_some_span(spans: Sequence[tuple[date, date]], one: date, other: date) -> None:
    since, until = min(one, other), max(one, other)
    days = [since + timedelta(n) for n in range((until - since).days + 1)]
    missed = [day for day in days if not any(begun <= day <= end for begun, end in spans)]
    assert covered(sorted(spans), since, until) == (len(days) - len(missed), missed[0] if missed else None)


@given(st.lists(st.sampled_from(list(Ternary)), min_size=1))
def test_all_needs_have_to_be_met(answers: list[Ternary]) -> None:
    expected = Ternary.YES if set(answers) == {Ternary.YES} else Ternary.UNKNOWN
    assert together(answers) is (Ternary.NO if Ternary.NO in answers else expected)


def invented(
    overlay: WriteFiles,
    tmp_path: Path,
    figures: Sequence[tuple[str, int, str]],
    deadline: str,
    day: str,
    extra: str = "",
) -> tuple[Ternary, str]:
    """What a test of "at least 100" says of invented figures: date, value and day it became known."""
    status = "\n".join(
        ["commitment_id,as_of,measure,value,source,known_from,known_basis"]
        + [f"C-mine,{at},strength,{value},hoc-2tgt,{known},dated source" for at, value, known in figures]
    )
    head = "id,decision,date,commitment,addressee,track,deadline,measurable_test,source,known_from,known_basis"
    text = (
        f"{head}\nC-mine,Mine,2010-06-01,a strength of 100,ISL,deterrence,{deadline},100,hoc-2tgt,2010-06-01,inferred\n"
    )
    folder = overlay({"commitments.csv": text, "commitment_status.csv": status + "\n"})
    place = tmp_path / "tests" / "commitments"
    place.mkdir(parents=True)
    (place / "C-mine.yml").write_text(
        "commitment: C-mine\nneeds:\n  - {kind: figure, what: strength, table: commitment_status, "
        "where: commitment_id = 'C-mine', figure: [value], at: as_of, condition: figure >= 100, "
        f"missing: no strength{extra}}}\n",
        "utf-8",
    )
    record = open_record(day, folder=folder)
    row = record.row("commitments", "C-mine")
    due = None if deadline == "none" else date.fromisoformat(deadline)
    [found] = run(measurements(place.parent)["C-mine"], Asked(record, record.rows, row, due))
    return found.answer, found.told


@pytest.mark.parametrize(
    ("figures", "deadline", "day", "answer"),
    [
        ([("2012-01-01", 99, "2012-01-01")], "none", "2015", "no"),
        ([("2012-01-01", 100, "2012-01-01")], "none", "2015", "yes"),
        ([("2012-01-01", 101, "2012-01-01"), ("2013-01-01", 99, "2013-01-01")], "none", "2015", "no"),  # the latest
        ([("2012-01-01", 99, "2012-01-01")], "2013-12-31", "2015", "unknown"),  # what came after is not known
        ([("2012-01-01", 99, "2012-01-01"), ("2014-02-01", 99, "2014-02-01")], "2013-12-31", "2015", "no"),
        ([("2012-01-01", 99, "2012-01-01"), ("2014-02-01", 100, "2014-02-01")], "2013-12-31", "2015", "unknown"),
        ([("2013-12-31", 100, "2013-12-31")], "2013-12-31", "2015", "yes"),
        ([("2014-01-01", 100, "2014-01-01")], "2013-12-31", "2015", "unknown"),
        ([("2012-01-01", 99, "2012-01-01")], "2020-12-31", "2015", "no"),  # not due: where things stand
        ([("2009-01-01", 500, "2009-01-01")], "none", "2015", "unknown"),  # before the promise
        ([("2014-06-01", 500, "2012-01-01")], "none", "2015", "unknown"),  # a plan
        ([("2016-01-01", 500, "2016-01-01")], "none", "2015", "unknown"),  # later than the day
        ([], "none", "2015", "unknown"),
    ],
)
def test_which_figure_decides(
    figures: list[tuple[str, int, str]], deadline: str, day: str, answer: str, overlay: WriteFiles, tmp_path: Path
) -> None:
    assert invented(overlay, tmp_path, figures, deadline, day)[0] == Ternary(answer)


@pytest.mark.parametrize(
    ("bound", "value", "answer"),
    [("upper", 99, "no"), ("upper", 100, "unknown"), ("lower", 100, "yes"), ("lower", 99, "unknown")],
)
def test_a_bound_decides_one_way_only(bound: str, value: int, answer: str, overlay: WriteFiles, tmp_path: Path) -> None:
    figures = [("2012-01-01", value, "2012-01-01")]
    assert invented(overlay, tmp_path, figures, "none", "2015", f", bound: {bound}")[0] == Ternary(answer)


def test_a_force_whose_end_is_not_on_record_goes_on_unless_it_is_said_to_have_ended() -> None:
    day = date(2026, 11, 24)
    for row in RECORD.rows("deployments"):
        span = surely_there(row, day)
        if row["start"] is None:
            assert span is None
        elif span and row["end"] is None:
            assert span[1] == (span[0] if row["status"] == "ended" else day)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: count", "kind: number", "kind"),
        ("count >= 4", "battlegroups >= 4", "'battlegroups' is nothing a rule can ask about"),
        ("C-warsaw-efp", "C-warsaw", "Call the file C-warsaw.yml"),
        ("missing: no start of the battlegroups on record", "note: none", "missing is missing"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    text = (packaged() / "commitments" / "C-warsaw-efp.yml").read_text("utf-8")
    place = tmp_path / "commitments" / "C-warsaw-efp.yml"
    place.parent.mkdir()
    place.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as error:
        measurements(tmp_path)
    assert said in str(error.value) and str(place) in str(error.value)


def run_packaged(text: str, tmp_path: Path, record: OpenRecord) -> Any:
    place = tmp_path / "commitments" / "C-warsaw-efp.yml"
    place.parent.mkdir()
    place.write_text(text, "utf-8")
    row = record.row("commitments", "C-warsaw-efp")
    return run(measurements(tmp_path)["C-warsaw-efp"], Asked(record, record.rows, row, None))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("begun: start", "begun: beginning", "deployments has no column beginning"),
        ("where: id in", "where: identity in", "There is no column of deployments"),
    ],
)
def test_a_column_that_is_not_there_is_told_with_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    text = (packaged() / "commitments" / "C-warsaw-efp.yml").read_text("utf-8")
    with pytest.raises(BadInput) as error:
        run_packaged(text.replace(old, new, 1), tmp_path, RECORD)
    assert said in error.value.problem and "C-warsaw-efp.yml:" in error.value.problem
