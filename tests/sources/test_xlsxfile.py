"""Workbooks of other kinds, damaged ones and ones made to hurt: a message, within bounds. Figures are invented."""

import io
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from invented import nato, sipri
from openpyxl import Workbook, load_workbook

from dualtrack.core.errors import BadInput
from dualtrack.sources import xlsxfile
from dualtrack.sources.xlsxfile import read_book

NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
MEGA = 1024**2


def refusal(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_book(path, "the workbook")
    assert caught.value.fix and str(path) in caught.value.problem
    return caught.value


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def small() -> dict[str, bytes]:
    book, out = Workbook(), io.BytesIO()
    book.worksheets[0].append(["a", 1])
    book.save(out)
    return parts(out.getvalue())


def sheet_of(xml: bytes) -> bytes:
    return packed({**small(), "xl/worksheets/sheet1.xml": b"<worksheet " + NS + b"><sheetData>" + xml})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"   \n", "The file is empty."),
        (b"<html><table><tr><td>1</td></tr></table></html>", "is a web page, not the workbook"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "the old format (.xls), or one with a password"),
        (b"%PDF-1.7", "is a PDF"),
        (b"Country,2020\nEstonia,2\n", "is no workbook (.xlsx)"),
        (b"PK\x03\x04", "damaged or cut off"),
        (packed({"a.csv": b"1,2"}), "a zip archive of a.csv, no workbook"),
        (packed({"xl/workbook.xml": b"<x/>"}), "damaged or cut off"),
    ],
)
def test_what_is_no_workbook_is_told_for_what_it_is(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    assert said in refusal(path).problem


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "book.xlsx").problem
    assert "cannot be read" in refusal(tmp_path).problem


@pytest.mark.parametrize("build", [sipri, nato], ids=["sipri", "nato"])
def test_a_workbook_cut_off_anywhere_is_refused(build: Callable[[Path], Path], tmp_path: Path) -> None:
    data = build(tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    for share in range(1, 20):
        path.write_bytes(data[: len(data) * share // 20])
        assert "damaged or cut off" in refusal(path).problem


BOMBS = {
    "a part of 40 MB": packed({**small(), "xl/worksheets/sheet1.xml": bytes(40 * MEGA)}),
    "many parts": packed({**small(), **{f"xl/{n}.xml": b"<x/>" for n in range(500)}}),
    "entities": packed({**small(), "xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'}),
    "a row of millions of cells": sheet_of(b"<row>" + b"<c/>" * MEGA + b"</row></sheetData></worksheet>"),
    "more rows than a sheet has": sheet_of(b"<row/>" * 30_000 + b"</sheetData></worksheet>"),
    "more rows with something": sheet_of(b"<row><c><v>1</v></c></row>" * 6000 + b"</sheetData></worksheet>"),
    "a row far down": sheet_of(b'<row r="1048576"><c><v>1</v></c></row></sheetData></worksheet>'),
    "nested too deeply": sheet_of(b"<a>" * 100_000),
    "many styles": packed({**small(), "xl/styles.xml": b"<styleSheet " + NS + b"><cellXfs>" + b"<xf/>" * 500_000}),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_workbook_made_to_hurt_is_refused_before_it_does(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(BOMBS[kind])
    assert len(BOMBS[kind]) < 2 * MEGA
    began = time.monotonic()
    refusal(path)
    assert time.monotonic() - began < 20


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsxfile, "LARGEST", 100)
    assert "larger than 100 bytes" in refusal(sipri(tmp_path / "book.xlsx")).problem


def test_without_openpyxl_the_install_line_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sipri(tmp_path / "book.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    error = refusal(path)
    assert "openpyxl" in error.problem and 'pip install "dualtrack[xlsx]"' in error.fix


def test_an_old_workbook_is_not_told_to_be_installed_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    path = tmp_path / "book.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    assert "save it as .xlsx" in refusal(path).fix


def test_merged_formatted_and_hidden_cells_are_read_as_they_stand(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Title over all", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append(["x", 0.025, None, 7])
    sheet["B2"].number_format = "0.0%"
    sheet.row_dimensions[2].hidden = True
    book.save(tmp_path / "book.xlsx")
    (read,) = read_book(tmp_path / "book.xlsx", "the workbook").sheets
    assert [(line, [cell.value for cell in row]) for line, row in read.rows] == [
        (1, ["Title over all"]), (2, ["x", 0.025, None, 7])
    ]  # fmt: skip
    assert read.rows[1][1][1].shown == "0.0%"


def test_colours_by_index_and_by_rgb(tmp_path: Path) -> None:
    from openpyxl.styles import Font
    from openpyxl.styles.colors import Color

    book = Workbook()
    sheet = book.worksheets[0]
    colours = [
        Color(indexed=12),
        Color(indexed=10),
        "FF0000FF",
        "FFFF0000",
        "FF0070C0",
        "FF000000",
        Color(theme=1),
        None,
    ]
    sheet.append([float(at) for at in range(len(colours))])
    for cell, colour in zip(sheet[1], colours, strict=True):
        cell.font = Font(color=colour)
    book.save(tmp_path / "book.xlsx")
    (read,) = read_book(tmp_path / "book.xlsx", "the workbook").sheets
    assert [cell.colour for cell in read.rows[0][1]] == ["blue", "red", "blue", "red", "blue", "", "", ""]


def test_what_a_formula_last_showed_counts(tmp_path: Path) -> None:
    """openpyxl writes no results; a formula without one is an empty cell."""
    path = sipri(tmp_path / "book.xlsx")
    book = load_workbook(path)
    book["Share of GDP"]["D14"].value = "=1+1"
    book.save(path)
    sheet = next(sheet for sheet in read_book(path, "the workbook").sheets if sheet.name == "Share of GDP")
    row = next(row for line, row in sheet.rows if line == 14)
    assert (row[0].value, row[3].value) == ("Estonia", None)
