"""What a word means here, the test it implies, and how many rows meet the test as of the day.

A test is a condition over the columns of a table, so that what a word covers can be counted and looked at. Rows the
test cannot decide are counted apart; where a word has several readings on record, each is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from dualtrack.analyses.groups import groupings
from dualtrack.analyses.names import actor_cell, actors, label, label_cells
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import NoSuchName
from dualtrack.core.expression import Name, Node, Operation, parse
from dualtrack.core.finding import Answer, ByReading, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row
from dualtrack.record.store import Record
from dualtrack.record.where import compile_where

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"term": "permanent"},
    {"term": "substantial-combat-forces"},
    {"term": "eastern flank"},
    {"term": "notification"},
)

_FEW = 20  # so many undecided rows are named one by one
_NOT_COUNTED = "the tables do not hold what the test needs"
_CELLS = ("definition", "test", "test_where", "used_by")


def run(
    record: Record,
    term: Annotated[str | None, "a term or its code, such as permanent or VJTF; left out, all are listed"] = None,
) -> Finding:
    """A term with its definition, its test and the rows that meet it; or all terms with how many rows meet each."""
    work = Workings(record, "glossary", {"term": term})
    rows = work.select("glossary")
    chosen = _found(rows, term) if term else None
    for row in [chosen] if chosen else rows:
        work.use(row, *(name for name in _CELLS if row[name] is not None))
    return _one(work, chosen) if chosen else _all(work, rows)


def _found(rows: list[Row], term: str) -> Row:
    """The row of a term, by its code, its label, or a part of either that fits no other."""
    wanted = term.strip().lower()
    exact = [row for row in rows if wanted in (row.id.lower(), row.text("label").lower())]
    loose = [row for row in rows if wanted in row.text("label").lower() or wanted in row.id.lower()]
    if exact or len(loose) == 1:
        return (exact or loose)[0]
    raise NoSuchName("term", term, [row.id for row in loose or rows])


def _one(work: Workings, row: Row) -> Finding:
    met, rest, open_ = _tested(work, row)
    for found in met:
        work.use(found, *label_cells(found), *actor_cell(found), *_columns(row))
    readings = _readings(work, row)
    now = [found for found in met if _running(found, work.record.as_of) is Ternary.YES]
    summary = {
        "The word": [
            {"what": "means", "in_words": row["definition"]},
            {"what": "test", "in_words": row["test"]},
            {"what": "counted by", "in_words": _condition(row)},
            {"what": "used by", "in_words": row["used_by"]},
        ]
    }
    answer = Answer(
        kind="table",
        value=[_line(found, work.record.as_of) for found in met],
        unit=f"rows of {row['test_table']}",
        unknown=sorted(found.id for found in open_) if len(open_) <= _FEW else [],
        why_unknown=f"{row['test_table']} has {row['test_unknown']}" if open_ else None,
        coverage=Coverage(known=len(met) + len(rest), total=len(met) + len(rest) + len(open_),
                          of=f"rows of {row['test_table']} the test decides"),
        summary=summary,
    ) if row["test_table"] else Answer(
        kind="set" if readings else "table",
        why_unknown="depends on the reading; see each reading" if readings else _NOT_COUNTED,
        summary=summary,
    )  # fmt: skip
    if met and _has_span(met[0]):
        work.caveat(
            "Running means begun by the day with no end by it on record; a row without a start counts as unknown."
        )
    if row["test_table"] == "deployments":
        work.caveat(
            "The basing word is taken from the side that bases the force. Formations at home and abroad are both rows "
            "(see where); rows overlap and are never added up."
        )
    if open_:
        work.caveat(
            f"The test cannot decide {plural(len(open_), 'row')}, where nothing on record is neither yes nor no: "
            f'know table {row["test_table"]} --where "{row["test_unknown"]}" lists them.'
        )
    if readings:
        work.caveat("The word has several readings on record; a verdict that holds under one may fail under another.")
    return work.finding(
        question=f"What does “{row['label']}” mean here, which test does it imply, and what meets it?",
        headline=_headline(row, met, now, len(met) + len(rest) + len(open_), readings),
        answer=answer,
        by_reading=readings,
        method=(
            "The definition is ours. The condition is of the closed expression language of know table --where; rows "
            "are as known on the day. A comparison with an empty cell is neither met nor not met."
        ),
    )


def _all(work: Workings, rows: list[Row]) -> Finding:
    lines = []
    for row in rows:
        met, rest, open_ = _tested(work, row)
        total = len(met) + len(rest) + len(open_)
        lines.append(
            {
                "term": row["label"],
                "rows_that_meet_it": f"{len(met):,} of {total:,} {row['test_table']}" if row["test_table"] else None,
                "cannot_tell": len(open_) if row["test_table"] else None,
                "test": row["test"],
                "used_by": row["used_by"],
                "code": row.id,
                "means": row["definition"],
            }
        )
    tested = sum(row["test_table"] is not None for row in rows)
    return work.finding(
        question="Which words decide an argument here, what do they mean, and how many rows meet their test?",
        headline=f"{len(rows)} words with a meaning and a test; for {tested} the rows that meet it can be counted",
        answer=Answer(
            kind="table",
            value=lines,
            unit="terms",
            coverage=Coverage(known=tested, total=len(rows), of="terms whose test the tables can answer"),
        ),
        method=(
            "The definitions are ours. Conditions are of the closed expression language of know table --where; rows "
            "are as known on the day."
        ),
    )


def _tested(work: Workings, row: Row) -> tuple[list[Row], list[Row], list[Row]]:
    """The rows that meet a term's test, those that do not, and those it cannot decide."""
    table = row.text("test_table")
    if not table:
        return [], [], []
    every = work.record.rows(table)
    met = work.select(table, *_sql(work, table, row.text("test_where")))
    open_ids: set[str] = set()
    if row["test_unknown"] is not None:
        open_ids = {r.id for r in work.select(table, *_sql(work, table, row.text("test_unknown")))}
    met_ids = {found.id for found in met}
    rest = [found for found in every if found.id not in met_ids | open_ids]
    return met, rest, [found for found in every if found.id in open_ids - met_ids]


