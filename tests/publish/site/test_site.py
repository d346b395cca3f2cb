"""The static site: every link leads somewhere, every id has a page, a broken run leaves the old site whole."""

import errno
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.instruments.duty import duties
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.limit import limits
from dualtrack.instruments.pledge import pledges
from dualtrack.instruments.verdicts import verdicts
from dualtrack.publish.site import urls
from dualtrack.publish.site.exercise import exercise_card
from dualtrack.publish.site.pages import File, Site, in_a_table
from dualtrack.publish.site.write import write

DAY = "2016-05-09"


class Links(HTMLParser):
    """Collects what a page refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.append((tag, value))
            if name == "id" and value:
                self.ids.append(value)


@pytest.fixture(scope="module")
def site() -> Site:
    record = open_record(DAY)
    return Site(record, [record.ask("spending_guideline", year=2015, group="eastern_flank")])


@pytest.fixture(scope="module")
def files(site: Site) -> dict[str, str]:
    return {file.path: file.text for file in site.files()}


def test_every_row_source_table_and_finding_has_its_page_and_data(site: Site, files: dict[str, str]) -> None:
    places = [urls.table(name) for name in site.record.tables]
    places += [urls.row(name, row.id) for name in site.record.tables for row in site.record.rows(name)]
    places += [urls.finding(found) for found in site.findings]
    assert len(places) == len(set(places))
    assert {f"{place}{ending}" for place in places for ending in (".html", ".csv", ".json")} <= set(files)


def test_every_link_leads_to_a_page_and_nothing_is_asked_of_others(files: dict[str, str]) -> None:
    for path, text in files.items():
        if not path.endswith(".html"):
            continue
        page = Links(text)
        assert len(page.ids) == len(set(page.ids)), path
        for tag, target in page.targets:
            parts = urlsplit(target)
            if parts.scheme in ("http", "https"):
                assert tag == "a", f"{path} would fetch {target}"
            elif parts.scheme != "data" and parts.path:
                steps: list[str] = path.split("/")[:-1]
                for step in unquote(parts.path).split("/"):
                    steps = steps[:-1] if step == ".." else [*steps, step]
                assert "/".join(steps) in files, f"{path} links to {target}"


def test_the_brief_is_part_of_it_and_every_chart_can_be_embedded(files: dict[str, str]) -> None:
    assert "rows/dialogue/dlg-2016-04-20-nrc.html" in files["brief.html"]
    embedded = [path for path in files if path.startswith("embed/")]
    assert {"embed/presence.html", "embed/polls.html", "embed/exercises.html"} <= set(embedded)
    assert all("<script" not in files[path] for path in embedded)


def test_nothing_later_than_the_day_is_on_it(files: dict[str, str]) -> None:
    assert "rows/dialogue/dlg-2016-04-20-nrc.html" in files
    assert "rows/dialogue/dlg-2016-07-13-nrc.html" not in files
    assert "2.0228" not in files["tables/spending.csv"]


def test_markup_in_the_record_is_text(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text(
        'id,publisher,title,url\nevil,<script>alert(1)</script>,"<img src=x onerror=1>",https://example.org/"x\n',
        "utf-8",
    )
    record = open_record(DAY, folder=tmp_path)
    text = Site(record, []).row(record.row("sources", "evil"))
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<img" not in text


def test_the_same_record_gives_the_same_bytes(site: Site, files: dict[str, str]) -> None:
    assert {file.path: file.text for file in site.files()} == files


def test_a_folder_of_someone_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(BadInput, match="not empty"):
        write([File("index.html", "x")], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_broken_run_leaves_the_old_site_whole(tmp_path: Path) -> None:
    target = tmp_path / "site"
    write([File("index.html", "old"), File("a/b.html", "old")], target)

    def broken() -> Iterator[File]:
        yield File("index.html", "new")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        write(broken(), target)
    assert (target / "index.html").read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    write([File("index.html", "new")], target)
    assert (target / "index.html").read_text("utf-8") == "new"
    assert not (target / "a").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from dualtrack.publish.site.pages import File
from dualtrack.publish.site.write import write

def files():
    yield File("index.html", "new")
    os.kill(os.getpid(), signal.SIGKILL)

write(files(), Path(sys.argv[1]))
"""


