"""JSON (RFC 8259): a list of rows, or a finding as its schema describes it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dualtrack.core.finding import Finding
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

SUFFIX = ".json"
MEDIA_TYPE = "application/json"


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """A list of rows, each with its permanent id; an unknown cell is null."""
    found = [{"row": f"{spec.table}/{row.id}", **row} for row in rows]
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def finding(finding: Finding, record: Record) -> bytes:
    """The finding with its evidence and sources (``core/finding.schema.json``)."""
    return (finding.to_json() + "\n").encode("utf-8")
