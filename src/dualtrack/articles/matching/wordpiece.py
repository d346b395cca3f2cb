"""Cuts text into the pieces of words that BERT models count in.

The uncased tokenizer of J. Devlin and others, "BERT", 2019: cleaned, small letters, accents off, split at white space,
punctuation and around Chinese characters, then each word into the longest pieces of the vocabulary from the left.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LONGEST_WORD = 100  # letters; a longer word is unknown, as in the reference


class WordPiece:
    """A tokenizer by a vocabulary: one piece a line, its number the line's; pieces inside words begin with ``##``."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._number = {piece: number for number, piece in enumerate(vocabulary)}
        self.start, self.end = self._number["[CLS]"], self._number["[SEP]"]
        self._unknown = self._number["[UNK]"]
        self._known: dict[str, tuple[int, ...]] = {}

    def numbers(self, text: str, limit: int) -> list[int]:
        """The numbers of a text's pieces between the marks of start and end, at most ``limit`` in all."""
        pieces: list[int] = []
        for word in words(text):
            if word not in self._known:
                self._known[word] = self._pieces(word)
            pieces += self._known[word]
            if len(pieces) >= limit:
                break
        return [self.start, *pieces[: limit - 2], self.end]

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        at = 0
        while at < len(word):
            for stop in range(len(word), at, -1):
                piece = word[at:stop] if at == 0 else "##" + word[at:stop]
                if piece in self._number:
                    found.append(self._number[piece])
                    at = stop
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def words(text: str) -> list[str]:
    """The words and marks of a text, small and without accents, before they are cut into pieces."""
    kept = []
    for letter in text:
        category = unicodedata.category(letter)
        if letter in "\t\n\r" or category == "Zs":
            kept.append(" ")
        elif letter in "\x00\ufffd" or category in ("Cc", "Cf", "Cn", "Co", "Cs"):
            continue
        elif _chinese(ord(letter)):
            kept.append(f" {letter} ")
        else:
            kept.append(letter)
    found: list[str] = []
    for word in "".join(kept).split():
        bare = [x for x in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(x) != "Mn"]
        run = ""
        for letter in bare:
            if _mark(letter):
                found += [run, letter] if run else [letter]
                run = ""
            else:
                run += letter
        if run:
            found.append(run)
    return found


def _mark(letter: str) -> bool:
    """Punctuation, and every other ASCII sign such as $ or +, which Unicode counts otherwise."""
    code = ord(letter)
    ascii_sign = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    return ascii_sign or unicodedata.category(letter).startswith("P")


def _chinese(code: int) -> bool:
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x2A6DF
        or 0x2A700 <= code <= 0x2CEAF
        or 0xF900 <= code <= 0xFAFF
        or 0x2F800 <= code <= 0x2FA1F
    )
