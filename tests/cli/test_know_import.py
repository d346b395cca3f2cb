"""``dualtrack know import``: what it says and writes; kills and interrupts in the middle. Figures are invented."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from commanding import completed
from dualtrack.sources.contract import adapters

COMMAND = [sys.executable, "-m", "dualtrack", "know", "import"]
STATES = {"Estonia": "EST", "Latvia": "LVA", "Russia": "RUS", "United States of America": "USA"}


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return completed("know", "import", *words, cwd=cwd)


def imported(*words: str | Path, cwd: Path) -> dict[str, Any]:
    done = run(*words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def sipri(path: Path, first: float) -> Path:
    """A workbook in SIPRI's shape; its figures are invented."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Share of GDP"
    years = list(range(2010, 2020))
    lines: list[list[Any]] = [["Military expenditure by country as percentage of gross domestic product. INVENTED"], []]
    lines += [["Country", "Notes", *years], [], ["Europe"]]
    lines += [[name, None, *(first + at / 100 for at in range(len(years)))] for name in STATES]
    lines += [["Nowhereland", None, *([0.5] * len(years))], ["Chad", None, *(["xxx"] + [0.01] * (len(years) - 1))]]
    for line in lines:
        sheet.append(line)
    for cells in sheet.iter_rows(min_row=6, min_col=3):
        for cell in cells:
            cell.number_format = "0.0%"
    book.save(path)
    return path


