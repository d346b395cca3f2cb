"""Workbooks as downloaded (Office Open XML, ECMA-376): opened with bounds, read row by row, cells as they stand.

Reading a workbook must not cost more than a workbook holds: what it unpacks to, its rows and its columns are
bounded, and XML that defines entities is refused.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualtrack.core.errors import BadInput, Fault
from dualtrack.sources.contract import refused
from dualtrack.sources.textfile import head_of, kind

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

LARGEST = 16 * 1024**2  # bytes of the file; the publishers' are below 1 million
PART = 8 * 1024**2  # bytes of a part unpacked; theirs are below 1 million
UNPACKED = 32 * 1024**2  # bytes of all parts; theirs are below 4 million
PARTS = 400
WIDEST = 2_000  # cells that a row of the file may list, whatever is read of them
STYLES = 150_000  # marks in the list of styles; theirs has about 1,000
ROWS = 5_000  # rows of a sheet that hold something
LINES = 20_000  # rows of a sheet, empty ones too
COLUMNS = 300
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c\b")
_INSTALL = 'Install it: pip install "dualtrack[xlsx]"'


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its value, the number format it is shown in, the colour of its text where it has one of its own."""

    value: Any = None
    shown: str = ""
    colour: str = ""

    @property
    def text(self) -> str:
        """The cell as one line of text, empty where it holds none."""
        return " ".join(self.value.split()) if isinstance(self.value, str) else ""


EMPTY = Cell()


@dataclass
class Sheet:
    """A sheet: its rows that hold something, with the number of each in the spreadsheet."""

    name: str
    path: Path
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)

    def fault(self, line: int, position: int, value: Any, problem: str, fix: str, column: str = "") -> Fault:
        """A cell that is not taken over."""
        shown = f"{' '.join(str(value).split())[:60]!r} " if value is not None else ""
        at = f"{letters(position)}{line}"
        return Fault(str(self.path), line, column, f"{shown}{problem}", fix, self.name, at)

    def place(self, line: int, position: int = 0) -> str:
        """The place in words, as a spreadsheet has it."""
        return f"{self.name}!{letters(position)}{line}"


@dataclass
class Book:
    """A workbook: its sheets, and the day it was last saved where it says so."""

    path: Path
    sheets: list[Sheet]
    saved: date | None = None

    @property
    def names(self) -> str:
        """The names of the sheets in a line."""
        shown = ", ".join(sheet.name[:40] for sheet in self.sheets[:12]) or "none"
        return shown + (" …" if len(self.sheets) > 12 else "")


def letters(position: int) -> str:
    """The letters of a spreadsheet's column.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    text, left = "", position + 1
    while left:
        left, rest = divmod(left - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def read_book(path: Path, what: str) -> Book:
    """A workbook with all its sheets.

    Args:
        path: the file.
        what: what the file should be, for the message.

    Raises:
        BadInput: openpyxl is not installed, the file is something else, damaged, or larger than such a workbook is.
    """
    found = kind(head_of(path))
    if found != "a zip archive":
        fix = "Open it in a spreadsheet and save it as .xlsx." if "(.xls)" in found else "Download it again as .xlsx."
        if found == "a web page":
            fix = "The download brought a page, or a table saved as one: open it in a spreadsheet and save it as .xlsx."
        raise refused(path, f"The file is {found or 'no workbook (.xlsx)'}, not {what}.", fix)
    if path.stat().st_size > LARGEST:
        raise refused(path, f"The workbook is larger than {LARGEST:,} bytes.", "Is it the right file?")
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise refused(path, "Workbooks need openpyxl, which is not installed.", _INSTALL) from None
    try:
        data = path.read_bytes()
        _within_bounds(path, data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out (drawings, validation) is not ours
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                return Book(path, [_sheet(path, sheet) for sheet in book.worksheets], _saved(book))
            finally:
                book.close()
    except BadInput:
        raise
    except (Exception, RecursionError) as error:  # a damaged file can fail anywhere in zip, XML and openpyxl
        said = " ".join(str(error).split())[:80] or type(error).__name__
        raise refused(path, f"The workbook is damaged or cut off ({said}).", "Download it again.") from None


def _within_bounds(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        sizes = [part.file_size for part in parts]
        if len(parts) > PARTS or sum(sizes) > UNPACKED or max(sizes, default=0) > PART:
            problem = f"The workbook unpacks to more than {UNPACKED:,} bytes, {PART:,} in a part, or {PARTS} parts."
            raise refused(path, problem, "No workbook of this publisher does: is it the right file?")
        if not any(part.filename == "xl/workbook.xml" for part in parts):
            holds = ", ".join(part.filename[:60] for part in parts[:5]) or "nothing"
            raise refused(path, f"The file is a zip archive of {holds}, no workbook.", "Unpack it first.")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                xml = archive.read(part)
                if b"<!DOCTYPE" in xml[:4000]:
                    raise refused(path, "The workbook defines XML entities.", "Open it and save it anew as .xlsx.")
                if part.filename.endswith("styles.xml") and xml.count(b"<") > STYLES:
                    raise refused(path, f"The workbook has more than {STYLES:,} styles.", "Is it the right file?")
                if max(len(_CELL.findall(row)) for row in _ROW.split(xml)) > WIDEST:
                    raise refused(path, f"A row has more than {WIDEST:,} cells.", "Is it the right file?")


def _saved(book: Workbook) -> date | None:
    moments = [book.properties.modified, book.properties.created] if book.properties else []
    return next((moment.date() for moment in moments if isinstance(moment, datetime)), None)


def _sheet(path: Path, source: Any) -> Sheet:
    sheet = Sheet(str(source.title), path)
    source.reset_dimensions()  # what the file says of its size need not be true
    for line, cells in enumerate(source.iter_rows(max_col=COLUMNS), 1):
        if line > LINES:
            raise refused(path, f"The sheet has more than {LINES:,} rows.", "Is it the right file?", sheet.name)
        row = [_cell(cell) for cell in cells]
        while row and row[-1].value is None:
            row.pop()
        if row:
            if len(sheet.rows) >= ROWS:
                problem = f"The sheet has more than {ROWS:,} rows that hold something."
                raise refused(path, problem, "Is it the right file?", sheet.name)
            sheet.rows.append((line, row))
    return sheet


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or value == "":
        return EMPTY
    if isinstance(value, str):
        return Cell(value)
    return Cell(value, str(cell.number_format or ""), _colour(cell))


def _colour(cell: Any) -> str:
    """The colour of the text: ``blue``, ``red`` or nothing; as an index of the old palette or as RGB."""
    colour = cell.font.color if cell.font is not None else None
    if colour is None:
        return ""
    if colour.type == "indexed":
        return {4: "blue", 12: "blue", 39: "blue", 2: "red", 10: "red"}.get(colour.indexed, "")
    if colour.type != "rgb" or not isinstance(colour.rgb, str) or len(colour.rgb) != 8:
        return ""
    red, green, blue = (int(colour.rgb[at : at + 2], 16) for at in (2, 4, 6))
    if blue > 150 and red < 110 and green < 140:
        return "blue"
    return "red" if red > 150 and green < 90 and blue < 90 else ""
