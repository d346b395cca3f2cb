"""What became known between two days: rows counted per table, the most telling of them named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dualtrack.analyses.names import actor_cell, label, names
from dualtrack.analyses.words import listed
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_NAMED = ("dialogue", "deployments", "exercises", "commitments", "spending_lists", "encounters", "polls")
"""Tables whose new rows are named; of the others only the count is given."""
_PER_TABLE = 6
_LONGEST = 220  # letters
_OUTCOMES = {
    "met": "meeting",
    "suspended": "suspended",
    "resumed": "taken up again",
    "proposal": "proposal",
    "agreement": "agreement",
    "withdrawal": "withdrawal",
    "cancelled": "called off",
    "expired": "expired",
}
_AVERAGES = {"XNT": "NATO members together", "XCE": "Central Europe", "XEC": "Europe", "XTT": "all countries"}
_ALL = 8
"""Up to so many new rows of a table, all are named."""


@dataclass(frozen=True)
class NewRow:
    """A row that became known: when, what in words, its permanent id and its sources."""

    when: str
    words: str
    row: str
    sources: list[str]


@dataclass(frozen=True)
class TableChange:
    """New rows of one table, the latest of them named."""

    title: str
    table: str
    count: int
    named: list[NewRow]


@dataclass(frozen=True)
class Changes:
    """Everything that became known after one day and up to another."""

    since: date
    tables: list[TableChange]
    headlines: list[tuple[Finding, Finding]]
    """Findings that read otherwise now: then, now."""

    @property
    def sources(self) -> list[str]:
        """The sources of every row that is named."""
        return [source for change in self.tables for new in change.named for source in new.sources]

    @property
    def counted(self) -> list[TableChange]:
        """Tables of which only the count is given."""
        return [change for change in self.tables if not change.named]

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
            most = _ALL if len(latest) <= _ALL else _PER_TABLE
            named = [_named(row, called) for row in latest[:most]] if name in _NAMED else []
            tables.append(TableChange(spec.title, name, len(new), named))
    tables.sort(key=lambda change: (_NAMED.index(change.table) if change.table in _NAMED else 99, change.title))
    told = [finding for finding in then if finding.answer.coverage is None or finding.answer.coverage.known]
    before = {_question(finding): finding for finding in told}
    pairs = [(before[key], finding) for finding in now if (key := _question(finding)) in before]
    turned = [(was, finding) for was, finding in pairs if was.headline != finding.headline]
    return Changes(since, tables, turned)


def _question(finding: Finding) -> tuple[str, str]:
    """What a finding asks, whatever the year it takes as the latest."""
    return finding.analysis, str({k: v for k, v in finding.parameters.items() if k != "year"})


def _named(row: Row, called: dict[str, str]) -> NewRow:
    table = row.spec.table
    when = ((row.text(row.spec.when) if row.spec.when else "") or row.text("known_from"))[:10]
    if table == "spending_lists":
        when = row.text("edition")
    return NewRow(spell(when) if when else "undated", _shortened(_words(row, called)), f"{table}/{row.id}", row.sources)


def _words(row: Row, called: dict[str, str]) -> str:
    """A row in words, the states in it by name."""

    def states(*fields: str) -> list[str]:
        return [called.get(code, _AVERAGES.get(code, code)) for field in fields for code in row.parts(field)]

    who = f" ({listed(found)})" if (found := states(*actor_cell(row))) else ""
    match row.spec.table:
        case "dialogue":
            topics = ", ".join(row.parts("topics"))
            return f"{row['forum']}, {_OUTCOMES[row.text('outcome')]}{who}: {topics}".rstrip(": ")
        case "encounters":
            kind = row.spec.field("kind").values.get(row.text("kind"), row.text("kind"))
            return f"{kind}, {row['place']}: {listed(states('actor_a_state', 'actor_b_state'))}"
        case "spending_lists":
            metric = row.spec.field("metric").values[row.text("metric")]
            named = row.parts("members") if row["relation"] == "count" else states("members")
            return f"{metric} in {row['year']}, at or above {row.number('threshold'):g} percent: {listed(named)}"
        case "polls":
            share = row.number("support_pct")
            value = f", {share:.0f} percent yes" if share is not None else ""
            return f"{row['question_paraphrase']}{value} ({row['pollster']}, {listed(states('country'))})"
        case _:
            return f"{label(row)}{who}"


def _shortened(words: str) -> str:
    return words if len(words) < _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0] + " …"
