"""init, know validate and know diff as a user meets them: what is printed, and how they end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from commanding import Shell
from conftest import WriteFiles
from dualtrack.analyses.contract import analyses
from dualtrack.record.schema import schemas

HEADER = "id,name,lead_states,side,start,end,place,in_zone,domain,structure,troops_low,troops_high,kind,notified,observers_invited,sources"  # noqa: E501
ROW = "mine-1,Mine,EST,nato,2016-05-02,2016-05-20,Tapa,yes,land,single,1000,2000,scheduled,yes,yes,seed"

SLOW = {"activity_limits", "founding_act", "model", "proposal", "reinforcement", "support", "support_backtest", "unity"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out of a comparison the questions that take long; tests/docs/test_updating.py asks them all."""
    kept = {name: one for name, one in analyses().items() if name not in SLOW}
    monkeypatch.setattr("dualtrack.publish.reread.analyses", lambda: kept)


def test_init_then_validate_then_not_again(run: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    done = run("init", folder)
    assert (done.code, done.err) == (0, "")
    assert "know validate" in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert "| troops_announced |" in (folder / "README.md").read_text("utf-8")
    assert run("know", "validate", folder) == (0, f"{folder}: no faults; 0 rows of {len(schemas())} tables read.\n", "")
    before = sorted((path.name, path.read_bytes()) for path in folder.iterdir())
    assert run("init", folder).code == 2
    assert sorted((path.name, path.read_bytes()) for path in folder.iterdir()) == before


def test_init_takes_an_empty_folder_but_no_file_and_no_folder_that_is_not_there(run: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    assert run("init", tmp_path / "empty").code == 0
    assert run("init", tmp_path / "file").code == 2
    assert run("init", tmp_path / "no" / "where").code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file"]


def test_init_that_fails_leaves_nothing(run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dualtrack.core.wholefile.os.fsync", full)
    done = run("init", tmp_path / "mine")
    assert done.code == 2 and "No space left on device" in done.err
    assert list(tmp_path.iterdir()) == []


def test_init_without_openpyxl_makes_the_rest(run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dualtrack.cli.init.find_spec", lambda name: None)
    done = run("init", tmp_path / "mine")
    assert done.code == 0 and 'pip install "dualtrack[xlsx]"' in done.err
    assert not list((tmp_path / "mine").glob("*.xlsx"))


def test_validate_tells_all_faults_and_ends_with_one(run: Shell, overlay: WriteFiles) -> None:
    folder = overlay({"exercises.csv": f"{HEADER}\n{ROW.replace('2016-05-20', '2016-04-31').replace('seed', 'sed')}\n"})
    done = run("know", "validate", folder)
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines() == [
        f"{folder}/exercises.csv:2 [end]: '2016-04-31' is not a date that exists. "
        "Write 2016, 2016-05 or 2016-05-09 (ISO 8601).",
        f"{folder}/exercises.csv:2 [sources]: 'sed' is not a row of sources. "
        "Did you mean seed? Add it to sources or correct the id.",
        "",
        "2 faults in 1 file; 1 row of 1 table read. Nothing of it can be used until all are mended.",
    ]
    done = run("know", "validate", folder, "--json")
    said = json.loads(done.out)
    assert done.code == 1
    assert (said["rows"], said["tables"]) == (1, {"exercises": 1})
    assert [(f["line"], f["column"]) for f in said["faults"]] == [(2, "end"), (2, "sources")]


def test_validate_says_which_rows_of_ours_are_replaced_and_which_cells_corrected(
    run: Shell, overlay: WriteFiles
) -> None:
    header = "state,year,share_of_gdp_pct,edition,source,series,definition"
    entry = {"table": "spending", "row": "EST.2015.nato.2025-08-28", "field": "share_of_gdp_pct", "expected": 1.5,
             "new": 2.5, "reason": "a slip", "status": "reported", "date": "2026-11"}  # fmt: skip
    folder = overlay(
        {
            "spending.csv": f"{header}\nEST,2015,1.5,2025-08-28,seed,nato,defence\n",
            "corrections.yml": json.dumps({"corrections": [entry]}),
        }
    )
    done = run("know", "validate", folder)
    assert (done.code, done.out.splitlines()) == (
        0,
        [
            "1 row of yours in place of ours: spending/EST.2015.nato.2025-08-28",
            "corrected: spending/EST.2015.nato.2025-08-28 share_of_gdp_pct: 1.5 → 2.5 (reported; a slip)",
            f"{folder}: no faults; 1 row of 1 table read.",
        ],
    )
    said = json.loads(run("know", "validate", folder, "--json").out)
    assert said["replaced"] == ["spending/EST.2015.nato.2025-08-28"]
    assert [(c["row"], c["was"], c["now"], c["status"]) for c in said["corrected"]] == [
        ("EST.2015.nato.2025-08-28", 1.5, 2.5, "reported")
    ]


def test_validate_does_not_repeat_itself(run: Shell, overlay: WriteFiles) -> None:
    rows = "\n".join(ROW.replace("mine-1", f"mine-{n}").replace("scheduled", "drill") for n in range(40))
    folder = overlay({"exercises.csv": f"{HEADER}\n{rows}\n"})
    lines = run("know", "validate", folder).out.splitlines()
    assert len(lines) == 8
    assert lines[5].endswith("[kind]: the same in 35 more lines, from line 7 on; --json lists all.")
    assert len(json.loads(run("know", "validate", folder, "--json").out)["faults"]) == 40


def test_validate_of_nothing_is_bad_input(run: Shell, tmp_path: Path) -> None:
    done = run("know", "validate", tmp_path / "nowhere")
    assert done.code == 2 and done.out == "" and "nowhere" in done.err


def test_validate_shows_how_far_it_is_on_a_terminal_only(
    run: Shell, overlay: WriteFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = overlay({"exercises.csv": f"{HEADER}\n{ROW}\n"})
    assert run("know", "validate", folder).err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    done = run("know", "validate", folder)
    assert "rows checked" in done.err and done.err.endswith("\x1b[K")


def test_interrupted_it_ends_with_130(overlay: WriteFiles) -> None:
    rows = "\n".join(ROW.replace("mine-1", f"mine-{n}") for n in range(300_000))
    folder = overlay({"exercises.csv": f"{HEADER}\n{rows}\n"})
    command = [sys.executable, "-c", "print(flush=True); from dualtrack.cli import main; main()", "know", "validate"]
    process = subprocess.Popen([*command, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    try:
        process.communicate(timeout=1.5)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err


@pytest.mark.usefixtures("quick")
def test_diff_of_ours_with_ours_is_empty(run: Shell) -> None:
    done = run("know", "diff", "packaged", "packaged")
    assert done.code == 0 and done.out.startswith("No difference: no row, and none of ")


@pytest.mark.usefixtures("quick")
def test_diff_names_rows_cells_and_findings(run: Shell, overlay: WriteFiles, tmp_path: Path) -> None:
    header = "state,year,share_of_gdp_pct,edition,source,series,definition"
    folder = overlay({"spending.csv": f"{header}\nEST,2015,1.5,2025-08-28,seed,nato,defence\n"})
    feed = tmp_path / "feed.atom"
    done = run("know", "diff", "packaged", folder, "--as-of", "2026-11-24", "--feed", feed)
    assert done.code == 0
    assert "spending: 0 added, 1 changed, 0 removed" in done.out
    assert "share_of_gdp_pct: " in done.out and "→ 1.5" in done.out
    assert "answers read otherwise:" in done.out
    assert b"changed: EST: 2015 (spending/EST.2015.nato.2025-08-28)" in feed.read_bytes()
    said = json.loads(run("know", "diff", "packaged", folder, "--as-of", "2026-11-24", "--json").out)
    assert said["counts"] == [{"table": "spending", "added": 0, "changed": 1, "removed": 0}]
    assert said["tables"][0]["changed"][0]["fields"]["share_of_gdp_pct"]["new"] == 1.5
    assert set(said["answers"][0]) == {"kind", "name", "about", "parameters", "old", "new", "headline"}


@pytest.mark.usefixtures("quick")
def test_diff_of_two_days(run: Shell) -> None:
    said = json.loads(run("know", "diff", "2016-05-09", "2016-07-09", "--json").out)
    assert {count["removed"] for count in said["counts"]} == {0}
    assert any(count["added"] for count in said["counts"])
    assert all(answer["old"] != answer["new"] for answer in said["answers"] if answer["headline"])
    assert (said["old"]["as_of"], said["new"]["as_of"]) == ("2016-05-09", "2016-07-09")


@pytest.mark.usefixtures("quick")
def test_diff_of_two_days_of_a_record_of_ones_own(run: Shell, overlay: WriteFiles) -> None:
    folder = overlay({"exercises.csv": f"{HEADER},known_from,known_basis\n{ROW},2016-06-01,dated source\n"})
    done = run("know", "diff", "2016-05-09", "2016-07-09", "--record", folder)
    assert "  + mine-1  Mine" in done.out
    assert "mine-1" not in run("know", "diff", "2016-06-09", "2016-07-09", "--record", folder).out
    assert "mine-1" not in run("know", "diff", "2016-05-09", "2016-07-09").out


@pytest.mark.usefixtures("quick")
def test_a_feed_needs_a_domain_and_a_folder_to_write_to(run: Shell, tmp_path: Path) -> None:
    feed = tmp_path / "f.atom"
    done = run("know", "diff", "2016-06-01", "2016-06-20", "--feed", feed, "--domain", "no domain")
    assert (done.code, feed.exists()) == (2, False) and "example.org" in done.err
    assert run("know", "diff", "2016-06-01", "2016-06-20", "--feed", tmp_path / "no" / "f.atom").code == 2
    assert run("know", "diff", "2016-06-01", "2016-06-20", "--feed", feed, "--domain", "example.org").code == 0
    assert b"<id>tag:example.org,2026:feed/f.atom</id>" in feed.read_bytes()


@pytest.mark.parametrize("side", ["nowhere", "2016-02-30"])
def test_diff_with_nothing_is_bad_input(side: str, run: Shell) -> None:
    done = run("know", "diff", side, "packaged")
    assert done.code == 2 and side in done.err
