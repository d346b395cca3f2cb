"""How many rows of a table fit a condition, in all or by year, side or state.

Of a table of facts the number is a lower bound: what is not on record was not collected. Of a reference table it is
the number there are. Rows of which the condition cannot be told, because a cell is unknown, are counted apart.
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from dualtrack.analyses.amounts import answer, counted, newest, selected, told, warn_of_collection
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import NoSuchName
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"table": "exercises", "where": "kind = 'snap'", "by": "side"},
    {"table": "dialogue", "where": "forum = 'NATO-Russia Council' and outcome in ('met', 'resumed')", "by": "year"},
    {"table": "groups", "where": "group = 'nato' and from <= 1999"},
    {"table": "exercises", "where": "side = 'russia' and troops_announced >= 30000"},
    {"table": "exercises", "where": "side = 'nato' and troops_announced >= 30000"},
)


def run(
    record: Record,
    table: Annotated[str, "the table; know tables lists them"],
    where: Annotated[str, "a condition over its columns, such as: kind = 'snap'"] = "",
    by: Annotated[str | None, "a column to count by, or year for the year of a row's date"] = None,
    group: Annotated[str | None, "only rows of the states of a group, such as nato, on the as-of day"] = None,
) -> Finding:
    """The number of rows, and how many it cannot be told of."""
    work = Workings(record, "count", {"table": table, "where": where, "by": by, "group": group})
    chosen = selected(work, table, where, group)
    found = counted(work, chosen)
    rows, untold = newest(chosen, ()), len(chosen.undecided)
    warn_of_collection(work, chosen.spec)
    if untold:
        work.caveat(f"{plural(untold, 'row')} of which a cell is unknown could fit, too.")
    result = answer(found.figure, "rows", found.known, found.of, "rows decided")
    if by is not None:
        counts = Counter(value for row in rows for value in _values(row, chosen.spec, by))
        result = Answer(
            kind="table", value=[{by: name, "count": counts[name]} for name in sorted(counts)], unit="rows",
            coverage=Coverage(known=found.known, total=found.of, of="rows decided"),
        )  # fmt: skip
    least = "At least " if found.figure.high is None else ""
    return work.finding(
        question=f"How many rows of {table}{told(where)} are on record{f', by {by}' if by else ''}?",
        headline=f"{least}{plural(found.known, 'row')} of {table}{told(where)}",
        answer=result,
        method=(
            "Rows as known on the day that fit the condition; of several editions of one figure the latest. A row of "
            "several values of the column counted by counts for each. A number without an upper bound is a lower one."
        ),
    )


def _values(row: Row, spec: TableSpec, by: str) -> list[Any]:
    """What a row counts for: the values of the cell, or the first year its date can mean."""
    if by == "year" and not spec.has("year"):
        first = row.first(spec.when) if spec.when else None
        return [str(first.year)] if first else ["unknown"]
    if not spec.has(by):
        raise NoSuchName(f"column of {spec.table}", by, [*(f.name for f in spec.fields), "year"])
    return row.parts(by) or ["unknown"]
