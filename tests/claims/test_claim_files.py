"""The claims that come with the package: all of the public table, several sides, one test for one question."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from dualtrack import open_record
from dualtrack.claims.claim import Claim, load_claims
from dualtrack.claims.tolerances import tolerances

CLAIMS = load_claims()
COMPUTED = [claim for claim in CLAIMS if not claim.not_computed]
EXERCISE = "exercise_figure"


def grouped(key: Callable[[Claim], Any]) -> list[list[Claim]]:
    found = defaultdict(list)
    for claim in COMPUTED:
        found[key(claim)].append(claim)
    return [claims for claims in found.values() if len(claims) > 1]


def question(claim: Claim) -> tuple[str, str, str]:
    """What is asked and taken: the same for two claims that differ only in what they say the answer is."""
    assert claim.ask
    return claim.ask.analysis, str(sorted(claim.ask.parameters.items())), claim.take.model_dump_json()


def test_every_row_of_the_public_table_is_a_claim_under_its_number() -> None:
    rows = {row.id: row for row in open_record("2026-11-25").rows("claims_public")}
    claims = {claim.number: claim for claim in CLAIMS}
    assert set(rows) <= set(claims)
    for number, row in rows.items():
        said = row.text("date") if row["date"] else ""
        assert claims[number].said.startswith(said) or said.startswith(claims[number].said), number


def test_claims_come_from_several_sides_and_most_are_computed() -> None:
    sides = {side: [c for c in COMPUTED if c.speaker.side == side] for side in ("nato", "russia", "media", "analyst")}
    assert all(len(claims) >= 15 for claims in sides.values()), {side: len(claims) for side, claims in sides.items()}
    assert len(COMPUTED) >= 65


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_can_be_found_in_other_words(claim: Claim) -> None:
    said = [claim.statement, *claim.variants]
    assert len(claim.variants) >= 2
    assert len({" ".join(text.casefold().split()) for text in said}) == len(said)


def test_the_same_question_has_the_same_readings_whoever_speaks() -> None:
    pairs = grouped(question)
    assert any({"nato", "russia"} <= {claim.speaker.side for claim in claims} for claims in pairs)
    for claims in pairs:
        assert len({claim.readings for claim in claims}) == 1, [claim.id for claim in claims]


def test_the_figure_of_an_exercise_is_read_in_every_way_for_every_speaker() -> None:
    taken = [claim for claim in COMPUTED if claim.ask and claim.ask.analysis == "exercises" and claim.take.figure]
    assert {claim.speaker.side for claim in taken} >= {"nato", "russia", "media"}
    assert all(claim.readings == (EXERCISE,) for claim in taken)


def test_the_founding_act_is_read_in_every_way_for_every_speaker() -> None:
    asked = [claim for claim in COMPUTED if claim.ask and claim.ask.analysis == "founding_act"]
    assert {claim.speaker.side for claim in asked} >= {"nato", "russia"}
    assert all(claim.readings == ("substantial_combat_forces",) for claim in asked)


def test_words_such_as_about_have_their_row_of_the_table() -> None:
    """A claim whose figure stands behind such a word takes the row that lists the word."""
    words = {word: name for name, row in tolerances().items() for word in row.words if name != "exact"}
    for claim in COMPUTED:
        assert claim.test
        if claim.test.tolerance in ("exact", "rounded"):
            text = f" {claim.statement.casefold()} "
            told = str(claim.test.value)
            clash = [word for word in words if f" {word} {told} " in text]
            assert not clash, (claim.id, clash)
