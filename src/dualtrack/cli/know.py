"""``dualtrack know``: the record's tables and the questions it answers."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from dualtrack.analyses.contract import Analysis, analyses
from dualtrack.cli.options import AsOf, Folder, Json, Known, opened
from dualtrack.core.errors import BadInput
from dualtrack.publish.tables import FORMATS, Form
from dualtrack.record.where import compile_where

app = typer.Typer(no_args_is_help=True, help="Know the record: tables, questions, findings.", rich_markup_mode=None)


@app.command()
def ask(
    analysis: Annotated[str | None, typer.Argument(help="The analysis; left out, all are listed.")] = None,
    parameters: Annotated[list[str] | None, typer.Argument(metavar="key=value …")] = None,
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
    as_json: Json = False,
) -> None:
    """Ask the record a question and get a finding with its evidence."""
    if analysis is None:
        typer.echo(_list_json() if as_json else "\n".join(map(_usage, analyses().values())))
        return
    given = dict(_pair(parameter) for parameter in parameters or [])
    finding = opened(as_of, record, known).ask(analysis, **given)
    typer.echo(finding.to_json() if as_json else finding.to_text())


@app.command()
def tables(record: Folder = None, as_of: AsOf = None, known: Known = "any", as_json: Json = False) -> None:
    """List the tables: what they hold, how many rows, how far they were collected."""
    opened_record = opened(as_of, record, known)
    rows = []
    for name in opened_record.tables:
        spec = opened_record.spec(name)
        ends = [extent.complete_to for extent in spec.complete if extent.complete_to]
        rows.append(
            {"table": name, "title": spec.title, "kind": spec.kind, "rows": len(opened_record.rows(name)),
             "complete_to": max(ends, default=None), "collected": spec.collected}
        )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        end = f"to {row['complete_to']}" if row["complete_to"] else ""
        typer.echo(f"{row['table']:24} {row['rows']:>6,}  {end:11}  {row['title']}")


@app.command()
def table(
    name: Annotated[str, typer.Argument(help="The table.")],
    where: Annotated[str, typer.Option("--where", help="A condition, such as: troops_high >= 13000")] = "",
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = "table",
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
    as_json: Json = False,
) -> None:
    """Print the rows of a table as known on a day."""
    opened_record = opened(as_of, record, known)
    spec = opened_record.spec(name)
    condition, values = compile_where(where, spec) if where else ("", [])
    rows = opened_record.rows(name, condition, *values)
    typer.echo(FORMATS["json" if as_json else form](spec, rows), nl=False)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise BadInput(f"{text!r} is not a parameter.", "Write key=value, such as year=2015.")
    return name.strip(), value.strip()


def _usage(analysis: Analysis) -> str:
    lines = [analysis.name, f"  {analysis.summary}."]
    for p in analysis.parameters:
        default = " (required)" if p.required else f" (default {p.default})" if p.default is not None else ""
        lines.append(f"    {p.name}=…  {p.about}{default}")
    return "\n".join(lines)


def _list_json() -> str:
    rows = [
        {
            "analysis": a.name,
            "summary": a.summary,
            "parameters": [
                {"name": p.name, "about": p.about, "required": p.required, "default": p.default} for p in a.parameters
            ],
        }
        for a in analyses().values()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)
