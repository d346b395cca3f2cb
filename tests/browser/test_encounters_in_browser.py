"""The page of encounters in a real browser: it fits, asks for nothing, the map moves, ghosts show when asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from dualtrack.api import open_record
from dualtrack.publish.encounters.page import page as drawn
from dualtrack.tracks.asked import Asked
from dualtrack.tracks.search import search
from dualtrack.tracks.store import convert

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "baltic-tracks.csv"
WIDE = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encounters")
    store = convert([EXAMPLE], folder / "store")
    (folder / "report.html").write_bytes(drawn(search(store, Asked(), open_record("2026-11-25"))))
    return folder / "report.html"


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_it_fits_and_asks_for_nothing(watched: Callable[..., Any], path: Path, width: int, scheme: str) -> None:
    made = watched(width, scheme)
    page = made.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("svg.map").is_visible()
    assert page.locator(".card svg.plot").first.is_visible()
    assert not made.faults


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_axe_finds_nothing(watched: Callable[..., Any], path: Path, width: int, scheme: str) -> None:
    page = watched(width, scheme).open(path)
    page.check("#ghosts")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def view(page: Any) -> list[float]:
    return [float(part) for part in page.get_attribute("svg.map", "viewBox").split()]


def test_the_map_moves_by_button_key_wheel_and_mouse(watched: Callable[..., Any], path: Path) -> None:
    page = watched(1280).open(path)
    home = view(page)
    page.click("#closer")
    assert view(page)[2] == pytest.approx(home[2] / 2)
    page.click("#farther")
    assert view(page) == pytest.approx(home)
    page.focus("svg.map")
    page.keyboard.press("ArrowRight")
    assert view(page)[0] == pytest.approx(home[0] + 0.2 * home[2])
    page.keyboard.press("+")
    page.keyboard.press("0")
    assert view(page) == pytest.approx(home)
    box = page.locator("svg.map").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.wheel(0, -300)
    page.wait_for_function("document.querySelector('svg.map').viewBox.baseVal.width < 900")
    page.mouse.down()
    page.mouse.move(middle[0] + 100, middle[1] + 30, steps=4)
    page.mouse.up()
    assert view(page)[0] < view(page)[2]
    page.click("#home")
    assert view(page) == pytest.approx(home)


def test_marks_keep_their_size(watched: Callable[..., Any], path: Path) -> None:
    page = watched(360).open(path)
    size = "[...document.querySelectorAll('circle.cpa')].find(c => c.checkVisibility()).getBoundingClientRect().width"
    before = page.evaluate(size)
    assert 8 < before < 16
    page.click("#closer")
    page.click("#closer")
    assert page.evaluate(size) == pytest.approx(before, abs=1)


def test_an_encounter_is_shown_on_the_map(watched: Callable[..., Any], path: Path) -> None:
    page = watched(1280).open(path)
    home = view(page)
    page.locator("a[data-w]").first.click()
    assert view(page)[2] < home[2]
    assert page.locator("g.chosen").count() == 1


def test_ghosts_show_when_asked(watched: Callable[..., Any], path: Path) -> None:
    page = watched(1280).open(path)
    rows = page.locator("tbody tr:visible")
    before = rows.count()
    page.check("#ghosts")
    assert rows.count() == before + 1


def test_without_its_script_the_map_still_stands(browser: Any, path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("svg.map").is_visible()
    assert not page.locator(".movers").is_visible()
    context.close()
