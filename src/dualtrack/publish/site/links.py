"""Links from one page to another: relative, so that a folder works as a server does, and with the state they keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from dualtrack.publish.site import urls


@dataclass(frozen=True)
class Links:
    """The links of one page.

    Attributes:
        path: where the page is, without its ending.
        state: what every link keeps as a query, such as the day asked about; empty in a folder of files.

    >>> Links("rows/states/EST", {"as_of": "2016-05-09"}).to("tables/states")
    '../../tables/states.html?as_of=2016-05-09'
    """

    path: str
    state: Mapping[str, str] = field(default_factory=dict)

    @property
    def top(self) -> str:
        """The way to the top of the site."""
        return urls.up(self.path)

    def to(self, place: str, suffix: str = ".html", part: str = "", **query: Any) -> str:
        """The link to a place of the site.

        Args:
            place: its path without an ending.
            suffix: the ending.
            part: the id of an element on the page.
            query: what else is asked there; what is None or empty is left out, and wins over the state.
        """
        asked = {**self.state, **{name: str(value) for name, value in query.items() if value not in (None, "")}}
        fragment = f"#{part}" if part else ""
        return f"{self.top}{place}{suffix}{'?' + urlencode(asked) if asked else ''}{fragment}"

    def row(self, reference: str) -> str:
        """The link to the page of a row, from its permanent id ``table/id``."""
        return self.to(urls.row(*reference.split("/", 1)))
