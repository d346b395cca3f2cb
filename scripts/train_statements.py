"""Fits the re-rankers by which sentences of articles are matched to our claims, recommendations and arguments.

    python scripts/train_statements.py --texts sentences.jsonl [-o src/dualtrack/articles/data]

Learnt from sentences of our own labelling only: the wordings of statements; benchmarks/gold/paraphrases.jsonl and
own_claims.jsonl, written for this, the latter also examples that sentences are compared with; and the sentences of
articles in the dev half of benchmarks/gold/agreed.jsonl, whose texts are not in the repository and are read from
``--texts`` (article, i, text). What was written beside every fifth statement is not learnt from and tells how well the
weights do elsewhere. The held-out half is only scored, by ``--score``. Only numbers are written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence, Set
from pathlib import Path

from dualtrack.articles.matching.channels import ClaimText
from dualtrack.articles.matching.examples import Examples
from dualtrack.articles.matching.matcher import Labelled, Matcher
from dualtrack.articles.matching.minilm import MiniLM, installed
from dualtrack.articles.matching.reranker import Choice, Reranker, fit_choices
from dualtrack.articles.matching.vectors import as_file, encoded, key_of
from dualtrack.articles.statements import EXAMPLES, LEAST, VECTORS, WEIGHTS, matchable, statements
from dualtrack.claims.claim import load_claims
from dualtrack.core.errors import DualtrackError
from dualtrack.core.wholefile import write_whole

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "benchmarks" / "gold"
CACHE = ROOT / "build" / "matching"
RIDGES = (3.0, 10.0, 30.0, 100.0)
FOLDS = 5  # of articles, and of statements, of which the last is not learnt from
OFTEN = 3  # how often a sentence of an article counts: they are fewer than those written, and what is asked for
LEASTS = tuple(n / 50 for n in range(3, 45))


def main() -> None:
    """Reads the labels, fits a re-ranker for each mode, writes it, and scores it on the half kept aside if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--score", action="store_true", help="also score the held-out half")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "src" / "dualtrack" / "articles" / "data")
    asked = parser.parse_args()
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
        known = matchable(statements(load_claims()))
        dev, held_out = (list(articles(asked.texts, half, known)) for half in ("dev", "held_out"))
        encoder = installed()
        if encoder is None:
            sys.exit("The weights of MiniLM are needed: make installs them.")
        texts = sorted({text for claim in known for text in claim.texts})
        write_whole(asked.output / VECTORS, as_file(texts, encoded(encoder, texts, CACHE)))
        own, elsewhere = written(known)
        wordings = [Labelled(text, frozenset([claim.id])) for claim in known for text in claim.texts]
        given = examples(encoder)
        write_whole(asked.output / EXAMPLES, given.as_file())
        half = {claim.id for claim in known[::2]}  # their examples are hidden: a statement of a user has none
        fewer = examples(
            encoder, without={r["text"] for r in rows("own_claims.jsonl") if half & {r["beside"], r["claim"]}}
        )
        strange = examples(encoder, without={s.sentence for s in elsewhere})
        least: dict[str, float] = {}
        for mode, name in WEIGHTS.items():
            whole = Matcher(known, mode, None, CACHE, examples=given)
            worded = Matcher(known, mode, None, CACHE, examples=fewer).choices([*wordings, *own], hide=False)
            fitted, least[mode] = fit(whole, worded, dev)
            write_whole(asked.output / name, fitted.to_json().encode())
            matcher = whole.with_reranker(fitted)
            others = Matcher(known, mode, fitted, CACHE, examples=strange)
            print(f"  {mode}, statements not learnt from: {told(others, elsewhere, least[mode])}")
            print(f"  {mode}, dev (learnt from): {told(matcher, [s for _, s in dev], least[mode])}")
            if asked.score:
                print(f"  {mode}, held out:          {told(matcher, [s for _, s in held_out], least[mode])}")
        write_whole(asked.output / LEAST, (json.dumps(least, indent=2) + "\n").encode())
    except DualtrackError as error:
        sys.exit(str(error))


