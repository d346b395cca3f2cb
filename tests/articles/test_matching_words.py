"""Words, stems, letters and their indexes, each beside a plain reference or a published example."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualtrack.articles.matching.bm25 import K1, B, Bm25
from dualtrack.articles.matching.chargrams import SIZES, CharGrams
from dualtrack.articles.matching.fusion import fuse, ranks
from dualtrack.articles.matching.marks import months, names, numbers, years
from dualtrack.articles.matching.porter import stem
from dualtrack.articles.matching.text import clean, plain, terms

# the examples that stand beside the rules in Porter's paper, carried through all later steps
PORTER = {
    "caresses": "caress", "ponies": "poni", "ties": "ti", "caress": "caress", "cats": "cat", "feed": "feed",
    "agreed": "agre", "plastered": "plaster", "bled": "bled", "motoring": "motor", "sing": "sing",
    "conflated": "conflat", "troubled": "troubl", "sized": "size", "hopping": "hop", "tanned": "tan",
    "falling": "fall", "hissing": "hiss", "fizzed": "fizz", "failing": "fail", "filing": "file", "happy": "happi",
    "sky": "sky", "relational": "relat", "conditional": "condit", "rational": "ration", "valenci": "valenc",
    "hesitanci": "hesit", "digitizer": "digit", "conformabli": "conform", "radicalli": "radic", "differentli": "differ",
    "vileli": "vile", "analogousli": "analog", "vietnamization": "vietnam", "predication": "predic",
    "operator": "oper", "feudalism": "feudal", "decisiveness": "decis", "hopefulness": "hope", "callousness": "callous",
    "formaliti": "formal", "sensitiviti": "sensit", "sensibiliti": "sensibl", "triplicate": "triplic",
    "formative": "form", "formalize": "formal", "electriciti": "electr", "electrical": "electr", "hopeful": "hope",
    "goodness": "good", "revival": "reviv", "allowance": "allow", "inference": "infer", "airliner": "airlin",
    "gyroscopic": "gyroscop", "adjustable": "adjust", "defensible": "defens", "irritant": "irrit",
    "replacement": "replac", "adjustment": "adjust", "dependent": "depend", "adoption": "adopt", "homologou": "homolog",
    "communism": "commun", "activate": "activ", "angulariti": "angular", "homologous": "homolog", "effective": "effect",
    "bowdlerize": "bowdler", "probate": "probat", "rate": "rate", "cease": "ceas", "controll": "control",
    "roll": "roll", "generalizations": "gener", "oscillators": "oscil",
}  # fmt: skip
WORDS = st.sampled_from(["brigade", "tank", "treaty", "summit", "baltic", "north", "fleet", "sky", "talk", "veto"])
TEXTS = st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=8)


@pytest.mark.parametrize(("word", "expected"), PORTER.items())
def test_stems_are_those_of_the_paper(word: str, expected: str) -> None:
    assert stem(word) == expected


@given(st.text(max_size=30))
def test_any_word_has_a_stem_no_longer_than_itself_and_an_e(word: str) -> None:
    assert len(stem(word)) <= len(word) + 1
    if not (word.isascii() and word.isalpha() and word.islower()):
        assert stem(word) == word


@given(TEXTS, st.lists(WORDS, max_size=8))
def test_bm25_is_the_formula_summed_by_hand(texts: list[list[str]], asked: list[str]) -> None:
    mean = sum(map(len, texts)) / len(texts) or 1.0
    expected = []
    for text in texts:
        score = 0.0
        for term in asked:
            holding = sum(term in other for other in texts)
            often = text.count(term)
            idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            score += idf * often * (K1 + 1) / (often + K1 * (1 - B + B * len(text) / mean))
        expected.append(score)
    np.testing.assert_allclose(Bm25(texts).scores(asked), expected, rtol=1e-5, atol=1e-6)


@given(TEXTS)
def test_the_rarer_a_term_the_more_it_weighs(texts: list[list[str]]) -> None:
    index = Bm25(texts)
    holding = Counter(term for text in texts for term in set(text))
    by_weight = sorted(holding, key=index.weight)
    assert [holding[term] for term in by_weight] == sorted(holding.values(), reverse=True)
    assert all(index.weight("zeppelin") > index.weight(term) for term in holding)


def runs(text: str) -> Counter[str]:
    """Runs of letters within words, by slicing."""
    words = [f" {word} " for word in text.split()]
    return Counter(word[at : at + n] for word in words for n in SIZES for at in range(len(word) - n + 1))


@given(TEXTS, st.lists(WORDS, max_size=6))
def test_letters_are_a_cosine_of_runs_counted_by_hand(texts: list[list[str]], asked: list[str]) -> None:
    counted = [runs(" ".join(text)) for text in texts]

    def vector(counts: Counter[str]) -> dict[str, float]:
        found = {}
        for run, often in counts.items():
            holding = sum(run in other for other in counted)
            found[run] = (1 + math.log(often)) * (math.log((1 + len(texts)) / (1 + holding)) + 1)
        norm = math.sqrt(sum(value**2 for value in found.values())) or 1.0
        return {run: value / norm for run, value in found.items()}

    query = vector(runs(" ".join(asked)))
    expected = [sum(query.get(run, 0) * value for run, value in vector(counts).items()) for counts in counted]
    np.testing.assert_allclose(
        CharGrams([" ".join(text) for text in texts]).scores(" ".join(asked)), expected, atol=1e-5
    )


def test_letters_forgive_an_ending_and_a_slip() -> None:
    scores = CharGrams(["submarine patrols", "airspace violation", "budget talks"]).scores("airspase violations")
    assert scores.argmax() == 1 and scores[1] > 0.4 > max(scores[0], scores[2])


SCORES = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=20).map(lambda some: np.array(some, np.float32))


@given(SCORES, st.integers(1, 30))
def test_ranks_follow_scores(scores: np.ndarray, depth: int) -> None:
    expected = [at for at in np.argsort(-scores, kind="stable") if scores[at] > 0][:depth]
    places = ranks(scores, depth)
    assert [int(places[at]) for at in expected] == list(range(len(expected)))
    assert all(places[at] == min(depth, len(scores)) for at in range(len(scores)) if at not in expected)


@given(SCORES)
def test_fusing_a_ranking_with_itself_keeps_its_order(scores: np.ndarray) -> None:
    places = ranks(scores)
    once, twice = fuse([places]), fuse([places, places])
    assert np.allclose(twice, 2 * once)
    assert (np.argsort(-once, kind="stable") == np.argsort(places, kind="stable")).all()


@given(st.permutations(range(8)), st.permutations(range(8)))
def test_fusing_does_not_mind_the_order_of_rankings_and_never_ranks_the_dominated_higher(
    one: list[int], other: list[int]
) -> None:
    a, b = np.array(one), np.array(other)
    both = fuse([a, b])
    assert np.array_equal(both, fuse([b, a]))
    for i in range(8):
        for j in range(8):
            if a[i] < a[j] and b[i] < b[j]:
                assert both[i] > both[j]


@pytest.mark.parametrize(
    ("post", "body", "author", "said"),
    [
        ("Tanks crossed the river. https://t.co/aB3", "Tanks crossed the river.", "", ""),
        (
            "The fleet sailed at dawn. — Ada Example (@ada_example) May 9, 2016",
            "The fleet sailed at dawn.",
            "Ada Example ada example",
            "2016-05",
        ),
        ("Old news — Old Name (@OldName) October 04, 19", "Old news", "Old Name Old Name", "2019-10"),
        ("See #NoNewBases now pic.twitter.com/xyz", "See No New Bases now", "", ""),
        ("Thanks @BalticNews, all clear!", "Thanks Baltic News, all clear!", "", ""),
        (
            "First words — Ann (@ann) May 1, 2016 My answer — Ben (@ben) May 2, 2016",
            "First words My answer",
            "Ben ben",
            "2016-05",
        ),
        ("", "", "", ""),
    ],
)
def test_a_post_is_cleaned(post: str, body: str, author: str, said: str) -> None:
    cleaned = clean(post)
    assert (cleaned.body, cleaned.author, cleaned.said) == (body, author, said)


@given(st.text(max_size=200))
def test_cleaning_takes_any_text_and_its_sentences_make_the_body(text: str) -> None:
    cleaned = clean(text)
    assert " ".join(cleaned.sentences) == cleaned.body
    assert all(term and term == term.casefold() for term in terms(text))


def test_words_are_compared_without_accents_and_separators() -> None:
    assert plain("Zürich: 12,700 Soldiers’ 2.5 %") == "zurich 12700 soldiers 2.5"
    assert (
        terms("The violations violated a border")
        == terms("violate, violating borders")
        == ["violat", "violat", "border"]
    )


def test_marks_of_a_sentence() -> None:
    text = "On 3 May 2014 Poland sent twelve jets and 1,200 soldiers to Łask; one returned in March."
    assert numbers(text) == {"3", "2014", "12", "1200"}
    assert names(text) == {"mai", "poland", "łask", "march"}
    assert years(text) == {2014}
    assert months(text) == {3, 5}
