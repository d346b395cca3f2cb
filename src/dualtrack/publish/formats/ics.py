"""iCalendar (RFC 5545): what happened on which days, for calendars.

Every event lasts whole days: ``DTSTART`` and ``DTEND`` are dates, and the end is the day after the last (section
3.6.1). A date known to the month is an event of that month, and its summary says so, as it says where the end is
not on record and the event is the beginning only. A row whose dates are known to the year only, or not at all, is
left out and counted in ``X-DUALTRACK-LEFT-OUT``. ``UID`` is the permanent id of the row (section 3.8.4.7),
``DTSTAMP`` the day the record was compiled, and ``SEQUENCE`` grows with the record and the as-of day, so that a
calendar read again takes the later state (section 3.8.7.4). Name and description of the calendar: RFC 7986.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from dualtrack import __version__
from dualtrack.core.errors import BadInput
from dualtrack.publish.cite import of_rows, sentence, title
from dualtrack.record.cells import first_moment, last_moment
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

SUFFIX = ".ics"
MEDIA_TYPE = "text/calendar; charset=utf-8"

_LONGEST = 75
_EPOCH = date(2000, 1, 1)
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NAMES = ("name", "unit_or_force", "forum", "title", "decision", "speaker", "series", "force_key", "proposer")
_WHAT = ("outcome", "kind", "commitment", "paraphrase", "statement_paraphrase", "question", "change", "measure")


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """A calendar with an event for every row whose days are known, at least to the month.

    Raises:
        BadInput: the table's rows have no dates.
    """
    if not spec.when or spec.field(spec.when).type not in ("date", "moment"):
        raise BadInput(
            f"The rows of {spec.table} have no date, so they cannot be a calendar.",
            "Tables that have: exercises, dialogue, encounters, deployments, statements, commitments.",
        )
    end = next((last for first, last in spec.spans if first == spec.when), "")
    days = {row.id: found for row in rows if (found := _days(row, spec.when, end))}
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//dualtrack//dualtrack {__version__}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(f'{spec.title} ({title()})')}",
        f"X-WR-CALNAME:{_text(spec.title)}",
        f"DESCRIPTION:{_text(sentence(of_rows(spec, rows, record)[-1]))}",
        f"X-DUALTRACK-LEFT-OUT:{len(rows) - len(days)}",
    ]
    for row in rows:
        if row.id in days:
            lines += _event(row, *days[row.id], record)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode("utf-8")


def _days(row: Row, when: str, end: str) -> tuple[date, date, str] | None:
    """The first and the last day and what to say of them; None where not even the month is known."""
    start = row.text(when)
    last = row.text(end) if end else ""
    dates = [found[0] for text in (start, last) for part in text.split("/") if (found := _DATE.match(part))]
    if not start or any(len(text) < len("2016-05") for text in dates):
        return None
    said = "" if all(len(text) == len("2016-05-09") for text in dates) else "date known to the month"
    if end and not last:
        said = "; ".join([*([said] if said else []), "end not on record"])
    return first_moment(start), last_moment(last or start), said


def _event(row: Row, first: date, last: date, said: str, record: Record) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{row.spec.table}/{row.id}@dualtrack"
    yield f"DTSTAMP:{record.compiled:%Y%m%d}T000000Z"
    yield f"SEQUENCE:{(min(record.as_of, record.compiled) - _EPOCH).days}"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(_summary(row) + (f' ({said})' if said else ''))}"
    if row.spec.has("place") and row["place"]:
        yield f"LOCATION:{_text(row.text('place'))}"
    if row.spec.has("lat") and row.number("lat") is not None and row.number("lon") is not None:
        yield f"GEO:{row['lat']};{row['lon']}"
    yield f"DESCRIPTION:{_text(_description(row))}"
    sources = record.sources(row.sources)
    address = next((source.url for source in sources if source.url.startswith(("https://", "http://"))), "")
    if address and address.isascii():
        yield f"URL:{address}"
    yield f"CATEGORIES:{_text(row.spec.title)}"
    yield f"X-DUALTRACK-PRECISION:{'month' if 'month' in said else 'day'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _summary(row: Row) -> str:
    """What the row is about: its name, then what happened, or where."""
    names = [row.text(name) for name in _NAMES if row.spec.has(name) and row[name]][:1]
    what = [_spelled(row, name) for name in _WHAT if row.spec.has(name) and row[name]][:1]
    place = [row.text("place")] if not names and row.spec.has("place") and row["place"] else []
    return ": ".join([*names, *what, *place]) or row.id


def _spelled(row: Row, name: str) -> str:
    """A cell in a summary: codes without their underscores."""
    return row.text(name).replace("_", " ") if row.spec.field(name).values else row.text(name)


def _description(row: Row) -> str:
    """Every known cell, a line each, then the sources and the row's place in the record."""
    lines = [
        f"{field.name.replace('_', ' ')}: {field.values.get(row.text(field.name), row.text(field.name))}"
        for field in row.spec.fields
        if row[field.name] is not None and field.name not in ("id", "lat", "lon") and field.type != "sources"
    ]
    return "\n".join([*lines, f"sources: {', '.join(row.sources)}", f"dualtrack row {row.spec.table}/{row.id}"])


def _text(text: str) -> str:
    """A value of type TEXT (section 3.3.11): backslash, semicolon, comma and line break escaped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_ESCAPES.get(mark, mark) for mark in plain if mark in "\n\t" or mark.isprintable())


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never within a character (section 3.1)."""
    pieces: list[bytes] = []
    piece = b""
    for mark in line:
        octets = mark.encode("utf-8")
        if len(piece) + len(octets) > _LONGEST - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += octets
    return "\r\n ".join(part.decode("utf-8") for part in [*pieces, piece])
