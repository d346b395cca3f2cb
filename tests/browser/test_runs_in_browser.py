"""Choices in a real browser: read, asked otherwise; a run started, watched, stopped, gone on with; no script needed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from dualtrack.serve.runs import LEAST
from run_serving import PATIENCE, keeping, until
from serving import Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def runs_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with keeping(tmp_path_factory.mktemp("browser") / "runs") as server:
        yield server


def clean(page: Page, width: int) -> None:
    """Readable for everybody, and as wide as the window."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_a_run_is_started_watched_stopped_and_goes_on(
    runs_served: Served, watched: Callable[..., Any], width: int, scheme: str
) -> None:
    made = watched(width, scheme, runs_served.address)
    page = made.open(f"{runs_served.address}/choices.html?scenario=2025&priors=article#runs")
    page.fill("#run-worlds", str(LEAST))
    assert page.input_value("#run-scenario") == "2025" and page.input_value("#run-priors") == "article"
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/runs/*.html")
    id_ = page.url.rsplit("/", 1)[1].removesuffix(".html")
    page.wait_for_selector("progress")
    clean(page, width)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("h1:has-text('is stopped')")
    clean(page, width)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_function(
        "() => !document.querySelector('.done').textContent.startsWith('0')", timeout=PATIENCE * 1000
    )
    if width == 360:
        page.get_by_role("button", name="Remove").click()
        page.wait_for_url("**/runs.html")
        assert page.get_by_text("None yet.").is_visible()
    else:  # what is watched tells by itself that it has ended
        until(runs_served, id_, "finished", "failed")
        page.wait_for_selector("h1:has-text('has ended')")
        clean(page, width)
        page.get_by_role("link", name="What it says").click()
        page.wait_for_selector("text=results of a run of your own")
        page.goto(f"{runs_served.address}/runs.html")
    clean(page, width)
    cut_off = f"failed: {runs_served.address}/api/runs/"  # a look that leaving the page, by a button, cuts off
    assert not [fault for fault in made.faults if not fault.startswith(cut_off)]


def test_everything_works_without_a_script(runs_served: Served, browser: Any) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{runs_served.address}/choices.html")
    page.select_option("#asked-priors", "article")
    page.locator("#asked form button").click()
    assert "priors=article" in page.url and "under article priors" in page.locator("h1").inner_text()
    page.select_option("#regret-package", "both")
    page.locator("#regret form button").click()
    assert "package=both" in page.url and "priors=article" in page.url
    assert page.locator("#chart-regret-cells h3").inner_text().startswith("“Both”")
    page.goto(f"{runs_served.address}/runs.html")
    page.locator("#start").get_by_role("button", name="Start").click()
    assert "/runs/" in page.url
    page.get_by_role("button", name="Stop").click()
    assert "is stopped" in page.locator("h1").inner_text()
    page.get_by_role("button", name="Remove").click()
    assert page.url.endswith("/runs.html")
    page.close()


def test_another_question_and_another_map_come_in_place(runs_served: Served, watched: Callable[..., Any]) -> None:
    made = watched(1280, "light", runs_served.address)
    page = made.open(f"{runs_served.address}/choices.html")
    page.wait_for_selector("#regret form.live")
    before = page.locator("#chart-regret-cells h3").inner_text()
    page.select_option("#regret-package", "dialogue only")
    page.wait_for_function("text => document.querySelector('#chart-regret-cells h3').innerText !== text", arg=before)
    assert "package=dialogue+only" in page.url
    page.select_option("#asked-question", "presence-provokes-pressure")
    page.wait_for_url("**question=presence-provokes-pressure**")
    assert (
        "Does the other side answer presence with more pressure? Yes in" in page.locator("#answer .answer").inner_text()
    )
    assert page.input_value("#regret-package") == "dialogue only"  # links and forms keep the state
    with page.expect_download() as download:
        page.locator("#chart-regret-cells").get_by_role("link", name="PNG").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    assert not made.faults
