"""Files in the shapes their publishers use. Every figure in them is invented."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.styles.colors import COLOR_INDEX, Color

INVENTED = "INVENTED FIGURES, made for a test"
YEARS = tuple(range(2012, 2025))
BLUE, RED = Color(indexed=12), Color(indexed=10)
assert COLOR_INDEX[12].endswith("0000FF") and COLOR_INDEX[10].endswith("FF0000")


def share(name: str, year: int) -> float:
    """An invented share of GDP, in percent, that differs from row to row and year to year."""
    return round(1 + (sum(map(ord, name)) % 37) / 10 + (year - 2010) / 100, 4)


def money(name: str, year: int) -> float:
    """An invented sum in million US dollars."""
    return round(100 + (sum(map(ord, name)) % 997) * 7.25 + (year - 2010) * 3.5, 2)


# --- SIPRI: a sheet per measure, the header in another line in each -------------------------------------------------

SIPRI_NAMES = ("Algeria", "Angola", "United States of America", "Estonia", "Latvia", "Russia", "Türkiye", "USSR")
SIPRI_MARKS = {"Algeria": "§4", "Estonia": "†¶", "Latvia": 17}


def sipri_sheet(
    book: Workbook,
    title: str,
    figure: Any,
    names: Sequence[str] = SIPRI_NAMES,
    above: int = 4,
    notes: bool = True,
    shown: str = "0.00%",
    cells: Mapping[tuple[str, int], Any] | None = None,
    years: Sequence[Any] = YEARS,
) -> None:
    """A sheet as SIPRI lays it out: lines of text, the header, an empty line, regions and countries."""
    sheet = book.create_sheet(title)
    sheet.append([f"Military expenditure by country. {INVENTED}"])
    for _ in range(above - 1):
        sheet.append(["Figures in blue are SIPRI estimates. Figures in red indicate highly uncertain data."])
    sheet.append([""])
    sheet.append(["Country", *(["Notes"] if notes else []), *years])
    sheet.append([])
    sheet.append(["Africa"])
    for name in names:
        if name == "Estonia":
            sheet.append(["Europe"])
            sheet.append(["Central Europe"])
        values = [(cells or {}).get((name, year), figure(name, year)) for year in YEARS]
        sheet.append([name, *([SIPRI_MARKS.get(name)] if notes else []), *values])
        first = 2 + notes
        for column, value in enumerate(values, first):
            cell = sheet.cell(sheet.max_row, column)
            if isinstance(value, float):
                cell.number_format = shown
            if name == "Russia" and column == first:
                cell.font = Font(color=RED)
            elif name == "Estonia" and column == first + 1:
                cell.font = Font(color=BLUE)


def sipri(path: Path, names: Sequence[str] = SIPRI_NAMES, cells: Mapping[tuple[str, int], Any] | None = None) -> Path:
    """A workbook as SIPRI publishes it, with the sheets that are read and some that are not."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.create_sheet("Front page")
    totals = book.create_sheet("Regional totals")
    totals.append(["Region", *YEARS, "2024 (current prices)", "Omitted countries"])
    totals.append(["Africa", *(9.0 for _ in YEARS)])
    missing: dict[tuple[str, int], Any] = {
        ("Angola", 2012): "...", ("Latvia", 2012): "...", ("Latvia", 2013): ". .", ("Latvia", 2014): "…",
        ("Estonia", 2012): "xxx", ("USSR", 2020): "xxx",
    }  # fmt: skip
    missing |= cells or {}
    sipri_sheet(book, "Constant (2023) US$", money, names, notes=False, shown="#,##0.0", cells=missing)
    sipri_sheet(book, "Current US$", lambda n, y: money(n, y) + 1, names, shown="#,##0.0", cells=missing)
    sipri_sheet(book, "Share of GDP", lambda n, y: share(n, y) / 100, names, cells=missing)
    sipri_sheet(book, "Per capita", lambda n, y: 5.0, names, above=5)
    book.create_sheet("Footnotes").append(["Footnotes and special notes"])
    book.save(path)
    return path


# --- NATO: years above or below the title of a block, totals between, notes below -----------------------------------

NATO_NAMES = ("Albania", "Czechia*", "Estonia*", "Slovak Republic", "Türkiye", "United Kingdom", "United States")
NATO_YEARS: tuple[Any, ...] = (*range(2014, 2019), "2019", *range(2020, 2023), "2023e", "2024e")
NATO_NOTE = "Notes: Figures for 2023 and 2024 are estimates. The totals include Montenegro from 5 June 2017."


