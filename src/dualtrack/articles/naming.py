"""Names of persons, institutions and governments within a phrase, without article, title and office."""

from __future__ import annotations

from collections.abc import Sequence

from dualtrack.articles.saying import (
    AUX,
    CLAUSE,
    CUT,
    NAMELESS,
    NOT_NAMES,
    OFFICES,
    PAPERS,
    PREPOSITIONS,
    SAYING,
    TIMES,
    TITLES,
)
from dualtrack.articles.states import states_in
from dualtrack.articles.tokens import Token, glued, tokens


class Naming:
    """Finds names in phrases of one sentence, told by their tokens."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.words: Sequence[Token] = tokens(sentence)

    def _word(self, at: int) -> str:
        return self.words[at].lower if 0 <= at < len(self.words) else ""

    def _name_after(self, at: int) -> str:
        """The name of the phrase that begins at a token."""
        stop = at
        while stop < len(self.words) and stop < at + 14:
            word = self.words[stop]
            if word.text in ',;:()”"“—–' or (word.text == "." and not self._abbreviation(stop)):
                break
            if stop > at and word.lower in CLAUSE | AUX | SAYING | {
                "on",
                "in",
                "at",
                "to",
                "during",
                "is",
                "was",
                "are",
                "were",
                "released",
                "published",
            }:
                break
            stop += 1
        return self._named(at, stop)

    def _abbreviation(self, at: int) -> bool:
        return at > 0 and len(self.words[at - 1].text) == 1 and glued(self.words[at - 1], self.words[at])

    def _named(self, start: int, stop: int) -> str:
        """The name within a phrase, without article, title and office; empty if none is named."""
        for at in range(start, stop):  # "a report by the network", "the minister of Norway": what stands behind
            if self.words[at].lower in ("by", "from") and any(word.lower in PAPERS for word in self.words[start:at]):
                return self._named(at + 1, stop)
        while start < stop and (self.words[start].lower in CUT or not self.words[start].is_word):
            start += 1
        while stop - start > 1 and (self.words[stop - 1].lower in PAPERS or self.words[stop - 1].text in ")”\"'"):
            stop -= 1
        if start < stop and self.words[start].lower in ("and", "but", "meanwhile", "however", "moreover", "yet"):
            return self._named(start + 1, stop)
        if start < stop and self.words[start].lower in PREPOSITIONS and self.words[start].lower not in ("of", "to"):
            skipped = self._after_phrase(start, stop)
            return self._named(skipped, stop) if skipped > start else ""
        if start >= stop:
            return ""
        for at in range(start, stop):
            if self.words[at].text == "(" or (self.words[at].lower == "in" and at > start):
                stop = at
                break
        if self.words[start].lower == "alliance" and stop - start == 1:
            return self.words[start].text
        if stop - start > 2 and self.words[stop - 1].lower == "s" and self.words[stop - 2].text in "'’":
            stop -= 2  # "the ministry's statement"
        first, last = self._capitals(start, stop)
        if first < last:
            return self._text(first, last)
        return self._nameless(start, stop)

    def _after_phrase(self, start: int, stop: int) -> int:
        """After "on Wednesday" or "in 2016": the phrase of time that stands before the subject."""
        at = start + 1
        while at < stop and (self.words[at].is_figure or self.words[at].lower in TIMES):
            at += 1
        return at if at > start + 1 else start

    def _capitals(self, start: int, stop: int) -> tuple[int, int]:
        """The last run of capitalised words that is no title and no mere demonym; small words may join them."""
        at, last_title = start, start
        for step in range(start, stop):
            if self.words[step].lower in TITLES and step + 1 < stop and self.words[step + 1].lower not in OFFICES:
                last_title = step + 1
        runs: list[tuple[int, int]] = []
        at = start
        while at < stop:
            if not self._starts_name(at, start):
                at += 1
                continue
            end = at + 1
            while end < stop and (self.words[end].is_capital or self._joins(end, stop)):
                end += 1
            while at > start and self.words[at - 1].lower in ("von", "van", "der", "de", "den", "ter", "al", "bin"):
                at -= 1
            runs.append((at, end))
            at = end
        behind = [run for run in runs if run[1] > last_title]
        for first, end in reversed(behind):
            first = max(first, last_title)
            first += first < end and self.words[first].text == "."
            if first < end and not self._only_states(first, end, stop):
                return first, end
        for first, end in reversed(runs):
            if not self._only_states(first, end, stop) and not all(
                word.lower in TITLES for word in self.words[first:end]
            ):
                return first, end
        for first, end in runs:
            if (
                end == stop
                and not self._is_adjective(first, end)
                and not all(word.lower in TITLES for word in self.words[first:end])
            ):
                return first, end  # a government: "Moscow", "the United States"
        return 0, 0

    def _is_adjective(self, first: int, end: int) -> bool:
        """Whether a run ends in a demonym that is no noun: "British", not "Russians"."""
        named = states_in(self._text(first, end))
        return bool(named) and named[-1].kind == "people" and not named[-1].text.endswith("s")

    def _starts_name(self, at: int, start: int) -> bool:
        word = self.words[at]
        return (
            word.is_word
            and word.is_capital
            and word.lower not in TIMES | NOT_NAMES
            and (at > start or word.lower not in PAPERS)
        )

    def _joins(self, at: int, stop: int) -> bool:
        word, following = self.words[at], self.words[at + 1] if at + 1 < stop else None
        if following is None:
            return word.text == "." and self._abbreviation(at)
        if word.text in ".-'’":
            return (
                glued(self.words[at - 1], word)
                and (glued(word, following) or word.text == ".")
                and not (word.text in "'’" and following.lower == "s")
            )
        return (
            word.lower in ("of", "for", "de", "von", "van", "der", "le", "la", "al", "bin", "the", "and")
            and following.is_capital
            and word.lower != "the"
        ) or (word.lower in ("of", "for") and following.lower == "the")

    def _only_states(self, first: int, end: int, stop: int) -> bool:
        """Whether a run is a state that only says whose office is meant: "Russian" in "Russian officials"."""
        text = self._text(first, end)
        named = sum(found.end - found.start for found in states_in(text))
        return named > 0 and named >= len(text) - 2 and end < stop

    def _nameless(self, start: int, stop: int) -> str:
        """ "Russian officials", "the German defence minister": nameless, but a state is named."""
        text = self._text(start, stop)
        people = [
            found
            for found in states_in(text)
            if found.kind in ("people", "names", "offices", "capitals") and found.is_labelled
        ]
        if not people or not any(word.lower in NAMELESS or word.lower in TITLES for word in self.words[start:stop]):
            return ""
        return text[people[0].start :].strip()

    def _text(self, first: int, end: int) -> str:
        return self.sentence[self.words[first].start : self.words[end - 1].end]
