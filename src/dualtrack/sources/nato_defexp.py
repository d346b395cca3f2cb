"""Defence Expenditure of NATO Countries: the workbook (XLSX) that NATO publishes beside its press release.

Read are Table 2 (US dollars), Table 3 (share of GDP) and the equipment block of Table 8, with every year and edition
as a row of its own. Figures are kept as printed, rounded to the decimals the cell shows. Years marked `e`, in the
header or in the notes, are estimates. The other tables, NATO's totals and rates of change are left out. The file
does not always say when it was published: give the day with `--edition`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from dualtrack.core.dates import spell
from dualtrack.sources.contract import Ask, Dated, Origin, Taken, dated, not_before, refused, source_row
from dualtrack.sources.figures import decimals, written
from dualtrack.sources.places import Places, plain
from dualtrack.sources.spending import Rows, wrong_share, wrong_sum
from dualtrack.sources.xlsxfile import Book, Cell, Sheet, read_book
from dualtrack.sources.yeartable import Header, count, figures, header

ORIGIN = Origin(
    producer="NATO",
    title="Defence Expenditure of NATO Countries",
    citation_full="NATO, Defence Expenditure of NATO Countries, tables in Excel format, Brussels.",
    url="https://www.nato.int/en/what-we-do/introduction-to-nato/defence-expenditures-and-natos-5-commitment",
    kind="official",
    terms="NATO's terms for external use of content: credit NATO; not to be sold or used for advertising.",
    redistribute="facts-only",
)
TABLE = "spending"

_WHAT = "NATO's workbook of defence expenditure"
_TITLE = re.compile(r"table\s*(\d)\s*([ab]?)\s*:?\s*(.*)", re.IGNORECASE)
_DEEPEST = 15  # lines within which the title stands
_BLOCKS = (  # of which table: how a block's title begins, and the column it fills
    ("2", re.compile(r"current prices"), "usd_current_m"),
    ("2", re.compile(r"constant (\d{4}) prices"), "usd_constant_m"),
    ("3", re.compile(r"share of (?:real )?gdp"), "share_of_gdp_pct"),
    ("8", re.compile(r"equipment"), "equipment_share_pct"),
)
_ESTIMATES = re.compile(r"figures for ([\d\s,]+(?:and\s+\d{4})?) are estimates", re.IGNORECASE)
_DAY = re.compile(r"\b(\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|"
                  r"December) 20\d{2})\b")  # fmt: skip
_NAMED_DAY = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})-def-exp", re.IGNORECASE)


@dataclass
class _Block:
    """A part of a sheet: its title, the years above it, and its rows."""

    title: str
    years: Header
    rows: list[tuple[int, str, int, list[Cell]]] = field(default_factory=list)  # line, name, its position, cells


def read(path: Path, ask: Ask) -> Taken:
    """The rows of the workbook.

    Raises:
        BadInput: it is no such workbook, or nobody says when it was published.
    """
    book = read_book(path, _WHAT)
    tables = list(_tables(book))
    if not tables:
        fix = "Every table's sheet begins with its title, such as Table 3 : Defence expenditure as a share of GDP."
        raise refused(path, f"No sheet of this workbook has a table of NATO's. It has: {book.names}.", fix)
    when = _dated(book, ask)
    id_ = f"nato-defexp-{when.day}"
    taken = Taken(source_row(id_, ORIGIN, when, ask.accessed), when)
    core = any("core defence" in title.casefold() for _, title, _ in tables)
    rows = Rows({"series": "nato", "definition": "core_defence" if core else "defence"}, when, id_)
    places, marked = Places(ask.states), _marked_as_estimates(book)
    filled = set()
    for number_, title, sheet in tables:
        wanted = [(begins, column) for of, begins, column in _BLOCKS if number_.startswith(of)]
        if not wanted:
            taken.aside[f"sheet {sheet.name}: {title[:60]} (the record has no place for it)"] += 0
            continue
        for block in _blocks(sheet):
            kept = [(found, column) for begins, column in wanted if (found := begins.match(block.title.casefold()))]
            if not kept:
                taken.aside[f"{sheet.name}: {block.title[:60]}"] += sum(
                    count(r, block.years) for _, _, _, r in block.rows
                )
                continue
            found, column = kept[0]
            more = {"usd_constant_year": found.group(1)} if column == "usd_constant_m" else {}
            _Part(sheet, block, column, more, marked, places, rows, taken).read()
            filled.add(column)
    if "share_of_gdp_pct" not in filled:
        fix = "It stands in Table 3 under the title Share of real GDP (%): give the file as downloaded."
        raise refused(path, f"The shares of GDP are not in this workbook. It has: {book.names}.", fix)
    if "equipment_share_pct" not in filled:
        taken.note("The workbook has no shares of equipment (Table 8a).")
    taken.rows = list(rows.all())
    not_before(path, when, max((cells["year"] for cells in taken.rows), default=""))
    return taken


def _tables(book: Book) -> Iterator[tuple[str, str, Sheet]]:
    """The number and title of each table with its sheet; the title stands in a cell, else the sheet's name has it."""
    for sheet in book.sheets:
        cells = [cell.text for _, row in sheet.rows[:_DEEPEST] for cell in row if cell.text]
        titles = [found for text in cells if (found := _TITLE.fullmatch(text)) and found.group(3)]
        title = titles[0] if titles else _TITLE.fullmatch(" ".join(sheet.name.split()))
        if title:
            yield title.group(1) + title.group(2).casefold(), title.group(3) or sheet.name, sheet


