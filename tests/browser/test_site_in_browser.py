"""Each kind of page of the site in a real browser, opened from a folder: it fits, is readable and asks for nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from dualtrack.api import open_record
from dualtrack.publish.pages.state import state_brief
from dualtrack.publish.site import urls
from dualtrack.publish.site.pages import File, Site
from dualtrack.publish.site.write import write

pytestmark = pytest.mark.browser

RECORD = open_record("2026-11-25")
FINDINGS = [
    RECORD.ask("spending_guideline", year=2015, group="eastern_flank"),
    RECORD.ask("dialogue"),
    RECORD.ask("force_ratio", low=5, high=10),
]
PAGES = [  # brief.html has tests of its own
    "index.html",
    "record.html",
    "embed/exercises.html",
    "tables/exercises.html",
    "tables/glossary.html",
    "rows/exercises/zapad-2017.html",
    "rows/sources/tass-3div.html",
    *(f"{urls.finding(found)}.html" for found in FINDINGS),
    "DEU.html",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "site"
    write([*Site(RECORD, FINDINGS).files(), File("DEU.html", state_brief(RECORD, "DEU").html)], folder)
    return folder


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_is_readable_and_asks_for_nothing(
    watched: Callable[..., Any], site: Path, page: str, width: int
) -> None:
    made = watched(width)
    opened = made.open(site / page)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert not made.faults
    results = Axe().run(opened)  # asks for style sheets itself, so what the page asked for is looked at before
    assert results.violations_count == 0, results.generate_report()


def test_a_reader_can_walk_from_a_figure_to_its_source(watched: Callable[..., Any], site: Path) -> None:
    page = watched(1280).open(site / "record.html")
    page.get_by_role("link", name="Of the allies of the eastern flank").first.click()
    page.get_by_text("cells of the record").click()
    page.get_by_role("link", name="spending/EST.2015.nato.2025-08-28").click()
    assert page.get_by_role("heading", level=1).inner_text() == "EST.2015.nato.2025-08-28"
    page.locator("ol a.id").first.click()
    assert "Rows that rest on this source" in page.content()
