"""``dualtrack know validate``: everything that is wrong with a folder or a file of tables, at once."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dualtrack.cli.options import Json
from dualtrack.cli.progress import counting
from dualtrack.record.store import packaged
from dualtrack.record.validate import Report
from dualtrack.record.validate import validate as check

FAULTY = 1


def validate(
    place: Annotated[
        Path, typer.Argument(help="A folder of tables, a CSV file named after its table, or an XLSX workbook.")
    ],
    alone: Annotated[bool, typer.Option("--alone", help="A whole record of its own, not laid over ours.")] = False,
    as_json: Json = False,
) -> None:
    """Check tables of your own: every fault with its place and what would be right. Exit 1 if there is one."""
    with counting("rows checked") as told:
        report = check(place, None if alone else packaged(), told)
    typer.echo(_json(report) if as_json else _text(report))
    if report.faults:
        raise typer.Exit(FAULTY)


def _json(report: Report) -> str:
    faults = [asdict(fault) for fault in report.faults]
    return json.dumps(
        {"place": str(report.place), "rows": report.rows, "tables": report.counts, "faults": faults},
        ensure_ascii=False,
        indent=2,
    )


def _text(report: Report) -> str:
    read = f"{_count(report.rows, 'row')} of {_count(len(report.counts), 'table')} read"
    if not report.faults:
        return f"{report.place}: no faults; {read}."
    files = len({fault.file for fault in report.faults})
    lines = [str(fault) for fault in report.faults]
    return "\n".join([*lines, "", f"{_count(len(lines), 'fault')} in {_count(files, 'file')}; {read}."])


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
