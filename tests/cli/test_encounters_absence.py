"""Every form of what is found says that no encounter found is no evidence that there was none: each read as it is read.

Once with encounters and once without any, which is when it matters most.
"""

import csv
import io
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from commanding import completed
from dualtrack.core.finding import Finding
from dualtrack.tracks.encounter import ABSENCE
from flying import crossing, straight, table


class _Text(HTMLParser):
    """What a reader sees: the text outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.text.append(data)


def _csv(path: Path) -> list[str]:
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    return [row[-1] for row in rows[1:]] or [rows[0][-1].removeprefix("caveat: ")]


def _parquet(path: Path) -> list[str]:
    with duckdb.connect() as database:
        (value,) = database.execute(
            "SELECT value FROM parquet_kv_metadata(?) WHERE key::VARCHAR = 'dualtrack'", [str(path)]
        ).fetchall()[0]
        rows = database.execute("SELECT caveat FROM read_parquet(?)", [str(path)]).fetchall()
    return [*json.loads(value)["caveats"][:1], *(cell for (cell,) in rows)]


def _member(path: Path) -> list[str]:
    return [json.loads(path.read_text("utf-8"))["caveat"]]


def _finding(path: Path) -> list[str]:
    return Finding.model_validate_json(path.read_text("utf-8")).caveats[:1]


def _page(path: Path) -> list[str]:
    parser = _Text()
    parser.feed(path.read_text("utf-8"))
    text = " ".join(" ".join(parser.text).split())
    return [ABSENCE if ABSENCE in text else text]


def _draft(path: Path) -> list[str]:
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8")))
    return [ABSENCE if row["note"].endswith(ABSENCE) else row["note"] for row in rows]


FORMS: dict[str, Callable[[Path], list[str]]] = {
    "encounters.csv": _csv,
    "encounters.parquet": _parquet,
    "encounters.geojson": _member,
    "encounters.json": _member,
    "finding.json": _finding,
    "report.html": _page,
    "draft.csv": _draft,
}


@pytest.fixture(scope="module", params=["found", "nothing"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp(request.param)
    lone = straight("43c001", (0, 0), (0, 0.001), 30000.0)
    table(folder / "tracks.csv", crossing() if request.param == "found" else lone)
    printed = []
    for more in ([], ["--json"]):
        done = completed("know", "encounters", "tracks.csv", "-o", "out", *more, cwd=folder)
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout)
    return folder / "out", printed[0], printed[1]


def test_no_form_is_without_a_reader_here(written: tuple[Path, str, str]) -> None:
    assert {path.name for path in written[0].iterdir()} == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_every_file_says_it_where_its_readers_look(written: tuple[Path, str, str], name: str) -> None:
    said = FORMS[name](written[0] / name)
    assert said and set(said) == {ABSENCE}


def test_the_terminal_says_it_in_words_and_in_json(written: tuple[Path, str, str]) -> None:
    _, words, document = written
    assert ABSENCE in words.splitlines()
    assert json.loads(document)["caveat"] == ABSENCE


def test_a_folder_gives_its_track_files_and_names_what_it_passes_over(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    table(tmp_path / "in" / "tracks.csv", crossing())
    (tmp_path / "in" / "README.md").write_text("# Tracks", "utf-8")
    done = completed("know", "encounters", "in", "-o", "out.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        0,
        "dualtrack: passed over, no track files by their ending: in/README.md\n",
    )
    (tmp_path / "in" / "tracks.csv").rename(tmp_path / "in" / "tracks.txt")
    done = completed("know", "encounters", "in", "-o", "b.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "There is no track file in in, none that ends in .csv, " in done.stderr
