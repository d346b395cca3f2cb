"""CSL-JSON: references for Zotero, Pandoc and Word (Citation Style Language 1.0.2, CSL-JSON schema)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from dualtrack.core.finding import Finding
from dualtrack.publish.cite import Reference, of_finding, of_rows
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

SUFFIX = ".csl.json"
MEDIA_TYPE = "application/vnd.citationstyles.csl+json"


def text(references: Iterable[Reference]) -> str:
    """A list of items."""
    return json.dumps([_item(reference) for reference in references], ensure_ascii=False, indent=2) + "\n"


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """The sources of the rows, then the row or table of ours."""
    return text(of_rows(spec, rows, record)).encode("utf-8")


def finding(finding: Finding, record: Record) -> bytes:
    """The sources of the finding, then the finding."""
    return text(of_finding(finding, record)).encode("utf-8")


def _item(reference: Reference) -> dict[str, Any]:
    item = {
        "id": reference.key,
        "type": reference.kind,
        "author": [{"literal": reference.author}],
        "title": reference.title,
        "issued": _date(reference.published),
        "URL": reference.url,
        "accessed": _date(reference.accessed),
        "language": reference.language,
        "version": reference.version,
        "note": reference.note,
    }
    return {name: value for name, value in item.items() if value}


def _date(text: str) -> dict[str, list[list[int]]] | None:
    """A date with as many parts as are known."""
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else None
