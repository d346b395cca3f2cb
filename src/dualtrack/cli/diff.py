"""``dualtrack know diff``: what differs between two records or two days, and which findings read otherwise."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from dualtrack.api import OpenRecord
from dualtrack.cli.options import AsOf, Json
from dualtrack.core.dates import last_day, parse_day
from dualtrack.core.errors import BadInput
from dualtrack.core.wholefile import write_whole
from dualtrack.publish.feed import atom, change
from dualtrack.publish.reread import Reread, reread
from dualtrack.record.diff import TableDiff, differences
from dualtrack.record.store import open_folders, packaged

_OURS = "packaged"
_SHOWN = 20  # rows of a table that the text lists
_SIDE = "A folder or workbook, 'packaged', or a date."


def diff(
    old: Annotated[str, typer.Argument(help=_SIDE, metavar="A")],
    new: Annotated[str, typer.Argument(help=_SIDE, metavar="B")],
    as_of: AsOf = None,
    feed: Annotated[Path | None, typer.Option("--feed", help="Also write an Atom feed here.", metavar="FILE")] = None,
    as_json: Json = False,
) -> None:
    """Compare two records, or ours on two days: rows added, changed and removed, and findings that change."""
    day = parse_day(as_of, "--as-of") if as_of else datetime.now(UTC).date()
    before, after = _opened(old, day), _opened(new, day)
    tables = differences(before, after)
    findings, asked = reread(before, after)
    if feed:
        updated = after.as_of if before.as_of != after.as_of else after.compiled
        write_whole(feed, atom(f"dualtrack: from {old} to {new}", updated, tables, findings))
    typer.echo(_json(old, new, tables, findings, asked) if as_json else _text(tables, findings, asked))


def _opened(side: str, day: date) -> OpenRecord:
    """The record a side names, as known on the day, or on the day that the side is."""
    place = Path(side)
    if side != _OURS and place.exists():
        whole = (place / "record.yml").is_file()
        return open_folders([place] if whole else [packaged(), place], day, cls=OpenRecord)
    if side != _OURS:
        try:
            day = last_day(side)
        except ValueError:
            raise BadInput(f"There is no record at {side!r}.", f"Name one of these: {_SIDE}") from None
    return open_folders([packaged()], day, cls=OpenRecord)


def _json(old: str, new: str, tables: list[TableDiff], findings: list[Reread], asked: int) -> str:
    counts = [
        {"table": t.table, "added": len(t.added), "changed": len(t.changed), "removed": len(t.removed)} for t in tables
    ]
    rows = [
        {
            "table": t.table,
            "added": t.added,
            "changed": [
                {"row": row.row, "fields": {name: {"old": a, "new": b} for name, (a, b) in row.fields.items()}}
                for row in t.changed
            ],
            "removed": t.removed,
        }
        for t in tables
    ]
    return json.dumps(
        {
            "old": old,
            "new": new,
            "counts": counts,
            "tables": rows,
            "findings_asked": asked,
            "findings": [asdict(finding) for finding in findings],
        },
        ensure_ascii=False,
        indent=2,
    )


def _text(tables: list[TableDiff], findings: list[Reread], asked: int) -> str:
    if not tables and not findings:
        return f"No difference: no row, and none of {asked} findings."
    lines: list[str] = []
    for t in tables:
        lines.append(f"{t.table}: {len(t.added):,} added, {len(t.changed):,} changed, {len(t.removed):,} removed")
        rows = [f"  + {id_}" for id_ in t.added]
        rows += [
            f"  ~ {row.row}  {'; '.join(change(name, *values) for name, values in row.fields.items())}"
            for row in t.changed
        ]
        rows += [f"  - {id_}" for id_ in t.removed]
        lines += rows[:_SHOWN]
        lines += [f"  … and {len(rows) - _SHOWN:,} more; --json lists all"] if len(rows) > _SHOWN else []
    lines += ["", f"{len(findings)} of {asked} findings are answered otherwise:"]
    for finding in findings:
        if not finding.headline:
            lines += [f"  {finding.question}", f"    other figures under the same headline: {finding.new}"]
        else:
            lines += [f"  {finding.question}", f"    was: {finding.old}", f"    now: {finding.new}"]
    return "\n".join(lines)
