"""SIPRI Military Expenditure Database: the workbook (XLSX) with one sheet per measure.

Read are the sheets Share of GDP, Current US$ and Constant (YEAR) US$, with their years since 1949. Regions and their
totals, local currencies, spending per head and shares of government spending are left out. A figure that SIPRI
prints in blue (its estimate) or red (highly uncertain) has the status `estimate`; the others say nothing of it.
"""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

from dualtrack.sources.contract import Ask, Origin, Taken, dated, not_before, refused, source_row
from dualtrack.sources.figures import number, written
from dualtrack.sources.places import Places
from dualtrack.sources.spending import Rows, wrong_share, wrong_sum
from dualtrack.sources.xlsxfile import Cell, Sheet, read_book
from dualtrack.sources.yeartable import Header, count, figures, header

ORIGIN = Origin(
    producer="Stockholm International Peace Research Institute (SIPRI)",
    title="SIPRI Military Expenditure Database",
    citation_full=(
        "Information from the Stockholm International Peace Research Institute (SIPRI) Military Expenditure Database, "
        "https://doi.org/10.55163/CQGC9685."
    ),
    url="https://www.sipri.org/databases/milex",
    kind="research",
    terms=(
        "SIPRI's terms and conditions: free for non-commercial use with reference to the source; less than 10 per "
        "cent of a data set may be reproduced."
    ),
    redistribute="no",
)
TABLE = "spending"

_WHAT = "SIPRI's workbook of military expenditure"
_SHARE = "share of gdp"
_CURRENT = "current us$"
_CONSTANT = re.compile(r"constant \((\d{4})\) us\$")
_ASIDE = {  # sheets that the record has no place for, and why
    "front page": "",
    "regional totals": "regions, not states",
    "local currency financial years": "local currency",
    "local currency calendar years": "local currency",
    "per capita": "per head",
    "share of govt. spending": "share of government spending",
    "footnotes": "",
}
_NOTES = {
    "†": "without military pensions",
    "‡": "current spending only, no capital spending",
    "§": "the adopted budget, not what was spent",
    "¶": "without paramilitary forces",
    "‖": "the currency was changed in these years",
}
_DEEPEST = 40  # lines within which the header stands
_FRACTION = 0.25  # the middle share is some two percent: below this, shares are written as fractions
_STEP = 0.0001


def read(path: Path, ask: Ask) -> Taken:
    """The rows of the workbook, as far as they are states of the record.

    Raises:
        BadInput: it is no such workbook.
    """
    book = read_book(path, _WHAT)
    when = dated(ask)
    id_ = f"sipri-milex-{when.day}"
    taken = Taken(source_row(id_, ORIGIN, when, ask.accessed), when)
    constant = {"series": "sipri", "definition": "military_expenditure"}
    rows, places, found = Rows(constant, when, id_), Places(ask.states), []
    for sheet in book.sheets:
        title = " ".join(sheet.name.split()).casefold()
        prices = _CONSTANT.fullmatch(title)
        if title == _SHARE:
            _Measure(sheet, "share_of_gdp_pct", places, rows, taken).read()
        elif title == _CURRENT:
            _Measure(sheet, "usd_current_m", places, rows, taken).read()
        elif prices:
            _Measure(sheet, "usd_constant_m", places, rows, taken, {"usd_constant_year": prices.group(1)}).read()
        else:
            if why := _ASIDE.get(title, "not read"):
                taken.aside[f"sheet {sheet.name} ({why})"] += 0
            continue
        found.append(title)
    if not found:
        fix = "It needs a sheet named Share of GDP, Current US$ or Constant (2023) US$: give the file as downloaded."
        raise refused(path, f"No sheet of this workbook is read. It has: {book.names}.", fix)
    for missing in {_SHARE: "Share of GDP", _CURRENT: "Current US$"}.items():
        if missing[0] not in found:
            taken.note(f"The workbook has no sheet {missing[1]}.")
    taken.rows = list(rows.all())
    not_before(path, when, max((cells["year"] for cells in taken.rows), default=""))
    return taken


