"""Military exercises by side, size, kind, notice and observers, each count with its coverage.

Counts are lower bounds: exercises with a public figure were collected, large ones first. Three kinds of number
are kept apart: the total the organiser announced, the number it declared as the count of the Vienna Document
(the largest under one command at any time), and the lowest and highest figure of anyone. Sizes are in persons.
The class bounds, 9,000 and 13,000, are the levels of the Vienna Document 2011 for notification (chapter V) and
observation (chapter VI); here they are labels only, and whether the document applied is not asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from statistics import median
from typing import Annotated, Any, Literal

from dualtrack.analyses.names import state_code
from dualtrack.analyses.window import Window, beyond, extent
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import BASES, CELLS, Basis, public_notice, troops
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"since": "2014", "until": "2016"},
    {"kind": "snap"},
    {"minimum": 13_000, "basis": "declared"},
)

Side = Literal["all", "nato", "russia", "joint", "other"]
Kind = Literal["all", "scheduled", "snap"]

NOTIFICATION, OBSERVATION = 9_000, 13_000  # persons: Vienna Document 2011, chapters V and VI
SIZES = ("under 9,000", "9,000 to 12,999", "13,000 or more", "unknown")
_SHOWN = ("name", "lead_states", "side", "start", "end", "kind", "structure", "in_zone")
_TOTALS = ("multi_host", "sequential", "umbrella")  # totals over several hosts, phases or commands


def size_class(persons: float | None) -> str:
    """The label of a size; a level belongs to the class above it.

    >>> size_class(8_999), size_class(9_000), size_class(13_000), size_class(None)
    ('under 9,000', '9,000 to 12,999', '13,000 or more', 'unknown')
    """
    if persons is None:
        return SIZES[3]
    return SIZES[0] if persons < NOTIFICATION else SIZES[1] if persons < OBSERVATION else SIZES[2]


def run(
    record: Record,
    side: Annotated[Side, "who leads: all, nato (or a member), russia, joint (Russia and a partner) or other"] = "all",
    state: Annotated[str | None, "a state's code: exercises it leads or takes part in, such as POL"] = None,
    since: Annotated[str | None, "exercises that start from this date on: 2014, 2014-03 or 2014-03-05"] = None,
    until: Annotated[str | None, "exercises that start up to this date"] = None,
    kind: Annotated[Kind, "all, scheduled or snap (held without notice)"] = "all",
    minimum: Annotated[int | None, "only exercises of at least so many troops (persons), on the basis given"] = None,
    basis: Annotated[Basis, "announced, declared (Vienna Document count), low, high or published"] = "announced",
) -> Finding:
    """The exercises on record as known, with counts by side, kind and size and the coverage of each figure."""
    state = state and state_code(record, state, record.spec("exercises").field("lead_states").also)
    work = Workings(
        record,
        "exercises",
        {"side": side, "state": state, "since": since, "until": until, "kind": kind, "minimum": minimum,
         "basis": basis},
    )  # fmt: skip
    window = Window.of(since, until)
    rows = work.select("exercises", *_where(side, kind))
    rows = [row for row in rows if window.holds(row.text("start")) is not Ternary.NO]
    tests = [_takes_part(state)] if state else []
    tests += [_reaches(minimum, basis)] if minimum is not None else []
    decided = {row.id: _all(test(row) for test in tests) for row in rows}
    unclear = [row for row in rows if decided[row.id] is Ternary.UNKNOWN]
    rows = [row for row in rows if decided[row.id] is Ternary.YES]
    rows.sort(key=lambda row: (row.first("start") or date.max, row.last("start") or date.max, row.id))
    if not rows and not unclear:
        raise BadInput(
            f"No exercise like this is on record {window.words(record.as_of)} as known on {record.as_of}.",
            "That is not zero: not every exercise was collected. Ask for more, or a later --as-of.",
        )
    for row in rows or unclear:
        work.use(row, *(name for name in (*_SHOWN, *_EVIDENCE) if row[name] is not None))
    _warn(work, rows, window)
    return work.finding(
        question=_question(side, state, kind, minimum, basis, window, record.as_of),
        headline=_headline(rows, window, record, basis),
        answer=Answer(
            kind="table",
            value=[_line(row) for row in rows],
            unit="exercises",
            unknown=sorted(row.id for row in unclear),
            why_unknown=_why(state, minimum, basis, unclear),
            coverage=Coverage(
                known=sum(row["notified"] != "unknown" for row in rows),
                total=len(rows),
                of="exercises with whether they were notified on record",
            ),
            figures={row.id: float(size) for row in rows if (size := troops(row, basis)) is not None} or None,
            summary=_summary(rows) if rows else {},
        ),
        method=(
            "Rows of exercises whose start can lie in the window, as known on the day. A level belongs to the class "
            "above it. Lowest and highest figure: the range on record, else the announced total. Public notice: the "
            "first day of the exercise minus the earliest day it was on public record, counted only where that day "
            "comes before the first; a lower bound in days. Formal notice: notice_days as recorded. The figure of each "
            "exercise is the one on the basis asked for."
        ),
    )


_EVIDENCE = (*CELLS.values(), "notified", "notice_days", "observers_invited", "announced_known_from")


def _where(side: str, kind: str) -> tuple[str, ...]:
    given = {"side": side, "kind": kind}
    asked = {name: value for name, value in given.items() if value != "all"}
    return (" AND ".join(f"{name} = ?" for name in asked), *asked.values())


def _takes_part(state: str) -> Callable[[Row], Ternary]:
    """Whether a state leads or takes part; unknown where the participants on record are not all of them."""

    def test(row: Row) -> Ternary:
        named = row.parts("participants")
        if state in named or state in row.parts("lead_states"):
            return Ternary.YES
        return Ternary.NO if 0 < (row.number("participants_n") or 0) <= len(named) else Ternary.UNKNOWN

    return test


def _reaches(minimum: int, basis: Basis) -> Callable[[Row], Ternary]:
    def test(row: Row) -> Ternary:
        size = troops(row, basis)
        return Ternary.UNKNOWN if size is None else Ternary.YES if size >= minimum else Ternary.NO

    return test


def _all(answers: Iterable[Ternary]) -> Ternary:
    found = set(answers)
    return Ternary.NO if Ternary.NO in found else Ternary.UNKNOWN if Ternary.UNKNOWN in found else Ternary.YES


def _line(row: Row) -> dict[str, Any]:
    """One exercise: persons by basis, days of notice, what is known of notification and observers."""
    return {
        "id": row.id,
        "lead_states": row.parts("lead_states"),
        "side": row["side"],
        "start": row["start"],
        "end": row["end"],
        "kind": row["kind"],
        **{basis: troops(row, basis) for basis in BASES},
        "notified": row["notified"],
        "notice_days": row["notice_days"],
        "public_notice_days": public_notice(row),
        "observers_invited": row["observers_invited"],
        "in_zone": row["in_zone"],
        "structure": row["structure"],
        "name": row["name"],
    }


def _sides(rows: Sequence[Row]) -> list[str]:
    """The sides there are, in the order of the schema."""
    present = {row.text("side") for row in rows}
    return [side for row in rows[:1] for side in row.spec.field("side").values if side in present]


def _summary(rows: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    sides = {"all": list(rows), **{side: [row for row in rows if row["side"] == side] for side in _sides(rows)}}
    return {
        "By side and kind": [_kinds(side, some) for side, some in sides.items()],
        "By size, in persons": [_sizes(basis, side, some) for basis in BASES for side, some in sides.items()],
        "Notification and observers": [
            _codes(matter, side, some) for matter in ("notified", "observers_invited") for side, some in sides.items()
        ],
        "Days of notice": [
            _days(what, days, side, some)
            for what, days in (("formal", _formal), ("public, at least", public_notice))
            for side, some in sides.items()
        ],
        "Coverage": [_coverage(figure, test, sides) for figure, test in _FIGURES.items()],
    }


def _kinds(side: str, rows: Sequence[Row]) -> dict[str, Any]:
    kinds = Counter(row.text("kind") for row in rows)
    return {"side": side, "scheduled": kinds["scheduled"], "snap": kinds["snap"], "total": len(rows)}


def _sizes(basis: Basis, side: str, rows: Sequence[Row]) -> dict[str, Any]:
    classes = Counter(size_class(troops(row, basis)) for row in rows)
    return {
        "basis": basis,
        "side": side,
        **{name: classes[name] for name in SIZES},
        "known": len(rows) - classes["unknown"],
        "total": len(rows),
    }


def _codes(matter: str, side: str, rows: Sequence[Row]) -> dict[str, Any]:
    codes = Counter(row.text(matter) for row in rows)
    return {
        "matter": matter.replace("_", " "),
        "side": side,
        **{code: codes[code] for code in ("yes", "voluntary", "no", "unknown")},
        "known": len(rows) - codes["unknown"],
        "total": len(rows),
    }


def _formal(row: Row) -> int | None:
    days = row.number("notice_days")
    return None if days is None else int(days)


def _days(what: str, of: Callable[[Row], int | None], side: str, rows: Sequence[Row]) -> dict[str, Any]:
    days = [found for row in rows if (found := of(row)) is not None]
    return {
        "notice": what,
        "side": side,
        "known": len(days),
        "total": len(rows),
        "least": min(days, default=None),
        "median": median(days) if days else None,
        "most": max(days, default=None),
    }


def _coverage(figure: str, test: Callable[[Row], bool], sides: dict[str, list[Row]]) -> dict[str, Any]:
    known = {side: sum(map(test, rows)) for side, rows in sides.items()}
    return {
        "figure": figure,
        "known": known["all"],
        "total": len(sides["all"]),
        **{side: f"{known[side]} of {len(rows)}" for side, rows in sides.items() if side != "all"},
    }


def _has(basis: Basis) -> Callable[[Row], bool]:
    return lambda row: troops(row, basis) is not None


_FIGURES: dict[str, Callable[[Row], bool]] = {
    "announced total": _has("announced"),
    "declared count": _has("declared"),
    "lowest figure": _has("low"),
    "highest figure": _has("high"),
    "a range of figures": lambda row: row["troops_low"] is not None and row["troops_high"] is not None,
    "whether notified": lambda row: row["notified"] != "unknown",
    "days of formal notice": lambda row: _formal(row) is not None,
    "public notice": lambda row: public_notice(row) is not None,
    "whether observers were invited": lambda row: row["observers_invited"] != "unknown",
    "participants": lambda row: row["participants"] is not None,
}


def _warn(work: Workings, rows: Sequence[Row], window: Window) -> None:
    spec, day = work.record.spec("exercises"), work.record.as_of
    work.caveat(f"Counts are lower bounds. {spec.collected}")
    for side in _sides(rows):
        found = extent(spec, f"side = {side}")
        label = spec.field("side").values[side]
        outside = beyond(window, day, found) if found else ["in full at any time"]
        if outside:
            work.caveat(f"Exercises {label} were not collected {listed(outside)}; that is not zero.")
    totals = Counter(row.text("structure") for row in rows if row["structure"] in _TOTALS)
    if totals:
        kinds = ", ".join(f"{name} {count}" for name, count in totals.items())
        work.caveat(
            f"{totals.total()} of {len(rows)} rows are totals over several hosts, phases or commands (structure: "
            f"{kinds}): at one place and time there were fewer."
        )
    loose = [row.id for row in rows if window.holds(row.text("start")) is Ternary.UNKNOWN]
    if loose:
        work.caveat(f"The start is not known to the day and may lie outside the window: {', '.join(loose)}.")
    ahead = [row.id for row in rows if (start := row.last("start")) and start > day]
    if ahead:
        work.caveat(f"On record before it began, or not known to have begun by {spell(day)}: {', '.join(ahead)}.")
    work.caveat(
        "Diplomatic notifications are not public: unknown is not a missing notification. Public notice is the "
        "earliest day on record, so the true notice may be longer."
    )
    work.caveat("The side says who leads, for grouping only.")


def _why(state: str | None, minimum: int | None, basis: str, unclear: Sequence[Row]) -> str | None:
    why = [f"not every participant is on record, so {state} may have taken part"] if state else []
    why += [f"no {basis} figure is on record to compare with {minimum:,}"] if minimum is not None else []
    return " or ".join(why) + " (table exercises)" if unclear else None


def _question(
    side: str, state: str | None, kind: str, minimum: int | None, basis: str, window: Window, day: date
) -> str:
    what = "military exercises" if kind == "all" else "scheduled exercises" if kind == "scheduled" else "snap checks"
    led = "" if side == "all" else f" on the side {side}"
    of = f" led or joined by {state}" if state else ""
    size = f" of at least {minimum:,} persons ({basis})" if minimum is not None else ""
    return f"Which {what}{led}{of}{size} are on record {window.words(day)}, and what is known of each?"


def _headline(rows: Sequence[Row], window: Window, record: Record, basis: Basis) -> str:
    if not rows:
        return f"Cannot tell for any exercise {window.words(record.as_of)}: the record does not decide"
    labels = rows[0].spec.field("side").values
    counts = Counter(row.text("side") for row in rows)
    sides = listed([f"{counts[side]} {labels[side]}" for side in _sides(rows)])
    known = [size for row in rows if (size := troops(row, basis)) is not None]
    large = sum(size >= OBSERVATION for size in known)
    notified = sum(row["notified"] != "unknown" for row in rows)
    return (
        f"At least {plural(len(rows), 'exercise')} {window.words(record.as_of)}: {sides}; "
        f"{large} of the {len(known)} with {_FIGURE[basis]} had 13,000 persons or more; "
        f"whether it was notified is known for {notified} of {len(rows)}"
    )


_FIGURE: dict[Basis, str] = {
    "announced": "an announced total",
    "declared": "a declared count",
    "low": "a lowest figure",
    "high": "a highest figure",
    "published": "a published figure",
}
