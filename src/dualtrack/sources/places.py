"""Names of states as publishers write them, to the record's codes (``places.csv`` lists the other names by hand)."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources

from dualtrack.sources.contract import Taken, Unknown

# Marks that publishers put behind a name: stars, daggers, section signs, digits raised or in brackets.
_MARKS = re.compile(r"(?:[\s*†‡§¶‖#^]|\([a-z0-9]\)|[¹²³⁰⁴-⁹]|(?<=[a-z.)])\d{1,2})+$", re.IGNORECASE)
_LONGEST = 80


def plain(name: str) -> str:
    """A name without what differs from one table to the next: case, accents, marks for footnotes.

    >>> plain("Czechia*"), plain(" TÜRKIYE (1)"), plain("Bosnia & Herzegovina"), plain("Côte d’Ivoire")
    ('czechia', 'turkiye', 'bosnia and herzegovina', "cote d'ivoire")
    """
    text = " ".join(name[:_LONGEST].split())
    text = _MARKS.sub("", text)
    text = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ʼ", "'").replace("&", "and"))
    return "".join(c for c in text if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=1)
def _listed() -> dict[str, tuple[str, str]]:
    """By plain name: the name as listed, and its place: a state's code, or why it is none."""
    text = resources.files("dualtrack.sources").joinpath("places.csv").read_text("utf-8")
    return {plain(row["name"]): (row["name"], row["place"]) for row in csv.DictReader(text.splitlines())}


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """The codes of all listed states, in the record or not."""
    return frozenset(place for _, place in _listed().values() if place.isupper())


class Places:
    """Finds the state of a name, and keeps count in what was taken of the names it is not to use.

    Args:
        states: the states of the record, code to name.
    """

    def __init__(self, states: Mapping[str, str]) -> None:
        self._states = states
        self._known = {plain(name): code for code, name in states.items()}

    def code(self, name: str) -> str | None:
        """The code of a name, None where it is no state of the record."""
        text = plain(name)
        code = self._known.get(text) or self._listed_code(text)
        return code if code in self._states else None

    def _listed_code(self, text: str) -> str:
        place = _listed().get(text, ("", ""))[1]
        return place if place.isupper() else ""

    def leave(self, taken: Taken, name: str, figures: int, where: str) -> None:
        """Counts the figures of a name that is no state of the record: outside it, set aside, or not known."""
        listed = _listed().get(plain(name))
        shown = " ".join(name[:_LONGEST].split())
        if listed and listed[1].isupper():
            taken.outside[listed[0]] += figures
        elif listed:
            taken.aside[f"{listed[0]} ({listed[1]})"] += figures
        else:
            taken.unknown.setdefault(shown, Unknown(self.near(shown), where)).figures += figures

    def near(self, name: str) -> tuple[str, ...]:
        """The names that are spelt most alike, at most two."""
        names = {plain(n): n for n in self._states.values()}
        names |= {text: listed for text, (listed, place) in _listed().items() if place in self._states}
        return tuple(names[found] for found in get_close_matches(plain(name), list(names), n=2, cutoff=0.7))
