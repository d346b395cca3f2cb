"""What sentences of articles are held against: claims, recommendations and arguments, in one collection."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from dualtrack.articles.argument import Argument, arguments
from dualtrack.articles.matching.channels import BY_MEANING, BY_WORDS, ClaimText
from dualtrack.articles.matching.examples import BY_EXAMPLE, Examples
from dualtrack.articles.matching.features import feature_names
from dualtrack.articles.matching.matcher import Matcher, Mode, Ran
from dualtrack.articles.matching.reranker import Reranker
from dualtrack.articles.recommendation import Recommendation, recommendations
from dualtrack.claims.claim import Claim

DATA = Path(__file__).parent / "data"

Statement = Claim | Recommendation | Argument

WEIGHTS: dict[Ran, str] = {"lexical": "statements_lexical.json", "lexical + MiniLM": "statements_minilm.json"}
"""Files of the re-rankers fitted on statements of our own and sentences of our own labelling, by mode."""


def statements(claims: Sequence[Claim]) -> dict[str, Statement]:
    """Every statement by its kind and id: ``claim five-to-ten``."""
    return {
        **{f"claim {c.id}": c for c in claims},
        **{f"recommendation {r.id}": r for r in recommendations()},
        **{f"argument {a.id}": a for a in arguments()},
    }


def matchable(known: Mapping[str, Statement]) -> list[ClaimText]:
    """The statements as texts to be found by."""
    return [ClaimText(id_, (found.statement, *found.variants)) for id_, found in known.items()]


VECTORS = "statements_vectors.npz"
"""Vectors of the wordings of our statements, so that at the start only the article's sentences are encoded."""

EXAMPLES = "statements_examples.npz"
"""Vectors of the sentences of benchmarks/gold/own_claims.jsonl, and which statement each says or just misses."""

LEAST = "statements_least.json"
"""From which probability on a statement is taken to be meant, by mode."""


def least(mode: str) -> float:
    """The least probability at which a statement is taken to be meant: chosen by cross-validation on articles."""
    found: float = json.loads((DATA / LEAST).read_text("utf-8"))[mode]
    return found


def matcher(known: Mapping[str, Statement], mode: Mode = "best") -> Matcher:
    """A matcher over the statements with the weights fitted for them.

    Raises:
        BadInput: MiniLM is asked for and not installed.
    """
    found = Matcher(matchable(known), mode, None, vectors=DATA / VECTORS, examples=Examples.read(DATA / EXAMPLES))
    names = feature_names(BY_WORDS if found.mode == "lexical" else BY_WORDS + BY_MEANING + BY_EXAMPLE)
    path = DATA / WEIGHTS[found.mode]
    return found.with_reranker(Reranker.from_json(path.read_text("utf-8"), names, path.name))
