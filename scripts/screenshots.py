"""Photographs every page of the workbench at desktop and phone width, some also dark and on paper's rules.

Run it beside a server: ``dualtrack serve --as-of 2026-11-25 --port 8765``, then
``python scripts/screenshots.py http://127.0.0.1:8765 docs/screenshots``. A page with a console message, a missing file
or a request elsewhere stops it.
"""

from __future__ import annotations

import base64
import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PAGES = {
    "overview": "/index.html",
    "overview-2016": "/index.html?as_of=2016-05-09",
    "deterrence": "/deterrence.html",
    "deterrence-2016": "/deterrence.html?as_of=2016-05-09",
    "dialogue": "/dialogue.html",
    "dialogue-5000-in-2015": "/dialogue.html?notify=5000&year=2015",
    "public-case": "/public-case.html",
    "claims": "/claims.html",
    "choices": "/choices.html",
    "sources": "/sources.html",
    "codebook": "/codebook.html",
    "glossary": "/glossary.html",
    "search": "/search.html?q=zapad",
    "record": "/record.html",
    "rules": "/rules.html",
    "assumptions": "/assumptions.html",
    "thresholds": "/thresholds/2015.html",
    "table": "/tables/exercises.html",
    "row": "/rows/exercises/zapad-2017.html",
    "embedded": "/embed/council.html",
    "tracks": "/tracks.html",
    "runs": "/runs.html",
    "api": "/api/docs",
    "brief": "/brief.html?as_of=2016-05-09",
}
DARK = ("overview", "deterrence", "dialogue", "public-case", "choices", "row", "brief", "encounter", "article")
PAPER = ("overview", "deterrence", "dialogue", "public-case")
WIDTHS = {1280: 0.45, 360: 0.6}
"""Width of the window in pixels, and how much smaller than that the picture is."""

QUALITY = 12  # of WebP, of 100: type stays readable, and all of them together stay small
ARTICLE = Path(__file__).parents[1] / "docs" / "examples" / "two-tracks.txt"


def watch(page: Page, home: str) -> list[str]:
    """The faults of a page, as they come."""
    faults: list[str] = []
    page.on("console", lambda message: faults.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("request", lambda r: None if r.url.startswith((home, "data:")) else faults.append(f"outside: {r.url}"))
    page.on("response", lambda r: faults.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    return faults


def reach(page: Page, home: str, name: str) -> None:
    """Opens a page, or does what leads to it."""
    if name == "article":
        page.goto(f"{home}/claims.html")
        page.get_by_label("The text").fill(ARTICLE.read_text("utf-8"))
        page.get_by_label("When it appeared").fill("2017-09-20")
        page.get_by_role("button", name="Answer it").click()
    elif name == "encounter":
        page.goto(f"{home}/tracks.html")
        page.get_by_role("button", name="Show its encounters").first.click()
        page.wait_for_selector("#closest")
    else:
        page.goto(home + PAGES[name])
    page.wait_for_load_state("networkidle")


def photograph(page: Page, scale: float, target: Path) -> None:
    """The whole page as WebP."""
    width, height = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": min(scale, 16_000 / height)}  # WebP ends there
    taken = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True, "clip": clip},
    )
    target.write_bytes(base64.b64decode(taken["data"]))


def shoot(browser: Browser, home: str, name: str, width: int, scheme: str, folder: Path) -> None:
    """One page at one width in one scheme: light, dark or print.

    Raises:
        SystemExit: something went wrong on the page, or it is wider than the window.
    """
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    faults = watch(page, home)
    reach(page, home, name)
    if scheme == "print":
        page.emulate_media(media="print")
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    if faults or wide > width:
        sys.exit(f"{name} at {width} pixels, {scheme}: {faults or f'{wide} pixels wide'}")
    photograph(page, WIDTHS[width], folder / f"{name}-{width}{'' if scheme == 'light' else f'-{scheme}'}.webp")
    page.close()


def main(home: str, folder: Path, only: tuple[str, ...] = ()) -> None:
    """Every page, or only those named."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name in only or (*PAGES, "article", "encounter"):
            for width in WIDTHS:
                shoot(browser, home, name, width, "light", folder)
            if name in DARK:
                shoot(browser, home, name, 360, "dark", folder)
            if name in PAPER:
                shoot(browser, home, name, 1280, "print", folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), tuple(sys.argv[3:]))
