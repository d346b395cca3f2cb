"""Which exercises had to be notified and observed, on which of the published figures, and what decided.

Rules are applied as written, the same for every state: see the rule files of the instrument. A figure announced in
public, the count an organiser declared under the document and the estimates of others are never mixed: each gives a
verdict of its own. Whether a notification was sent is known only where it was told in public.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.window import Window
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import BASES, DOCUMENT, Basis, Counting, Told, public_notice
from dualtrack.instruments.instrument import Instrument, instrument
from dualtrack.instruments.references import provenance
from dualtrack.instruments.rule import OUTCOMES, Outcome
from dualtrack.instruments.telling import (
    EVIDENCE,
    decided_in_words,
    flips_in_words,
    host_as_json,
    turn_in_words,
)
from dualtrack.instruments.verdicts import Verdict, verdicts
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, object], ...] = (
    {},
    {"exercise": "zapad-2017"},
    {"exercise": "saber-strike-2018"},
    {"since": "2015", "until": "2018", "basis": "high"},
    {"state": "POL", "strict": True},
)


def run(
    record: Record,
    exercise: Annotated[str | None, "one exercise by its id, such as zapad-2017"] = None,
    state: Annotated[str | None, "a state's code: exercises it leads"] = None,
    since: Annotated[str | None, "exercises that start from this date on"] = None,
    until: Annotated[str | None, "exercises that start up to this date"] = None,
    basis: Annotated[Told, "the figure the headline counts on: announced, declared, low or high"] = "announced",
    strict: Annotated[bool, "what nobody reported is unknown instead of not triggering a rule"] = False,
    instrument: Annotated[str, "an instrument, or a series: the text in force on the first day"] = "vienna_document",
) -> Finding:
    """A verdict per exercise and basis, with the clause, the level, the margin and what would turn it."""
    state = state and state_code(record, state, record.spec("exercises").field("lead_states").also)
    work = Workings(
        record,
        "notifiable",
        {"exercise": exercise, "state": state, "since": since, "until": until, "basis": basis,
         "strict": strict or None, "instrument": instrument},
    )  # fmt: skip
    texts = _with_rules(instrument)
    counting = Counting(strict=True) if strict else DOCUMENT
    rows = _chosen(work, exercise, state, Window.of(since, until))
    found = verdicts(record, texts, rows, counting)
    if not found:
        raise BadInput(
            f"No exercise like this under {texts[0].about.title if len(texts) == 1 else instrument} is on record as "
            f"known on {record.as_of}.",
            "That is not zero: not every exercise was collected. Ask for more, or a later --as-of.",
        )
    for verdict in found:
        use(work, verdict)
    warn(work, found, _used(found, texts))
    return work.finding(
        question=_question(record, found, exercise),
        headline=_headline(record, found, basis, exercise),
        answer=Answer(
            kind="table",
            value=[_line(verdict) for verdict in found],
            unit="exercises",
            unknown=sorted(v.row.id for v in found if _of(v, "notifiable", basis) is Ternary.UNKNOWN),
            why_unknown=(
                "no figure, a total of which only a part lies in the zone or under one command, or a land part of "
                "unknown size"
            ),
            coverage=Coverage(
                known=sum(v.row["notified"] != "unknown" for v in found),
                total=len(found),
                of="exercises with whether they were notified on record",
            ),
            summary={
                **({"By figure": _by_figure(found[0])} if exercise else {}),
                "By side": [line for outcome in OUTCOMES for line in by_side(found, outcome, basis)],
                "Where the figures disagree": _disagreements(found),
                "Per host": [{"exercise": v.row.id, **host_as_json(host)} for v in found for host in v.hosts],
                "Other parts told apart": _parts(found),
                "Levels": _levels(record, _used(found, texts)),
            },
        ),
        method=(
            "Each exercise is tested by the text in force on its first day. Any one level is enough and a level "
            "belongs to what is reached. An answer is unknown where the figures on record allow both. Observation "
            "asks for a notifiable activity. Margin: figure minus level. Turns: the smallest change of one figure "
            "that changes the answer, all else as it is. Public notice: days from the earliest announcement on "
            "record to the start, a lower bound. Per host: troops from the host's own lowest figure, or nothing, to "
            "its own highest figure, or the largest total; of equipment no more than the whole. notified: what is on "
            "record of that host, yes being as the document requires."
        ),
    )


def use(work: Workings, verdict: Verdict) -> None:
    """Notes the cells a verdict rests on."""
    work.use(verdict.row, *(name for name in EVIDENCE if verdict.row[name] is not None))
    for part in verdict.parts:
        work.use(part, *(name for name in ("part", "state", "troops_low", "troops_high") if part[name] is not None))


def by_side(found: Sequence[Verdict], outcome: Outcome, basis: Basis) -> list[dict[str, Any]]:
    """Counts of the answers by side and together, on one basis."""
    sides = ["all", *(side for side in _sides(found) if side != "all")]
    lines = []
    for side in sides:
        some = [v for v in found if side in ("all", v.row["side"])]
        counts = Counter(_of(v, outcome, basis) for v in some)
        lines.append(
            {"outcome": outcome, "side": side, "yes": counts[Ternary.YES], "no": counts[Ternary.NO],
             "unknown": counts[Ternary.UNKNOWN], "no_figure": counts[None], "total": len(some)}
        )  # fmt: skip
    return lines


def warn(work: Workings, found: Sequence[Verdict], texts: Sequence[Instrument]) -> None:
    """The caveats of every answer that counts verdicts."""
    work.caveat(f"Counts are lower bounds. {work.record.spec('exercises').collected}")
    unread = sorted({f"{p.rule} {p.level}" for p in provenance(work.record, texts) if not p.checked})
    if unread:
        work.caveat(
            f"{len(unread)} levels and deadlines are from general knowledge and not yet checked against the text; they "
            "are marked so in the table of levels."
        )
    upper = [v.row.id for v in found if any(on.activity.upper for on in v.bases.values())]
    if upper:
        work.caveat(
            f"{plural(len(upper), 'total')} over several hosts or phases {'is' if len(upper) == 1 else 'are'} an upper "
            "bound of what one host, or one command at one time, had: a yes on it holds if it was one activity."
        )
    work.caveat("Diplomatic notifications are not public: that none is on record does not show that none was sent.")


def _with_rules(name: str) -> tuple[Instrument, ...]:
    from dualtrack.instruments.instrument import instruments

    texts = instrument(name)
    if not any(text.rules for text in texts):
        able = sorted({i.about.series or i.id for i in instruments().values() if i.rules})
        raise BadInput(f"{name} has no rules on notification or observation.", f"Those that do: {', '.join(able)}.")
    return texts


def _chosen(work: Workings, exercise: str | None, state: str | None, window: Window) -> list[Row]:
    rows = work.select("exercises", *(("id = ?", exercise) if exercise else ()))
    if exercise and not rows:
        raise NoSuchName(
            f"exercise known on {work.record.as_of}", exercise, [row.id for row in work.record.rows("exercises")]
        )
    rows = [row for row in rows if window.holds(row.text("start")) is not Ternary.NO]
    rows = [row for row in rows if state is None or state in row.parts("lead_states")]
    return sorted(rows, key=lambda row: (row.first("start") or date.max, row.last("start") or date.max, row.id))


def _of(verdict: Verdict, outcome: Outcome, basis: Basis) -> Ternary | None:
    return verdict.answer(outcome, basis)


def _sides(found: Sequence[Verdict]) -> list[str]:
    present = {v.row.text("side") for v in found}
    return [side for v in found[:1] for side in v.row.spec.field("side").values if side in present]


def _line(verdict: Verdict) -> dict[str, Any]:
    row = verdict.row
    line: dict[str, Any] = {"id": row.id, "lead_states": row.parts("lead_states"), "start": row["start"]}
    for outcome in OUTCOMES:
        for basis in BASES:
            answer = verdict.answer(outcome, basis)
            line[f"{outcome}_{basis}"] = str(answer) if answer else None
    for outcome in OUTCOMES:
        line[f"{outcome}_decided_by"] = [
            f"{name}: {decided_in_words(on.decided[outcome])}" for name, on in verdict.bases.items()
        ]
        turns = [f"{name}: {said}" for name, on in verdict.bases.items() if (said := turn_in_words(on, outcome))]
        line[f"{outcome}_turns"] = turns or None
    line["deadline_days"] = verdict.deadline_days
    line["deadline_met"] = verdict.deadline_met
    line["notified"] = row["notified"]
    line["public_notice_days"] = public_notice(row)
    line["side"] = row["side"]
    line["instrument"] = verdict.instrument
    line["name"] = row["name"]
    return line


def _disagreements(found: Sequence[Verdict]) -> list[dict[str, Any]]:
    return [
        {"id": v.row.id, "outcome": outcome, "answers": flips_in_words(v, outcome)}
        for outcome in OUTCOMES
        for v in found
        if v.flips(outcome)
    ]


def _by_figure(verdict: Verdict) -> list[dict[str, Any]]:
    """One exercise: a line per outcome and figure."""
    return [
        {"outcome": outcome, "figure": basis, "answer": str(on.answers[outcome]),
         "turns": turn_in_words(on, outcome) or None, "decided_by": decided_in_words(on.decided[outcome])}
        for outcome in OUTCOMES
        for basis, on in verdict.bases.items()
    ]  # fmt: skip


def _used(found: Sequence[Verdict], texts: Sequence[Instrument]) -> list[Instrument]:
    """The texts that were in force for any of the exercises."""
    names = {verdict.instrument for verdict in found}
    return [text for text in texts if text.id in names]


def _parts(found: Sequence[Verdict]) -> list[dict[str, Any]]:
    return [
        {"exercise": v.row.id, "part": part["part"], "state": part["state"], "low": part["troops_low"],
         "high": part["troops_high"], "notified": part["notified"], "row": part.id}
        for v in found
        for part in v.parts
        if part["part"] != "host"
    ]  # fmt: skip


def _levels(record: Record, texts: Sequence[Instrument]) -> list[dict[str, Any]]:
    return [
        {"rule": p.rule, "level": p.level, "value": p.value, "unit": p.unit,
         "checked": "read in the text" if p.checked else "not yet checked", "clause": p.row["clause"],
         "instrument": p.row["instrument"], "row": p.row.id}
        for p in provenance(record, texts)
    ]  # fmt: skip


def _question(record: Record, found: Sequence[Verdict], exercise: str | None) -> str:
    if exercise:
        return f"Was {found[0].row['name']} notifiable and observable, and on which figures?"
    return f"Which exercises known on {record.as_of} had to be notified and observed, and on which figures?"


def _headline(record: Record, found: Sequence[Verdict], basis: Basis, exercise: str | None) -> str:
    if exercise:
        (one,) = found
        whole = "; ".join(f"{outcome} {_together(one, outcome)}" for outcome in OUTCOMES)
        hosts = "; ".join(f"{outcome} {_by_host(record, one, outcome)}" for outcome in OUTCOMES)
        if not one.hosts:
            return f"{one.row['name']}: {whole}"
        return f"{one.row['name']}: taken as one activity, {whole}. Per host, {hosts}{_hosts_told(record, one)}"
    total = len(found)
    counts = {outcome: Counter(_of(v, outcome, basis) for v in found) for outcome in OUTCOMES}
    flips = {outcome: sum(v.flips(outcome) for v in found) for outcome in OUTCOMES}
    open_ = {outcome: counts[outcome][Ternary.UNKNOWN] + counts[outcome][None] for outcome in OUTCOMES}
    return (
        f"On {_FIGURE[basis]}, at least {counts['notifiable'][Ternary.YES]} of {total} exercises had to be notified "
        f"and {counts['observable'][Ternary.YES]} observed; {open_['notifiable']} and {open_['observable']} are left "
        f"open. The figures disagree on notification in {plural(flips['notifiable'], 'case')}, on observation in "
        f"{flips['observable']}"
    )


_FIGURE = {
    "announced": "announced totals",
    "declared": "declared counts",
    "low": "the lowest figures",
    "high": "the highest figures",
    "published": "published figures",
}


def _by_host(record: Record, verdict: Verdict, outcome: Outcome) -> str:
    """The answers of the hosts on record, those that agree taken together."""
    by_answer: dict[str, list[str]] = {}
    for host in verdict.hosts:
        by_answer.setdefault(str(host.on.answers[outcome]), []).append(named(record, host.state))
    return ", ".join(f"{answer} for {listed(states)}" for answer, states in by_answer.items())


def _hosts_told(record: Record, verdict: Verdict) -> str:
    """Which hosts notified, where that is on record."""
    said = {"yes": "notified as required", "voluntary": "did so of their own accord", "no": "did not notify"}
    found = {
        word: [named(record, h.state) for h in verdict.hosts if h.part["notified"] == code]
        for code, word in said.items()
    }
    told = ", ".join(f"{listed(states)} {word}" for word, states in found.items() if states)
    return f"; {told}" if told else ""


def _together(verdict: Verdict, outcome: Outcome) -> str:
    """The answers of one exercise by basis, those that agree taken together."""
    by_answer: dict[str, list[str]] = {}
    for basis, on in verdict.bases.items():
        by_answer.setdefault(str(on.answers[outcome]), []).append(basis)
    if len(by_answer) == 1:
        return next(iter(by_answer)) + (" on every figure" if len(verdict.bases) > 1 else "")
    return ", ".join(f"{answer} as {listed(bases)}" for answer, bases in by_answer.items())