def _nato_block(sheet: Any, title: str, names: Sequence[str], figure: Any, shown: str, at: int, total: bool) -> None:
    sheet.append([*([None] * at), title])
    for name in names:
        values = [figure(name.strip("*"), year) for year in range(2014, 2025)]
        sheet.append([*([None] * (at + 1)), name, *values])
        for column in range(at + 3, at + 3 + len(values)):
            sheet.cell(sheet.max_row, column).number_format = shown
    if total:
        sheet.append([*([None] * at), "NATO Europe and Canada", None, *(1.5 for _ in range(11))])
        sheet.append([*([None] * at), "NATO Total", None, *(2.5 for _ in range(11))])
    else:
        sheet.append([None, None, None, *("#REF!" for _ in range(11))])


def nato(path: Path, names: Sequence[str] = NATO_NAMES, dated: str = "") -> Path:
    """A workbook as NATO published it in 2024: the years once, above the first block."""
    book = Workbook()
    book.remove(book.worksheets[0])
    percent = share
    for title, about, unit, blocks in (
        ("TABLE1", "Table 1 : Defence expenditure", "Million national currency units", [("Current prices", money)]),
        ("TABLE2", "Table 2 : Defence expenditure", "Million US dollars",
         [("Current prices and exchange rates", money),
          ("Constant 2015 prices and exchange rates", lambda n, y: money(n, y) - 5)]),
        ("TABLE3", "Table 3 : Defence expenditure as a share of GDP and annual real change", "Based on 2015 prices",
         [("Share of real GDP (%)", percent), ("Annual real change (%)", lambda n, y: -1.25)]),
        ("TABLE8a", "Table 8a : Distribution of defence expenditure by main category",
         "Percentage of total defence expenditure",
         [("Equipment (a)", lambda n, y: percent(n, y) * 10), ("Personnel (b)", lambda n, y: 40.0)]),
    ):  # fmt: skip
        sheet = book.create_sheet(title)
        for line in ([], [None, dated or INVENTED], [], [None, about], [], [None, unit], []):
            sheet.append(line)
        sheet.append([None, None, None, *NATO_YEARS])
        sheet.append([])
        for block, figure in blocks:
            money_ = "#,##0" if title in ("TABLE1", "TABLE2") else "#,##0.00"
            _nato_block(sheet, block, names, figure, money_, 1, title != "TABLE8a")
        sheet.append([])
        sheet.append([None, None, NATO_NOTE])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=3, end_column=14)
        sheet.append([None, f"-{book.sheetnames.index(title) + 7}-"])
    book.save(path)
    return path


def nato_core(path: Path, names: Sequence[str] = NATO_NAMES) -> Path:
    """A workbook as NATO published it in 2026: all in the first column, the years below each block's title."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, about, blocks in (
        ("Table 3", "Table 3: Core defence expenditure as a share of GDP and annual real change",
         [("Share of real GDP (%), based on 2021 prices", share), ("Annual real change (%)", lambda n, y: 3.0)]),
        ("Table 8a", "Table 8a: Distribution of core defence expenditure by main category",
         [("Equipment (a)", lambda n, y: share(n, y) * 10), ("Personnel (b)", lambda n, y: 40.0)]),
    ):  # fmt: skip
        sheet = book.create_sheet(title)
        sheet.append([about])
        for block, figure in blocks:
            sheet.append([block])
            sheet.append([None, *(str(y) for y in range(2014, 2025)), "2025e", "2026e"])
            for name in names:
                sheet.append([name, *(figure(name.strip("*"), year) for year in range(2014, 2027))])
            sheet.append(["NATO Total", *(2.0 for _ in range(13))])
            sheet.append([])
        sheet.append(["Notes: Figures for 2025 and 2026 are estimates."])
    book.save(path)
    return path


# --- The World Bank: the API's JSON, the download page's CSV and zip, the DataBank's CSV ------------------------------

WB_NAMES = {"EST": "Estonia", "RUS": "Russian Federation", "USA": "United States", "AGO": "Angola"}
WB_GROUPS = {"EUU": "European Union", "WLD": "World"}
SHARE_CODE, MONEY_CODE = "MS.MIL.XPND.GD.ZS", "MS.MIL.XPND.CD"


def world_bank_json(path: Path, indicator: str = SHARE_CODE, pages: int = 1, **changed: Any) -> Path:
    """An answer of the API, version 2; ``changed`` replaces parts of Estonia's figure of 2020."""
    figures = []
    for code, name in {**WB_NAMES, **WB_GROUPS, "": "Not classified"}.items():
        for year in (2020, 2021, 2022):
            value = share(name, year) if indicator == SHARE_CODE else money(name, year) * 1e6
            figure = {
                "indicator": {"id": indicator, "value": f"Military expenditure. {INVENTED}"},
                "country": {"id": code[:2] or "XX", "value": name},
                "countryiso3code": code,
                "date": str(year),
                "value": None if code == "USA" and year == 2022 else value,
                "unit": "",
                "obs_status": "",
                "decimal": 1,
            }
            if code == "EST" and year == 2020:
                figure |= changed
            figures.append(figure)
    about = {
        "page": 1, "pages": pages, "per_page": 50, "total": len(figures), "sourceid": "2", "lastupdated": "2024-06-28",
    }  # fmt: skip
    path.write_text(json.dumps([about, figures]), "utf-8")
    return path


