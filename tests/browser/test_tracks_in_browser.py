"""A track file handed in by a reader, in a real browser: found from Dialogue, sent, and its closest point read off."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from flying import crossing, straight, table
from serving import Served

pytestmark = pytest.mark.browser

WIDE = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two who meet nearly, and two farther north who meet less nearly."""
    north = [
        *straight("4ac001", (1.0, 19.6), (0.0, 0.002), 20000.0),
        *straight("4ac002", (1.02, 20.4), (0.0, -0.002), 20900.0),
    ]
    return table(tmp_path_factory.mktemp("flown") / "flown.csv", [*crossing(), *north])


@pytest.fixture(scope="module")
def place(served: Served, browser: Any, flown: Path) -> str:
    """The address of its result, as a newcomer comes to it: from the page Dialogue, with nothing but the file."""
    page = browser.new_page()
    page.goto(f"{served.address}/dialogue.html")
    page.get_by_role("link", name="Have a track file of your own").click()
    page.get_by_label("Track files").set_input_files(flown)
    page.get_by_role("button", name="Find encounters").click()
    page.wait_for_selector("svg.map")
    found = str(page.url)
    page.close()
    return found


def view(page: Page) -> list[float]:
    return [float(part) for part in (page.get_attribute("svg.map", "viewBox") or "").split()]


def shown(page: Page) -> list[str]:
    """The headings of the encounters that can be seen."""
    return [card.inner_text() for card in page.locator(".card:visible h3").all()]


@pytest.mark.parametrize(("width", "scheme"), WIDE)
def test_the_closest_point_is_told_and_the_page_fits(
    served: Served, watched: Callable[..., Any], place: str, width: int, scheme: str
) -> None:
    made = watched(width, scheme, served.address)
    page = made.open(place)
    page.wait_for_load_state("networkidle")
    closest = page.locator("#closest").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "151001 and 43c001 came within 0.60 nmi (1.1 km) of each other, with 500 ft" in closest
    assert page.locator("#closest").bounding_box()["y"] < 900  # seen without scrolling
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("svg.map").is_visible() and page.locator(".card:visible svg.plot").is_visible()
    assert not made.faults
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_form_fits_and_says_what_is_wrong_where_it_is(
    served: Served, watched: Callable[..., Any], tmp_path: Path, width: int, scheme: str
) -> None:
    made = watched(width, scheme, served.address)
    page = made.open(f"{served.address}/tracks.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).violations_count == 0
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"a": }', "utf-8")
    page.get_by_label("Track files").set_input_files(wrong)
    page.get_by_label("Nearer than", exact=True).fill("7 km")
    assert not made.faults
    page.get_by_role("button", name="Find encounters").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "wrong.json:1, column 7: this is not JSON" in alert.inner_text()
    assert page.get_by_label("Nearer than", exact=True).input_value() == "7 km"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).violations_count == 0
    assert all("422" in fault for fault in made.faults)


def test_the_map_moves_by_button_key_and_mouse(served: Served, watched: Callable[..., Any], place: str) -> None:
    made = watched(1280, "light", served.address)
    page = made.open(place)
    page.wait_for_selector(".moves")
    home = view(page)
    page.get_by_role("button", name="Closer").click()
    assert view(page)[2] == pytest.approx(home[2] / 2)
    page.get_by_role("button", name="All").click()
    assert view(page) == pytest.approx(home)
    page.focus("svg.map")
    page.keyboard.press("ArrowRight")
    assert view(page)[0] == pytest.approx(home[0] + 0.2 * home[2])
    page.keyboard.press("+")
    assert view(page)[2] == pytest.approx(home[2] / 2)
    page.keyboard.press("0")
    box = page.locator("svg.map").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 100, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert view(page)[0] < home[0]
    assert not made.faults


def test_an_encounter_is_chosen_by_link_row_mark_and_key(
    served: Served, watched: Callable[..., Any], place: str
) -> None:
    made = watched(1280, "light", served.address)
    page = made.open(place)
    page.wait_for_selector(".picks")
    assert shown(page) == ["1. 151001 and 43c001"]
    page.locator(".picker a", has_text="2").click()
    assert shown(page) == ["2. 4ac001 and 4ac002"] and page.url.endswith("#e2")
    assert page.locator("g.chosen").get_attribute("data-ways") == "2"
    page.get_by_role("region", name="Table of encounters").get_by_role("link", name="1", exact=True).click()
    assert shown(page) == ["1. 151001 and 43c001"]
    page.locator("svg.map a[href='#e2']").focus()
    page.keyboard.press("Enter")
    assert shown(page) == ["2. 4ac001 and 4ac002"]
    page.locator("svg.map a[href='#e1'] circle").click()
    assert shown(page) == ["1. 151001 and 43c001"]
    home = view(page)
    page.get_by_role("link", name="Show on the map").click()
    assert view(page)[2] < home[2]
    made.open(place + "#e2")  # the same document, another part
    page.wait_for_selector("#e2.picked")
    page.reload()
    assert shown(page) == ["2. 4ac001 and 4ac002"]
    assert not made.faults


def test_everything_is_there_without_a_script(served: Served, browser: Any, flown: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{served.address}/tracks.html")
    page.set_input_files("#track-files", flown)
    page.click("text=Find encounters")
    page.wait_for_selector("svg.map")
    assert shown(page) == ["1. 151001 and 43c001", "2. 4ac001 and 4ac002"]
    assert page.locator(".card svg.plot").count() == 2
    assert not page.locator(".movers").is_visible()
    assert {"CSV", "GeoJSON"} <= set(page.locator(".links a").all_inner_texts())
    context.close()


def test_files_that_are_too_large_are_not_sent(served: Served, watched: Callable[..., Any], flown: Path) -> None:
    made = watched(1280, "light", served.address)
    page = made.open(f"{served.address}/tracks.html")
    page.eval_on_selector("form[data-most]", "form => { form.dataset.most = '1000'; }")
    page.get_by_label("Track files").set_input_files(flown)
    page.get_by_role("button", name="Find encounters").click()
    assert "larger than" in page.locator("form[data-most] [role=status]").inner_text()
    assert page.url.endswith("/tracks.html") and not made.faults


def test_the_day_and_dated_sources_are_chosen_without_a_button(served: Served, watched: Callable[..., Any]) -> None:
    made = watched(1280, "light", served.address)
    page = made.open(f"{served.address}/index.html")
    page.wait_for_selector("input[type=range]")
    page.select_option("#day-known", "strict")
    page.wait_for_url("**known=strict**")
    page.wait_for_selector(".kicker:has-text('dated sources only')")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Dialogue").click()
    page.wait_for_url("**/dialogue.html?known=strict")
    page.select_option("#as-of-known", "any")
    page.locator("form.day").get_by_role("button").click()
    page.wait_for_url("**known=any**")
    assert "dated sources only" not in page.locator(".kicker").inner_text()
    assert not made.faults
