"""SIPRI's workbook: every figure in its row, signs counted, estimates marked, the rest told. Figures are invented."""

from pathlib import Path

import pytest
from asking import by, read
from invented import YEARS, money, share, sipri, sipri_sheet
from openpyxl import Workbook, load_workbook

from dualtrack.core.errors import BadInput

CODES = {"Algeria": "DZA", "United States of America": "USA", "Estonia": "EST", "Latvia": "LVA", "Russia": "RUS",
         "Türkiye": "TUR"}  # fmt: skip
MISSING = {("EST", "2012"), ("LVA", "2012"), ("LVA", "2013"), ("LVA", "2014")}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return sipri(tmp_path / "SIPRI-Milex-data-1949-2024.xlsx")


def test_every_figure_stands_in_the_row_of_its_state_and_year(book: Path) -> None:
    rows = by(read("sipri", book, "2025-04-28"), "state", "year")
    expected = {(code, str(year)) for code in CODES.values() for year in YEARS} - MISSING
    assert set(rows) == expected
    for name, code in CODES.items():
        for year in YEARS:
            if (code, str(year)) in expected:
                row = rows[code, str(year)]
                assert float(row["share_of_gdp_pct"]) == pytest.approx(share(name, year), abs=0.00006)
                assert float(row["usd_constant_m"]) == pytest.approx(money(name, year))
                assert float(row["usd_current_m"]) == pytest.approx(money(name, year) + 1)
                assert (row["usd_constant_year"], row["series"]) == ("2023", "sipri")
                assert row["definition"] == "military_expenditure"


def test_what_is_left_out_is_counted_and_named(book: Path) -> None:
    taken = read("sipri", book)
    assert taken.signs == {"...": 2 * 3 - 3, ". .": 3, "…": 3, "xxx": 3}
    assert taken.outside == {"Angola": 3 * len(YEARS) - 3}
    assert taken.aside["USSR (former state)"] == 3 * len(YEARS) - 3
    assert "sheet Regional totals (regions, not states)" in taken.aside
    assert (taken.rejected, taken.unknown, taken.notes) == ([], {}, [])


def test_estimates_and_marks(book: Path) -> None:
    rows = by(read("sipri", book), "state", "year")
    assert rows["RUS", "2012"]["status"] == "estimate"
    assert "highly uncertain" in rows["RUS", "2012"]["note"]
    assert rows["EST", "2013"]["status"] == "estimate"
    assert "highly uncertain" not in rows["EST", "2013"]["note"]
    assert "status" not in rows["EST", "2014"]
    assert "without military pensions; without paramilitary forces" in rows["EST", "2014"]["note"]
    assert rows["LVA", "2020"]["note"] == "SIPRI: see footnote 17 of the workbook"
    assert "the adopted budget" in rows["DZA", "2020"]["note"] and "footnote 4" in rows["DZA", "2020"]["note"]
    assert "note" not in rows["USA", "2020"]


def test_editions_and_what_dates_them(book: Path) -> None:
    given, unsaid = read("sipri", book, "2025-04-28"), read("sipri", book)
    assert {(r["edition"], r["edition_basis"], r["known_from"], r["known_basis"]) for r in given.rows} == {
        ("2025-04-28", "given", "2025-04-28", "public event")
    }
    assert {(r["edition"], r["edition_basis"], r["known_from"], r["known_basis"]) for r in unsaid.rows} == {
        ("2025-05-01", "inferred", "2025-05-01", "inferred")
    }
    assert {row["source"] for row in given.rows} == {given.source["id"]} == {"sipri-milex-2025-04-28"}


def test_a_cell_that_is_no_figure_is_rejected_with_its_place_and_the_others_stay(tmp_path: Path) -> None:
    cells = {("Estonia", 2015): "2,5", ("Estonia", 2016): "about 2", ("Russia", 2016): -1.0, ("Latvia", 2016): 1e12}
    taken = read("sipri", sipri(tmp_path / "book.xlsx", cells=cells))
    told = [(f.sheet, f.cell, f.column, f.problem) for f in taken.rejected if f.sheet == "Share of GDP"]
    assert told == [
        ("Share of GDP", "F14", "Estonia, 2015", "'2,5' is neither a number nor a sign for a missing value."),
        ("Share of GDP", "G14", "Estonia, 2016", "'about 2' is neither a number nor a sign for a missing value."),
        ("Share of GDP", "G15", "Latvia, 2016", "'1000000000000' is more than 200 percent."),
        ("Share of GDP", "G16", "Russia, 2016", "'-1' is below zero."),
    ]
    rows = by(taken, "state", "year")
    assert "2015" in {year for state, year in rows if state == "RUS"}
    assert ("EST", "2015") not in rows