def _blocks(sheet: Sheet) -> list[_Block]:
    """The blocks of a table: a title without figures, rows of figures; the years stand above or below the title.

    Raises:
        BadInput: the sheet has no line of years.
    """
    years: Header | None = None
    block: _Block | None = None
    title, blocks = "", list[_Block]()
    for line, row in sheet.rows:
        found = header(line, row)
        if found:
            years, block = found, None
            continue
        labels = [(at, cell.text) for at, cell in enumerate(row[: years.first] if years else row) if cell.text]
        if years and count(row, years):
            if block is None:
                block = _Block(title, years)
                blocks.append(block)
            at, name = labels[0] if labels else (years.first, "")
            block.rows.append((line, name, at, row))
        elif labels:
            title, block = labels[0][1], None
    if years is None:
        problem = "There is no line of years (2014, 2015 and so on to 2024e)."
        raise refused(sheet.path, problem, "Give the file as downloaded.", sheet.name)
    return blocks


def _dated(book: Book, ask: Ask) -> Dated:
    """The day of publication: given, or written above the tables.

    Raises:
        BadInput: neither; the message says what the file's name and its last change hint at.
    """
    seen = ""
    if not ask.edition:
        for sheet in book.sheets:
            above = [cell.text for _, row in sheet.rows[:_DEEPEST] if not header(0, row) for cell in row if cell.text]
            days = [found.group(1) for text in above if len(text) < 80 and (found := _DAY.search(text))]
            seen = seen or (_iso(days[0]) if days else "")
        if not seen:
            named = _NAMED_DAY.search(book.path.name)
            hints = [f"Its name hints at {_named_day(named)}." if named and _named_day(named) else ""]
            hints += [f"It was last saved on {spell(book.saved)}." if book.saved else ""]
            raise refused(
                book.path,
                "The workbook does not say when it was published, and editions are never mixed.",
                " ".join(["Say it: --edition 2024-06-17.", *(hint for hint in hints if hint)]),
            )
    return dated(ask, seen)


def _iso(text: str) -> str:
    try:
        return datetime.strptime(text, "%d %B %Y").date().isoformat()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return ""


def _named_day(found: re.Match[str]) -> str:
    try:
        return date(2000 + int(found.group(1)), int(found.group(2)), int(found.group(3))).isoformat()
    except ValueError:
        return ""


def _marked_as_estimates(book: Book) -> set[int]:
    """The years that a note calls estimates ("Figures for 2023 and 2024 are estimates")."""
    texts = (cell.text for sheet in book.sheets for _, row in sheet.rows for cell in row if "estimates" in cell.text)
    found = (match for text in texts for match in _ESTIMATES.finditer(text[:2000]))
    return {int(text) for match in found for text in re.findall(r"\d{4}", match.group(1))}


class _Part:
    """One block: a column of the record for every ally and year."""

    def __init__(
        self,
        sheet: Sheet,
        block: _Block,
        column: str,
        more: dict[str, str],
        marked: set[int],
        places: Places,
        rows: Rows,
        taken: Taken,
    ) -> None:
        self.sheet = sheet
        self.block = block
        self.column = column
        self.more = more
        self.marked = marked
        self.places = places
        self.rows = rows
        self.taken = taken

    def read(self) -> None:
        """Puts every figure of an ally into its row."""
        for line, name, at, row in self.block.rows:
            held = count(row, self.block.years)
            code = self.places.code(name) if name else None
            if not name:
                problem, fix = "The row has figures but no country.", "Compare the row with NATO's file."
                self.taken.rejected.append(self.sheet.fault(line, at, None, problem, fix))
            elif not code and "nato" in plain(name):
                self.taken.aside[f"{' '.join(name.split())[:60]} (total)"] += held
            elif not code:
                self.places.leave(self.taken, name, held, self.sheet.place(line, at))
            else:
                self._row(code, name, line, row)

    def _row(self, code: str, name: str, line: int, row: list[Cell]) -> None:
        for year, marked, figure, cell in figures(
            self.sheet, line, row, self.block.years, name, self.taken, self._wrong
        ):
            if self.rows.has(code, year, self.column):
                problem = f"stands twice in {self.block.title[:40]}."
                self.taken.rejected.append(
                    self.sheet.fault(line, 0, name, problem, "Keep one of the two.", f"{name}, {year}")
                )
                return
            money = self.column.startswith("usd_")
            shown = decimals(cell.shown)
            digits = shown if shown is not None and not money else 2 if money else 4
            self.rows.put(code, year, **{self.column: written(figure, digits)}, **self.more)
            self.rows.put(code, year, status="estimate" if marked or year in self.marked else "actual")
            if self.column == "share_of_gdp_pct":
                self.rows.put(code, year, precision=written(10.0**-digits))

    def _wrong(self, figure: float, _: Cell) -> str:
        return wrong_sum(figure) if self.column.startswith("usd_") else wrong_share(figure, self.column)
