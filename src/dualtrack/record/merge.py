"""Puts rows that were read elsewhere into a user's folder: all of them and their source, or nothing.

A row keeps its permanent id: where one of that id stands already, in the folder or in the record under it, it stays
unless the new one is asked for. What comes out is checked as it will be loaded before it takes the folder's place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dualtrack.core.errors import BadInput, Fault
from dualtrack.core.wholefile import write_whole
from dualtrack.core.wholefolder import Draft, drafted
from dualtrack.record.cells import CellError, Value, parse
from dualtrack.record.csvfile import read_csv
from dualtrack.record.folder import files_of
from dualtrack.record.formula import plain_cell, safe_cell
from dualtrack.record.load import load
from dualtrack.record.schema import TableSpec
from dualtrack.record.table import LoadedTable, row_id
from dualtrack.record.validate import validate

Texts = Mapping[str, str]
"""A row as text, by column."""
_SHOWN = 10  # faults that the message lists


@dataclass
class Merged:
    """What became of the rows, by id.

    ``same`` stood there with the same values; ``filled`` stood in the folder with empty cells that were filled in;
    ``kept`` stood there with other values and stayed (those of the record under the folder are also in ``shipped``);
    ``repeated`` came more than once, and the first was taken.
    """

    table: str
    added: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    shipped: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    written: bool = False


def merge(
    folder: Path,
    under: Path,
    table: str,
    rows: Iterable[Texts],
    source: Texts,
    *,
    replacing: bool = False,
    dry_run: bool = False,
) -> Merged:
    """Adds rows to a table of the folder, and to its ``sources`` the row that says where they come from.

    Args:
        folder: the user's folder; made where there is none.
        under: the record it is laid over.
        table: the table the rows are of.
        rows: the rows as text.
        source: the row of ``sources``.
        replacing: whether a row takes the place of one of the same id.
        dry_run: only tell what would be done.

    Raises:
        BadRecord: the folder is at fault as it is.
        BadInput: the rows do not fit the record, or the folder cannot be written.
    """
    with drafted(folder) as draft:
        tables = load([under, draft.path] if _holds_tables(draft.path) else [under])
        done, changes = _sorted_out(tables[table], draft, rows, replacing)
        if changes:
            _write(draft, tables[table], changes)
            card = row_id(tables["sources"].spec, dict(source))
            if card not in tables["sources"].rows or (replacing and _own(tables["sources"], card, draft)):
                _write(draft, tables["sources"], {card: source})
            _check(draft, under, folder)
            if not dry_run:
                draft.take_place()
                done.written = True
    return done


def _sorted_out(
    table: LoadedTable, draft: Draft, rows: Iterable[Texts], replacing: bool
) -> tuple[Merged, dict[str, Texts]]:
    """What is to become of each row, and those to be written, by id."""
    done, changes = Merged(table.spec.table), dict[str, Texts]()
    for row in rows:
        key = row_id(table.spec, dict(row))
        if key in changes:
            done.repeated.append(key)
            continue
        if key not in table.rows:
            done.added.append(key)
            changes[key] = row
            continue
        there = {name: value for name, value in table.rows[key].items() if value is not None}
        coming = _values(row, table.spec)
        agree = all(there.get(name, value) == value for name, value in coming.items())
        if agree and coming.keys() <= there.keys():
            done.same.append(key)
        elif agree and _own(table, key, draft):
            done.filled.append(key)
            changes[key] = {name: _text(value) for name, value in there.items()} | {name: row[name] for name in coming}
        elif replacing:
            done.replaced.append(key)
            changes[key] = row
        else:
            done.kept.append(key)
            if not _own(table, key, draft):
                done.shipped.append(key)
    return done, changes


def _text(value: Value) -> str:
    """A value as it would be typed."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _holds_tables(folder: Path) -> bool:
    return any(path.suffix.lower() in (".csv", ".xlsx") and path.name[:1] not in ".~" for path in files_of(folder))


