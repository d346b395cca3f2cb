"""The card of an exercise: what the rules asked for on each figure, by which clause, and what would turn it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dualtrack.analyses.names import named, names
from dualtrack.analyses.words import listed
from dualtrack.core.dates import spell
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import public_notice, troops
from dualtrack.instruments.instrument import instrument
from dualtrack.instruments.references import provenance
from dualtrack.instruments.rule import OUTCOMES, Outcome
from dualtrack.instruments.telling import decided_in_words, span_of, told_in_words, turn_in_words
from dualtrack.instruments.verdicts import Host, Verdict
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_MET = {
    "yes": "It was notified in time, as far as is on record.",
    "no": "It was not notified in time, or not at all, as is on record.",
    "unknown": "Whether it was notified in time is not on record; notifications between states are not public.",
    "yes_if_estimate": "It was notified in time, and had to be only if an estimate is right.",
    "not_applicable": "Nothing was due.",
}


def exercise_card(record: Record, verdict: Verdict) -> dict[str, Any]:
    """What the template of an exercise's page shows of its verdict."""
    (text,) = instrument(verdict.instrument)
    decided = {
        (found.rule, found.reference)
        for on in verdict.bases.values()
        for outcome in OUTCOMES
        if (found := on.decided[outcome]) and found.reference
    }
    levels = [p for p in provenance(record, [text]) if (p.rule, p.row.id) in decided and p.level != "deadline"]
    paragraphs = {rule.id: rule.written.paragraph for rule in text.rules}
    return {
        "title": text.about.title,
        "said": _said(record, verdict),
        "lines": [
            {
                "basis": basis,
                "troops": troops(verdict.row, basis),
                "outcomes": [
                    {
                        "answer": str(on.answers[outcome]),
                        "decided": decided_in_words(on.decided[outcome]),
                        "turns": turn_in_words(on, outcome),
                    }
                    for outcome in OUTCOMES
                ],
            }
            for basis, on in verdict.bases.items()
        ],
        "deadline": _deadline(verdict),
        "hosts": [_host(record, host) for host in verdict.hosts],
        "parts": [{"id": part.id, "words": _part(record, part)} for part in verdict.parts if part["part"] != "host"],
        "levels": [
            {"id": p.row.id, "checked": p.checked, "words": f"{paragraphs[p.rule]}: {p.value:,g} {p.unit}"}
            for p in levels
        ],
        "notes": _notes(verdict),
    }


def _said(record: Record, verdict: Verdict) -> str:
    bases: dict[str, Mapping[Outcome, Ternary]] = {basis: on.answers for basis, on in verdict.bases.items()}
    whole = "; ".join(_answers(bases, outcome, what, "as") for outcome, what in _ASKED.items())
    if not verdict.hosts:
        return whole
    hosts = {named(record, host.state): host.on.answers for host in verdict.hosts}
    return f"as one activity {whole}; per host " + "; ".join(
        _answers(hosts, outcome, what, "for") for outcome, what in _ASKED.items()
    )


_ASKED: dict[Outcome, str] = {"notifiable": "to be notified", "observable": "open to observers"}


def _answers(found: Mapping[str, Mapping[Outcome, Ternary]], outcome: Outcome, what: str, joined: str) -> str:
    """An outcome over several figures, or hosts, those that agree taken together."""
    by_answer: dict[str, list[str]] = {}
    for name, answers in found.items():
        by_answer.setdefault(str(answers[outcome]), []).append(name)
    if len(by_answer) == 1:
        return f"{what}: {next(iter(by_answer))}"
    return f"{what}: " + ", ".join(f"{answer} {joined} {listed(names)}" for answer, names in by_answer.items())


def _deadline(verdict: Verdict) -> str:
    row, days = verdict.row, verdict.deadline_days
    due = (
        ""
        if days is None
        else "Notice is due when it starts. "
        if days == 0
        else f"Notice is due {days:g} days ahead. "
    )
    seen = public_notice(row)
    public = f" It was public at least {seen} days before it began." if seen else ""
    return f"{due}{_MET[verdict.deadline_met]}{public}"


def _host(record: Record, host: Host) -> dict[str, Any]:
    return {
        "id": host.part.id,
        "state": names(record).get(host.state, host.state),
        "troops": span_of(host),
        "outcomes": [
            {"answer": str(host.on.answers[outcome]), "decided": decided_in_words(host.on.decided[outcome])}
            for outcome in OUTCOMES
        ],
        "told": told_in_words(host),
    }


def _part(record: Record, part: Row) -> str:
    low, high = part.number("troops_low"), part.number("troops_high")
    size = "of unknown size"
    if low is not None or high is not None:
        ends = [f"{value:,.0f}" for value in dict.fromkeys((low, high)) if value is not None]
        size = " to ".join(ends) + " troops"
    where = f" in {named(record, part.text('state'))}" if part["state"] else ""
    told = {"yes": ", notified", "voluntary": ", notified without being obliged", "no": ", not notified"}
    return f"{part.spec.field('part').values[part.text('part')]}{where}: {size}{told.get(part.text('notified'), '')}"


def _notes(verdict: Verdict) -> list[str]:
    notes = []
    structure = verdict.row["structure"]
    if any(on.activity.upper for on in verdict.bases.values()):
        notes.append(
            "The totals are over several hosts or phases: an upper bound of what one host, or one command at one time, "
            "had. A yes on them holds if it was one activity."
        )
    if structure == "multi_host" and not verdict.hosts:
        notes.append("What each host state had is not on record.")
    if structure == "umbrella":
        notes.append(
            "A label over exercises with commands of their own: each is tested by itself, the total decides nothing."
        )
    if verdict.row["in_zone"] == "partly":
        notes.append("Only the part inside the zone counts; a total below a level decides, one above it does not.")
    if verdict.row["kind"] == "snap":
        notes.append(
            f"Held without notice to the troops, from {spell(verdict.row.text('start'))}: told when it starts."
        )
    return notes
