"""The files of the package: every table and panel as known, and what explains and cites them."""

from __future__ import annotations

from dataclasses import dataclass

from dualtrack.publish.archive import zipped
from dualtrack.publish.cite import of_sources
from dualtrack.publish.codebook import codebook
from dualtrack.publish.datapackage.descriptor import descriptor
from dualtrack.publish.datapackage.readme import citation, readme
from dualtrack.publish.datapackage.table_schema import Table
from dualtrack.publish.formats import bibtex, csl, ris
from dualtrack.publish.formats import csv as csv_format
from dualtrack.publish.panels import panels
from dualtrack.record.rows import Row
from dualtrack.record.store import Record


@dataclass(frozen=True)
class Package:
    """A package of the record: its files by path, and how many rows are in it and were left out."""

    files: dict[str, bytes]
    rows: int
    tables: int
    withheld: int

    def zip(self) -> bytes:
        """The package in one file; the same record gives the same bytes."""
        return zipped(self.files)


def package(record: Record, overlay: bool = False) -> Package:
    """The record as known on its day, without what may not be passed on.

    Args:
        record: the record.
        overlay: whether a user's own tables are laid over ours, which the package then says.
    """
    barred = {row.id for row in record.rows("sources") if row["redistribute"] == "no"}

    def may_go(row: Row) -> bool:
        return not row.sources or not barred.issuperset(row.sources)

    passed_on = record.only(may_go)
    withheld = sum(len(record.rows(name)) - len(passed_on.rows(name)) for name in record.tables)
    tables = _tables(passed_on)
    data = {name: csv_format.rows(table.spec, table.rows, passed_on) for name, table in tables.items()}
    works = of_sources(passed_on, (row.id for row in tables["sources"].rows))
    files = {
        "README.md": readme(passed_on, tables, withheld, overlay),
        "CITATION.cff": citation(passed_on, overlay),
        "codebook.md": codebook(table.spec for table in tables.values()).encode("utf-8"),
        "datapackage.json": descriptor(passed_on, tables, data, works, overlay),
        "sources.bib": bibtex.text(works).encode("utf-8"),
        "sources.csl.json": csl.text(works).encode("utf-8"),
        "sources.ris": ris.text(works).encode("utf-8"),
        **{f"data/{name}.csv": content for name, content in data.items()},
    }
    rows = sum(len(table.rows) for table in tables.values())
    return Package(dict(sorted(files.items())), rows, len(tables), withheld)


def _tables(record: Record) -> dict[str, Table]:
    """Every table and panel, and of the sources those that a row names (and the originals of their aliases)."""
    found = {name: Table(record.spec(name), record.rows(name)) for name in record.tables if name != "sources"}
    found |= {name: Table(panel.spec, panel.rows(record)) for name, panel in panels().items()}
    named = {source for table in found.values() for row in table.rows for source in row.sources}
    originals = {str(record.row("sources", id_)["same_as"] or id_) for id_ in named}
    sources = [row for row in record.rows("sources") if row.id in named | originals]
    found["sources"] = Table(record.spec("sources"), sources)
    return dict(sorted(found.items()))
