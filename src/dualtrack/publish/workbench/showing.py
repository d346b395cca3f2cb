"""How a page is shown: its template, its links with their state, its charts drawn once a record."""

from __future__ import annotations

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
from dualtrack.publish.workbench.parts import Form, Link, Own
from dualtrack.publish.workbench.view import View


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
    def number(value: float) -> str:
        """A number of a table: grouped, years as they are told by their columns' words."""
        return amount(value)

    @staticmethod
    def is_number(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
        """Whether a column holds numbers."""
        return next((isinstance(row[name], (int, float)) for row in rows if row.get(name) is not None), False)
