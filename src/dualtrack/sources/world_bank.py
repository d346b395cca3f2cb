"""World Bank, World Development Indicators: military expenditure as JSON from the API or as a CSV download.

Read are the indicators MS.MIL.XPND.GD.ZS (percent of GDP) and MS.MIL.XPND.CD (US dollars), from an answer of the API
(version 2, format=json), from the wide CSV or the zip of the download page, or from a DataBank CSV. The figures are
SIPRI's, republished. Regions and income groups (EUU, WLD, …) are left out and counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from dualtrack.core.dates import first_day
from dualtrack.core.errors import Fault
from dualtrack.sources.contract import Ask, Origin, Taken, Unknown, dated, not_before, refused, source_row
from dualtrack.sources.figures import number, sign, written, year
from dualtrack.sources.places import codes
from dualtrack.sources.spending import Rows, wrong_share, wrong_sum
from dualtrack.sources.textfile import csv_rows, head_of, opened, other_separator, whole_text

ORIGIN = Origin(
    producer="World Bank",
    title="World Development Indicators: military expenditure",
    citation_full=(
        "World Bank, World Development Indicators, military expenditure (MS.MIL.XPND.GD.ZS, MS.MIL.XPND.CD); source: "
        "Stockholm International Peace Research Institute (SIPRI)."
    ),
    url="https://data.worldbank.org/indicator/MS.MIL.XPND.GD.ZS",
    kind="official",
    terms=(
        "The World Bank's own data are CC BY 4.0; these figures are SIPRI's, whose terms keep the reproduction of a "
        "data set below 10 per cent and to non-commercial use."
    ),
    redistribute="no",
)
TABLE = "spending"

_WHAT = "an answer of the World Bank's API or its CSV"
_INDICATORS = {"MS.MIL.XPND.GD.ZS": "share_of_gdp_pct", "MS.MIL.XPND.CD": "usd_current_m"}
# Codes that are no economies: regions, income and lending groups, and what is not classified.
_LISTED = """
AFE AFW ARB CEB CSS EAP EAR EAS ECA ECS EMU EUU FCS HIC HPC IBB IBD IBT IDA IDB IDX INX LAC LCN LDC LIC LMC LMY LTE MEA
MIC MNA NAC OED OSS PRE PSS PST SAS SSA SSF SST TEA TEC TLA TMN TSA TSS UMC WLD
"""
_GROUPS = frozenset(_LISTED.split())
_LARGEST_JSON = 32 * 1024**2
_DEEPEST = 20  # lines within which the header stands
_MILLION = 1e6


@dataclass(frozen=True)
class _Figure:
    """One value as it stands in the file."""

    where: str
    line: int
    column: str
    name: str
    code: str
    indicator: str
    year: Any
    value: Any


def read(path: Path, ask: Ask) -> Taken:
    """The rows of the file.

    Raises:
        BadInput: it is no such file, or holds another indicator.
    """
    if head_of(path).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        with path.open("rb") as handle:
            found, updated, notes = _answer(path, whole_text(path, handle, _LARGEST_JSON))
    else:
        with opened(path, "API_*.csv", _WHAT) as handle:
            updated, figures = _download(path, handle)
            found, notes = list(figures), []
    when = dated(ask, updated)
    id_ = f"world-bank-milex-{when.day}"
    taken = Taken(source_row(id_, ORIGIN, when, ask.accessed), when, notes=notes)
    rows = Rows({"series": "world_bank", "definition": "military_expenditure"}, when, id_)
    others = sorted({figure.indicator for figure in found} - set(_INDICATORS))
    if found and len(others) == len({figure.indicator for figure in found}):
        problem = f"The file holds {', '.join(others[:3])}, not military expenditure."
        raise refused(path, problem, f"Download one of {', '.join(_INDICATORS)}.")
    for figure in found:
        if figure.indicator not in _INDICATORS:
            taken.aside[f"indicator {figure.indicator[:40]}"] += 1
        else:
            _take(path, figure, ask, rows, taken)
    taken.rows = list(rows.all())
    not_before(path, when, max((cells["year"] for cells in taken.rows), default=""))
    return taken


def _take(path: Path, figure: _Figure, ask: Ask, rows: Rows, taken: Taken) -> None:
    """Puts one figure into its row, or says why not."""
    if figure.code not in ask.states:
        _leave(figure, taken)
        return
    if (missing := sign(figure.value)) is not None:
        taken.signs[missing] += 1
        return
    of, value = year(figure.year), number(figure.value)
    column = _INDICATORS[figure.indicator]
    wrong = ""
    if of is None:
        wrong = f"{str(figure.year)[:40]!r} is no year."
    elif value is None:
        wrong = f"{str(figure.value)[:40]!r} is not a number."
    else:
        said = wrong_share(value) if column == "share_of_gdp_pct" else wrong_sum(value / _MILLION)
        wrong = f"{value:g} {said}" if said else ""
        if not wrong and rows.has(figure.code, of[0], column):
            wrong = f"{figure.code} has two figures for {of[0]}."
    if wrong or of is None or value is None:
        fix = "Compare it with the World Bank's page."
        taken.rejected.append(Fault(f"{path}{figure.where}", figure.line, figure.column, wrong, fix))
    elif column == "share_of_gdp_pct":
        rows.put(figure.code, of[0], share_of_gdp_pct=written(value), precision="0.0001")
    else:
        rows.put(figure.code, of[0], usd_current_m=written(value / _MILLION, 2))


def _leave(figure: _Figure, taken: Taken) -> None:
    held = 0 if number(figure.value) is None else 1
    name = " ".join(figure.name.split())[:60] or "no name"
    if figure.code in _GROUPS or not figure.code:
        taken.aside[f"{name} (group {figure.code or 'without a code'})"] += held
    elif figure.code in codes() or re.fullmatch(r"[A-Z]{3}", figure.code):
        taken.outside[name] += held
    else:
        where = f"{figure.where.strip('[]')}{figure.line or ''}"
        taken.unknown.setdefault(f"{name} ({figure.code[:20]})", Unknown((), where)).figures += held


def _answer(path: Path, text: str) -> tuple[list[_Figure], str, list[str]]:
    """The figures of an API answer ([about the answer, [figure, …]]), its date, and what to know of it.

    Raises:
        BadInput: it is an error message, or of another shape.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        said = getattr(error, "msg", "nested too deeply")
        problem = f"The JSON is damaged or cut off ({said})."
        raise refused(path, problem, "Download it again.", line=line) from None
    message = _message(raw)
    if message:
        fix = "The address asked for something that is not there: ask for country/all/indicator/MS.MIL.XPND.GD.ZS."
        raise refused(path, f"The API answered with an error: {message}", fix)
    shape = "The JSON is no answer of the World Bank's API, which is [about the answer, [figures]]."
    if not (isinstance(raw, list) and len(raw) == 2 and isinstance(raw[0], dict) and isinstance(raw[1], list)):
        raise refused(path, shape, "Save the answer to …/v2/country/all/indicator/MS.MIL.XPND.GD.ZS?format=json.")
    if not raw[1]:
        raise refused(path, "The answer holds no figure.", "Ask for other years, or for page 1.")
    notes = []
    pages = raw[0].get("pages")
    if isinstance(pages, int) and pages > 1:
        notes.append(
            f"The file is page {str(raw[0].get('page'))[:9]} of {pages}: the others are not in it. Ask for all at once "
            "with per_page=20000."
        )
    found = [_entry(path, at, entry) for at, entry in enumerate(raw[1], 1)]
    return found, _day(raw[0].get("lastupdated")), notes


