"""How many activities would have to be notified, or observed, at other levels of troops, for whom and by whom.

The level of troops is moved, all other levels of the document stay as they are. *Surely*: whatever the open figures
are. *Possibly*: surely, and those the record leaves open. For each state, what it would have to make are its own
activities, and what it would be told of are those of others: allies on that day (members of NATO among themselves) are
no others, every other state stands for itself. All are lower bounds: large exercises were collected first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from dualtrack.analyses.window import Window
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import Basis, activity, as_columns, cell_of
from dualtrack.instruments.instrument import Instrument, instrument, rules_for
from dualtrack.instruments.outcomes import outcomes
from dualtrack.instruments.references import provenance
from dualtrack.instruments.rule import Outcome
from dualtrack.instruments.verdicts import in_force, parts_of
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"since": "2014", "until": "2016"},
    {"level": "observation", "basis": "declared", "step": 1000},
    {"start": 3000, "stop": 9000, "step": 3000, "basis": "high"},
)

Level = Literal["notification", "observation"]
Flags = NDArray[np.bool_]

_OUTCOME: dict[Level, Outcome] = {"notification": "notifiable", "observation": "observable"}
_LEVEL = "troops_level"
_MOST = 500  # levels: more make no table
_NATO = "NATO"  # what stands among lead states for an exercise of the alliance itself
_EVIDENCE = (
    "lead_states", "side", "start", "end", "kind", "in_zone", "domain", "structure", "tanks", "acvs",
    "armour_combined", "artillery", "artillery_counts",
)  # fmt: skip


@dataclass(frozen=True)
class _Swept:
    """The answers at every level: flags of shape (levels, rows), rows in the order of ``rows``."""

    levels: list[int]
    marked: list[int]
    rows: list[Row]
    surely: Flags
    possibly: Flags

    def counts(self, chosen: Flags) -> list[tuple[str, NDArray[np.int64]]]:
        """Surely and possibly, each counted over columns of flags (rows, columns): arrays (levels, columns)."""
        weights = chosen.astype(np.int64)
        return [("surely", self.surely @ weights), ("possibly", self.possibly @ weights)]


def run(
    record: Record,
    level: Annotated[Level, "which level of troops is moved: notification or observation"] = "notification",
    start: Annotated[int, "the lowest level, in troops"] = 1_000,
    stop: Annotated[int, "the highest level, in troops"] = 20_000,
    step: Annotated[int, "from one level to the next, in troops"] = 500,
    basis: Annotated[Basis, "announced, declared (Vienna Document count), low, high or published"] = "announced",
    since: Annotated[str | None, "activities that start from this date on: 2014, 2014-03 or 2014-03-05"] = None,
    until: Annotated[str | None, "activities that start up to this date"] = None,
) -> Finding:
    """The number of activities at each level of troops, by side, year and lead state."""
    work = Workings(
        record,
        "threshold_sweep",
        {"level": level, "start": start, "stop": stop, "step": step, "basis": basis, "since": since, "until": until},
    )
    window, texts = Window.of(since, until), instrument("vienna_document")
    swept = _sweep(work, texts, _levels(start, stop, step), level, basis, window)
    used = [p for p in provenance(record, texts) if p.level == _LEVEL and p.rule.startswith(level)]
    for number in used:
        work.use(number.row, "threshold_value")
    _warn(work, swept, level, window)
    known = [bool(cell_of(row, basis)) for row in swept.rows]
    left_open = np.flatnonzero((swept.possibly != swept.surely).any(axis=0))
    return work.finding(
        question=(
            f"How many activities {window.words(record.as_of)} would have had to be "
            f"{'notified' if level == 'notification' else 'observed'} at other levels of troops, and whose?"
        ),
        headline=_headline(swept, level, window, record),
        answer=Answer(
            kind="table",
            value=_value(swept),
            unit="activities",
            unknown=sorted(swept.rows[place].id for place in left_open),
            why_unknown=(
                "at some of the levels: no figure on this basis, a total of which only a part lies in the zone or "
                "under one command, or a land part of unknown size (table exercises)"
            ),
            coverage=Coverage(known=sum(known), total=len(known), of=f"activities with a figure ({basis}) on record"),
            summary=_summary(record, swept),
        ),
        method=(
            "Each exercise is tested by the text in force on its first day, with the level of troops of every rule on "
            f"{level} replaced by each level in turn. Any one level is enough, a level belongs to what is reached, and "
            "tanks, other armour, artillery and landings keep their own levels, so the number does not fall to zero. "
            "An exercise with several lead states counts for each. Told of: activities none of whose lead states is "
            "the state itself or, where it is a member of NATO on the first day, a member or NATO itself."
        ),
    )


def _levels(start: int, stop: int, step: int) -> list[int]:
    if start < 0 or step < 1 or stop < start:
        raise BadInput(
            f"start={start} stop={stop} step={step} is no series of levels.",
            "Give a start from 0 up, a stop not below it and a step of at least 1, in troops.",
        )
    if (stop - start) // step >= _MOST:
        raise BadInput(f"{(stop - start) // step + 1:,} levels are too many.", f"Up to {_MOST}: take a larger step.")
    return list(range(start, stop + 1, step))


def _sweep(
    work: Workings, texts: Sequence[Instrument], levels: list[int], level: Level, basis: Basis, window: Window
) -> _Swept:
    """All rows in the window against all levels; the document's own level joins those asked for."""
    parts = parts_of(work.record)
    by_text: dict[str, list[Row]] = {}
    for row in work.select("exercises"):
        text = in_force(texts, row)
        if text and window.holds(row.text("start")) is not Ternary.NO:
            by_text.setdefault(text.id, []).append(row)
    used = [text for text in texts if text.id in by_text]
    rules = {text.id: [rule for rule in rules_for([text], _OUTCOME[level]) if _LEVEL in rule.levels] for text in used}
    own = sorted({int(rule.levels[_LEVEL]) for text in used for rule in rules[text.id]})
    asked = sorted({*levels, *(value for value in own if levels[0] <= value <= levels[-1])})
    if not used:
        raise BadInput(
            f"No activity is on record {window.words(work.record.as_of)} as known on {work.record.as_of}.",
            "That is not zero: not every exercise was collected. Ask for more, or a later --as-of.",
        )
    variants = np.array(asked, np.float64)[:, None]
    surely, possibly, rows = [], [], []
    for text in used:
        some = by_text[text.id]
        columns = as_columns([activity(row, parts.get(row.id, []), basis) for row in some])
        answer = outcomes(text, columns, {(rule.id, _LEVEL): variants for rule in rules[text.id]})[_OUTCOME[level]]
        answer = answer.over((len(asked), len(some)))
        within = np.array([window.holds(row.text("start")) is Ternary.YES for row in some])
        surely.append(answer.surely & within)
        possibly.append(answer.yes)
        rows += some
    for row in rows:
        cell = cell_of(row, basis)
        work.use(row, *([cell] if cell else []), *(name for name in _EVIDENCE if row[name] is not None))
        for part in parts.get(row.id, []):
            work.use(part, *(name for name in ("part", "troops_low", "troops_high") if part[name] is not None))
    return _Swept(asked, own, rows, np.concatenate(surely, 1), np.concatenate(possibly, 1))


