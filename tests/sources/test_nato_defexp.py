"""NATO's workbook in the two layouts it has had. Figures are invented."""

import re
from pathlib import Path
from typing import Any

import pytest
from asking import by, read
from invented import money, nato, nato_core, share
from openpyxl import load_workbook

from dualtrack.core.errors import BadInput

CODES = {"Albania": "ALB", "Czechia": "CZE", "Estonia": "EST", "Slovak Republic": "SVK", "Türkiye": "TUR",
         "United Kingdom": "GBR", "United States": "USA"}  # fmt: skip
EDITION = "2024-06-17"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return nato(tmp_path / "240617-def-exp-2024-TABLES-en.xlsx")


def test_every_figure_is_kept_as_printed(book: Path) -> None:
    rows = by(read("nato", book, EDITION), "state", "year")
    assert set(rows) == {(code, str(year)) for code in CODES.values() for year in range(2014, 2025)}
    for name, code in CODES.items():
        for year in range(2014, 2025):
            row = rows[code, str(year)]
            assert float(row["share_of_gdp_pct"]) == pytest.approx(share(name, year), abs=0.0051)
            assert float(row["equipment_share_pct"]) == pytest.approx(share(name, year) * 10, abs=0.0051)
            assert float(row["usd_current_m"]) == pytest.approx(money(name, year))
            assert float(row["usd_constant_m"]) == pytest.approx(money(name, year) - 5)
            assert all(re.fullmatch(r"\d+(\.\d\d?)?", row[c]) for c in ("share_of_gdp_pct", "equipment_share_pct"))
    assert {(r["precision"], r["usd_constant_year"], r["series"], r["definition"]) for r in rows.values()} == {
        ("0.01", "2015", "nato", "defence")
    }


def test_a_figure_that_prints_as_two_is_two(book: Path) -> None:
    """The cell may hold 1.9956; NATO prints 2.00, and what it prints decides."""
    workbook = load_workbook(book)
    sheet = workbook["TABLE3"]
    (line,) = [row for row in range(1, 20) if sheet.cell(row, 3).value == "Estonia*"]
    sheet.cell(line, 4).value = 1.9956
    workbook.save(book)
    assert by(read("nato", book, EDITION), "state", "year")["EST", "2014"]["share_of_gdp_pct"] == "2"


def test_estimates_are_what_the_header_marks(book: Path) -> None:
    rows = by(read("nato", book, EDITION), "state", "year")
    said = {row["year"]: row["status"] for row in rows.values()}
    assert said == {str(y): "estimate" if y > 2022 else "actual" for y in range(2014, 2025)}


def test_estimates_are_what_the_notes_say_where_the_header_does_not(book: Path) -> None:
    workbook = load_workbook(book)
    for sheet in workbook.worksheets:
        for cell in sheet[8]:
            if isinstance(cell.value, str) and cell.value.endswith("e"):
                cell.value = int(cell.value[:4])
    workbook.save(book)
    said = {row["year"]: row["status"] for row in read("nato", book, EDITION).rows}
    assert {year for year, status in said.items() if status == "estimate"} == {"2023", "2024"}


def test_totals_rates_and_other_tables_are_left_out_and_named(book: Path) -> None:
    taken = read("nato", book, EDITION)
    assert taken.aside["NATO Total (total)"] == 3 * 11
    assert taken.aside["TABLE3: Annual real change (%)"] == 9 * 11
    assert taken.aside["TABLE8a: Personnel (b)"] == 7 * 11
    assert any(name.startswith("sheet TABLE1") for name in taken.aside)
    assert (taken.rejected, taken.unknown, taken.outside, taken.notes) == ([], {}, {}, [])


