"""Fits the two re-rankers that ship with the claim matcher and writes them as JSON.

    python scripts/train_matching.py --claims claims.tsv --queries q.tsv [q2.tsv …] --qrels r.tsv [r2.tsv …] \\
        --trained-on "what the sentences are" [-o src/dualtrack/articles/matching/weights]

Claims have the columns id, claim and, if there is one, title; queries qid and text; qrels qid and claim_id (tabs
between them). A query without a row in the qrels is a sentence that makes none of the claims. Each sentence that makes
one is also learnt from with its claim taken away. Only numbers are written: per feature its mean and spread, and two
weights. Encoded claims are kept under build/matching.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dualtrack.articles.matching import Labelled, Matcher, collection
from dualtrack.articles.matching.matcher import SHIPPED
from dualtrack.core.errors import DualtrackError
from dualtrack.core.wholefile import write_whole

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "build" / "matching"
WEIGHTS = ROOT / "src" / "dualtrack" / "articles" / "matching"


def main() -> None:
    """Reads the files named, fits a re-ranker for each mode, writes it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=Path, required=True)
    parser.add_argument("--queries", type=Path, nargs="+", required=True)
    parser.add_argument("--qrels", type=Path, nargs="+", required=True)
    parser.add_argument("--trained-on", required=True, help="one sentence; it is kept with the weights")
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS, help="the folder above weights/")
    asked = parser.parse_args()
    try:
        claims = collection.claims(asked.claims)
        pairs = collection.pairs(asked.qrels)
        texts = collection.queries(asked.queries)
        labelled = [Labelled(text, pairs.get(query, frozenset())) for query, text in texts.items()]
        CACHE.mkdir(parents=True, exist_ok=True)
        for mode, name in SHIPPED.items():
            matcher = Matcher(claims, mode, None, CACHE)
            fitted = matcher.fit(labelled, asked.trained_on)
            path = asked.output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, fitted.to_json().encode())
            print(f"{path}: {mode}, {len(fitted.names)} features, {len(labelled):,} sentences", flush=True)
    except DualtrackError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
