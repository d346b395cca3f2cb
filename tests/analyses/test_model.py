"""What the model answers to a question: the figures of the design, sampling error, drivers, channels, honesty."""

import pytest

from dualtrack.api import open_record
from dualtrack.choice.question import questions
from dualtrack.core.errors import BadInput

RECORD = open_record("2026-11-25")
WORTH = "presence-makes-dialogue-worth-more"

# Shares published with the design, of 8,192 Sobol worlds of each set (percent): both tracks best, cross-difference > 0.
PUBLISHED = {
    "article": (47, 98),
    "neutral": (16, 83),
    "sceptic_of_dialogue": (0.6, 86),
    "sceptic_of_presence": (12, 99),
}


@pytest.mark.parametrize(("question", "column"), [("both-tracks-best", 0), (WORTH, 1)])
def test_shares_agree_with_the_published_ones_within_sampling_error(question: str, column: int) -> None:
    found = RECORD.ask("model", question=question)
    for row in found.answer.value:
        expected = PUBLISHED[row["priors"]][column]
        assert abs(row["yes_pct"] - expected) <= 3.5 * max(row["error_pct"], 0.3), row


def test_no_share_without_the_neutral_set_and_what_it_is() -> None:
    for name in ("explanation-carries-support", "both-tracks-best"):
        found = RECORD.ask("model", question=name, worlds=128)
        assert "neutral worlds" in found.headline
        assert any("not probabilities" in text for text in found.caveats)
        assert {row["priors"] for row in found.answer.value} >= {"neutral", "article"}


def test_what_the_model_is_built_to_say_is_told_as_such() -> None:
    built = RECORD.ask("model", question="presence-raises-escalation", worlds=128)
    open_ = RECORD.ask("model", question=WORTH, worlds=128)
    assert [any("how the model is built" in text for text in found.caveats) for found in (built, open_)] == [
        True,
        False,
    ]


def test_with_too_few_of_either_answer_nothing_is_said_of_what_decides() -> None:
    found = RECORD.ask("model", question="both-tracks-best", worlds=256)
    few = {row["priors"] for row in found.answer.value if min(row["yes_pct"], 100 - row["yes_pct"]) * 2.56 < 20}
    assert "sceptic_of_dialogue" in few
    assert not few & {line["priors"] for line in found.answer.summary["What decides it"]}


def test_the_drivers_of_both_tracks_are_how_near_the_adversary_is_to_challenging() -> None:
    found = RECORD.ask("model", question="both-tracks-best")
    lines = found.answer.summary["What decides it"]
    first = {line["parameter"]: line["yes_where"] for line in lines if line["priors"] == "article"}
    assert first["V_G"] == "higher" and first["k2"] == "lower"


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, other = (RECORD.ask("model", question=WORTH, worlds=64, seed=3).to_json() for _ in range(2))
    assert one == other != RECORD.ask("model", question=WORTH, worlds=64, seed=4).to_json()


@pytest.mark.parametrize("name", sorted(questions()))
def test_every_question_is_answered(name: str) -> None:
    found = RECORD.ask("model", question=name, worlds=64)
    assert found.headline.startswith(questions()[name].title)
    assert len(found.answer.summary["With a channel switched off"]) == 12


def test_an_unknown_question_is_told_what_there_is() -> None:
    with pytest.raises(BadInput, match="both-tracks-best"):
        RECORD.ask("model", question="both-tracks-worst")
