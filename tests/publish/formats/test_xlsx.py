"""Workbooks read back by openpyxl."""

import io
import re
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from dualtrack.api import open_record
from dualtrack.core.errors import BadInput
from dualtrack.publish.formats.xlsx import rows as write
from dualtrack.publish.tables import selected
from dualtrack.record.formula import plain_cell
from dualtrack.record.store import packaged
from dualtrack.record.validate import validate

RECORD = open_record(date(2026, 11, 25))


def book(table: str, where: str = "") -> Workbook:
    return load_workbook(io.BytesIO(write(*selected(RECORD, table, where), RECORD)))


@pytest.mark.parametrize("table", ["exercises", "questions", "statements", "spending_lists", "country_year"])
def test_the_data_sheet_is_the_table(table: str) -> None:
    spec, rows = selected(RECORD, table)
    sheet = book(table)[table]
    header, *lines = sheet.iter_rows(values_only=True)
    assert list(header) == [field.name for field in spec.fields]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        found = [plain_cell(value) if isinstance(value, str) else value for value in line]
        assert found == [row[field.name] for field in spec.fields]


@pytest.mark.parametrize("table", ["exercises", "questions", "spending_lists", "sources"])
def test_it_can_be_laid_over_the_record_and_changes_nothing(table: str, tmp_path: Path) -> None:
    path = tmp_path / "taken-away.xlsx"
    path.write_bytes(write(*selected(RECORD, table), RECORD))
    report = validate(path, packaged())
    assert (report.faults, report.replaced) == ([], [])
    assert report.counts[table] == len(RECORD.rows(table))


def test_numbers_are_numbers_and_dates_stay_text() -> None:
    sheet = book("exercises")["exercises"]
    columns = {cell.value: cell.column - 1 for cell in sheet[1]}
    for line in sheet.iter_rows(min_row=2):
        assert line[columns["start"]].data_type == "s"
        assert line[columns["lat"]].data_type == "n"
        assert line[columns["troops_high"]].data_type == "n"
    starts = {str(line[columns["start"]].value) for line in sheet.iter_rows(min_row=2)}
    assert any(re.fullmatch(r"\d{4}-\d{2}", start) for start in starts)


def test_no_cell_is_a_formula() -> None:
    for sheet in book("questions"):
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "+", "@"))


def test_it_is_ready_to_work_with() -> None:
    workbook = book("exercises")
    assert workbook.sheetnames == ["exercises", "codebook", "sources", "cite"]
    data = workbook["exercises"]
    assert data.freeze_panes == "A2"
    assert data.auto_filter.ref == data.dimensions
    assert all(8 <= dimension.width <= 60 for dimension in data.column_dimensions.values())
    assert data["A1"].font.bold


def test_sources_are_those_of_the_rows() -> None:
    _, rows = selected(RECORD, "exercises", "id = 'kavkaz-2008'")
    sheet = book("exercises", "id = 'kavkaz-2008'")["sources"]
    assert [line[0] for line in sheet.iter_rows(min_row=2, values_only=True)] == sorted(rows[0].sources)
    cited = "\n".join(str(line[0]) for line in book("exercises")["cite"].iter_rows(values_only=True))
    assert "CC-BY-4.0" in cited and "dualtrack contributors" in cited


def test_the_codebook_has_a_line_for_each_column() -> None:
    spec, _ = selected(RECORD, "exercises")
    lines = list(book("exercises")["codebook"].iter_rows(min_row=2, values_only=True))
    assert [line[0] for line in lines] == [field.name for field in spec.fields]
    assert all(line[1] and line[3] and "`" not in str(line) for line in lines)


def test_no_time_of_writing_is_in_it() -> None:
    with zipfile.ZipFile(io.BytesIO(write(*selected(RECORD, "groups"), RECORD))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2026-11-24T00:00:00Z") == 2


def test_without_the_extra_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(BadInput, match=r"dualtrack\[xlsx\]"):
        write(*selected(RECORD, "groups"), RECORD)


def test_what_is_written_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(write(*selected(RECORD, "exercises", ""), RECORD))
    assert len(open_record("2026-11-25", folder=path).rows("exercises")) == len(RECORD.rows("exercises"))
