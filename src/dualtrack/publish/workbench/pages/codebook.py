"""Codebook: what every table and column holds, from the schemas themselves."""

from __future__ import annotations

from dualtrack.publish.codebook import meaning
from dualtrack.publish.site import urls
from dualtrack.publish.workbench.parts import Link, Listing, Page, Section, Words
from dualtrack.publish.workbench.view import View
from dualtrack.record.schema import TableSpec

TITLE, ORDER = "Codebook", 70


def page(view: View) -> Page:
    """A table of the tables, then each with its columns."""
    record = view.record
    specs = [record.spec(name) for name in record.tables]
    overview = [
        {
            "table": Link(spec.title, urls.table(spec.table)),
            "columns": Link(f"{len(spec.fields)} columns", "codebook", part=f"t-{spec.table}"),
            "rows": len(record.rows(spec.table)),
            "kind": spec.kind,
            "about": spec.about.replace("`", ""),
        }
        for spec in specs
    ]
    columns = (
        ("table", "Table"), ("columns", "Codebook"), ("rows", "Rows known"), ("kind", "Kind"),
        ("about", "What a row is"),
    )  # fmt: skip
    return Page(
        title=f"Codebook: {len(specs)} tables, {sum(len(spec.fields) for spec in specs)} columns",
        lead="An empty cell is unknown, never zero and never no. Dates are as precise as their sources. State codes "
        "are ISO 3166-1 alpha-3. A hindsight column is blank as of any day before the record was compiled.",
        sections=[
            Section("tables", "Tables", [Listing("All tables", columns, overview, heading=False, whole=True)]),
            *(_table(spec) for spec in specs),
        ],
    )


def _table(spec: TableSpec) -> Section:
    extents = "; ".join(
        f"{extent.part + ': ' if extent.part else ''}{extent.complete_from or 'an unknown start'} to "
        f"{extent.complete_to or 'no stated end'}"
        for extent in spec.complete
    )
    rows = []
    for field in spec.fields:
        holds, unit, about = meaning(field)
        rows.append({"column": field.name, "holds": holds, "unit": unit, "about": about.replace("`", "")})
    columns = (("column", "Column"), ("holds", "Holds"), ("unit", "Unit"), ("about", "What it means"))
    said = f"{spec.about} Collected: {spec.collected} Complete: {extents or 'not stated'}."
    return Section(
        f"t-{spec.table}",
        f"{spec.table}: {spec.title}",
        [Words(said.replace("`", "")), Listing(f"Columns of {spec.table}", columns, rows, heading=False, whole=True)],
        folded=True,
    )
