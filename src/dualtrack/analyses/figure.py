"""What figure the record gives: one cell, or one made of the rows of a table that a condition selects.

The figure of the latest row, of the only one, the largest, the smallest, the sum, or the span from the lowest to the
highest. Where the table has low and high figures of the same thing, their common name asks for the range. Editions
of a table are answered for each.
"""

from __future__ import annotations

from typing import Annotated

from dualtrack.analyses.amounts import (
    Made,
    Pick,
    Selected,
    answer,
    by_edition,
    columns_of,
    made,
    selected,
    told,
    warn_of_collection,
)
from dualtrack.analyses.names import label
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Edition, Finding
from dualtrack.core.show import answer_text
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"table": "spending", "column": "share_of_gdp_pct", "where": "state = 'USA' and year = 2017 and series = 'nato'"},
    {"table": "exercises", "column": "troops", "where": "side = 'nato' and start >= 2014", "pick": "largest"},
    {"table": "polls", "column": "support_pct", "where": "question = 'defend_ally' and country = 'DEU'"},
)


def run(
    record: Record,
    table: Annotated[str, "the table; know tables lists them"],
    column: Annotated[str, "a column of figures, or what a low and a high one have in common, such as troops"],
    where: Annotated[str, "a condition over its columns, such as: year = 2017 and state = 'USA'"] = "",
    row: Annotated[str | None, "one row by its permanent id, instead of a condition"] = None,
    pick: Annotated[Pick, "only, latest, largest, smallest, sum, or span from lowest to highest"] = "latest",
) -> Finding:
    """The figure, with its range, its unit, and what each edition says."""
    if row is not None and where:
        raise BadInput("row and where are both given.", "Give one of them.")
    work = Workings(record, "figure", {"table": table, "column": column, "where": where, "row": row, "pick": pick})
    chosen = selected(work, table, where)
    if row is not None:
        chosen = Selected(chosen.spec, [record.row(table, row)], [], ())
    found = made(work, chosen, column, pick)
    columns = columns_of(chosen.spec, column)
    if pick in ("largest", "smallest", "sum"):
        warn_of_collection(work, chosen.spec)
    if found.known < found.of:
        work.caveat(f"{found.of - found.known} of {found.of} rows have no figure known by then and are left out.")
    result = _answer(found)
    field = chosen.spec.field(columns[0])
    what = column.replace("_", " ")
    which = label(found.rows[0]) if len(found.rows) == 1 else f"{pick} of {len(found.rows)} rows of {table}"
    of = f" of {row}" if row else told(where)
    return work.finding(
        question=f"What does the record give as {what} in {table}{of}?",
        headline=f"{which}: {answer_text(result)} ({what})",
        answer=result,
        editions=[
            Edition(edition=edition, answer=_answer(made(work, rows, column, pick)), basis="values")
            for edition, rows in by_edition(chosen, columns).items()
        ],
        method=(
            f"{field.about} Rows of {table} as known on the day that fit the condition; of several editions of one "
            "figure the latest. Where rows tie for the latest, the figure spans them. A sum over rows of which some "
            "have no figure is a lower bound."
        ),
    )


def _answer(found: Made) -> Answer:
    return answer(found.figure, found.unit, found.known, found.of, "rows with a figure")
