"""``dualtrack know``: the record's tables and the questions it answers."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from dualtrack.analyses.contract import Analysis, analyses
from dualtrack.cli.diff import diff
from dualtrack.cli.encounters import encounters
from dualtrack.cli.export import export
from dualtrack.cli.importing import import_
from dualtrack.cli.options import AsOf, Folder, Json, Known, opened
from dualtrack.cli.output import Output, deliver
from dualtrack.cli.validate import validate
from dualtrack.core.errors import BadInput
from dualtrack.publish.formats import chosen, formats
from dualtrack.publish.tables import selected, table_names

FindingForm = Annotated[
    str | None, typer.Option("--format", help=f"How to write it: {', '.join(formats('finding'))}.", metavar="NAME")
]
TableForm = Annotated[
    str | None, typer.Option("--format", help=f"How to write it: {', '.join(formats('rows'))}.", metavar="NAME")
]

app = typer.Typer(no_args_is_help=True, help="Know the record: tables, questions, findings.", rich_markup_mode=None)
app.command()(diff)
app.command()(encounters)
app.command()(export)
app.command("import")(import_)
app.command()(validate)


@app.command()
def ask(
    analysis: Annotated[str | None, typer.Argument(help="The analysis; left out, all are listed.")] = None,
    parameters: Annotated[list[str] | None, typer.Argument(metavar="key=value …")] = None,
    form: FindingForm = None,
    output: Output = None,
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
    as_json: Json = False,
) -> None:
    """Ask the record a question and get a finding with its evidence."""
    if analysis is None:
        typer.echo(_list_json() if as_json else "\n".join(map(_usage, analyses().values())))
        return
    pairs = [_pair(parameter) for parameter in parameters or []]
    given = dict(pairs)
    if len(given) < len(pairs):
        raise BadInput("A parameter is given twice.", "Give each of them once.")
    writer = chosen("finding", "json" if as_json else form, output, otherwise="text")
    opened_record = opened(as_of, record, known)
    finding = opened_record.ask(analysis, **given)
    assert writer.finding
    deliver(writer.finding(finding, opened_record), writer, output)


@app.command()
def tables(record: Folder = None, as_of: AsOf = None, known: Known = "any", as_json: Json = False) -> None:
    """List the tables: what they hold, how many rows, how far they were collected."""
    opened_record = opened(as_of, record, known)
    rows = []
    for name in table_names(opened_record):
        spec, found = selected(opened_record, name)
        ends = [extent.complete_to for extent in spec.complete if extent.complete_to]
        rows.append(
            {"table": name, "title": spec.title, "kind": spec.kind, "rows": len(found),
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
    form: TableForm = None,
    output: Output = None,
    as_of: AsOf = None,
    record: Folder = None,
    known: Known = "any",
    as_json: Json = False,
) -> None:
    """Write the rows of a table, or of a panel counted from the tables, as known on a day."""
    writer = chosen("rows", "json" if as_json else form, output, otherwise="table")
    opened_record = opened(as_of, record, known)
    spec, rows = selected(opened_record, name, where)
    assert writer.rows
    deliver(writer.rows(spec, rows, opened_record), writer, output)


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
