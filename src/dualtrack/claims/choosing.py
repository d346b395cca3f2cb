"""Which claims a run is about: words joined by and, or, not, as pytest's -k has them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dualtrack.claims.claim import Claim
from dualtrack.core.errors import BadInput

_TOKEN = re.compile(r"\s*([()]|[^\s()]+)")


def chosen(claims: Iterable[Claim], expression: str) -> list[Claim]:
    """The claims in whose id, number, topic, speaker or statement the words stand.

    A word is looked for as part of these, whatever its case: ``nrc and not russia``, ``cp015 or cp016``.

    Raises:
        BadInput: the expression cannot be read, or chooses no claim.
    """
    claims = list(claims)
    test = _Parser(expression)
    found = [claim for claim in claims if test.holds(_words_of(claim))]
    if not found:
        raise BadInput(
            f"-k {expression!r} chooses none of {len(claims)} claims.",
            "Words are looked for in id, number, topic, speaker and statement; join them with and, or, not.",
        )
    return found


def _words_of(claim: Claim) -> str:
    speaker = claim.speaker
    return " ".join(
        [claim.id, claim.number, claim.topic, speaker.name, speaker.role, speaker.state, f"side:{speaker.side}",
         claim.said, claim.statement]
    ).casefold()  # fmt: skip


class _Parser:
    """Reads an expression once and then answers it for any text."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.tokens = _TOKEN.findall(expression)
        self.holds("")  # tells what cannot be read even where there is no claim

    def holds(self, text: str) -> bool:
        self.at = 0
        found = self._or(text)
        if self.at < len(self.tokens):
            raise self._error()
        return found

    def _next(self, *words: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] in words:
            self.at += 1
            return True
        return False

    def _or(self, text: str) -> bool:
        found = self._and(text)
        while self._next("or"):
            found = self._and(text) or found
        return found

    def _and(self, text: str) -> bool:
        found = self._not(text)
        while self._next("and"):
            found = self._not(text) and found
        return found

    def _not(self, text: str) -> bool:
        negations = 0
        while self._next("not"):
            negations += 1
        return self._word(text) != bool(negations % 2)

    def _word(self, text: str) -> bool:
        if self._next("("):
            found = self._or(text)
            if not self._next(")"):
                raise self._error()
            return found
        if self.at >= len(self.tokens) or self.tokens[self.at] in ("and", "or", ")"):
            raise self._error()
        self.at += 1
        return self.tokens[self.at - 1].casefold() in text

    def _error(self) -> BadInput:
        place = self.tokens[self.at] if self.at < len(self.tokens) else "the end"
        return BadInput(
            f"-k {self.expression!r} cannot be read at {place!r}.", "Write it like: spending and not cp015."
        )
