"""``dualtrack choose``: what is printed, what is refused, and what an interruption leaves."""

import csv
import io
import json
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dualtrack.choice import run as runs
from dualtrack.choice import verification
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.verification.target import Check
from dualtrack.cli.app import app
from dualtrack.core.errors import BadInput
from dualtrack.publish.choices import report, telling

NAMES = ["status quo", "deterrence only", "dialogue only", "both"]
SETS = 4  # of priors


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["choose", *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def times(folder: Path) -> dict[str, int]:
    """When each shard of a run was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.values")}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards and samples so small that a run and its report take a moment; one chart of the seven, tested elsewhere."""
    monkeypatch.setattr(runs, "SHARD", 16)
    monkeypatch.setattr(telling, "INDICES", 8)
    monkeypatch.setattr(report, "_DRAWN", report._DRAWN[:1])


def test_a_world_is_solved_with_where_it_comes_from() -> None:
    text = run("solve", "warsaw-2016")
    assert "neutral priors" in text and "none of them a forecast" in text
    found = json.loads(run("solve", "warsaw-2016", "--json"))
    assert found["chooser"] == "A" and found["priors"] == "neutral" and len(found["scenario_sha256"]) == 64
    assert [one["package"] for one in found["packages"]][:4] == NAMES
    for one in found["packages"]:
        assert set(one) == {"package", *OUTCOMES}
        [line] = [line for line in text.splitlines() if line.startswith(f"  {one['package']}  ")]
        assert f"{one['value']:.3f}" in line and f"{one['support']:.3%}" in line, "the text has the same figures"


def test_adapting_is_told_between_bounds() -> None:
    found = json.loads(run("solve", "warsaw-2016", "--adaptive", "--json"))["adaptive"]
    for name in ("value", "adapting", "knowing", "review_after_4_quarters"):
        low, high = found[name]
        assert low <= high, name
    text = run("solve", "warsaw-2016", "--adaptive")
    assert "{:.3f} to {:.3f}".format(*found["adapting"]) in text and "does not look ahead" in text


@pytest.mark.usefixtures("small")
def test_a_run_is_made_taken_up_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert "48 packages in 16 neutral, 16 article" in run("explore", "2025", "--worlds", "16", "-o", str(folder))
    first = times(folder)
    assert len(first) == SETS
    run("explore", "2025", "--worlds", "16", "-o", str(folder))
    assert times(folder) == first, "what is done is not done again"
    assert "32 neutral" in run("explore", "2025", "--worlds", "32", "-o", str(folder))
    assert len(times(folder)) == 2 * SETS and times(folder).items() >= first.items(), "a longer run goes on from there"
    said = run("report", str(folder))
    assert "not probabilities" in said and (folder / "report.html").is_file()


@pytest.mark.usefixtures("small")
def test_another_question_does_not_get_into_a_run(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    run("explore", "2025", "--worlds", "16", "-o", folder)
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    with pytest.raises(BadInput, match="another seed"):
        run("explore", "2025", "--worlds", "16", "--seed", "1", "-o", folder)
    with pytest.raises(BadInput, match="another scenario"):
        run("explore", "warsaw-2016", "--worlds", "16", "-o", folder)
    with pytest.raises(BadInput, match="leave --workers out"):
        run("explore", "2025", "-o", folder, "--workers", "2", "--cluster", "tcp://127.0.0.1:1")
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before


@pytest.mark.usefixtures("small")
def test_an_export_has_a_row_for_each_world_and_package(tmp_path: Path) -> None:
    command = ["explore", "warsaw-2016", "--worlds", "16", "-o", str(tmp_path / "run"), "--export"]
    run(*command, str(tmp_path / "results.tar.gz"))
    with tarfile.open(tmp_path / "results.tar.gz", "r:gz") as archive:
        text = archive.extractfile("experiments.csv").read().decode()  # type: ignore[union-attr]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["policy"] for row in rows} >= set(NAMES) and len({row["scenario"] for row in rows}) == 16
    assert len(rows) == 16 * len({row["policy"] for row in rows})
    with pytest.raises(BadInput, match="cannot be written"):
        run(*command, str(tmp_path / "not there" / "results.tar.gz"))


def test_a_broken_scenario_is_told_with_its_place(tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    own.write_text("title: Own\nchooser: A\n  sides: {}\n", "utf-8")
    for command in (["solve"], ["explore", "-o", str(tmp_path / "run")]):
        with pytest.raises(BadInput, match=r"own\.yml:3"):
            run(command[0], str(own), *command[1:])
    assert not (tmp_path / "run").exists()
    own.write_text(
        'title: Own\nquestion: Which?\nas_of: "2016-05-09"\nchooser: A\nsides:\n  A:\n    name: One\n    alliance:\n'
        "      tripp: {range: 0, why: weak}\n  B: {name: Other}\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "dualtrack", "choose", "solve", "own.yml"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr
    assert "own.yml:9" in done.stderr and "Did you mean trip" in done.stderr


def test_an_interruption_says_how_to_go_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dualtrack", "choose", "explore", "2025", "--worlds", "200000", "-o", "run"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    folder, until = tmp_path / "run", time.monotonic() + 60
    while not times(folder) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and "the same command goes on from there" in said and "Traceback" not in said
    left = times(folder)
    with pytest.raises(BadInput, match="not finished"):
        run("report", str(folder))
    run("explore", "2025", "--worlds", "64", "-o", str(folder))
    assert left and times(folder).items() >= left.items(), "it does go on from there"


def test_every_figure_with_a_known_answer_is_printed_and_met() -> None:
    *lines, last = run("verify").splitlines()
    assert {line.split()[1] for line in lines} == set(verification.targets())
    assert all(line.startswith("ok ") for line in lines)
    assert last == f"{len(lines)} of {len(lines)} as expected."


def test_a_figure_that_is_off_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Check("V3", "Tying hands", "q*", 0.5, 0.5, "equal", 0.0, 1e-9, "closed form")
    wrong = Check("V4", "Trust", "m", 0.5, 0.75, "equal", 0.25, 1e-9, "closed form")
    monkeypatch.setattr(verification, "checks", lambda: [right])
    assert "1 of 1 as expected" in run("verify")
    monkeypatch.setattr(verification, "checks", lambda: [right, wrong])
    text = run("verify", code=1)
    assert "OFF V4" in text and "1 of 2 as expected" in text
    told = CliRunner().invoke(app, ["choose", "verify", "--json"])
    assert told.exit_code == 1
    assert [(one["id"], one["expected"], one["got"], one["holds"]) for one in json.loads(told.stdout)] == [
        ("V3", 0.5, 0.5, True), ("V4", 0.5, 0.75, False),
    ]  # fmt: skip
