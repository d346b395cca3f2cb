"""BM25 over lists of terms: how well each text answers a query by rare words in common.

S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with the idf that is never
negative, ln(1 + (N - df + 0.5) / (df + 0.5)). The parameters are Anserini's for short texts (k1 0.9, b 0.4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from dualtrack.articles.matching.inverted import Floats, Inverted

K1 = 0.9
B = 0.4


class Bm25:
    """An index of texts, each a list of terms."""

    def __init__(self, texts: Sequence[Sequence[str]], k1: float = K1, b: float = B) -> None:
        counts = [Counter(terms) for terms in texts]
        self._number: dict[str, int] = {}
        for count in counts:
            for term in count:
                self._number.setdefault(term, len(self._number))
        sizes = np.array([len(count) for count in counts], dtype=np.int64)
        terms = np.array([self._number[term] for count in counts for term in count], dtype=np.int64)
        often = np.array([n for count in counts for n in count.values()], dtype=np.float64)
        holders = np.repeat(np.arange(len(counts)), sizes)
        lengths = np.array([len(text) for text in texts], dtype=np.float64)
        mean = lengths.mean() if lengths.sum() else 1.0
        found = np.bincount(terms, minlength=len(self._number))
        self.idf = np.log1p((len(counts) - found + 0.5) / (found + 0.5)).astype(np.float32)
        damped = often * (k1 + 1) / (often + k1 * (1 - b + b * lengths[holders] / mean)) if len(terms) else often
        weights = (self.idf[terms] * damped).astype(np.float32)
        self._index = Inverted(terms, holders, weights, len(self._number), len(counts))
        self.rarest = float(np.log1p((len(counts) + 0.5) / 0.5))  # what a term that no text has would weigh

    def scores(self, query: Sequence[str]) -> Floats:
        """The score of each text, shape ``(texts,)``; a term counts as often as the query has it."""
        known = Counter(term for term in query if term in self._number)
        terms = np.array([self._number[term] for term in known], dtype=np.int64)
        return self._index.scores(terms, np.array(list(known.values()), dtype=np.float32))

    def weight(self, term: str) -> float:
        """How rare a term is: its idf, and for one that no text has the idf of a term in no text."""
        number = self._number.get(term)
        return self.rarest if number is None else float(self.idf[number])
