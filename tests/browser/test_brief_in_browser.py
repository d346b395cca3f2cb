"""The brief in a real browser: nothing outside is asked for, it fits a telephone, a keyboard and a reader."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from dualtrack.api import open_record
from dualtrack.publish.pages.brief import brief

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["2016-05-31", "2026-11-25"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    record = open_record(request.param)
    target = tmp_path_factory.mktemp("brief") / "brief.html"
    since = record.as_of.replace(year=record.as_of.year - 2)
    target.write_text(brief(record, since).html, "utf-8")
    return target


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_asks_for_nothing(watched: Callable[..., Any], path: Path, width: int, scheme: str) -> None:
    made = watched(width, scheme)
    page = made.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    broad = page.locator("svg.broad").first.is_visible()
    assert broad is (width >= 760)
    assert page.locator("svg.narrow").first.is_visible() is not broad
    assert not made.faults


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(watched: Callable[..., Any], path: Path, width: int, scheme: str) -> None:
    made = watched(width, scheme)
    page = made.open(path)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_the_first_key_leads_to_the_content(watched: Callable[..., Any], path: Path) -> None:
    page = watched(1280).open(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_chart_labels_stay_inside(watched: Callable[..., Any], path: Path) -> None:
    for width in (360, 1280):
        page = watched(width).open(path)
        out = page.evaluate(
            """() => [...document.querySelectorAll('figure > svg.plot')].filter(s => s.checkVisibility()).flatMap(s => {
                const box = s.getBoundingClientRect();
                return [...s.querySelectorAll('text')].filter(t => {
                    const b = t.getBoundingClientRect();
                    return b.width && (b.left < box.left - 8 || b.right > box.right + 8);
                }).map(t => t.closest('figure').id + ': ' + t.textContent);
            })"""
        )
        assert out == []


def test_it_prints_without_the_controls(watched: Callable[..., Any], path: Path) -> None:
    page = watched(1280).open(path)
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert page.locator("h1").is_visible()
    assert page.locator("figure").first.is_visible()
