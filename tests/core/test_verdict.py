"""The five words, and how verdicts under several readings become one."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from dualtrack.core.verdict import Verdict, agreed

SOME = st.lists(st.sampled_from(Verdict), min_size=1)


def test_there_are_five_words() -> None:
    assert [verdict.value for verdict in Verdict] == [
        "supported", "mostly supported", "depends on the reading", "contradicted", "cannot tell",
    ]  # fmt: skip


@given(st.sampled_from(Verdict), st.integers(1, 5))
def test_readings_that_agree_keep_their_verdict(verdict: Verdict, count: int) -> None:
    assert agreed([verdict] * count) is verdict


@given(SOME)
def test_readings_that_differ_depend(verdicts: list[Verdict]) -> None:
    if len(set(verdicts)) > 1:
        assert agreed(verdicts) is Verdict.DEPENDS


@given(st.lists(st.sampled_from(Verdict), min_size=1, max_size=4))
def test_the_order_of_readings_does_not_matter(verdicts: list[Verdict]) -> None:
    assert {agreed(order) for order in permutations(verdicts)} == {agreed(verdicts)}


@given(SOME, SOME)
def test_a_further_reading_never_makes_a_claim_firmer(some: list[Verdict], more: list[Verdict]) -> None:
    if agreed([*some, *more]) is not Verdict.DEPENDS:
        assert agreed([*some, *more]) is agreed(some)


def test_without_a_reading_it_cannot_be_told() -> None:
    assert agreed([]) is Verdict.CANNOT_TELL
