"""Finds the claims that a sentence makes or repeats.

Two modes: ``lexical`` needs nothing but numpy; ``lexical + MiniLM`` also compares meaning, if the weights of the extra
``[match]`` are installed. The mode that ran is always told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import numpy as np

from dualtrack.articles.matching.channels import BY_MEANING, BY_WORDS, Channels, ClaimText, query
from dualtrack.articles.matching.examples import Examples
from dualtrack.articles.matching.features import candidates, feature_names, features
from dualtrack.articles.matching.fusion import fuse, ranks
from dualtrack.articles.matching.minilm import INSTALL, installed
from dualtrack.articles.matching.reranker import RIDGE, Choice, Reranker, fit_choices
from dualtrack.core.errors import BadInput

Ran = Literal["lexical", "lexical + MiniLM"]
Mode = Literal["best", "lexical", "lexical + MiniLM"]
SHIPPED: dict[Ran, str] = {"lexical": "weights/lexical.json", "lexical + MiniLM": "weights/minilm.json"}


@dataclass(frozen=True)
class Match:
    """A claim found.

    Attributes:
        id: the claim's.
        score: with a re-ranker, the probability that this is the claim meant; what is missing to 1 over all claims is
            the probability that none is. Without one, a fused rank that only orders.
    """

    id: str
    score: float


@dataclass(frozen=True)
class Matches:
    """What was found for a sentence: the best claims in order, and the probability that it is none of the claims.

    ``none`` is nan where no re-ranker could say.
    """

    found: tuple[Match, ...]
    none: float


@dataclass(frozen=True)
class Labelled:
    """A sentence of which somebody said which claims it makes: ids, or none."""

    sentence: str
    claims: frozenset[str]


class Matcher:
    """Claims made ready to be found.

    Args:
        claims: with distinct ids, each with a text or more.
        mode: ``best`` takes MiniLM if its weights are installed.
        reranker: ``shipped`` weights, one of your own, or None for fused ranks alone.
        cache: a folder in which vectors of claims are kept between runs.
        vectors: a file with vectors of claims that ships with them.
        examples: sentences of which is known what they say; without MiniLM they are passed over.

    Raises:
        BadInput: two claims of one id, a claim without text, MiniLM asked for but not installed, or weights that are
            not those measured.

    Attributes:
        mode: the one that runs.
    """

    def __init__(
        self,
        claims: Sequence[ClaimText],
        mode: Mode = "best",
        reranker: Reranker | Literal["shipped"] | None = "shipped",
        cache: Path | None = None,
        vectors: Path | None = None,
        examples: Examples | None = None,
    ) -> None:
        _check(claims)
        if mode not in ("best", "lexical", "lexical + MiniLM"):
            raise BadInput(f"There is no mode {mode!r}.", "Modes are best, lexical, lexical + MiniLM.")
        encoder = None if mode == "lexical" else installed()
        if mode == "lexical + MiniLM" and encoder is None:
            raise BadInput("The weights of MiniLM are not installed.", f"{INSTALL}, or match with mode 'lexical'.")
        self.mode: Ran = "lexical" if encoder is None else "lexical + MiniLM"
        self._channels = Channels(claims, encoder, cache, vectors, examples)
        self._place = {claim.id: at for at, claim in enumerate(claims)}
        self.features = feature_names(self._channels.names)
        self.reranker = self._fitting(reranker)

    def _fitting(self, reranker: Reranker | Literal["shipped"] | None) -> Reranker | None:
        found = shipped(self.mode) if reranker == "shipped" else reranker
        if found is not None and found.names != self.features:
            raise BadInput(f"The re-ranker was not made for the mode {self.mode!r}.", "Fit one in this mode.")
        return found

    def with_reranker(self, reranker: Reranker | Literal["shipped"] | None) -> Matcher:
        """The same claims, not indexed again, with another re-ranker.

        Raises:
            BadInput: it was fitted in another mode.
        """
        other = copy(self)
        other.reranker = self._fitting(reranker)
        return other

    def match(self, sentence: str, k: int = 5, *, said: str = "") -> list[Match]:
        """The k claims that the sentence most likely makes, best first; fewer if fewer have anything in common.

        Args:
            sentence: it, or a post with its signature.
            k: how many at most.
            said: year or month of the sentence (2016-05), if the sentence bears none.
        """
        return list(self.weigh(sentence, k, said=said).found)

    def ready(self, sentences: Iterable[str]) -> None:
        """Makes ready for sentences that will be asked one by one: their meaning is encoded in one go."""
        self._channels.encode_ahead(list(dict.fromkeys(query(sentence).body for sentence in sentences)))

    def weigh(self, sentence: str, k: int = 5, *, said: str = "") -> Matches:
        """What ``match`` finds, and the probability that the sentence makes none of the claims."""
        if not self._place:
            return Matches((), 1.0)
        asked = query(sentence, said)
        scores = self._channels.scores(asked)
        if self.reranker is None:
            chosen = candidates(scores, self._channels.fused, k)
            values = fuse([ranks(scores[channel]) for channel in self._channels.fused])[chosen]
            none = float("nan")
        else:
            chosen = candidates(scores, self._channels.fused)
            values, none = self.reranker.probabilities(features(self._channels, asked, scores, chosen))
        best = np.argsort(-values, kind="stable")[:k]
        ids = [self._channels.claims[int(at)].id for at in chosen[best]]
        return Matches(tuple(Match(id_, float(value)) for id_, value in zip(ids, values[best], strict=True)), none)

    def choices(self, labelled: Iterable[Labelled], *, hide: bool = True) -> list[Choice]:
        """What a re-ranker learns from: each sentence with its candidates and which of them are right.

        With ``hide``, each sentence that has a claim is learnt from twice: as it is, and with its claims taken out of
        the collection, where *none of these* is right. So near misses teach what none looks like, even where every
        labelled sentence has a claim.

        Raises:
            BadInput: a label names a claim that there is not.
        """
        found = []
        for one in labelled:
            if unknown := one.claims - self._place.keys():
                raise BadInput(
                    f"A sentence is labelled with {min(unknown)!r}, which is none of the claims.",
                    "Correct the label or add the claim.",
                )
            right = frozenset(self._place[id_] for id_ in one.claims)
            asked = query(one.sentence)
            scores = self._channels.scores(asked, one.sentence)
            for hidden in (False, True) if right and hide else (False,):
                if hidden:
                    for values in scores.values():
                        values[list(right)] = -1.0
                chosen = candidates(scores, self._channels.fused)
                hits = () if hidden else tuple(np.flatnonzero(np.isin(chosen, list(right))).tolist())
                if hits or hidden or not right:  # a right claim out of reach teaches nothing true
                    found.append(Choice(features(self._channels, asked, scores, chosen), hits))
        return found

    def fit(
        self, labelled: Iterable[Labelled], trained_on: str, *, hide: bool = True, ridge: float = RIDGE
    ) -> Reranker:
        """A re-ranker fitted on sentences with the ids of their claims; see ``choices``.

        Raises:
            BadInput: a label names a claim that there is not, or no sentence has a claim.
        """
        return fit_choices(self.choices(labelled, hide=hide), self.features, trained_on, ridge)


def shipped(mode: Ran) -> Reranker:
    """The re-ranker that comes with the package for a mode."""
    names = feature_names(BY_WORDS if mode == "lexical" else BY_WORDS + BY_MEANING)
    name = SHIPPED[mode]
    return Reranker.from_json(files(__package__).joinpath(name).read_text("utf-8"), names, name)


def _check(claims: Sequence[ClaimText]) -> None:
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise BadInput(f"Two claims are called {claim.id!r}.", "Give each a name of its own.")
        seen.add(claim.id)
        if not claim.texts or not all(text.strip() for text in claim.texts):
            raise BadInput(f"The claim {claim.id!r} has no text, or an empty one.", "Give it a statement.")
