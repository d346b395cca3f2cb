"""An annotated article as JSON without its text: each sentence by its place and fingerprint (W3C Web Annotation)."""

from __future__ import annotations

import json
from typing import Any

from dualtrack.articles.annotation import Annotated, Annotation
from dualtrack.articles.argument import Argument
from dualtrack.articles.recommendation import Recommendation
from dualtrack.articles.sentences import fingerprint
from dualtrack.claims.claim import Claim


def as_json(found: Annotated) -> str:
    """One object; ``sentences`` has an entry per sentence, in order.

    ``start`` and ``end`` count characters of the text as read (TextPositionSelector); ``sha1`` is the fingerprint of
    the sentence, so that its place can be found again in another copy.
    """
    shown = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "article": {"name": found.article.name, "date": found.article.date or None},
        "as_of": {"then": found.day.isoformat() if found.day else None, "now": found.today.isoformat()},
        "mode": found.mode,
        "sentences": [_sentence(one) for one in found.sentences],
    }
    return json.dumps(shown, ensure_ascii=False, indent=2)


def _sentence(one: Annotation) -> dict[str, Any]:
    statement, place = one.statement, one.sentence
    verdict, now = one.verdict, one.now.verdict if one.now else None
    entry: dict[str, Any] = {
        "index": place.index,
        "start": place.start,
        "end": place.end,
        "sha1": fingerprint(place.text),
        "selector": {"type": "TextPositionSelector", "start": place.start, "end": place.end},
        "class": one.class_,
        "check_worthy": round(one.check_worthy, 3),
        "claim": statement.id if isinstance(statement, Claim) else None,
        "score": round(one.score, 3),
        "stance": one.attributed.stance,
        "verdict": verdict.value if verdict else None,
        "verdict_now": now.value if now else None,
        "value": one.then.asked.value if one.then and one.then.asked else None,
        "value_now": one.now.asked.value if one.now and one.now.asked else None,
        "not_computed": statement.not_computed or None if isinstance(statement, Claim) else None,
        "also": [
            {
                "claim": also.claim.id,
                "score": round(also.score, 3),
                "verdict": also.verdict.value if also.verdict else None,
            }
            for also in one.also
        ],
        "speaker": one.attributed.speaker or None,
        "quantities": [{"low": q.low, "high": q.high, "unit": q.unit, "approx": q.approx} for q in one.quantities],
        "states": sorted({named.code for named in one.states}),
        "dates": sorted({dated.iso for dated in one.dates}),
    }
    if isinstance(statement, Argument):
        entry["argument"] = {
            "id": statement.id,
            "question": statement.asked.title,
            "asked": statement.question,
            "answer": one.modelled.headline if one.modelled else None,
            "finding": one.modelled.id if one.modelled else None,
            "yes_pct": {row["priors"]: row["yes_pct"] for row in one.modelled.answer.value} if one.modelled else {},
        }
    if isinstance(statement, Recommendation):
        entry["recommendation"] = {
            "id": statement.id,
            "measures": [
                {
                    "label": m.measure.label,
                    "of": m.measure.of,
                    "then": m.then_words,
                    "now": m.now_words,
                    "moved": m.moved,
                }
                for m in one.measures
            ],
            "not_measured": statement.not_measured or None,
        }
    return entry
