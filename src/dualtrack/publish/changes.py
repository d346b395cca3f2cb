"""What became known between two days: rows counted per table, the most telling of them named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dualtrack.analyses.names import actors, label, names
from dualtrack.core.finding import Finding
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_NAMED = ("dialogue", "deployments", "exercises", "commitments", "spending_lists", "encounters", "polls")
"""Tables whose new rows are named; of the others only the count is given."""
_PER_TABLE = 6


@dataclass(frozen=True)
class TableChange:
    """New rows of one table, the latest of them named."""

    title: str
    table: str
    count: int
    named: list[tuple[str, str, str]]
    """Date, words, and permanent id of each row named."""


@dataclass(frozen=True)
class Changes:
    """Everything that became known after one day and up to another."""

    since: date
    tables: list[TableChange]
    headlines: list[tuple[str, str]]
    """Headlines that read otherwise now: then, now."""

    @property
    def total(self) -> int:
        """How many rows became known."""
        return sum(change.count for change in self.tables)


def changes(record: Record, since: date, then: list[Finding], now: list[Finding]) -> Changes:
    """What became known after ``since``, up to the record's day.

    Args:
        record: the record as known on the later day.
        since: the earlier day; rows known on it are not new.
        then, now: the same questions asked as of either day; one that could not be answered yet is missing.
    """
    earlier, called = record.at(since), names(record)
    tables = []
    for name in record.tables:
        spec = record.spec(name)
        if spec.kind != "fact":
            continue
        old = {row.id for row in earlier.rows(name)}
        new = [row for row in record.rows(name) if row.id not in old]
        if new:
            latest = sorted(new, key=lambda row: (row.text(spec.when or "known_from"), row.id), reverse=True)
            named = [_named(row, called) for row in latest[:_PER_TABLE]] if name in _NAMED else []
            tables.append(TableChange(spec.title, name, len(new), named))
    tables.sort(key=lambda change: (_NAMED.index(change.table) if change.table in _NAMED else 99, change.title))
    told = [finding for finding in then if finding.answer.coverage is None or finding.answer.coverage.known]
    before = {_question(finding): finding.headline for finding in told}
    turned = [(before[key], f.headline) for f in now if (key := _question(f)) in before and before[key] != f.headline]
    return Changes(since, tables, turned)


def _question(finding: Finding) -> tuple[str, str]:
    """What a finding asks, whatever the year it takes as the latest."""
    return finding.analysis, str({k: v for k, v in finding.parameters.items() if k != "year"})


def _named(row: Row, called: dict[str, str]) -> tuple[str, str, str]:
    when = row.text(row.spec.when or "known_from")[:10]
    who = ", ".join(called.get(code, code) for code in actors(row))
    words = f"{label(row)} ({who})" if who else label(row)
    return when, words if len(words) < 170 else words[:170].rsplit(" ", 1)[0] + " …", f"{row.spec.table}/{row.id}"
