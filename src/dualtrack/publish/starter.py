"""A folder to start a record of one's own in: an empty CSV file per table, one workbook of them all, a README."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dualtrack.publish.codebook import meaning, table_section
from dualtrack.publish.workbookfile import saved
from dualtrack.record.formula import safe_cell
from dualtrack.record.load import load
from dualtrack.record.schema import FieldSpec, TableSpec, schemas
from dualtrack.record.store import packaged
from dualtrack.record.table import Cells

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WORKBOOK = "record.xlsx"
_SHOWN = 60  # characters of an example
_CORRECTIONS = """\
# Errors of your sources, or of ours, corrected: never edit the cell. For each: table, row, field, expected (the value
# it has), new, reason, source, status (open, reported or fixed_upstream) and date.
corrections: []
"""
_README = """\
# A record of your own, laid over ours

Fill in the tables you need and delete the others; start with a row of `sources`. Each can be filled in as a CSV file
or as a sheet of `record.xlsx`: use one of the two for a row. Save CSV as UTF-8 with commas. What each column means is
said below and in the workbook's sheet `codebook`; the sheets `readme`, `codebook` and `cite` are not read. Then, beside
this folder:

    dualtrack know validate {folder}
    dualtrack know table exercises --record {folder}
    dualtrack know ask exercises --record {folder}

A row with an id of ours replaces our row whole. Every figure names a source: a row of `sources`, ours or yours.
Leave a cell empty when you do not know; empty is unknown, never zero and never no. Dates are as precise as your
source: 2016, 2016-05 or 2016-05-09. `known_from` is the first day the fact was on public record. Of a column only the
*required* cells must be filled in, and a column that is not required can be left out.
`corrections.yml` lists cells that are wrong in a table you did not write. A `readings/` folder holds readings.
Examples below are rows of ours, to show the form; they are not in your tables.

# What each column means

{codebook}
"""


def starter(folder: str, workbook: bool) -> dict[str, bytes]:
    """The files of a new folder by name.

    Args:
        folder: its name, for the commands in the README.
        workbook: also make the workbook, which needs openpyxl.
    """
    specs = schemas().values()
    examples = {name: next(iter(table.rows.values()), {}) for name, table in load([packaged()]).items()}
    sections = (f"{table_section(spec)}\n\n{_example(examples[spec.table])}".rstrip() for spec in specs)
    text = _README.format(folder=folder, codebook="\n\n".join(sections))
    files = {"README.md": text.encode(), "corrections.yml": _CORRECTIONS.encode()}
    for spec in specs:
        files[f"{spec.table}.csv"] = (",".join(field.name for field in spec.fields) + "\n").encode()
    if workbook:
        files[WORKBOOK] = _workbook(list(specs), examples)
    return files


def _example(cells: Cells) -> str:
    """A row in a line."""
    shown = (f"{name}: `{_cut(value)}`" for name, value in cells.items() if value is not None)
    return f"Example: {' · '.join(shown)}" if cells else ""


def _cut(value: object) -> str:
    text = " ".join(str(value).split()).replace("`", "'")
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _workbook(specs: list[TableSpec], examples: Mapping[str, Cells]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    notes = book.worksheets[0]
    notes.title = "readme"
    for line in ("One sheet per table, one row per fact; the sheet codebook says what each column means.", "Sheets:"):
        notes.append([line])
    _codebook(book.create_sheet("codebook"), specs, examples)
    for spec in specs:
        notes.append([spec.table, spec.title, spec.about])
        _sheet(book.create_sheet(spec.table), spec)
    return saved(book)


def _codebook(sheet: Worksheet, specs: list[TableSpec], examples: Mapping[str, Cells]) -> None:
    """Every column of every table: what it holds and means, its unit, and a cell of ours as an example."""
    from openpyxl.styles import Alignment, Font

    sheet.append(["table", "column", "holds", "unit", "meaning", "example of ours"])
    for spec in specs:
        for field in spec.fields:
            value = examples[spec.table].get(field.name)
            holds, unit, about = meaning(field)
            example = "" if value is None else safe_cell(_cut(value))
            sheet.append([spec.table, field.name, holds, unit, about.replace("`", ""), example])
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
    for letter, width in zip("ABCDEF", (24, 24, 24, 18, 70, 40), strict=True):
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _sheet(sheet: Worksheet, spec: TableSpec) -> None:
    """The header, and columns of text, so that a spreadsheet leaves dates and codes as they are typed."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.append([field.name for field in spec.fields])
    sheet.freeze_panes = "A2"
    for place, field in enumerate(spec.fields, 1):
        column = get_column_letter(place)
        head = sheet.cell(1, place)
        head.font = Font(bold=field.required)
        head.comment = Comment(field.about, "dualtrack")
        sheet.column_dimensions[column].width = max(10, len(field.name) + 2)
        if field.type not in ("integer", "number"):
            sheet.column_dimensions[column].number_format = "@"
        if choices := _choices(field):
            offered = DataValidation("list", formula1=f'"{choices}"', allow_blank=True)
            sheet.add_data_validation(offered)
            offered.add(f"{column}2:{column}10000")


def _choices(field: FieldSpec) -> str:
    """The codes a cell can be chosen from; a spreadsheet takes at most 255 characters of them."""
    choices = ",".join(field.values)
    return choices if field.type == "code" and len(choices) <= 255 and '"' not in choices else ""
