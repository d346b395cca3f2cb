"""UCDP Georeferenced Event Dataset (GED): events of organised violence, as CSV or the zip it comes in.

Read is one row per event on the territory of a state of the record, with UCDP's own precision of date and place and
its three figures of deaths. Events elsewhere are counted and left out. The file does not say when it was published:
give the day with `--edition`, else the day you downloaded it counts. Places, parties and codes are UCDP's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from dualtrack.core.errors import BadInput, Fault
from dualtrack.sources.contract import Ask, Cells, Origin, Taken, dated, not_before, refused, source_row
from dualtrack.sources.figures import number
from dualtrack.sources.places import Places
from dualtrack.sources.textfile import csv_rows, opened, other_separator

ORIGIN = Origin(
    producer="Uppsala Conflict Data Program (UCDP), Uppsala University",
    title="UCDP Georeferenced Event Dataset (GED)",
    citation_full=(
        "Sundberg, Ralph and Erik Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace "
        "Research 50(4); and the yearly article on organized violence that UCDP names beside the version used."
    ),
    url="https://ucdp.uu.se/downloads/",
    kind="research",
    terms="CC BY 4.0.",
    redistribute="yes",
)
TABLE = "conflict_events"

_WHAT = "UCDP's CSV of georeferenced events"
# Some releases of candidate events came without a header; then the columns are these 49, in this order.
_HEADER = """
id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,
dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,
source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,
where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,
date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob
"""
_ALL = _HEADER.replace("\n", "").split(",")
_NEEDED = {
    "id", "type_of_violence", "conflict_name", "dyad_name", "side_a", "side_b", "where_prec", "latitude", "longitude",
    "country", "country_id", "date_prec", "date_start", "date_end", "best", "high", "low",
    "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown",
}  # fmt: skip
_VIOLENCE = {"1": "state_based", "2": "non_state", "3": "one_sided"}
_DATES = {"1": "day", "2": "days", "3": "week", "4": "month", "5": "year"}
_PLACES = {
    "1": "exact",
    "2": "near",
    "3": "district",
    "4": "region",
    "5": "linear",
    "6": "country",
    "7": "beyond",
}
_CLARITY = {"1": "clear", "2": "unclear"}
_COUNTS = {
    "deaths_low": "low",
    "deaths_best": "best",
    "deaths_high": "high",
    "deaths_a": "deaths_a",
    "deaths_b": "deaths_b",
    "deaths_civilians": "deaths_civilians",
    "deaths_unknown": "deaths_unknown",
}
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?Z?)?")
_VERSION = re.compile(r"(?:GEDEvent_v|ged)(\d{2})[._]?(\d{1,2})(?:[._](\d{1,2}))?", re.IGNORECASE)
_MOST = 1_000_000  # events taken over
_REJECTED = 1_000  # rejected rows told one by one
_LONGEST = 1_000
_CROSSED = "UCDP's lowest estimate of deaths is above its highest."


class _Wrong(ValueError):
    """Why an event cannot be taken over, and in which column."""

    def __init__(self, column: str, value: str, problem: str) -> None:
        super().__init__(problem)
        self.column = column
        self.value = value
        self.problem = problem


def read(path: Path, ask: Ask) -> Taken:
    """The events in states of the record.

    Raises:
        BadInput: it is no such file.
    """
    when = dated(ask)
    version = _version(path)
    id_ = f"ucdp-ged-{version or when.day}"
    taken = Taken(source_row(id_, ORIGIN, when, ask.accessed, f"version {version}" if version else ""), when)
    places, seen = Places(ask.states), set[str]()
    with opened(path, "*GED*.csv", _WHAT) as handle:
        events = csv_rows(path, handle)
        for line, event in _events(path, events, taken):
            try:
                code = _state(event, ask, places)
                if code:
                    cells = _cells(event, code, ask)
                    if cells["id"] in seen:
                        raise _Wrong("id", event["id"], "stands in the file twice.")
                    seen.add(cells["id"])
                    taken.rows.append({**cells, "sources": id_, **when.known})
                else:
                    taken.outside[" ".join(event["country"].split())[:60] or "no country"] += 1
            except _Wrong as error:
                _reject(path, line, error, taken)
            if len(taken.rows) > _MOST:
                raise refused(path, f"The file has more than {_MOST:,} events.", "Cut it by year.", line=line)
    if not taken.rows and not taken.rejected and not taken.outside:
        raise refused(path, "The file has a header and no event.", "Download it again.")
    crossed = sum(bool(cells["note"]) for cells in taken.rows)
    if crossed:
        taken.note(f"{_CROSSED} So it is for {crossed:,} events; both figures are kept.")
    not_before(path, when, max((cells["date"][:10] for cells in taken.rows), default=""))
    return taken


def _reject(path: Path, line: int, error: _Wrong, taken: Taken) -> None:
    if len(taken.rejected) == _REJECTED:
        taken.note(f"More than {_REJECTED:,} events are rejected; the others are not listed.")
        return
    if len(taken.rejected) < _REJECTED:
        shown = f"{' '.join(error.value.split())[:60]!r} "
        fix = "Compare the row with UCDP's file."
        taken.rejected.append(Fault(str(path), line, error.column, f"{shown}{error.problem}", fix))


def _version(path: Path) -> str:
    """The version that the file's name has: ``GEDEvent_v25_1.csv`` is 25.1."""
    found = _VERSION.search(path.name)
    return ".".join(part for part in found.groups() if part) if found else ""


