"""What an adapter is, and how one is found by name: every module of this folder that has an ``ORIGIN``."""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Literal

import dualtrack.sources
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput, Fault, NoSuchName

Cells = dict[str, str]
"""A row of the record as text, by column."""


@dataclass(frozen=True)
class Origin:
    """Who made the data, how they are cited, and what may be done with them."""

    producer: str
    title: str
    citation_full: str
    url: str
    kind: Literal["official", "research"]
    terms: str
    redistribute: Literal["yes", "no", "facts-only"]


@dataclass(frozen=True)
class Ask:
    """What the person who adds a file says of it, and what the record knows that the adapter needs.

    ``accessed`` is the day the file was downloaded. ``edition`` is the day its data were published, empty where not
    said. ``states`` are the states of the record, code to name; ``gw`` their numbers in Gleditsch and Ward's list.
    """

    accessed: str
    edition: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    gw: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dated:
    """When the data of a file were published, and how that is known: the words of the record's own columns."""

    day: str
    basis: Literal["seen", "given", "inferred"]

    @property
    def known_basis(self) -> str:
        """A release is public by itself; the day somebody downloaded it only says that it was out by then."""
        return "inferred" if self.basis == "inferred" else "public event"

    @property
    def known(self) -> Cells:
        """The two columns that say since when a row is known."""
        return {"known_from": self.day, "known_basis": self.known_basis}


@dataclass
class Taken:
    """What was read of a file: the rows, and everything that was not taken over, with its reason.

    ``source`` is the row of ``sources`` the rows name. ``signs`` counts the signs for missing values met, ``outside``
    the figures of states that the record does not have, ``aside`` what is left out on purpose (regions, sheets).
    ``unknown`` are names that nobody could place: how many figures, and where the first stands. ``notes`` are
    sentences about the file as a whole.
    """

    source: Cells
    dated: Dated
    rows: list[Cells] = field(default_factory=list)
    rejected: list[Fault] = field(default_factory=list)
    signs: Counter[str] = field(default_factory=Counter)
    outside: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, Unknown] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Says something of the file, once."""
        if text not in self.notes:
            self.notes.append(text)


@dataclass
class Unknown:
    """A name that is no state's: what it may have meant, where it stands first, how many figures it has."""

    near: tuple[str, ...]
    where: str
    figures: int = 0


@dataclass(frozen=True)
class Adapter:
    """A kind of file that can be added to the record."""

    name: str
    summary: str
    about: str
    origin: Origin
    table: str
    read: Callable[[Path, Ask], Taken]


@lru_cache(maxsize=1)
def adapters() -> dict[str, Adapter]:
    """All adapters by name, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules(dualtrack.sources.__path__))
    found = {}
    for name in names:
        module = import_module(f"dualtrack.sources.{name}")
        if hasattr(module, "ORIGIN"):
            summary, _, about = (module.__doc__ or "").partition("\n")
            about = about.strip()
            found[name] = Adapter(name, summary.rstrip("."), about, module.ORIGIN, module.TABLE, module.read)
    return found


def adapter(name: str) -> Adapter:
    """The adapter of this name, or the only one whose name begins so (``sipri``).

    Raises:
        NoSuchName: there is none.
    """
    wanted = name.strip().casefold().replace("-", "_")
    begin = [known for known in adapters() if known == wanted or known.startswith(wanted + "_")]
    if len(begin) != 1:
        raise NoSuchName("adapter", name, list(adapters()))
    return adapters()[begin[0]]


def source_row(id_: str, origin: Origin, dated: Dated, accessed: str, edition: str = "") -> Cells:
    """The row of ``sources`` for a file: its terms and its citation travel along with the rows that name it."""
    said = edition or ("" if dated.basis == "inferred" else f"edition of {spell(dated.day)}")
    return {
        "id": id_,
        "publisher": origin.producer,
        "title": f"{origin.title}, {said}" if said else origin.title,
        "url": origin.url,
        "published": "" if dated.basis == "inferred" else dated.day,
        "kind": origin.kind,
        "language": "en",
        "accessed": accessed,
        "terms": f"{origin.terms} Cite as: {origin.citation_full}",
        "redistribute": origin.redistribute,
    }


def dated(ask: Ask, seen: str = "") -> Dated:
    """When the data were published: as given, else as the file says, else by the day it was downloaded."""
    if ask.edition:
        return Dated(ask.edition, "given")
    return Dated(seen, "seen") if seen else Dated(ask.accessed, "inferred")


def not_before(path: Path, when: Dated, latest: str) -> None:
    """Holds that what was published on a day does not tell of later days or years.

    Args:
        path: the file.
        when: when its data were published.
        latest: the latest day or year they tell of; empty if none.

    Raises:
        BadInput: they cannot have been published then.
    """
    shortest = min(len(latest), len(when.day))
    if latest[:shortest] > when.day[:shortest]:
        how = {"given": "as --edition says", "seen": "as the file says", "inferred": "the day the file was downloaded"}
        problem = f"The file tells of {latest}, but cannot if it was published on {when.day} ({how[when.basis]})."
        fix = "Say when it was published, or when you downloaded it: --edition DATE or --accessed DATE."
        raise refused(path, problem, fix)


def refused(path: Path, problem: str, fix: str, sheet: str = "", line: int = 0, column: str = "") -> BadInput:
    """The error for a file that cannot be used: file, sheet or line, column, what is wrong and what to do."""
    place = f"{path}:{sheet}" if sheet else f"{path}"
    place += f":{line}" if line else ""
    return BadInput(printable(f"{place}{f' [{column}]' if column else ''}: {problem}"), printable(fix))


def printable(text: str) -> str:
    """Text for a terminal: what a file names things must not steer it.

    >>> printable("Sheet\x1b[2J")
    'Sheet?[2J'
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text)