def fit(whole: Matcher, worded: Sequence[Choice], dev: Sequence[tuple[int, Labelled]]) -> tuple[Reranker, float]:
    """The re-ranker with the ridge, and the least probability, that do best on the articles left out of each fold."""
    numbers = sorted({article for article, _ in dev})
    parts = [[s for article, s in dev if numbers.index(article) % FOLDS == fold] for fold in range(FOLDS)]
    learnt = [whole.choices(part, hide=False) * OFTEN for part in parts]
    best = (-1.0, RIDGES[0], 0.5)
    for ridge in RIDGES:
        guesses: list[tuple[frozenset[str], str, float]] = []
        for fold, part in enumerate(parts):
            others = [choice for n, some in enumerate(learnt) if n != fold for choice in some]
            tried = whole.with_reranker(fit_choices([*worded, *others], whole.features, "a fold", ridge))
            guesses += [(s.claims, *first(tried, s.sentence)) for s in part]
        for least in LEASTS:
            score = f1([(wanted, got if chance >= least else "") for wanted, got, chance in guesses])
            if score > best[0]:
                best = (score, ridge, least)
    score, ridge, least = best
    print(f"{whole.mode}: F1 {score:.3f} on articles left out, ridge {ridge:g}, from {least:g} on", flush=True)
    trained_on = (
        f"{len(worded)} wordings and sentences written for this and {len(dev)} of articles, all of our own labelling"
    )
    every = [*worded, *(choice for some in learnt for choice in some)]
    return fit_choices(every, whole.features, trained_on, ridge), least


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of sentences written for this."""
    return [json.loads(line) for line in (GOLD / name).read_text("utf-8").splitlines()]


def examples(encoder: MiniLM, without: Set[str] = frozenset()) -> Examples:
    """The sentences of own_claims.jsonl as vectors, but for some."""
    own = [row for row in rows("own_claims.jsonl") if row["text"] not in without]
    texts = [row["text"] for row in own]
    says = ["" if row["claim"] == "none" else row["claim"] for row in own]
    return Examples(list(map(key_of, texts)), encoded(encoder, texts, CACHE), says, [row["beside"] for row in own])


def written(known: Sequence[ClaimText]) -> tuple[list[Labelled], list[Labelled]]:
    """The sentences written for this and what each says; those beside every fifth statement apart."""
    ids = [claim.id for claim in known]
    apart = set(ids[FOLDS - 1 :: FOLDS])
    learnt: list[Labelled] = []
    elsewhere: list[Labelled] = []
    for row in rows("paraphrases.jsonl") + rows("own_claims.jsonl"):
        labels = _labels(row["claim"], set(ids))
        part = elsewhere if apart & {row.get("beside"), *labels} else learnt
        part.append(Labelled(row["text"], labels))
    return learnt, elsewhere


def articles(texts: Path, half: str, known: Sequence[ClaimText]) -> Iterator[tuple[int, Labelled]]:
    """The sentences of articles of one half with the articles' numbers, and the claims that both annotators see."""
    ids = {claim.id for claim in known}
    split = {a["n"]: a["split"] for a in map(json.loads, (GOLD / "articles.jsonl").read_text("utf-8").splitlines())}
    said = {(r["article"], r["i"]): r["text"] for r in map(json.loads, texts.read_text("utf-8").splitlines())}
    for line in (GOLD / "agreed.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if split[row["article"]] == half:
            yield row["article"], Labelled(said[row["article"], row["i"]], _labels(row["claim"], ids))


def _labels(claim: str | list[str] | None, ids: set[str]) -> frozenset[str]:
    named = [claim] if isinstance(claim, str) else claim or []
    return frozenset(id_ for name in named for id_ in (name, f"claim {name}") if id_ in ids)


def first(matcher: Matcher, sentence: str) -> tuple[str, float]:
    """The likeliest statement and its probability."""
    weighed = matcher.weigh(sentence, 1)
    return (weighed.found[0].id, weighed.found[0].score) if weighed.found else ("", 0.0)


def f1(hits: Sequence[tuple[frozenset[str], str]]) -> float:
    """F1 of the right claim: finding a wrong one counts against precision and against recall."""
    right = sum(got in wanted for wanted, got in hits if got.startswith("claim"))
    given = sum(got.startswith("claim") for _, got in hits)
    due = sum(any(id_.startswith("claim") for id_ in wanted) for wanted, _ in hits)
    return 2 * right / (given + due) if given + due else 0.0


def told(matcher: Matcher, sentences: Sequence[Labelled], least: float) -> str:
    """The score in words, with what it is out of."""
    guesses = [(s.claims, *first(matcher, s.sentence)) for s in sentences]
    hits = [(wanted, got if chance >= least else "") for wanted, got, chance in guesses]
    right = sum(got in wanted for wanted, got in hits if got.startswith("claim"))
    given = sum(got.startswith("claim") for _, got in hits)
    due = sum(any(id_.startswith("claim") for id_ in wanted) for wanted, _ in hits)
    none = sum(not any(i.startswith("claim") for i in wanted | {got}) for wanted, got in hits)
    return (
        f"F1 {f1(hits):.3f} (right {right}, given {given}, due {due}); right claim or none "
        f"{(right + none) / len(hits):.3f} of {len(hits)}"
    )


if __name__ == "__main__":
    main()
