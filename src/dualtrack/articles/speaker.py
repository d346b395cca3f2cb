"""Who is given as the source of a sentence, and whether it asserts, reports or denies.

By the verbs of saying and the words around them; the person, institution or government is told as written, without
title and office. The same words get the same answer whoever speaks.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dualtrack.articles.naming import Naming
from dualtrack.articles.quotations import share_quoted
from dualtrack.articles.saying import (
    AUX,
    BE,
    CLAUSE,
    CUT,
    DENYING,
    HEADLINE_VERBS,
    INVERTED,
    MAYBE,
    NAMELESS,
    NOT_NAMES,
    NOUNS_TOO,
    OFFICES,
    PAPERS,
    PARTICIPLES,
    PLAIN,
    PREPOSITIONS,
    PRONOUNS,
    REFUSING,
    SAYING,
    SMALL,
    SURE,
    TIMES,
    TITLES,
    VIEWS,
)
from dualtrack.articles.states import states_in
from dualtrack.articles.tokens import Token, glued

ASSERTS, REPORTS, DENIES = "asserts", "reports", "denies"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose words a sentence gives: ``speaker`` as written (empty if no one is named) and ``stance``."""

    speaker: str
    stance: str


def attribution(sentence: str, begins_quoted: bool = False) -> Attribution:
    """Speaker and stance of a sentence.

    Args:
        sentence: the sentence.
        begins_quoted: whether a quotation that began earlier is open at its start.

    >>> attribution('Defence Minister Jane Roe said on Monday that the drills will go ahead.')
    Attribution(speaker='Jane Roe', stance='reports')
    """
    found = _Search(sentence).result()
    reported = found is not None or begins_quoted or _is_quotation(sentence)
    lowered = sentence.lower()
    if _denies(lowered) or (found is not None and found[1] in REFUSING):
        stance = DENIES
    else:
        stance = REPORTS if reported or "reportedly" in lowered or "allegedly" in lowered else ASSERTS
    return Attribution(found[0] if found else "", stance)


_FALSE = re.compile(
    r"\b(?:claims?|allegations?|assertions?|accusations?|notion|idea|argument|reports) [^,;]{0,120}?"
    r"\b(?:is|are|was|were) (?:simply |plainly |entirely )?(?:false|wrong|untrue|incorrect|absurd|fiction)\b"
    r"|\b(?:is|are|was|were|pose|poses|posed) (?:not a|no) threat\b"
)


def _is_quotation(sentence: str) -> bool:
    """Whether most of a sentence stands within marks, or it opens with some that do not end at once."""
    if sentence[:1] in '“"„«' and share_quoted(sentence) > 0.35:
        return True
    return share_quoted(sentence) > 0.6


def _denies(lowered: str) -> bool:
    if lowered.startswith("myth"):
        return True
    return any(cue in lowered for cue in DENYING) or bool(_FALSE.search(lowered))


