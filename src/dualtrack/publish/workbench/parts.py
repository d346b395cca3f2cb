"""What a page is made of: sections, and in them charts, tables, forms, key figures and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from dualtrack.core.finding import Finding
from dualtrack.publish.chart import Chart
from dualtrack.publish.pages.questions import KeyFigure
from dualtrack.publish.theme import Track


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere: to a place of the site (a path without an ending), or to an address outside it."""

    text: str
    place: str = ""
    url: str = ""
    query: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""
    finding: Finding | None = None


Cell = str | int | float | None | Link | Sequence[Link] | Sequence[str]
"""A cell of a table: a number, words, or one or more links; None is unknown."""


@dataclass(frozen=True)
class Drawing:
    """A chart, with its data and its downloads."""

    kind: ClassVar[str] = "drawing"
    chart: Chart


@dataclass(frozen=True)
class Listing:
    """A table.

    Attributes:
        title: what it shows; its heading.
        columns: name and heading of each column.
        rows: its rows; ``row`` may hold the permanent id of the record's row (``table/id``), which becomes a link.
        finding: what it is taken from.
        note: what a reader must know.
        total: how many rows there are, where not all are shown.
        heading: whether the title stands above it, or is only read out.
        whole: shown whole however long it is; other long tables scroll, and paper has their first rows.
        printed: scrolls where it is long, and is whole on paper.
    """

    kind: ClassVar[str] = "listing"
    title: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Mapping[str, Any]]
    finding: Finding | None = None
    note: str = ""
    total: int = 0
    heading: bool = True
    id: str = ""
    whole: bool = False
    printed: bool = False


@dataclass(frozen=True)
class Field:
    """A control of a form.

    ``range`` and ``date`` have ``least``, ``most`` and ``step``; ``select`` and ``checks`` have ``options``, value to
    label; ``checks`` are switches, of which several are on (``values``).
    """

    kind: Literal["select", "date", "range", "search", "checks"]
    name: str
    label: str
    value: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    values: Sequence[str] = ()
    least: str = ""
    most: str = ""
    step: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Form:
    """Controls that ask the same page something else; answered by a server, so a folder of files leaves it out.

    Attributes:
        fields: the controls.
        section: the section that answers: a script exchanges it alone, without one the page loads anew.
        submit: the words of the button.
        module: the script that can answer it without a server, so that a folder of files keeps it.
        data: what that script reads, a path of the site.
        others: what else of the query is kept.
    """

    kind: ClassVar[str] = "form"
    fields: Sequence[Field]
    section: str
    submit: str = "Show"
    module: str = ""
    data: str = ""
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """Key figures, each with its track and the finding it is taken from."""

    kind: ClassVar[str] = "figures"
    figures: Sequence[KeyFigure]


@dataclass(frozen=True)
class Words:
    """A paragraph, or a list of links under it."""

    kind: ClassVar[str] = "words"
    text: str = ""
    links: Sequence[Link] = ()
    strong: bool = False
    finding: Finding | None = None


@dataclass(frozen=True)
class Own:
    """A part with a template of its own."""

    kind: ClassVar[str] = "own"
    template: str
    shown: Mapping[str, Any]


Part = Drawing | Listing | Form | Figures | Words | Own


@dataclass(frozen=True)
class Section:
    """A part of a page with a heading; ``folded`` ones are opened by the reader."""

    id: str
    heading: str
    parts: Sequence[Part]
    track: Track | None = None
    folded: bool = False


@dataclass(frozen=True)
class Page:
    """A page: its title as a sentence, what it is about, and its sections."""

    title: str
    lead: str
    sections: Sequence[Section]

    @property
    def findings(self) -> list[Finding]:
        """What the page rests on, each once."""
        found: list[Finding] = []
        for section in self.sections:
            for part in section.parts:
                match part:
                    case Drawing(chart=chart):
                        found += chart.findings
                    case Listing(finding=finding, rows=rows):
                        found += [finding] if finding else []
                        found += [link.finding for row in rows for link in _links(row) if link.finding]
                    case Words(finding=finding):
                        found += [finding] if finding else []
                    case Figures(figures=figures):
                        found += [figure.finding for figure in figures]
        return list({finding.id: finding for finding in found}.values())

    @property
    def charts(self) -> dict[str, Chart]:
        """The charts of the page by id."""
        return {part.chart.id: part.chart for section in self.sections for part in section.parts
                if isinstance(part, Drawing)}  # fmt: skip


def _links(row: Mapping[str, Any]) -> list[Link]:
    cells = [item for cell in row.values() for item in (cell if isinstance(cell, list) else [cell])]
    return [item for item in cells if isinstance(item, Link)]


def given(*sections: Section | None) -> list[Section]:
    """The sections that have something to show."""
    return [section for section in sections if section and section.parts]
