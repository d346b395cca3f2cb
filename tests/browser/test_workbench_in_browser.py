"""The workbench in a real browser: every page fits, is readable and asks for nothing outside; its controls answer."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from dualtrack.api import open_record
from dualtrack.publish.pages.brief import site_css
from dualtrack.publish.site.pages import File, Site, assets
from dualtrack.publish.site.write import write
from dualtrack.publish.workbench.contract import pages
from dualtrack.publish.workbench.rendered import search_json, thresholds_json
from dualtrack.publish.workbench.view import View
from serving import DAY, Served

pytestmark = pytest.mark.browser

PAGES = [
    *(f"/{place}.html" for place in pages()),
    "/search.html?q=zapad",
    "/thresholds/2015.html",
    "/embed/council.html",
    "/rows/exercises/zapad-2013.html",
    "/api/docs",
]


def rows(page: Page, part: str) -> list[list[str]]:
    """The text of a table's cells."""
    found: list[list[str]] = page.eval_on_selector_all(
        f"#{part} tbody tr", "lines => lines.map(line => [...line.cells].map(cell => cell.textContent.trim()))"
    )
    return found


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_a_page_fits_is_readable_and_asks_for_nothing_outside(
    served: Served, watched: Callable[..., Any], path: str, width: int, scheme: str
) -> None:
    made = watched(width, scheme, served.address)
    page = made.open(served.address + path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not made.faults
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_moving_a_threshold_gives_what_the_server_gives(served: Served, watched: Callable[..., Any]) -> None:
    made = watched(1280, "light", served.address)
    page = made.open(f"{served.address}/dialogue.html")
    page.wait_for_selector("form[data-module=thresholds].live")
    before = rows(page, "by-side")
    slider = page.locator("#thresholds-notify")
    slider.focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    page.select_option("#thresholds-year", "2015")
    assert page.locator("output[for=thresholds-notify]").inner_text() == "5,000"
    assert "notify=5000" in page.url and "year=2015" in page.url
    moved = {part: rows(page, part) for part in ("by-side", "caught")}
    assert moved["by-side"] != before
    plain = page.context.browser.new_page(java_script_enabled=False)
    plain.goto(page.url)
    assert {part: rows(plain, part) for part in moved} == moved
    plain.close()
    assert page.locator("#thresholds .answer").inner_text().startswith("With notification from 5,000")
    assert not made.faults


def test_a_move_of_the_slider_takes_no_time_a_reader_notices(served: Served, watched: Callable[..., Any]) -> None:
    page = watched(1280, "light", served.address).open(f"{served.address}/dialogue.html")
    page.wait_for_selector("form[data-module=thresholds].live")
    longest = page.evaluate(
        """() => Math.max(...[...Array(20).keys()].map(n => {
            const slider = document.getElementById("thresholds-notify");
            slider.value = String(1000 + 900 * n);
            const start = performance.now();
            slider.dispatchEvent(new Event("input", {bubbles: true}));
            document.getElementById("by-side").getBoundingClientRect();
            return performance.now() - start;
        }))"""
    )
    assert longest < 100


def test_forms_answer_without_a_script(served: Served, browser: Any) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{served.address}/dialogue.html")
    page.select_option("#thresholds-year", "2015")
    page.locator("form[data-module=thresholds] button").click()
    assert "year=2015" in page.url
    assert "on record in 2015" in page.locator("#thresholds .answer").inner_text()
    page.goto(f"{served.address}/search.html")
    page.fill("#results-q", "anakonda")
    page.locator("form[data-module=search] button").click()
    assert "q=anakonda" in page.url
    page.close()


def test_the_day_a_filter_and_a_switch_change_the_page_in_place(served: Served, watched: Callable[..., Any]) -> None:
    made = watched(1280, "light", served.address)
    page = made.open(f"{served.address}/claims.html")
    page.wait_for_selector("#board form.live")
    every = len(rows(page, "board"))
    page.select_option("#board-verdict", "contradicted")
    page.wait_for_function("count => document.querySelectorAll('#board tbody tr').length < count", arg=every)
    assert "verdict=contradicted" in page.url
    page.goto(f"{served.address}/deterrence.html")
    page.wait_for_selector("#ratio form.live")
    before = page.locator("#ratio .answer").inner_text()
    page.locator("#ratio input[type=checkbox]").first.uncheck()
    page.wait_for_function("text => document.querySelector('#ratio .answer').innerText !== text", arg=before)
    assert "reading=" in page.url
    page.goto(f"{served.address}/index.html")
    slider = page.locator("#day-as_of-slider")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_function("() => document.querySelector('.kicker').textContent.includes('2014')")
    assert "as_of=2014-03-31" in page.url
    assert all(
        "as_of=2014-03-31" in str(link.get_attribute("href")) for link in page.locator("nav a[href*=html]").all()
    )
    assert not made.faults


def test_the_first_key_leads_to_the_content_and_paper_has_no_controls(
    served: Served, watched: Callable[..., Any]
) -> None:
    page = watched(1280, "light", served.address).open(f"{served.address}/dialogue.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.emulate_media(media="print")
    assert not page.locator("form").first.is_visible()
    assert not page.locator("nav").first.is_visible()
    assert page.locator("h1").is_visible()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages of the static site that have something to move, on a plain web server."""
    record = open_record(DAY)
    site, target = Site(record, []), tmp_path_factory.mktemp("folder") / "site"
    files = [
        *(File(f"{place}.html", site.workbench(place, {})) for place in ("dialogue", "search")),
        *(File(f"assets/{name}", text) for name, text in assets().items()),
        File("site.css", site_css()),
        File("thresholds.json", thresholds_json(record)),
        File("search.json", search_json(View(record))),
    ]
    write(files, target)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Says nothing."""

    handler = functools.partial(Quiet, directory=str(target))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_in_a_folder_of_files_sliders_and_search_answer_too(
    served: Served, folder: str, watched: Callable[..., Any]
) -> None:
    made = watched(1280, "light", folder)
    page = made.open(f"{folder}/dialogue.html")
    page.wait_for_selector("form[data-module=thresholds].live")
    page.locator("#thresholds-notify").fill("5000")
    page.select_option("#thresholds-year", "2015")
    moved = rows(page, "by-side")
    page.goto(f"{folder}/search.html?q=zapad+2013")
    page.wait_for_selector("ol li a")
    assert page.locator("ol li a").first.get_attribute("href") == "rows/exercises/zapad-2013.html"
    assert not made.faults
    page.close()
    server = watched(1280, "light", served.address).open(f"{served.address}/dialogue.html?notify=5000&year=2015")
    assert rows(server, "by-side") == moved


def test_opened_as_files_pages_are_readable_and_quiet(watched: Callable[..., Any], tmp_path: Path) -> None:
    site = Site(open_record(DAY), [])
    files = [File("dialogue.html", site.workbench("dialogue", {})), File("site.css", site_css())]
    write([*files, *(File(f"assets/{name}", text) for name, text in assets().items())], tmp_path / "site")
    made = watched(360)
    page = made.open(tmp_path / "site" / "dialogue.html")
    assert page.locator("#thresholds .answer").is_visible()
    assert not page.locator("form[data-module=thresholds]").is_visible()
    assert not made.faults
