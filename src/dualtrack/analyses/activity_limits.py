"""Which states kept the limits on the number of large activities, in which years, as far as the record shows.

The limits of the Vienna Document (chapter VIII) are files of the instrument. Each state that leads an activity counts
it, in the year in which it begins. A count lies between the activities that surely are above the level and those that
may be. A total over several hosts or phases is an upper bound of what acted at one time and place, so it may count and
does not surely; what follows if each such total was one activity stands beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import BASES, Basis, activity, as_columns, cell_of
from dualtrack.instruments.columns import Column
from dualtrack.instruments.instrument import Instrument, instrument, instruments
from dualtrack.instruments.limit import Kept, Limit, Tally, began_in, limits, tally
from dualtrack.instruments.outcomes import outcomes
from dualtrack.instruments.references import Provenance, looked_up
from dualtrack.instruments.verdicts import in_force, parts_of
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"state": "RUS"},
    {"state": "USA", "basis": "high"},
    {"since": 2013, "until": 2016, "basis": "declared"},
)

_CELLS = ("lead_states", "start", "in_zone", "structure", "domain", "tanks", "acvs", "armour_combined", "artillery")
_VERDICTS: tuple[Kept, ...] = ("exceeded", "kept", "unknown")
_BODIES = ("NATO",)  # leads exercises and is no participating State


@dataclass(frozen=True)
class Counted:
    """An exercise as a limit sees it: whether it is above the level, and if its total was one activity."""

    row: Row
    above: Ternary
    taken: Ternary


@dataclass(frozen=True)
class _Window:
    """A state, a limit and the calendar years it is counted over."""

    state: str
    limit: Limit
    years: tuple[int, int]
    counted: Sequence[Counted]

    @property
    def tally(self) -> Tally:
        """The count, totals over hosts or phases taken as upper bounds."""
        return tally([(c.above, c.row.text("start")) for c in self.counted], self.years)

    @property
    def taken(self) -> Tally:
        """The count, each total taken as one activity."""
        return tally([(c.taken, c.row.text("start")) for c in self.counted], self.years)

    @property
    def verdict(self) -> Kept:
        """Kept, exceeded or unknown, as far as the record shows."""
        return self.tally.against(self.limit.at_most)

    @property
    def name(self) -> str:
        """The years in words."""
        first, last = self.years
        return str(last) if first == last else f"{first} to {last}"


def run(
    record: Record,
    state: Annotated[str | None, "a state's code: activities it leads; every state unless given"] = None,
    basis: Annotated[Basis, "the figures counted on: announced, declared, low or high"] = "announced",
    since: Annotated[int | None, "windows that end in this year or later"] = None,
    until: Annotated[int | None, "windows that end in this year or earlier"] = None,
    instrument: Annotated[str, "an instrument, or a series: the text in force at the end of a window"] = (
        "vienna_document"
    ),
) -> Finding:
    """For each state, limit and window in which an activity counts or may count: the count and the verdict."""
    code = state and state_code(record, state)
    work = Workings(
        record,
        "activity_limits",
        {"state": code, "basis": basis, "since": since, "until": until, "instrument": instrument},
    )
    texts = _with_limits(instrument)
    rows = [row for row in work.select("exercises") if in_force(texts, row)]
    bases: list[Basis] = list(dict.fromkeys((*BASES, basis)))
    by_basis: dict[Basis, list[_Window]] = {one: _windows(record, texts, rows, one) for one in bases}
    chosen: dict[Basis, list[_Window]] = {
        one: [
            w
            for w in found
            if (code is None or w.state == code)
            and (since is None or w.years[1] >= since)
            and (until is None or w.years[1] <= until)
        ]
        for one, found in by_basis.items()
    }
    windows = [w for w in chosen[basis] if w.taken.possibly]
    if not windows:
        raise BadInput(
            f"No activity that counts or may count towards a limit is on record as known on {record.as_of}.",
            "That is not zero: not every exercise was collected. Ask for more, or a later --as-of.",
        )
    numbers = looked_up(record, [quoted for text in texts for limit in limits(text.id) for quoted in limit.quoted()])
    _cite(work, windows, basis, numbers)
    led = [row for row in rows if set(row.parts("lead_states")) <= set(_BODIES)]
    _warn(work, windows, led, numbers)
    other = {one: {_key(w): w for w in found} for one, found in chosen.items() if one != basis}
    decided = [w for w in windows if w.verdict != "unknown"]
    return work.finding(
        question=_question(record, code, basis),
        headline=_headline(record, windows, code, basis),
        answer=Answer(
            kind="table",
            value=[_line(w, other, record) for w in windows],
            unit="windows of a state and a limit",
            why_unknown=(
                "figures on both sides of a level, totals over several hosts or phases, parts outside the zone, or no "
                "figure (table exercises)"
            ) if len(decided) < len(windows) else None,
            coverage=Coverage(
                known=len(decided), total=len(windows), of="windows with an activity that may count, decided"
            ),
            summary={
                "By state and limit": _by_state(windows, record),
                "By basis": [_count("basis", one, [w for w in chosen[one] if w.taken.possibly]) for one in BASES],
                "Activities that count or may count": _activities(windows),
                **({"Led by NATO as such": _by_nato(record, texts, led, basis)} if led and not code else {}),
                "Levels": _levels(numbers),
            },
        ),
        method=(
            "An activity counts when it is notifiable and above the level; the level itself is not above. Windows are "
            "calendar years, or every run of three; the limit is that of the text in force on the last day of the "
            "window. Surely and possibly are the least and the most activities on record that count. Exceeded: even "
            "the least is over the limit. Kept: even the most is not. Where a basis has no figure, the announced total "
            "stands in; where there is none, the activity may count."
        ),
    )  # fmt: skip


def _with_limits(name: str) -> tuple[Instrument, ...]:
    texts = instrument(name)
    if not any(limits(text.id) for text in texts):
        able = sorted({i.about.series or i.id for i in instruments().values() if limits(i.id)})
        raise BadInput(f"{name} has no limits on the number of activities.", f"Those that do: {', '.join(able)}.")
    return texts


def _windows(record: Record, texts: Sequence[Instrument], rows: Sequence[Row], basis: Basis) -> list[_Window]:
    """Every window of every leading state and limit that ends by the record's day, activities or not."""
    counted = above_limits(record, texts, rows, basis)
    states = sorted({state for row in rows for state in row.parts("lead_states")} - set(_BODIES))
    years = range(min((_year(row) for row in rows), default=record.as_of.year), record.as_of.year + 1)
    found = []
    for state in states:
        led = [row for row in rows if state in row.parts("lead_states")]
        for year in years:
            for limit in _limits_at(texts, year):
                inside = [row for row in led if began_in(row.text("start"), limit.window(year)) is not Ternary.NO]
                under = counted.get(limit.id, {})  # none of what began under a text without this limit
                of = [under[row.id] for row in inside if row.id in under]
                found.append(_Window(state, limit, limit.window(year), of))
    return found


