"""A page in a real browser that notes any request outside it, any console message and any missing file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def started() -> Iterator[Browser]:
    """Chromium, from where CHROMIUM says or Debian puts it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        yield browser
        browser.close()


class Watched:
    """A page and everything it did that it should not."""

    def __init__(self, browser: Browser, width: int, scheme: str, home: str = "file:") -> None:
        self.home = home
        self.page: Page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
        )
        self.faults: list[str] = []
        self.page.on("console", lambda message: self.faults.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("requestfailed", lambda request: self.faults.append(f"failed: {request.url}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _request(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((self.home, "data:")):
            self.faults.append(f"outside: {url}")

    def _response(self, response: object) -> None:
        if int(getattr(response, "status", 0)) >= 400:
            self.faults.append(f"{getattr(response, 'status', '')}: {getattr(response, 'url', '')}")

    def open(self, path: Path | str) -> Page:
        self.page.goto(path if isinstance(path, str) else path.as_uri())
        return self.page