def test_names_nobody_knows_are_told_with_the_nearest(tmp_path: Path) -> None:
    taken = read("sipri", sipri(tmp_path / "book.xlsx", names=("Estonia", "Latvai", "Russia", "Middle Earth")))
    assert {name: (one.near[:1], one.figures) for name, one in taken.unknown.items()} == {
        "Latvai": (("Latvia",), 3 * len(YEARS)), "Middle Earth": ((), 3 * len(YEARS))
    }  # fmt: skip
    assert taken.unknown["Latvai"].where.startswith("Constant (2023) US$!A")


def test_a_country_that_stands_twice_is_taken_once(tmp_path: Path) -> None:
    taken = read("sipri", sipri(tmp_path / "book.xlsx", names=("Estonia", "Russia", "Turkey", "Türkiye")))
    assert [f.problem for f in taken.rejected if f.sheet == "Share of GDP"] == [
        "'Türkiye' stands already in line 13 of the sheet."
    ]


def shared(path: Path, **how: object) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    sipri_sheet(book, "Share of GDP", lambda n, y: share(n, y) / 100, **how)  # type: ignore[arg-type]
    book.save(path)
    return path


@pytest.mark.parametrize("above", [1, 5, 6, 20])
def test_the_header_is_found_wherever_it_stands(above: int, tmp_path: Path) -> None:
    taken = read("sipri", shared(tmp_path / "book.xlsx", above=above))
    assert {row["state"] for row in taken.rows} == set(CODES.values())
    assert taken.notes == ["The workbook has no sheet Current US$."]


def test_years_as_text_and_empty_columns_at_the_end_change_nothing(tmp_path: Path) -> None:
    plain = read("sipri", shared(tmp_path / "one.xlsx"))
    path = shared(tmp_path / "two.xlsx", years=[str(year) for year in YEARS])
    book = load_workbook(path)
    book["Share of GDP"].cell(40, 30).value = " "
    book.save(path)
    assert read("sipri", path).rows == plain.rows


@pytest.mark.parametrize("shown", ["0.00%", "General"])
def test_fractions_become_percent_however_they_are_shown(shown: str, tmp_path: Path) -> None:
    rows = by(read("sipri", shared(tmp_path / "book.xlsx", shown=shown)), "state", "year")
    assert float(rows["EST", "2020"]["share_of_gdp_pct"]) == pytest.approx(share("Estonia", 2020))


def test_percent_stay_percent(tmp_path: Path) -> None:
    book = Workbook()
    sipri_sheet(book, "Share of GDP", share, shown="0.00")
    book.save(tmp_path / "book.xlsx")
    rows = by(read("sipri", tmp_path / "book.xlsx"), "state", "year")
    assert float(rows["EST", "2020"]["share_of_gdp_pct"]) == pytest.approx(share("Estonia", 2020))


def refusal(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read("sipri", path)
    assert caught.value.fix and str(path) in caught.value.problem
    return caught.value


def test_other_sheets_a_lost_header_and_no_state_are_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "Ark1"
    book.save(tmp_path / "book.xlsx")
    assert "It has: Ark1" in refusal(tmp_path / "book.xlsx").problem

    book.worksheets[0].title = "Share of GDP"
    book.worksheets[0].append(["Country", "Notes", "last year", "this year"])
    book.save(tmp_path / "book.xlsx")
    assert "Share of GDP: There is no header" in refusal(tmp_path / "book.xlsx").problem

    shared(tmp_path / "book.xlsx", names=("Middle Earth", "Angola"))
    assert "No row is one of a state of the record" in refusal(tmp_path / "book.xlsx").problem


def test_a_column_of_countries_under_another_name_is_refused(tmp_path: Path) -> None:
    path = shared(tmp_path / "book.xlsx")
    book = load_workbook(path)
    sheet = book["Share of GDP"]
    sheet.cell(6, 1).value = "Land"
    book.save(path)
    error = refusal(path)
    assert "Share of GDP:6: The line of the years has no column Country" in error.problem