def above_limits(
    record: Record, texts: Sequence[Instrument], rows: Sequence[Row], basis: Basis
) -> dict[str, dict[str, Counted]]:
    """By limit and exercise, whether it is above the level under the text in force when it began."""
    parts = parts_of(record)
    found: dict[str, dict[str, Counted]] = {}
    for text in texts:
        under = [row for row in rows if in_force(texts, row) is text]
        if not under:
            continue
        acts = [activity(row, parts.get(row.id, []), _basis(row, basis)) for row in under]
        columns = as_columns(acts)
        known: dict[str, Column] = {**columns, "notifiable": outcomes(text, columns)["notifiable"]}
        for limit in limits(text.id):
            answer = limit(known).over((len(acts),))
            for place, act in enumerate(acts):
                taken = answer.at(place)
                total = act.upper and taken is Ternary.YES and _basis(act.row, basis) != "declared"
                found.setdefault(limit.id, {})[act.row.id] = Counted(
                    act.row, Ternary.UNKNOWN if total else taken, taken
                )
    return found


def _basis(row: Row, basis: Basis) -> Basis:
    return basis if cell_of(row, basis) else "announced"


def _limits_at(texts: Sequence[Instrument], year: int) -> tuple[Limit, ...]:
    """The limits of the text in force on the last day of a year."""
    day = date(year, 12, 31)
    return next((limits(text.id) for text in reversed(texts) if text.applies_on(day, day)), ())


def _year(row: Row) -> int:
    first = row.first("start")
    assert first is not None  # the schema requires it
    return first.year


def _key(window: _Window) -> tuple[str, str, tuple[int, int]]:
    return window.state, window.limit.id, window.years


def _cite(work: Workings, windows: Sequence[_Window], basis: Basis, numbers: Sequence[Provenance]) -> None:
    for window in windows:
        for counted in window.counted:
            row = counted.row
            cells = [name for name in _CELLS if row[name] is not None]
            figure = cell_of(row, _basis(row, basis))
            work.use(row, *cells, *([figure] if figure else []))
    for number in numbers:
        work.use(number.row, "action", "threshold_value")


def _warn(work: Workings, windows: Sequence[_Window], led: Sequence[Row], numbers: Sequence[Provenance]) -> None:
    work.caveat(
        f"Counts are lower bounds: kept means kept as far as the record shows. "
        f"{work.record.spec('exercises').collected}"
    )
    work.caveat("Each state that leads an activity counts it, so one with two leads counts for both.")
    unread = sum(not number.checked for number in numbers)
    if unread:
        work.caveat(
            f"{unread} of the {len(numbers)} numbers of the limits are from general knowledge and not yet checked "
            "against the text."
        )
    if led:
        work.caveat(
            f"{plural(len(led), 'exercise')} led by NATO as such {'names' if len(led) == 1 else 'name'} no state that "
            "leads and count for none here; an ally's count may be higher by those it carried out."
        )
    running = [w for w in windows if w.years[1] >= work.record.as_of.year]
    if running:
        work.caveat(f"The year {work.record.as_of.year} is not over: its counts can still grow.")
    if any(w.tally != w.taken for w in windows):
        work.caveat(
            "Totals over several hosts or phases are upper bounds; the column if_totals_are_one says what follows if "
            "each was one activity under one command."
        )


