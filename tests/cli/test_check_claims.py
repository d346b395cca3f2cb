"""``dualtrack check claims`` as a user runs it: exit codes, files written, what stands on the screen."""

import csv
import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from commanding import completed
from dualtrack.claims.claim import read_claim

TEXT = """\
number: tst001
statement: Only Estonia and Poland spend two percent.
variants: []
speaker: {name: A. Nalyst, role: analyst, state: DEU, side: analyst}
said: 2016-05
sources: [seed]
topic: spending
ask: {analysis: spending_guideline, parameters: {year: 2015, group: eastern_flank}}
test: {comparator: set_equal, value: [EST, POL]}
readings: [eastern_flank]
recorded: {said: supported, latest: contradicted}
"""
STALE = TEXT.replace("latest: contradicted", "latest: supported")


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return completed("check", "claims", *words, COLUMNS="200")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "only-two.yml"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def stale(tmp_path: Path) -> Path:
    path = tmp_path / "only-two.yml"
    path.write_text(STALE, "utf-8")
    return path


def test_as_recorded_is_exit_0_whatever_the_verdict(file: Path) -> None:
    done = run(file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "supported               only-two  EST, POL · holds in 3 of 3 readings, 2 of 2 editions" in done.stdout
    assert "today contradicted: POL" in done.stdout


def test_a_changed_verdict_is_exit_1_and_named(stale: Path) -> None:
    done = run(stale)
    assert done.returncode == 1
    assert "CHANGED                 only-two  latest: supported → contradicted" in done.stdout


def test_a_broken_file_is_exit_2_with_its_line(file: Path) -> None:
    file.write_text(TEXT.replace("topic: spending", "topic: sports"), "utf-8")
    done = run(file)
    assert done.returncode == 2
    assert f"{file}:7 [topic]" in done.stderr
    assert "Traceback" not in done.stderr


def test_private_readings_are_exit_2(file: Path) -> None:
    file.write_text(TEXT.replace("[eastern_flank]", "[{eastern_flank: mine}]"), "utf-8")
    done = run(file)
    assert done.returncode == 2
    assert "private readings" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-k", "and and"], "cannot be read"),
        (["-k", "nosuchword"], "chooses none"),
        (["--update"], "needs --reason"),
        (["--reason", "x"], "without --update"),
        (["--as-of", "2016", "--update", "--reason", "x"], "cannot go together"),
        (["--diff", "2016", "soon"], "not a date"),
        (["--life", "no-such-claim"], "no claim called"),
        (["--as-of", "2016-13"], "not a date"),
        (["missing.yml"], "no claim file"),
    ],
)
def test_what_cannot_be_meant_is_exit_2(words: list[str], said: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_update_and_again_is_exit_0(stale: Path) -> None:
    done = run(stale, "--update", "--reason", "The edition of 2025.")
    assert done.returncode == 0
    assert "supported → contradicted" in done.stderr
    assert read_claim(stale).history[0].reason == "The edition of 2025."
    assert run(stale).returncode == 0


def test_junit_is_read_by_a_parser(stale: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    assert run(stale, "--junit", report).returncode == 1
    [suite] = ElementTree.parse(report).getroot()
    [case] = suite
    assert (suite.get("tests"), suite.get("failures"), case.get("name")) == ("1", "1", "only-two")
    failure = case.find("failure")
    assert failure is not None and failure.get("message") == "latest: supported → contradicted"


def test_json_holds_both_verdicts_and_the_readings(file: Path) -> None:
    made = json.loads(run(file, "--json").stdout)
    [claim] = made["claims"]
    assert (claim["verdict"], claim["value"]) == ("supported", "EST, POL")
    assert claim["when_said"]["holds"]["readings"] == {"holds": 3, "of": 3}
    assert claim["latest"]["verdict"] == "contradicted"
    assert made["by_side"][0]["verdicts"]["supported"] == 1
    assert claim["latest"]["flipped_by"]["editions"]


def test_history_grows_with_every_run(file: Path, tmp_path: Path) -> None:
    history = tmp_path / "history.csv"
    run(file, "--history", history)
    run(file, "--history", history)
    rows = list(csv.DictReader(history.read_text("utf-8").splitlines()))
    assert [row["verdict"] for row in rows] == ["supported", "contradicted"] * 2
    assert {row["claim"] for row in rows} == {"only-two"}


def test_history_does_not_write_into_another_file(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    done = run(file, "--history", other)
    assert done.returncode == 2
    assert other.read_text("utf-8") == "a,b\n1,2\n"


def test_diff_tells_what_is_new(file: Path) -> None:
    done = run(file, "--diff", "2016-05", "2026-11")
    assert done.returncode == 0
    assert "new editions: 2019-06-25, 2024-06-17, 2025-08-28" in done.stdout
    assert "1 of 1 verdicts differ." in done.stdout
    made = json.loads(run(file, "--diff", "2016-05", "2026-11", "--json").stdout)
    assert made[0]["new"]["verdict"] == "contradicted"


def test_a_life_has_a_line_per_turn(file: Path) -> None:
    done = run(file, "--life", "only-two")
    assert "2025-08-28  contradicted" in done.stdout
    made = json.loads(run(file, "--life", "tst001", "--json").stdout)
    assert [turn["verdict"] for turn in made["life"]] == ["supported", "contradicted"]


def test_the_report_says_whose_claims_they_are(file: Path) -> None:
    done = run(file, "--report")
    assert "analysts" in done.stdout
    assert "1 of 1" in done.stdout


def test_cards_are_written_for_each_claim(file: Path, tmp_path: Path) -> None:
    assert run(file, "--cards", tmp_path / "cards").returncode == 0
    assert {path.name for path in (tmp_path / "cards").iterdir()} == {"only-two.html", "only-two.json", "only-two.md"}


def test_one_claim_of_ours_by_its_number() -> None:
    done = run("-k", "cp015")
    assert done.returncode == 0
    assert "1 claim: 1 supported." in done.stdout
