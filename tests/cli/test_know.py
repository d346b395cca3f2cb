"""The command line as a user meets it: what it prints, where, and how it ends."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commanding import Shell
from conftest import WriteFiles
from dualtrack import __version__
from dualtrack.analyses.contract import analyses
from dualtrack.api import OpenRecord, open_record
from dualtrack.cli import INTERRUPTED
from dualtrack.core.finding import Finding

ASK = ["know", "ask", "spending_guideline", "year=2015", "group=eastern_flank"]


def test_version_and_help(run: Shell) -> None:
    assert run("--version") == (0, f"dualtrack {__version__}\n", "")
    for words in (["--help"], ["know", "--help"], ["know", "ask", "--help"]):
        done = run(*words)
        assert (done.code, done.err) == (0, "")
        assert "Usage: " in done.out and "dualtrack" in done.out


def test_ask_alone_lists_the_analyses_with_their_parameters(run: Shell) -> None:
    done = run("know", "ask")
    assert (done.code, done.err) == (0, "")
    for analysis in analyses().values():
        assert f"\n{analysis.name}\n  {analysis.summary}.\n" in f"\n{done.out}"
    assert "year=…  the calendar year the spending is for (required)" in done.out
    assert "group=…  " in done.out and "(default nato)" in done.out


def test_the_list_as_json(run: Shell) -> None:
    listed = {row["analysis"]: row for row in json.loads(run("know", "ask", "--json").out)}
    assert list(listed) == list(analyses())
    year, group, *_ = listed["spending_guideline"]["parameters"]
    assert year == {"name": "year", "about": year["about"], "required": True, "default": None}
    assert group["default"] == "nato"


def test_a_finding_in_the_terminal(run: Shell) -> None:
    done = run(*ASK, "--as-of", "2016-05-09")
    assert (done.code, done.err) == (0, "")
    assert "Estonia and Poland spent at least 2 percent of GDP on defence in 2015" in done.out.splitlines()[0]
    assert "as of 2016-05-09" in done.out and "By edition:" in done.out


def test_a_finding_as_json_is_the_one_the_api_gives(run: Shell) -> None:
    done = run(*ASK, "--as-of", "2016-05-09", "--json")
    finding = Finding.model_validate_json(done.out)
    assert finding.answer.value == ["EST", "POL"]
    assert finding == open_record("2016-05-09").ask("spending_guideline", year=2015, group="eastern_flank")
    assert done.err == ""


def test_a_month_means_its_last_day(run: Shell) -> None:
    assert run(*ASK, "--as-of", "2016-05") == run(*ASK, "--as-of", "2016-05-31")
    assert run("know", "tables", "--as-of", "2016") == run("know", "tables", "--as-of", "2016-12-31")


def test_strict_is_asked_for_by_name(run: Shell) -> None:
    tables = ["know", "tables", "--as-of", "2022-06-30", "--json"]
    every = {row["table"]: row["rows"] for row in json.loads(run(*tables).out)}
    strict = {row["table"]: row["rows"] for row in json.loads(run(*tables, "--known", "strict").out)}
    assert strict["spending"] < every["spending"]
    assert strict["states"] == every["states"]


def test_tables_are_listed_with_their_extent(run: Shell) -> None:
    done = run("know", "tables", "--as-of", "2026-11-24")
    assert (done.code, done.err) == (0, "")
    line = next(line for line in done.out.splitlines() if line.startswith("exercises "))
    assert line.split()[:4] == ["exercises", str(len(open_record("2026-11-24").rows("exercises"))), "to", "2026-03"]
    listed = {row["table"]: row for row in json.loads(run("know", "tables", "--json").out)}
    assert set(open_record().tables) <= set(listed)
    assert all(row["title"] and row["collected"] for row in listed.values())


def test_rows_of_a_table(run: Shell) -> None:
    where = "kind = 'snap' and troops_high >= 60000"
    expected = [
        row.id
        for row in open_record("2016-05-09").rows("exercises")
        if row["kind"] == "snap" and (row.number("troops_high") or 0) >= 60000
    ]
    words = ["know", "table", "exercises", "--as-of", "2016-05-09", "--where", where]
    assert [row["id"] for row in json.loads(run(*words, "--json").out)] == expected != []
    assert [row["id"] for row in csv.DictReader(io.StringIO(run(*words, "--format", "csv").out))] == expected
    shown = run(*words).out
    assert all(id_[:30] in shown for id_ in expected)


def test_a_folder_of_ones_own_is_laid_over(run: Shell, overlay: WriteFiles) -> None:
    folder = overlay({"states.csv": "state,name\nXXA,Somewhere\n"})
    done = run("know", "table", "states", "--record", str(folder), "--where", "state = 'XXA'", "--json")
    assert [row["name"] for row in json.loads(done.out)] == ["Somewhere"]


BAD: list[tuple[list[str], str, str]] = [
    (["know", "ask", "spendings"], "There is no analysis called 'spendings'.", "spending_guideline"),
    ([*ASK, "treshold=2"], "There is no parameter of spending_guideline called 'treshold'.", "Did you mean threshold?"),
    (["know", "ask", "exercises", "troops=9000"], "called 'troops'", "Did you mean minimum? What can be given:\n"),
    (["know", "ask", "spending_guideline"], "spending_guideline needs year=…", "the calendar year"),
    (["know", "ask", "spending_guideline", "year=soon"], "year=soon cannot be used", "the calendar year"),
    (["know", "ask", "spending_guideline", "2015"], "'2015' is not a parameter.", "Write key=value"),
    (["know", "ask", "spending_guideline", "=2015"], "'=2015' is not a parameter.", "Write key=value"),
    ([*ASK, "metric=share"], "metric=share cannot be used", "share_of_gdp_pct"),
    (["know", "ask", "spending_guideline", "year=2015", "group=eastern"], "called 'eastern'", "eastern_flank"),
    (["know", "ask", "spending_guideline", "year=1990"], "no edition with share_of_gdp_pct for 1990", "--as-of"),
    ([*ASK, "--as-of", "2016-13"], "--as-of '2016-13' is not a date that exists.", "2016, 2016-05 or 2016-05-09"),
    ([*ASK, "--as-of", "2015-02-30"], "--as-of '2015-02-30' is not a date that exists.", "2016-05-09"),
    ([*ASK, "--as-of", "yesterday"], "--as-of 'yesterday' is not a date that exists.", ""),
    ([*ASK, "--record", "nowhere"], "There is no record folder nowhere.", "folder with CSV tables"),
    (["know", "tables", "--record", "nowhere"], "There is no record folder nowhere.", ""),
    (["know", "tables", "--as-of", "soon"], "--as-of 'soon' is not a date that exists.", ""),
    (["know", "table", "exercise"], "There is no table called 'exercise'.", "exercises"),
    (["know", "table", "exercises", "--where", "troops >"], "--where, column 9: ", ""),
    (["know", "table", "exercises", "--where", "troop_high > 5"], "called 'troop_high'", "Did you mean troops_high"),
    (["know", "table", "exercises", "--where", "strt > 2016"], "called 'strt'", "Did you mean start"),
    (["know", "table", "exercises", "--format", "docx"], "docx", ""),
]  # fmt: skip


@pytest.mark.parametrize(("words", "problem", "fix"), BAD, ids=lambda value: str(value)[:50])
def test_bad_input_ends_with_2_and_says_what_to_do(
    words: list[str], problem: str, fix: str, run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("dualtrack: ")
    assert problem in done.err and fix in done.err
    assert "Traceback" not in done.err and 'File "' not in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["knw"],
        ["know", "aks"],
        [*ASK, "--asof", "2016"],
        [*ASK, "--known", "maybe"],
        ["know", "table"],
        [*ASK, "--as-of"],
    ],
)
def test_a_command_that_is_none_ends_with_2(words: list[str], run: Shell) -> None:
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert "Error: " in done.err and "Traceback" not in done.err


def test_a_broken_record_folder_lists_its_faults(run: Shell, overlay: WriteFiles) -> None:
    folder = overlay({"states.csv": "state,name\nXXA\n", "exercises.csv": b"\xff", "readings/balance/x.yml": "a: *b\n"})
    done = run("know", "tables", "--record", str(folder))
    assert (done.code, done.out) == (2, "")
    assert "2 faults" in done.err and "nothing was loaded" in done.err
    assert f"{folder / 'states.csv'}:2: The row has 1 cells, the header 2." in done.err
    assert f"{folder / 'exercises.csv'}" in done.err and "is not UTF-8 text" in done.err


def test_a_broken_reading_names_its_file(run: Shell, overlay: WriteFiles) -> None:
    folder = overlay({"readings/balance/mine.yml": "label: x\nclass: public\nwhy: y\nratio: 7.5\n"})
    done = run("know", "tables", "--record", str(folder))
    assert done.code == 2
    assert f"{folder / 'readings/balance/mine.yml'}: " in done.err and "ratio: Extra inputs" in done.err


def test_an_interruption_ends_with_130(run: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(OpenRecord, "ask", interrupted)
    done = run(*ASK)
    assert (done.code, done.err) == (130, "dualtrack: interrupted\n")


def shell(*words: str, **more: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-W", "error", "-m", "dualtrack", *words], capture_output=True, text=True, check=False, **more
    )


def test_from_a_shell(tmp_path: Path) -> None:
    done = shell(*ASK, "--as-of", "2016-05-09", "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["answer"]["value"] == ["EST", "POL"]
    done = shell("know", "ask", "nothing", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("dualtrack: There is no analysis called 'nothing'.")


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "dualtrack", "know", "table", "sources", "--json"],
        cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(write)
    assert done.stderr == "" and done.returncode != 2


def test_output_is_the_same_in_any_language_and_place(tmp_path: Path) -> None:
    env = {**os.environ, "LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"}
    one = shell(*ASK, "--as-of", "2016-05-09", "--json", cwd=tmp_path, env=env)
    other = shell(
        *ASK, "--as-of", "2016-05-09", "--json", cwd=tmp_path, env={**env, "TZ": "UTC", "PYTHONHASHSEED": "8"}
    )
    assert one.stdout == other.stdout != ""


def test_an_interrupt_while_it_loads_is_told_like_any_other(tmp_path: Path) -> None:
    codes = []
    for wait in (0.15, 0.25, 0.35, 0.5):
        with subprocess.Popen(
            [sys.executable, "-m", "dualtrack", "know", "ask"], cwd=tmp_path, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            time.sleep(wait)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
        codes.append(process.returncode)
        assert "SchemaError" not in said
    assert INTERRUPTED in codes


def test_a_command_run_in_a_program_leaves_its_signals_alone(run: Shell) -> None:
    before = signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGINT)
    assert run("know", "ask").code == 0
    assert (signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGINT)) == before
