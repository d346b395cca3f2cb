"""Judged claims as schema.org ``ClaimReview`` (JSON-LD), which search engines and fact-check tools read.

A rating from 1 to 5 is given only for a verdict that ends the matter: 5 supported, 4 mostly supported, 1
contradicted. One that depends on the reading, or cannot be told, has no number; its explanation lists the readings.
https://schema.org/ClaimReview; properties required by Google's Fact Check markup: claimReviewed, reviewRating, url.
"""

from __future__ import annotations

import json
from typing import Any

from dualtrack.claims.checking import Checked
from dualtrack.claims.judging import Judgement
from dualtrack.core.verdict import Verdict
from dualtrack.publish.claims.words import ranged
from dualtrack.record.store import Record

_RATINGS = {Verdict.SUPPORTED: 5, Verdict.MOSTLY: 4, Verdict.CONTRADICTED: 1}
_BODIES = ("NATO", "EU", "OSCE", "UN")


def as_claimreview(one: Checked, record: Record, url: str = "") -> str | None:
    """The review as JSON-LD, or None where no analysis can carry the claim.

    Args:
        one: the judged claim; the review gives the verdict as of when it was said, else the one asked for.
        record: for the addresses of the sources.
        url: where the claim's page is; left out, its name within a site.
    """
    if one.asked is None:
        return None
    made = _review(one, one.asked, record, url or f"rows/claims_public/{one.claim.number}.html")
    # "<" is written so that the text can stand in a script element of a page
    return json.dumps(made, ensure_ascii=False, indent=2).replace("<", "\\u003c")


def _review(one: Checked, found: Judgement, record: Record, url: str) -> dict[str, Any]:
    claim = one.claim
    cards = record.sources(claim.sources)
    links = [card.url for card in cards if card.url.startswith(("https://", "http://"))]
    kind = "Organization" if claim.speaker.name.upper() in _BODIES or not claim.speaker.role else "Person"
    author = {"@type": kind, "name": claim.speaker.name, "jobTitle": claim.speaker.role}
    item = {
        "@type": "Claim",
        "name": claim.statement,
        "author": {name: value for name, value in author.items() if value},
        "datePublished": claim.said,
        "appearance": [{"@type": "CreativeWork", "url": link} for link in links],
    }
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "datePublished": (one.latest or found).day.isoformat(),
        "claimReviewed": claim.statement,
        "author": {"@type": "Organization", "name": "dualtrack"},
        "itemReviewed": {name: value for name, value in item.items() if value},
        "reviewRating": _rating(found),
        "isBasedOn": [
            {"@type": "Dataset", "name": finding.question, "identifier": finding.id} for finding in found.findings
        ],
    }


def _rating(found: Judgement) -> dict[str, Any]:
    rating: dict[str, Any] = {"@type": "Rating"}
    if found.verdict in _RATINGS:
        rating |= {"ratingValue": _RATINGS[found.verdict], "bestRating": 5, "worstRating": 1}
    readings = [f"{r.label}: {r.verdict.value} ({r.value})" for r in found.counted if r.label]
    explained = [f"As known on {found.day}: {found.value}.", *([f"{ranged(found)}."] if ranged(found) else [])]
    if readings:
        explained.append(f"Readings: {'; '.join(readings)}.")
    return {**rating, "alternateName": found.verdict.value, "ratingExplanation": " ".join(explained)}
