"""Whether a text is in English, by the share of its commonest words: enough to refuse another language plainly."""

from __future__ import annotations

import re

_COMMON = frozenset([
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on", "not", "he",
    "his", "are", "this", "at", "from", "or", "have", "an", "they", "which", "one", "you", "were", "all", "her", "she",
    "there", "would", "their", "we", "him", "been", "has", "when", "who", "will", "no", "more", "if", "out", "its",
])  # fmt: skip
"""Common words of English; other languages share some of them (*in*, *was*, *a*, *no*), never a fifth of a text."""

_WORD = re.compile(r"[^\W\d_]+")
_READ = 4_000
_SHARE = 0.16
_FEW = 12


def is_english(text: str) -> bool:
    """Whether the text is English; a text of a few words is given the benefit of the doubt if its letters are Latin.

    >>> is_english("The Alliance has agreed to strengthen its presence in the east, and to keep talking to Moscow.")
    True
    >>> is_english("Das Bündnis hat beschlossen, seine Präsenz im Osten zu verstärken und mit Moskau zu sprechen.")
    False
    """
    words = [match[0].lower() for match in _WORD.finditer(text[: _READ * 10])][:_READ]
    if not words:
        return True
    if sum(word.isascii() for word in words) < 0.8 * len(words):
        return False
    return len(words) < _FEW or sum(word in _COMMON for word in words) >= _SHARE * len(words)
