"""Cuts an article into sentences, each with its place in the text.

The cut rests on punctuation, the word before a full stop and the word after it; nothing is learnt and nothing is
looked up. Every character is looked at a bounded number of times, so a line of many megabytes takes seconds.
The cases follow the Golden Rules list of the pragmatic segmenter (Dias, 2014) where the article press needs them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Stand before a name or a number and never end a sentence.
_TITLES = _words(
    "adm amb brig capt cmdr col cpl dr fr gen gov hon lt maj messrs mr mrs ms mt pres prof pte pvt rep rev sec sen sgt "
    "st supt vs e.g i.e"
)
# Stand before a figure; without one they are words ("He said no.").
_BEFORE_FIGURES = _words("approx art arts c ca ch est fig figs no nos p par para paras pp res sec vol vols")
# May or may not end a sentence: the next word decides.
_OTHER = _words(
    "al apr assn aug bros cf co corp dec dept dist esp etc feb fri gov inc jan jr jun jul ltd mar mil mon nov oct "
    "sat sep sept sq sr sun thu thur thurs tue tues wed"
)
# Words that open a sentence and hardly ever follow an abbreviation within one.
_OPENERS = _words(
    "a according after all although an and another as asked at because before both but by despite during each earlier "
    "even finally first for from he her here his how however i if in instead it its last later many meanwhile more "
    "moreover most my no nor not now on once one only or other others our several she since so some still such that "
    "the their then there these they this those though thus to today two under until we what when where whether "
    "which while who why with yet you"
)
_CLOSERS = "\"'”’»›)]"
_MARK = re.compile(rf"[.!?…](?:[.!?…]| \.)*(?: ?[”»›]|[{re.escape(_CLOSERS)}]|\[\d{{1,4}}\])*")
_WORD_BEFORE = re.compile(r"[\w.&'’-]+$")
_NEXT_WORD = re.compile(r"[^\w\s]*\s*[^\w\s]*(\w*)")
_LIST_ITEM = re.compile(r"(?:[-*•·–—▪]|\(?\w{1,3}[.)])\s")
_SPACE = re.compile(r"\s+")
_NEAR = 40  # characters looked at on either side of a mark: longer than any abbreviation
_WRAPPED_AT_MOST = 100  # characters of a line that an editor or a mail program may have broken


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its number, its half-open place in the text (characters), its words, its paragraph's number."""

    index: int
    start: int
    end: int
    text: str
    paragraph: int


def split(text: str) -> list[Sentence]:
    """The sentences of a text in order; together they hold every character of it that is not white space.

    A headline or list item without a full stop is a sentence of its own. Two texts joined by an empty line give the
    sentences of both.

    >>> [one.text for one in split('Gen. Milley spoke in the U.S. on Monday. "We agree," he said.')]
    ['Gen. Milley spoke in the U.S. on Monday.', '"We agree," he said.']
    """
    found: list[Sentence] = []
    for paragraph, (start, end) in enumerate(_paragraphs(text)):
        for first, last in _cut(text, start, end):
            found.append(Sentence(len(found), first, last, text[first:last], paragraph))
    return found


def fingerprint(sentence: str) -> str:
    """A name for a sentence that shows nothing of it: twelve hex digits, blind to case, punctuation and spacing."""
    words = re.sub(r"\W+", " ", sentence.lower()).strip()
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()[:12]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Places of the paragraphs: a line each, but lines that were broken to a width are put together again."""
    block: list[tuple[int, int]] = []
    place = 0
    for line in [*text.splitlines(keepends=True), ""]:
        bare = line.strip()
        if bare:
            start = place + len(line) - len(line.lstrip())
            block.append((start, start + len(bare)))
        elif block:
            yield from _joined(text, block)
            block = []
        place += len(line)


def _joined(text: str, block: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Lines without an empty line between them, those of one paragraph put together."""
    longest = max(end - start for start, end in block)
    full = min((end - start for start, end in block[:-1]), default=0)
    wrapped = len(block) > 2 and longest <= _WRAPPED_AT_MOST and full >= 0.7 * longest
    first, last = block[0]
    for start, end in block[1:]:
        runs_on = text[last - 1] not in ".!?…:" + _CLOSERS and text[start].islower()
        if (wrapped or runs_on) and not _LIST_ITEM.match(text, start, end):
            last = end
        else:
            yield first, last
            first, last = start, end
    yield first, last


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Places of the sentences of one paragraph."""
    first = start
    for mark in _MARK.finditer(text, start, end):
        after = mark.end()
        if after >= end or after <= first or not _ends(text, first, mark, end):
            continue
        yield first, after
        gap = _SPACE.match(text, after, end)
        first = gap.end() if gap else after
    if first < end:
        yield first, end


def _ends(text: str, first: int, mark: re.Match[str], end: int) -> bool:
    """Whether a sentence that began at ``first`` ends with this mark."""
    after = mark.end()
    gap = _SPACE.match(text, after, end)
    if not gap:  # 3.5 and nato.int go on; "by Russia.The" lost its space
        return bool(re.search(r"[a-z]{3}$", text[max(first, mark.start() - 3) : mark.start()])) and bool(
            re.match(r"[A-Z][a-z]+\s", text[after : min(end, after + _NEAR)])
        )
    follows = _NEXT_WORD.match(text, gap.end(), min(end, gap.end() + _NEAR))
    word = follows.group(1) if follows else ""
    if word[:1].islower() or text[gap.end()] in ",;:/" or text[mark.start() - 1] == "/":
        return False  # the slashes are an agency's: "MINSK, August 13. /TASS/. Belarus has"
    if mark.group().rstrip(_CLOSERS + " [0123456789") != ".":
        return True
    before = _WORD_BEFORE.search(text, max(first, mark.start() - _NEAR), mark.start())
    token = before.group().strip("'’-.").lower() if before else ""
    initial = len(word) == 1 and follows is not None and text.startswith(".", follows.end())
    opens = word.lower() in _OPENERS and not initial
    if before and re.fullmatch(r"\d{1,3}|[a-z]", token) and not re.search(r"\w", text[first : before.start()]):
        return False  # the number or letter of a list item
    if token in _BEFORE_FIGURES and word[:1].isdigit():
        return False
    if token in _TITLES:
        return False
    if token in _OTHER or re.fullmatch(r"[^\W\d_](\.[^\W\d_])*", token):  # initials and U.S.
        return opens
    return True