class _Search(Naming):
    """Finds the verb of saying that counts and its subject."""

    def result(self) -> tuple[str, str] | None:
        """The speaker and the verb; no speaker if somebody without a name speaks; None if nobody does."""
        said = self._according()
        if said is not None:
            return said, "according"
        found: list[tuple[int, str]] = []
        for at in range(len(self.words)):
            name = self._at_verb(at)
            if name is not None:
                found.append((at, name))
                if len(found) == 3:
                    break
        if not any(name for _, name in found):
            said = self._headline()
            if said is None and not found:
                said = self._paper()
            if said is not None:
                return said, ""
            return ("", self._word(found[0][0])) if found else None
        for at in range(1, len(self.words) - 1):
            if self.words[at].text == "citing" and (cited := self._name_after(at + 1)):
                return cited, "citing"
        (first, speaker), rest = found[0], found[1:]
        if (
            rest
            and rest[0][1]
            and rest[0][0] - first <= 9
            and self._word(rest[0][0]) in PLAIN
            and not {word.lower for word in self.words[first + 1 : rest[0][0]]} & {"and", "while", "but", ",", ";"}
            and self._opens_clause(first)
        ):
            return rest[0][1], self._word(rest[0][0])  # "TASS reported that Shoigu said"
        for at, name in found:
            if name or self._opens_clause(at):
                return name, self._word(at)
        return speaker, self._word(first)

    def _opens_clause(self, at: int) -> bool:
        return "that" in (self._word(at + 1), self._word(at + 2)) or self._word(at + 1) not in (
            ",",
            ".",
            "on",
            "in",
            "after",
            "",
        )

    def _according(self) -> str | None:
        for at in range(len(self.words) - 2):
            if self.words[at].lower == "according" and self._word(at + 1) == "to":
                named = self._name_after(at + 2)
                if named or not {word.lower for word in self.words[at + 2 : at + 4]} & {"plan", "plans", "schedule"}:
                    return named
        words = [word.lower for word in self.words[:12]]
        for at in range(len(words) - 2):
            view = next((word for word in words[at + 1 : at + 8] if word in ("view", "words", "opinion")), "")
            if words[at] == "in" and view:
                stop = words.index(view, at)
                possessive = words[stop - 1] == "s" and words[stop - 2] in ("'", "’")
                return self._named(at + 1, stop - 2 * possessive)
        return None

    def _headline(self) -> str | None:
        """ "Blinken: No pullback", "(U.S. State Department): ...", "...: report", "... — Shoigu"."""
        tail = [word.text for word in self.words[-5:]]
        for dash in ("—", "–", "-"):
            if dash in tail[:-1] and self.words[-1].is_capital:
                at = len(self.words) - len(tail) + tail.index(dash)
                apart = at > 2 and not glued(self.words[at - 1], self.words[at])
                if apart and all(one.is_capital for one in self.words[at + 1 :]):
                    return self._named(at + 1, len(self.words)) or None
        if len(self.words) > 3 and self._word(0) in PAPERS and self._word(1) == ":":
            return ""
        for at, word in enumerate(self.words[:14]):
            if word.text == ":" and at:
                left = self.words[:at]
                names = [one for one in left if one.is_word and one.lower not in CUT | {"of", "for", "s"}]
                if left[0].lower in ("myth", "fact", "read", "photo", "video", "note", "update", "analysis", "opinion"):
                    return None
                short = names and all(one.is_capital for one in names) and len(names) <= 5
                if short and at + 2 < len(self.words) and (named := self._named(0, at)):
                    return named
        if len(self.words) > 3 and self._word(len(self.words) - 2) == ":" and self.words[-1].lower in PAPERS:
            return ""
        return None

    def _paper(self) -> str | None:
        """ "released by the network": whose paper is spoken of, if a verb of publishing tells."""
        for at in range(len(self.words) - 2):
            word = self.words[at].lower
            if word in ("noted", "cited", "reported", "recorded", "quoted", "alleged") and self._word(at + 1) == "by":
                return self._name_after(at + 2) or None
        for at in range(len(self.words) - 2):
            if self.words[at].lower in ("reports", "allegations", "rumours", "rumors") and self._word(at + 1) in (
                "in",
                "that",
                "by",
            ):
                return self._name_after(at + 2) if self._word(at + 1) != "that" else ""
        return None

    def _at_verb(self, at: int) -> str | None:
        """The subject of a verb of saying at a token; None if it is none."""
        word = self.words[at].lower
        if (self.words[at].is_capital and word not in HEADLINE_VERBS) or (
            self._word(at + 1) == "by" and word not in ("quoted", "cited")
        ):
            return None
        apart = self._word(at - 1) == "," and self._word(at + 1) in ("on", "in", "at", "last", "earlier", "this")
        if word in PARTICIPLES and apart and self._word(at - 2) not in ("”", '"', "'", "’"):
            return None  # "The fence, announced on Friday, will be long"
        if word == "accused" and self._word(at + 1) == "of":
            return None
        if word in ("denied", "denies") and self._word(at + 1) in ("access", "entry", "permission", "visas"):
            return None
        if word in SAYING:
            if word in NOUNS_TOO and not self._is_verb(at):
                return None
            if self._word(at - 1) in ("is", "are", "was", "were", "be", "been", "being", "to", "as", "the", "a"):
                return None if word not in ("said",) else ""
            if word == "insist" and self._word(at + 1) == "on":
                return None
        elif word in MAYBE:
            after = self._word(at + 1)
            if (word == "put" and after == "it") or (word in ("point", "points", "pointed") and after == "out"):
                return self._subject(at)
            if word == "expressed" and self._hope(at):
                return self._subject(at)
            if word in SURE:
                made = self._word(at - 1) in ("made", "it") and word == "clear"
                if "that" not in (after, self._word(at + 2)) or not (made or self._word(at - 1) in BE):
                    return None
                return self._subject(at - 1 - (self._word(at - 1) == "it")) if made or word != "clear" else None
            if word in ("quoted", "cited") and self._word(at - 1) in BE and self._says_as(at):
                return self._subject(at - 1)
            if word in ("quoted", "cited") and "as" in (one.lower for one in self.words[at + 1 : at + 18]):
                return self._name_after(at + 1)
            if self._word(at - 1) in ("is", "are", "was", "were", "be", "been", "being", "to", "by", "not", "the", "a"):
                return None
            subject = self._subject(at)
            papers = any(one.lower in PAPERS for one in self._left(at))
            if after == "that" or (papers and word not in ("called", "calls")):
                return subject
            if (
                word
                in (
                    "reject",
                    "rejects",
                    "rejected",
                    "called",
                    "calls",
                    "described",
                    "dismissed",
                    "dismisses",
                    "condemned",
                    "refuted",
                )
                and subject
            ):
                return subject
            return subject if word in VIEWS and subject and after not in ("tank", "tanks") else None
        else:
            return None
        inverted = self._inverted(at)
        return self._subject(at) if inverted is None else inverted

    def _says_as(self, at: int) -> bool:
        """Whether "as saying" follows within a phrase: "Shoigu was quoted by TASS as saying"."""
        near = [word.lower for word in self.words[at + 1 : at + 14]]
        return any(pair in (("as", "saying"), ("as", "telling")) for pair in pairwise(near))

    def _hope(self, at: int) -> bool:
        """Whether what is expressed is a view: a mere concern names no speaker."""
        near = {word.lower for word in self.words[at + 1 : at + 5]}
        return bool(near & {"hope", "confidence", "belief", "view", "opinion", "conviction", "readiness", "certainty"})

    def _is_verb(self, at: int) -> bool:
        """Whether a word that may be a noun is a verb here: "Russia claims that", not "the claims of"."""
        before, after = self._word(at - 1), self._word(at + 1)
        if self._word(at) in ("state", "states"):
            return after == "that" and before not in ("the", "these", "of", "member")
        if after == "that" or after in (":", "“", '"'):
            return before not in ("the", "these", "such", "of", "by", "no")
        if before in AUX or before in ("who", "which", "he", "she", "it", "they"):
            return True
        capital = at > 0 and self.words[at - 1].is_word and self.words[at - 1].is_capital
        if capital and after == "." and self._word(at) in ("estimates", "claims", "reports", "warns"):
            return True
        return capital and after not in (
            "of",
            "by",
            "from",
            "and",
            "are",
            "were",
            "in",
            "on",
            ",",
            ".",
            "have",
            "to",
            "",
            "parties",
            "said",
            "press",
        )

    def _inverted(self, at: int) -> str | None:
        """'..., said Jane Roe, the minister': the name after a verb; None if the subject stands before it."""
        if at == 0 or at + 1 >= len(self.words) or self._word(at) not in INVERTED:
            return None
        before, after = self.words[at - 1], self.words[at + 1]
        quoted = before.text in "”\"’'»" or (before.text == "," and at > 1 and self.words[at - 2].text in "”\"’'»")
        if not (quoted or before.text == ","):
            return None
        if quoted and after.lower in PRONOUNS and after.lower != "that":
            return ""
        if not after.is_word or after.lower in TIMES or not (after.is_capital or after.lower in ("the", "a", "an")):
            return None
        if not quoted and (self._word(at) == "told" or not self._is_name_to_the_end(at + 1)):
            return None
        return self._name_after(at + 1)

    def _is_name_to_the_end(self, at: int) -> bool:
        """Whether a name and an office run up to the next comma or the end, with no verb among them."""
        for word in self.words[at : at + 14]:
            if word.text in ",;—–" or word is self.words[-1]:
                return True
            if not (word.is_capital or word.lower in TITLES | NAMELESS | OFFICES | CUT | SMALL or word.text in ".-’'"):
                return False
        return False

    # Names

    def _left(self, at: int) -> Sequence[Token]:
        """The clause before a verb, back to where it opens, at most forty tokens."""
        return self.words[self._clause_start(at) : at]

    def _clause_start(self, at: int) -> int:
        start = at
        while start > 0 and at - start < 40:
            word = self.words[start - 1]
            if (word.text in ';:”"“»«()' and not (False)) or word.lower in (
                "that",
                "while",
                "whereas",
                "although",
                "because",
                "but",
            ):
                if word.text == ")" or word.text == "(":
                    start -= 1
                    continue
                break
            start -= 1
        return start

    def _subject(self, at: int) -> str:
        """The name of the subject of a verb; empty if it is a pronoun or nameless."""
        start, end = self._clause_start(at), at
        while end > start and (
            self.words[end - 1].lower in AUX
            or (self.words[end - 1].lower.endswith("ly") and not self.words[end - 1].is_capital)
        ):
            end -= 1
        if end == start:
            return ""
        if self.words[end - 1].lower in ("and", "but", "or"):
            return self._first_subject(start, end - 1)
        if self.words[end - 1].lower in PRONOUNS:
            if self.words[end - 1].lower not in ("who", "which"):
                return ""
            end -= 1
        if self.words[end - 1].text == ")":  # the abbreviation of a name
            opened = next((at for at in range(end - 1, start, -1) if self.words[at].text == "("), end)
            end = opened
        if self.words[end - 1].text in ",—–-)":
            return self._before_apposition(start, end - 1)
        named = self._named(self._segment_start(start, end), end)
        opens = self.words[self._segment_start(start, end)].lower in PREPOSITIONS
        if named or not opens or not self._starts_name(end - 1, start - 1):
            return named
        first = end - 1  # "In his speech Jane Roe said"
        while first > start and self.words[first - 1].is_capital and self.words[first - 1].lower not in TIMES:
            first -= 1
        return self._named(first, end)

    def _first_subject(self, start: int, end: int) -> str:
        """The subject of an earlier verb that a second one shares: "NATO members have tried and underlined"."""
        start = max((at + 1 for at in range(start, end) if self.words[at].text == ","), default=start)
        stop = next((at for at in range(start + 1, end) if self.words[at].lower in AUX | SAYING | MAYBE), start)
        return self._named(start, stop)

    def _segment_start(self, start: int, end: int) -> int:
        """Where the last phrase before a verb begins: after a comma or the word that opens a clause."""
        for at in range(end - 1, start - 1, -1):
            word = self.words[at]
            if word.text == "," or (word.lower in CLAUSE and word.lower != "and") or word.text in "—–":
                return self._after_opening(at + 1, end)
        return self._after_opening(start, end)

    def _after_opening(self, start: int, end: int) -> int:
        """After "During a meeting of the council" where the subject begins with an article of its own."""
        if start < end and self.words[start].lower in PREPOSITIONS:
            for at in range(end - 1, start + 1, -1):
                if self.words[at].lower in ("the", "a", "an"):
                    return at if self.words[at - 1].lower not in PREPOSITIONS | {"and", "or"} else start
        return start

    def _before_apposition(self, start: int, end: int) -> str:
        """ "Jane Roe, chief of the staff, aide to the minister": the first phrase that names somebody."""
        bounds = [
            start,
            *[at + 1 for at in range(start, end) if self.words[at].text in ",—–" and not self._within_name(at)],
            end + 1,
        ]
        for left, right in itertools.pairwise(bounds):
            if self._is_pure(left, right - 1):
                return self._text(left, right - 1)
        for left, right in itertools.pairwise(bounds):
            right -= 1
            if right <= left or self.words[left].lower in PREPOSITIONS | {"released", "published", "as"}:
                continue
            name = self._named(left, right)
            if name:
                return name
            if any(word.lower in PAPERS for word in self.words[left:right]):
                for at in range(right, end - 1):
                    if self.words[at].lower in ("by", "from"):
                        return self._name_after(at + 1)
        for left in bounds[:-1]:  # "Currently, Russia is building up, accusing others"
            if left < end and self._starts_name(left, left - 1) and not self.words[left].lower.endswith("ly"):
                stop = next((at for at in range(left, end) if not self.words[at].is_capital), end)
                return self._text(left, stop)
        return ""

    def _is_pure(self, left: int, right: int) -> bool:
        """Whether a phrase is a person's name and nothing else."""
        phrase = self.words[left:right]
        return (
            2 <= len(phrase) <= 4
            and all(word.is_capital and word.lower not in TITLES | TIMES | NOT_NAMES for word in phrase)
            and not states_in(self._text(left, right))
        )

    def _within_name(self, at: int) -> bool:
        return (
            self.words[at].text in "–-" and 0 < at < len(self.words) - 1 and glued(self.words[at - 1], self.words[at])
        )
