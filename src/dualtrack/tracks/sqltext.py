"""SQL expressions that read cells of track files: numbers, times and identities; what cannot be read is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dualtrack.tracks.packing import NOT_ICAO, NUMBER, SHIP

Types = Mapping[str, str]
"""The columns of a file and their SQL types; all VARCHAR in a CSV file."""

METRES_PER_FOOT = 0.3048
METRES_PER_SECOND_PER_KNOT = 1852 / 3600
"""Both by definition."""


def quoted(name: str) -> str:
    """A column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def cell(types: Types, name: str) -> str:
    """A column as SQL, text trimmed.

    That also keeps DuckDB (2.0) from reading a text column that is only ever converted as one of the other type: its
    CSV reader would then refuse a whole line that ``TRY_CAST`` lets through.
    """
    return f"trim({quoted(name)})" if types[name] == "VARCHAR" else quoted(name)


def found(types: Types, names: Sequence[str]) -> str | None:
    """The first of the names that is a column, whatever its case and surrounding spaces."""
    spelled = {name.strip().casefold(): name for name in reversed(list(types))}
    return next((spelled[name] for name in names if name in spelled), None)


def number(types: Types, name: str) -> str:
    """A column as a number. A comma is no decimal point: what it means cannot be told from one cell."""
    if types[name] in ("VARCHAR", "BOOLEAN"):
        return f"TRY_CAST({cell(types, name)} AS DOUBLE)"
    return f"{quoted(name)}::DOUBLE"


def truth(types: Types, name: str) -> str:
    """A column as yes or no: true and false, t and f, 1 and 0."""
    return quoted(name) if types[name] == "BOOLEAN" else f"TRY_CAST({cell(types, name)} AS BOOLEAN)"


def text(types: Types, name: str) -> str:
    """A column as trimmed text; empty is missing."""
    return f"nullif(trim({quoted(name)}::VARCHAR), '')"


def unix_ms(seconds: str) -> str:
    """Unix milliseconds of an expression that gives Unix time in seconds, milliseconds, micro- or nanoseconds.

    The unit is told by size: seconds reach 1e11 in the year 5138, milliseconds were 1e11 in March 1973.
    """
    scaled = f"{seconds} * 1e3"
    for least, factor in ((1e11, "1"), (1e14, "1e-3"), (1e17, "1e-6")):
        scaled = f"CASE WHEN abs({seconds}) < {least} THEN {scaled} ELSE {seconds} * {factor} END"
    return f"TRY_CAST(round({scaled}) AS BIGINT)"


def time_ms(types: Types, name: str) -> str:
    """A column as Unix milliseconds: a timestamp, Unix time, or ISO 8601 text (UTC where it names no zone)."""
    kind, column = types[name], cell(types, name)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"epoch_ms({column})"
    if kind.startswith(("TIMESTAMP", "DATE")):
        return f"epoch_ms({column}::TIMESTAMP)"
    if kind != "VARCHAR":
        return unix_ms(number(types, name))
    return f"coalesce({unix_ms(number(types, name))}, epoch_ms(TRY_CAST({column} AS TIMESTAMPTZ)))"


def address(types: Types, name: str) -> str:
    """A column of 24-bit addresses, in hexadecimal or as numbers, as packed identities."""
    column = cell(types, name)
    if types[name] != "VARCHAR":
        return f"CASE WHEN {column} BETWEEN 0 AND 16777215 THEN {column}::INTEGER END"
    digits = f"ltrim({column}, '~')"
    return (
        f"CASE WHEN length({digits}) = 6 THEN TRY_CAST('0x' || {digits} AS INTEGER) "
        f"+ CASE WHEN starts_with({column}, '~') THEN {NOT_ICAO} ELSE 0 END END"
    )


def mmsi(types: Types, name: str) -> str:
    """A column of MMSI as packed identities."""
    whole = f"TRY_CAST({cell(types, name)} AS BIGINT)"
    return f"CASE WHEN {whole} BETWEEN 1 AND 999999999 THEN ({whole} + {SHIP})::INTEGER END"


def plain_number(types: Types, name: str) -> str:
    """A column of whole numbers as packed identities; nine digits are an MMSI."""
    whole = f"TRY_CAST({cell(types, name)} AS BIGINT)"
    return (
        f"CASE WHEN {whole} BETWEEN 100000000 AND 999999999 THEN ({whole} + {SHIP})::INTEGER "
        f"WHEN {whole} BETWEEN 0 AND 99999999 THEN ({whole} + {NUMBER})::INTEGER END"
    )


def adsb_source(column: str) -> str:
    """readsb's type of a position (``adsb_icao``, ``tisb_trackfile``, ``mlat`` …) as one of ``packing.SOURCES``."""
    starts = " ".join(
        f"WHEN starts_with({column}, '{start}') THEN '{kind}'"
        for start, kind in (("adsb", "adsb"), ("mlat", "mlat"), ("tisb", "tisb"), ("adsr", "adsr"), ("mode", "mode_s"))
    )
    return f"CASE {starts} WHEN {column} = 'ais' THEN 'ais' WHEN {column} = 'unknown' THEN 'unknown' ELSE 'other' END"


def no_ship(types: Types, name: str) -> str:
    """Whether an MMSI is no ship station's: a ship's first digit is 2 to 7 (ITU-R M.585), others' are not."""
    return f"coalesce({mmsi(types, name)} NOT BETWEEN {SHIP + 200_000_000} AND {SHIP + 799_999_999}, false)"
