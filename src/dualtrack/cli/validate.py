"""``dualtrack know validate``: everything that is wrong with a folder or a file of tables, at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dualtrack.cli.options import Json
from dualtrack.cli.progress import counting
from dualtrack.core.errors import Fault
from dualtrack.record.store import packaged
from dualtrack.record.validate import CorrectedCell, Report
from dualtrack.record.validate import validate as check

FAULTY = 1
_SHOWN = 20  # rows or cells that the text names
_REPEATED = 5  # times that the text tells the same of one column


def validate(
    place: Annotated[
        Path, typer.Argument(help="A folder of tables, a CSV file named after its table, or an XLSX workbook.")
    ],
    alone: Annotated[bool, typer.Option("--alone", help="A whole record of its own, not laid over ours.")] = False,
    as_json: Json = False,
) -> None:
    """Check tables of your own: every fault with its place and what would be right. Exit 1 if there is one."""
    with counting("rows read", "rows checked") as (reading, told):
        report = check(place, None if alone else packaged(), told, reading)
    typer.echo(_json(report) if as_json else _text(report))
    if report.faults:
        raise typer.Exit(FAULTY)


def _json(report: Report) -> str:
    return json.dumps(
        {
            "place": str(report.place),
            "rows": report.rows,
            "tables": report.counts,
            "faults": [asdict(fault) for fault in report.faults],
            "replaced": report.replaced,
            "corrected": [
                {"table": c.table, "row": c.row, "field": c.field, "now": c.now, **c.correction.model_dump()}
                for c in report.corrected
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def _text(report: Report) -> str:
    lines = [*_faults(report.faults), *([""] if report.faults else [])]
    if report.replaced:
        count = _count(len(report.replaced), "row")
        lines.append(
            f"{count} of yours in place of ours: {', '.join(report.replaced[:_SHOWN])}{_more(report.replaced)}"
        )
    lines += [f"corrected: {_corrected(cell)}" for cell in report.corrected[:_SHOWN]]
    if len(report.corrected) > _SHOWN:
        lines.append(f"{len(report.corrected) - _SHOWN:,} more cells are corrected; --json lists all")
    read = f"{_count(report.rows, 'row')} of {_count(len(report.counts), 'table')} read"
    if not report.faults:
        return "\n".join([*lines, f"{report.place}: no faults; {read}."])
    files = len({fault.file for fault in report.faults})
    count = f"{_count(len(report.faults), 'fault')} in {_count(files, 'file')}"
    return "\n".join([*lines, f"{count}; {read}. Nothing of it can be used until all are mended."])


def _faults(faults: list[Fault]) -> Iterator[str]:
    """Each fault in a line; of one that repeats all down a column only the first few, and how often."""
    seen = Counter((fault.file, fault.sheet, fault.column, fault.problem) for fault in faults)
    told: Counter[tuple[str, str, str, str]] = Counter()
    for fault in faults:
        kind = (fault.file, fault.sheet, fault.column, fault.problem)
        told[kind] += 1
        if told[kind] <= _REPEATED or seen[kind] <= _REPEATED + 1:
            yield str(fault)
        elif told[kind] == _REPEATED + 1:
            column = f" [{fault.column}]" if fault.column else ""
            rest = seen[kind] - _REPEATED
            yield f"{fault.file}{column}: the same in {rest:,} more lines, from line {fault.line} on; --json lists all."


def _corrected(cell: CorrectedCell) -> str:
    was, now = ("empty" if value is None else value for value in (cell.correction.was, cell.now))
    status = cell.correction.status.replace("_", " ")
    return f"{cell.table}/{cell.row} {cell.field}: {was} → {now} ({status}; {cell.correction.reason})"


def _more(items: list[str]) -> str:
    return f" and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
