"""The closed expression language: what parses, what is refused and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.errors import BadInput
from dualtrack.core.expression import Literal, Name, Operation, parse


def test_precedence() -> None:
    node = parse("a = 1 or b = 2 and not c = 3")
    assert isinstance(node, Operation)
    assert node.operator == "or"
    assert isinstance(node.operands[1], Operation)
    assert node.operands[1].operator == "and"


def test_arithmetic_binds_tighter_than_comparison() -> None:
    node = parse("tanks + 2 * acvs >= 250")
    assert isinstance(node, Operation)
    assert node.operator == ">="
    left = node.operands[0]
    assert isinstance(left, Operation)
    assert left.operator == "+"


def test_literals_keep_their_kind() -> None:
    assert parse("2016-05") == Literal("2016-05", 1)
    assert parse("9_000") == Literal(9000.0, 1)
    assert parse("'snap'") == Literal("snap", 1)
    assert parse(" troops ") == Name("troops", 2)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("a =", 4),
        ("a == 1", 4),
        ("a = 'open", 5),
        ("(a = 1", 7),
        ("a = 1)", 6),
        ("a = 1 b", 7),
        ("has(a)", 6),
        ("a in 1", 6),
        ("a is maybe", 6),
        ("a; drop table states", 2),
        ("__import__('os')", 11),
    ],
)
def test_the_message_names_the_column(text: str, column: int) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert f"column {column}:" in str(caught.value)


def test_deep_and_long_input_is_refused() -> None:
    with pytest.raises(BadInput, match="nested too deeply"):
        parse("(" * 200 + "a" + ")" * 200)
    with pytest.raises(BadInput, match="longer than"):
        parse("a = 1 or " * 1000)


@given(st.text(max_size=80))
def test_any_text_parses_or_is_refused(text: str) -> None:
    try:
        parse(text)
    except BadInput as error:
        assert "column" in error.problem


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "(",
                ")",
                "and",
                "or",
                "not",
                "=",
                "<",
                ">=",
                "1",
                "'x'",
                ",",
                "in",
                "is",
                "known",
                "has",
                "2016-05",
                "-",
                "*",
                "/",
            ]
        ),
        max_size=14,
    )
)
def test_any_tokens_parse_or_are_refused(tokens: list[str]) -> None:
    try:
        parse(" ".join(tokens))
    except BadInput as error:
        assert "column" in error.problem