class _Measure:
    """One sheet: a measure of every country and year."""

    def __init__(
        self,
        sheet: Sheet,
        column: str,
        places: Places,
        rows: Rows,
        taken: Taken,
        more: dict[str, str] | None = None,
    ) -> None:
        self.sheet = sheet
        self.column = column
        self.places = places
        self.rows = rows
        self.taken = taken
        self.more = more or {}
        self.years, self.name_at, self.notes_at = self._header()
        self.fraction = self._are_fractions() if column == "share_of_gdp_pct" else False

    def _header(self) -> tuple[Header, int, int | None]:
        """The header, which stands in another line in every sheet, and where names and notes stand."""
        without = 0
        for line, row in self.sheet.rows[:_DEEPEST]:
            years = header(line, row)
            if not years:
                continue
            labels = {cell.text.casefold(): at for at, cell in enumerate(row[: years.first]) if cell.text}
            if "country" in labels:
                return years, labels["country"], labels.get("notes")
            without = line
        if without:
            problem, fix = "The line of the years has no column Country.", "Name the column of the countries Country."
        else:
            problem = f"There is no header: no line of the first {_DEEPEST} has Country and years side by side."
            fix = "Give the file as downloaded: a line with Country, Notes, 1949, 1950 and so on."
        raise refused(self.sheet.path, problem, fix, self.sheet.name, without)

    def _are_fractions(self) -> bool:
        """Whether shares are written as 0.02 for two percent, as SIPRI does, which formats them as percentages."""
        values = [
            (figure, cell)
            for line, row in self.sheet.rows
            if line > self.years.line
            for at, cell in enumerate(row)
            if at in self.years.years and (figure := number(cell.value)) is not None
        ]
        if any("%" in cell.shown for _, cell in values):
            return True
        return bool(values) and median(figure for figure, _ in values) < _FRACTION

    def read(self) -> None:
        """Puts every figure of a state of the record into its row."""
        seen: dict[str, int] = {}
        for line, row in self.sheet.rows:
            if line <= self.years.line:
                continue
            name = row[self.name_at].text if self.name_at < len(row) else ""
            held = count(row, self.years)
            code = self.places.code(name) if name else None
            if not name and held:
                problem, fix = "The row has figures but no country.", "Compare the row with the publisher's file."
                self.taken.rejected.append(self.sheet.fault(line, self.name_at, None, problem, fix, "Country"))
            elif name and not code and held:
                self.places.leave(self.taken, name, held, self.sheet.place(line, self.name_at))
            elif code and code in seen:
                problem = f"stands already in line {seen[code]} of the sheet."
                self.taken.rejected.append(
                    self.sheet.fault(line, self.name_at, name, problem, "Keep one of the two rows.", "Country")
                )
            elif code:
                seen[code] = line
                self._row(code, name, line, row)
        if not seen:
            fix = "Give the file as downloaded."
            raise refused(self.sheet.path, "No row is one of a state of the record.", fix, self.sheet.name)

    def _row(self, code: str, name: str, line: int, row: list[Cell]) -> None:
        marks = row[self.notes_at].value if self.notes_at is not None and self.notes_at < len(row) else None
        said = _said(str(marks)) if isinstance(marks, (str, int)) else ""
        for year, _, figure, cell in figures(self.sheet, line, row, self.years, name, self.taken, self._wrong):
            places = 4 if self.column == "share_of_gdp_pct" else 2
            self.rows.put(code, year, **{self.column: written(self._scaled(figure), places)}, **self.more)
            if self.column == "share_of_gdp_pct":
                self.rows.put(code, year, precision=f"{_STEP:.4f}")
            if cell.colour:
                self.rows.put(code, year, status="estimate")
            if cell.colour == "red":
                self.rows.note(code, year, "SIPRI calls the figure highly uncertain")
            if said:
                self.rows.note(code, year, said)

    def _scaled(self, figure: float) -> float:
        return figure * 100 if self.fraction else figure

    def _wrong(self, figure: float, cell: Cell) -> str:
        return wrong_share(self._scaled(figure)) if self.column == "share_of_gdp_pct" else wrong_sum(figure)


def _said(marks: str) -> str:
    """What SIPRI's marks beside a country say, in words; numbers point to its sheet Footnotes."""
    words = [text for mark, text in _NOTES.items() if mark in marks]
    numbers = re.findall(r"\d+", marks)[:5]
    words += [f"see footnote {', '.join(numbers)} of the workbook"] if numbers else []
    return f"SIPRI: {'; '.join(words)}" if words else ""
