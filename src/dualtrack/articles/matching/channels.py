"""Claims as they are searched, and the ways in which a sentence is compared with all of them at once.

Each way is a channel: one score per claim. By words: BM25 over all texts of a claim together, over its best text, with
the best sentence of the query, and with the author's name added. By letters: TF-IDF over runs of letters. By meaning,
where the encoder is there: cosine with the claim's best text and the mean over its texts. By example, where there are
examples besides: see ``examples``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from dualtrack.articles.matching.bm25 import Bm25
from dualtrack.articles.matching.chargrams import CharGrams
from dualtrack.articles.matching.examples import BY_EXAMPLE, Examples
from dualtrack.articles.matching.inverted import Floats
from dualtrack.articles.matching.marks import months, names, numbers, years
from dualtrack.articles.matching.minilm import MiniLM
from dualtrack.articles.matching.text import clean, plain, terms
from dualtrack.articles.matching.vectors import encoded

BY_WORDS = ("words", "words of a text", "words of a sentence", "words and author", "letters")
BY_MEANING = ("meaning", "mean meaning")
FUSED_BY_WORDS = ("words", "letters", "words and author")
FUSED = (*FUSED_BY_WORDS, "meaning", "mean meaning")


@dataclass(frozen=True)
class ClaimText:
    """A claim as it may be worded: its statement first, then its variants or title.

    Attributes:
        id: its name.
        texts: one or more wordings; empty ones are not allowed.
    """

    id: str
    texts: tuple[str, ...]

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in any wording."""
        return numbers(" ".join(self.texts))

    @cached_property
    def names(self) -> frozenset[str]:
        """The stems of capitalised words in any wording."""
        return names("\n".join(self.texts))

    @cached_property
    def years(self) -> frozenset[int]:
        """The years in any wording."""
        return years(" ".join(self.texts))

    @cached_property
    def months(self) -> frozenset[int]:
        """The months in any wording, 1 to 12."""
        return months(" ".join(self.texts))


@dataclass(frozen=True)
class Query:
    """A sentence as it is compared: see ``clean``; ``said`` is when, where that is known."""

    body: str
    author: str
    year: int
    month: int
    sentences: tuple[frozenset[str], ...]
    ordered: tuple[str, ...]
    terms: frozenset[str] = field(init=False)
    author_terms: frozenset[str] = field(init=False)
    numbers: frozenset[str] = field(init=False)
    names: frozenset[str] = field(init=False)
    pairs: frozenset[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "terms", frozenset(self.ordered))
        object.__setattr__(self, "author_terms", frozenset(terms(self.author)))
        object.__setattr__(self, "numbers", numbers(self.body))
        object.__setattr__(self, "names", names(self.body))
        object.__setattr__(self, "pairs", frozenset(pairwise(self.ordered)))


def query(sentence: str, said: str = "") -> Query:
    """A sentence cleaned and cut; ``said`` (2016 or 2016-05) counts where the sentence bears no date of its own."""
    cleaned = clean(sentence)
    when = cleaned.said or said
    return Query(
        body=cleaned.body,
        author=cleaned.author,
        year=int(when[:4]) if when else 0,
        month=int(when[5:7]) if len(when) >= 7 else 0,
        sentences=tuple(frozenset(terms(sentence)) for sentence in cleaned.sentences),
        ordered=tuple(terms(cleaned.body)),
    )


