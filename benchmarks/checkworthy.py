"""How well sentences worth a check are told from others: F1, AP and AUC on labelled sentences, beside a bag of words.

    python benchmarks/checkworthy.py DATA
    python benchmarks/checkworthy.py --train train.tsv [--test test.tsv] [--mode lexical | minilm]

Files have a header with the columns `label` (1 worth a check, 0 not) and `text`, with tabs between them. Without a
test file a tenth of the training file, as many of either label, is set apart by a fixed seed. DATA is a folder with
`checkworthy/claimbuster_train.tsv`. Scales, penalty and threshold are chosen by cross-validation on the training
sentences alone; the threshold is the best for a test of as many positives as negatives. The bag of words is a
logistic regression on TF-IDF of single words, chosen in the same way. No sentence of the test file is learnt from.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

# Two threads on two busy cores wait for each other; must be set before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from inputs.within import within

from dualtrack.articles.checkworthy import LEXICAL, MINILM, MODES, Features, Raw, Scales, balanced
from dualtrack.articles.linear import Array, Rows, fit

NEEDS_DATA = "sentences labelled as worth a check or not"
SEED = 20261125
FOLDS = 5
CANDIDATES = {
    LEXICAL: [Scales(0.5, 0.0, 10.0, penalty) for penalty in (3.0, 10.0, 30.0)],
    MINILM: [Scales(2.0, 1.0, gram, penalty) for gram in (0.0, 20.0) for penalty in (150.0, 300.0, 600.0)],
}
PENALTIES = (1.0, 3.0, 10.0)  # of the bag of words, whose rows have length 5


def read(path: Path) -> tuple[list[str], Array]:
    """Texts and labels of a file."""
    lines = path.read_text("utf-8").split("\n")
    header = lines[0].split("\t")
    label, text = header.index("label"), header.index("text")
    cells = [line.split("\t") for line in lines[1:] if line]
    return [row[text] for row in cells], np.array([float(row[label]) for row in cells])


def apart(truth: Array) -> tuple[Array, Array]:
    """Numbers of the rows to train on and of a balanced tenth to test on."""
    draw = np.random.default_rng(SEED)
    half = len(truth) // 20
    test = np.concatenate([draw.permutation(np.flatnonzero(truth == label))[:half] for label in (1, 0)])
    return np.setdiff1d(np.arange(len(truth)), test), test


def bag(train: list[str], test: list[str]) -> tuple[Rows, Rows]:
    """TF-IDF of single words, of unit length times five."""
    held = Counter(word for text in train for word in set(text.lower().split()))
    column = {word: at for at, (word, count) in enumerate(sorted(held.items())) if count > 1}
    rare = {word: np.log((1 + len(train)) / (1 + held[word])) for word in column}

    def rows(texts: list[str]) -> Rows:
        parts = []
        for text in texts:
            counts = Counter(word for word in text.lower().split() if word in column)
            values = np.array([count * rare[word] for word, count in counts.items()])
            norm = float(np.linalg.norm(values)) or 1.0
            parts.append((np.array([column[word] for word in counts], dtype=np.int64), 5 * values / norm))
        return Rows.of(np.zeros((len(texts), 0)), parts, len(held))

    return rows(train), rows(test)


def crossed(rows: Rows, truth: Array, penalty: float) -> Array:
    """The score of each row by models that have not seen it."""
    fold = np.random.default_rng(SEED).permutation(len(truth)) % FOLDS
    scores = np.zeros(len(truth))
    for number in range(FOLDS):
        seen, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        weights = fit(rows.take(seen), truth[seen], penalty, balanced(truth[seen]))
        scores[unseen] = rows.take(unseen).times(weights)
    return scores


def balanced_f1(scores: Array, truth: Array, threshold: float) -> float:
    """F1 as it would be with as many negatives as positives."""
    hits, alarms = (float((scores[truth == label] >= threshold).mean()) for label in (1, 0))
    return 2 * hits / (hits + alarms + 1)


def threshold(scores: Array, truth: Array) -> float:
    """The score that separates best, by `balanced_f1`."""
    steps = np.quantile(scores[truth == 1], np.linspace(0.01, 0.6, 119))
    return float(max(steps, key=lambda step: balanced_f1(scores, truth, float(step))))


def f1(scores: Array, truth: Array, at: float) -> float:
    """Harmonic mean of precision and recall."""
    told = scores >= at
    right = float((told & (truth == 1)).sum())
    return 2 * right / max(1.0, float(told.sum() + truth.sum()))


def average_precision(scores: Array, truth: Array) -> float:
    """Mean over the positives of the precision down to each."""
    ranked = truth[np.argsort(-scores, kind="stable")]
    return float(((np.cumsum(ranked) / np.arange(1, len(ranked) + 1)) * ranked).sum() / ranked.sum())


def area(scores: Array, truth: Array) -> float:
    """Share of pairs of a positive and a negative in which the positive scores higher; ties count half."""
    negative = np.sort(scores[truth == 0])
    below = np.searchsorted(negative, scores[truth == 1], "left") + np.searchsorted(
        negative, scores[truth == 1], "right"
    )
    return float(below.sum() / (2 * len(negative) * (truth == 1).sum()))


def line(name: str, chosen: str, cross: Array, truth: Array, scores: Array, expected: Array) -> str:
    """A row of the table."""
    at = threshold(cross, truth)
    return (
        f"| {name} | {chosen} | {balanced_f1(cross, truth, at):.3f} | {f1(scores, expected, at):.3f} "
        f"| {average_precision(scores, expected):.3f} | {area(scores, expected):.3f} |"
    )


def main() -> None:
    """Fits, measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--mode", choices=MODES)
    asked = parser.parse_args()
    source = asked.train or (asked.data and within(asked.data, "claimbuster_train.tsv", "checkworthy"))
    if source is None:
        sys.exit(__doc__)
    texts, truth = read(source)
    if asked.test:
        train, (test, expected) = texts, read(asked.test)
    else:
        kept, held = apart(truth)
        train, test = [texts[i] for i in kept], [texts[i] for i in held]
        truth, expected = truth[kept], truth[held]
    print(f"{len(train):,} sentences to train on ({truth.mean():.0%} worth a check), {len(test):,} to test on\n")
    print("| | chosen on training sentences | F1 there | F1 | AP | AUC |\n| --- | --- | ---: | ---: | ---: | ---: |")
    rows, new = bag(train, test)
    cross = {penalty: crossed(rows, truth, penalty) for penalty in PENALTIES}
    best = max(PENALTIES, key=lambda penalty: area(cross[penalty], truth))
    scores = new.times(fit(rows, truth, best, balanced(truth)))
    print(line("bag of words", f"penalty {best:g}", cross[best], truth, scores, expected), flush=True)
    for mode in [asked.mode] if asked.mode else MODES:
        features, raw = Features.of(train, mode)
        tried = []
        for scales in CANDIDATES[mode]:
            features = replace(features, scales=scales)
            one = crossed(features.rows(raw), truth, scales.penalty)
            tried.append((area(one, truth), features, one))
        _, features, one = max(tried, key=lambda item: item[0])
        scales = features.scales
        weights = fit(features.rows(raw), truth, scales.penalty, balanced(truth))
        scores = features.rows(Raw.of(test, mode)).times(weights)
        chosen = f"penalty {scales.penalty:g}, columns {scales.gram:g}"
        print(line(mode, chosen, one, truth, scores, expected), flush=True)


if __name__ == "__main__":
    main()
