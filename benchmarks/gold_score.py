"""How well quantities, states, dates, speakers, stance, worth of a check and class are told: P, R and F1.

    python benchmarks/gold_score.py TEXTS [dev | held_out]

TEXTS holds the articles of the gold set as plain text, `N.txt` by their number in `benchmarks/gold/articles.jsonl`,
also in a folder `gold`, or named after the half. They are not in the repository; a sentence whose fingerprint differs
from the labelled one is left out and counted. Of the held-out half only totals are told.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Two threads on two busy cores wait for each other; must be set before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from dualtrack.articles.checkworthy import MODES, Judge, Worth, packaged
from dualtrack.articles.dates_in_text import dates_in
from dualtrack.articles.quantities import quantities
from dualtrack.articles.quotations import begins_quoted
from dualtrack.articles.sentences import fingerprint, split
from dualtrack.articles.speaker import attribution
from dualtrack.articles.states import codes, states_in

NEEDS_DATA = "the texts of the gold set"
FOLDS = 5
GOLD = Path(__file__).parent / "gold"
# Sentences of the held-out half that the writer of the extractor happened to see: they do not count.
SEEN = {(1, 0), (1, 1), (1, 2)}


@dataclass
class Tally:
    """What was found and right, found and wrong, and not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, gold: Iterable[Hashable], found: Iterable[Hashable]) -> None:
        """Compares two bags."""
        expected, got = Counter(gold), Counter(found)
        both = sum((expected & got).values())
        self.right += both
        self.wrong += sum(got.values()) - both
        self.missed += sum(expected.values()) - both

    def row(self, name: str) -> str:
        """A line of the table."""
        found, there = self.right + self.wrong, self.right + self.missed
        precision, recall = self.right / max(1, found), self.right / max(1, there)
        f1 = 2 * self.right / max(1, found + there)
        return f"| {name} | {there} | {precision:.3f} | {recall:.3f} | {f1:.3f} |"


