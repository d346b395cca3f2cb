"""The questions whose findings are published: every analysis with each of its examples."""

from __future__ import annotations

from dualtrack.analyses.contract import analyses
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.record.store import Record


def published_findings(record: Record) -> list[Finding]:
    """The findings as of the record's day; a question the record cannot answer yet is left out."""
    found = []
    for analysis in analyses().values():
        for example in analysis.examples:
            try:
                found.append(analysis.ask(record, example))
            except BadInput:
                continue
    return found
