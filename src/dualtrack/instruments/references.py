"""Where the levels of rules come from: their rows of the table ``rules``, and whether they were read in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dualtrack.core.errors import BadInput
from dualtrack.instruments.instrument import Instrument
from dualtrack.instruments.rule import Rule
from dualtrack.record.rows import Row
from dualtrack.record.store import Record


@dataclass(frozen=True)
class Provenance:
    """One level or deadline: its value, unit and row of ``rules``; ``checked`` is whether it was read in the text."""

    rule: str
    level: str
    value: float
    unit: str
    row: Row
    checked: bool


def provenance(record: Record, instruments: Sequence[Instrument]) -> list[Provenance]:
    """Every level and deadline of some instruments with its row of ``rules``.

    Raises:
        BadInput: a rule names a row that is not there, or has another value than its row.
    """
    rows = {row.id: row for row in record.rows("rules")}
    found = []
    for instrument in instruments:
        for rule in instrument.rules:
            for name, level in rule.written.levels.items():
                row = _row(rows, rule, level.rule)
                _agree(rule, name, level.value, row, "threshold_value")
                found.append(Provenance(rule.id, name, level.value, level.unit, row, row["checked"] == "text"))
            for deadline in rule.written.deadlines:
                row = _row(rows, rule, deadline.rule)
                _agree(rule, "deadline", deadline.days, row, "deadline_days")
                found.append(Provenance(rule.id, "deadline", deadline.days, "days", row, row["checked"] == "text"))
    return found


def _row(rows: dict[str, Row], rule: Rule, id_: str) -> Row:
    if id_ not in rows:
        raise BadInput(
            f"{rule.instrument}/{rule.id}.yml names {id_}, which is no row of the table rules.",
            "Add the provision with its source, or correct the id.",
        )
    return rows[id_]


def _agree(rule: Rule, name: str, value: float, row: Row, column: str) -> None:
    told = row.text(column)
    if not told or not told.replace(".", "").isdecimal():
        return  # the row gives no number of this kind
    if float(told) != value:
        raise BadInput(
            f"{rule.instrument}/{rule.id}.yml has {name} {value:g}; rules/{row.id} has {told} in {column}.",
            "Correct the one that is wrong: a level has one value.",
        )