@dataclass
class Scores:
    """Tallies by what is extracted, and shares of equal labels."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    equal: dict[str, list[bool]] = field(default_factory=dict)
    compared: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    absent: int = 0

    def tally(self, name: str) -> Tally:
        """The tally of a name."""
        return self.tallies.setdefault(name, Tally())


def words(text: str) -> set[str]:
    """The words of a name."""
    return set(re.findall(r"\w+", text.lower()))


def score(texts: Path, half: str) -> Scores:
    """Scores one half of the gold set."""
    scores = Scores()
    articles = [json.loads(line) for line in (GOLD / "articles.jsonl").read_text("utf-8").splitlines()]
    gold: dict[int, dict[int, dict[str, Any]]] = {}
    for line in (GOLD / "pass_a.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        gold.setdefault(record["article"], {})[record["i"]] = record
    for article in articles:
        number = article["n"]
        path = next((p for p in (texts / half / f"{number}.txt", texts / f"{number}.txt") if p.exists()), None)
        if article["split"] != half:
            continue
        if path is None:
            scores.absent += len(gold[number])
            continue
        sentences = [one.text for one in split(path.read_text("utf-8"))]
        quoted = begins_quoted(sentences)
        for i, record in gold[number].items():
            if (number, i) in SEEN:
                continue
            if i >= len(sentences) or fingerprint(sentences[i]) != record["sha1"]:
                scores.absent += 1
                continue
            scores.compared.append((record, sentences[i]))
            compare(scores, record, sentences[i], quoted[i], article["date"])
    return scores


def compare(scores: Scores, gold: dict[str, Any], sentence: str, quoted: bool, said: str) -> None:
    """Adds one sentence to the scores."""
    dates = dates_in(sentence, said)
    found = quantities(sentence, dates)
    rounded = [(round_share(one.low), round_share(one.high), one.unit, one.approx) for one in found]
    expected = [
        (round_share(float(one["low"])), round_share(float(one["high"])), one["unit"], one["approx"])
        for one in gold["quantities"]
    ]
    scores.tally("quantities, bounds").add([one[:2] for one in expected], [one[:2] for one in rounded])
    scores.tally("quantities, bounds, unit and approx").add(expected, rounded)
    scores.tally("states").add(set(gold["states"]), set(codes(states_in(sentence))))
    scores.tally("dates").add(set(gold["dates"]), {one.iso for one in dates if one.iso})
    spoken = attribution(sentence, quoted)
    speakers = scores.tally("speaker")
    a, b = words(gold["speaker"]), words(spoken.speaker)
    same = bool(a and b) and (a <= b or b <= a)
    speakers.right += same
    speakers.wrong += bool(b) and not same
    speakers.missed += bool(a) and not same
    scores.equal.setdefault("stance", []).append(spoken.stance == gold["stance"])


def judged(scores: Scores, half: str, mode: str) -> list[Worth]:
    """Worth and class of each sentence by a model that has not seen it.

    The packaged models were fitted on the dev half, so there each fifth of the articles is judged by a model fitted
    on the others and on the invented sentences.
    """
    sentences = [sentence for _, sentence in scores.compared]
    if half != "dev":
        return packaged(mode).judge(sentences)
    own = [json.loads(line) for line in (GOLD / "own_sentences.jsonl").read_text("utf-8").splitlines()]
    articles = sorted({record["article"] for record, _ in scores.compared})
    told: dict[int, Worth] = {}
    for fold in range(FOLDS):
        away = set(articles[fold::FOLDS])
        seen = [{**record, "text": text} for record, text in scores.compared if record["article"] not in away] + own
        model = Judge.fitted(
            [one["text"] for one in seen], [one["check_worthy"] for one in seen], [one["class"] for one in seen], mode
        )
        unseen = [at for at, (record, _) in enumerate(scores.compared) if record["article"] in away]
        told |= zip(unseen, model.judge([sentences[at] for at in unseen]), strict=True)
    return [told[at] for at in range(len(sentences))]


def worth_rows(scores: Scores, half: str) -> list[str]:
    """Lines of the table on worth and class, for each mode."""
    truth = np.array([record["check_worthy"] for record, _ in scores.compared])
    lines = []
    for mode in MODES:
        told = judged(scores, half, mode)
        worth = np.array([one.worth for one in told])
        tally = Tally()
        tally.right = int(((worth >= 0.5) & (truth == 1)).sum())
        tally.wrong = int(((worth >= 0.5) & (truth == 0)).sum())
        tally.missed = int(((worth < 0.5) & (truth == 1)).sum())
        lines.append(tally.row(f"worth a check, {mode}"))
        above = (worth[truth == 1][:, None] > worth[truth == 0]).mean() if 0 < truth.sum() < len(truth) else 0.0
        equal = np.mean([one.kind == record["class"] for one, (record, _) in zip(told, scores.compared, strict=True)])
        lines.append(f"| worth a check, {mode}: AUC | {len(truth)} | | | {above:.3f} |")
        lines.append(f"| class, {mode}: share equal | {len(truth)} | | | {equal:.3f} |")
    return lines


def round_share(value: float) -> float:
    """A third is 33 or 33.3 to different annotators: bounds that are no whole number are compared to one decimal."""
    return value if value == int(value) or value > 1000 else round(value, 1)


def table(scores: Scores, half: str) -> str:
    """The table of one half."""
    lines = [f"| {half} | n | P | R | F1 |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [tally.row(name) for name, tally in scores.tallies.items()]
    overall = Tally()
    for name in ("quantities, bounds", "states", "dates", "speaker"):
        part = scores.tally(name)
        overall.right, overall.wrong = overall.right + part.right, overall.wrong + part.wrong
        overall.missed += part.missed
    lines.append(overall.row("all four"))
    lines += [
        f"| {name}: share equal | {len(values)} | | | {sum(values) / max(1, len(values)):.3f} |"
        for name, values in scores.equal.items()
    ]
    if scores.compared:
        lines += worth_rows(scores, half)
    if scores.absent:
        lines.append(f"\n{scores.absent} labelled sentences are not in these texts and do not count.")
    return "\n".join(lines)


def main() -> None:
    """Prints the tables of the halves whose texts are there."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    texts = folder / "gold" if (folder / "gold").is_dir() else folder
    if not any(texts.glob("**/[0-9]*.txt")):
        print(f"gold_score: not measured, {folder} holds no texts of the gold set.")
        return
    for half in sys.argv[2:] or ("dev", "held_out"):
        print(table(score(texts, half), half), end="\n\n")


if __name__ == "__main__":
    main()
