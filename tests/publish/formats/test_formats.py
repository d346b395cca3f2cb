"""What holds for every format: found by name, the same bytes twice, nothing lost to a spreadsheet."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.publish.formats import Format, chosen, formats
from dualtrack.publish.formats.csv import rows as csv_rows
from dualtrack.publish.tables import selected, table_names
from dualtrack.record.load import load
from dualtrack.record.store import packaged

RECORD = open_record(date(2026, 11, 25))
ROWS = ["bibtex", "csl", "csv", "geojson", "ics", "json", "parquet", "ris", "table", "xlsx"]


def written(form: str, table: str, where: str = "") -> bytes:
    writer = formats("rows")[form].rows
    assert writer
    spec, rows = selected(RECORD, table, where)
    return writer(spec, rows, RECORD)


def test_each_file_of_the_folder_is_a_format() -> None:
    import dualtrack.publish.formats as folder

    files = {path.stem for path in Path(folder.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(formats("rows")) | set(formats("finding")) == files
    assert list(formats("rows")) == ROWS
    assert all(found.about and found.suffix.startswith(".") and "/" in found.media_type for found in _all())


def _all() -> list[Format]:
    return [*formats("rows").values(), *formats("finding").values()]


@pytest.mark.parametrize("form", ROWS)
def test_the_same_rows_are_the_same_bytes(form: str) -> None:
    assert written(form, "exercises") == written(form, "exercises")


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "table", "xlsx", "bibtex", "csl", "ris"])
def test_every_table_and_panel_can_be_written(form: str) -> None:
    for name in table_names(RECORD):
        if form != "xlsx" or name not in ("dyad_year", "sources"):
            assert written(form, name)


def test_no_rows_is_a_file_too() -> None:
    for form in ROWS:
        assert written(form, "exercises", "id = 'none of these'")


def test_the_format_is_the_one_named_else_that_of_the_file() -> None:
    assert chosen("rows", None, Path("x.XLSX"), "table").name == "xlsx"
    assert chosen("rows", None, Path("x.csl.json"), "table").name == "csl"
    assert chosen("rows", None, Path("x.json"), "table").name == "json"
    assert chosen("rows", "csv", Path("x.json"), "table").name == "csv"
    assert chosen("rows", None, Path("x"), "table").name == "table"
    assert chosen("finding", None, None, "text").name == "text"
    with pytest.raises(NoSuchName, match="xslx"):
        chosen("rows", "xslx", None, "table")
    with pytest.raises(NoSuchName):
        chosen("finding", "ics", None, "text")


def test_a_table_out_as_csv_loads_as_it_was(tmp_path: Path) -> None:
    before = load([packaged()])
    whole = RECORD.at(date(2100, 1, 1))  # as of a day on which no date lies ahead
    for name in RECORD.tables:
        (tmp_path / f"{name}.csv").write_bytes(csv_rows(*selected(whole, name), whole))
    after = load([packaged(), tmp_path])
    for name in RECORD.tables:
        assert after[name].rows == before[name].rows


def test_csv_keeps_negative_numbers_and_quotes_text() -> None:
    positions = [line["position"] for line in csv.DictReader(io.StringIO(written("csv", "statements").decode()))]
    assert "-2" in positions
    scales = [line["scale_minus2"] for line in csv.DictReader(io.StringIO(written("csv", "questions").decode()))]
    assert all(text.startswith("'-2 ") for text in scales)


def test_json_rows_carry_their_permanent_id() -> None:
    found = json.loads(written("json", "exercises"))
    assert found[0]["row"] == "exercises/kavkaz-2008"
    assert found[0]["lat"] == 43.0


@pytest.mark.parametrize(("form", "table"), [("geojson", "polls"), ("ics", "states"), ("ics", "spending")])
def test_a_table_that_cannot_is_told_which_can(form: str, table: str) -> None:
    with pytest.raises(BadInput, match=table):
        written(form, table)


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "dualtrack", *words], cwd=cwd, capture_output=True, check=False)


def test_the_command_writes_a_file_or_standard_output(tmp_path: Path) -> None:
    day = ("--as-of", "2026-11-25")
    assert run("know", "table", "groups", "-o", "groups.parquet", *day, cwd=tmp_path).returncode == 0
    assert (tmp_path / "groups.parquet").read_bytes() == written("parquet", "groups")
    piped = run("know", "table", "groups", "--format", "parquet", *day, cwd=tmp_path)
    assert piped.stdout == written("parquet", "groups")
    lost = run("know", "table", "groups", "-o", "none/groups.csv", cwd=tmp_path)
    assert lost.returncode == 2 and b"cannot be written" in lost.stderr
    assert run("know", "table", "groups", "--format", "xslx", cwd=tmp_path).returncode == 2


def test_a_terminal_gets_no_binary(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "dualtrack", "know", "table", "groups", "--format", "parquet"],
        cwd=tmp_path, stdout=theirs, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert b"-o table.parquet" in done.stderr