def _line(window: _Window, other: Mapping[Basis, Mapping[Any, _Window]], record: Record) -> dict[str, Any]:
    found, sure = window.tally, window.taken
    inside = [c for c in window.counted if c.taken is not Ternary.NO]
    others = [
        f"{one}: {w.verdict} ({_range(w.tally)})"
        for one, of in other.items()
        if (w := of.get(_key(window))) is not None
    ]
    return {
        "state": window.state,
        "window": window.name,
        "limit": window.limit.id,
        "at_most": int(window.limit.at_most),
        "surely": found.surely,
        "possibly": found.possibly,
        "verdict": window.verdict,
        "if_totals_are_one": f"{sure.against(window.limit.at_most)} ({_range(sure)})",
        "decided": f"{sum(c.above is not Ternary.UNKNOWN for c in window.counted)} of {len(window.counted)}",
        "counts": [c.row.id for c in inside if c.above is Ternary.YES] or None,
        "may_count": [c.row.id for c in inside if c.above is Ternary.UNKNOWN] or None,
        "other_bases": others,
        "over": window.years[1] < record.as_of.year,
        "instrument": window.limit.instrument,
    }


def _range(found: Tally) -> str:
    return str(found.surely) if found.surely == found.possibly else f"{found.surely} to {found.possibly}"


def _count(name: str, value: str, windows: Sequence[_Window]) -> dict[str, Any]:
    verdicts = Counter(w.verdict for w in windows)
    taken = sum(w.taken.against(w.limit.at_most) == "exceeded" for w in windows)
    return {
        name: value,
        **{verdict: verdicts[verdict] for verdict in _VERDICTS},
        "exceeded_if_totals_are_one": taken,
        "windows": len(windows),
    }


def _by_state(windows: Sequence[_Window], record: Record) -> list[dict[str, Any]]:
    allies = record.members("nato", record.as_of)
    lines: list[dict[str, Any]] = []
    for state, limit in sorted({(w.state, w.limit.id) for w in windows}):
        some = [w for w in windows if (w.state, w.limit.id) == (state, limit)]
        of = "ally" if state in allies else "other"
        lines.append({**_count("state", state, some), "limit": limit, "side": of})
    return lines


def _activities(windows: Sequence[_Window]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], Counted] = {}
    for window in windows:
        for counted in window.counted:
            if counted.taken is not Ternary.NO:
                found[window.limit.id, counted.row.id] = counted
    return [
        {
            "limit": limit,
            "exercise": id_,
            "start": counted.row["start"],
            "lead_states": counted.row.parts("lead_states"),
            "above": str(counted.above),
            "if_total_is_one": str(counted.taken),
        }
        for (limit, id_), counted in sorted(found.items())
    ]


def _by_nato(record: Record, texts: Sequence[Instrument], led: Sequence[Row], basis: Basis) -> list[dict[str, Any]]:
    counted = above_limits(record, texts, led, basis)
    return [
        {"exercise": row.id, "start": row["start"], **{limit: str(of[row.id].above) for limit, of in counted.items()}}
        for row in led
    ]


def _levels(numbers: Sequence[Provenance]) -> list[dict[str, Any]]:
    return [
        {"instrument": n.row["instrument"], "limit": n.rule, "number": n.level, "value": n.value, "unit": n.unit,
         "clause": n.row["clause"], "checked": "read" if n.checked else "not yet checked", "row": n.row.id}
        for n in numbers
    ]  # fmt: skip


def _question(record: Record, code: str | None, basis: Basis) -> str:
    who = named(record, code) if code else "each state"
    return f"Did {who} keep the limits on the number of large activities, on {basis} figures known on {record.as_of}?"


def _headline(record: Record, windows: Sequence[_Window], code: str | None, basis: Basis) -> str:
    verdicts = Counter(w.verdict for w in windows)
    taken = sum(w.taken.against(w.limit.at_most) == "exceeded" for w in windows)
    who = f" for {named(record, code)}" if code else ""
    count = plural(len(windows), "window")
    return (
        f"On {basis} figures{who}, of {count} of a state, a limit and its years with an activity that may count, "
        f"{verdicts['exceeded']} exceeded, {verdicts['kept']} kept as far as the record shows, {verdicts['unknown']} "
        f"cannot be told; if every total was one activity, {taken} were exceeded"
    )
