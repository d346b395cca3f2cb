"""Fits the two models of check-worthiness that ship, on sentences of our own labelling.

    python scripts/train_checkworthy.py TEXTS

TEXTS holds the articles of the gold set's dev half (`TEXTS/dev/N.txt`); with them come the invented sentences of
`benchmarks/gold/own_sentences.jsonl`. Writes `src/dualtrack/articles/data/checkworthy_MODE.npz`, which hold weights
and no sentence; minilm needs the extra [match].
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dualtrack.articles.checkworthy import MODES, WEIGHTS, Judge
from dualtrack.articles.sentences import fingerprint, split
from dualtrack.core.wholefile import write_whole

GOLD = Path(__file__).parents[1] / "benchmarks" / "gold"


def main() -> None:
    """Fits and writes."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    labelled = [json.loads(line) for line in (GOLD / "own_sentences.jsonl").read_text("utf-8").splitlines()]
    halves = {
        one["n"]: one["split"] for one in map(json.loads, (GOLD / "articles.jsonl").read_text("utf-8").splitlines())
    }
    texts = {
        number: [one.text for one in split((Path(sys.argv[1]) / "dev" / f"{number}.txt").read_text("utf-8"))]
        for number, half in halves.items()
        if half == "dev"
    }
    for line in (GOLD / "pass_a.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        if halves[record["article"]] != "dev":
            continue
        sentence = texts[record["article"]][record["i"]]
        if fingerprint(sentence) != record["sha1"]:
            sys.exit(f"Article {record['article']}, sentence {record['i']} is not the labelled one.")
        labelled.append({**record, "text": sentence})
    sentences = [one["text"] for one in labelled]
    worth = [one["check_worthy"] for one in labelled]
    kinds = [one["class"] for one in labelled]
    for mode in MODES:
        model = Judge.fitted(sentences, worth, kinds, mode)
        path = WEIGHTS / f"checkworthy_{mode}.npz"
        write_whole(path, model.to_bytes())
        print(f"{path}: {len(sentences)} sentences, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
