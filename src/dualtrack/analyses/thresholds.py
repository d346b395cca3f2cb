"""What levels of troops of your own would have caught: each exercise, by the rules as they are but for two numbers.

The levels of troops of the rules on notification and on observation are replaced; tanks, other armour, artillery and
landings keep their own levels, and what is observed must be notifiable. The same for every state. Counts are lower
bounds: large exercises were collected first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from dualtrack.analyses.names import state_code
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import Told, activity, as_columns, cell_of
from dualtrack.instruments.columns import Columns
from dualtrack.instruments.instrument import Instrument, instrument, rules_for
from dualtrack.instruments.outcomes import outcomes
from dualtrack.instruments.possibly import Possibly
from dualtrack.instruments.references import provenance
from dualtrack.instruments.rule import OUTCOMES, Outcome
from dualtrack.instruments.verdicts import in_force, parts_of
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"notification": 5_000, "since": "2015", "until": "2015"},
    {"notification": 9_000, "observation": 9_000, "basis": "high"},
    {"notification": 3_000, "observation": 5_000, "state": "POL"},
)
START, STOP, STEP = 1_000, 20_000, 500
"""The levels a slider offers, in troops."""

_LEVEL = "troops_level"
_KEPT = 200  # questions whose exercises are kept
_EVIDENCE = (
    "lead_states", "side", "start", "end", "kind", "in_zone", "domain", "structure", "tanks", "acvs",
    "armour_combined", "artillery", "artillery_counts",
)  # fmt: skip
Troops = Annotated[int, Field(ge=0, le=1_000_000)]


@dataclass(frozen=True)
class _Tested:
    """The exercises that began under one text, as columns on one basis, in the order of ``rows``."""

    text: Instrument
    rows: Sequence[Row]
    columns: Columns


@dataclass(frozen=True)
class _Chosen:
    """The exercises a question is about, by their start, and the cells its answer rests on, whatever the levels."""

    rows: Sequence[Row]
    work: Workings


Answers = Mapping[Outcome, Ternary]


@dataclass(frozen=True)
class Steps:
    """One exercise on one basis over the levels of the slider, lowest first: at how many of them it is surely, and
    at how many possibly, notifiable; and observable where it is notifiable."""

    row: Row
    notifiable: tuple[int, int]
    observable: tuple[int, int]


def run(
    record: Record,
    notification: Annotated[Troops | None, "the level of notification in troops; the document's unless given"] = None,
    observation: Annotated[Troops | None, "the level of observation in troops; the document's unless given"] = None,
    basis: Annotated[Told, "the figure taken: announced, declared, low or high"] = "announced",
    state: Annotated[str | None, "a state's code: exercises it leads"] = None,
    side: Annotated[Literal["all", "nato", "russia", "joint", "other"], "who leads, for grouping only"] = "all",
    since: Annotated[str | None, "exercises that start from this date on: 2014, 2014-03 or 2014-03-05"] = None,
    until: Annotated[str | None, "exercises that start up to this date"] = None,
) -> Finding:
    """A line per exercise with what it would have been at these levels, and at the document's own."""
    state = state and state_code(record, state, record.spec("exercises").field("lead_states").also)
    window = Window.of(since, until)
    chosen = _chosen_once(record, basis, state, side, since, until)
    if not chosen.rows:
        raise BadInput(
            f"No exercise like this is on record {window.words(record.as_of)} as known on {record.as_of}.",
            "That is not zero: not every exercise was collected. Ask for more, or a later --as-of.",
        )
    work = chosen.work.again(
        {"notification": notification, "observation": observation, "basis": basis, "state": state, "side": side,
         "since": since, "until": until},
    )  # fmt: skip
    at, own = answers_at(record, basis, notification, observation), answers_at(record, basis, None, None)
    lines = [_line(row, cell_of(row, basis), at[row.id], own[row.id]) for row in chosen.rows]
    _warn(work, lines, observation, notification)
    known = sum(line["troops"] is not None for line in lines)
    return work.finding(
        question=(
            f"Which exercises {window.words(record.as_of)} would have had to be notified and observed at "
            f"{_levels_in_words(notification, observation)}?"
        ),
        headline=_headline(lines, notification, observation, window, record),
        answer=Answer(
            kind="table",
            value=lines,
            unit="exercises",
            unknown=sorted(line["id"] for line in lines if "unknown" in (line["notifiable"], line["observable"])),
            why_unknown=(
                "no figure on this basis, a total of which only a part lies in the zone or under one command, or a "
                "land part of unknown size (table exercises)"
            ),
            coverage=Coverage(known=known, total=len(lines), of=f"exercises with a figure ({basis}) on record"),
            summary={"By side": _by(lines, "side"), "By lead state": _by(lines, "lead_states")},
        ),
        method=(
            "Each exercise is tested by the text in force on its first day, with the level of troops of every rule on "
            "notification and on observation replaced by those given. Any one level is enough and a level belongs to "
            "what is reached; tanks, other armour, artillery and landings keep their own levels. Observation asks for "
            "a notifiable activity. An exercise with several lead states counts for each."
        ),
    )


