"""How far a table was collected, in words: a part by the label of its code, dates spelt out."""

from __future__ import annotations

from dualtrack.core.dates import spell
from dualtrack.record.schema import Extent, TableSpec


def extent_words(spec: TableSpec, extent: Extent) -> str:
    """A part of a table and between which dates it is complete; of what lies outside nothing is said.

    >>> from dualtrack.api import open_record
    >>> spec = open_record().spec("exercises")
    >>> extent_words(spec, spec.complete[0])
    'led by NATO or a member: 2008 to March 2026 (large exercises first)'
    """
    start = spell(extent.complete_from) if extent.complete_from else "an unknown start"
    end = f"to {spell(extent.complete_to)}" if extent.complete_to else "on, no end stated"
    part = f"{_part(spec, extent.part)}: " if extent.part else ""
    return f"{part}{start} {end}{f' ({extent.note})' if extent.note else ''}"


def _part(spec: TableSpec, part: str) -> str:
    column, equals, value = part.partition(" = ")
    if not equals:
        return part
    field = spec.field(column)
    return field.values.get(value) or f"{column.replace('_', ' ')} {value}"