def _chosen(rows: Sequence[Row], names: Sequence[Any], test: Any) -> Flags:
    """Flags of shape (rows, names): whether the test holds for a row and a name."""
    return np.array([[test(row, name) for name in names] for row in rows], np.bool_).reshape(len(rows), len(names))


def _of_side(row: Row, side: str) -> bool:
    return side in ("all", row["side"])


def _sides(rows: Sequence[Row]) -> list[str]:
    present = {row.text("side") for row in rows}
    return ["all", *(side for side in rows[0].spec.field("side").values if side in present)]


def _value(swept: _Swept) -> list[dict[str, Any]]:
    """A line per level: together and by side."""
    sides = _sides(swept.rows)
    counts = swept.counts(_chosen(swept.rows, sides, _of_side))
    lines: list[dict[str, Any]] = []
    for number, troops in enumerate(swept.levels):
        line: dict[str, Any] = {"troops": troops, "level": "of the document" if troops in swept.marked else ""}
        for place, side in enumerate(sides):
            for word, found in counts:
                line[word if side == "all" else f"{side}_{word}"] = int(found[number, place])
        lines.append({**line, "of": len(swept.rows)})
    return lines


def _summary(record: Record, swept: _Swept) -> dict[str, list[dict[str, Any]]]:
    states = sorted({state for row in swept.rows for state in row.parts("lead_states")})
    told = [state for state in states if state != _NATO]
    allies = _allies(record, swept.rows)
    to_make = swept.counts(_chosen(swept.rows, states, lambda row, state: state in row.parts("lead_states")))
    of_others = swept.counts(_chosen(swept.rows, told, lambda row, state: _is_of_others(row, state, allies[row.id])))
    sides = _sides(swept.rows)
    years = sorted({row.text("start")[:4] for row in swept.rows})
    pairs = [(year, side) for year in years for side in sides]
    by_year = _chosen(swept.rows, pairs, lambda row, pair: row.text("start")[:4] == pair[0] and _of_side(row, pair[1]))
    held = np.flatnonzero(by_year.any(axis=0))
    names = [{"state": state} for state in states]
    shown = [{"year": year, "side": side} for year, side in (pairs[place] for place in held)]
    of = by_year[:, held].sum(axis=0)
    return {
        **_at_the_document(swept, states, told, to_make, of_others),
        **{f"By year and side, {word}": _curves(swept, shown, found, of) for word, found in
           swept.counts(by_year[:, held])},
        **{f"Notifications to make, {word}": _curves(swept, names, found) for word, found in to_make},
        **{f"Told of activities of others, {word}": _curves(swept, [{"state": state} for state in told], found)
           for word, found in of_others},
    }  # fmt: skip


