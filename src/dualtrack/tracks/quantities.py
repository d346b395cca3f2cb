"""Distances, heights and times as people write them: a number and a unit."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput

_LENGTHS = {"m": 1.0, "km": 1000.0, "nmi": 1852.0, "nm": 1852.0, "ft": 0.3048, "mi": 1609.344, "yd": 0.9144}
"""Metres, by definition (SI brochure; international yard and pound agreement of 1959)."""

_TIMES = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}

_QUANTITY = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*", re.ASCII)


def metres(text: str, option: str) -> float:
    """A length in metres.

    >>> metres("5nmi", "--horizontal"), metres("0.3 NM", "--horizontal")
    (9260.0, 555.6)

    Raises:
        BadInput: it is no positive number with a unit of length; the message names the option.
    """
    return _read(text, option, _LENGTHS, "a length", "5nmi, 9260m, 10km or 1000ft")


def feet(text: str, option: str) -> float:
    """A height in feet.

    >>> feet("1000ft", "--vertical"), round(feet("300m", "--vertical"), 1)
    (1000.0, 984.3)

    Raises:
        BadInput: see ``metres``.
    """
    value = metres(text, option) / _LENGTHS["ft"]
    return round(value, 9)  # 1000 ft are 1000, not 1000.0000000000001


def seconds(text: str, option: str) -> float:
    """A span of time in seconds.

    >>> seconds("60s", "--max-gap"), seconds("10 min", "--max-gap")
    (60.0, 600.0)

    Raises:
        BadInput: see ``metres``.
    """
    return _read(text, option, _TIMES, "a span of time", "60s, 2min or 1h")


def _read(text: str, option: str, units: dict[str, float], what: str, such: str) -> float:
    match = _QUANTITY.fullmatch(text)
    if not match:
        raise BadInput(f"{option} {text!r} is not {what}.", f"Write a number and its unit: {such}.")
    number, unit = match.groups()
    if not unit:
        raise BadInput(f"{option} {text!r} has no unit.", f"Write it with its unit: {such}.")
    if unit.casefold() not in units:
        raise BadInput(f"{option} {text!r}: {unit!r} is no unit of {what[2:]}.", f"Known: {', '.join(units)}.")
    value = float(number) * units[unit.casefold()]
    if not value > 0:
        raise BadInput(f"{option} {text!r} is nothing.", f"Give more than zero: {such}.")
    return value


def moment_ms(text: str, option: str, end: bool = False) -> int:
    """A moment in Unix milliseconds (UTC where it names no zone); of a day, its start, or its end if ``end``.

    >>> moment_ms("2018-08-01", "--from"), moment_ms("2018-08-01", "--to", end=True)
    (1533081600000, 1533168000000)

    Raises:
        BadInput: it is neither a day nor a time; the message names the option.
    """
    asked = text.strip()
    try:
        day = last_day(asked) if end else first_day(asked)
        start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
        return start + 86_400_000 if end else start
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(asked)
    except ValueError:
        raise BadInput(
            f"{option} {text!r} is neither a day nor a time.", "Write 2018-08-01 or 2018-08-01T05:30:00 (UTC)."
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)
