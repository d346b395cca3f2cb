"""What each exercise was under an instrument: notifiable, observable, on each basis, and in time or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import (
    BASES,
    CELLS,
    DOCUMENT,
    Activity,
    Basis,
    Bounds,
    Counting,
    activity,
    as_columns,
)
from dualtrack.instruments.columns import Columns
from dualtrack.instruments.decision import Asked, Decision, decide, nearest
from dualtrack.instruments.hosts import host_activities
from dualtrack.instruments.instrument import Instrument, rules_for
from dualtrack.instruments.outcomes import outcomes
from dualtrack.instruments.possibly import Possibly
from dualtrack.instruments.proposal import Together
from dualtrack.instruments.rule import OUTCOMES, Outcome, Rule
from dualtrack.instruments.together import together
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

Met = Literal["yes", "no", "unknown", "yes_if_estimate", "not_applicable"]


@dataclass(frozen=True)
class OnBasis:
    """The answers on one basis, and what decided each; ``turns`` are the smallest changes that turn each.

    ``due`` are the days of notice that may be due, none where the activity is not notifiable.
    """

    activity: Activity
    answers: Mapping[Outcome, Ternary]
    decided: Mapping[Outcome, Decision | None]
    turns: Mapping[Outcome, Sequence[tuple[str, float]]]
    due: Sequence[float]


@dataclass(frozen=True)
class Host:
    """One host of an exercise: its row of ``exercise_parts``, and the answers on what took place on its territory."""

    part: Row
    on: OnBasis

    @property
    def state(self) -> str:
        """The state's code."""
        return self.part.text("state")

    @property
    def troops(self) -> Bounds:
        """Fewest and most troops; infinite where no total is on record."""
        return self.on.activity.figures["troops"]


@dataclass(frozen=True)
class Verdict:
    """One exercise under the text in force when it began.

    ``bases`` holds the bases there is a figure for, and ``announced`` always. ``deadline_days`` is the notice due
    (42, or 0: at the start), None where nothing was due on any basis. ``hosts`` are the host states on record, each
    with the answers on what it had.
    """

    row: Row
    parts: Sequence[Row]
    instrument: str
    bases: Mapping[Basis, OnBasis]
    deadline_days: float | None
    deadline_met: Met
    hosts: Sequence[Host] = ()

    def answer(self, outcome: Outcome, basis: Basis) -> Ternary | None:
        """The answer on a basis, None where there is no figure on it."""
        return self.bases[basis].answers[outcome] if basis in self.bases else None

    def flips(self, outcome: Outcome) -> bool:
        """Whether a yes and a no stand side by side over the bases."""
        found = {on.answers[outcome] for on in self.bases.values()}
        return {Ternary.YES, Ternary.NO} <= found


def verdicts(
    record: Record,
    instruments: Sequence[Instrument],
    rows: Sequence[Row] | None = None,
    counting: Counting = DOCUMENT,
    near: Together | None = None,
) -> list[Verdict]:
    """The verdict on each exercise, by the instrument of the series that applied on its first day.

    Args:
        record: the record as known.
        instruments: one instrument, or those of a series.
        rows: rows of ``exercises``; all as known unless given.
        counting: what is counted.
        near: count exercises of one state this near together as one.
    """
    parts = parts_of(record)
    texts = {row.id: in_force(instruments, row) for row in (record.rows("exercises") if rows is None else rows)}
    chosen = [row for row in (record.rows("exercises") if rows is None else rows) if texts[row.id]]
    on: dict[Basis, dict[str, Activity]] = {}
    for basis in BASES:
        found = [
            activity(row, parts.get(row.id, []), basis if _has(row, basis) else "announced", counting) for row in chosen
        ]
        on[basis] = {a.row.id: a for a in (together(found, near) if near else found)}
    answered: dict[tuple[str, Basis], OnBasis] = {}
    for own in instruments:
        keys = [(row.id, basis) for row in chosen if texts[row.id] is own for basis in BASES if _has(row, basis)]
        answered |= dict(zip(keys, _on_bases([on[basis][id_] for id_, basis in keys], own), strict=True))
    made = []
    for row in chosen:
        text = texts[row.id]
        if text:
            bases: dict[Basis, OnBasis] = {basis: answered[row.id, basis] for basis in BASES if _has(row, basis)}
            made.append(_verdict(row, parts.get(row.id, []), text, bases))
    return made