WB_ERROR = '[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]'


def world_bank_csv(indicator: str = SHARE_CODE) -> str:
    """The CSV of the download page: four lines, then a column for each year and an empty one."""
    lines = ['"Data Source","World Development Indicators",', "", '"Last Updated Date","2024-06-28",', ""]
    years = [str(year) for year in range(1960, 2024)]
    lines.append(
        ",".join(f'"{name}"' for name in ("Country Name", "Country Code", "Indicator Name", "Indicator Code", *years))
        + ","
    )
    for code, name in {**WB_NAMES, **WB_GROUPS}.items():
        scale = 1.0 if indicator == SHARE_CODE else 1e6
        figures = [str(share(name, int(year)) * scale) if int(year) > 2019 else "" for year in years]
        lines.append(",".join(f'"{cell}"' for cell in (name, code, INVENTED, indicator, *figures)) + ",")
    return "\n".join(lines) + "\n"


def world_bank_zip(path: Path, indicator: str = SHARE_CODE) -> Path:
    """The zip of the download page: the figures and two files about them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"Metadata_Indicator_API_{indicator}_DS2_en_csv_v2_1.csv", "x")
        archive.writestr(f"API_{indicator}_DS2_en_csv_v2_1.csv", "\ufeff" + world_bank_csv(indicator))
        archive.writestr(f"Metadata_Country_API_{indicator}_DS2_en_csv_v2_1.csv", "x")
    return path


def databank_csv() -> str:
    """The CSV of the DataBank: years as 2020 [YR2020], two dots for no figure, lines about the source at the end."""
    return (
        "Country Name,Country Code,Series Name,Series Code,2020 [YR2020],2021 [YR2021],2022 [YR2022]\n"
        f"Estonia,EST,{INVENTED.replace(',', '')},{SHARE_CODE},2.5,..,2.75\n"
        f"Russian Federation,RUS,{INVENTED.replace(',', '')},{SHARE_CODE},4.5,4.25,\n"
        "\n\nData from database: World Development Indicators\nLast Updated: 06/28/2024\n"
    )


# --- UCDP: one line per event, 49 columns -----------------------------------------------------------------------------

GED = """
id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,
dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,
source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,
where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,
date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob
"""
COLUMNS = GED.replace("\n", "").split(",")


def event(**changed: Any) -> dict[str, Any]:
    """An invented event in Estonia."""
    return {
        **dict.fromkeys(COLUMNS, ""),
        "id": "900001", "relid": "INV-2022-1-1-1", "year": "2022", "active_year": "1", "code_status": "Clear",
        "type_of_violence": "1", "conflict_name": "Invented: Government", "dyad_name": "Government of A - B",
        "side_a": "Government of Estonia", "side_b": "Invented party", "source_article": f'"{INVENTED}", 25 Feb 2022',
        "where_prec": "2", "where_coordinates": "Tapa town", "where_description": "Tapa (near)",
        "latitude": "59.26", "longitude": "25.958", "country": "Estonia", "country_id": "366", "region": "Europe",
        "event_clarity": "1", "date_prec": "1", "date_start": "2022-02-24 00:00:00.000",
        "date_end": "2022-02-24 00:00:00.000", "deaths_a": "1", "deaths_b": "0", "deaths_civilians": "2",
        "deaths_unknown": "0", "best": "3", "high": "5", "low": "2", "gwnoa": "366", "gwnob": "",
        **changed,
    }  # fmt: skip


def ged_csv(events: Sequence[Mapping[str, Any]], header: bool = True) -> str:
    """The CSV as UCDP publishes it."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    if header:
        writer.writeheader()
    writer.writerows(events)
    return out.getvalue()


def ged(path: Path, events: Sequence[Mapping[str, Any]] | None = None) -> Path:
    """The file, or the zip it comes in if it is named so."""
    text = ged_csv(events if events is not None else [event(), event(id="900002", country="Angola", country_id="540")])
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("GEDEvent_v25_1.csv", text)
    else:
        path.write_text(text, "utf-8")
    return path