def _sql(work: Workings, table: str, condition: str) -> tuple[Any, ...]:
    if not condition:
        return ()
    sql, values = compile_where(condition, work.record.spec(table))
    return (sql, *values)


def _columns(row: Row) -> list[str]:
    """The columns a term's test reads."""
    if row["test_where"] is None:
        return []
    return list(dict.fromkeys(_names(parse(row.text("test_where"), "the test"))))


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Operation):
        for operand in node.operands:
            yield from _names(operand)


def _condition(row: Row) -> str:
    if row["test_table"] is None:
        return "each reading, below" if row["readings"] else _NOT_COUNTED
    return f"{row['test_table']}: {row['test_where'] or 'every row'}"


def _has_span(row: Row) -> bool:
    return row.spec.has("start") and row.spec.has("end")


def _running(row: Row, day: date) -> Ternary:
    """Whether what a row describes was under way on a day."""
    if not _has_span(row) or row["start"] is None:
        return Ternary.UNKNOWN
    if row.spec.has("status") and row["status"] == "ended" and row["end"] is None:
        return Ternary.NO
    begun, gone = row.last("start"), row.first("end")
    if (first := row.first("start")) and first > day:
        return Ternary.NO
    if gone and row.last("end") and (row.last("end") or day) < day:
        return Ternary.NO
    sure = begun is not None and begun <= day and (gone is None or gone > day)
    return Ternary.YES if sure else Ternary.UNKNOWN


def _line(row: Row, day: date) -> dict[str, Any]:
    when = row.text(row.spec.when) if row.spec.when else ""
    line: dict[str, Any] = {"since" if _has_span(row) else "date": when or None}
    if _has_span(row):
        line |= {"end": row["end"], "running": _running(row, day).value}
    line["who"] = actors(row) or None
    if row.spec.has("host_state"):
        line["where"] = row.parts("host_state") or None
    return {**line, "row": row.id, "what": label(row)}


def _readings(work: Workings, row: Row) -> list[ByReading]:
    if row["readings"] is None:
        return []
    return [
        ByReading(
            reading=grouping.reading,
            class_=grouping.class_,
            label=grouping.label,
            later=grouping.later,
            sources=grouping.sources,
            answer=Answer(kind="set", value=sorted(grouping.states), unit="states"),
        )
        for grouping in groupings(work.record, row.text("readings"))
    ]


def _headline(row: Row, met: list[Row], now: list[Row], total: int, readings: list[ByReading]) -> str:
    meaning = row.text("definition").split(". ")[0].rstrip(".")
    said = f"{row.text('label')[:1].upper()}{row.text('label')[1:]}: {meaning[:1].lower()}{meaning[1:]}"
    if readings:
        sizes = sorted(len(reading.answer.value or []) for reading in readings)
        return f"{said}; {plural(len(readings), 'reading')} on record, of {sizes[0]} to {sizes[-1]} states"
    if row["test_table"] is None:
        return f"{said}; its test is not one the tables can answer"
    running = f", {len(now)} of them running on the day" if met and _has_span(met[0]) else ""
    verb = "meets" if len(met) == 1 else "meet"
    return f"{said}; {len(met):,} of {plural(total, 'row')} of {row['test_table']} {verb} the test{running}"
