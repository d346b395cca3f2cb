"""Reads a folder of CSV tables whole: every cell checked against its schema, or nothing loaded."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dualtrack.core.errors import BadInput, BadRecord, Fault
from dualtrack.record.cells import CellError, Value, first_moment, last_moment, parse
from dualtrack.record.schema import TableSpec, schemas

Cells = dict[str, Value]


@dataclass
class LoadedTable:
    """The rows of one table by permanent id, in file order."""

    spec: TableSpec
    rows: dict[str, Cells] = field(default_factory=dict)
    lines: dict[str, tuple[Path, int]] = field(default_factory=dict)


def load(folders: Sequence[Path]) -> dict[str, LoadedTable]:
    """Reads the folders one over the other: a later folder's row replaces the row of the same id.

    Raises:
        BadRecord: any cell, row or reference is at fault; all faults are listed.
        BadInput: a folder is missing, or holds a CSV file that is no table of the record.
    """
    tables = {name: LoadedTable(spec) for name, spec in schemas().items()}
    faults: list[Fault] = []
    unread: set[str] = set()
    states = frozenset(_state_codes(folders))
    for folder in folders:
        for path in _files(folder):
            table = tables[path.stem]
            found = LoadedTable(table.spec)
            wrong = _read_table(path, found, states)
            if wrong and not found.rows:
                unread.add(path.stem)
            faults += wrong
            table.rows.update(found.rows)
            table.lines.update(found.lines)
    faults += _dangling(tables, unread)
    if faults:
        raise BadRecord(sorted(faults), folders[-1])
    return tables


def row_id(spec: TableSpec, cells: Cells) -> str:
    """The permanent id of a row within its table: its key fields joined by a point, blanks as hyphens."""
    joined = ".".join(_plain(cells.get(name)) for name in spec.key)
    return re.sub(r"[\s/]+", "-", joined).rstrip(".")


def _plain(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadInput(f"There is no record folder {folder}.", "Give the path of a folder with CSV tables.")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    if not files and not any(folder.glob("readings/*/*.yml")):
        raise BadInput(
            f"The folder {folder} holds no table and no reading.", "Give the path of a folder with CSV tables."
        )
    for path in files:
        if path.stem not in schemas() or path.suffix != ".csv":
            raise BadInput(
                f"{path}: {path.name} is not a table of the record.",
                f"Name the file after its table, and .csv: {', '.join(schemas())}.",
            )
    return files


def _state_codes(folders: Sequence[Path]) -> Iterator[str]:
    """The codes of all readable states; what cannot be read is a fault when the table is."""
    for folder in folders:
        path = folder / "states.csv"
        if path.is_file():
            with suppress(UnicodeDecodeError, csv.Error), path.open(encoding="utf-8-sig", newline="") as handle:
                for row in csv.DictReader(handle):
                    yield (row.get("state") or "").strip()


def _read_table(path: Path, table: LoadedTable, states: frozenset[str]) -> list[Fault]:
    spec = table.spec
    lines: list[tuple[int, list[str]]] = []
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            for row in reader:
                if row:
                    lines.append((line, row))
                line = reader.line_num + 1
    except UnicodeDecodeError as error:
        return [Fault(str(path), 0, "", f"The file is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.")]
    except csv.Error as error:
        return [Fault(str(path), line, "", f"The CSV cannot be read: {error}.", "Check the quotes.")]
    if not lines:
        return [Fault(str(path), 1, "", "The file is empty.", f"Start with the header {_header(spec)}.")]
    header = [name.strip() for name in lines[0][1]]
    faults = _header_faults(path, spec, header)
    if faults:
        return faults
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            faults.append(
                Fault(
                    str(path), line, "", f"The row has {len(cells)} cells, the header {len(header)}.",
                    "Quote cells that hold a comma.",
                )
            )  # fmt: skip
            continue
        faults += _read_row(path, line, dict(zip(header, cells, strict=True)), table, states)
    return faults


def _header(spec: TableSpec) -> str:
    return ",".join(field.name for field in spec.fields)


def _header_faults(path: Path, spec: TableSpec, header: list[str]) -> list[Fault]:
    faults = []
    for name in sorted({name for name in header if header.count(name) > 1}):
        faults.append(Fault(str(path), 1, name, "The column stands twice.", "Keep one of them."))
    for name in header:
        if not spec.has(name):
            faults.append(Fault(str(path), 1, name, "There is no such column.", f"Columns: {_header(spec)}."))
    for field_ in spec.fields:
        if field_.required and field_.name not in header:
            faults.append(Fault(str(path), 1, field_.name, "The required column is missing.", field_.about))
    return faults


def _read_row(path: Path, line: int, cells: dict[str, str], table: LoadedTable, states: frozenset[str]) -> list[Fault]:
    spec, values, faults = table.spec, Cells(), []
    for field_ in spec.fields:
        try:
            values[field_.name] = parse(cells.get(field_.name, ""), field_, states)
        except CellError as error:
            values[field_.name] = None
            faults.append(Fault(str(path), line, field_.name, error.problem, error.fix))
    if {fault.column for fault in faults} & set(spec.key):
        return faults
    faults += _order_faults(path, line, spec, values)
    key = row_id(spec, values)
    if key in table.rows:
        first = table.lines[key][1]
        problem = f"The id {key} stands already in line {first}."
        faults.append(Fault(str(path), line, spec.key[0], problem, "Give it its own."))
    table.rows[key] = values
    table.lines[key] = (path, line)
    return faults


def _order_faults(path: Path, line: int, spec: TableSpec, values: Cells) -> list[Fault]:
    faults = []
    for low, high in spec.ranges:
        a, b = values[low], values[high]
        if isinstance(a, (int, float)) and isinstance(b, (int, float)) and a > b:
            faults.append(Fault(str(path), line, low, f"{low} {a} is above {high} {b}.", "Swap them."))
    for start, end in spec.spans:
        a, b = values[start], values[end]
        if isinstance(a, str) and isinstance(b, str) and first_moment(a) > last_moment(b):
            faults.append(Fault(str(path), line, end, f"{end} {b} is before {start} {a}.", "Check both dates."))
    return faults


def _dangling(tables: dict[str, LoadedTable], unread: set[str]) -> list[Fault]:
    """References to rows that are not there, but for tables of which a file could not be read at all."""
    faults = []
    for table in tables.values():
        targets = [
            (field_, tables[field_.table or "sources"].rows)
            for field_ in table.spec.fields
            if field_.type in ("sources", "ref") and (field_.table or "sources") not in unread
        ]
        for key, cells in table.rows.items():
            for field_, rows in targets:
                for part in _parts(cells[field_.name], field_.is_list):
                    if part not in rows:
                        path, line = table.lines[key]
                        kind = field_.table or "sources"
                        faults.append(
                            Fault(str(path), line, field_.name, f"{part!r} is not a row of {kind}.",
                                  f"Add it to {kind}.csv or correct the id.")
                        )  # fmt: skip
    return faults


def _parts(value: Value, several: bool) -> list[str]:
    if value is None:
        return []
    return str(value).split(";") if several else [str(value)]
