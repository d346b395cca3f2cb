"""Asks the record what claims need, each question of each day once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dualtrack.analyses.contract import analysis
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.record.rows import Row
from dualtrack.record.store import Record


@dataclass(frozen=True)
class Refused:
    """That the record has nothing to answer a question with, and what the analysis said."""

    why: str


Said = Finding | Refused


class Asker:
    """The record on any day, with the findings asked so far.

    Args:
        record: the record; its own day is the latest that is asked about.
    """

    def __init__(self, record: Record) -> None:
        self.latest = record
        self._days: dict[date, Record] = {record.as_of: record}
        self._said: dict[Any, Said] = {}
        self._alone: dict[str, dict[str, set[str]]] = {}

    def on(self, day: date) -> Record:
        """The record as known on a day."""
        if day not in self._days:
            self._days[day] = self.latest.at(day)
        return self._days[day]

    def ask(self, name: str, parameters: Mapping[str, Any], day: date, without: str = "") -> Said:
        """The finding, or the refusal where the record holds nothing on it by then.

        Args:
            name: the analysis.
            parameters: its parameters.
            day: the as-of day.
            without: a source; rows that rest on it alone are left out.

        Raises:
            NoSuchName: there is no such analysis or parameter.
            BadInput: a parameter is missing or cannot be read.
        """
        question = analysis(name)
        key = (name, _frozen(parameters), day, without)
        if key not in self._said:
            record = self.on(day)
            if without:
                found = self.ask(name, parameters, day)
                tables = {item.table for item in found.evidence} if isinstance(found, Finding) else set[str]()
                record = record.without({table: ids for table in tables if (ids := self.alone(table).get(without))})
            given = question.parsed(parameters)  # a wrong one is a fault of the claim, not a gap in the record
            try:
                self._said[key] = question.run(record, **given)
            except BadInput as error:
                self._said[key] = Refused(error.problem)
        return self._said[key]

    def alone(self, table: str) -> dict[str, set[str]]:
        """The rows of a table that rest on one source alone, by source."""
        if table not in self._alone:
            found: dict[str, set[str]] = {}
            for row in self.latest.rows(table):
                if len(sources := row.sources) == 1:
                    found.setdefault(sources[0], set()).add(row.id)
            self._alone[table] = found
        return self._alone[table]

    def row(self, table: str, id_: str) -> Row:
        """A row as known at the latest."""
        return self.latest.row(table, id_)


def _frozen(value: Any) -> Any:
    """A value that can be a key: mappings and lists as tuples, with their kind so that 1, 1.0 and True differ."""
    if isinstance(value, Mapping):
        return tuple(sorted((name, _frozen(item)) for name, item in value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    return (type(value).__name__, str(value))
