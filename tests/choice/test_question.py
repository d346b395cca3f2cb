"""Questions to the model: what they compare, and what a broken file is told."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.question import Question, question, questions
from dualtrack.core.errors import BadInput
from dualtrack.core.yamlfile import read_model

WHOLE = """title: Does it?
outcome: value
change: {dialogue: [0, 1]}
beside: {presence: [0, 2/3]}
held: {explain: 1, multinational: 1}
holds: more
why: Because.
"""


def read(folder: Path, text: str) -> Question:
    path = folder / "own.yml"
    path.write_text(text, "utf-8")
    return read_model(path, Question, id=path.stem, path=path)


@pytest.mark.parametrize("name", sorted(questions()))
def test_every_question_compares_packages_of_the_48(name: str) -> None:
    from dualtrack.choice.package import PACKAGES

    assert set(question(name).packages) <= set(PACKAGES)


def test_the_two_questions_of_the_article_are_there() -> None:
    worth, carried = question("presence-makes-dialogue-worth-more"), question("dialogue-makes-presence-sustainable")
    assert [(p.presence, p.dialogue) for p in worth.packages] == [(0, 0), (0, 1), (2 / 3, 0), (2 / 3, 1)]
    assert [(p.presence, p.dialogue) for p in carried.packages] == [(2 / 3, 0), (2 / 3, 1)]


@given(arrays(np.float64, (5, 4, len(OUTCOMES)), elements=st.floats(-1e3, 1e3)), st.floats(-50, 50))
def test_a_cross_difference_does_not_see_what_either_lever_does_alone(outcomes: np.ndarray, shift: float) -> None:
    asked = question("presence-makes-dialogue-worth-more")
    moved = outcomes.copy()
    moved[:, (1, 3), 0] += shift  # dialogue alone
    moved[:, (2, 3), 0] -= shift / 2  # presence alone
    np.testing.assert_allclose(asked.margin(moved), asked.margin(outcomes), atol=1e-9)
    more = outcomes.copy()
    more[:, 3, 0] += 7
    np.testing.assert_allclose(asked.margin(more), asked.margin(outcomes) + 7, atol=1e-9)


@given(arrays(np.float64, (5, 4, len(OUTCOMES)), elements=st.floats(-1e3, 1e3)))
def test_the_best_is_above_every_rival(outcomes: np.ndarray) -> None:
    margin = question("both-tracks-best").margin(outcomes)
    assert ((margin > 0) == (outcomes[:, :1, 0] > outcomes[:, 1:, 0]).all(axis=1)).all()


def test_less_turns_the_sign() -> None:
    outcomes = np.zeros((1, 2, len(OUTCOMES)))
    outcomes[0, 1, OUTCOMES.index("pressure")] = -0.25
    assert question("multinational-form-lowers-pressure").margin(outcomes).tolist() == [0.25]
    assert question("presence-provokes-pressure").margin(outcomes).tolist() == [-0.25]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("outcome: value", "outcome: worth", "outcome is one of value"),
        ("2/3", "2/0", ":4: "),
        ("2/3", "1.5", ":4: "),
        ("explain: 1, ", "", "each of the four levers stands once"),
        ("holds: more", "holds: most", ":6: "),
        ("change: {dialogue: [0, 1]}\n", "", "either change"),
        ("dialogue", "dialog", ":3: "),
    ],
)
def test_a_broken_file_is_told_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(BadInput) as told:
        read(tmp_path, WHOLE.replace(old, new, 1))
    assert said in str(told.value) and "own.yml" in str(told.value)


def test_a_question_nobody_wrote_is_told_what_there_is() -> None:
    with pytest.raises(BadInput, match="presence-provokes-pressure"):
        question("presence-provokes-presure")
