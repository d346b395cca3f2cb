"""``dualtrack choose``: what is printed, what is refused, and what an interruption leaves."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dualtrack.choice import verification
from dualtrack.choice.verification.target import Check
from dualtrack.cli.app import app
from dualtrack.core.errors import BadInput


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["choose", *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_a_world_is_solved_with_where_it_comes_from() -> None:
    text = run("solve", "warsaw-2016")
    assert "deterrence only" in text and "neutral priors" in text and "none of them a forecast" in text
    found = json.loads(run("solve", "warsaw-2016", "--json"))
    assert found["chooser"] == "A" and found["priors"] == "neutral" and len(found["scenario_sha256"]) == 64
    assert [one["package"] for one in found["packages"]][:4] == [
        "status quo",
        "deterrence only",
        "dialogue only",
        "both",
    ]


def test_a_run_is_made_taken_up_and_told(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    assert "64 neutral" in run("explore", "2025", "--worlds", "64", "-o", folder)
    assert "128 neutral" in run("explore", "2025", "--worlds", "128", "-o", folder)
    said = run("report", folder)
    assert "not probabilities" in said and (tmp_path / "run" / "report.html").is_file()
    with pytest.raises(BadInput, match="another seed"):
        run("explore", "2025", "--worlds", "64", "--seed", "1", "-o", folder)
    with pytest.raises(BadInput, match="leave --workers out"):
        run("explore", "2025", "-o", folder, "--workers", "2", "--cluster", "tcp://127.0.0.1:1")


def test_a_broken_scenario_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("title: Own\nchooser: A\n  sides: {}\n", "utf-8")
    for command in (["solve"], ["explore", "-o", str(tmp_path / "run")]):
        with pytest.raises(BadInput, match=r"own\.yml:3"):
            run(command[0], str(tmp_path / "own.yml"), *command[1:])
    assert not (tmp_path / "run").exists()


def test_an_interruption_says_how_to_go_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dualtrack", "choose", "explore", "2025", "--worlds", "200000", "-o", "run"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not list((tmp_path / "run").glob("*.values")) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and "the same command goes on from there" in said and "Traceback" not in said


def test_a_figure_that_is_off_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Check("V3", "Tying hands", "q*", 0.5, 0.5, "equal", 0.0, 1e-9, "closed form")
    wrong = Check("V4", "Trust", "m", 0.5, 0.75, "equal", 0.25, 1e-9, "closed form")
    monkeypatch.setattr(verification, "checks", lambda: [right])
    assert "1 of 1 as expected" in run("verify")
    monkeypatch.setattr(verification, "checks", lambda: [right, wrong])
    text = run("verify", code=1)
    assert "OFF V4" in text and "1 of 2 as expected" in text
