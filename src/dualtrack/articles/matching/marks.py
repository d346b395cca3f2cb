"""What makes two sentences on one theme two claims: numbers, names, and the times they speak of."""

from __future__ import annotations

import re

from dualtrack.articles.matching.text import plain, terms

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
# "one" is left out: more often it is a pronoun
_SPELLED = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text as they are written, without separators of thousands; two to twelve also as words."""
    flat = plain(text)
    spelled = {_SPELLED[word] for word in flat.split() if word in _SPELLED}
    return frozenset(spelled | set(_NUMBER.findall(flat)))


def names(text: str) -> frozenset[str]:
    """The stems of words with a capital, which in English are mostly names; the first word of a sentence is one too."""
    return frozenset(stem for word in _WORD.findall(text) if word[0].isupper() for stem in terms(word))


def years(text: str) -> frozenset[int]:
    """The years from 1900 to 2099 that a text names."""
    return frozenset(int(year) for year in _YEAR.findall(text))


def months(text: str) -> frozenset[int]:
    """The months that a text names by their full English names, 1 to 12."""
    return frozenset(_MONTHS.index(name) + 1 for name in _MONTH.findall(text))
