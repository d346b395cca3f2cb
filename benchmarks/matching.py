"""How well and how fast a sentence finds the claim it makes, on files of the CheckThat! tasks or of their form.

    python benchmarks/matching.py --claims F --queries F --qrels F [--train-queries F … --train-qrels F …]
    python benchmarks/matching.py FOLDER    # vclaims_2020.tsv, 2020_{train,dev,test}.{queries,qrels}.tsv in it

Five ways in one run, over the same texts: plain BM25; BM25 and runs of letters, fused; these with MiniLM, fused; and
both with the re-ranker, fitted on the training pairs, or the one that ships where none are given. Queries without a
right claim are left out of the means, as the task does. MAP@5 as in the task; MRR over the first 20. Time is the
median over queries, one at a time, warm: processor time of one thread, which other work lengthens less than it does
seconds. MB is what numpy and the model take installed. Encoded claims are kept under build/matching, so that a second
run does not wait for them.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # two threads on cores that others use wait for one another

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
from inputs.within import within

from dualtrack.articles.matching import ClaimText, Labelled, Matcher, collection
from dualtrack.articles.matching.bm25 import Bm25
from dualtrack.articles.matching.matcher import Ran
from dualtrack.articles.matching.minilm import PACKAGE
from dualtrack.articles.matching.text import clean, terms
from dualtrack.core.errors import DualtrackError

NEEDS_DATA = "files of the CheckThat! tasks, which may not be passed on"
CACHE = Path(__file__).parents[1] / "build" / "matching"
DEPTH = 20
Search = Callable[[str], Sequence[str]]


def average_precision(found: Sequence[str], right: frozenset[str], depth: int = 5) -> float:
    """Mean of the precision at each hit among the first, over as many as there could be."""
    hits, total = 0, 0.0
    for place, claim in enumerate(found[:depth], 1):
        if claim in right:
            hits += 1
            total += hits / place
    return total / min(len(right), depth)


def reciprocal_rank(found: Sequence[str], right: frozenset[str]) -> float:
    """One over the place of the first hit; 0 without one."""
    return next((1 / place for place, claim in enumerate(found, 1) if claim in right), 0.0)


def megabytes(*packages: str) -> float:
    """What the files of some packages take, without compiled bytecode; 0 for one that is not installed."""
    total = 0
    for name in packages:
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue
        paths = [Path(str(file.locate())) for file in files if file.suffix != ".pyc"]
        total += sum(path.stat().st_size for path in paths if path.exists())
    return total / 1e6


def plain_bm25(claims: Sequence[ClaimText]) -> Search:
    """BM25 over stems, the texts of a claim put together."""
    index = Bm25([terms(" ".join(claim.texts)) for claim in claims])

    def search(text: str) -> Sequence[str]:
        scores = index.scores(terms(clean(text).body))
        best = np.argpartition(-scores, min(DEPTH, len(scores) - 1))[:DEPTH]
        return [claims[int(at)].id for at in best[np.argsort(-scores[best], kind="stable")]]

    return search


def by(matcher: Matcher) -> Search:
    """What a matcher finds, by id."""
    return lambda text: [match.id for match in matcher.match(text, DEPTH)]


def row(name: str, size: float, search: Search, asked: Sequence[tuple[str, frozenset[str]]]) -> str:
    """Runs one way over all queries: a line of the table."""
    for text, _ in asked[:5]:
        search(text)
    found, times = [], []
    for text, _ in asked:
        start = time.process_time()
        found.append(search(text))
        times.append(time.process_time() - start)
    rights = [right for _, right in asked]
    means = [
        statistics.fmean(map(measure, found, rights))
        for measure in (average_precision, reciprocal_rank, lambda ids, right: float(ids[:1] and ids[0] in right))
    ]
    shown = " | ".join(f"{mean:.3f}" for mean in means)
    return f"| {name} | {shown} | {statistics.median(times) * 1000:.1f} | {size:.0f} |"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--claims", type=Path)
    parser.add_argument("--queries", type=Path, nargs="+")
    parser.add_argument("--qrels", type=Path, nargs="+")
    parser.add_argument("--train-queries", type=Path, nargs="+", default=[])
    parser.add_argument("--train-qrels", type=Path, nargs="+", default=[])
    parser.add_argument("--no-id-words", action="store_true", help="do not read the words of ids as a text")
    given = parser.parse_args()
    if given.folder is not None:
        given.claims = within(given.folder, "vclaims_2020.tsv", "matching")
        for name, parts in (("", ("test",)), ("train_", ("train", "dev"))):
            for kind in ("queries", "qrels"):
                setattr(given, name + kind, [given.claims.parent / f"2020_{part}.{kind}.tsv" for part in parts])
    if not (given.claims and given.queries and given.qrels):
        parser.error("name a folder, or --claims, --queries and --qrels")
    try:
        run(given)
    except DualtrackError as error:
        sys.exit(str(error))


def run(given: argparse.Namespace) -> None:
    """Reads, fits, measures."""
    claims = collection.claims(given.claims, id_words=not given.no_id_words)
    known = {claim.id for claim in claims}
    rights = collection.pairs(given.qrels)
    asked = [
        (text, rights[query] & known)
        for query, text in collection.queries(given.queries).items()
        if rights.get(query, frozenset()) & known
    ]
    taught = collection.pairs(given.train_qrels)
    training = [
        Labelled(text, taught[query] & known)
        for query, text in collection.queries(given.train_queries).items()
        if taught.get(query, frozenset()) & known
    ]
    if not asked:
        sys.exit("No query has a right claim among the claims.")
    CACHE.mkdir(parents=True, exist_ok=True)
    light, full = megabytes("numpy"), megabytes("numpy", PACKAGE)
    source = f"fitted on {len(training):,} pairs" if training else "as shipped"
    print(f"| {len(asked):,} queries, {len(claims):,} claims | MAP@5 | MRR | P@1 | ms a query | MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    print(row("plain BM25", light, plain_bm25(claims), asked), flush=True)
    sizes: dict[Ran, float] = {"lexical": light, "lexical + MiniLM": full}
    for mode, size in sizes.items():
        if mode != "lexical" and size == light:
            print(f"{mode}: not measured, the weights are not installed", file=sys.stderr)
            continue
        matcher = Matcher(claims, mode, None, CACHE)
        print(row(matcher.mode, size, by(matcher), asked), flush=True)
        fitted = matcher.fit(training, "the training pairs given") if training else None
        ranked = matcher.with_reranker(fitted or "shipped")
        print(row(f"{ranked.mode} + re-ranker, {source}", size, by(ranked), asked), flush=True)


if __name__ == "__main__":
    main()
