"""The record opened: tables in DuckDB as known on a day, rows, sources and readings by id."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Self, TypeVar

import duckdb

from dualtrack.core.dates import last_day, parse_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Source
from dualtrack.core.stamp import Stamp, stamp_of
from dualtrack.core.yamlfile import read_yaml
from dualtrack.record.asof import known_rows
from dualtrack.record.database import closed_database, equalities, fill, matching
from dualtrack.record.folder import files_of
from dualtrack.record.load import load
from dualtrack.record.readings import Reading, load_readings
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.table import Cells, LoadedTable

AnyRecord = TypeVar("AnyRecord", bound="Record")
Made = TypeVar("Made")


def packaged() -> Path:
    """The folder of the tables that come with the package."""
    return Path(str(resources.files("dualtrack.record") / "data"))


class Record:
    """The tables as known at the end of one day. Analyses ask it for rows; it never changes.

    Args:
        tables: all rows, loaded and checked.
        readings: the named readings by slot.
        as_of: the day; nothing known later is seen.
        compiled: the day the record was compiled.
        strict: admit only facts known from a dated source.
    """

    def __init__(
        self,
        tables: dict[str, LoadedTable],
        readings: dict[str, list[Reading]],
        as_of: date,
        compiled: date,
        strict: bool = False,
    ) -> None:
        self._tables = tables
        self._readings = readings
        self.as_of = as_of
        self.compiled = compiled
        self.strict = strict
        self._known: dict[str, dict[str, Cells]] = {}
        self._made: dict[Hashable, Any] = {}
        self._in_database: set[str] = set()
        self._database: duckdb.DuckDBPyConnection | None = None

    def at(self, day: date) -> Self:
        """The same record as known on another day."""
        return type(self)(self._tables, self._readings, day, self.compiled, self.strict)

    def only(self, keep: Callable[[Row], bool]) -> Self:
        """The same record without the rows that ``keep`` refuses."""
        tables = {
            name: replace(
                table, rows={key: cells for key, cells in table.rows.items() if keep(Row(table.spec, key, cells))}
            )
            for name, table in self._tables.items()
        }
        return type(self)(tables, self._readings, self.as_of, self.compiled, self.strict)

    def without(self, rows: Mapping[str, Collection[str]]) -> Self:
        """The same record without these rows, by table and id; what is known of all others is not worked out anew."""
        tables, known = dict(self._tables), dict(self._known)
        for name, ids in rows.items():
            left = {key: cells for key, cells in self._rows_known(name).items() if key not in ids}
            tables[name] = replace(
                tables[name], rows={key: cells for key, cells in tables[name].rows.items() if key not in ids}
            )
            known[name] = left
        made = type(self)(tables, self._readings, self.as_of, self.compiled, self.strict)
        made._known = known
        return made

    def asked_alike(self, other: Record) -> bool:
        """Whether another record of the same rows has the same day, readings and corrections too."""
        own, theirs = (
            (one.as_of, one.compiled, one.strict, one._readings, {n: t.corrected for n, t in one._tables.items()})
            for one in (self, other)
        )
        return own == theirs

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` makes of this record, made once: a record never changes, and forgets it when it goes."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def spec(self, table: str) -> TableSpec:
        """The schema of a table.

        Raises:
            NoSuchName: there is no such table.
        """
        if table not in self._tables:
            raise NoSuchName("table", table, list(self._tables))
        return self._tables[table].spec

    def rows(self, table: str, where: str = "", *values: Any) -> list[Row]:
        """The rows of a table as known, in the order of the file.

        Args:
            table: name of the table.
            where: an SQL condition over its columns, with ``?`` for each of the values.
            values: the values.
        """
        spec, known, corrected = self.spec(table), self._rows_known(table), self._tables[table].corrected
        if not where:
            return [Row(spec, key, cells, corrected.get(key)) for key, cells in known.items()]
        if (wanted := equalities(spec, where, values)) is not None:
            return [
                Row(spec, key, cells, corrected.get(key))
                for key, cells in known.items()
                if all(cells[name] == value for name, value in wanted)
            ]
        chosen = matching(self._connection(table), table, where, list(values))
        return [Row(spec, key, cells, corrected.get(key)) for key, cells in known.items() if key in chosen]

    def row(self, table: str, id_: str) -> Row:
        """One row by its permanent id.

        Raises:
            NoSuchName: there is none, or it was not known yet.
        """
        known = self._rows_known(table)
        if id_ not in known:
            raise NoSuchName(f"row of {table} known on {self.as_of}", id_, list(known))
        return Row(self.spec(table), id_, known[id_], self._tables[table].corrected.get(id_))

    def sources(self, ids: Sequence[str]) -> list[Source]:
        """The source cards of these ids, each once, by id; an alias has its original's address, and its gaps filled."""
        rows = self._tables["sources"].rows
        return [_card(id_, rows) for id_ in sorted(set(ids))]

    def members(self, group: str, day: date) -> list[str]:
        """The states of a group on a day, sorted.

        Raises:
            NoSuchName: there is no such group.
        """
        rows = self.rows("groups")
        if group not in {row["group"] for row in rows}:
            raise NoSuchName("group", group, sorted({row.text("group") for row in rows}))
        return sorted(
            row.text("state")
            for row in rows
            if row["group"] == group
            and (row["from"] is None or (first := row.first("from")) is None or first <= day)
            and ((last := row.last("to")) is None or last >= day)
        )

    def readings(self, slot: str) -> list[Reading]:
        """The named readings of a slot: those that count first, then by id.

        Raises:
            NoSuchName: there is no such slot.
        """
        if slot not in self._readings:
            raise NoSuchName("slot of readings", slot, sorted(self._readings))
        return self._readings[slot]

    @property
    def tables(self) -> list[str]:
        """The names of all tables, sorted."""
        return sorted(self._tables)

    @property
    def slots(self) -> list[str]:
        """The slots that have readings."""
        return sorted(self._readings)

    def _rows_known(self, table: str) -> dict[str, Cells]:
        if table not in self._known:
            self.spec(table)
            self._known[table] = known_rows(self._tables[table], self.as_of, self.compiled, self.strict)
        return self._known[table]

    def _connection(self, table: str) -> duckdb.DuckDBPyConnection:
        if self._database is None:
            self._database = closed_database()
        if table not in self._in_database:
            fill(self._database, self.spec(table), self._rows_known(table))
            self._in_database.add(table)
        return self._database


