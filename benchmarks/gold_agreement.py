"""How far the two annotators of the gold set agree, on both halves and on all; no texts are needed.

    python benchmarks/gold_agreement.py [FOLDER]

FOLDER (by default `benchmarks/gold`) holds `articles.jsonl` (number and half of each article), `pass_a.jsonl` and
`pass_b.jsonl` (one record a sentence, as docs/annotation.md describes) and `claims_b_again.jsonl` (claims that the
second annotator labelled twice). Prints the tables of docs/benchmarks.md.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

GOLD = Path(__file__).parent / "gold"
ONE_VALUE = ("check_worthy", "class", "stance", "topic")
HALVES = ("dev", "held_out", "all")

Record = dict[str, Any]
Pair = tuple[Record, Record]


def alpha(units: Iterable[Sequence[Hashable]]) -> float:
    """Krippendorff's alpha of nominal data: 1 is perfect agreement, 0 what chance would give.

    A unit is what its annotators said of it, as many as there are; missing values are left out, and a unit with fewer
    than two values counts for nothing. NaN where no two values differ, since then chance has nothing to be wrong about.
    Formula: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, with the matrix of coincidences, in which
    each pair of values of a unit of m counts 1 / (m - 1).
    """
    paired = [tuple(unit) for unit in units if len(unit) > 1]
    place = {value: k for k, value in enumerate(dict.fromkeys(value for unit in paired for value in unit))}
    coincidences = np.zeros((len(place), len(place)))
    for unit in paired:
        counts = np.bincount([place[value] for value in unit], minlength=len(place))
        coincidences += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    totals = coincidences.sum(axis=0)
    n = totals.sum()
    by_chance = (n * n - (totals * totals).sum()) / (n - 1) if n > 1 else 0.0
    observed = n - np.trace(coincidences)
    return float(1 - observed / by_chance) if by_chance else float("nan")


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Cohen's kappa of two annotators (Cohen 1960); NaN where both always say one and the same."""
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(first[value] * second[value] for value in first) / max(1, n * n)
    equal = sum(a == b for a, b in pairs) / max(1, n)
    return (equal - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")


def f1(pairs: Iterable[tuple[Iterable[Hashable], Iterable[Hashable]]]) -> tuple[float, int, int]:
    """F1 of one annotator's bags against the other's over all sentences, and how many members each has."""
    both = of_a = of_b = 0
    for a, b in pairs:
        first, second = Counter(a), Counter(b)
        both += (first & second).total()
        of_a, of_b = of_a + first.total(), of_b + second.total()
    return (2 * both / (of_a + of_b) if of_a + of_b else float("nan")), of_a, of_b


def bounds(quantity: Record) -> tuple[float, float]:
    """Low and high. A third is 33 or 33.3 to different annotators: small broken bounds count to one decimal."""
    low, high = (float(quantity[end]) for end in ("low", "high"))
    return whole_or_rounded(low), whole_or_rounded(high)


def whole_or_rounded(x: float) -> float:
    """One decimal for small broken numbers."""
    return x if x == int(x) or abs(x) > 1000 else round(x, 1)


def among(one: str, other: str) -> bool:
    """Whether the words of one speaker are among those of the other."""
    a, b = (set(re.findall(r"\w+", name.lower())) for name in (one, other))
    return bool(a and b) and (a <= b or b <= a)


def claims(record: Record) -> frozenset[str]:
    """The claims a sentence makes, as a set; "none" is a value like another."""
    value = record["claim"]
    return frozenset([value] if isinstance(value, str) else value)


def read(path: Path) -> dict[tuple[int, int], Record]:
    """Records by article and number of the sentence."""
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {(record["article"], record["i"]): record for record in records}


def pairs_by_half(folder: Path) -> dict[str, list[Pair]]:
    """What each annotator said of the same sentence, by half and for all.

    Stops where a sentence is labelled once only or the fingerprints differ: then they did not read the same.
    """
    a, b = read(folder / "pass_a.jsonl"), read(folder / "pass_b.jsonl")
    odd = sorted(key for key in a.keys() | b.keys() if a.get(key, {}).get("sha1") != b.get(key, {}).get("sha1"))
    if odd:
        sys.exit(f"{folder}: {len(odd)} sentences are not the same in both passes, first {odd[0]}")
    articles = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    half = {article["n"]: article["split"] for article in articles}
    pairs = {name: [(a[key], b[key]) for key in sorted(a) if name in (half[key[0]], "all")] for name in HALVES}
    return pairs


def cell(value: float) -> str:
    """A figure of the table."""
    return "-" if np.isnan(value) else f"{value:.3f}"


def one_value_table(halves: dict[str, list[Pair]]) -> list[str]:
    """Share equal, alpha and kappa of the labels of one value."""
    lines = ["| label | half | sentences | equal | alpha | kappa |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    for label in ONE_VALUE:
        for half, pairs in halves.items():
            said = [(a[label], b[label]) for a, b in pairs]
            equal = sum(x == y for x, y in said) / max(1, len(said))
            figures = " | ".join(cell(x) for x in (equal, alpha(said), kappa(said)))
            lines.append(f"| {label} | {half} | {len(said)} | {figures} |")
    return lines


def sets_table(halves: dict[str, list[Pair]]) -> list[str]:
    """F1 of sets, shares of equal units and words before, and of equal speakers."""
    lines = ["| label | half | of A | of B | agreement |", "| --- | --- | ---: | ---: | ---: |"]
    for name in ("quantities", "states", "dates"):
        for half, pairs in halves.items():
            bags = [
                ([bounds(q) for q in a[name]], [bounds(q) for q in b[name]])
                if name == "quantities"
                else (a[name], b[name])
                for a, b in pairs
            ]
            score, of_a, of_b = f1(bags)
            lines.append(f"| {name}, F1 | {half} | {of_a} | {of_b} | {cell(score)} |")
    for name in ("unit", "approx"):
        for half, pairs in halves.items():
            met = [one for a, b in pairs for one in same_bounds(a["quantities"], b["quantities"])]
            equal = sum(x[name] == y[name] for x, y in met) / max(1, len(met))
            lines.append(
                f"| {name} of quantities with equal bounds | {half} | {len(met)} | {len(met)} | {cell(equal)} |"
            )
    for half, pairs in halves.items():
        said = [(a["speaker"], b["speaker"]) for a, b in pairs if a["speaker"] or b["speaker"]]
        named = [sum(bool(names[k]) for names in said) for k in (0, 1)]
        for how, same in (("the very words", str.__eq__), ("words of one among the other's", among)):
            share = sum(same(x, y) for x, y in said) / max(1, len(said))
            lines.append(f"| speaker, {how} | {half} | {named[0]} | {named[1]} | {cell(share)} |")
    return lines


def same_bounds(first: list[Record], second: list[Record]) -> list[Pair]:
    """Pairs quantities of equal bounds, each once, in the order told."""
    left = list(second)
    met = []
    for one in first:
        other = next((q for q in left if bounds(q) == bounds(one)), None)
        if other is not None:
            left.remove(other)
            met.append((one, other))
    return met


def claims_table(folder: Path) -> list[str]:
    """How far the second annotator agrees with itself on claims, labelled twice."""
    first, again = read(folder / "pass_b.jsonl"), read(folder / "claims_b_again.jsonl")
    said = [(claims(first[key]), claims(again[key])) for key in again]
    some = [pair for pair in said if pair != (frozenset(["none"]), frozenset(["none"]))]
    equal, equal_of_some = (sum(x == y for x, y in part) / max(1, len(part)) for part in (said, some))
    score, of_first, of_again = f1((x - {"none"}, y - {"none"}) for x, y in said)
    return [
        "| claims, one annotator twice | |",
        "| --- | ---: |",
        f"| sentences labelled twice | {len(said)} |",
        f"| share equal, of all | {cell(equal)} |",
        f"| sentences with a claim at least once | {len(some)} |",
        f"| share equal, of these | {cell(equal_of_some)} |",
        f"| claims the first time, the second | {of_first}, {of_again} |",
        f"| F1 | {cell(score)} |",
        f"| alpha | {cell(alpha(said))} |",
    ]


def main() -> None:
    """Prints the three tables."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLD
    halves = pairs_by_half(folder)
    print("\n\n".join("\n".join(t) for t in (one_value_table(halves), sets_table(halves), claims_table(folder))))


if __name__ == "__main__":
    main()