def test_a_killed_run_leaves_the_old_site_whole_and_the_next_removes_what_it_left(tmp_path: Path) -> None:
    target = tmp_path / "site"
    write([File("index.html", "old")], target)
    assert subprocess.run([sys.executable, "-c", KILLED, target], check=False).returncode == -signal.SIGKILL
    assert (target / "index.html").read_text("utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 2
    write([File("index.html", "new")], target)
    assert (target / "index.html").read_text("utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_old_site_is_there_until_the_new_one_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is exchanged in one step: no rename takes the old one away first."""
    target = tmp_path / "site"
    write([File("index.html", "old")], target)
    monkeypatch.setattr("os.rename", lambda *_: pytest.fail("two steps"))
    monkeypatch.setattr("pathlib.Path.rename", lambda *_: pytest.fail("two steps"))
    write([File("index.html", "new")], target)
    assert (target / "index.html").read_text("utf-8") == "new"


def test_a_disk_that_fills_up_is_told_with_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = tmp_path / "site"
    write([File("index.html", "old")], target)
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(BadInput, match=r"site cannot be written: No space"):
        write([File("index.html", "new")], target)
    assert (target / "index.html").read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_ids_with_unusual_letters_have_addresses_of_their_own() -> None:
    made = {urls.row("t", id_) for id_ in ("a b", "a-b", "a/b", "a~20b", "ä", "a")}
    assert len(made) == 6
    assert all(re.fullmatch(r"rows/t/[A-Za-z0-9._+~-]+", path) for path in made)


def test_an_id_too_long_for_a_file_name_has_a_page_of_its_own_too() -> None:
    long = [f"count/where-{'kind = ' * 60}{end}" for end in ("a", "b")]
    made = {urls.finding_of(id_) for id_ in long}
    assert len(made) == 2
    assert all(len(part) <= 200 for path in made for part in path.split("/"))


def test_a_card_of_several_hosts_has_a_line_for_each_with_what_is_on_record() -> None:
    record = open_record("2026-11-25")
    found = {v.row.id: v for v in verdicts(record, instrument("vienna_document"))}
    shown = exercise_card(record, found["saber-strike-2018"])
    assert "as one activity to be notified: yes" in shown["said"]
    assert "per host to be notified: unknown" in shown["said"]
    assert [(host["state"], host["troops"]) for host in shown["hosts"]] == [
        (state, "0 to 18,000") for state in ("Poland", "Lithuania", "Latvia", "Estonia")
    ]
    assert shown["hosts"][0]["told"] == "notified as required, 42 days ahead"
    assert {host["told"] for host in shown["hosts"][1:]} == {"notified without being obliged"}
    none = exercise_card(record, found["saber-guardian-2017"])
    assert "What each host state had is not on record." in none["notes"]
    assert "per host" not in none["said"]


def test_the_page_of_the_rules_has_every_provision_with_its_numbers(files: dict[str, str]) -> None:
    page = files["rules.html"]
    for id_ in ("vienna_document_1999", "vienna_document_2011", "nato_wales_2014"):
        for found in (*instrument(id_)[0].rules, *limits(id_), *duties(id_), *pledges(id_)):
            assert f'id="{id_}.{found.id}"' in page
            quoted = {level.rule for level in found.written.levels.values()} if hasattr(found.written, "levels") else ()
            section = page.split(f'id="{id_}.{found.id}"')[1].split("</table>")[0]
            assert all(f"rows/rules/{rule}.html" in section for rule in quoted)
    assert "not yet checked" in page


def test_numbers_of_a_finding_are_grouped_and_years_are_not() -> None:
    assert [in_a_table(*cell) for cell in (("level", 13_000), ("days", 42.0), ("year", 2014), ("a_year", 0.5))] == [
        "13,000", "42", "2014", "0.5",
    ]  # fmt: skip
    assert in_a_table("hosts", None) == ""


def test_the_page_of_assumptions_has_every_figure_with_both_ends_and_its_basis(files: dict[str, str]) -> None:
    page = files["assumptions.html"]
    for row in open_record("2016-05-31").rows("planning_factors"):
        assert f'href="rows/planning_factors/{row.id}.html"' in page
        line = page.split(f"planning_factors/{row.id}.html")[1].split("</tr>")[0]
        assert f"{row['low']:,g}" in line and f"{row['high']:,g}" in line and row.text("basis") in line
    assert "are judgements" in page