def parts_of(record: Record) -> dict[str, list[Row]]:
    """The parts on record of each exercise."""
    found: dict[str, list[Row]] = {}
    for part in record.rows("exercise_parts"):
        found.setdefault(part.text("exercise"), []).append(part)
    return found


def in_force(instruments: Sequence[Instrument], row: Row) -> Instrument | None:
    """The instrument that applied when an exercise began; the later one where the date leaves two."""
    first, last = row.first("start") or date.min, row.last("start") or date.max
    return next((i for i in reversed(instruments) if i.applies_on(first, last)), None)


def _verdict(row: Row, parts: Sequence[Row], instrument: Instrument, bases: Mapping[Basis, OnBasis]) -> Verdict:
    days = max((days for on in bases.values() for days in on.due), default=None)
    on_hosts = host_activities(parts, [on.activity for on in bases.values()])
    answers = _on_bases([at for _, at in on_hosts], instrument) if on_hosts else []
    hosts = [Host(part, on) for (part, _), on in zip(on_hosts, answers, strict=True)]
    return Verdict(row, parts, instrument.id, bases, days, _met(row, bases, days), hosts)


def _has(row: Row, basis: Basis) -> bool:
    return basis == "announced" or row[CELLS[basis]] is not None


def _on_bases(activities: Sequence[Activity], instrument: Instrument) -> list[OnBasis]:
    """The answers on each activity and what decided them; the rules are asked about all of them at once."""
    columns = as_columns(activities)
    found = outcomes(instrument, columns)
    known = {**columns, "notifiable": found["notifiable"]}
    asked = {
        outcome: list(
            zip(*(_asked(rule, known, len(activities)) for rule in rules_for([instrument], outcome)), strict=True)
        )
        for outcome in OUTCOMES
    }
    answered = []
    for place, at in enumerate(activities):
        answers = {outcome: found[outcome].at(place) for outcome in OUTCOMES}
        rules = {outcome: asked[outcome][place] for outcome in OUTCOMES if asked[outcome]}
        decided = {o: decide(rules.get(o, ()), at, answers["notifiable"], answers[o]) for o in OUTCOMES}
        turns = {o: nearest(rules.get(o, ()), at, answers[o]) for o in OUTCOMES}
        due = tuple(days for a in rules.get("notifiable", ()) if a.met for days in a.due)
        answered.append(OnBasis(at, answers, decided, turns, due))
    return answered


def _asked(rule: Rule, columns: Columns, rows: int) -> list[Asked]:
    """A rule as asked about each of the rows."""

    def each(answer: Possibly) -> list[bool]:
        return [bool(yes) for yes in answer.over((rows,)).yes]

    never = [False] * rows
    applies, met = each(rule.applies(columns, rule.levels)), each(rule(columns))
    exempt = each(rule.exempt(columns, rule.levels)) if rule.exempt else never
    due = [(d.days, each(when(columns, rule.levels)) if when else [True] * rows) for d, when in rule.due]
    return [
        Asked(rule, applies[row], met[row], exempt[row], tuple(days for days, holds in due if holds[row]))
        for row in range(rows)
    ]


def _met(row: Row, bases: Mapping[Basis, OnBasis], due: float | None) -> Met:
    """Whether the notice was given in time, as far as the record can say: diplomatic notes are not public."""
    if due is None:
        return "not_applicable"
    if row["notified"] == "no":
        return "no"
    low, high = _notice(row)
    if row["notified"] == "yes" and low is None:
        low = due  # the code says: notified as the document requires
    if low is None or (high is None and low < due):
        return "unknown"
    if low < due:
        return "no" if high is not None and high < due else "unknown"
    primary = bases.get("declared") or bases["announced"]
    return "yes_if_estimate" if primary.answers["notifiable"] is Ternary.NO else "yes"


def _notice(row: Row) -> tuple[float | None, float | None]:
    """The fewest and the most days of formal notice on record."""
    days = row.number("notice_days")
    if days is not None:
        return days, days
    told_first, told_last, start, start_last = (
        row.first("notified_on"), row.last("notified_on"), row.first("start"), row.last("start"),
    )  # fmt: skip
    if not (told_first and told_last and start and start_last):
        return None, None
    return float((start - told_last).days), float((start_last - told_first).days)
