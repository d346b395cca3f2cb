"""States and groups that a sentence names, as ISO 3166 alpha-3 codes and the groups' own short names.

By names, demonyms, and the capitals and offices that stand for a government. All names are rows of
`data/state_names.csv`; the rules here are the same for every row and know none of them by code.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dualtrack.articles.tokens import Token, glued, tokens, word_set

NAMES = Path(__file__).parent / "data" / "state_names.csv"
GROUPS = frozenset(("nato", "eu", "baltic"))
"""Groups that are labelled as if they were states (`docs/annotation.md`); the other lower-case codes are bodies."""


@dataclass(frozen=True, slots=True)
class StateInText:
    """A state, group or body named in a sentence: its half-open place, its words, its code, how it is named.

    ``kind`` is ``names``, ``people``, ``capitals`` or ``offices``. Codes of states are upper case (ISO 3166-1
    alpha-3; XKX for Kosovo), those of groups and bodies lower case.
    """

    start: int
    end: int
    text: str
    code: str
    kind: str

    @property
    def is_labelled(self) -> bool:
        """Whether it is a state or one of the groups that the labelling guide counts."""
        return self.code.isupper() or self.code in GROUPS


def states_in(sentence: str) -> list[StateInText]:
    """Every naming of a state, group or body in a sentence, in order, none within another.

    >>> [found.code for found in states_in("Polish troops met those of the U.S. in Warsaw; Moscow told us so.")]
    ['POL', 'USA', 'RUS']
    """
    words = tokens(sentence)
    found: list[StateInText] = []
    at = 0
    while at < len(words):
        name = _longest(words, at)
        if name is None:
            at += 1
            continue
        stop, code, kind = name
        if _counts(words, at, stop, kind, code):
            start, end = words[at].start, words[stop - 1].end
            found.append(StateInText(start, end, sentence[start:end], code, kind))
        at = stop
    return found


def codes(mentions: Iterable[StateInText]) -> list[str]:
    """The codes that the labelling guide counts, once each, in the order of their first naming."""
    return list(dict.fromkeys(mention.code for mention in mentions if mention.is_labelled))


_Names = dict[str, list[tuple[tuple[str, ...], str, str]]]


@lru_cache(maxsize=1)
def _names() -> _Names:
    """By first token: the tokens of each name, its code and kind, longest first."""
    by_first: _Names = {}
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for kind in ("names", "people", "capitals", "offices"):
                for name in filter(None, row[kind].split(";")):
                    parts = tuple(token.text for token in tokens(name))
                    spellings = {parts, tuple(part.upper() for part in parts)} if len(parts[0]) > 2 else {parts}
                    for spelling in spellings:
                        by_first.setdefault(spelling[0], []).append((spelling, row["code"], kind))
    by_first.setdefault("alliance", []).append((("alliance",), "nato", "offices"))
    by_first.setdefault("Alliance", []).append((("Alliance",), "nato", "offices"))
    for known in by_first.values():
        known.sort(key=lambda entry: -len(entry[0]))
    return by_first


def _longest(words: Sequence[Token], at: int) -> tuple[int, str, str] | None:
    for name, code, kind in _names().get(words[at].text, ()):
        stop = at + len(name)
        if stop <= len(words) and all(words[at + step].text == part for step, part in enumerate(name)):
            return stop, code, kind
    return None


# What makes the same word something else.
_COMPASS = word_set("north south latin central northern southern western eastern east west")
_OTHER_AMERICAS = frozenset(("America", "American", "Americans", "Africa", "African", "Korea", "Korean"))
_SEA = word_set(
    "sea region fleet coast coastline area ports port military operations waters rim basin littoral shore way "
    "seaboard district pipeline air seas flag approaches exercise"
)
_TONGUE = word_set("language languages speaking speaker speakers alphabet")
_US_GEORGIA = word_set("atlanta savannah augusta fort carolina alabama florida tennessee")
_PLACE_BEFORE = word_set(
    "in at near around outside inside via into through through across north south east west visit visiting visited"
)
_TO_OR_FROM = word_set("to from of off for")
# Before "in Kyiv" and the like they show that a government is meant.
_GOVERNMENT = word_set(
    "government governments authorities authority regime leadership leaders officials rulers administration "
    "policymakers politicians parliament elites"
)
# Before "to Moscow", "from Washington": what is sent between governments and not by road.
_SENT = word_set(
    "message messages signal signals warning warnings response responses reply letter call calls appeal appeals "
    "concession concessions support threat threats pressure demand demands proposal proposals answer hostile "
    "loyal ally allies friendly note ultimatum offer assurances guarantees reassurance reassurances permission "
    "approval order orders instructions aid money arms weapons assistance backing help commitment commitments "
    "loyalty opposed relevant important interest interests accused accuse accuses accusing critical independent "
    "control cooperation"
)
_OF_PLACE = word_set(
    "city capital south north east west outside region suburb suburbs district kilometers kilometres km miles "
    "streets centre center mayor battle siege university treaty port airport bishop patriarch"
)  # fmt: skip
_EVENT = word_set(
    "summit summits treaty agreement agreements talks meeting conference declaration communique communiqué "
    "process accord accords document format airport region street streets time office bureau newsroom oblast "
    "protocol group institute university embassy based born area suburb suburbs hotel metro pact forum security "
    "speech"
)
_FUNCTION = word_set(
    "and but while if when as although though because since with by for that whether can could will would may "
    "might should did does do is was has had have both against between without unlike like despite after before "
    "under meanwhile however so yet today instead to from in of at on nor or the not only even citing"
)


def _counts(words: Sequence[Token], at: int, stop: int, kind: str, code: str) -> bool:
    """Whether words that are a name mean the state here."""
    before = words[at - 1] if at else None
    after = words[stop] if stop < len(words) else None
    lower = after.lower if after else ""
    text = words[at].text
    if text.lower() == "alliance":
        return _is_the_alliance(words, at, lower)
    if text in _OTHER_AMERICAS and before and before.lower in _COMPASS:
        return False
    if (
        words[stop - 1].text == "Baltic"
        and lower in _SEA
        and not (lower == "air" and _word(words, stop + 1) == "space")
    ):
        return False
    if after and after.text == "$" and glued(words[stop - 1], after):
        return False
    if (lower == "-" and stop + 1 < len(words) and words[stop + 1].lower in _TONGUE) or lower in _TONGUE:
        return False
    if code == "GEO" and kind == "names" and _near(words, at, stop, _US_GEORGIA):
        return False
    if text in ("Jordan", "Chad", "Dominica", "Georgia", "Israel") and kind == "names":
        return not (
            before
            and before.is_capital
            and before.lower not in _FUNCTION
            and before.is_word
            and after
            and after.is_capital
        )
    if before and before.lower in ("former", "ex") and lower in ("soviet", "democratic"):
        return False
    if kind == "capitals":
        return _is_government(words, at, stop)
    return not (
        before
        and before.is_word
        and before.lower == "new"
        and before.is_capital
        and text in ("Mexico", "England", "Guinea")
    )


def _word(words: Sequence[Token], at: int) -> str:
    return words[at].lower if at < len(words) else ""


def _is_the_alliance(words: Sequence[Token], at: int, lower: str) -> bool:
    """ "the Alliance" and "the alliance" are NATO; "an alliance", "the alliance of", "the alliance between" are not."""
    before = words[at - 1].lower if at else ""
    return before in ("the", "alliance") and lower not in ("of", "between", "with", "treaty")


def _near(words: Sequence[Token], at: int, stop: int, signs: frozenset[str]) -> bool:
    return any(word.lower in signs for word in words[max(0, at - 4) : stop + 4])


def _is_government(words: Sequence[Token], at: int, stop: int) -> bool:
    """Whether a capital stands for its government: not where it is a place, an event's name, or a dateline."""
    before = words[at - 1].lower if at else ""
    after = words[stop] if stop < len(words) else None
    if words[at].text.isupper() and len(words[at].text) > 2:
        return False  # a dateline: MINSK, August 13
    if after:
        if after.is_word and (after.is_capital or after.lower in _EVENT) and after.lower != "s":
            return False
        hyphen = after.text == "-" and stop + 1 < len(words) and glued(words[stop - 1], after)
        if hyphen and words[stop + 1].lower in _EVENT | {"based", "born", "area"}:
            return False
        if after.text == "," and stop + 1 < len(words) and (words[stop + 1].is_figure or _is_state(words, stop + 1)):
            return False
        if at == 0 and after.text in "(,-–—" and stop + 1 < len(words) and not glued(words[stop - 1], after):
            return False
    if at and words[at - 1].is_word and words[at - 1].is_capital and at > 1 and before not in _FUNCTION:
        return False
    if before in ("and", "or", ",") and at >= 2:
        return _is_government_list(words, at)
    return _not_a_place(words, at)


def _is_state(words: Sequence[Token], at: int) -> bool:
    name = _longest(words, at)
    return name is not None and name[2] == "names"


def _is_government_list(words: Sequence[Token], at: int) -> bool:
    """ "between Moscow and Washington", but "agreed in Newport and Warsaw"."""
    back = at - 1
    for _ in range(4):
        if back <= 0:
            break
        if words[back - 1].is_capital or words[back - 1].text in ",/" or words[back - 1].lower in ("and", "or"):
            back -= 1
        else:
            break
    if back == at - 1 or back == 0:
        return True
    return _not_a_place(words, back)


def _not_a_place(words: Sequence[Token], at: int) -> bool:
    before = words[at - 1].lower if at else ""
    earlier = {word.lower for word in words[max(0, at - 5) : at - 1]} if at > 1 else set()
    if before in _PLACE_BEFORE:
        return before == "in" and bool(earlier & _GOVERNMENT)
    if before in _TO_OR_FROM:
        if before == "of":
            return not earlier & _OF_PLACE
        return before == "for" or bool(earlier & _SENT)
    return True
