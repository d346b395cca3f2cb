"""-k chooses claims by words, as pytest does; against Python's own logic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.claims.choosing import chosen
from dualtrack.claims.claim import load_claims
from dualtrack.core.errors import BadInput

CLAIMS = load_claims()
WORDS = ("cp015", "russia", "spending", "NATO", "side:analyst", "2016", "five-to-ten")
TREE = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), inner, inner) | st.tuples(st.just("not"), inner),
    max_leaves=6,
)


def written(tree: object) -> str:
    match tree:
        case (word, left, right):
            return f"({written(left)}) {word} ({written(right)})"
        case ("not", inner):
            return f"not ({written(inner)})"
        case _:
            return str(tree)


def holds(tree: object, name: str) -> bool:
    match tree:
        case ("and", left, right):
            return holds(left, name) and holds(right, name)
        case ("or", left, right):
            return holds(left, name) or holds(right, name)
        case ("not", inner):
            return not holds(inner, name)
        case _:
            return name in PLAIN[str(tree)]


def ids(expression: str) -> set[str]:
    try:
        return {claim.id for claim in chosen(CLAIMS, expression)}
    except BadInput:
        return set()


PLAIN = {word: ids(word) for word in WORDS}


@given(TREE)
def test_words_are_joined_as_in_logic(tree: object) -> None:
    assert ids(written(tree)) == {claim.id for claim in CLAIMS if holds(tree, claim.id)}


@pytest.mark.parametrize("word", WORDS)
def test_each_word_chooses_some(word: str) -> None:
    assert 0 < len(PLAIN[word]) < len(CLAIMS)


@pytest.mark.parametrize("expression", ["", "and", "a and", "(a", "a)", "not", "a b", "or a"])
def test_what_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        chosen(CLAIMS, expression)
