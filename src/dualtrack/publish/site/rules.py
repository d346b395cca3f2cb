"""The page of the rules: each instrument with its provisions and levels, how far its text is modelled, and proposals.

Rules on notification and observation, limits, duties and pledges are shown alike: who is bound to what, and each number
with its row of ``rules``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dualtrack.core.finding import Finding
from dualtrack.instruments.duty import Duty, duties
from dualtrack.instruments.instrument import Instrument, instruments
from dualtrack.instruments.limit import Limit, limits
from dualtrack.instruments.pledge import Pledge, pledges
from dualtrack.instruments.proposal import Proposal, proposals
from dualtrack.instruments.references import Provenance, looked_up, provenance
from dualtrack.publish.site import urls
from dualtrack.record.store import Record


def rules_page(record: Record, findings: Sequence[Finding]) -> dict[str, Any]:
    """What the template shows: instruments with rules first, then the others; recorded proposals, then invented."""
    known = {row.id for row in record.rows("proposals")}
    ran = {found.parameters["proposal"]: found for found in findings if found.analysis == "proposal"}
    texts = sorted(reversed(instruments().values()), key=lambda i: not i.rules)  # the text in force first
    made = [p for p in proposals().values() if p.written.kind == "what_if" or p.written.proposal in known]
    return {
        "instruments": [_instrument(record, text) for text in texts],
        "recorded": [_proposal(p, ran) for p in made if p.written.kind == "recorded"],
        "invented": [_proposal(p, ran) for p in made if p.written.kind == "what_if"],
    }


def _instrument(record: Record, text: Instrument) -> dict[str, Any]:
    levels: dict[str, list[Provenance]] = {}
    for found in provenance(record, [text]):
        levels.setdefault(found.rule, []).append(found)
    others: list[Limit | Duty | Pledge] = [*limits(text.id), *duties(text.id), *pledges(text.id)]
    return {
        "id": text.id,
        "about": text.about,
        "rules": [
            *({"rule": rule, "levels": levels.get(rule.id, [])} for rule in text.rules),
            *({"rule": other, "levels": looked_up(record, list(other.quoted()))} for other in others),
        ],
        "coverage": text.coverage,
        "rows": {row.id for row in record.rows("rules")},
    }


def _proposal(found: Proposal, ran: dict[Any, Finding]) -> dict[str, Any]:
    finding = ran.get(found.id)
    return {
        "proposal": found,
        "finding": finding,
        "url": urls.finding(finding) if finding else "",
        "row": urls.row("proposals", found.written.proposal) if found.written.proposal else "",
    }
