"""A chart as it is published: what it says, how to read it, what it rests on, and how to draw it at a width."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from dualtrack.core.finding import Finding
from dualtrack.publish.theme import Track
from dualtrack.record.formula import safe_cell

Spec = dict[str, Any]
"""A Vega-Lite specification."""


@dataclass(frozen=True)
class Column:
    """A column of a chart's data, its heading (with the unit) and whether it holds numbers."""

    name: str
    heading: str
    number: bool = False


@dataclass(frozen=True)
class Key:
    """An entry of a chart's key: a symbol drawn as in the chart, and what it stands for.

    ``size`` is the symbol's area in square pixels, as Vega counts it.
    """

    symbol: str
    label: str
    size: float = 80


@dataclass(frozen=True)
class Chart:
    """One chart with everything a page prints around it.

    Attributes:
        id: unique in a page; also the name of the data file.
        track: the part of the subject, which gives the colour.
        title: what the chart shows, as a finding in words.
        reading: one line on units and how to read it.
        alt: the chart in words, for those who do not see it.
        draw: the specification at a width in pixels.
        columns, rows: its data; each row's ``row`` is the permanent id it comes from (``table/id``).
        findings: what it rests on; the first is the one the title states.
        coverage: how far the record reaches, in a sentence.
        key: what the symbols stand for.
        notes: what a reader must know and the chart cannot show.
    """

    id: str
    track: Track
    title: str
    reading: str
    alt: str
    draw: Callable[[int], Spec]
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    findings: Sequence[Finding]
    coverage: str = ""
    key: Sequence[Key] = field(default=())
    notes: Sequence[str] = field(default=())

    @property
    def finding(self) -> Finding:
        """The finding the title states."""
        return self.findings[0]

    def csv(self) -> str:
        """The data as CSV: one header row of column names, unknown cells empty, formulas defused."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([column.name for column in self.columns])
        writer.writerows([[_flat(row.get(column.name)) for column in self.columns] for row in self.rows])
        return out.getvalue()

    def data_uri(self) -> str:
        """The CSV as an address that holds the file itself, so that a page needs no second file."""
        return "data:text/csv;charset=utf-8," + quote(self.csv())


def _flat(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return ";".join(map(str, value))
    return safe_cell(value)
