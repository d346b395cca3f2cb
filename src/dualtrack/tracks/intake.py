"""From a track file to staged reports: packed, checked row by row, sorted out by hour, dropped rows counted by rule.

Tables stream through DuckDB, whatever their size; documents are read one by one. Nothing is cleaned here that needs a
neighbour: jumps, spikes and stale positions are the engine's business. The rules of this step look at one row each.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from dualtrack.core.errors import BadInput
from dualtrack.core.room import no_room
from dualtrack.tracks.adapters import FIELDS, Adapter, Projection, Reported, adapters
from dualtrack.tracks.adapters.named_columns import expressions
from dualtrack.tracks.packing import NO_ALTITUDE, NO_SPEED, ON_GROUND, PER_DEGREE, SOURCES
from dualtrack.tracks.sqltext import quoted
from dualtrack.tracks.trackfile import TrackFile, documents

HOUR_MS = 3_600_000

EARLIEST_MS, LATEST_MS = 946_684_800_000, 4_102_444_800_000
"""2000 and 2100: a report outside has a clock that was reset."""

RULES = {
    "bad_line": "the line has too few or too many cells, or an open quotation mark",
    "not_a_ship": "a base station, buoy or aircraft, not a ship",
    "no_time": "no time, or one that cannot be read",
    "time_out_of_range": "a time before 2000 or after 2100: the clock was reset",
    "no_identity": "no address, MMSI or number, or one that cannot be read",
    "no_position": "no latitude or longitude, or one that is no number",
    "position_out_of_range": "latitude beyond 90 or longitude beyond 180 degrees (AIS: 91 and 181 mean not available)",
    "repeated_time": "another report of the same identity at the same millisecond; the one heard first is kept",
}
"""Why a row is dropped on the way into the store, in the order in which the rules are asked."""

_KEPT = "kept"


@dataclass
class Staged:
    """What one file, or a batch of them, came to.

    Attributes:
        adapter: what it was read with.
        rows: how many rows or points there were.
        kept: how many were staged.
        dropped: the others, by rule.
        first_bad_line: where the first unreadable line of a text table stands.
        hours: the hours (since 1970) that have reports.
    """

    adapter: str
    rows: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    first_bad_line: int = 0
    hours: set[int] = field(default_factory=set)


def database(scratch: Path, threads: int = 1, memory: str = "1GB") -> duckdb.DuckDBPyConnection:
    """A database in memory that spills to a folder, loads no extension and keeps to its share of the machine."""
    con = duckdb.connect(":memory:")
    con.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
    con.execute(f"SET threads={int(threads)}; SET memory_limit='{memory}'; SET preserve_insertion_order=false")
    con.execute("SET temp_directory=?", [str(scratch)])
    con.execute("SET TimeZone='UTC'")
    return con


@contextmanager
def interrupts_told() -> Iterator[None]:
    """Holds that an interrupt in the midst of a query is an interrupt: DuckDB makes another error of it.

    Raises:
        KeyboardInterrupt: a query was interrupted.
    """
    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


class Intake:
    """Stages files into folders, each ``rule=kept/hour=…/*.parquet``.

    Args:
        scratch: a folder for what does not fit in memory.
        threads: how many DuckDB may use.
    """

    def __init__(self, scratch: Path, threads: int = 1) -> None:
        self._scratch = scratch
        self._scratch.mkdir(parents=True, exist_ok=True)
        self._con = database(self._scratch, threads)

    def close(self) -> None:
        """Lets go of the database."""
        self._con.close()

    def table(
        self, file: TrackFile, target: Path, named: Adapter | None = None, mapping: Mapping[str, str] | None = None
    ) -> Staged:
        """Stages a table, whatever its size.

        Args:
            file: as inspected.
            target: a folder that is not there yet.
            named: the adapter to use; left out, the first that knows the columns.
            mapping: what columns hold: see ``adapters.named_columns``.

        Raises:
            BadInput: no adapter knows its columns, or it is damaged.
        """
        link = self._scratch / f"input.{file.kind}{'.gz' if file.packed else ''}"
        link.unlink(missing_ok=True)
        os.symlink(file.path.resolve(), link)  # so that a name with * or ? is no pattern, and its ending does not count
        try:
            if file.kind == "csv":
                source, types = _text_table(file)
            else:
                source = "read_parquet(?)"
                described = self._con.execute(f"DESCRIBE SELECT * FROM {source}", [str(link)]).fetchall()
                types = {str(name): str(kind) for name, kind, *_ in described}
            chosen, projection = _projection(file.called, types, named, mapping or {})
            _plain_only(file.called, types, projection)
            staged = Staged(chosen)
            rows = f"SELECT {_cast(projection.fields, types)}, {_left_out(projection)} AS rule FROM {source}"
            self._write(rows, [str(link)], target, staged)
            if file.kind == "csv":
                self._rejected(staged)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise self._told(file, str(link), error) from None
        finally:
            link.unlink(missing_ok=True)
        return staged

    def reported(self, batch: Sequence[Reported], target: Path, staged: Staged) -> None:
        """Stages what documents told, and counts it.

        Args:
            batch: what they told.
            target: a folder that is not there yet.
            staged: where the counts go.
        """
        for one in batch:
            staged.dropped.update(one.rejected)
            staged.rows += sum(one.rejected.values())
        full = [one for one in batch if one.count]
        if not full:
            return
        names = [name for name in FIELDS if all(name in one.columns for one in full)]
        columns: dict[str, NDArray[Any]] = {name: np.concatenate([one.columns[name] for one in full]) for name in names}
        types = {name: "DOUBLE" if columns[name].dtype == np.float64 else FIELDS[name] for name in names}
        self._con.register("reported", columns)
        try:
            rows = f"SELECT {_cast({n: n for n in names}, types)}, NULL::VARCHAR AS rule FROM reported"
            self._write(rows, (), target, staged)
        finally:
            self._con.unregister("reported")

    def _rejected(self, staged: Staged) -> None:
        """Counts the lines DuckDB could not read, and forgets them."""
        counted = self._con.execute("SELECT count(DISTINCT line), min(line) FROM reject_errors").fetchone()
        assert counted
        if counted[0]:
            staged.dropped["bad_line"] += counted[0]
            staged.rows += counted[0]
            staged.first_bad_line = counted[1]
        self._con.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")

    def _write(self, rows: str, values: Sequence[Any], target: Path, staged: Staged) -> None:
        """Sorts rows of ``FIELDS`` and a rule (or none) out by rule and hour, into files of their own."""
        written = self._con.execute(
            f"COPY ({_packed(rows)}) TO {sql_text(target)} "
            "(FORMAT parquet, COMPRESSION lz4_raw, PARTITION_BY (rule, hour), RETURN_STATS)",
            list(values),
        ).fetchall()
        for filename, count, *_, keys, _extra in written:
            staged.rows += count
            if keys["rule"] == _KEPT:
                staged.kept += count
                staged.hours.add(int(keys["hour"]))
            else:
                staged.dropped[keys["rule"]] += count
                os.unlink(filename)

    def _told(self, file: TrackFile, link: str, error: duckdb.Error) -> BadInput:
        """What DuckDB says of a file, in the words of somebody who has to mend it."""
        if full := no_room(error):
            return BadInput(f"{file.called} cannot be taken into the store: {full}.", "Make room on its disk.")
        said = str(error).partition("\n")[0].replace(link, file.called)
        if isinstance(error, duckdb.OutOfMemoryException):
            return BadInput(f"{file.called} needs more memory or disk than there is: {said}", "Split it by the hour.")
        if isinstance(error, (duckdb.BinderException, duckdb.ConversionException)):
            return BadInput(
                f"{file.called}: a column holds something that cannot be read as what its name says. {said[:200]}",
                "Name the right columns with --column, such as lat=NAME.",
            )
        if file.kind == "parquet":
            place = self._damaged(link)
            return BadInput(
                f"{file.called}{place}: the Parquet file is cut short or damaged.",
                "Was it copied whole? Fetch it again.",
            )
        line = re.search(r"[Ll]ine:? (\d+)", str(error))
        where = f":{line[1]}" if line else ""
        return BadInput(f"{file.called}{where}: this cannot be read as a table. {said[:200]}", "Is it a CSV file?")

    def _damaged(self, link: str) -> str:
        """Which row group of a Parquet file cannot be read, where its end can."""
        try:
            groups = self._con.execute(
                "SELECT row_group_id, any_value(row_group_num_rows) FROM parquet_metadata(?) GROUP BY 1 ORDER BY 1",
                [link],
            ).fetchall()
        except duckdb.Error:
            return ""
        start = 0
        for number, rows in groups:
            try:
                self._con.execute(
                    "SELECT count(hash(r)) FROM read_parquet(?, file_row_number=true) r "
                    "WHERE file_row_number BETWEEN ? AND ?",
                    [link, start, start + rows - 1],
                ).fetchall()
            except duckdb.Error:
                return f", row group {number}"
            start += rows
        return ""


_SEPARATORS = ",;\t|"

MOST_COLUMNS = 1000
"""Of a text table; the widest seen has 26."""

_PLAIN = re.compile(
    r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\d\)|BOOLEAN|VARCHAR|DATE|TIMESTAMP[A-Z_ ]*|\"NULL\""
)


def _text_table(file: TrackFile) -> tuple[str, dict[str, str]]:
    """How a text table is read, and its columns, from its first line alone: nothing is guessed from a sample."""
    separator = max(_SEPARATORS, key=file.header.count)
    cells = next(csv.reader([file.header], delimiter=separator), [])
    if len(cells) > MOST_COLUMNS:
        raise BadInput(f"{file.called}:1: there are more than {MOST_COLUMNS:,} columns.", "Is it a table of tracks?")
    names: list[str] = []
    known: set[str] = set()
    for cell in cells:
        name = cell.strip() or "column"
        while name.casefold() in known:
            name += "_"
        names.append(name)
        known.add(name.casefold())
    columns = ", ".join(f"{sql_text(name)}: 'VARCHAR'" for name in names)
    source = (
        f"read_csv(?, auto_detect=false, columns={{{columns}}}, delim={sql_text(separator)}, quote='\"', escape='\"', "
        f"header=true, encoding='{file.encoding}', store_rejects=true, rejects_limit=0"
        f"{', compression=gzip' if file.packed else ''})"
    )
    return source, dict.fromkeys(names, "VARCHAR")


def _projection(
    called: str, types: Mapping[str, str], named: Adapter | None, mapping: Mapping[str, str]
) -> tuple[str, Projection]:
    """The adapter that knows these columns, and how it reads them."""
    if mapping:
        found = expressions(types, mapping)
        if found:
            return "named_columns", found
    else:
        for one in [named] if named else adapters().values():
            found = one.columns(types) if one.columns else None
            if found:
                return one.name, found
    shown = ", ".join(list(types)[:12]) + (" …" if len(types) > 12 else "")
    which = f"the adapter {named.name} does not know its columns" if named else "no adapter knows its columns"
    raise BadInput(
        f"{called}:1: {which}: {shown or 'there are none'}.",
        "Columns for time, identity (icao24, mmsi or id), latitude and longitude are needed. "
        "Say which they are: --column t=NAME --column icao24=NAME --column lat=NAME --column lon=NAME.",
    )


def _plain_only(called: str, types: Mapping[str, str], projection: Projection) -> None:
    """Holds that every column that is read holds single values.

    Raises:
        BadInput: one holds lists, records or bytes.
    """
    read = [*projection.fields.values(), *projection.left_out.values()]
    for name, kind in types.items():
        if not _PLAIN.fullmatch(kind) and any(quoted(name) in text for text in read):
            raise BadInput(
                f"{called}, column {name}: it holds {kind[:80]}, neither numbers, text nor times.",
                "Write it as plain values, or name another column with --column.",
            )


def _cast(fields: Mapping[str, str], types: Mapping[str, str]) -> str:
    """The fields as SQL columns of their types; those that are not there are missing."""
    return ", ".join(
        f"TRY_CAST({fields[name]} AS {kind}) AS {name}" if name in fields else f"NULL::{kind} AS {name}"
        for name, kind in FIELDS.items()
    )


def _left_out(projection: Projection) -> str:
    conditions = " ".join(f"WHEN {condition} THEN '{rule}'" for rule, condition in projection.left_out.items())
    return f"CASE {conditions} END" if conditions else "NULL::VARCHAR"


def _packed(rows: str) -> str:
    """Rows of ``FIELDS`` as whole numbers, with the rule that drops them or ``kept``, and the hour."""
    sources = " ".join(f"WHEN '{name}' THEN {number}" for number, name in enumerate(SOURCES))
    feet = "CASE WHEN {0} BETWEEN -2000 AND 200000 THEN round({0})::INTEGER ELSE " + f"{NO_ALTITUDE} END AS {{1}}"
    return f"""
    SELECT t_ms AS t, coalesce(seen_ms, t_ms) AS seen, id,
        TRY_CAST(round(lat * {PER_DEGREE}) AS INTEGER) AS lat, TRY_CAST(round(lon * {PER_DEGREE}) AS INTEGER) AS lon,
        {feet.format("baro_ft", "baro")}, {feet.format("geom_ft", "geom")},
        CASE WHEN speed_kt BETWEEN 0 AND 3000 THEN round(speed_kt * 10)::SMALLINT ELSE {NO_SPEED} END AS speed,
        (CASE source {sources} ELSE 0 END + CASE WHEN ground THEN {ON_GROUND} ELSE 0 END)::UTINYINT AS how,
        CASE WHEN radius_m BETWEEN 0 AND 60000 THEN ceil(radius_m)::USMALLINT ELSE 0::USMALLINT END AS radius,
        name, coalesce(military, false) AS military, judged AS rule,
        CASE WHEN judged = '{_KEPT}' THEN (t_ms // {HOUR_MS})::INTEGER ELSE 0 END AS hour
    FROM (SELECT *, CASE
        WHEN rule IS NOT NULL THEN rule
        WHEN t_ms IS NULL THEN 'no_time'
        WHEN t_ms NOT BETWEEN {EARLIEST_MS} AND {LATEST_MS} THEN 'time_out_of_range'
        WHEN id IS NULL THEN 'no_identity'
        WHEN lat IS NULL OR lon IS NULL OR isnan(lat) OR isnan(lon) THEN 'no_position'
        WHEN abs(lat) > 90 OR abs(lon) > 180 THEN 'position_out_of_range'
        ELSE '{_KEPT}' END AS judged FROM ({rows}))
    """


def told(file: TrackFile, named: Adapter | None = None) -> Iterator[tuple[str, Reported]]:
    """What each document of a file tells, with the adapter that read it.

    Raises:
        BadInput: it is no JSON, or no adapter knows it.
    """
    for line, document in documents(file):
        tried = [named] if named else adapters().values()
        chosen = next((one for one in tried if one.matches and one.matches(document)), None)
        if chosen is None or chosen.reports is None:
            raise BadInput(
                f"{file.called}:{line}: no adapter knows this JSON: {', '.join(sorted(document)[:8])}.",
                f"Known: {'; '.join(one.about for one in adapters().values() if one.reports)}.",
            )
        yield chosen.name, chosen.reports(document)


def staged_files(target: Path, hour: int) -> list[Path]:
    """The staged files of an hour in a folder that was staged into."""
    return sorted(target.glob(f"rule={_KEPT}/hour={hour}/*.parquet"))


def sql_text(value: object) -> str:
    """Text as an SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"