def state_of(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return sipri(tmp_path / "SIPRI-Milex-data.xlsx", 0.40)


def test_alone_it_lists_the_adapters_with_origin_and_terms(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for found in adapters().values():
        assert found.name in done.stdout and found.origin.url in done.stdout and found.origin.terms in done.stdout
    listed = json.loads(run("--json", cwd=tmp_path).stdout)
    assert {one["adapter"]: one["origin"]["redistribute"] for one in listed}["sipri_milex"] == "no"


def test_a_workbook_becomes_rows_that_the_record_answers_from(book: Path, tmp_path: Path) -> None:
    done = run("sipri_milex", book, "--into", "mine", "--edition", "2024-04-22", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mine: 40 rows added to spending.\n")
    assert "know export leaves these rows out" in done.stdout
    assert "not known, 10 figures left out: Nowhereland (Share of GDP!A10)" in done.stdout
    assert "not states of the record: 9 (Chad: 9)" in done.stdout
    words = ["know", "ask", "spending_trend", "state=EST", "series=sipri", "until=2010", "--record", "mine", "--json"]
    asked = subprocess.run(
        [sys.executable, "-m", "dualtrack", *words], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    finding = json.loads(asked.stdout)
    assert [(line["year"], line["lowest"]) for line in finding["answer"]["value"]] == [("2010", "40.00")]
    assert [source["id"] for source in finding["sources"]] == ["sipri-milex-2024-04-22"]


def test_it_says_which_states_and_years_were_read_and_takes_the_files_own_date(book: Path, tmp_path: Path) -> None:
    day = 1714521600  # 1 May 2024
    os.utime(book, (day, day))
    done = run("sipri_milex", book, "--into", "mine", "--edition", "2024-04-22", cwd=tmp_path)
    assert "  read: 40 rows of 4 states. 2010 to 2019: EST LVA RUS USA\n" in done.stdout
    told = imported("sipri_milex", book, "--into", "other", "--edition", "2024-04-22", "--dry-run", cwd=tmp_path)
    assert told["by_state"]["EST"] == {"from": "2010", "to": "2019", "rows": 10}
    assert told["by_year"] == {str(year): 4 for year in range(2010, 2020)}
    assert told["source"]["accessed"] == "2024-05-01"
    assert not (tmp_path / "other").exists()


def test_names_in_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    page = tmp_path / "GEDEvent_v25_1.csv"
    page.write_text("id,\x1b[2J\x07name\n1,2\n", "utf-8")
    done = run("ucdp_ged", page, "--into", "mine", cwd=tmp_path)
    assert done.returncode == 2 and "\x1b" not in done.stderr
    book = sipri(tmp_path / "book.xlsx", 0.4)
    opened = load_workbook(book)
    opened["Share of GDP"]["A7"].value = "Esto\u202enia"
    opened.save(book)
    assert "\u202e" not in run("sipri_milex", book, "--into", "mine", "--dry-run", cwd=tmp_path).stdout


def test_again_kept_and_replaced(book: Path, tmp_path: Path) -> None:
    words = ("sipri_milex", "--into", "mine", "--edition", "2024-04-22", "--accessed", "2024-05-01")
    assert len(imported(*words, book, cwd=tmp_path)["added"]) == 40
    before = state_of(tmp_path / "mine")
    again = imported(*words, book, cwd=tmp_path)
    assert (len(again["same"]), again["written"]) == (40, False)
    other = sipri(tmp_path / "other.xlsx", 0.45)
    kept = imported(*words, other, cwd=tmp_path)
    assert (len(kept["kept"]), kept["written"]) == (40, False)
    assert len(imported(*words, other, "--replace", "--dry-run", cwd=tmp_path)["replaced"]) == 40
    assert state_of(tmp_path / "mine") == before
    assert len(imported(*words, other, "--replace", cwd=tmp_path)["replaced"]) == 40
    later = imported("sipri_milex", other, "--into", "mine", "--edition", "2025-04-28", cwd=tmp_path)
    assert len(later["added"]) == 40  # another edition is other rows


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sipri_milex"], "Which file?"),
        (["sipri_milex", "book.xlsx"], "Into which folder?"),
        (["sipri_mil", "none.xlsx", "--into", "mine"], "Did you mean sipri_milex?"),
        (["sipri_milex", "none.xlsx", "--into", "mine"], "none.xlsx"),
        (["sipri_milex", "book.xlsx", "--into", "mine", "--edition", "2024-02-30"], "--edition"),
        (["sipri_milex", "book.xlsx", "--into", "mine", "--edition", "2099"], "future"),
        (["sipri_milex", "book.xlsx", "--into", "none/mine"], "There is no folder"),
        (["sipri_milex", "book.xlsx", "--into", "book.xlsx"], "is a file"),
        (["sipri_milex", "book.xlsx", "--into", "."], "stands in the folder"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_remedy(words: list[str], said: str, tmp_path: Path) -> None:
    sipri(tmp_path / "book.xlsx", 0.40)
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


def test_without_openpyxl_the_install_line_is_given(book: Path, tmp_path: Path) -> None:
    script = "import sys; sys.modules['openpyxl'] = None; from dualtrack.cli import main; main()"
    words = ["know", "import", "sipri_milex", str(book), "--into", "mine"]
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert 'pip install "dualtrack[xlsx]"' in done.stderr
    assert not (tmp_path / "mine").exists()


def test_it_is_not_done_from_inside_the_folder(book: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    done = run("sipri_milex", book, "--into", ".", cwd=tmp_path / "mine")
    assert done.returncode == 2 and "from inside" in done.stderr


def test_killed_at_random_moments_it_leaves_the_old_or_the_new_folder_whole(tmp_path: Path) -> None:
    """6 kills of the whole command, spread over its time; ``DUALTRACK_KILLS=100`` makes it that many."""
    moment, words = random.Random(13), ("sipri_milex", "--into", "mine", "--edition", "2024-04-22", "--replace")
    books = [sipri(tmp_path / f"{at}.xlsx", 0.40 + at / 10) for at in range(2)]
    states, began = [], time.monotonic()
    for one in books:  # in a process of its own, as those that are killed
        subprocess.run([*COMMAND, *words, "--accessed", "2024-05-01", str(one)], cwd=tmp_path, check=True)
        states.append(state_of(tmp_path / "mine"))
    whole = (time.monotonic() - began) / 2
    assert states[0] != states[1]
    for at in range(int(os.environ.get("DUALTRACK_KILLS", "6"))):
        command = [*COMMAND, *words, "--accessed", "2024-05-01", str(books[at % 2])]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as writer:
            time.sleep(moment.uniform(whole * 0.3, whole * 1.1))
            writer.send_signal(signal.SIGKILL)
        assert state_of(tmp_path / "mine") in states
    imported(*words, "--accessed", "2024-05-01", books[0], cwd=tmp_path)
    assert state_of(tmp_path / "mine") == states[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.xlsx", "1.xlsx", "mine"]


@pytest.mark.parametrize("where", ["dualtrack.cli.app.app", "dualtrack.record.merge.validate"])
def test_interrupted_it_ends_with_130_and_nothing_written(where: str, book: Path, tmp_path: Path) -> None:
    """While it loads or reads, and when everything but the last step is done."""
    script = f"""
import sys
from unittest.mock import patch
from dualtrack.cli import main
with patch({where!r}, side_effect=KeyboardInterrupt):
    main()
"""
    words = ["know", "import", "sipri_milex", str(book), "--into", "mine"]
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [book.name]
