"""The questions whose findings are published: every analysis with each of its examples; each asked once a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dualtrack.analyses.contract import analyses, analysis
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding
from dualtrack.record.store import Record


def asked_once(record: Record, name: str, parameters: Mapping[str, Any]) -> Finding | None:
    """The finding, kept with the record; None where the record cannot answer yet."""

    def asked() -> Finding | None:
        try:
            return analysis(name).ask(record, parameters)
        except BadInput:
            return None

    return record.once(("asked", name, tuple(sorted((key, str(value)) for key, value in parameters.items()))), asked)


def published_findings(record: Record) -> list[Finding]:
    """The findings as of the record's day; a question the record cannot answer yet is left out."""
    asked = (
        asked_once(record, question.name, example) for question in analyses().values() for example in question.examples
    )
    return [finding for finding in asked if finding]
