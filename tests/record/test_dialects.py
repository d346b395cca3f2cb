"""What is written as elsewhere is recognised, and told as it is written here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.dates import last_day
from dualtrack.record.cells import CellError, parse
from dualtrack.record.dialects import dates, number, whole_number
from dualtrack.record.schema import FieldSpec


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("09.05.2016", ["2016-05-09"]),
        ("9.5.2016", ["2016-05-09"]),
        ("9/5/2016", ["2016-05-09", "2016-09-05"]),
        ("5/5/2016", ["2016-05-05"]),
        ("5/13/2016", ["2016-05-13"]),
        ("13/5/2016", ["2016-05-13"]),
        ("31.2.2016", []),
        ("2016/05/09", ["2016-05-09"]),
        ("2016-5-9", ["2016-05-09"]),
        ("2016.5", ["2016-05"]),
        ("2016-13-01", []),
        ("2016-05-09 00:00:00", ["2016-05-09"]),
        ("2016-05-09T10:15Z", ["2016-05-09"]),
        ("9 May 2016", ["2016-05-09"]),
        ("9. Mai 2016", []),
        ("May 9, 2016", ["2016-05-09"]),
        ("Sept. 2016", ["2016-09"]),
        ("42499", ["2016-05-09"]),
        ("spring 2016", []),
        ("soon", []),
    ],
)
def test_dates(text: str, meant: list[str]) -> None:
    assert dates(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("12,700", "12700"), ("12.700", "12700"), ("1 234 567", "1234567"), ("-1,000", "-1000"), ("12.5", ""), ("x", "")],
)
def test_whole_numbers(text: str, meant: str) -> None:
    assert whole_number(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("2,03", "2.03"), ("2.03%", "2.03"), ("2 %", "2"), ("12 700", "12700"), ("%", ""), ("2.0.3", "")],
)
def test_numbers(text: str, meant: str) -> None:
    assert number(text) == meant


@given(st.text(max_size=20) | st.from_regex(r"[0-9.,/ \-%]{1,12}", fullmatch=True))
def test_what_is_offered_can_be_written(text: str) -> None:
    for day in dates(text):
        last_day(day)
    if offered := number(text):
        parse(offered, FieldSpec(name="x", type="number", about="x"), frozenset())
    if offered := whole_number(text):
        parse(offered, FieldSpec(name="x", type="integer", about="x"), frozenset())


@pytest.mark.parametrize(
    ("type_", "text", "fix"),
    [
        ("date", "9/5/2016", "Write 2016-05-09 or 2016-09-05, whichever is meant."),
        ("date", "9.5.2016", "Write 2016-05-09."),
        ("integer", "12,700", "Write 12700, digits only."),
        ("number", "2,03", "Write 2.03, with a point."),
    ],
)
def test_the_fault_says_how_to_write_it(type_: str, text: str, fix: str) -> None:
    with pytest.raises(CellError) as caught:
        parse(text, FieldSpec.model_validate({"name": "x", "type": type_, "about": "x"}), frozenset())
    assert caught.value.fix == fix


@pytest.mark.parametrize(
    ("name", "unit", "fine", "wrong"),
    [
        ("lat", "degrees north", ["-90", "59.4"], ["90.1", "-91"]),
        ("lon", "degrees east", ["180"], ["181"]),
        ("support_pct", "percent", ["0", "100"], ["-1", "101", "5300"]),
        ("troops", "persons", ["0"], ["-1"]),
        ("notice_days", "days", ["-3"], []),
        ("position", "scale -2 to 2", ["-2", "2"], ["3"]),
        ("year", "", ["2016"], ["16", "20166"]),
        ("anything", "", ["-5"], []),
    ],
)
def test_a_number_lies_where_its_unit_lets_it(name: str, unit: str, fine: list[str], wrong: list[str]) -> None:
    spec = FieldSpec(name=name, unit=unit, type="number", about="What it is.")
    for text in fine:
        assert parse(text, spec, frozenset()) == float(text)
    for text in wrong:
        with pytest.raises(CellError, match="which cannot be"):
            parse(text, spec, frozenset())