def _message(raw: Any) -> str:
    """What an error answer says: [{"message": [{"id", "key", "value"}]}]."""
    entry = raw[0] if isinstance(raw, list) and raw else raw
    said = entry.get("message") if isinstance(entry, dict) else None
    if not said:
        return ""
    first = said[0] if isinstance(said, list) else said
    return " ".join(str(first.get("value") or first.get("key") if isinstance(first, dict) else first).split())[:200]


def _entry(path: Path, at: int, entry: Any) -> _Figure:
    if not isinstance(entry, dict) or not isinstance(entry.get("indicator"), dict) or "value" not in entry:
        problem = f"Figure {at} has no indicator or no value."
        raise refused(path, problem, "Save the whole answer to …?format=json.")
    country = entry.get("country")
    name = str(country.get("value") or "") if isinstance(country, dict) else ""
    code = str(entry.get("countryiso3code") or "").strip().upper()
    indicator = str(entry["indicator"].get("id") or "")
    return _Figure(f"[figure {at}]", 0, "", name, code, indicator, entry.get("date"), entry["value"])


def _day(value: Any) -> str:
    try:
        text = str(value).strip()
        first_day(text)
    except ValueError:
        return ""
    return text


def _download(path: Path, handle: BinaryIO) -> tuple[str, Iterator[_Figure]]:
    """The date of the last update, and the figures of a wide CSV with a column for each year.

    Raises:
        BadInput: it has no such header.
    """
    rows, updated = csv_rows(path, handle), ""
    for _, (line, row) in zip(range(_DEEPEST), rows, strict=False):
        names = {name.strip().casefold(): at for at, name in enumerate(row)}
        if "country code" in names and ("indicator code" in names or "series code" in names):
            years = {at: name for at, name in enumerate(row) if year(name)}
            if not years:
                raise refused(path, "The header has no years.", "Give the file as downloaded.", line=line)
            return updated, _wide(path, row, names, years, rows)
        if row[0].strip().casefold() == "last updated date" and len(row) > 1:
            updated = _day(row[1])
        error = other_separator(path, line, row)
        if error:
            raise error
    problem = 'There is no header: no line of the first 20 has "Country Code", "Indicator Code" and years.'
    raise refused(path, problem, "Give the file API_MS.MIL.XPND….csv as downloaded.")


def _wide(
    path: Path, head: list[str], names: dict[str, int], years: dict[int, str], rows: Iterator[tuple[int, list[str]]]
) -> Iterator[_Figure]:
    code_at, name_at = names["country code"], names.get("country name", names["country code"])
    indicator_at = names.get("indicator code", names.get("series code", 0))
    for line, row in rows:
        if len(row) <= max(code_at, indicator_at) or not row[code_at].strip():
            continue  # the DataBank's last lines say where the data come from
        if abs(len(row) - len(head)) > 1:
            problem = f"The row has {len(row)} cells, the header {len(head)}."
            raise refused(path, problem, "The file is cut off or was changed: download it again.", line=line)
        for at, name in years.items():
            value = row[at] if at < len(row) else ""
            code, indicator = row[code_at].strip().upper(), row[indicator_at].strip()
            yield _Figure("", line, name, row[name_at], code, indicator, name, value)
