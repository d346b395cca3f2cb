"""An inverted index with weights: for each term the texts that have it, ready to be summed for a query."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


class Inverted:
    """Postings by term, one after another in two flat arrays.

    Args:
        terms: a number per occurrence of a term in a text, shape ``(n,)``; pairs must be distinct.
        texts: the text of each, shape ``(n,)``.
        weights: what the term counts in that text, shape ``(n,)``.
        n_terms: how many terms there are.
        n_texts: how many texts there are.
    """

    def __init__(self, terms: Ints, texts: Ints, weights: Floats, n_terms: int, n_texts: int) -> None:
        order = np.argsort(terms, kind="stable")
        self._texts = texts[order]
        self._weights = weights[order].astype(np.float32)
        self._start = np.searchsorted(terms[order], np.arange(n_terms + 1))
        self.n_texts = n_texts

    def scores(self, terms: Ints, weights: Floats) -> Floats:
        """The sum, over the terms of a query, of its weight times that in each text: shape ``(n_texts,)``."""
        first, last = self._start[terms], self._start[terms + 1]
        lengths = last - first
        total = int(lengths.sum())
        if total == 0:
            return np.zeros(self.n_texts, dtype=np.float32)
        # the places of all postings asked for, without a loop: each run counts up from its own start
        places = np.arange(total) + np.repeat(first - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        summed = np.bincount(
            self._texts[places], self._weights[places] * np.repeat(weights, lengths), minlength=self.n_texts
        )
        return summed.astype(np.float32)