def _own(table: LoadedTable, key: str, draft: Draft) -> bool:
    """Whether a row stands in the user's folder."""
    return table.lines[key].grid.file.is_relative_to(draft.path)


def _values(row: Texts, spec: TableSpec) -> dict[str, Value]:
    """The values of a row without its empty cells, whatever states they name: that is checked at the end."""
    found: dict[str, Value] = {}
    for name, text in row.items():
        column = spec.field(name).model_copy(update={"required": False, "also": ("*",)})
        try:
            value = parse(text, column, frozenset())
        except CellError:
            value = text  # told when everything is checked
        if value is not None:
            found[name] = value
    return found


def _write(draft: Draft, table: LoadedTable, changes: Mapping[str, Texts]) -> None:
    """Writes the table's CSV file anew: rows there keep their place and their text, others follow.

    Raises:
        BadInput: a row to be replaced stands in a workbook or in another file.
    """
    spec, path = table.spec, draft.path / f"{table.spec.table}.csv"
    header, lines = _read(path, spec)
    for key in changes:
        place = table.lines.get(key)
        if place and _own(table, key, draft) and place.grid.file != path:
            raise BadInput(
                f"The row {key} of {spec.table} stands in {place.grid.file.name}; nothing was written.",
                "Remove it there, or leave out --replace.",
            )
    header += [f.name for f in spec.fields if f.name not in header and any(row.get(f.name) for row in changes.values())]
    places = {
        row_id(spec, {name: plain_cell(cell.strip()) for name, cell in zip(header, line, strict=False)}): at
        for at, line in enumerate(lines)
    }
    for key, row in changes.items():
        line = [str(safe_cell(row.get(name, ""))) for name in header]
        if key in places:
            lines[places[key]] = line
        else:
            lines.append(line)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([*line, *[""] * (len(header) - len(line))] for line in lines)
    write_whole(path, out.getvalue().encode("utf-8"))


def _read(path: Path, spec: TableSpec) -> tuple[list[str], list[list[str]]]:
    """The header and the lines of a file that has been found sound; of none, the header of a new one."""
    grid = read_csv(path)[0] if path.exists() else None
    if grid is None or not grid.rows:
        return [column.name for column in spec.fields], []
    return list(grid.header), [line for _, line in grid.rows[1:]]


def _check(draft: Draft, under: Path, folder: Path) -> None:
    """Loads the folder as it would be.

    Raises:
        BadInput: anything is wrong with it; it was not before.
    """
    faults = validate(draft.path, under).faults
    if not faults:
        return
    shown = "\n".join(f"  {_placed(fault, draft, folder)}" for fault in faults[:_SHOWN])
    more = f"\n  … and {len(faults) - _SHOWN:,} more" if len(faults) > _SHOWN else ""
    raise BadInput(
        f"What was read does not fit the record; nothing was written to {folder}. It would hold:\n{shown}{more}",
        "Check the dates given, and that it is the right file for this importer.",
    )


def _placed(fault: Fault, draft: Draft, folder: Path) -> Fault:
    """The fault as it would stand in the user's folder."""
    path = Path(fault.file)
    if not path.is_relative_to(draft.path):
        return fault
    return replace(fault, file=str(folder / path.relative_to(draft.path)))


def known_states(under: Path, folder: Path) -> tuple[dict[str, str], dict[int, str]]:
    """The states of the record with the folder over it: code to name, and their numbers in Gleditsch and Ward's list.

    Raises:
        BadRecord: the folder is at fault.
    """
    places: Sequence[Path] = [under, folder] if folder.is_dir() and _holds_tables(folder) else [under]
    tables = load(places)
    states = {code: str(cells["name"] or code) for code, cells in tables["states"].rows.items()}
    numbers = {
        int(number): str(cells["state"])
        for cells in tables["state_codes"].rows.values()
        if isinstance(number := cells["gw_number"], (int, float))
    }
    return states, numbers
