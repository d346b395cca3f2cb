"""The linear model against the conditions of its minimum, its features, and the models that ship."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualtrack.articles import checkworthy
from dualtrack.articles.checkworthy import CLASSES, LEXICAL, MINILM, MODES, WEIGHTS, Judge, balanced, judge, packaged
from dualtrack.articles.cues import NAMES, cues
from dualtrack.articles.linear import Rows, fit, probability
from dualtrack.articles.wordgrams import WIDTH, grams, rarity, weighed
from dualtrack.core.errors import BadInput

OWN = Path(__file__).parents[2] / "benchmarks" / "gold" / "own_sentences.jsonl"
LABELLED = [json.loads(line) for line in OWN.read_text("utf-8").splitlines()]


def design(seed: int, rows: int, dense: int, width: int) -> tuple[Rows, np.ndarray, np.ndarray]:
    """A design in two parts, the same as one matrix, and labels."""
    draw = np.random.default_rng(seed)
    left = draw.normal(size=(rows, dense))
    right = np.where(draw.random((rows, width)) < 0.3, draw.normal(size=(rows, width)), 0.0)
    parts = [(np.flatnonzero(row), row[np.flatnonzero(row)]) for row in right]
    truth = (left.sum(axis=1) + draw.normal(size=rows) > 0).astype(float)
    truth[:2] = (0.0, 1.0)
    return Rows.of(left, parts, width), np.hstack([left, right, np.ones((rows, 1))]), truth


@given(st.integers(0, 10_000), st.integers(2, 30), st.integers(0, 5), st.integers(1, 8))
def test_products_equal_those_of_the_whole_matrix(seed: int, rows: int, dense: int, width: int) -> None:
    held, whole, _ = design(seed, rows, dense, width)
    draw = np.random.default_rng(seed + 1)
    weights, errors = draw.normal(size=whole.shape[1]), draw.normal(size=rows)
    assert np.allclose(held.times(weights), whole @ weights)
    assert np.allclose(held.gathered(errors), whole.T @ errors)
    order = draw.permutation(rows)
    assert np.allclose(held.take(order).times(weights), (whole @ weights)[order])


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 5.0, 50.0]))
def test_the_fit_is_the_minimum_that_newton_finds(seed: int, penalty: float) -> None:
    held, whole, truth = design(seed, 40, 3, 6)
    each = balanced(truth)
    found = fit(held, truth, penalty, each)
    weights = np.zeros(whole.shape[1])
    ridge = np.full(len(weights), penalty)
    ridge[-1] = 0.0
    for _ in range(50):  # Newton's steps on the whole matrix; damped, the problem is convex
        share = probability(whole @ weights)
        slope = whole.T @ (each * (share - truth)) + ridge * weights
        curve = (whole * (each * share * (1 - share))[:, None]).T @ whole + np.diag(ridge + 1e-9)
        weights = weights - 0.5 * np.linalg.solve(curve, slope)
    assert np.allclose(found, weights, atol=5e-3)


def test_balanced_rows_count_the_same_for_either_answer() -> None:
    truth = np.array([1.0, 0.0, 0.0, 0.0])
    each = balanced(truth)
    assert each[truth == 1].sum() == pytest.approx(each[truth == 0].sum()) == pytest.approx(2.0)


@given(st.text(max_size=200))
def test_features_of_any_text_are_numbers(text: str) -> None:
    values = cues(text)
    assert len(values) == len(NAMES)
    assert all(np.isfinite(values))
    counts = grams(text)
    assert all(0 <= column < WIDTH for column in counts)
    columns, numbers = weighed(counts, np.ones(WIDTH), 3.0)
    assert not len(columns) or np.linalg.norm(numbers) == pytest.approx(3.0)


def test_what_one_sentence_alone_holds_does_not_count() -> None:
    rare = rarity([grams("ab"), grams("ab"), grams("zq")])
    assert all(rare[column] > 0 for column in grams("ab"))
    assert not any(rare[column] for column in set(grams("zq")) - set(grams("ab")))


@pytest.mark.parametrize("mode", MODES)
def test_the_models_that_ship_know_what_they_were_fitted_on(mode: str) -> None:
    told = judge([one["text"] for one in LABELLED], mode)
    right = [(one.worth >= 0.5) == bool(label["check_worthy"]) for one, label in zip(told, LABELLED, strict=True)]
    same = [one.kind == label["class"] for one, label in zip(told, LABELLED, strict=True)]
    assert np.mean(right) > 0.9
    assert np.mean(same) > 0.85
    for one in told:
        assert 0 <= one.worth <= 1
        assert sum(one.shares) == pytest.approx(1)
        assert one.kind == CLASSES[int(np.argmax(one.shares))]


@pytest.mark.parametrize("mode", MODES)
def test_a_sentence_is_judged_alone(mode: str) -> None:
    texts = [one["text"] for one in LABELLED[:9]]
    together = [one.worth for one in judge(texts, mode)]
    assert [judge([text], mode)[0].worth for text in texts] == pytest.approx(together, abs=1e-4)
    assert judge([], mode) == []


def test_the_same_sentences_give_the_same_file(tmp_path: Path) -> None:
    some = LABELLED[::4]
    arguments = [[one[name] for one in some] for name in ("text", "check_worthy", "class")]
    first, second = (Judge.fitted(*arguments, LEXICAL) for _ in range(2))
    assert first.to_bytes() == second.to_bytes()
    path = tmp_path / "model.npz"
    path.write_bytes(first.to_bytes())
    again = Judge.from_file(path)
    for old, new in zip(first.judge(arguments[0]), again.judge(arguments[0]), strict=True):
        assert new.worth == pytest.approx(old.worth, abs=0.02)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(b"nothing")
    with pytest.raises(BadInput, match="holds no model"):
        Judge.from_file(path)
    np.savez(
        path, mode=0, mean=np.zeros(2), spread=np.zeros(2), rare=np.zeros(2), scales=np.zeros(4), weights=np.zeros(2)
    )
    with pytest.raises(BadInput, match="another version"):
        Judge.from_file(path)


def test_without_the_weights_the_lexical_model_is_the_best_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checkworthy.best_mode() in MODES
    monkeypatch.setattr(checkworthy, "installed", lambda: None)
    assert checkworthy.best_mode() == LEXICAL
    with pytest.raises(BadInput, match="not installed"):
        judge(["Four battalions arrived."], MINILM)


def test_changing_a_states_name_hardly_changes_the_judgement() -> None:
    pairs = [("Russia", "Poland"), ("Germany", "Belarus"), ("The United States", "China")]
    frames = ["{} sent 4,000 troops to the border in May.", "{} should return to the talks.", "{} feels threatened."]
    for mode in MODES:
        model = packaged(mode)
        for frame in frames:
            for left, right in pairs:
                a, b = model.judge([frame.format(left), frame.format(right)])
                assert abs(a.worth - b.worth) < 0.25
                assert (a.worth >= 0.5) == (b.worth >= 0.5)


def test_models_ship_with_the_package() -> None:
    assert {path.name for path in WEIGHTS.glob("checkworthy_*.npz")} == {f"checkworthy_{mode}.npz" for mode in MODES}
