"""The codebook: what every table and column holds, generated from the schemas as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from dualtrack.record.schema import FieldSpec, TableSpec

_TYPES = {
    "id": "id",
    "text": "text",
    "state": "state code",
    "states": "state codes joined by ;",
    "code": "code",
    "codes": "codes joined by ;",
    "date": "date (year, month or day)",
    "moment": "date, time or span",
    "integer": "whole number",
    "number": "number",
    "sources": "source ids joined by ;",
    "url": "web address",
    "ref": "id",
}


def codebook(specs: Iterable[TableSpec]) -> str:
    """All tables, one section each."""
    parts = [
        "# Codebook",
        "An empty cell is unknown, never zero and never no. Dates are as precise as their sources. State codes are "
        "ISO 3166-1 alpha-3. *Hindsight* columns are blank as of any day before the record was compiled (a date: "
        "before that date). A *dated* column is blank until the date in the column named. A *panel* is counted from "
        "the other tables when it is asked for. In CSV and XLSX files, text that a spreadsheet would run as a formula "
        "has ' in front; it is taken off when dualtrack reads the file.",
        *(table_section(spec) for spec in specs),
    ]
    return "\n\n".join(parts) + "\n"


def table_section(spec: TableSpec) -> str:
    """One table: what a row is, how it was collected and how far, and its columns."""
    lines = [
        f"## {spec.table}: {spec.title}",
        "",
        f"{spec.about} A {spec.kind} table; the id of a row is `{'.'.join(spec.key)}`.",
        "",
        f"Collected: {spec.collected}",
    ]
    for extent in spec.complete:
        part = f" ({extent.part})" if extent.part else ""
        end = f" to {extent.complete_to}" if extent.complete_to else ""
        note = f"; {extent.note}" if extent.note else ""
        lines.append(f"Complete{part} from {extent.complete_from or 'an unknown start'}{end}{note}.")
    lines += ["", "| column | holds | unit | what it means |", "| --- | --- | --- | --- |"]
    lines += [_row(field) for field in spec.fields]
    return "\n".join(lines)


def meaning(field: FieldSpec) -> tuple[str, str, str]:
    """What a column holds, its unit, and what it means with its codes spelled out."""
    about = field.about
    if field.values:
        about += " " + "; ".join(f"`{code}` {said}" for code, said in field.values.items()) + "."
    if field.also:
        about += f" Also: {', '.join(field.also)}."
    if field.table:
        about += f" A row of {field.table}."
    marks = ["required"] * field.required + ["hindsight"] * field.hindsight
    marks += [f"dated by {field.known}"] * bool(field.known)
    return ", ".join([_TYPES[field.type], *marks]), field.unit, about


def _row(field: FieldSpec) -> str:
    holds, unit, about = meaning(field)
    return f"| {field.name} | {holds} | {unit} | {about.replace('|', '/')} |"
