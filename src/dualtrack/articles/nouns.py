"""The noun that a number counts, found by the shape of words alone; and words that make a number part of a name."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from dualtrack.articles.tokens import Token, glued, word_set

# Plurals that do not end in s, and words that are their own plural.
_PLURALS = word_set(
    "people troops aircraft personnel men women servicemen servicewomen airmen children staff spacecraft crew "
    "infantry forces police media data headquarters hp gdp feet military"
)
_UNITS = word_set("km kg mm cm kt mt nm m ft mph kmh mw gw kw tons")
_SINGULARS = {
    "foot": "feet", "man": "men", "woman": "women", "person": "people", "country": "countries", "party": "parties",
    "century": "centuries", "ministry": "ministries", "aircraft": "aircraft", "personnel": "personnel",
    "body": "bodies", "city": "cities", "treaty": "treaties", "battery": "batteries", "army": "armies",
    "ally": "allies", "serviceman": "servicemen", "inch": "inches", "company": "companies", "day": "days",
}  # fmt: skip
# End a noun phrase: what is counted does not stand behind them.
_STOPS = word_set(
    "from in on at to for with by are is was were be been had have has and or but that which who whose as than "
    "into near around over under after before during since until while when where if because through against "
    "between about will would can could may might should must also not then per each said says took take came "
    "come went go made respectively out off up down"
)
_NOT_PLURAL = word_set(
    "is was as this its his us has does less various previous across plus thus always perhaps others ours yours "
    "theirs besides afterwards ones the times towards overseas sometimes alas news says"
)
_FURTHEST = 7  # tokens between a number and the head of its phrase
# Capitalised words that open a sentence and are no name.
_OPENERS = word_set(
    "a about above according after all almost also although among an and another approximately around as at "
    "because before between both but by currently despite during each even every exactly finally for from further "
    "here however if in including into its just last less many more moreover nearly next no not now of on only or "
    "other our out over overall per plus roughly since so some still such than that the their then there these "
    "they this those through to today together total under until up we what when where which while will with "
    "within yesterday you monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december only some all least he she it i"
)


def counted(words: Sequence[Token], at: int, *, single: bool = False) -> str:
    """The plural noun a number counts that ends before a token; empty if none is near.

    ``single`` allows a noun in the singular, for "one brigade"; it is told in the plural all the same.

    >>> from dualtrack.articles.tokens import tokens
    >>> counted(tokens("two new motor rifle divisions in the west"), 1)
    'divisions'
    """
    if (
        at + 1 < len(words)
        and words[at].lower == "of"
        and words[at + 1].lower in ("the", "its", "their", "these", "those", "them")
    ):
        at += 2
    found = ""
    for step in range(at, min(at + _FURTHEST, len(words))):
        word = words[step]
        if not word.is_word:
            if word.text in '-“”"‘' or (word.text in "'’" and step > at and glued(words[step - 1], word)):
                continue
            named = step > at and (words[step - 1].text == "-" or words[step - 1].is_capital)
            if word.is_figure and named and not found:
                continue  # "two Su-24 jets", "three Type 45 destroyers"
            break
        if (
            word.lower in ("and", "or")
            and not (found or single)
            and step > at
            and not words[min(step + 1, len(words) - 1)].is_figure
        ):
            continue  # "12 Russian and Belarusian units"
        if word.lower in _UNITS and step == at:
            return {"m": "meters", "km": "kilometers"}.get(word.lower, word.lower)
        if word.lower in _STOPS or word.lower == "of":
            break
        if _is_designation(words, step):  # "Two F-16s"
            return f"{word.lower}-{words[step + 2].lower}s"
        if word.lower == "s" and word.start and words[step - 1].text in "'’":
            found = ""
            continue
        if _is_plural(word.lower) and not (word.text == "States" and words[step - 1].text == "United"):
            found = word.lower
            if step + 1 < len(words) and not _is_plural(words[step + 1].lower):
                break
        elif found:
            break
    if single and not found and at < len(words) and words[at].is_word and words[at].lower not in _STOPS:
        return _singular(words, at)
    return found


def _is_designation(words: Sequence[Token], at: int) -> bool:
    """Whether a type with a number and a plural s stands here: "F-16s"."""
    parts = words[at : at + 4]
    return (
        len(parts) == 4
        and parts[0].is_capital
        and parts[1].text == "-"
        and parts[2].is_figure
        and parts[3].lower == "s"
        and all(glued(left, right) for left, right in itertools.pairwise(parts))
    )


def _singular(words: Sequence[Token], at: int) -> str:
    """The noun of "one brigade": the last word before the phrase ends, made plural."""
    last = ""
    for step in range(at, min(at + 3, len(words))):
        word = words[step]
        if not word.is_word or word.lower in _STOPS or word.lower == "of":
            break
        if word.lower.endswith("ed") and step == at:
            break
        last = word.lower
    return plural_of(last) if last and last not in ("other", "others", "more", "the") else ""


def _is_plural(word: str) -> bool:
    if word in _PLURALS or word in _SINGULARS.values():
        return True
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("ss", "ous", "us", "is"))
        and word not in _NOT_PLURAL
    )


def plural_of(noun: str) -> str:
    """A noun in the plural, lower case.

    >>> plural_of("country"), plural_of("nation"), plural_of("foot")
    ('countries', 'nations', 'feet')
    """
    if noun in _SINGULARS:
        return _SINGULARS[noun]
    if _is_plural(noun) or not noun:
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def is_name_before(words: Sequence[Token], first: int, stop: int) -> bool:
    """Whether a figure belongs to the name before it: "BALTOPS 16", "Boeing 737", but not "Poland 12 battalions"."""
    if first == 0:
        return False
    before = words[first - 1]
    if not before.is_word or not before.is_capital or before.lower in _OPENERS:
        return False
    code = before.text.isupper() and len(before.text) > 4 and len(words[first].text) == 2  # "BALTOPS 16 drills"
    return code or not counted(words, stop) or before.lower in ("boeing", "airbus")
