"""Runs of words and of characters as hashed columns, for a linear model without a vocabulary."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from dualtrack.articles.linear import Array, Hashed

WIDTH = 1 << 14
"""Columns; some runs share one, which costs a linear model little (K. Weinberger and others, 2009)."""

_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*|[^\w\s]")
_WORDS = (1, 2, 3)
_CHARACTERS = (3, 4, 5)
_LONGEST = 600  # characters of a sentence that are read: no more than a long paragraph


def grams(sentence: str) -> Counter[int]:
    """How often each column occurs: runs of 1-3 words (any figure is one word) and of 3-5 characters."""
    text = sentence[:_LONGEST].lower()
    words = ["#" if word[0].isdigit() else word for word in _WORD.findall(text)]
    found: Counter[int] = Counter()
    for size in _WORDS:
        for at in range(len(words) - size + 1):
            found[_column("w " + " ".join(words[at : at + size]))] += 1
    flat = " " + re.sub(r"\d", "0", text) + " "
    for size in _CHARACTERS:
        for at in range(len(flat) - size + 1):
            found[_column("c " + flat[at : at + size])] += 1
    return found


def _column(run: str) -> int:
    return zlib.crc32(run.encode()) % WIDTH


def rarity(counts: Sequence[Counter[int]]) -> Array:
    """For each column the logarithm of all sentences over those that have it; 0 where fewer than two do."""
    held = np.zeros(WIDTH)
    for one in counts:
        held[list(one)] += 1
    return np.where(held > 1, np.log((1 + len(counts)) / np.maximum(held, 1)), 0.0)


def weighed(counts: Counter[int], rare: Array, length: float) -> Hashed:
    """The columns of a sentence by their rarity, made to one length."""
    columns = np.array(sorted(counts), dtype=np.int64)
    values = (1 + np.log(np.array([counts[int(column)] for column in columns], dtype=float))) * rare[columns]
    keep = values > 0
    columns, values = columns[keep], values[keep]
    norm = float(np.linalg.norm(values))
    return columns, values / norm * length if norm else values
