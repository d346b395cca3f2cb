"""How the property tests run, and the records several tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Quick and the same every time in `make test`; `pytest --hypothesis-profile=soak` looks for longer and at random.
settings.register_profile(
    "quick",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("soak", settings.get_profile("quick"), derandomize=False, max_examples=3000)
settings.load_profile("quick")

WriteFiles = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture
def overlay(tmp_path: Path) -> WriteFiles:
    """Writes files into a folder of the user's own, to be laid over the packaged record."""

    def write(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return tmp_path

    return write


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs commands in this process, as the shell would."""
    from commanding import Shell

    return Shell(monkeypatch, capsys)


@pytest.fixture(scope="session")
def served() -> Iterator[Any]:
    """The workbench's server, one for all tests; only those of pages and of the API ask for it."""
    from serving import running

    with running() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real browser; only the tests of pages ask for it."""
    from browsing import started

    with started() as chromium:
        yield chromium


@pytest.fixture
def watched(browser: Any) -> Iterator[Callable[..., Any]]:
    """Makes a watched page of a width and a colour scheme."""
    from browsing import Watched

    made: list[Watched] = []

    def make(width: int, scheme: str = "light", home: str = "file:") -> Watched:
        made.append(Watched(browser, width, scheme, home))
        return made[-1]

    yield make
    for one in made:
        one.page.close()
