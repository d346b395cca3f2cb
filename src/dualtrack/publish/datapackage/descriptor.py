"""``datapackage.json`` (Data Package Standard 2.0): what is in the package, from whom, under which terms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from dualtrack import __version__
from dualtrack.publish.cite import AUTHORS, LICENCE, LICENCE_URL, Reference, title
from dualtrack.publish.datapackage.table_schema import Descriptor, Table, table_schema
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def descriptor(
    record: Record, tables: Mapping[str, Table], data: Mapping[str, bytes], sources: list[Reference], overlay: bool
) -> bytes:
    """The descriptor as JSON.

    Args:
        record: the record as known on its day.
        tables: the tables that go out, by name.
        data: the file of each table, by name.
        sources: the works the rows come from.
        overlay: whether a user's own tables are laid over ours.
    """
    found: Descriptor = {
        "$schema": PROFILE,
        "name": "dualtrack-record",
        "title": title(),
        "description": (
            f"The record of dualtrack as known to the public on {record.as_of.isoformat()}"
            f"{' from dated sources' if record.strict else ''}. README.md says how to read and how to cite it."
        ),
        "version": f"{record.compiled:%Y.%m.%d}{'+own' if overlay else ''}",
        "created": f"{record.compiled.isoformat()}T00:00:00Z",
        "contributors": [{"title": AUTHORS, "roles": ["creator"]}],
        "keywords": ["NATO", "Russia", "arms control", "confidence-building", "deterrence", "dialogue"],
        "licenses": [
            {"name": LICENCE, "path": LICENCE_URL, "title": "Creative Commons Attribution 4.0: our coding and tables"}
        ],
        "sources": [_source(source) for source in sources],
        "resources": [_resource(table, data[name], tables) for name, table in tables.items()],
        "dualtrack": {
            "asOf": record.as_of.isoformat(),
            "known": "strict" if record.strict else "any",
            "software": __version__,
            "ownTables": overlay,
        },
    }
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _resource(table: Table, data: bytes, tables: Mapping[str, Table]) -> Descriptor:
    spec = table.spec
    return {
        "name": spec.table,
        "path": f"data/{spec.table}.csv",
        "type": "table",
        "title": spec.title,
        "description": " ".join([spec.about.replace("`", ""), f"Collected: {spec.collected}", *extents(spec)]),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": table_schema(table, tables),
    }


def extents(spec: TableSpec) -> list[str]:
    """How far each part of a table was collected, a sentence each."""
    return [
        f"Complete{f' ({extent.part})' if extent.part else ''} from {extent.complete_from or 'an unknown start'}"
        f"{f' to {extent.complete_to}' if extent.complete_to else ''}{f'; {extent.note}' if extent.note else ''}."
        for extent in spec.complete
    ]


def _source(source: Reference) -> Descriptor:
    return {"title": f"{source.author}: {source.title}", **({"path": source.url} if source.url else {})}
