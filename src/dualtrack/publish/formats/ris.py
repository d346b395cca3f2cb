"""RIS: references for EndNote, Citavi and older managers (Research Information Systems, 2011).

A line is a tag, two spaces, a hyphen, a space and the value, ended by carriage return and line feed. A value is
kept on one line. In names a comma would part surname from first name, so a publisher's comma becomes a slash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dualtrack.core.finding import Finding
from dualtrack.publish.cite import Reference, of_finding, of_rows
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

SUFFIX = ".ris"
MEDIA_TYPE = "application/x-research-info-systems; charset=utf-8"

_TYPES = {"webpage": "ELEC", "dataset": "DATA"}


def text(references: Iterable[Reference]) -> str:
    """The entries one after the other."""
    return "".join(_entry(reference) for reference in references)


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """The sources of the rows, then the row or table of ours."""
    return text(of_rows(spec, rows, record)).encode("utf-8")


def finding(finding: Finding, record: Record) -> bytes:
    """The sources of the finding, then the finding."""
    return text(of_finding(finding, record)).encode("utf-8")


def _entry(reference: Reference) -> str:
    lines = [
        ("TY", _TYPES[reference.kind]),
        ("ID", reference.key),
        ("AU", reference.author.replace(",", " /")),
        ("TI", reference.title),
        ("PY", reference.published[:4]),
        ("DA", _date(reference.published)),
        ("UR", reference.url),
        ("Y2", _date(reference.accessed)),
        ("LA", reference.language),
        ("ET", reference.version),
        ("N1", reference.note),
    ]
    written = [f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value]
    return "".join([*written, "ER  - \r\n"])


def _date(text: str) -> str:
    """``YYYY/MM/DD/``, with the parts that are not known left out.

    >>> _date("2016-05"), _date("2016"), _date("2016-05-09")
    ('2016/05//', '2016///', '2016/05/09/')
    """
    return text.replace("-", "/") + "/" * (3 - text.count("-")) if text else ""
