"""A finding cannot be built without evidence, and every evidence row names sources the finding carries."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dualtrack.core.finding import Answer, ByReading, Edition, Evidence, Finding, Method, Source, finding_id

SOURCES = ["s1", "s2", "s3"]


def finding(**changed: Any) -> Finding:
    fields: dict[str, Any] = {
        "id": "x/2016-05-09",
        "analysis": "x",
        "question": "What?",
        "headline": "That",
        "as_of": date(2016, 5, 9),
        "parameters": {"year": 2015},
        "answer": Answer(kind="set", value=["EST"]),
        "evidence": [Evidence(table="t", row="r", field="f", value=1, sources=["s1"])],
        "sources": [Source(id="s1")],
        "method": Method(text="by looking", version="0"),
    }
    return Finding(**{**fields, **changed})


def test_no_evidence_no_finding() -> None:
    with pytest.raises(ValidationError, match="cannot be built without evidence"):
        finding(evidence=[])


def test_evidence_is_not_optional() -> None:
    complete = finding().model_dump(by_alias=True)
    del complete["evidence"]
    with pytest.raises(ValidationError, match="evidence"):
        Finding(**complete)


@given(st.sets(st.sampled_from(SOURCES)), st.lists(st.sets(st.sampled_from(SOURCES)), min_size=1, max_size=3))
def test_every_source_named_is_carried_along(carried: set[str], named: list[set[str]]) -> None:
    evidence = [
        Evidence(table="t", row=str(n), field="f", value=None, sources=sorted(ids)) for n, ids in enumerate(named)
    ]
    sources = [Source(id=id_) for id_ in sorted(carried)]
    lost = sorted(set().union(*named) - carried)
    if lost:
        with pytest.raises(ValidationError) as caught:
            finding(evidence=evidence, sources=sources)
        assert str(lost) in str(caught.value)
    else:
        assert finding(evidence=evidence, sources=sources).evidence == evidence


@pytest.mark.parametrize(
    "changed",
    [
        {"verdict": "true"},
        {"schema": 2},
        {"as_of": "2016-13-01"},
        {"answer": {"kind": "guess"}},
        {"answer": {"kind": "set", "value": [], "ratio": 7.5}},
        {"by_reading": [{"reading": {"x": "y"}, "class": "official", "answer": {"kind": "set"}}]},
    ],
)
def test_what_the_format_does_not_know_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        finding(**changed)


def test_it_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        finding().headline = "Something else"  # type: ignore[misc]


TEXT = st.text(max_size=20)
FIGURE = st.none() | st.floats(allow_nan=False, allow_infinity=False)
ANSWERS = st.builds(
    Answer,
    kind=st.sampled_from(["number", "interval", "set", "table", "three_valued"]),
    value=FIGURE | st.lists(TEXT, max_size=3) | st.lists(st.dictionaries(TEXT, FIGURE, max_size=2), max_size=2),
    low=FIGURE,
    best=FIGURE,
    high=FIGURE,
    unit=st.none() | TEXT,
    unknown=st.lists(TEXT, max_size=2),
    why_unknown=st.none() | TEXT,
    figures=st.none() | st.dictionaries(TEXT, st.floats(allow_nan=False, allow_infinity=False), max_size=2),
)  # fmt: skip
FINDINGS = st.builds(
    finding,
    headline=TEXT,
    as_of=st.dates(),
    parameters=st.dictionaries(TEXT, st.none() | TEXT | st.integers() | st.lists(TEXT, max_size=2), max_size=3),
    answer=ANSWERS,
    by_reading=st.lists(
        st.builds(
            ByReading,
            reading=st.dictionaries(TEXT, TEXT, max_size=1),
            class_=st.sampled_from(["speaker", "public", "stress"]),
            answer=ANSWERS,
            label=TEXT,
            later=st.booleans(),
            sources=st.just([]),
            parts=st.just([]),
        ),
        max_size=2,
    ),
    editions=st.lists(st.builds(Edition, edition=TEXT, answer=ANSWERS, basis=TEXT), max_size=2),
    evidence=st.lists(
        st.builds(
            Evidence,
            table=TEXT,
            row=TEXT,
            field=TEXT,
            value=st.none() | TEXT | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
            sources=st.lists(st.just("s1"), max_size=1),
            known_from=st.none() | TEXT,
            known_basis=st.none() | TEXT,
        ),
        min_size=1,
        max_size=2,
    ),
    caveats=st.lists(TEXT, max_size=2),
)


@given(FINDINGS)
def test_json_and_back_is_the_same_finding(made: Finding) -> None:
    again = Finding.model_validate_json(made.to_json())
    assert again == made
    assert again.to_json() == made.to_json()


def test_json_says_schema_and_class() -> None:
    answer = Answer(kind="set", value=[])
    dumped = finding(by_reading=[ByReading(reading={"x": "y"}, class_="public", answer=answer)]).to_json()
    assert dumped.startswith('{\n  "schema": 1,\n  "id"')
    assert '"class": "public"' in dumped
    assert "class_" not in dumped and '"format"' not in dumped


def test_ids_are_readable_and_the_same_for_the_same_question() -> None:
    day = date(2016, 5, 9)
    asked = {"year": 2015, "group": "eastern_flank", "edition": None}
    assert finding_id("x", asked, day) == finding_id("x", dict(reversed(asked.items())), day)
    assert finding_id("x", asked, day) == "x/2016-05-09/group=eastern_flank,year=2015"
    assert finding_id("x", {}, day) == "x/2016-05-09"
    assert finding_id("x", {"states": ["EST", "POL"]}, day) == "x/2016-05-09/states=EST+POL"


@given(st.dictionaries(st.sampled_from("abc"), st.text(max_size=10), max_size=3))
def test_ids_are_safe_in_an_address(parameters: dict[str, str]) -> None:
    tail = finding_id("x", parameters, date(2016, 5, 9)).removeprefix("x/2016-05-09")
    assert (
        not set(tail)
        - set("/=,.+-_")
        - set(map(chr, range(ord("a"), ord("z") + 1)))
        - {char for value in parameters.values() for char in value if char.isascii() and char.isalnum()}
    )