def test_the_layout_of_core_defence(tmp_path: Path) -> None:
    taken = read("nato", nato_core(tmp_path / "def-exp-2026-en.xlsx"), "2026-07-09")
    rows = by(taken, "state", "year")
    assert set(rows) == {(code, str(year)) for code in CODES.values() for year in range(2014, 2027)}
    assert {row["definition"] for row in taken.rows} == {"core_defence"}
    assert float(rows["EST", "2026"]["share_of_gdp_pct"]) == pytest.approx(share("Estonia", 2026), abs=0.0001)
    assert float(rows["EST", "2026"]["equipment_share_pct"]) == pytest.approx(share("Estonia", 2026) * 10)
    assert {year for (_, year), row in rows.items() if row["status"] == "estimate"} == {"2025", "2026"}


def refusal(path: Path, edition: str = EDITION) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read("nato", path, edition)
    assert caught.value.fix and str(path) in caught.value.problem
    return caught.value


def test_editions_are_never_guessed(book: Path, tmp_path: Path) -> None:
    error = refusal(book, "")
    assert "--edition" in error.fix and "hints at 2024-06-17" in error.fix and "last saved on" in error.fix
    assert "hints" not in refusal(nato(tmp_path / "999999-def-exp.xlsx"), "").fix


def test_a_date_above_the_tables_is_read(tmp_path: Path) -> None:
    taken = read("nato", nato(tmp_path / "book.xlsx", dated="Press release, 17 June 2024"))
    assert {(r["edition"], r["edition_basis"], r["known_from"], r["known_basis"]) for r in taken.rows} == {
        ("2024-06-17", "seen", "2024-06-17", "public event")
    }
    assert taken.source["published"] == "2024-06-17"


def test_a_date_in_the_notes_is_no_edition(book: Path) -> None:
    """Montenegro's accession stands in them."""
    assert "does not say when" in refusal(book, "").problem


def test_an_edition_before_what_it_tells_of_is_refused(book: Path) -> None:
    assert "tells of 2024" in refusal(book, "2016-07-04").problem


def changed(path: Path, sheet: str, cells: dict[str, Any]) -> Path:
    workbook = load_workbook(path)
    for place, value in cells.items():
        workbook[sheet][place].value = value
    workbook.save(path)
    return path


def test_cells_that_are_no_figures(book: Path) -> None:
    taken = read("nato", changed(book, "TABLE3", {"D11": "..", "E11": "n.a.", "F11": "1,31", "G11": 431.0}), EDITION)
    assert taken.signs == {"..": 1, "n.a.": 1}
    assert [(f.cell, f.column) for f in taken.rejected] == [("F11", "Albania, 2016"), ("G11", "Albania, 2017")]


def test_a_name_nobody_knows_and_a_row_without_one(book: Path) -> None:
    taken = read("nato", changed(book, "TABLE3", {"C13": "Estonai", "C14": None}), EDITION)
    assert taken.unknown["Estonai"].near[0] == "Estonia" and taken.unknown["Estonai"].where == "TABLE3!C13"
    assert [f.problem for f in taken.rejected] == ["The row has figures but no country."]
    assert "share_of_gdp_pct" not in by(taken, "state", "year")["EST", "2014"]


def test_a_country_that_stands_twice_is_taken_once(book: Path) -> None:
    taken = read("nato", changed(book, "TABLE3", {"C12": "Albania"}), EDITION)
    assert [f.problem for f in taken.rejected] == ["'Albania' stands twice in Share of real GDP (%)."]


def test_without_its_tables_it_is_refused(book: Path) -> None:
    workbook = load_workbook(book)
    del workbook["TABLE8a"]
    workbook.save(book)
    assert read("nato", book, EDITION).notes == ["The workbook has no shares of equipment (Table 8a)."]
    del workbook["TABLE3"]
    workbook.save(book)
    assert "The shares of GDP are not in this workbook. It has: TABLE1, TABLE2" in refusal(book).problem
    for sheet in workbook.worksheets:
        sheet.delete_rows(1, 200)
        sheet.title = f"x{sheet.title[-1]}"
    workbook.save(book)
    assert "No sheet of this workbook has a table of NATO's" in refusal(book).problem


def test_a_table_without_years_is_refused(book: Path) -> None:
    workbook = load_workbook(book)
    workbook["TABLE3"].delete_rows(8)
    workbook.save(book)
    assert "TABLE3: There is no line of years" in refusal(book).problem
