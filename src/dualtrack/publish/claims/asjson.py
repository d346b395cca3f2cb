"""Judged claims as JSON: everything a reader or a program needs to follow a verdict; grows by additions only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dualtrack.claims.checking import Checked
from dualtrack.claims.claim import Claim
from dualtrack.claims.difference import Differs
from dualtrack.claims.judging import Judgement, UnderReading
from dualtrack.claims.life import Turn
from dualtrack.claims.sensitivity import Tally
from dualtrack.claims.shares import shares
from dualtrack.claims.values import Members, Series, Span, Value
from dualtrack.core.verdict import Verdict
from dualtrack.publish.claims.words import ranged

SCHEMA = 1


def as_json(found: Sequence[Checked]) -> str:
    """Every claim with its judgements, and the shares of verdicts by side."""
    return _dumped(
        {
            "schema": SCHEMA,
            "claims": [claim(one) for one in found],
            "changed": [one.claim.id for one in found if one.changed],
            "by_side": [
                {"side": s.side, "claims": s.claims, "computed": s.computed,
                 "verdicts": {verdict.value: count for verdict, count in s.verdicts.items()}}
                for s in shares(found)
            ],
        }
    )  # fmt: skip


def differences_as_json(found: Sequence[Differs]) -> str:
    """The claims with another verdict on one day than on another, and what is new."""
    return _dumped(
        [
            {"id": d.claim.id, "number": d.claim.number, "old": judgement(d.old), "new": judgement(d.new),
             "new_rows": d.rows, "new_editions": d.editions, "new_readings": d.readings}
            for d in found
        ]
    )  # fmt: skip


def life_as_json(claim: Claim, turns: Sequence[Turn]) -> str:
    """The life of a verdict, a turn per day on which it became another one."""
    return _dumped(
        {
            "schema": SCHEMA,
            "id": claim.id,
            "number": claim.number,
            "life": [
                {"from": turn.day.isoformat(), "verdict": turn.verdict.value, "value": turn.value,
                 "new_rows": turn.rows, "new_editions": turn.editions}
                for turn in turns
            ],
        }
    )  # fmt: skip


def claim(one: Checked) -> dict[str, Any]:
    """A claim with the judgement asked for, as of when it was said, and as of the latest day."""
    c = one.claim
    return {
        "id": c.id,
        "number": c.number,
        "statement": c.statement,
        "speaker": c.speaker.model_dump(),
        "said": c.said or None,
        "quoted": c.quoted,
        "topic": c.topic,
        "sources": list(c.sources),
        "ask": c.ask.model_dump() if c.ask else None,
        "test": str(c.test) if c.test else None,
        "verdict": one.verdict.value if one.verdict else None,
        "value": one.asked.value if one.asked else None,
        "as_of": one.asked.day.isoformat() if one.asked else None,
        "not_computed": c.not_computed or None,
        "asked": judgement(one.asked) if one.asked else None,
        "when_said": judgement(one.said) if one.said else None,
        "latest": judgement(one.latest) if one.latest else None,
        "recorded": c.recorded.model_dump(mode="json") if c.recorded else None,
        "changed": list(one.changed),
        "note": c.note or None,
    }


def judgement(found: Judgement) -> dict[str, Any]:
    """A verdict as of a day with its readings, corners, editions, flips and evidence."""
    counted = found.counted
    return {
        "as_of": found.day.isoformat(),
        "verdict": found.verdict.value,
        "value": found.value,
        "why": found.why or None,
        "in_words": ranged(found),
        "holds": {
            "readings": _tally(Tally(sum(r.verdict.holds for r in counted), len(counted))),
            "corners": _tally(found.corners) if found.corners else None,
            "editions": _tally(Tally(sum(e.verdict.holds for e in found.editions), len(found.editions)))
            if found.editions
            else None,
        },
        "principal": found.principal.reading or None,
        "readings": [_reading(reading) for reading in found.readings],
        "editions": [
            {"edition": e.edition, "verdict": e.verdict.value, "value": None if e.value is None else str(e.value)}
            for e in found.editions
        ],
        "flips": [
            {"figure": f.figure or None, "unit": f.unit or None, "side": f.side, "at": f.at, "now": f.now}
            for f in found.flips
        ],
        "flipped_by": _flipped_by(found),
        "sole_sources": list(found.sole_sources),
        "findings": [finding.id for finding in found.findings],
        "sources": sorted({source.id for finding in found.findings for source in finding.sources}),
        "evidence": sorted({f"{e.table}/{e.row}" for finding in found.findings for e in finding.evidence}),
        "caveats": list(dict.fromkeys(text for finding in found.findings for text in finding.caveats)),
    }


def _flipped_by(found: Judgement) -> dict[str, list[str]]:
    """The readings, editions and sources that alone would give another verdict."""
    return {
        "readings": [", ".join(r.reading.values()) for r in found.counted if r.verdict is not found.verdict],
        "editions": [e.edition for e in found.editions if e.verdict is not found.verdict],
        "without_source": [source for source, verdict in found.without.items() if verdict is not found.verdict],
    }


def _reading(reading: UnderReading) -> dict[str, Any]:
    return {
        "reading": reading.reading,
        "label": reading.label,
        "class": reading.class_,
        "later": reading.later,
        "counts": reading.counts,
        "verdict": reading.verdict.value,
        "value": None if reading.value is None else str(reading.value),
        "figures": _figures(reading.value),
        "why": reading.why or None,
    }


def _figures(value: Value | None) -> Any:
    """The value for a program: bounds of a figure, members of a set."""
    match value:
        case Span():
            return {"low": value.low, "best": value.best, "high": value.high, "unit": value.unit or None}
        case Members():
            return {"members": sorted(value.sure), "unknown": sorted(value.maybe)}
        case Series():
            return [{"date": day, **_figures(figure)} for day, figure in value.items]
        case _:
            return None


def _tally(tally: Tally) -> dict[str, int]:
    return {"holds": tally.holds, "of": tally.of}


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Verdict):
        return value.value
    raise TypeError(f"{type(value).__name__} has no form in JSON")
