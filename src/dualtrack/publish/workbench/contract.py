"""The pages there are: every module of ``workbench/pages``, in the order of the navigation."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

import dualtrack.publish.workbench.pages
from dualtrack.core.errors import NoSuchName
from dualtrack.publish.workbench.parts import Page
from dualtrack.publish.workbench.view import View

_FIRST = "overview"


@dataclass(frozen=True)
class Described:
    """A page as its module declares it; ``place`` is its path in the site."""

    name: str
    place: str
    title: str
    order: int
    charts: tuple[str, ...]
    make: Callable[[View], Page]


@lru_cache(maxsize=1)
def pages() -> dict[str, Described]:
    """All pages by their place, in the order of the navigation."""
    found = [_described(module.name) for module in pkgutil.iter_modules(dualtrack.publish.workbench.pages.__path__)]
    return {page.place: page for page in sorted(found, key=lambda page: (page.order, page.name))}


def page_of_chart(id_: str) -> Described:
    """The page that draws a chart.

    Raises:
        NoSuchName: none does.
    """
    for page in pages().values():
        if id_ in page.charts:
            return page
    raise NoSuchName("chart", id_, [chart for page in pages().values() for chart in page.charts])


def _described(name: str) -> Described:
    module = import_module(f"dualtrack.publish.workbench.pages.{name}")
    place = "index" if name == _FIRST else name.replace("_", "-")
    return Described(name, place, module.TITLE, module.ORDER, tuple(getattr(module, "CHARTS", ())), module.page)
