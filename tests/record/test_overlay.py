"""Rows of one's own, in CSV files, workbooks or both, are asked like ours."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from conftest import WriteFiles
from dualtrack.api import open_record
from dualtrack.publish.starter import WORKBOOK, starter
from dualtrack.record.load import load
from dualtrack.record.schema import schemas
from dualtrack.record.store import packaged
from dualtrack.record.validate import validate

EXERCISE: dict[str, Any] = {
    "id": "mine-2016",
    "name": "Mine 2016",
    "lead_states": "EST",
    "side": "nato",
    "start": "2016-05-02",
    "place": "Tapa",
    "in_zone": "yes",
    "domain": "land",
    "structure": "single",
    "troops_low": 14000,
    "troops_high": 15000,
    "kind": "scheduled",
    "notified": "yes",
    "observers_invited": "yes",
    "sources": "my-source",
    "known_from": "2016-05-02",
    "known_basis": "public event",
}
SOURCE = {
    "id": "my-source",
    "publisher": "Me",
    "title": "A page",
    "url": "https://example.org/",
    "published": "2016-05",
}


def started(folder: Path) -> Path:
    for name, data in starter(folder.name, True).items():
        (folder / name).write_bytes(data)
    return folder


def typed(path: Path, table: str, cells: dict[str, Any]) -> None:
    """Types a row into a sheet of the template, as somebody would."""
    book = load_workbook(path)
    sheet = book[table]
    for place, field in enumerate(schemas()[table].fields, 1):
        if field.name in cells:
            sheet.cell(2, place).value = cells[field.name]
    book.save(path)


def test_empty_templates_have_no_faults(tmp_path: Path) -> None:
    report = validate(started(tmp_path), packaged())
    assert (report.faults, report.rows) == ([], 0)
    assert set(report.counts) == set(schemas())


def test_the_codebook_says_what_every_column_means_with_an_example(tmp_path: Path) -> None:
    sheet = load_workbook(started(tmp_path) / WORKBOOK)["codebook"]
    lines = {line[:2]: line for line in sheet.iter_rows(min_row=2, values_only=True)}
    assert set(lines) == {(spec.table, field.name) for spec in schemas().values() for field in spec.fields}
    assert lines["exercises", "kind"][4] and "snap" in str(lines["exercises", "kind"][4])
    assert lines["exercises", "id"][5] == next(iter(load([packaged()])["exercises"].rows))
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert f"Example: id: `{lines['exercises', 'id'][5]}`" in readme


def test_a_newcomer_adds_an_exercise_and_a_source_in_the_spreadsheet(tmp_path: Path) -> None:
    folder = started(tmp_path)
    typed(folder / WORKBOOK, "exercises", EXERCISE)
    (fault,) = validate(folder, packaged()).faults
    assert (fault.sheet, fault.line, fault.column) == ("exercises", 2, "sources")
    typed(folder / WORKBOOK, "sources", SOURCE)
    assert validate(folder, packaged()).faults == []

    record = open_record("2016-05-09", folder=folder)
    assert record.row("exercises", "mine-2016")["troops_high"] == 15000
    finding = record.ask("exercises")
    assert "mine-2016" in {item.row for item in finding.evidence if item.table == "exercises"}
    assert "my-source" in {source.id for source in finding.sources}
    assert "mine-2016" not in {row.id for row in open_record("2016-05-09").rows("exercises")}
    assert record.row("exercises", "mine-2016").id in {
        row.id for row in open_record("2016-05-09", folder=folder / WORKBOOK).rows("exercises")
    }


def test_a_changed_workbook_is_read_anew(tmp_path: Path) -> None:
    folder = started(tmp_path)
    typed(folder / WORKBOOK, "sources", SOURCE)
    typed(folder / WORKBOOK, "exercises", EXERCISE)
    assert open_record("2016-05-09", folder=folder).row("exercises", "mine-2016")["place"] == "Tapa"
    typed(folder / WORKBOOK, "exercises", {**EXERCISE, "place": "Adazi"})
    assert open_record("2016-05-09", folder=folder).row("exercises", "mine-2016")["place"] == "Adazi"


@pytest.mark.parametrize("table", ["exercises", "polls", "scrambles", "rules", "encounters", "sources"])
def test_a_table_is_the_same_read_from_either_format(table: str, overlay: WriteFiles, tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO((packaged() / f"{table}.csv").read_text("utf-8"))))
    book = Workbook()
    book.worksheets[0].title = table
    for row in rows:
        book.worksheets[0].append(row)
    for cells in book.worksheets[0].iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    both = load([packaged(), overlay({"ours.xlsx": out.getvalue()})])
    assert both[table].rows == load([packaged()])[table].rows


def test_csv_and_workbook_stand_side_by_side(tmp_path: Path) -> None:
    folder = started(tmp_path)
    typed(folder / WORKBOOK, "exercises", EXERCISE)
    names = [field.name for field in schemas()["sources"].fields]
    (folder / "sources.csv").write_text(f"{','.join(names)}\n{','.join(SOURCE.get(n, '') for n in names)}\n", "utf-8")
    assert open_record("2016-05-09", folder=folder).row("exercises", "mine-2016").sources == ["my-source"]
