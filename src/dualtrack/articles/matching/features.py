"""What a candidate and a sentence have in common, as numbers for the linear re-ranker.

Per channel: the score, the reciprocal of the rank (from 1, and from 10, which falls less steeply), and how far the
score is ahead of the next or behind the best. Then words, numbers, names and times they share or do not share.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dualtrack.articles.matching.channels import Channels, Query
from dualtrack.articles.matching.fusion import fuse, ranks
from dualtrack.articles.matching.inverted import Floats

CANDIDATES = 60
_PER_CHANNEL = ("score", "1/rank", "1/(9+rank)", "ahead")
_OF_PAIR = (
    "claim covered", "sentence covered", "best wording covered", "dice", "terms shared", "pairs shared",
    "numbers shared", "numbers missing", "numbers covered", "numbers besides",
    "names covered", "sentence's names covered", "names shared", "names missing",
    "author covered", "author weight", "claim covered with author",
    "claim weight", "sentence weight", "claim length", "rarest shared",
    "same year", "other year", "same month",
    "fused",
)  # fmt: skip


def feature_names(channels: Sequence[str]) -> tuple[str, ...]:
    """The name of each feature, in order."""
    return (*(f"{channel}: {what}" for channel in channels for what in _PER_CHANNEL), *_OF_PAIR)


def candidates(scores: Mapping[str, Floats], fused: Sequence[str], at_most: int = CANDIDATES) -> NDArray[np.int64]:
    """The places of the claims that come first when the channels named are fused, best first.

    A claim without a score above 0 in any of them is no candidate.
    """
    rankings = [ranks(scores[channel]) for channel in fused]
    total = fuse(rankings)
    order = np.argsort(-total, kind="stable")[:at_most]
    found = np.any([scores[channel][order] > 0 for channel in fused], axis=0)
    return order[found]


def features(
    channels: Channels, asked: Query, scores: Mapping[str, Floats], chosen: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The features of each candidate, shape ``(candidates, features)``."""
    columns: list[NDArray[np.float64]] = []
    rankings = {channel: ranks(scores[channel]) for channel in channels.names}
    for channel in channels.names:
        here, rank = scores[channel][chosen].astype(np.float64), rankings[channel][chosen]
        best, next_ = _two_best(scores[channel], rankings[channel])
        columns += [here, 1 / (1 + rank), 1 / (10 + rank), np.where(here >= best, here - next_, here - best)]
    total = fuse([rankings[channel] for channel in channels.fused])[chosen]
    weight = channels.whole.weight
    of_asked = _Weights(
        _sum(weight, asked.terms) or 1.0, _sum(weight, asked.names) or 1.0, _sum(weight, asked.author_terms) or 1.0
    )
    rows = [_pair(channels, asked, of_asked, int(at)) for at in chosen]
    pairs = np.array(rows, dtype=np.float64).reshape(len(chosen), len(_OF_PAIR) - 1)
    return np.column_stack([*columns, pairs, total / total.max() if len(total) else total])


def _two_best(scores: Floats, rank: NDArray[np.int64]) -> tuple[float, float]:
    """The two largest scores, 0 where there are not as many above 0."""
    top: list[float] = [*np.sort(scores[rank < 2])[::-1].tolist(), 0.0, 0.0]
    return top[0], top[1]


def _sum(weight: Callable[[str], float], some: Iterable[str]) -> float:
    return math.fsum(map(weight, some))


class _Weights(NamedTuple):
    """What the terms of a sentence, its names and its author weigh; 1 where there are none."""

    terms: float
    names: float
    author: float


def _pair(channels: Channels, asked: Query, of_asked: _Weights, at: int) -> list[float]:
    claim, terms, weight = channels.claims[at], channels.all_terms[at], channels.whole.weight
    rarest = (
        channels.whole.rarest
    )  # weights are told in this unit, so that they mean the same among few claims and many
    shared = terms & asked.terms
    claim_weight, shared_weight = channels.weights[at], _sum(weight, shared)
    wordings = zip(channels.wordings[at], channels.wording_weights[at], strict=True)
    best = max(_sum(weight, one & shared) / (total + 1) for one, total in wordings)
    by_author = asked.author_terms & terms
    numbers = claim.numbers & asked.numbers
    times = claim.years if asked.year else frozenset()
    return [
        shared_weight / claim_weight,
        shared_weight / of_asked.terms,
        best,
        2 * shared_weight / (claim_weight + of_asked.terms),
        len(shared),
        len(channels.pairs[at] & asked.pairs),
        len(numbers),
        len(claim.numbers - asked.numbers),
        len(numbers) / (len(claim.numbers) or 1),
        len(asked.numbers - claim.numbers) if claim.numbers else 0,
        _sum(weight, claim.names & asked.terms) / channels.name_weights[at],
        _sum(weight, asked.names & terms) / of_asked.names,
        len(claim.names & asked.names),
        len(claim.names - asked.terms),
        _sum(weight, by_author) / of_asked.author,
        _sum(weight, by_author) / rarest,
        _sum(weight, shared | by_author) / claim_weight,
        math.log1p(claim_weight / rarest),
        math.log1p(of_asked.terms / rarest),
        math.log1p(channels.lengths[at]),
        max((weight(term) for term in shared), default=0.0) / rarest,
        asked.year in times,
        bool(times) and asked.year not in times,
        asked.year in times and asked.month in claim.months,
    ]
