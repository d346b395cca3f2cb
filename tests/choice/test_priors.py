"""The sets of priors: neutral is symmetric where it differs, and a broken file is told with its place."""

from pathlib import Path

import pytest

from dualtrack.choice.priors import NEUTRAL, all_priors, priors, read_priors
from dualtrack.core.errors import BadInput

SIDED = {"ell0": 1.0, "wk": 0.2}
"""Parameters of the neutral set that are symmetric about another value than zero."""


def test_the_four_sets_are_there_and_the_article_keeps_the_table() -> None:
    assert set(all_priors()) >= {"article", "neutral", "sceptic_of_dialogue", "sceptic_of_presence"}
    assert all_priors()["article"].ranges == {}


def test_the_neutral_set_is_symmetric_in_sign() -> None:
    for name, (low, high) in priors(NEUTRAL).ranges.items():
        assert (low + high) / 2 == pytest.approx(SIDED.get(name, 0.0)), name


def test_each_sceptic_replaces_what_the_other_leaves() -> None:
    dialogue, presence = priors("sceptic_of_dialogue").ranges, priors("sceptic_of_presence").ranges
    assert dialogue["y_S"] == (0, 0.2) and presence["trip"] == (0, 0.1)
    assert set(dialogue) & set(presence) == {"kW", "conf"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ranges: {tripp: [0, 1]}", ":3: ranges.tripp"),
        ("ranges: {tripp: [0, 1]}", "Did you mean trip"),
        ("ranges: {trip: [1, 0]}", "the lower end 1 is above the upper end 0"),
        ("ranges: {trip: [0, .inf]}", ":3: "),
        ("ranges: {trip: much}", ":3: "),
        ("range: {}", ":3: range is not known here"),
    ],
)
def test_a_broken_set_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.yml"
    path.write_text(f"title: Own\nwhy: Because.\n{text}\n", "utf-8")
    with pytest.raises(BadInput) as told:
        read_priors(path)
    assert said in str(told.value) and "own.yml" in str(told.value)


def test_a_set_of_ones_own_lies_beside_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("title: Own\nwhy: Because.\nranges: {trip: [0, 0.2]}\n", "utf-8")
    assert priors("own.yml", tmp_path).ranges == {"trip": (0, 0.2)}
    with pytest.raises(BadInput, match="Known sets of priors"):
        priors("other.yml", tmp_path)
    with pytest.raises(BadInput, match="neutral"):
        priors("neutrel")
