"""PROV-JSON: where a finding comes from, for archives and replication (W3C Member Submission, 2013)."""

from __future__ import annotations

import json

from dualtrack.core.finding import Finding
from dualtrack.publish.prov import document
from dualtrack.record.store import Record

SUFFIX = ".prov.json"
MEDIA_TYPE = "application/json"


def finding(finding: Finding, record: Record) -> bytes:
    """The entities, the activity and the agents behind the finding."""
    return (json.dumps(document(finding), ensure_ascii=False, indent=2) + "\n").encode("utf-8")
