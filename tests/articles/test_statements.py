"""Sentences matched to our statements: what ships is current, own sentences find their claims, near misses none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from dualtrack.articles.clauses import clauses
from dualtrack.articles.matching import ClaimText, Matcher
from dualtrack.articles.matching.channels import BY_MEANING, BY_WORDS, Channels, query
from dualtrack.articles.matching.examples import BY_EXAMPLE, Examples
from dualtrack.articles.matching.minilm import SIZE
from dualtrack.articles.matching.vectors import key_of
from dualtrack.articles.statements import DATA, EXAMPLES, VECTORS, least, matchable, matcher, statements
from dualtrack.claims.claim import load_claims
from dualtrack.core.errors import BadInput

OWN = Path(__file__).parents[2] / "benchmarks" / "gold" / "own_claims.jsonl"
MODES = ("lexical", "lexical + MiniLM")


@lru_cache(maxsize=2)
def ready(mode: str) -> Matcher:
    return matcher(statements(load_claims()), mode)  # type: ignore[arg-type]


def said(mode: str, sentence: str) -> str:
    weighed = ready(mode).weigh(sentence, 1)
    return weighed.found[0].id if weighed.found and weighed.found[0].score >= least(mode) else ""


def own() -> Iterator[dict[str, str]]:
    return map(json.loads, OWN.read_text("utf-8").splitlines())


def test_vectors_that_ship_are_those_of_the_wordings_we_have() -> None:
    with np.load(DATA / VECTORS, allow_pickle=False) as file:
        kept = {key.decode() for key in file["keys"].tolist()}
    worded = {key_of(text) for claim in matchable(statements(load_claims())) for text in claim.texts}
    assert kept == worded


def test_examples_that_ship_are_the_sentences_of_the_gold_file() -> None:
    kept = Examples.read(DATA / EXAMPLES)
    rows = list(own())
    assert list(kept.keys) == [key_of(row["text"]) for row in rows]
    assert list(kept.says) == ["" if row["claim"] == "none" else row["claim"] for row in rows]
    assert list(kept.beside) == [row["beside"] for row in rows]


def test_every_statement_has_sentences_that_say_it_and_near_misses() -> None:
    ids = set(statements(load_claims()))
    rows = list(own())
    assert len({row["text"] for row in rows}) == len(rows)
    assert {row["claim"] for row in rows} - {"none"} == ids
    assert {row["beside"] for row in rows if row["claim"] != row["beside"]} - {""} == ids


@pytest.mark.parametrize("mode", MODES)
def test_weights_are_for_the_features_there_are_and_the_least_is_a_probability(mode: str) -> None:
    found = ready(mode)
    names = BY_WORDS if mode == "lexical" else BY_WORDS + BY_MEANING + BY_EXAMPLE
    assert found.reranker is not None and found.reranker.names == found.features
    assert tuple(dict.fromkeys(name.split(":")[0] for name in found.features if ":" in name)) == names
    assert 0 < least(mode) < 1


# sentences that are in no file learnt from
SAID = [
    ("claim just-five-meet-two-percent", "Just five NATO countries now spend two percent of their GDP on defence."),
    ("claim zapad-2017-12700", "The ministry in Moscow insists that Zapad 2017 has 12,700 participants."),
    ("claim us-pays-ninety-percent", "Trump said that the United States was paying for 90 percent of NATO."),
    ("claim three-new-western-divisions", "Three new divisions will be set up in the Western Military District."),
    (
        "claim vostok-2018-300000",
        "About 300,000 Russian soldiers take part in the Vostok-2018 manoeuvres, Shoigu said.",
    ),
    ("claim nato-kept-founding-act", "A Russian diplomat repeated that the alliance had violated the Founding Act."),
    ("claim five-to-ten", "For each NATO soldier in the east Russia will add roughly five to ten of its own."),
    ("argument deterrence-needs-credibility", "Deterrence works only when it is credible."),
]
NOT_SAID = [
    "The defence minister opened a new swimming pool for the garrison.",
    "Ukraine's president thanked the parliament for its work.",
    "The foreign ministers had dinner in a restaurant near the river.",
    "Sugar prices rose by five percent in two years.",
    "A new bridge over the Danube was opened in Romania.",
    "He joined the newspaper in 1997 as a trainee.",
]


@pytest.mark.parametrize("mode", MODES)
def test_new_sentences_find_what_they_say_and_others_nothing(mode: str) -> None:
    assert sum(said(mode, sentence) == wanted for wanted, sentence in SAID) >= len(SAID) - 1
    assert [sentence for sentence in NOT_SAID if said(mode, sentence)] == []


def a_unit(at: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    found = np.zeros(SIZE, dtype=np.float32)
    found[at] = 1
    return found


def test_examples_speak_for_what_they_say_and_against_what_they_miss() -> None:
    vectors = np.stack([a_unit(0), (a_unit(0) + a_unit(1)) / np.float32(2**0.5), a_unit(2), a_unit(0)])
    kept = Examples(["a", "b", "c", "d"], vectors, ["x", "x", "", "gone"], ["x", "x", "y", ""])
    near = kept.near(a_unit(0), kept.places(["x", "y"]), np.array([0.3, 0.2], dtype=np.float32))
    assert near["example"].tolist() == pytest.approx([1.0, 0.2])
    assert near["two examples"].tolist() == pytest.approx([(1 + 0.5**0.5) / 2, 0.1])
    assert near["near miss"].tolist() == [0.0, 0.0]
    missed = kept.near(a_unit(2), kept.places(["x", "y"]), np.zeros(2, dtype=np.float32))
    assert missed["near miss"].tolist() == [0.0, 1.0]


def test_a_sentence_learnt_from_is_not_its_own_example() -> None:
    kept = Examples([key_of("one"), key_of("two")], np.stack([a_unit(0), a_unit(1)]), ["x", "x"], ["x", "x"])
    place = kept.places(["x"])
    assert kept.near(a_unit(0), place, np.zeros(1, dtype=np.float32))["example"].tolist() == [1.0]
    assert kept.near(a_unit(0), place, np.zeros(1, dtype=np.float32), "one")["example"].tolist() == [0.0]


def test_examples_come_back_from_their_file_and_others_are_refused(tmp_path: Path) -> None:
    kept = Examples(["k" * 32], a_unit(3)[None], ["claim x"], [""])
    path = tmp_path / "examples.npz"
    path.write_bytes(kept.as_file())
    again = Examples.read(path)
    assert (again.keys, again.says, again.beside) == (kept.keys, kept.says, kept.beside)
    assert np.array_equal(again.vectors, kept.vectors)
    np.savez(path, keys=np.array(["k"], dtype="S32"), vectors=np.zeros((2, SIZE)), says=b"x", beside=b"x")
    with pytest.raises(BadInput, match="holds no examples"):
        Examples.read(path)
    with pytest.raises(BadInput, match="holds no examples"):
        Examples.read(tmp_path / "none.npz")


def test_sentences_made_ready_in_one_go_are_weighed_as_one_by_one() -> None:
    found = ready("lexical + MiniLM")
    sentences = [sentence for _, sentence in SAID]
    before = [found.weigh(sentence, 3) for sentence in sentences]
    found.ready(sentences)
    for one, other in zip(before, map(lambda s: found.weigh(s, 3), sentences), strict=True):
        assert [match.id for match in one.found] == [match.id for match in other.found]
        assert [match.score for match in one.found] == pytest.approx([match.score for match in other.found], abs=1e-3)


def test_a_matcher_by_words_has_no_use_for_examples() -> None:
    claims = [ClaimText("x", ("The fleet left the harbour.",))]
    channels = Channels(claims, None, examples=Examples.read(DATA / EXAMPLES))
    assert set(channels.scores(query("The fleet left."))) == set(BY_WORDS)


def test_a_subordinate_clause_in_front_is_a_clause_of_its_own() -> None:
    assert clauses(
        "While allies police the skies over the three states, the hosts should spend more on their armies."
    ) == [
        "While allies police the skies over the three states",
        "the hosts should spend more on their armies.",
    ]
    assert clauses("On Thursday, the minister left for the summit.") == []