def steps(record: Record, basis: Told) -> list[Steps]:
    """Every exercise as known over the levels of the slider, so that any two levels are answered by comparing numbers.

    At a level of notification with number n and one of observation with number o (from 0), an exercise is surely
    observable where n is below both its sure numbers of notification and o below its sure number of observation;
    possibly likewise. Shapes: one entry per exercise.
    """
    levels = np.arange(START, STOP + 1, STEP, dtype=np.float64)[:, None]
    found = []
    for tested in _tested(record, basis):
        asked = _replaced(tested.text, "notifiable", levels)
        notified = _counted(outcomes(tested.text, tested.columns, asked)["notifiable"], len(tested.rows))
        lowest: dict[tuple[str, str], float | NDArray[np.float64]] = {
            **_replaced(tested.text, "notifiable", float(START)), **_replaced(tested.text, "observable", levels)
        }  # fmt: skip
        observed = _counted(outcomes(tested.text, tested.columns, lowest)["observable"], len(tested.rows))
        found += [Steps(row, notified[place], observed[place]) for place, row in enumerate(tested.rows)]
    return sorted(found, key=lambda one: (one.row.text("start"), one.row.id))


def parts_of_once(record: Record) -> Mapping[str, list[Row]]:
    """The parts on record of each exercise, looked up once."""
    return record.once("parts of exercises", lambda: parts_of(record))


def _tested(record: Record, basis: Told) -> list[_Tested]:
    return record.once(("exercises under each text", basis), lambda: list(_under_each_text(record, basis)))


def _under_each_text(record: Record, basis: Told) -> Iterator[_Tested]:
    texts, parts = instrument("vienna_document"), parts_of_once(record)
    rows = record.rows("exercises")
    for text in texts:
        some = [row for row in rows if in_force(texts, row) is text]
        if some:
            yield _Tested(text, some, as_columns([activity(row, parts.get(row.id, []), basis) for row in some]))


def _replaced(
    text: Instrument, outcome: Outcome, value: float | NDArray[np.float64] | None
) -> dict[tuple[str, str], float | NDArray[np.float64]]:
    if value is None:
        return {}
    return {(rule.id, _LEVEL): value for rule in rules_for([text], outcome) if _LEVEL in rule.levels}


def answers_at(record: Record, basis: Told, notification: int | None, observation: int | None) -> Mapping[str, Answers]:
    """What every exercise would have been at these levels, by id; the document's own where a level is None.

    Levels that the slider offers are answered by comparing numbers (``steps``), others by running the rules.
    """
    places = [_place_of(level) for level in (notification, observation)]
    if notification is None and observation is None:
        return record.once(("exercises as the document is", basis), lambda: by_rules(record, basis, None, None))
    if places[0] is None or places[1] is None:
        return by_rules(record, basis, notification, observation)
    told, seen = places[0], places[1]
    return {
        one.row.id: {
            "notifiable": _ternary(told < one.notifiable[0], told < one.notifiable[1]),
            "observable": _ternary(
                told < one.notifiable[0] and seen < one.observable[0],
                told < one.notifiable[1] and seen < one.observable[1],
            ),
        }
        for one in record.once(("steps of exercises", basis), lambda: steps(record, basis))
    }


def _place_of(level: int | None) -> int | None:
    """The place of a level among those of the slider, None where it offers no such level."""
    on_it = level is not None and START <= level <= STOP and (level - START) % STEP == 0
    return (level - START) // STEP if on_it and level is not None else None


def _ternary(surely: bool, can: bool) -> Ternary:
    return Ternary.YES if surely else Ternary.UNKNOWN if can else Ternary.NO


def by_rules(record: Record, basis: Told, notification: int | None, observation: int | None) -> Mapping[str, Answers]:
    """The same by running the rules, at any levels."""
    found: dict[str, Answers] = {}
    for tested in _tested(record, basis):
        levels = {
            **_replaced(tested.text, "notifiable", None if notification is None else float(notification)),
            **_replaced(tested.text, "observable", None if observation is None else float(observation)),
        }
        told = outcomes(tested.text, tested.columns, levels)
        spread = {outcome: answer.over((len(tested.rows),)) for outcome, answer in told.items()}
        for place, row in enumerate(tested.rows):
            found[row.id] = {outcome: spread[outcome].at(place) for outcome in OUTCOMES}
    return found


