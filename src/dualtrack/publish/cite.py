"""How to cite a row, a table or a finding: its producers first, then dualtrack.

A reference is neutral; ``formats/bibtex.py``, ``csl.py`` and ``ris.py`` write it in the languages of reference
managers. Keys are the source ids of the record, which never change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dualtrack import __version__
from dualtrack.core.dates import spell
from dualtrack.core.finding import Finding
from dualtrack.core.yamlfile import read_yaml
from dualtrack.record.cells import first_moment
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record, packaged

AUTHORS = "dualtrack contributors"
LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


@dataclass(frozen=True)
class Reference:
    """One work to cite. Dates are as precise as they are known (``2016``, ``2016-05`` or ``2016-05-09``)."""

    key: str
    kind: Literal["webpage", "dataset"]
    author: str
    title: str
    published: str = ""
    url: str = ""
    accessed: str = ""
    language: str = ""
    version: str = ""
    note: str = ""


def of_sources(record: Record, ids: Iterable[str]) -> list[Reference]:
    """The works behind these source ids, each once, sorted by key; an alias counts as its original."""
    originals = {record.row("sources", id_)["same_as"] or id_ for id_ in ids}
    return [_source(record.row("sources", str(id_))) for id_ in sorted(map(str, originals))]


def of_rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> list[Reference]:
    """The sources of the rows, then what was taken from dualtrack: the one row, or the table."""
    if spec.table == "sources":
        return of_sources(record, (row.id for row in rows))
    sources = of_sources(record, (source for row in rows for source in row.sources))
    place = f"{spec.table}/{rows[0].id}" if len(rows) == 1 else spec.table
    what = f"Row {place}" if len(rows) == 1 else f"Table {place}"
    return [*sources, _ours(record, f"{spec.title} ({place})", place, f"{what} of {title()}")]


def of_finding(finding: Finding, record: Record) -> list[Reference]:
    """The sources the finding rests on, then the finding."""
    sources = of_sources(record, (source.id for source in finding.sources))
    return [*sources, _ours(record, finding.headline, finding.id, f"Finding {finding.id}, from {title()}")]


def of_record(record: Record) -> Reference:
    """The record as a whole."""
    return _ours(record, title(), "record", "")


def sentence(reference: Reference) -> str:
    """A reference as a line of text for a footnote.

    >>> sentence(Reference("x", "webpage", "NATO", "A summit", "2016-07", "https://example.org/", "2026-11"))
    'NATO: A summit. July 2016. https://example.org/ (read in November 2026).'
    """
    parts = [f"{reference.author}: {reference.title}."]
    parts += [f"Version {reference.version}."] if reference.version else []
    parts += [f"{spell(reference.published)}."] if reference.published else []
    read = f" (read in {spell(reference.accessed)})" if reference.accessed else ""
    parts += [f"{reference.url}{read}."] if reference.url else []
    return " ".join([*parts, *([f"{reference.note}."] if reference.note else [])])


@lru_cache(maxsize=1)
def title() -> str:
    """The title of the record."""
    return str(read_yaml(packaged() / "record.yml")["title"])


def _source(row: Row) -> Reference:
    return Reference(
        key=row.id,
        kind="webpage",
        author=row.text("publisher") or row.id,
        title=row.text("title") or row.text("publisher") or row.id,
        published=_plain_date(row.text("published")),
        url=row.text("url"),
        accessed=_plain_date(row.text("accessed")),
        language=row.text("language"),
    )


def _ours(record: Record, name: str, place: str, note: str) -> Reference:
    known = "from dated sources" if record.strict else "to the public"
    day = f"As known {known} on {spell(record.as_of)}"
    return Reference(
        key="dualtrack." + re.sub(r"[^A-Za-z0-9._+-]+", "-", place),
        kind="dataset",
        author=AUTHORS,
        title=name,
        published=record.compiled.isoformat(),
        version=f"{__version__}, record of {record.compiled.isoformat()}",
        note=f"{note}. {day}" if note else day,
    )


def _plain_date(text: str) -> str:
    """The date without time; empty where there is none."""
    if not text:
        return ""
    return text if _DATE.fullmatch(text) else first_moment(text).isoformat()
