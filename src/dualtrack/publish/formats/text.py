"""A finding as a terminal shows it."""

from __future__ import annotations

from dualtrack.core.finding import Finding
from dualtrack.record.store import Record

SUFFIX = ".txt"
MEDIA_TYPE = "text/plain; charset=utf-8"


def finding(finding: Finding, record: Record) -> bytes:
    """Headline, answer, readings, editions, coverage and what it rests on."""
    return (finding.to_text() + "\n").encode("utf-8")
