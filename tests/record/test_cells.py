"""Cells of every type: what they hold, and what a bad one is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.record.cells import CellError, Value, first_moment, last_moment, parse
from dualtrack.record.schema import FieldSpec

STATES = frozenset({"EST", "POL", "RUS"})


def column(type_: str, **more: object) -> FieldSpec:
    return FieldSpec.model_validate({"name": "x", "type": type_, "about": "What it is.", **more})


ANSWER = {"values": {"yes": "it is", "no": "it is not"}}
GOOD: list[tuple[FieldSpec, str, Value]] = [
    (column("id"), "D-bap_2.a+b", "D-bap_2.a+b"),
    (column("text"), "Kavkaz, as written", "Kavkaz, as written"),
    (column("text", several=True), "a; b;c", "a;b;c"),
    (column("state"), "EST", "EST"),
    (column("state", also=("NATO",)), "NATO", "NATO"),
    (column("states"), "EST; POL", "EST;POL"),
    (column("states", also=("*",)), "5", "5"),
    (column("code", **ANSWER), "yes", "yes"),
    (column("code"), "anything", "anything"),
    (column("codes", **ANSWER), "no;yes", "no;yes"),
    (column("date"), "2016", "2016"),
    (column("date"), "2016-02-29", "2016-02-29"),
    (column("moment"), "2014-03-03", "2014-03-03"),
    (column("moment"), "2014-03-03T10:15Z", "2014-03-03T10:15Z"),
    (column("moment"), "2014-03-03T10:15:30+02:00", "2014-03-03T10:15:30+02:00"),
    (column("moment"), "2014-03-03T10:15/10:45", "2014-03-03T10:15/10:45"),
    (column("moment"), "2015/2016-05", "2015/2016-05"),
    (column("integer"), "-12", -12),
    (column("integer"), "0", 0),
    (column("number"), "2.03", 2.03),
    (column("number"), "-1", -1.0),
    (column("number"), "1e3", 1000.0),
    (column("sources"), "a-b;c.d", "a-b;c.d"),
    (column("ref", table="rules"), "vd11-n-troops", "vd11-n-troops"),
    (column("url"), "https://example.org/?a=b", "https://example.org/?a=b"),
    (column("url"), "http://example.org", "http://example.org"),
]
BAD: list[tuple[FieldSpec, str, str, str]] = [
    (column("id"), "two words", "'two words' is not an id.", "letters, digits and . _ + -"),
    (column("id"), ".hidden", "'.hidden' is not an id.", ""),
    (column("id"), "../../etc", "'../../etc' is not an id.", ""),
    (column("state"), "ESX", "'ESX' is not a state of the record.", ""),
    (column("state"), "Estonia", "'Estonia' is not a state of the record.", "ISO 3166-1 alpha-3"),
    (column("state"), "NATO", "'NATO' is not a state of the record.", ""),
    (column("state", also=("NATO",)), "OSCE", "'OSCE' is not a state of the record.", "Also allowed here: NATO."),
    (column("state"), "EST;POL", "'EST;POL' is not a state of the record.", ""),
    (column("states"), "EST;XXX", "'XXX' is not a state of the record.", ""),
    (column("states"), "EST;;POL", "'EST;;POL' has an empty part.", "one ; each"),
    (column("states"), "EST;", "'EST;' has an empty part.", ""),
    (column("code", **ANSWER), "maybe", "'maybe' is not one of this column's codes.", "Use yes, no."),
    (column("code", **ANSWER), "Yes", "'Yes' is not one of this column's codes.", ""),
    (column("codes", **ANSWER), "yes;maybe", "'maybe' is not one of this column's codes.", ""),
    (column("date"), "2015-02-30", "'2015-02-30' is not a date that exists.", "2016-05-09 (ISO 8601)"),
    (column("date"), "30.02.2015", "'30.02.2015' is not a date that exists.", ""),
    (column("date"), "2016-05-09T10:00", "'2016-05-09T10:00' is not how a date is written here.", "Write 2016-05-09."),
    (column("date"), "2016-00", "'2016-00' is not a date that exists.", ""),
    (column("moment"), "2014-02-30T10:00Z", "'2014-02-30' is not a date that exists.", ""),
    (column("moment"), "2014-03-03T25:00", "'2014-03-03T25:00' is not a time that exists.", ""),
    (column("moment"), "2014-03T10:00", "'2014-03T10:00' is not a date that exists.", ""),
    (column("moment"), "2015/soon", "'soon' is not a date that exists.", ""),
    (column("moment"), "2015/", "'2015/' has an open end.", ""),
    (column("moment"), "2014-03-03T10:15/10:99", "'10:99' is not a time that exists.", ""),
    (column("moment"), "2016/2015", "'2016/2015' ends before it begins.", ""),
    (column("integer"), "12.5", "'12.5' is not a whole number.", "digits only"),
    (column("integer"), "12,700", "'12,700' is not a whole number.", ""),
    (column("integer"), "12_700", "'12_700' is not a whole number.", ""),
    (column("integer"), "１２", "'１２' is not a whole number.", ""),
    (column("integer"), "about 5", "'about 5' is not a whole number.", ""),
    (column("integer"), "9" * 19, f"'{'9' * 19}' is too large.", ""),
    (column("integer"), "9" * 5000, "is too large.", ""),
    (column("number"), "2,03", "'2,03' is not a number.", "with a point"),
    (column("number"), "1_0", "'1_0' is not a number.", ""),
    (column("number"), "nan", "'nan' is not a number.", ""),
    (column("number"), "1e999", "'1e999' is not a finite number.", ""),
    (column("sources"), "a;b c", "'b c' is not an id.", ""),
    (column("ref"), "a b", "'a b' is not an id.", ""),
    (column("url"), "ftp://example.org", "'ftp://example.org' is not a web address.", "http or https only"),
    (column("url"), "javascript:alert(1)", "'javascript:alert(1)' is not a web address.", ""),
    (column("url"), "example.org", "'example.org' is not a web address.", ""),
    (column("url"), "https://exa mple.org", "'https://exa mple.org' is not a web address.", ""),
    (column("text"), "red \x1b[31m", "'red \\x1b[31m' holds a control character.", ""),
    (column("text"), "a\x00b", "'a\\x00b' holds a control character.", ""),
]


@pytest.mark.parametrize(("spec", "text", "value"), GOOD, ids=lambda x: str(getattr(x, "type", x))[:20])
def test_a_good_cell(spec: FieldSpec, text: str, value: Value) -> None:
    found = parse(text, spec, STATES)
    assert (found, type(found)) == (value, type(value))
    assert parse(f"  {text} ", spec, STATES) == value


@pytest.mark.parametrize(("spec", "text", "problem", "fix"), BAD, ids=lambda x: str(getattr(x, "type", x))[:20])
def test_a_bad_cell(spec: FieldSpec, text: str, problem: str, fix: str) -> None:
    with pytest.raises(CellError) as caught:
        parse(text, spec, STATES)
    assert problem in caught.value.problem
    assert fix in caught.value.fix
    assert len(caught.value.problem) < 200


@pytest.mark.parametrize("type_", sorted({spec.type for spec, _, _ in GOOD}))
def test_an_empty_cell_is_unknown_never_zero_or_no(type_: str) -> None:
    assert parse("", column(type_), STATES) is None
    assert parse("  \t ", column(type_), STATES) is None
    with pytest.raises(CellError, match="required") as caught:
        parse(" ", column(type_, required=True), STATES)
    assert caught.value.fix == "Fill in: What it is."


def test_every_type_is_tried() -> None:
    types = {spec.type for spec, _, _ in GOOD}
    assert types == {spec.type for spec, _, _, _ in BAD}
    assert types == set(FieldSpec.model_fields["type"].annotation.__args__)  # type: ignore[union-attr]


@given(st.sampled_from(sorted({spec.type for spec, _, _ in GOOD})), st.text(max_size=25))
def test_any_text_is_a_value_or_a_fault(type_: str, text: str) -> None:
    try:
        value = parse(text, column(type_), STATES)
    except CellError as error:
        assert error.problem and error.fix is not None
    else:
        assert (value is None) == (not text.strip())


@given(st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_come_through_unchanged(number: int) -> None:
    assert parse(str(number), column("integer"), STATES) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_through_unchanged(number: float) -> None:
    assert parse(repr(number), column("number"), STATES) == number


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_moment_means_the_days_it_can_mean(a: date, b: date) -> None:
    a, b = sorted((a, b))
    clock = f"{a}T10:15/10:45"
    assert (first_moment(clock), last_moment(clock)) == (a, a)
    span = f"{a}/{b}"
    assert (first_moment(span), last_moment(span)) == (a, b)
    assert parse(span, column("moment"), STATES) == span
    timed = f"{a}T10:15Z/{b}T01:00Z"
    assert (first_moment(timed), last_moment(timed)) == (a, b)


def test_a_span_of_years_means_all_its_days() -> None:
    assert (first_moment("2015/2016"), last_moment("2015/2016")) == (date(2015, 1, 1), date(2016, 12, 31))
    assert (first_moment("2014-03"), last_moment("2014-03")) == (date(2014, 3, 1), date(2014, 3, 31))
