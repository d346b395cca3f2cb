"""How much a later figure differs from an earlier one, or one from another: as a factor, a difference or in percent.

Both are made of the rows that a condition selects: figures of a column, or numbers of rows where none is named. A
figure with a range gives a change with a range: the lowest later one against the highest earlier one, and the other
way round. Numbers of rows of a table of facts are lower bounds, and so is what is made of them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from dualtrack.analyses.amounts import (
    Made,
    Pick,
    answer,
    counted,
    made,
    selected,
    told,
    warn_of_collection,
    warn_of_measures,
)
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import ByReading, Finding
from dualtrack.core.interval import Interval
from dualtrack.core.show import answer_text
from dualtrack.record.store import Record

Measure = Literal["factor", "difference", "percent"]

EXAMPLES: tuple[dict[str, object], ...] = (
    {"table": "exercises", "later": "side = 'russia'", "earlier": "side = 'nato'", "column": "troops_announced",
     "pick": "largest"},
    {"table": "polls", "later": "question = 'nato_favourable' and country = 'TUR' and ref_date >= 2024",
     "earlier": "question = 'nato_favourable' and country = 'TUR' and ref_date <= 2019", "column": "support_pct",
     "measure": "difference"},
    {"table": "exercises", "later": "kind = 'snap' and start >= 2014", "earlier": "kind = 'snap' and start <= 2013"},
)  # fmt: skip


def run(
    record: Record,
    table: Annotated[str, "the table; know tables lists them"],
    later: Annotated[str, "a condition for the later figure, or the one that is compared"],
    earlier: Annotated[str, "a condition for the earlier figure, or the one it is compared with"],
    column: Annotated[
        str | None, "a column of figures, or the common name of a range; left out, rows are counted"
    ] = None,
    measure: Annotated[Measure, "factor, difference or percent"] = "factor",
    pick: Annotated[Pick, "which of several rows: only, latest, largest, smallest, sum or span"] = "latest",
) -> Finding:
    """The change from the earlier to the later figure, with both."""
    work = Workings(
        record,
        "change",
        {"table": table, "later": later, "earlier": earlier, "column": column, "measure": measure, "pick": pick},
    )
    one, other = (_figure(work, table, where, column, pick) for where in (later, earlier))
    if one.unit != other.unit:
        raise BadInput(f"{one.unit} cannot be compared with {other.unit}.", "Narrow the conditions to one unit.")
    if column is None or pick in ("largest", "smallest", "sum"):
        warn_of_collection(work, record.spec(table))
    warn_of_measures(work, one, other)
    figure = _change(one.figure, other.figure, measure)
    if figure.low is figure.high is figure.best is None:
        raise BadInput(f"The bounds on record allow no {measure}.", "Try another measure or a later --as-of.")
    unit = {"factor": "times", "percent": "percent", "difference": one.unit}[measure]
    if measure == "difference" and one.unit and one.unit.startswith("percent"):
        unit = "points"
    result = answer(figure, unit, one.known + other.known, one.of + other.of, "rows with a figure")
    what = (column or "number of rows").replace("_", " ")
    return work.finding(
        question=f"How does {what} in {table}{told(later)} compare with that{told(earlier)}?",
        headline=f"{what.capitalize()} in {table}: {answer_text(result)} from{told(earlier)} to{told(later)}",
        answer=result,
        by_reading=[
            ByReading(
                reading={}, class_="public", label="as recorded", answer=result,
                parts=[one.part("later", f"later {what}"), other.part("earlier", f"earlier {what}")],
            )
        ],
        method=(
            "Each figure is made of the rows as known on the day that fit its condition. Factor: later over earlier; "
            "difference: later minus earlier; percent: 100 times the difference over the earlier one; of ranges the "
            "lowest and the highest that can be."
        ),
    )  # fmt: skip


def _figure(work: Workings, table: str, where: str, column: str | None, pick: Pick) -> Made:
    chosen = selected(work, table, where)
    return counted(work, chosen) if column is None else made(work, chosen, column, pick)


def _change(later: Interval, earlier: Interval, measure: Measure) -> Interval:
    if measure == "factor":
        return later.per(earlier)
    if measure == "difference":
        return Interval(
            _minus(later.low, earlier.high), _minus(later.high, earlier.low), _minus(later.best, earlier.best)
        )
    factor = later.per(earlier)
    return Interval(*(None if end is None else 100 * (end - 1) for end in (factor.low, factor.high, factor.best)))


def _minus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b