class Channels:
    """The claims, indexed for each channel.

    Attributes:
        claims: in the order of the scores.
        whole: BM25 over all texts of a claim; says how rare a term is.
        wordings: the terms of each claim's texts.
        all_terms: the terms of all texts of each claim.
        weights, wording_weights, name_weights: what the terms of each claim, of each of its texts, and its names weigh.
        lengths: how many terms the first text of each claim has.
        pairs: the pairs of neighbouring terms in each claim's texts.
    """

    def __init__(
        self,
        claims: Sequence[ClaimText],
        encoder: MiniLM | None,
        cache: Path | None = None,
        vectors: Path | None = None,
        examples: Examples | None = None,
    ) -> None:
        self.claims = tuple(claims)
        sizes = np.array([len(claim.texts) for claim in claims], dtype=np.int64)
        self._start = np.concatenate(([0], np.cumsum(sizes)[:-1])) if len(claims) else np.zeros(0, dtype=np.int64)
        self._sizes = sizes.astype(np.float32)
        texts = [text for claim in claims for text in claim.texts]
        ordered = [terms(text) for text in texts]
        parts = [ordered[start : start + size] for start, size in zip(self._start, sizes, strict=True)]
        self.wordings = [[frozenset(wording) for wording in part] for part in parts]
        self.all_terms = [frozenset[str]().union(*part) for part in self.wordings]
        self.pairs = [frozenset(pair for wording in part for pair in pairwise(wording)) for part in parts]
        self.lengths = [len(part[0]) for part in parts]
        self.whole = Bm25([[term for wording in part for term in wording] for part in parts])
        weight = self.whole.weight
        self.weights = [sum(map(weight, some)) or 1.0 for some in self.all_terms]
        self.wording_weights = [[sum(map(weight, one)) for one in part] for part in self.wordings]
        self.name_weights = [sum(map(weight, claim.names)) or 1.0 for claim in claims]
        self._texts = Bm25(ordered)
        self._letters = CharGrams([plain(" ".join(claim.texts)) for claim in claims])
        self._encoder = encoder
        self._vectors = None if encoder is None else encoded(encoder, texts, cache, vectors)
        self._ahead: dict[str, Floats] = {}
        self._examples = None if encoder is None else examples
        self._places = None if self._examples is None else self._examples.places([claim.id for claim in claims])
        self.names = (
            BY_WORDS if encoder is None else BY_WORDS + BY_MEANING + (BY_EXAMPLE if examples is not None else ())
        )
        self.fused = FUSED_BY_WORDS if encoder is None else FUSED

    def encode_ahead(self, bodies: Sequence[str]) -> None:
        """Encodes sentences that will be asked, all at once, which takes half as long; forgets those before."""
        if self._encoder is not None:
            self._ahead = dict(zip(bodies, self._encoder.encode(bodies), strict=True))

    def scores(self, asked: Query, without: str | None = None) -> dict[str, Floats]:
        """Each channel's score for each claim, shape ``(claims,)``. By words they are shares of the query's weight.

        Two channels may be one array. ``without`` is an example that is not to be compared with itself.
        """
        weight = np.float32(sum(self.whole.weight(term) for term in asked.terms) or 1.0)
        words = self.whole.scores(sorted(asked.terms)) / weight
        by_sentence = words
        if len(asked.sentences) > 1:
            by_sentence = np.max([self.whole.scores(sorted(one)) for one in asked.sentences], axis=0) / weight
        found: dict[str, Floats] = {
            "words": words,
            "words of a text": self._best(self._texts.scores(sorted(asked.terms))) / weight,
            "words of a sentence": by_sentence,
            "words and author": self.whole.scores(sorted(asked.terms | asked.author_terms)) / weight,
            "letters": self._letters.scores(plain(asked.body)),
        }
        if self._encoder is not None and self._vectors is not None:
            vector = self._ahead.get(asked.body)
            if vector is None:
                vector = self._encoder.encode([asked.body])[0]
            cosines = self._vectors @ vector
            found["meaning"] = self._best(cosines)
            found["mean meaning"] = (np.add.reduceat(cosines, self._start) / self._sizes).astype(np.float32)
            if self._examples is not None and self._places is not None:
                found |= self._examples.near(vector, self._places, found["meaning"], without)
        return found

    def _best(self, by_text: Floats) -> Floats:
        """Of scores by text the best of each claim."""
        return np.maximum.reduceat(by_text, self._start).astype(np.float32)
