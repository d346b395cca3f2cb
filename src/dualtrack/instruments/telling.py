"""Verdicts on exercises as people and programs read them: in words, and as JSON."""

from __future__ import annotations

from typing import Any

from dualtrack.core.show import span
from dualtrack.core.ternary import Ternary
from dualtrack.instruments.activities import BASES, UNITS, Basis
from dualtrack.instruments.decision import Decision
from dualtrack.instruments.rule import OUTCOMES, Outcome
from dualtrack.instruments.verdicts import Host, OnBasis, Verdict

_CODES = {
    ("in_zone", "no"): "outside the zone",
    ("notifiable", "no"): "not notifiable, so not observed either",
    ("kind", "snap"): "held without notice to the troops",
}
_SHORT = {
    "troops": "troops",
    "landing_troops": "landed",
    "acvs": "armoured vehicles",
    "armour_combined": "tanks and other armour",
}


def decided_in_words(decision: Decision | None) -> str:
    """What decided, in words: the figure, the level and the margin.

    >>> decided_in_words(Decision("r", "troops", 12700, 12700, threshold=13000, margin=-300))
    'troops 12,700, 300 under 13,000'
    """
    if decision is None:
        return "no figure on record reaches a level"
    if decision.field == "troops" and decision.high == 0:
        return "no land part on record, and no landing"
    if decision.threshold is None:
        return _CODES.get((decision.field, str(decision.code)), f"{decision.field} {decision.code}")
    name = _SHORT.get(decision.field, decision.field)
    level = f"{decision.threshold:,.0f}"
    if decision.high is None:
        return f"{name} not known (level {level})"
    if decision.low != decision.high:
        return f"{name} {decision.low or 0:,.0f} to {decision.high:,.0f}, level {level}"
    margin = decision.margin or 0
    how = (
        f"{margin:,.0f} over {level}"
        if margin > 0
        else f"{-margin:,.0f} under {level}"
        if margin
        else f"exactly {level}"
    )
    return f"{name} {decision.high:,.0f}, {how}"


def turn_in_words(on: OnBasis, outcome: Outcome) -> str:
    """The smallest change that turns an answer, in words; empty where none is known."""
    changes = [
        f"{abs(change):,.0f} {'more' if change > 0 else 'fewer'} {_noun(field, abs(change))}"
        for field, change in on.turns[outcome]
    ]
    return f"with {' and '.join(changes)}" if changes else ""


def _noun(field: str, count: float) -> str:
    name = _SHORT.get(field, UNITS[field])
    return name.removesuffix("s") if count == 1 and field != "troops" else name


def flips_in_words(verdict: Verdict, outcome: Outcome) -> str:
    """The answers of the bases side by side where they differ: ``announced no, high yes``."""
    found = {basis: on.answers[outcome] for basis, on in verdict.bases.items()}
    return ", ".join(f"{basis} {answer}" for basis, answer in found.items()) if len(set(found.values())) > 1 else ""


_TOLD = {
    "yes": "notified as required",
    "voluntary": "notified without being obliged",
    "no": "not notified",
    "unknown": "whether it notified is not on record",
}


def told_in_words(host: Host) -> str:
    """What is on record of a host's notification, in words."""
    days = host.part.number("notice_days")
    return _TOLD[host.part.text("notified")] + ("" if days is None else f", {days:g} days ahead")


def host_in_words(host: Host) -> str:
    """What a host's line says of it: its troops, the answers, and what is on record of its notification."""
    notify, observe = (host.on.answers[outcome] for outcome in OUTCOMES)
    return f"troops {span_of(host)}: notify {notify}, observe {observe}; {told_in_words(host)}"


def span_of(host: Host) -> str:
    """The bounds of a host's troops in words."""
    low, high = host.troops
    return span(low, None if high == float("inf") else high)


def host_as_json(host: Host) -> dict[str, Any]:
    """A host as a line of a table: its troops from what to what, the answers, what decided, whether it notified."""
    low, high = host.troops
    return {
        "state": host.state,
        "low": int(low),
        "high": None if high == float("inf") else int(high),
        **{outcome: str(host.on.answers[outcome]) for outcome in OUTCOMES},
        "notified": host.part["notified"],
        "notice_days": host.part["notice_days"],
        "decided_by": [f"{outcome}: {decided_in_words(host.on.decided[outcome])}" for outcome in OUTCOMES],
        "row": host.part.id,
    }


COLUMNS = (
    "id",
    "instrument",
    "notifiable",
    "observable",
    "deadline_met",
    "rule",
    "field",
    "value",
    "threshold",
    "margin",
)
"""Of verdicts as a table; the last five say what decided."""


def as_line(verdict: Verdict, basis: Basis) -> dict[str, Any]:
    """What ``COLUMNS`` take of one exercise, and more."""
    told = as_json(verdict, basis)
    return {**told, **(told["decided_by"] or {})}


def as_json(verdict: Verdict, basis: Basis) -> dict[str, Any]:
    """One exercise as the command contract has it, on one basis, with what is said on the others."""
    on = verdict.bases.get(basis)
    row = verdict.row
    return {
        "id": row.id,
        "instrument": verdict.instrument,
        "notifiable": str(on.answers["notifiable"]) if on else "unknown",
        "observable": str(on.answers["observable"]) if on else "unknown",
        "deadline_met": verdict.deadline_met,
        "deadline_days": verdict.deadline_days,
        "decided_by": _decision(on.decided["notifiable"] if on else None),
        "observable_decided_by": _decision(on.decided["observable"] if on else None),
        "flips": {outcome: _flips(verdict, outcome, on) for outcome in OUTCOMES},
        "bases": {
            name: {outcome: str(answer) for outcome in OUTCOMES if (answer := verdict.answer(outcome, name))}
            for name in BASES
            if name in verdict.bases
        },
        "upper_bound": bool(on and on.activity.upper),
        "parts": [part.id for part in verdict.parts],
        "hosts": [host_as_json(host) for host in verdict.hosts],
        "evidence": [
            {"table": cell.table, "row": cell.row, "field": cell.field, "value": cell.value, "sources": cell.sources}
            for cell in (row.evidence(name) for name in EVIDENCE if row[name] is not None)
        ],
    }


EVIDENCE = (
    "start", "end", "in_zone", "domain", "structure", "kind", "troops_announced", "troops_declared_vd", "troops_low",
    "troops_high", "tanks", "acvs", "armour_combined", "artillery", "notified", "notified_on", "notice_days",
)  # fmt: skip
"""The cells of an exercise a verdict rests on."""


def _decision(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    value: Any = decision.code
    if decision.threshold is not None:
        value = decision.low if decision.low == decision.high else [decision.low, decision.high]
    return {
        "rule": decision.rule,
        "field": decision.field,
        "value": value,
        "threshold": decision.threshold,
        "margin": decision.margin,
        "reference": decision.reference or None,
    }


def _flips(verdict: Verdict, outcome: Outcome, on: OnBasis | None) -> list[dict[str, Any]]:
    own = on.answers[outcome] if on else Ternary.UNKNOWN
    others: list[dict[str, Any]] = [
        {"basis": name, "verdict": str(other.answers[outcome])}
        for name, other in verdict.bases.items()
        if other is not on and other.answers[outcome] is not own
    ]
    if on and on.turns[outcome]:
        turned = Ternary.NO if own is Ternary.YES else Ternary.YES
        changes = [{"field": field, "by": change} for field, change in on.turns[outcome]]
        others.append({"changes": changes, "verdict": str(turned)})
    return others