def _at_the_document(
    swept: _Swept,
    states: Sequence[str],
    told: Sequence[str],
    to_make: list[tuple[str, NDArray[np.int64]]],
    of_others: list[tuple[str, NDArray[np.int64]]],
) -> dict[str, list[dict[str, Any]]]:
    """The levels of the document, and the ends of the sweep, by side and by state."""
    sides = _sides(swept.rows)
    chosen = _chosen(swept.rows, sides, _of_side)
    marked = [place for place, troops in enumerate(swept.levels) if troops in swept.marked]
    ends = sorted({0, *marked, len(swept.levels) - 1})
    counts = swept.counts(chosen)
    by_side = [
        {"troops": swept.levels[place], "side": side, **{word: int(found[place, number]) for word, found in counts},
         "of": int(chosen[:, number].sum())}
        for place in ends
        for number, side in enumerate(sides)
    ]  # fmt: skip
    by_state = [
        {"troops": swept.levels[place], "state": state,
         **{f"to_make_{word}": int(found[place, number]) for word, found in to_make},
         **{f"told_of_{word}": int(found[place, told.index(state)]) if state in told else None
            for word, found in of_others}}
        for place in marked
        for number, state in enumerate(states)
    ]  # fmt: skip
    return {"By side": by_side, "At the level of the document, by lead state": by_state}


def _curves(
    swept: _Swept, names: Sequence[dict[str, Any]], found: NDArray[np.int64], of: NDArray[np.int64] | None = None
) -> list[dict[str, Any]]:
    """A line per name with a column per level; a line never rises with the level."""
    return [
        {**name, **({} if of is None else {"of": int(of[place])}),
         **{str(troops): int(found[number, place]) for number, troops in enumerate(swept.levels)}}
        for place, name in enumerate(names)
    ]  # fmt: skip


def _allies(record: Record, rows: Sequence[Row]) -> dict[str, frozenset[str]]:
    """The members of NATO on the first day of each activity."""
    days = {row.id: row.first("start") or record.as_of for row in rows}
    members = {day: frozenset(record.members("nato", day)) for day in set(days.values())}
    return {id_: members[day] for id_, day in days.items()}


def _is_of_others(row: Row, state: str, allies: frozenset[str]) -> bool:
    """Whether none of those who lead is the state itself or its ally."""
    near = allies | {_NATO} if state in allies else {state}
    return near.isdisjoint(row.parts("lead_states"))


def _headline(swept: _Swept, level: Level, window: Window, record: Record) -> str:
    def said(place: int) -> str:
        surely, possibly = int(swept.surely[place].sum()), int(swept.possibly[place].sum())
        return f"{surely}" + (f" (possibly {possibly})" if possibly > surely else "")

    word = "notified" if level == "notification" else "observed"
    marked = [place for place, troops in enumerate(swept.levels) if troops in swept.marked]
    parts = [f"{said(place)} at the document's level of {swept.levels[place]:,} troops" for place in marked]
    parts += [f"{said(place)} at {swept.levels[place]:,}" for place in sorted({0, len(swept.levels) - 1} - {*marked})]
    return (
        f"Of the {plural(len(swept.rows), 'activity', 'activities')} on record {window.words(record.as_of)}, at least "
        f"{', '.join(parts)} would have had to be {word}: lower bounds, as large exercises were collected first"
    )


def _warn(work: Workings, swept: _Swept, level: Level, window: Window) -> None:
    work.caveat(
        f"Every number is a lower bound, most of all at low levels. {work.record.spec('exercises').collected} What "
        "was left out are small exercises, of every side, and not evenly: do not compare how fast the numbers rise."
    )
    work.caveat(
        "Cost and benefit are counts of notifications, not of effort or of what is learnt. Several lead states are "
        "counted for each, though one notification may do; an exercise led by NATO stands for itself, as the host "
        "notifies. The side says who leads, for grouping only."
    )
    if level == "observation":
        work.caveat("Only a notifiable activity is observed, so below the level of notification the number stays.")
    loose = [row.id for row in swept.rows if window.holds(row.text("start")) is Ternary.UNKNOWN]
    if loose:
        work.caveat(f"The start may lie outside the window, so these count as possibly only: {', '.join(loose)}.")
