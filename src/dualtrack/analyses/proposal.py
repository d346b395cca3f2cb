"""What a proposal to change an instrument would have caught: the record under the rules as they are and as proposed.

A proposal is a file that amends rules. Recorded proposals and invented what-ifs are told apart wherever they are named.
Every count is a lower bound: large exercises were collected first, so that most of what a lower level would catch is
not on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from dualtrack.analyses.contract import OrFile
from dualtrack.analyses.notifiable import use, warn
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import DOCUMENT, Told
from dualtrack.instruments.proposal import Proposal
from dualtrack.instruments.proposal import proposal as named
from dualtrack.instruments.rule import OUTCOMES, Outcome
from dualtrack.instruments.verdicts import Verdict, verdicts
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {"proposal": "what-if-5000-10000"},
    {"proposal": "nato-2016-snap"},
    {"proposal": "ru-2008-naval", "basis": "high"},
    {"proposal": "what-if-together-14-days", "since": "2014", "until": "2018"},
    {"proposal": "what-if-14-days-notice"},
)

_Pair = tuple[Verdict, Verdict]


def run(
    record: Record,
    proposal: Annotated[
        str, "a proposal's id (check exercises --list names them), or in a command the path of a file", OrFile()
    ],
    basis: Annotated[Told, "the figures used: announced, declared, low or high"] = "announced",
    since: Annotated[str | None, "exercises that start from this date on"] = None,
    until: Annotated[str | None, "exercises that start up to this date"] = None,
    strict: Annotated[bool, "what nobody reported is unknown instead of not triggering a rule"] = False,
) -> Finding:
    """Each exercise whose verdict the proposal would change, and the burden by state, before and after."""
    amendment = named(proposal)
    if amendment.written.not_run:
        raise BadInput(f"{amendment.label} cannot be run.", amendment.written.not_run)
    _on_record(record, amendment)
    work = Workings(
        record,
        "proposal",
        {"proposal": proposal, "basis": basis, "since": since, "until": until, "strict": strict or None},
    )
    window = Window.of(since, until)
    rows = [row for row in work.select("exercises") if window.holds(row.text("start")) is not Ternary.NO]
    before = verdicts(record, amendment.before, rows, replace(DOCUMENT, strict=strict))
    counted = replace(amendment.counting, strict=strict)
    after = verdicts(record, amendment.after, rows, counted, amendment.written.together)
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if basis in a.bases]
    if not pairs:
        raise BadInput(
            f"No exercise with {basis} figures is on record {window.words(record.as_of)} as known on {record.as_of}.",
            "That is not zero: not every exercise was collected. Ask for more, or a later --as-of.",
        )
    for verdict, _ in pairs:
        use(work, verdict)
    _cite(work, amendment)
    if amendment.written.kind == "what_if":
        work.caveat("Invented what-if: the values test the rules. Nobody on record proposed them.")
    if amendment.written.note:
        work.caveat(amendment.written.note)
    warn(work, before, amendment.before)
    work.caveat(
        "A lower bound: exercises below today's levels were collected less completely, so that a lower level would "
        "catch more than is shown, for every state."
    )
    years = _years(pairs)
    changed = [pair for pair in pairs if _changes(pair, basis)]
    return work.finding(
        question=f"What would have changed under the proposal: {amendment.label}?",
        headline=_headline(amendment, pairs, basis),
        answer=Answer(
            kind="table",
            value=[_line(pair, basis) for pair in changed],
            unit="exercises",
            coverage=Coverage(
                known=sum(_known(pair, basis) for pair in pairs),
                total=len(pairs),
                of="exercises with an answer on notification before and after",
            ),
            summary={
                "By side": [_count("side", side, some, basis, years) for side, some in _by_side(pairs).items()],
                "By state that leads": [
                    _count("state", state, some, basis, years) for state, some in _by_state(pairs).items()
                ],
                "What is changed": _amended(amendment),
            },
        ),
        method=(
            "The same exercises are tested twice, by the rules as they were in force and by the rules as amended. An "
            "exercise counts under each state that leads it. A year's rate divides by the calendar years from the "
            "first to the last exercise. Notifications are sent to every participating State; an observable "
            "activity obliges its host to invite all of them."
        ),
    )


def _on_record(record: Record, amendment: Proposal) -> None:
    if not amendment.ours:  # those of the package are held to this by test
        _names_rows(record, amendment)
    made = amendment.written.proposal
    if made and made not in {row.id for row in record.rows("proposals")}:
        raise BadInput(
            f"{amendment.label} was not on record on {record.as_of}.",
            "Ask with a later --as-of; what-ifs can be asked of any day.",
        )


def _names_rows(record: Record, amendment: Proposal) -> None:
    """Whether the rows a user's file names are there, on whatever day: that is a matter of spelling, not of time."""
    all_known = record.at(record.compiled)
    for table, id_ in amendment.cited():
        if id_ not in {row.id for row in all_known.rows(table)}:
            raise BadInput(f"{amendment.id}.yml names {id_}, which is no row of the table {table}.", "Correct the id.")


def _cite(work: Workings, amendment: Proposal) -> None:
    wanted = {amendment.written.proposal, *amendment.written.inspired_by} - {""}
    for row in work.select("proposals"):
        if row.id in wanted:
            work.use(row, "proposer", "date", "change")


def _answers(pair: _Pair, outcome: Outcome, basis: Told) -> tuple[Ternary, Ternary]:
    return pair[0].bases[basis].answers[outcome], pair[1].bases[basis].answers[outcome]


