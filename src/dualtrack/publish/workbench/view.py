"""What a page is made from: the record as known on a day, what the query asks, and where its links lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dualtrack.analyses.names import names
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.publish.choices.told import Told
from dualtrack.publish.pages.questions import Questions
from dualtrack.publish.questions import asked_once
from dualtrack.publish.site import urls
from dualtrack.publish.workbench.parts import Link
from dualtrack.record.store import Record


@dataclass(frozen=True)
class Offered:
    """Runs of the model that readers can start.

    Attributes:
        told: what one says, by its id; raises NoSuchName where there is none that has ended.
        least, most: worlds of one.
    """

    told: Callable[[str], Told]
    least: int
    most: int


class View:
    """One reader's view of the record.

    Args:
        record: the record as known on a day.
        query: what was asked, by name; names that a page does not know are not looked at.
        live: whether a server answers forms; a folder of files shows each page as it is unasked.
        runs: the reader's own runs of the model; None where none can be started.
    """

    def __init__(
        self,
        record: Record,
        query: Mapping[str, str] | None = None,
        live: bool = False,
        runs: Offered | None = None,
    ) -> None:
        self.record = record
        self.query = query or {}
        self.live = live
        self.runs = runs

    @cached_property
    def questions(self) -> Questions:
        """The questions of the brief, each asked once a record."""
        return self.record.once("questions", lambda: Questions(self.record))

    def ask(self, name: str, /, **parameters: Any) -> Finding | None:
        """The finding, asked once a record; None where the record cannot answer yet."""
        return asked_once(
            self.record, name, {key: value for key, value in parameters.items() if value not in (None, "")}
        )

    def choice(self, name: str, options: Mapping[str, str] | Sequence[str], default: str = "") -> str:
        """What the query asks by this name, one of the options.

        Raises:
            NoSuchName: it is none of them.
        """
        asked = self.query.get(name, "").strip()
        if not asked:
            return default
        if asked not in options:
            raise NoSuchName(name, asked, [option for option in options if option])
        return asked

    def several(self, name: str, options: Mapping[str, str]) -> list[str]:
        """The options the query names, joined by commas, in their order; all unless it names any.

        Raises:
            NoSuchName: one of them is none.
        """
        asked = [word for word in self.query.get(name, "").split(",") if word]
        for word in asked:
            if word not in options:
                raise NoSuchName(name, word, list(options))
        return [option for option in options if option in asked] or list(options)

    def number(self, name: str, least: int, most: int, default: int) -> int:
        """A whole number that the query asks.

        Raises:
            BadInput: it is none, or outside the bounds.
        """
        asked = self.query.get(name, "").strip()
        if not asked:
            return default
        if not (asked.isascii() and asked.isdigit() and least <= int(asked[:9]) <= most):
            raise BadInput(f"{name}={asked[:40]} cannot be used.", f"Give a whole number from {least:,} to {most:,}.")
        return int(asked)

    def text(self, name: str, longest: int = 200) -> str:
        """Words that the query asks for.

        Raises:
            BadInput: there are too many.
        """
        asked = " ".join(self.query.get(name, "").split())
        if len(asked) > longest:
            raise BadInput(f"{name} is longer than {longest} letters.", "Ask for fewer words.")
        return asked

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of states by code."""
        return self.record.once("names of states", lambda: names(self.record))

    def named(self, codes: Sequence[str] | str | None) -> str:
        """States by name, joined by commas; bodies that are no states keep their own."""
        some = [codes] if isinstance(codes, str) else codes or []
        return ", ".join(self.names.get(code, code) for code in some)

    def listed(self, codes: Sequence[str] | None) -> str:
        """States by name and in the order of their names, where their own order says nothing."""
        return ", ".join(sorted(self.names.get(code, code) for code in codes or []))

    @staticmethod
    def row(reference: str, text: str = "") -> Link:
        """A link to the page of a row (``table/id``)."""
        table, _, id_ = reference.partition("/")
        return Link(text or id_, urls.row(table, id_))

    @staticmethod
    def finding(found: Finding, text: str = "") -> Link:
        """A link to the page of a finding."""
        return Link(text or found.headline, urls.finding(found), finding=found)
