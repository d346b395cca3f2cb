"""Five questions as a newcomer asks them: from the first page, by what can be seen, each answer within few clicks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator

from dualtrack.api import OpenRecord, open_record
from dualtrack.publish.workbench.pages.dialogue import SIDES
from serving import DAY, Served, serving

pytestmark = pytest.mark.browser

TODAY = "2026-11-25"

ARTICLE = Path(__file__).parents[2] / "docs" / "examples" / "two-tracks.txt"
SIZES = [(360, "dark"), (1280, "light")]


@dataclass
class Newcomer:
    """Somebody who has read nothing: sees what is on the page, clicks, chooses, and counts what it took."""

    made: Any
    home: str
    clicks: int = 0

    def start(self, day: str = "") -> None:
        """Opens the first page, as known on a day that is chosen there."""
        self.made.open(f"{self.home}/")
        if day:
            self.made.page.wait_for_selector("form[data-module=dates] input[type=range]")  # its script is there
            self.made.page.get_by_label("What was known on", exact=True).last.fill(day)
            self.clicks += 1
            self.made.page.wait_for_selector(f".kicker:has-text('{int(day[-2:])} May {day[:4]}')")

    def click(self, role: str, name: str) -> None:
        """Clicks what has this name, once it can be seen."""
        self.made.page.get_by_role(role, name=name).first.click()
        self.made.page.wait_for_load_state("networkidle")
        self.clicks += 1

    def choose(self, label: str, option: str) -> None:
        """Chooses from a list."""
        self.made.page.get_by_label(label, exact=True).select_option(option)
        self.clicks += 1

    def answer(self, words: str, within: str) -> str:
        """The text of the place where the answer stands, once it holds these words."""
        place: Locator = self.made.page.locator(within).filter(has_text=words).first
        place.wait_for(state="visible")
        return str(place.inner_text()).replace("\N{NO-BREAK SPACE}", " ")

    def done(self, at_most: int) -> None:
        """Nothing went wrong on the way, and it took no more clicks than this."""
        assert self.clicks <= at_most
        assert not self.made.faults
        assert self.made.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture(scope="module")
def latest() -> Iterator[Served]:
    """The workbench as it opens today: the day of a question about 2016 has to be found and set."""
    with serving(open_record(TODAY)) as server:
        yield server


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record(TODAY)


@pytest.fixture(params=SIZES, ids=["phone", "desktop"])
def newcomer(request: Any, latest: Served, watched: Callable[..., Any]) -> Newcomer:
    width, scheme = request.param
    return Newcomer(watched(width, scheme, latest.address), latest.address)


def test_which_allies_met_two_percent_as_known_that_day(newcomer: Newcomer) -> None:
    newcomer.start(day=DAY)
    newcomer.click("link", "Which allies met two percent?")
    met = newcomer.answer("Met:", "#spending p")
    known = open_record(DAY)
    found = known.ask("spending_guideline", year=2015, group="nato").answer.value
    names = {row.id: str(row["name"]) for row in known.rows("states")}
    assert len(found) == 5 and "Estonia" in met
    assert set(met.removeprefix("Met: ").removesuffix(".").split(", ")) == {names[code] for code in found}
    assert "edition of 28 January 2016" in newcomer.answer("5 of 27 allies", "#spending .answer")
    newcomer.done(at_most=2)


def test_what_a_lower_threshold_would_have_caught_on_each_side(newcomer: Newcomer, record: OpenRecord) -> None:
    newcomer.start()
    newcomer.click("link", "What would a lower threshold have caught, on each side?")
    page = newcomer.made.page
    page.wait_for_selector("form[data-module=thresholds].live")
    page.get_by_label("Notified from").fill("5000")
    newcomer.clicks += 1
    newcomer.choose("Year", "2015")
    answer = newcomer.answer("With notification from 5,000", "#thresholds .answer")
    assert "on record in 2015" in answer
    told = {
        cells[0]: [int(cell) for cell in cells[1:4]]
        for cells in (line.split("\t") for line in page.locator("#by-side tbody tr").all_inner_texts())
    }
    found = record.ask("thresholds", notification=5_000, observation=13_000, since="2015", until="2015")
    sides = {SIDES.get(line["side"], line["side"]): line for line in found.answer.summary["By side"]}
    columns = ("notifiable", "notifiable_open", "notifiable_as_it_is")
    assert told == {side: [line[column] for column in columns] for side, line in sides.items()}
    assert {"NATO or a member", "Russia"} <= set(told)
    assert page.locator("#caught tbody tr").count() > 0
    newcomer.done(at_most=3)


def test_why_five_to_ten_depends_on_the_reading(newcomer: Newcomer, record: OpenRecord) -> None:
    newcomer.start()
    newcomer.click("link", "Five to ten against one: does it hold?")
    found = record.ask("force_ratio", low=5, high=10)
    assert newcomer.answer("5 to 10", "#ratio .answer").startswith(f"{found.headline}.")
    reasons = newcomer.answer("Why it depends on the reading", "#ratio .listing")
    assert all(reading.label in reasons for reading in found.by_reading)
    assert newcomer.made.page.locator("#chart-force-ratio > svg:visible").count() == 1
    newcomer.done(at_most=1)


def test_an_article_answered(newcomer: Newcomer) -> None:
    newcomer.start()
    newcomer.click("link", "Is it true what an article says?")
    page = newcomer.made.page
    page.get_by_label("The text").fill(ARTICLE.read_text("utf-8"))
    page.get_by_label("When it appeared").fill("2017-09-20")
    newcomer.clicks += 2
    newcomer.click("button", "Answer it")
    assert page.locator("h1").is_visible()
    cards = page.locator(".card.supported, .card.contradicted")
    assert cards.count() > 5 and cards.first.is_visible(), "sentences have verdicts, not the page's key alone"
    newcomer.done(at_most=4)


def test_the_closest_point_of_an_encounter(newcomer: Newcomer) -> None:
    newcomer.start()
    newcomer.click("link", "Who came how near to whom?")
    newcomer.click("button", "Show its encounters")
    closest = newcomer.answer("of each other", "#closest")
    assert "came within" in closest and " m" in closest
    assert newcomer.made.page.locator("svg.map").is_visible()
    newcomer.done(at_most=2)
