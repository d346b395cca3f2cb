"""Corrections of upstream errors: a list of its own, beside the tables, never a silent edit of a cell.

An entry of ``corrections.yml`` names a cell, the value it is expected to have and the one it is to have instead,
with the reason and, where there is one, a source. It is applied over its own folder and those before; where the row is
gone or the cell no longer holds the expected value, upstream has moved, and that is a fault. The corrected cell says so
in evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from dualtrack.core.dates import first_day
from dualtrack.core.errors import BadInput, Fault
from dualtrack.core.finding import Corrected
from dualtrack.core.yamlfile import as_fault, item_lines, read_yaml
from dualtrack.record.cells import CellError, Value, parse
from dualtrack.record.check import row_faults
from dualtrack.record.grid import Grid, Place
from dualtrack.record.schema import FieldSpec
from dualtrack.record.table import LoadedTable

CORRECTIONS = "corrections.yml"


class Correction(BaseModel):
    """One cell that is wrong upstream. ``expected`` and ``new`` are cells as typed; empty is unknown.

    ``fixed_upstream`` says that the publisher has mended it, in an edition that is not in the tables yet; once it is,
    the cell no longer holds what is expected, and the entry is to be removed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    row: str
    field: str
    expected: str
    new: str
    reason: str = Field(min_length=1)
    source: str = ""
    status: Literal["open", "reported", "fixed_upstream"]
    date: str

    @field_validator("row", "expected", "new", "date", mode="before")
    @classmethod
    def _as_typed(cls, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError("put yes and no in quotes")
        return "" if value is None else str(value) if isinstance(value, (int, float)) else value

    @field_validator("date")
    @classmethod
    def _exists(cls, value: str) -> str:
        first_day(value)
        return value


def apply(folder: Path, tables: Mapping[str, LoadedTable], states: Mapping[str, str]) -> list[Fault]:
    """Applies the corrections of a folder, if it has any, and returns what stands against them.

    A corrected row is checked again as it is now: what was wrong with it may be what is corrected.
    """
    path = folder / CORRECTIONS
    if not path.is_file():
        return []
    try:
        raw = read_yaml(path)
    except BadInput as error:
        return [as_fault(path, error)]
    entries = raw.get("corrections")
    if set(raw) != {"corrections"} or not isinstance(entries, list):
        return [Fault(str(path), 0, "", "The file holds something else than a list of corrections.", _SHAPE)]
    faults: list[Fault] = []
    codes = frozenset(states)
    touched: dict[tuple[str, str], Place] = {}
    for number, (entry, line) in enumerate(zip(entries, item_lines(path, "corrections"), strict=True), 1):
        try:
            correction = Correction.model_validate(entry)
            _apply(correction, tables, codes)
            touched[correction.table, correction.row] = Place(Grid(correction.table, path), line)
        except ValidationError as error:
            said = "; ".join(
                f"{'.'.join(map(str, e['loc'])) or 'the entry'}: {e['msg'].removeprefix('Value error, ')}"
                for e in error.errors()
            )
            faults.append(_fault(path, line, number, entry, f"{said}.", _SHAPE))
        except CellError as error:
            faults.append(_fault(path, line, number, entry, error.problem, error.fix))
    for (name, key), place in touched.items():
        table = tables[name]
        table.unsound[key] = row_faults(table.spec, table.rows[key], place)
    return faults


_SHAPE = f"Start with corrections: and give each entry {', '.join(Correction.model_fields)}."


def _fault(path: Path, line: int, number: int, entry: Any, problem: str, fix: str) -> Fault:
    what = ""
    if isinstance(entry, dict):
        what = " {}/{} {}".format(*(str(entry.get(name, "?"))[:60] for name in ("table", "row", "field")))
    return Fault(str(path), line, f"entry {number}{what}", problem, fix)


def _apply(entry: Correction, tables: Mapping[str, LoadedTable], codes: frozenset[str]) -> None:
    """Changes the cell.

    Raises:
        CellError: it is not there, or is not what the entry expects.
    """
    table = tables.get(entry.table)
    if table is None:
        raise CellError(f"{entry.table!r} is not a table.", f"Tables: {', '.join(tables)}.")
    spec = table.spec
    if not spec.has(entry.field):
        raise CellError(f"{entry.table} has no column {entry.field!r}.", "Correct the name.")
    if entry.field in spec.key:
        raise CellError(f"{entry.field} is part of the row's id, which is permanent.", "Correct another column.")
    if entry.row not in table.rows:
        raise CellError(f"There is no row {entry.row!r} in {entry.table}.", "Correct the id, or drop the entry.")
    if entry.source and entry.source not in tables["sources"].rows:
        raise CellError(f"{entry.source!r} is not a row of sources.", "Add it to sources or correct the id.")
    field, now = spec.field(entry.field), table.rows[entry.row][entry.field]
    expected, new = _value(entry.expected, field, codes), parse(entry.new, field, codes)
    if now != expected and now == new:
        raise CellError(f"The upstream value is now {_shown(now)}, as corrected.", "Remove this correction.")
    if now != expected:
        raise CellError(
            f"The upstream value is now {_shown(now)}, the entry expects {_shown(expected)}.",
            "Look upstream again: remove this correction if it is mended there, else expect the value it has now.",
        )
    table.rows[entry.row] = {**table.rows[entry.row], entry.field: new}
    table.corrected.setdefault(entry.row, {})[entry.field] = Corrected(
        was=now, reason=entry.reason, source=entry.source, status=entry.status, date=entry.date
    )


def _value(text: str, field: FieldSpec, codes: frozenset[str]) -> Value:
    """The expected value: what could never stand in the cell is told as such."""
    return parse(text, field.model_copy(update={"required": False}), codes)


def _shown(value: Value) -> str:
    return "nothing" if value is None else repr(value)