def _card(id_: str, rows: dict[str, Cells]) -> Source:
    cells = rows[id_]
    original = rows[str(cells["same_as"])] if cells.get("same_as") else cells
    own_first = {name: cells[name] or original[name] for name in ("publisher", "title", "published", "kind")}
    url = original["url"] or cells["url"]
    return Source(id=id_, **{name: str(value or "") for name, value in {**own_first, "url": url}.items()})


@lru_cache(maxsize=8)
def _loaded(folders: tuple[Path, ...], _files: Stamp) -> tuple[dict[str, LoadedTable], dict[str, list[Reading]], date]:
    about = read_yaml(folders[0] / "record.yml")
    try:
        compiled = last_day(str(about.get("compiled")))
    except ValueError:
        raise BadInput(f"{folders[0] / 'record.yml'}: compiled is not a date.", "Write it as 2026-11-24.") from None
    tables = load(folders)
    groups = {str(cells["group"]) for cells in tables["groups"].rows.values()}
    return tables, load_readings(folders, tables, groups), compiled


def open_record(
    as_of: str | date | None = None,
    *,
    folder: str | Path | None = None,
    strict: bool = False,
    cls: type[AnyRecord],
) -> AnyRecord:
    """Opens the record as known on a day.

    Args:
        as_of: a day, or a month or year meaning its last day; None means today.
        folder: a folder of tables, or one workbook or CSV file, laid over the packaged ones.
        strict: admit only facts known from a dated source.
        cls: the kind of record to make.

    Raises:
        BadInput: the date cannot be read, or the folder is missing.
        BadRecord: the folder's tables are at fault.
    """
    if isinstance(as_of, str):
        day = parse_day(as_of, "--as-of")
    elif isinstance(as_of, datetime):
        day = as_of.date()
    else:
        day = as_of or datetime.now(UTC).date()
    return open_folders([packaged(), *([Path(folder)] if folder else [])], day, strict=strict, cls=cls)


def open_folders(folders: Sequence[Path], day: date, *, strict: bool = False, cls: type[AnyRecord]) -> AnyRecord:
    """Opens folders of tables one over the other; the first holds ``record.yml``.

    Raises:
        BadInput: the first folder holds no ``record.yml``.
        BadRecord: any table is at fault.
    """
    if not (folders[0] / "record.yml").is_file():
        raise BadInput(f"{folders[0]} holds no record.yml.", "Lay your folder over the packaged record instead.")
    tables, readings, compiled = _loaded(
        tuple(folders), stamp_of(path for folder in folders for path in files_of(folder))
    )
    return cls(tables, readings, day, compiled, strict)