def _chosen_once(
    record: Record, basis: Told, state: str | None, side: str, since: str | None, until: str | None
) -> _Chosen:
    """The exercises a question is about, kept with the record while it is asked at other levels."""
    kept: dict[tuple[str | None, ...], _Chosen] = record.once("exercises of questions on levels", dict)
    key = (basis, state, side, since, until)
    if key not in kept:
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = _choose(record, basis, state, side, Window.of(since, until))
    return kept[key]


def _choose(record: Record, basis: Told, state: str | None, side: str, window: Window) -> _Chosen:
    work = Workings(record, "thresholds", {})
    work.select("exercises")
    rows: list[Row] = []
    used: list[Instrument] = []
    for tested in _tested(record, basis):
        some = [row for row in tested.rows if _asked_for(row, state, side, window)]
        used += [tested.text] if some else []
        rows += some
    for row in rows:
        cell = cell_of(row, basis)
        work.use(row, *([cell] if cell else []), *(name for name in _EVIDENCE if row[name] is not None))
        for part in parts_of_once(record).get(row.id, []):
            work.use(part, *(name for name in ("part", "troops_low", "troops_high") if part[name] is not None))
    for number in provenance(record, used):
        if number.level == _LEVEL:
            work.use(number.row, "threshold_value")
    return _Chosen(sorted(rows, key=lambda row: (row.text("start"), row.id)), work)


def _counted(answer: Possibly, rows: int) -> list[tuple[int, int]]:
    """At how many of the levels each row's answer is surely, and can be, yes; with rising levels these come first."""
    variants = STOP // STEP - START // STEP + 1
    over = answer.over((variants, rows))
    return [(int(sure), int(can)) for sure, can in zip(over.surely.sum(axis=0), over.yes.sum(axis=0), strict=True)]


def _asked_for(row: Row, state: str | None, side: str, window: Window) -> bool:
    return (
        (state is None or state in row.parts("lead_states"))
        and side in ("all", row["side"])
        and window.holds(row.text("start")) is not Ternary.NO
    )


def _line(row: Row, cell: str, at: Answers, own: Answers) -> dict[str, Any]:
    return {
        "id": row.id,
        "lead_states": row.parts("lead_states"),
        "side": row["side"],
        "start": row.text("start"),
        "troops": row.number(cell) if cell else None,
        **{outcome: str(at[outcome]) for outcome in OUTCOMES},
        **{f"{outcome}_as_it_is": str(own[outcome]) for outcome in OUTCOMES},
        "name": row["name"],
    }


def _by(lines: Sequence[Mapping[str, Any]], field: str) -> list[dict[str, Any]]:
    """Counts by a code of the exercises: surely, and those left open, at these levels and at the document's."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        for code in line[field] if isinstance(line[field], list) else [line[field]]:
            groups.setdefault(str(code), []).append(line)
    return [{field.removesuffix("s"): code, **_counts(some)} for code, some in sorted(groups.items())]


def _counts(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for outcome in OUTCOMES:
        now, own = (Counter(line[f"{outcome}{end}"] for line in lines) for end in ("", "_as_it_is"))
        found |= {outcome: now["yes"], f"{outcome}_open": now["unknown"], f"{outcome}_as_it_is": own["yes"]}
    return {**found, "of": len(lines)}


def _levels_in_words(notification: int | None, observation: int | None) -> str:
    told = "the document's level of notification" if notification is None else f"notification from {notification:,}"
    seen = "the document's level of observation" if observation is None else f"observation from {observation:,} troops"
    return f"{told} and {seen}"


def _headline(
    lines: Sequence[Mapping[str, Any]],
    notification: int | None,
    observation: int | None,
    window: Window,
    record: Record,
) -> str:
    counts = _counts(lines)
    said = [
        f"{counts[outcome]} {word}"
        + (f" ({counts[f'{outcome}_open']} more left open)" * bool(counts[f"{outcome}_open"]))
        for outcome, word in (("notifiable", "had to be notified"), ("observable", "observed"))
    ]
    return (
        f"With {_levels_in_words(notification, observation)}, at least {said[0]} and {said[1]} of "
        f"{plural(len(lines), 'exercise')} on record {window.words(record.as_of)}; as the document is, "
        f"{counts['notifiable_as_it_is']} and {counts['observable_as_it_is']}"
    )


def _warn(work: Workings, lines: Sequence[object], observation: int | None, notification: int | None) -> None:
    work.caveat(f"Every number is a lower bound, most of all at low levels. {work.record.spec('exercises').collected}")
    if notification is not None or observation is not None:
        work.caveat("Levels other than the document's are invented for the question unless a proposal names them.")
    work.caveat("The side says who leads, for grouping only; diplomatic notifications are not public.")
