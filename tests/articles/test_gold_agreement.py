"""How agreement of annotators is measured, against worked examples, and what the settled labels promise."""

import importlib.util
import json
import math
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
GOLD = BENCHMARKS / "gold"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_agreement", BENCHMARKS / "gold_agreement.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


AGREEMENT = script()
PAIRS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=40)


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, examples A, B and C; he prints three decimals.
def test_alpha_of_the_published_binary_example() -> None:
    # By hand: 20 values, 14 zeros and 6 ones, 4 units differ: 1 - 19 * 4 / (14 * 6) = 0.0952
    meg, owen = "0100000010", "1110010000"
    assert AGREEMENT.alpha(zip(meg, owen, strict=True)) == pytest.approx(1 - 19 * 4 / 84)
    assert round(AGREEMENT.alpha(zip(meg, owen, strict=True)), 3) == 0.095


def test_alpha_of_the_published_nominal_example() -> None:
    # By hand: 24 values, a 4, b 6, c 6, d 6, e 2; 18 of them in 9 equal pairs; 12 + 30 + 30 + 30 + 2 = 104:
    # (23 * 18 - 104) / (24 * 23 - 104) = 310 / 448 = 0.6920
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    assert AGREEMENT.alpha(zip(ben, gerry, strict=True)) == pytest.approx(310 / 448)
    assert round(AGREEMENT.alpha(zip(ben, gerry, strict=True)), 3) == 0.692


def test_alpha_of_the_published_example_of_four_with_missing_values() -> None:
    # By hand: the last unit has one value and drops out, 40 values remain: 1 9, 2 13, 3 10, 4 5, 5 3. Coincidences on
    # the diagonal 7, 10, 8, 4 and 3, together 32; 72 + 156 + 90 + 20 + 6 = 344:
    # (39 * 32 - 344) / (40 * 39 - 344) = 904 / 1216 = 0.7434
    units = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
    assert AGREEMENT.alpha(units) == pytest.approx(904 / 1216)
    assert round(AGREEMENT.alpha(units), 3) == 0.743


def test_kappa_of_a_table_done_by_hand() -> None:
    # 20 both yes, 5 and 10 apart, 15 both no: equal 0.7, by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5, so 0.4
    said = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert AGREEMENT.kappa(said) == pytest.approx(0.4)


@given(PAIRS)
def test_alpha_of_two_is_scotts_pi_with_its_correction_for_few_values(pairs: list[tuple[str, str]]) -> None:
    n = 2 * len(pairs)
    shares = [count / n for count in Counter(value for pair in pairs for value in pair).values()]
    by_chance = sum(share * share for share in shares)
    if len(shares) == 1:
        assert math.isnan(AGREEMENT.alpha(pairs))
        return
    scott = (sum(a == b for a, b in pairs) / len(pairs) - by_chance) / (1 - by_chance)
    assert AGREEMENT.alpha(pairs) == pytest.approx(1 - (1 - scott) * (n - 1) / n)


@given(PAIRS, st.permutations("abcd"))
def test_names_of_labels_and_order_do_not_matter(pairs: list[tuple[str, str]], names: list[str]) -> None:
    renamed = [tuple(names["abcd".index(value)] for value in reversed(pair)) for pair in reversed(pairs)]
    assert AGREEMENT.alpha(renamed) == pytest.approx(AGREEMENT.alpha(pairs), nan_ok=True)
    assert AGREEMENT.kappa(renamed) == pytest.approx(AGREEMENT.kappa(pairs), nan_ok=True)


def test_f1_counts_what_is_told_twice() -> None:
    assert AGREEMENT.f1([("aab", "ab"), ("", "c")]) == (pytest.approx(4 / 6), 3, 3)
    assert math.isnan(AGREEMENT.f1([("", "")])[0])


def records(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text("utf-8").splitlines()]


def test_settled_labels_are_those_both_gave_or_of_one_of_them() -> None:
    a, b, agreed = records("pass_a.jsonl"), records("pass_b.jsonl"), records("agreed.jsonl")
    assert [(r["article"], r["i"], r["sha1"]) for r in agreed] == [(r["article"], r["i"], r["sha1"]) for r in b]
    for first, second, settled in zip(a, b, agreed, strict=True):
        assert first["sha1"] == settled["sha1"]
        differ = False
        for label in settled.keys() - {"article", "i", "sha1", "claim", "adjudicated"}:
            one, other, is_ = first[label], second[label], settled[label]
            if label in ("states", "dates"):
                one, other, is_ = sorted(one), sorted(other), sorted(is_)
            assert is_ in (one, other), (settled["article"], settled["i"], label)
            differ |= one != other
        assert settled.get("adjudicated", False) is differ, (settled["article"], settled["i"])


def test_settled_labels_keep_to_the_guide() -> None:
    for settled in records("agreed.jsonl"):
        worthy = {"claim": {1}, "background": {0}}.get(settled["class"], {0, 1})
        assert settled["check_worthy"] in worthy, (settled["article"], settled["i"])
        for quantity in settled["quantities"]:
            assert quantity["low"] <= quantity["high"] and len(quantity["text"]) < 25


def test_claims_named_have_their_files() -> None:
    files = BENCHMARKS.parent / "src" / "dualtrack" / "claims" / "data"
    known = {path.stem for path in files.glob("*/*.yml")} | {"none"}
    for name in ("pass_b.jsonl", "agreed.jsonl", "claims_b_again.jsonl"):
        named = {claim for record in records(name) for claim in AGREEMENT.claims(record)}
        assert named <= known, name
