"""TF-IDF cosine over runs of three to five letters: forgives spelling, endings and words written together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dualtrack.articles.matching.inverted import Floats, Inverted

SIZES = (3, 4, 5)
_MIX = np.uint64(0x9E3779B97F4A7C15)  # an odd number near 2**64 divided by the golden ratio (Knuth, TAOCP 6.4)


def grams(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """All runs of letters inside words, spaces at both ends of a word counted, and the text each is from.

    A run is named by a 64-bit hash of its letters and its length. Two different runs of one name would be a chance of
    one in 10**7 for a million runs.
    """
    padded = [" " + "  ".join(text.split()) + " " if text.strip() else "" for text in texts]
    letters = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
    # two spaces in a row end one word and begin the next, so a run that holds both crosses words
    space = letters == ord(" ")
    ends = np.zeros(len(letters), dtype=np.int64)
    ends[1:] = np.cumsum(space[1:] & space[:-1])
    word = ends + owner * (len(letters) + 1)
    names, holders = [], []
    for size in SIZES:
        if len(letters) < size:
            continue
        count = len(letters) - size + 1
        name = np.full(count, size, dtype=np.uint64)
        for at in range(size):
            name = (name ^ letters[at : at + count]) * _MIX
            name ^= name >> np.uint64(29)
        inside = word[:count] == word[size - 1 :]
        names.append(name[inside])
        holders.append(owner[:count][inside])
    if not names:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    return np.concatenate(names), np.concatenate(holders)


class CharGrams:
    """An index of texts by the runs of letters in them; each text is a vector of length 1.

    Weights are (1 + ln tf) · (ln((1 + N) / (1 + df)) + 1).
    """

    def __init__(self, texts: Sequence[str]) -> None:
        names, holders = grams(texts)
        self._names, terms = np.unique(names, return_inverse=True)
        pairs, often = np.unique(terms.astype(np.int64) * max(len(texts), 1) + holders, return_counts=True)
        terms, holders = np.divmod(pairs, max(len(texts), 1))
        found = np.bincount(terms, minlength=len(self._names))
        self._idf = (np.log((1 + len(texts)) / (1 + found)) + 1).astype(np.float32)
        weights = (1 + np.log(often)) * self._idf[terms]
        norms = np.sqrt(np.bincount(holders, weights**2, minlength=len(texts)))
        weights = weights / norms[holders]
        self._index = Inverted(terms, holders, weights.astype(np.float32), len(self._names), len(texts))
        self._unseen = float(np.log(1 + len(texts)) + 1)

    def scores(self, query: str) -> Floats:
        """Cosine with each text, shape ``(texts,)``, 0 to 1."""
        names, often = np.unique(grams([query])[0], return_counts=True)
        place = np.minimum(np.searchsorted(self._names, names), max(len(self._names) - 1, 0))
        known = self._names[place] == names if len(self._names) else np.zeros(len(names), dtype=bool)
        damped = 1 + np.log(often)
        weights = damped * np.where(known, self._idf[place] if len(self._names) else 0, self._unseen)
        norm = float(np.sqrt((weights**2).sum())) or 1.0
        return self._index.scores(place[known].astype(np.int64), (weights[known] / norm).astype(np.float32))
