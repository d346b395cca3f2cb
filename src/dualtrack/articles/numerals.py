"""Numbers of an English sentence, in figures and in words: "12,700", "3.4 billion", "two and a half", "two dozen".

Only the value is read here; what a number counts, and whether it counts at all, is `quantities`' affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from dualtrack.articles.tokens import Token, glued

_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "bn": 10**9, "mn": 10**6, "mln": 10**6, "bln": 10**9, "tn": 10**12,
}  # fmt: skip
_GROUPS = {"dozen": 12, "score": 20}
# Parts of one, singular and plural: a half, two thirds, one-sixteenth.
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twelfth": 12, "sixteenth": 16, "twentieth": 20,
}  # fmt: skip
_LONGEST = 15  # digits of a figure that is read: what is longer counts nothing in the world
_MOST_WORDS = 12  # tokens of a number in words

FOLD = {f"{word}fold": value for word, value in _SMALL.items() if value > 1} | {
    "hundredfold": 100,
    "thousandfold": 1000,
}
"""Words that multiply: "twofold", "eightfold"."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number: the tokens from ``first`` up to ``stop`` (excluded), its value, and how it is written.

    ``form`` is ``figure``, ``word`` or ``part`` (a fraction of one); ``scale`` is the power of ten that a word such as
    "million" adds, 1 without one.
    """

    first: int
    stop: int
    value: Fraction
    form: str
    scale: int = 1


def numeral(words: Sequence[Token], at: int) -> Numeral | None:
    """The longest number that begins at a token; None if none does.

    >>> from dualtrack.articles.tokens import tokens
    >>> numeral(tokens("two and a half million people"), 0).value
    Fraction(2500000, 1)
    """
    if words[at].is_figure:
        return _figure(words, at)
    return _part(words, at) or _spelled(words, at)


def _figure(words: Sequence[Token], at: int) -> Numeral | None:
    text = words[at].text.replace(",", "").replace("\u00a0", "").replace("\u202f", "")
    if not text.isascii() or len(text) > _LONGEST:
        return None
    value, stop = Fraction(text), at + 1
    if stop < len(words) and len(text) <= 3 and text.isdigit() and _runs_on(words, at):  # 13 000
        while stop < len(words) and stop < at + 4 and _runs_on(words, stop - 1):
            value, stop = value * 1000 + int(words[stop].text), stop + 1
    scale, stop = _scale(words, stop, attached=True)
    return Numeral(at, stop, value * scale, "figure", scale)


def _runs_on(words: Sequence[Token], at: int) -> bool:
    """Whether the next token is a group of three digits after one space, as in "13 000"."""
    if at + 1 >= len(words):
        return False
    following = words[at + 1]
    return len(following.text) == 3 and following.text.isdigit() and following.start == words[at].end + 1


def _scale(words: Sequence[Token], at: int, *, attached: bool) -> tuple[int, int]:
    """The words "hundred", "thousand", "million" from a token on: their product and the token after them."""
    scale, stop = 1, at
    while stop < len(words) and stop < at + 2:
        word = words[stop].lower
        if word in _SCALES:
            scale *= _SCALES[word]
        elif word == "hundred":
            scale *= 100
        elif attached and word in ("m", "k") and glued(words[stop - 1], words[stop]) and _money_before(words, at - 1):
            scale *= 10**6 if word == "m" else 1000
        elif word in ("dozen", "score") and scale == 1:
            return _GROUPS[word], stop + 1
        else:
            break
        stop += 1
    if scale > 1 and stop < len(words) and words[stop].lower == "s":
        return 1, at
    return scale, stop


def _money_before(words: Sequence[Token], at: int) -> bool:
    return at > 0 and words[at - 1].text in "$€£¥"


def _spelled(words: Sequence[Token], at: int) -> Numeral | None:
    first = words[at].lower
    if first == "half" and at + 2 < len(words) and words[at + 1].lower == "a":  # half a million, half a dozen
        scale, stop = _scale(words, at + 2, attached=False)
        return Numeral(at, stop, Fraction(scale, 2), "word", scale) if scale > 1 else None
    if first in ("a", "an"):
        return _with_article(words, at)
    if first not in _SMALL and first not in _TENS:
        return None
    total, current, stop = Fraction(0), Fraction(0), at
    lowest = 10**15  # the next part of the number must be smaller than the last: "two thousand and sixteen"
    scale = 1
    while stop < len(words) and stop < at + _MOST_WORDS:
        step = stop
        if (
            step > at and words[step].text == "-" and step + 1 < len(words) and glued(words[step], words[step + 1])
        ) or (
            step > at and words[step].lower == "and" and step + 1 < len(words) and lowest >= 100 and current % 100 == 0
        ):
            step += 1
        word = words[step].lower
        if word in _SMALL and (step == at or _SMALL[word] > 0) and _SMALL[word] < lowest:
            current += _SMALL[word]
            lowest = 0
        elif word in _TENS and _TENS[word] < lowest:
            current += _TENS[word]
            lowest = 10
        elif word == "hundred" and step > at and 0 < current < 100:
            current, lowest = current * 100, 100
        elif word in _GROUPS and step > at and current > 0 and total == 0:
            return Numeral(at, step + 1, current * _GROUPS[word], "word")
        elif word in _SCALES and step > at and current and (not scale > 1 or _SCALES[word] < scale):
            scale = _SCALES[word]
            total, current, lowest = total + current * scale, Fraction(0), 1000
        else:
            break
        stop = step + 1
    value = total + current
    half = _and_a_half(words, stop)
    if half and value.denominator == 1:
        factor, after = _scale(words, half, attached=False)
        return Numeral(at, after, (value + Fraction(1, 2)) * factor, "word", factor)
    return Numeral(at, stop, value, "word", scale)


def _and_a_half(words: Sequence[Token], at: int) -> int:
    """The token after "and a half"; 0 if it is not there."""
    found = [word.lower for word in words[at : at + 5]]
    if found[:3] == ["and", "a", "half"]:
        return at + 3
    return at + 5 if found == ["-", "and", "-", "a", "-"] else 0


def _with_article(words: Sequence[Token], at: int) -> Numeral | None:
    """ "a hundred", "a million", "a dozen": one of them."""
    if at + 1 >= len(words):
        return None
    step = at + 1
    if words[step].lower == "half" and step + 2 < len(words) and words[step + 2].lower in ("dozen", "million"):
        word = words[step + 2].lower  # a half-dozen
        return Numeral(at, step + 3, Fraction(_GROUPS.get(word, 10**6), 2), "word")
    if words[step].lower == "score" or words[step].lower in ("bn", "mn", "mln", "bln", "tn"):
        return None
    scale, stop = _scale(words, step, attached=False)
    if scale == 1:
        return None
    value = Fraction(scale)
    if stop + 1 < len(words) and words[stop].lower == "and":  # a hundred and fifty
        rest = _spelled(words, stop + 1)
        if rest and rest.value < scale:
            value, stop = value + rest.value, rest.stop
    half = _and_a_half(words, stop)
    return Numeral(at, half or stop, value * Fraction(3, 2) if half else value, "word", scale)


def _part(words: Sequence[Token], at: int) -> Numeral | None:
    """A fraction of one: "half", "a third", "two-thirds", "one in five", "seven-in-ten", "six out of ten"."""
    word = words[at].lower
    if word == "half":
        return None if _follows(words, at + 1, "a", "an") else Numeral(at, at + 1, Fraction(1, 2), "part")
    top = 1 if word == "a" else _SMALL.get(word, 0)
    if not top:
        return None
    step = at + 1
    if step < len(words) and words[step].text == "-":
        step += 1
    if step >= len(words):
        return None
    bottom = words[step].lower
    single = bottom.removesuffix("s") if bottom not in _PARTS else bottom
    if single in _PARTS and (top == 1) == (bottom == single) and _PARTS[single] > top:
        return Numeral(at, step + 1, Fraction(top, _PARTS[single]), "part")
    return None if word == "a" else _out_of(words, at, top, step)


def _out_of(words: Sequence[Token], at: int, top: int, step: int) -> Numeral | None:
    if words[step].lower == "out" and _follows(words, step + 1, "of"):
        step += 2
    elif words[step].lower == "in":
        step += 1
        if step < len(words) and words[step].text == "-":
            step += 1
    else:
        return None
    if step >= len(words):
        return None
    bottom = _SMALL.get(words[step].lower, 0)
    if words[step].text in ("3", "4", "5", "10", "100"):
        bottom = int(words[step].text)
    if words[step].lower in _TENS:
        bottom = _TENS[words[step].lower]
    return Numeral(at, step + 1, Fraction(top, bottom), "part") if bottom > top else None


def _follows(words: Sequence[Token], at: int, *expected: str) -> bool:
    return at < len(words) and words[at].lower in expected