def _known(pair: _Pair, basis: Told) -> bool:
    return Ternary.UNKNOWN not in _answers(pair, "notifiable", basis)


def _changes(pair: _Pair, basis: Told) -> bool:
    answers = [_answers(pair, outcome, basis) for outcome in OUTCOMES]
    due = pair[0].deadline_days != pair[1].deadline_days or pair[0].deadline_met != pair[1].deadline_met
    applies = answers[0] != (Ternary.NO, Ternary.NO)
    return (due and applies) or any(before is not after for before, after in answers)


def _line(pair: _Pair, basis: Told) -> dict[str, Any]:
    row = pair[0].row
    line: dict[str, Any] = {"id": row.id, "lead_states": row.parts("lead_states"), "start": row["start"]}
    for outcome in OUTCOMES:
        before, after = _answers(pair, outcome, basis)
        line[f"{outcome}_before"], line[f"{outcome}_after"] = str(before), str(after)
    for name, verdict in zip(("before", "after"), pair, strict=True):
        line[f"days_due_{name}"] = verdict.deadline_days
    for name, verdict in zip(("before", "after"), pair, strict=True):
        line[f"in_time_{name}"] = verdict.deadline_met
    return {**line, "side": row["side"], "name": row["name"]}


def _count(key: str, name: str, pairs: Sequence[_Pair], basis: Told, years: int) -> dict[str, Any]:
    line: dict[str, Any] = {key: name}
    for outcome in OUTCOMES:
        answers = [_answers(pair, outcome, basis) for pair in pairs]
        before = sum(a is Ternary.YES for a, _ in answers)
        after = sum(b is Ternary.YES for _, b in answers)
        line |= {
            f"{outcome}_before": before,
            f"{outcome}_after": after,
            f"{outcome}_open_after": sum(b is Ternary.UNKNOWN for _, b in answers),
            f"{outcome}_more_a_year": round((after - before) / years, 2),
        }
    return {**line, "exercises": len(pairs), "years": years}


def _by_side(pairs: Sequence[_Pair]) -> dict[str, list[_Pair]]:
    present = {pair[0].row.text("side") for pair in pairs}
    sides = [side for side in pairs[0][0].row.spec.field("side").values if side in present]
    return {"all": list(pairs), **{side: [p for p in pairs if p[0].row["side"] == side] for side in sides}}


def _by_state(pairs: Sequence[_Pair]) -> dict[str, list[_Pair]]:
    states = sorted({state for pair in pairs for state in pair[0].row.parts("lead_states")})
    return {state: [p for p in pairs if state in p[0].row.parts("lead_states")] for state in states}


def _years(pairs: Sequence[_Pair]) -> int:
    """The calendar years from the first to the last exercise, at least one."""
    rows: list[Row] = [pair[0].row for pair in pairs]
    first = min(row.first("start") or date.max for row in rows)
    last = max(row.last("start") or date.min for row in rows)
    return max(last.year - first.year + 1, 1)


def _amended(amendment: Proposal) -> list[dict[str, Any]]:
    """Rule by rule what the proposal replaces."""
    written = amendment.written
    lines: list[dict[str, Any]] = []
    for old, new in zip(amendment.before, amendment.after, strict=True):
        for rule, changed in zip(old.rules, new.rules, strict=True):
            for name, level in rule.levels.items():
                if changed.levels[name] != level:
                    lines.append(_change(old.about.title, rule.id, name, f"{level:,g}", f"{changed.levels[name]:,g}"))
            for key in ("applies", "condition", "exempt"):
                was, now = getattr(rule.written, key), getattr(changed.written, key)
                if was != now:
                    lines.append(_change(old.about.title, rule.id, key, was or "nothing", now or "nothing"))
            if rule.written.deadlines != changed.written.deadlines:
                was, now = (", ".join(f"{d.days:g}" for d in r.written.deadlines) for r in (rule, changed))
                lines.append(_change(old.about.title, rule.id, "days of notice", was, now))
    everywhere = amendment.before[0].about.series or amendment.before[0].id
    if written.zone == "all":
        lines.append(_change(everywhere, "all", "zone", "west of the Urals and Central Asia", "all territory"))
    if written.services == "all":
        lines.append(_change(everywhere, "all", "counted", "land forces", "all services"))
    if written.whole:
        lines.append(_change(everywhere, "all", "counted", "largest number at one time", "the total"))
    if written.together:
        near = f"within {written.together.days:g} days and {written.together.km:g} km of one another"
        lines.append(_change(everywhere, "all", "counted together", "one exercise", f"those of one state {near}"))
    return lines


def _change(text: str, rule: str, what: str, was: str, now: str) -> dict[str, Any]:
    return {"text": text, "rule": rule, "what": what, "as it is": was, "proposed": now}


def _headline(amendment: Proposal, pairs: Sequence[_Pair], basis: Told) -> str:
    said = []
    for outcome in OUTCOMES:
        answers = [_answers(pair, outcome, basis) for pair in pairs]
        before = sum(a is Ternary.YES for a, _ in answers)
        after = sum(b is Ternary.YES for _, b in answers)
        said.append(f"{outcome} at least {after} instead of {before}")
    late = sum(pair[0].deadline_met != pair[1].deadline_met for pair in pairs)
    more = f"; in time or not changes for {late}" if late else ""
    return f"{amendment.label}: of {plural(len(pairs), 'exercise')} on {basis} figures, {' and '.join(said)}{more}"
