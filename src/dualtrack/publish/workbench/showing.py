"""How a page is shown: its template, its links with their state, its charts drawn once a record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dualtrack.core.finding import Finding
from dualtrack.core.show import amount
from dualtrack.publish.chart import Chart
from dualtrack.publish.pages.brief import drawn_once
from dualtrack.publish.pages.template import templates
from dualtrack.publish.site import urls
from dualtrack.publish.site.links import Links
from dualtrack.publish.symbols import symbol
from dualtrack.publish.workbench.parts import Form, Link, Listing, Own
from dualtrack.publish.workbench.view import View

PRINTED = 15
"""Rows of a table that scrolls and that paper has; the style sheet leaves out those after them."""
_WORDY = 40  # letters of a cell from which a row is easier to read below one another on a phone
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")


class Showing:
    """What templates of the workbench ask for.

    Args:
        view: the record and what is asked.
        links: the links of the page.
    """

    def __init__(self, view: View, links: Links) -> None:
        self.links = links
        self.live = view.live
        self.as_of = view.record.as_of
        self.symbol = symbol
        self.to = links.to
        self.row = links.row
        self._view = view

    @property
    def asked(self) -> dict[str, str]:
        """What the query asks beside the state that every link keeps: the downloads of a chart ask the same."""
        return {name: text for name, text in self._view.query.items() if name not in self.links.state and text}

    def finding(self, found: Finding, suffix: str = ".html") -> str:
        """The link to a finding, or to one of its files."""
        return self.links.to(urls.finding(found), suffix)

    @staticmethod
    def place(found: Finding) -> str:
        """Where a finding stands whole, to be read on paper."""
        return f"{urls.finding(found)}.html"

    def link(self, link: Link) -> str:
        """Where a link leads."""
        return self.links.to(link.place, part=link.part, **link.query)

    def drawn(self, chart: Chart) -> dict[str, Any]:
        """The chart at both widths."""
        return drawn_once(self._view.record, chart)

    def kept(self, form: Form) -> list[tuple[str, str]]:
        """What else is asked and stays so when the form is sent."""
        own = {field.name for field in form.fields}
        every = {**self.links.state, **self.asked}
        return [(name, text) for name, text in every.items() if name not in own]

    def own(self, part: Own) -> str:
        """A part with a template of its own."""
        return templates().get_template(part.template).render(on=self, **part.shown)

    @staticmethod
    def is_long(listing: Listing) -> bool:
        """Whether a table scrolls in a box of its own, and is printed in part."""
        return not listing.whole and len(listing.rows) > PRINTED

    @staticmethod
    def is_wordy(listing: Listing) -> bool:
        """Whether a table's cells hold sentences: a phone shows its cells below one another."""
        return any(
            len(_text(row.get(name))) > _WORDY
            for row in listing.rows
            for name, _ in listing.columns[1:]
            if name != "row"
        )

    @staticmethod
    def is_date(cell: object) -> bool:
        """Whether a cell is a date, which is never broken over two lines."""
        return bool(_DATE.fullmatch(_text(cell)))

    @staticmethod
    def number(value: float) -> str:
        """A number of a table: grouped, years as they are told by their columns' words."""
        return amount(value)

    @staticmethod
    def is_number(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
        """Whether a column holds numbers."""
        return next((isinstance(row[name], (int, float)) for row in rows if row.get(name) is not None), False)


def _text(cell: object) -> str:
    """The words of a cell; several of them are joined."""
    match cell:
        case Link(text=text):
            return text
        case str():
            return cell
        case list() | tuple():
            return ", ".join(map(_text, cell))
    return ""
