"""A sentence as words, figures and marks, each with its place: what the extractors walk over, once, left to right."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Every repetition is bounded or of one class of characters, so a line of any length takes time in proportion to it.
_TOKEN = re.compile(
    r"\d{1,3}(?:[,\u00a0\u202f]\d{3}){1,6}(?:\.\d+)?(?![\d])|\d+(?:\.\d+)?|[^\W\d_]+|[^\w\s]|_",
)


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters, a figure with its separators, or one mark; its half-open place; the text in lower case."""

    start: int
    end: int
    text: str
    lower: str

    @property
    def is_word(self) -> bool:
        """Whether it is made of letters."""
        return self.text[0].isalpha()

    @property
    def is_figure(self) -> bool:
        """Whether it is made of digits."""
        return self.text[0].isdigit()

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that begins with a capital."""
        return self.text[0].isupper()


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order; white space is left out.

    >>> [token.text for token in tokens("Russia's 12,700 troops")]
    ['Russia', "'", 's', '12,700', 'troops']
    """
    return [Token(found.start(), found.end(), found[0], found[0].lower()) for found in _TOKEN.finditer(text)]


def glued(left: Token, right: Token) -> bool:
    """Whether nothing stands between two tokens."""
    return left.end == right.start


def word_set(words: str) -> frozenset[str]:
    """The words of a list written as one string."""
    return frozenset(words.split())
