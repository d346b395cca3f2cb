"""What of a sentence or a post is compared: its words without addresses, handles and the line that signs it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from dualtrack.articles.matching.porter import stem
from dualtrack.articles.sentences import split

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+", re.IGNORECASE)
_SIGNED = re.compile(
    r"\s*[—–-]+\s*(?P<author>[^—–]{0,80}?)\s*\(\s*@(?P<handle>\w{1,40})\s*\)"  # — Name (@handle) May 9, 2016
    r"(?:\s*(?P<month>[A-Z][a-z]{2,8})\.? \d{1,2}, (?P<year>\d{4}|\d{2})\b\d*)?\s*(?:$|(?<=\d)\s)"
)
_TAG = re.compile(r"[#@](\w+)")
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|_")
_LOOSE = re.compile(r" ([.,;:!?])(?= |$)")
_GROUPED = re.compile(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


_STOP = _list(
    "a an and are as at be been but by for from had has have he her his i if in into is it its of on or our she so "
    "than that the their them then there these they this to was we were what when which who will with would you "
    "your"
)


@dataclass(frozen=True)
class Cleaned:
    """A text as it is compared.

    Attributes:
        body: the words, addresses and signature taken out, tags and handles split where capitals begin.
        author: who signed it, as far as the signature names one.
        said: year, or year and month (2016-05), of the signature; empty without one.
        sentences: the body cut at sentence ends; one if there is nothing to cut.
    """

    body: str
    author: str
    said: str
    sentences: tuple[str, ...]


def clean(text: str) -> Cleaned:
    """A text without what only says where it stood."""
    text = unicodedata.normalize("NFKC", text).strip()
    author = said = ""
    for signed in _SIGNED.finditer(text):  # the last to sign is the one who posts; those before are quoted
        author = f"{signed['author']} {_apart(signed['handle'])}".strip()
        said = _month(signed["month"] or "", signed["year"] or "")
    text = _SIGNED.sub("\n", text)
    text = _TAG.sub(lambda tag: f" {_apart(tag[1])} ", _ADDRESS.sub(" ", text))
    lines = [_LOOSE.sub(r"\1", " ".join(line.split())) for line in text.splitlines()]
    sentences = tuple(one.text for one in split("\n\n".join(lines)) if any(letter.isalnum() for letter in one.text))
    return Cleaned(" ".join(sentences), author, said, sentences or ("",))


def _apart(name: str) -> str:
    """DefundTheNews as Defund The News."""
    return " ".join(part for part in _JOINED.split(name) if part)


def _month(month: str, year: str) -> str:
    year = year if len(year) != 2 else f"20{year}"
    number = _MONTHS.index(month[:3].lower()) + 1 if month[:3].lower() in _MONTHS else 0
    return f"{year}-{number:02d}" if year and number else year


def plain(text: str) -> str:
    """Small letters without accents, numbers without separators of thousands, words apart by one space."""
    folded = unicodedata.normalize("NFKD", _GROUPED.sub("", text)).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(bare))


def terms(text: str) -> list[str]:
    """The stems of the words of a text, the most frequent words of English left out."""
    words = (word.partition("'")[0].partition("’")[0] for word in plain(text).split())
    return [stem(word) for word in words if word and word not in _STOP]
