"""Excel workbooks (Office Open XML, ECMA-376): the rows with their codebook, their sources and how to cite them.

Numbers are numbers. Dates stay text in ISO 8601, because many are known to the month or the year only and a
spreadsheet would make up the day. Text that would run as a formula has a quote in front (``record/formula.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING

from dualtrack.core.errors import BadInput
from dualtrack.publish.archive import unzipped, zipped
from dualtrack.publish.cite import LICENCE, LICENCE_URL, of_record, of_rows, sentence
from dualtrack.publish.codebook import meaning
from dualtrack.publish.formats import missing_extra
from dualtrack.publish.workbookfile import saved
from dualtrack.record.cells import Value
from dualtrack.record.formula import safe_cell
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SUFFIX = ".xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = True

_WIDEST = 60
_NARROWEST = 8
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")

Line = Sequence[Value]


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """A workbook of four sheets: the table under its name, codebook, sources, cite; validate reads it back.

    Raises:
        BadInput: openpyxl is not installed, or the disk for temporary files is full.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise BadInput("XLSX cannot be written here.", missing_extra("It", "xlsx")) from None
    book = Workbook()
    data = book.active
    assert data is not None
    data.title = spec.table
    names = [field.name for field in spec.fields]
    _sheet(data, names, ([row[name] for name in names] for row in rows))
    _sheet(
        book.create_sheet("codebook"),
        ["column", "holds", "unit", "meaning"],
        ([field.name, *(text.replace("`", "") for text in meaning(field))] for field in spec.fields),
    )
    if spec.table != "sources":
        columns = [field.name for field in record.spec("sources").fields]
        cited = (record.row("sources", id_) for id_ in sorted({id_ for row in rows for id_ in row.sources}))
        _sheet(book.create_sheet("sources"), columns, ([source[name] for name in columns] for source in cited))
    _sheet(book.create_sheet("cite"), ["cite"], ([line] for line in _cite(spec, rows, record)), filters=False)
    return _settled(saved(book), record)


def _sheet(sheet: Worksheet, header: Sequence[str], lines: Iterable[Line], filters: bool = True) -> None:
    """Fills a sheet: header in bold and frozen, filters, columns as wide as what they hold."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    widths = [len(name) + 3 for name in header]
    sheet.append(list(header))
    for line in lines:
        sheet.append([_cell(value) for value in line])
        widths = [max(width, len(str(value or ""))) for width, value in zip(widths, line, strict=True)]
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # text, whatever it looks like
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = min(_WIDEST, max(_NARROWEST, width + 1))
    sheet.freeze_panes = "A2"
    if filters:
        sheet.auto_filter.ref = sheet.dimensions


def _cell(value: Value) -> Value:
    return safe_cell(_ILLEGAL.sub("", value)) if isinstance(value, str) else value


def _cite(spec: TableSpec, rows: Sequence[Row], record: Record) -> list[str]:
    works = of_rows(spec, rows, record)
    *producers, ours = map(sentence, [*works, of_record(record)] if spec.table == "sources" else works)
    return [
        "Cite the producer of a figure first; the sources of each row stand in its sources column.",
        "Then cite the table:",
        ours,
        f"Our coding and tables: {LICENCE} ({LICENCE_URL}). The facts' sources remain with their producers.",
        spec.about,
        f"Collected: {spec.collected}",
        "An empty cell is unknown, never zero and never no. Dates are as precise as their sources.",
        *(["", "Producers:"] if producers else []),
        *producers,
    ]


def _settled(data: bytes, record: Record) -> bytes:
    """The workbook with the record's day in place of the time of writing, so that it is always the same."""
    stamp = datetime.combine(record.compiled, time()).isoformat().encode() + b"Z"
    files = unzipped(data)
    files["docProps/core.xml"] = _MODIFIED.sub(rb"\g<1>" + stamp, files["docProps/core.xml"])
    return zipped(files)