def _events(path: Path, rows: Iterator[tuple[int, list[str]]], taken: Taken) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells by column of every event.

    Raises:
        BadInput: the columns are others, or a row has another number of cells.
    """
    line, first = next(rows, (1, []))
    header = [name.strip().casefold() for name in first]
    if len(first) == len(_ALL) and header[0].isdigit():
        taken.note("The file has no header; UCDP's 49 columns were taken to be in their usual order.")
        yield line, dict(zip(_ALL, first, strict=True))
        header = _ALL
    else:
        missing = [name for name in _ALL if name in _NEEDED and name not in header]
        if missing:
            raise other_separator(path, line, first) or _no_such_header(path, line, missing)
    for line, row in rows:
        if len(row) != len(header):
            problem = f"The row has {len(row)} cells, the header {len(header)}."
            raise refused(path, problem, "The file is cut off or was changed: download it again.", line=line)
        yield line, dict(zip(header, row, strict=True))


def _no_such_header(path: Path, line: int, missing: list[str]) -> BadInput:
    some = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
    fix = "Give the CSV of the Georeferenced Event Dataset as downloaded, not one of UCDP's other data sets."
    return refused(path, f"These columns are missing: {some}.", fix, line=line)


def _state(event: dict[str, str], ask: Ask, places: Places) -> str | None:
    """The state of the record on whose territory it happened: by Gleditsch and Ward's number, else by name."""
    text = event["country_id"].strip()
    if text and not text.isdigit():
        raise _Wrong("country_id", text, "is no number of Gleditsch and Ward's list.")
    code = ask.gw.get(int(text)) if text and len(text) < 6 else None
    return code or places.code(event["country"])


def _cells(event: dict[str, str], code: str, ask: Ask) -> Cells:
    """The row of the record.

    Raises:
        _Wrong: a cell cannot be what UCDP's codebook says it is.
    """
    number_ = event["id"].strip()
    if not re.fullmatch(r"\d{1,12}", number_):
        raise _Wrong("id", number_, "is no number of an event.")
    counts = {column: _count(event, name) for column, name in _COUNTS.items()}
    low, high = counts["deaths_low"], counts["deaths_high"]
    crossed = bool(low and high and int(low) > int(high))  # UCDP has some; its figures are kept as they are
    return {
        "id": f"ged-{number_}",
        "date": _when(event),
        "date_precision": _code(event, "date_prec", _DATES),
        "state": code,
        "place": _text(event.get("where_description", "") or event.get("where_coordinates", "")),
        "place_precision": _code(event, "where_prec", _PLACES),
        "lat": _degrees(event, "latitude", 90),
        "lon": _degrees(event, "longitude", 180),
        "type_of_violence": _code(event, "type_of_violence", _VIOLENCE, needed=True),
        "conflict": _text(event["conflict_name"]),
        "dyad": _text(event["dyad_name"]),
        "side_a": _text(event["side_a"]),
        "side_b": _text(event["side_b"]),
        "side_a_states": _states(event.get("gwnoa", ""), ask),
        "side_b_states": _states(event.get("gwnob", ""), ask),
        **counts,
        "clarity": _code(event, "event_clarity", _CLARITY),
        "reports": _text(event.get("source_article", "")),
        "note": _CROSSED if crossed else "",
    }


def _when(event: dict[str, str]) -> str:
    """The day, or the first and the last day with a slash."""
    days = []
    for name in ("date_start", "date_end"):
        found = _MOMENT.fullmatch(event[name].strip())
        try:
            days.append(date.fromisoformat(found.group(1)) if found else None)
        except ValueError:
            days.append(None)
        if days[-1] is None:
            raise _Wrong(name, event[name], "is not a day written as 2022-02-24.")
    first, last = days
    assert first and last
    if first > last:
        raise _Wrong("date_end", event["date_end"], f"is before the first day, {first}.")
    return first.isoformat() if first == last else f"{first}/{last}"


def _code(event: dict[str, str], name: str, codes: dict[str, str], needed: bool = False) -> str:
    text = event.get(name, "").strip().removesuffix(".0")
    if not text and not needed:
        return ""
    if text not in codes:
        raise _Wrong(name, text, f"is not one of UCDP's codes {', '.join(codes)}.")
    return codes[text]


def _count(event: dict[str, str], name: str) -> str:
    text = event[name].strip()
    if not text:
        return ""
    value = number(text)
    if value is None or value < 0 or not value.is_integer() or value > 1e9:
        raise _Wrong(name, text, "is no number of persons.")
    return str(int(value))


def _degrees(event: dict[str, str], name: str, most: int) -> str:
    text = event[name].strip()
    if not text:
        return ""
    value = number(text)
    if value is None or abs(value) > most:
        raise _Wrong(name, text, f"is no {name} between -{most} and {most}.")
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _states(text: str, ask: Ask) -> str:
    """The states of the record among the numbers of a side; a number whose state is not in it says nothing."""
    found = {ask.gw[int(part)] for part in re.findall(r"\d{1,4}", text) if int(part) in ask.gw}
    return ";".join(sorted(found))


def _text(text: str) -> str:
    """Text on one line, not longer than is read."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
