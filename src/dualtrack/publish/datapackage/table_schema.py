"""A Table Schema (Data Package Standard 2.0) from a schema of ours, saying only what is true of the rows.

Several values in a cell and dates of reduced precision are strings with a pattern: the published profile 2.0 has
no ``list`` type, and its ``date`` is a whole day. ``fieldsMatch`` is left at its default, ``exact``, which is what
our files meet: the profile asks for an array there, the standard's text and its readers for a string. A constraint
or key that the rows as known do not meet is left out: as of a day, a required cell may be blank and a row referred
to may not be known yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dualtrack.record.rows import Row
from dualtrack.record.schema import FieldSpec, TableSpec

_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
_SEVERAL = r"[^;]+(;[^;]+)*"
_BOUNDS = {"degrees north": 90, "degrees east": 180}

Descriptor = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A table that goes out."""

    spec: TableSpec
    rows: Sequence[Row]

    @cached_property
    def keys(self) -> frozenset[object]:
        """The values of its key, where that is one column."""
        return frozenset(row[self.spec.key[0]] for row in self.rows) if len(self.spec.key) == 1 else frozenset()


def table_schema(table: Table, others: Mapping[str, Table]) -> Descriptor:
    """The schema of a table, with the keys by which it refers to the others that go out."""
    spec, rows = table.spec, table.rows
    schema: Descriptor = {
        "fields": [_field(field, rows) for field in spec.fields],
        "missingValues": [""],
    }
    if all(row[name] is not None for row in rows for name in spec.key):
        schema["primaryKey"] = list(spec.key)
    foreign = [key for field in spec.fields if (key := _foreign_key(field, table, others))]
    if foreign:
        schema["foreignKeys"] = foreign
    return schema


def _field(field: FieldSpec, rows: Sequence[Row]) -> Descriptor:
    unit = f" Unit: {field.unit}." if field.unit else ""
    found: Descriptor = {
        "name": field.name,
        "type": field.type if field.type in ("integer", "number") else "string",
        "description": field.about.replace("`", "") + unit,
    }
    constraints: Descriptor = {}
    if field.required and all(row[field.name] is not None for row in rows):
        constraints["required"] = True
    if field.type == "url":
        found["format"] = "uri"
    if field.unit in _BOUNDS:
        constraints |= {"minimum": -_BOUNDS[field.unit], "maximum": _BOUNDS[field.unit]}
    if field.is_list:
        constraints["pattern"] = _SEVERAL
    elif field.type == "date":
        constraints["pattern"] = _DATE
    elif field.values:
        codes = {**field.values, **{code: code for code in field.also}}
        found["categories"] = _categories(codes)
        constraints["enum"] = list(codes)
    if constraints:
        found["constraints"] = constraints
    return found


def _categories(codes: dict[str, str]) -> list[Descriptor]:
    """Codes with their meaning; labels must differ, so a meaning that stands twice gets its code with it."""
    meanings = list(codes.values())
    return [
        {"value": code, "label": said if meanings.count(said) == 1 else f"{said} ({code})"}
        for code, said in codes.items()
    ]


def _foreign_key(field: FieldSpec, table: Table, others: Mapping[str, Table]) -> Descriptor | None:
    target = "states" if field.type == "state" else field.table
    if not target or target not in others or field.is_list:
        return None
    if any(row[field.name] is not None and row[field.name] not in others[target].keys for row in table.rows):
        return None
    reference = {} if target == table.spec.table else {"resource": target}
    return {"fields": [field.name], "reference": {**reference, "fields": list(others[target].spec.key)}}
