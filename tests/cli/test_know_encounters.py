"""``dualtrack know encounters``: what is written and said, what is refused, watching, killing, a cluster."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from commanding import completed
from dualtrack.cli.app import app
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.tracks.encounter import ABSENCE, COLUMNS
from dualtrack.tracks.store import Store
from flying import crossing, straight, table

COMMAND = [sys.executable, "-m", "dualtrack", "know", "encounters"]
EVERYTHING = {
    "encounters.csv", "encounters.parquet", "encounters.geojson", "encounters.json", "report.html", "finding.json",
    "draft.csv",
}  # fmt: skip


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return completed("know", "encounters", *words, cwd=cwd)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    folder = tmp_path_factory.mktemp("written")
    table(folder / "tracks.csv", [*crossing(), *straight("~ABCDEF", (0.0001, 19.6), (0.0, 0.002), 30000.0)])
    return run("tracks.csv", "-o", "out", "--verify", cwd=folder), folder / "out"


def test_a_folder_gets_everything_and_each_says_that_absence_is_no_evidence(
    written: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, out = written
    assert done.returncode == 0, done.stderr
    assert {path.name for path in out.iterdir()} == EVERYTHING
    assert (
        "1 close encounter within 5\u00a0nmi (9.3\u00a0km) and 1,000\u00a0ft; 2 more are likely ghosts" in done.stdout
    )
    assert "Verified against the raw reports: 3 of 3." in done.stderr
    for text in (done.stdout, *(path.read_bytes().decode("utf-8", "replace") for path in out.iterdir())):
        assert ABSENCE in text


def test_the_tables_agree(written: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    _, out = written
    rows = list(csv.DictReader(io.StringIO((out / "encounters.csv").read_text("utf-8"))))
    features = json.loads((out / "encounters.geojson").read_text("utf-8"))["features"]
    whole = json.loads((out / "encounters.json").read_text("utf-8"))
    parquet = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(out / "encounters.parquet")]).fetchall()
    assert list(rows[0]) == [*COLUMNS, "caveat"]
    assert [row[:8] for row in parquet] == [tuple(one["properties"].values())[:8] for one in features]
    assert [one["geometry"]["coordinates"] for one in features] == [[r["lon"], r["lat"]] for r in whole["encounters"]]
    for row, one in zip(rows, whole["encounters"], strict=True):
        assert all(row[name].lstrip("'") == ("" if one[name] is None else str(one[name])) for name in COLUMNS)
        assert len(one["reports"]) >= 4
    assert sorted(row["flags"] for row in rows) == ["", "ghost", "ghost;formation"]


def test_the_finding_has_the_raw_reports_as_evidence(
    written: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    finding = Finding.model_validate_json((written[1] / "finding.json").read_text("utf-8"))
    assert {item.table for item in finding.evidence} == {"reports", "address_blocks"}
    assert ABSENCE in finding.caveats
    assert finding.parameters["horizontal_m"] == 9260.0
    assert {source.title for source in finding.sources} >= {"tracks.csv"}


def test_draft_rows_leave_to_a_person_what_tracks_do_not_tell(
    written: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    (row,) = csv.DictReader(io.StringIO((written[1] / "draft.csv").read_text("utf-8")))
    assert (row["actor_a_state"], row["actor_b_state"], row["domain"]) == ("RUS", "GBR", "air")
    assert (row["kind"], row["severity"], row["who_alleges"], row["sources"]) == ("", "", "", "")
    assert float(row["min_distance_m_low"]) < 1105.7 < float(row["min_distance_m_high"])


@pytest.mark.parametrize("name", ["e.csv", "e.parquet", "e.geojson", "e.json", "e.html"])
def test_one_file_by_its_ending_says_it_even_where_nothing_is_found(tmp_path: Path, name: str) -> None:
    table(tmp_path / "tracks.csv", straight("43c001", (0, 0), (0, 0.001), 30000.0))
    done = run("tracks.csv", "-o", name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "No close encounter within" in done.stdout
    assert ABSENCE in done.stdout
    assert ABSENCE in (tmp_path / name).read_bytes().decode("utf-8", "replace")
    assert {path.name for path in tmp_path.iterdir()} == {"tracks.csv", name}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--horizontal", "5"], "--horizontal '5' has no unit"),
        (["--horizontal", "5nmiles"], "'nmiles' is no unit of length. Known: m, km, nmi"),
        (["--horizontal", "-5nmi"], "--horizontal '-5nmi' is not a length"),
        (["--vertical", "0ft"], "--vertical '0ft' is nothing"),
        (["--max-gap", "60m"], "'m' is no unit of span of time"),
        (["--from", "2023-13"], "--from '2023-13' is neither a day nor a time"),
        (["--from", "2023-11-15", "--to", "2023-11-14"], "--from is not before --to"),
        (["--as", "opensy"], "Did you mean opensky?"),
        (["--column", "t"], "does not say what a column holds"),
        (["--column", "t=zeit"], "no column called 'zeit'"),
        (["--as", "opensky", "--column", "t=t"], "--as and --column are given"),
        (["--watch"], "--watch needs folders"),
        (["--cluster", "tcp://127.0.0.1:9", "--workers", "2"], "--cluster and --workers are given"),
        (["-o", "out.xlsx"], "there is no format with this ending"),
        (["-o", "none/out.csv"], "There is no folder"),
        (["missing.csv"], "missing.csv cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    table(tmp_path / "tracks.csv", crossing())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput) as refused:
        app(
            ["know", "encounters", "tracks.csv", *words, *([] if "-o" in words else ["-o", "out"])],
            standalone_mode=False,
        )
    assert said in " ".join(str(refused.value).split())
    assert [path.name for path in tmp_path.iterdir()] == ["tracks.csv"]


def test_a_refusal_is_exit_code_2_and_no_traceback(tmp_path: Path) -> None:
    done = run("missing.csv", "-o", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("dualtrack: missing.csv cannot be read: ")
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_kept_searched_again_and_resumed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    table(tmp_path / "in" / "one.csv", crossing())
    first = run("in", "--store", "kept", "-o", "a.json", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert run("kept", "-o", "b.json", "--json", cwd=tmp_path).stdout == (tmp_path / "b.json").read_text("utf-8")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert len(list((tmp_path / "kept" / "runs").iterdir())) == 1
    assert run("kept", "-o", "c.json", "--horizontal", "500m", cwd=tmp_path).returncode == 0
    assert len(list((tmp_path / "kept" / "runs").iterdir())) == 2


def test_workers_change_nothing(tmp_path: Path) -> None:
    rows = [(t + 3500 * k, who, lat, lon, alt) for k in range(3) for t, who, lat, lon, alt in crossing()]
    table(tmp_path / "tracks.csv", rows)
    for workers in (1, 2):
        done = run("tracks.csv", "-o", f"{workers}.json", "--workers", str(workers), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


def waited(what: Any, process: subprocess.Popen[str], seconds: float = 40) -> None:
    """Waits until something is so, while a process runs."""
    end = time.monotonic() + seconds
    while not what():
        assert process.poll() is None and time.monotonic() < end, process.stderr and process.stderr.read()
        time.sleep(0.1)


def test_a_watched_folder_takes_up_new_files_and_ends_with_an_interrupt(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "README.md").write_text("Tracks.", "utf-8")
    table(tmp_path / "in" / "one.csv", crossing())
    command = [*COMMAND, "in", "--store", "kept", "-o", "out.json", "--watch"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            waited((tmp_path / "out.json").exists, process)
            (tmp_path / "in" / "bad.csv").write_text("a,b\n1,2\n", "utf-8")
            (tmp_path / "in" / "README.md").write_text("Tracks of May.", "utf-8")
            later = [(t + 4000, who, *rest) for t, who, *rest in crossing("43c009", "151009")]
            table(tmp_path / "in" / "two.csv", later)  # type: ignore[arg-type]
            waited(lambda: b"151009" in (tmp_path / "out.json").read_bytes(), process)
        finally:
            process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "bad.csv:1: no adapter knows its columns" in errors
    assert errors.count("dualtrack: passed over, no track files by their ending: in/README.md") == 1
    assert errors.count("README.md") == errors.count("dualtrack: in/bad.csv") == 1
    assert len(Store(tmp_path / "kept").manifest.inputs) == 2


def test_killed_at_any_moment_it_leaves_a_whole_output_or_none(tmp_path: Path) -> None:
    table(tmp_path / "tracks.csv", crossing())
    began = time.monotonic()
    subprocess.run([*COMMAND, "tracks.csv", "--store", "a", "-o", "a.json"], cwd=tmp_path, check=True)
    whole = time.monotonic() - began
    for k in range(3):
        command = [*COMMAND, "tracks.csv", "--store", "b", "-o", "b.json"]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(whole * (k + 1) / 4)
            os.kill(process.pid, signal.SIGKILL)
        if (tmp_path / "b.json").exists():
            assert (tmp_path / "b.json").read_bytes() == (tmp_path / "a.json").read_bytes()
    assert run("tracks.csv", "--store", "b", "-o", "b.json", cwd=tmp_path).returncode == 0
    assert (tmp_path / "b.json").read_bytes() == (tmp_path / "a.json").read_bytes()
