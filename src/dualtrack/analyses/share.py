"""What share of a whole a part is, in percent: sums of a column, or numbers of rows.

Part and whole are each made of the rows that a condition selects, if asked only of the states of a group. A part or a
whole of which a row lacks its figure, or a number of rows of a table of facts, is a lower bound, and the share has no
bound on that side.
"""

from __future__ import annotations

from typing import Annotated

from dualtrack.analyses.amounts import Made, answer, counted, made, selected, told, warn_of_collection, warn_of_measures
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import ByReading, Finding
from dualtrack.core.interval import Interval
from dualtrack.core.show import answer_text
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"table": "personnel", "column": "military_personnel", "part": "state = 'USA' and year = 2018",
     "whole": "year = 2018", "group": "nato"},
    {"table": "exercises", "part": "side = 'russia' and kind = 'snap'", "whole": "side = 'russia'"},
    {"table": "exercises", "part": "side = 'nato' and kind = 'snap'", "whole": "side = 'nato'"},
    {"table": "contributions", "column": "troops", "part": "force_key = 'D-efp-est' and state = 'GBR'",
     "whole": "force_key = 'D-efp-est'"},
)  # fmt: skip


def run(
    record: Record,
    table: Annotated[str, "the table; know tables lists them"],
    part: Annotated[str, "a condition for the rows of the part"],
    whole: Annotated[str, "a condition for the rows of the whole"],
    column: Annotated[str | None, "a column of figures to add up; left out, rows are counted"] = None,
    whole_column: Annotated[str | None, "the column of the whole, where it is another one"] = None,
    group: Annotated[str | None, "only rows of the states of a group, such as nato, on the as-of day"] = None,
) -> Finding:
    """The share of the part in the whole, with both."""
    work = Workings(
        record,
        "share",
        {"table": table, "part": part, "whole": whole, "column": column, "whole_column": whole_column, "group": group},
    )
    one = _figure(work, table, part, column, group)
    other = _figure(work, table, whole, whole_column or column, group)
    if one.unit != other.unit:
        raise BadInput(f"{one.unit} cannot be a part of {other.unit}.", "Narrow the conditions to one unit.")
    warn_of_collection(work, record.spec(table))
    warn_of_measures(work, one, other)
    if other.known < other.of:
        work.caveat(f"{other.of - other.known} of {other.of} rows of the whole have no figure: the share is too large.")
    figure = one.figure.per(other.figure).times(100)
    if figure.low is figure.high is figure.best is None:
        raise BadInput("The bounds on record allow no share.", "Try a later --as-of or another condition.")
    result = answer(figure, "percent", one.known + other.known, one.of + other.of, "rows with a figure")
    what = (column or "rows").replace("_", " ")
    return work.finding(
        question=f"What share of {what} in {table}{told(whole)} is that{told(part)}?",
        headline=f"{what.capitalize()} in {table}{told(part)}: {answer_text(result)} of that{told(whole)}",
        answer=result,
        by_reading=[
            ByReading(
                reading={}, class_="public", label="as recorded", answer=result,
                parts=[one.part("part", f"{what} of the part"), other.part("whole", f"{what} of the whole")],
            )
        ],
        method=(
            "100 times the sum over the rows of the part over the sum over the rows of the whole, as known on the day; "
            "of several editions of one figure the latest. Of ranges, the lowest and the highest that can be."
        ),
    )  # fmt: skip


def _figure(work: Workings, table: str, where: str, column: str | None, group: str | None) -> Made:
    chosen = selected(work, table, where, group)
    if column is not None:
        return made(work, chosen, column, "sum")
    found = counted(work, chosen)
    exact = Interval.exactly(found.known)  # the share among the rows on record, as the question says
    return Made(exact, found.unit, found.rows, found.known, found.of, found.columns)
