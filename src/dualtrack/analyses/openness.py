"""What share of exercises was on public record before it began, or had observers invited, by who led them.

Two matters, asked of everybody in the same way. *announced*: a page, an edition or a statement on record names the
exercise on a day before its first; a check held without notice was not announced, by what it is; of any other the
record does not tell, because a page that was not found is no evidence that there was none. *observed*: whether
observers were invited, as the record codes it, whoever they were; whether the Vienna Document asked for it, or they
came as it wants, is another question. The share is an interval: exercises of which it is unknown may all have been
open, or none of them. It is of exercises on record, large ones first, and not of all there were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import Basis, cell_of, public_notice, troops
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"matter": "announced", "side": "nato", "since": "2014", "until": "2016-05"},
    {"matter": "announced", "side": "russia", "since": "2014", "until": "2016-05"},
    {"matter": "observed", "minimum": 13_000, "ashore": True},
    {"matter": "observed", "led_by": "RUS", "since": "2014"},
    {"matter": "observed", "led_by": "NATO", "since": "2014"},
)

Matter = Literal["announced", "observed"]
Side = Literal["all", "nato", "russia", "joint", "other"]

_AT_SEA = ("naval", "air")
_SHOWN = ("name", "lead_states", "side", "start", "kind", "domain")
_ASKED: dict[Matter, str] = {"announced": "on public record before it began", "observed": "observed by invitation"}
_CELLS: dict[Matter, tuple[str, ...]] = {
    "announced": ("kind", "known_from", "announced_known_from"),
    "observed": ("observers_invited",),
}


def run(
    record: Record,
    matter: Annotated[Matter, "announced (on public record before it began) or observed (observers were invited)"],
    side: Annotated[Side, "who leads: all, nato (or a member), russia, joint (Russia and a partner) or other"] = "all",
    led_by: Annotated[str | None, "the code of a state or NATO that leads it, alone or with others"] = None,
    since: Annotated[str | None, "exercises that start from this date on: 2014, 2014-03 or 2014-03-05"] = None,
    until: Annotated[str | None, "exercises that start up to this date"] = None,
    minimum: Annotated[int | None, "only exercises of at least so many persons, on the basis given"] = None,
    basis: Annotated[Basis, "announced, declared (Vienna Document count), low, high or published"] = "announced",
    ashore: Annotated[bool, "leave out exercises that are mainly at sea or in the air"] = False,
) -> Finding:
    """The share in percent, from what is known to what is not ruled out, with the answer for every exercise."""
    led_by = led_by and state_code(record, led_by, record.spec("exercises").field("lead_states").also)
    work = Workings(
        record,
        "openness",
        {"matter": matter, "side": side, "led_by": led_by, "since": since, "until": until, "minimum": minimum,
         "basis": basis, "ashore": ashore},
    )  # fmt: skip
    window = Window.of(since, until)
    rows = work.select("exercises", *(("side = ?", side) if side != "all" else ("",)))
    among = {row.id: _among(row, window, led_by, minimum, basis, ashore) for row in rows}
    rows = [row for row in rows if among[row.id] is not Ternary.NO]
    if not any(among[row.id] is Ternary.YES for row in rows):
        raise BadInput(
            f"No exercise like this is on record {window.words(record.as_of)} as known on {record.as_of}.",
            "That is not zero: not every exercise was collected. Ask for more, or a later --as-of.",
        )
    rows.sort(key=lambda row: (row.text("start"), row.id))
    told = {row.id: _TESTS[matter](row) for row in rows}
    for row in rows:
        cells = (*_SHOWN, *_CELLS[matter], cell_of(row, basis) if minimum is not None else "")
        work.use(row, *(name for name in dict.fromkeys(cells) if name and row[name] is not None))
    open_ones = [row.id for row in rows if told[row.id] is Ternary.UNKNOWN or among[row.id] is Ternary.UNKNOWN]
    low, high = shares([(among[row.id], told[row.id]) for row in rows])
    known = sum(told[row.id] is not Ternary.UNKNOWN for row in rows)
    answer = Answer(
        kind="interval",
        low=low,
        high=high,
        best=low if low == high else None,
        unit="percent",
        unknown=sorted(open_ones),
        why_unknown=_why(matter, rows, among) if open_ones else None,
        coverage=Coverage(known=known, total=len(rows), of="exercises of which it is on record"),
        summary={
            "By side": [_counted(name, of, among, told) for name, of in _by_side(rows)],
            "Exercises": [_line(row, among[row.id], told[row.id]) for row in rows],
        },
    )
    _warn(work, matter, window)
    what = "exercises" if side == "all" else f"exercises on the side {side}"
    of = "".join(
        [f" led by {led_by}" if led_by else "", f" of at least {minimum:,} persons ({basis})" if minimum else "",
         ", those at sea or in the air left out," if ashore else ""]
    )  # fmt: skip
    return work.finding(
        question=f"What share of {what}{of} {window.words(record.as_of)} was {_ASKED[matter]}?",
        headline=f"{_percent(low, high)} of {plural(len(rows), 'exercise')}{_whose(record, side, led_by)} on record "
        f"{window.words(record.as_of)}: "
        f"{_ASKED[matter]}; not told of {len(rows) - known}",
        answer=answer,
        method=(
            "Announced: yes where the earliest day on which the exercise was on public record comes before its first "
            "day, no for a check held without notice, else unknown. Observed: as recorded. The share goes from all "
            "unknown ones taken as no to all of them taken as yes; an exercise of which it is unknown whether it "
            "belongs here counts where it lowers the one and raises the other."
        ),
    )


def _percent(low: float, high: float) -> str:
    """The share in whole percent: there are too few exercises for more."""
    ends = dict.fromkeys((f"{low:.0f}", f"{high:.0f}"))
    return f"{' to '.join(ends)} percent"


def _whose(record: Record, side: str, led_by: str | None) -> str:
    if led_by:
        return f" led by {named(record, led_by)}"
    return "" if side == "all" else f" {record.spec('exercises').field('side').values[side]}"


def shares(answers: Sequence[tuple[Ternary, Ternary]]) -> tuple[float, float]:
    """The least and the largest share of yes, in percent, of pairs: whether it belongs here, and its answer.

    What may not belong here is counted in the least share unless it is a sure yes, in the largest unless a sure no.

    >>> shares([(Ternary.YES, Ternary.YES), (Ternary.YES, Ternary.UNKNOWN)])
    (50.0, 100.0)
    >>> shares([(Ternary.YES, Ternary.YES), (Ternary.UNKNOWN, Ternary.NO)])
    (50.0, 100.0)
    """
    least = [told for among, told in answers if among is Ternary.YES or told is not Ternary.YES]
    most = [told for among, told in answers if among is Ternary.YES or told is not Ternary.NO]
    return (
        100 * sum(told is Ternary.YES for told in least) / len(least),
        100 * sum(told is not Ternary.NO for told in most) / len(most),
    )


def announced(row: Row) -> Ternary:
    """Whether an exercise was on public record before its first day; unknown is not a missing announcement."""
    if public_notice(row) is not None:
        return Ternary.YES
    return Ternary.NO if row["kind"] == "snap" else Ternary.UNKNOWN


def _observed(row: Row) -> Ternary:
    return Ternary(row.text("observers_invited"))


_TESTS: dict[Matter, Callable[[Row], Ternary]] = {"announced": announced, "observed": _observed}


def _among(row: Row, window: Window, led_by: str | None, minimum: int | None, basis: Basis, ashore: bool) -> Ternary:
    """Whether an exercise belongs to those asked about."""
    if (led_by and led_by not in row.parts("lead_states")) or (ashore and row["domain"] in _AT_SEA):
        return Ternary.NO
    inside = window.holds(row.text("start"))
    if minimum is None or inside is Ternary.NO:
        return inside
    size = troops(row, basis)
    if size is None:
        return Ternary.UNKNOWN
    return inside if size >= minimum else Ternary.NO


def _by_side(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    present = {row.text("side") for row in rows}
    sides = [side for side in rows[0].spec.field("side").values if side in present]
    return [("all", list(rows)), *((side, [row for row in rows if row["side"] == side]) for side in sides)]


def _counted(side: str, rows: Sequence[Row], among: dict[str, Ternary], told: dict[str, Ternary]) -> dict[str, Any]:
    """Answers of one side, of the exercises that surely belong here, and how many may."""
    sure = [told[row.id] for row in rows if among[row.id] is Ternary.YES]
    return {
        "side": side,
        **{str(code): sum(answer is code for answer in sure) for code in (Ternary.YES, Ternary.NO, Ternary.UNKNOWN)},
        "total": len(sure),
        "may_belong": len(rows) - len(sure),
    }


def _line(row: Row, among: Ternary, told: Ternary) -> dict[str, Any]:
    return {
        "id": row.id,
        "lead_states": row.parts("lead_states"),
        "side": row["side"],
        "start": row["start"],
        "belongs": str(among),
        "answer": str(told),
        "public_notice_days": public_notice(row),
        "name": row["name"],
    }


def _why(matter: Matter, rows: Sequence[Row], among: dict[str, Ternary]) -> str:
    missing = {
        "announced": "no page from before the first day is on record",
        "observed": "whether observers were invited is not on record",
    }[matter]
    loose = any(among[row.id] is Ternary.UNKNOWN for row in rows)
    return f"{missing}{', or no figure or day that decides whether it belongs here' if loose else ''} (table exercises)"


def _warn(work: Workings, matter: Matter, window: Window) -> None:
    spec = work.record.spec("exercises")
    work.caveat(f"The share is of exercises on record {window.words(work.record.as_of)}, not of all. {spec.collected}")
    if matter == "announced":
        work.caveat(
            "On public record is wherever a page was found, be it the organiser's own or the press; whether it stood "
            "on a list of the organiser is not recorded."
        )
    else:
        work.caveat(
            "An invitation of whomever counts: as the Vienna Document asks, of some states, or of attaches for a day. "
            "The notes of the rows say which."
        )
    work.caveat("The side says who leads, for grouping only.")
