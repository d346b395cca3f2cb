"""BibTeX: references for LaTeX, one entry a source, ours last.

Text is UTF-8 with the characters that TeX acts on escaped (Lamport, *LaTeX*, 2nd ed., section 2.2.1); names and
titles stand in double braces, so that no style splits a publisher into persons or changes a title's capitals.
Addresses are left as they are, as biblatex and the ``url`` package read them, with braces and backslashes
percent-encoded (RFC 3986, section 2.1). A date of reduced precision has a year, or a year and a month.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dualtrack.core.finding import Finding
from dualtrack.publish.cite import Reference, of_finding, of_rows
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

SUFFIX = ".bib"
MEDIA_TYPE = "application/x-bibtex; charset=utf-8"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibTeX would count \{ as a brace that opens
        "}": r"\textbraceright{}",
        "#": r"\#",
        "$": r"\$",
        "%": r"\%",
        "&": r"\&",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def text(references: Iterable[Reference]) -> str:
    """The entries, a blank line between them."""
    return "\n".join(_entry(reference) for reference in references)


def rows(spec: TableSpec, rows: Sequence[Row], record: Record) -> bytes:
    """The sources of the rows, then the row or table of ours."""
    return text(of_rows(spec, rows, record)).encode("utf-8")


def finding(finding: Finding, record: Record) -> bytes:
    """The sources of the finding, then the finding."""
    return text(of_finding(finding, record)).encode("utf-8")


def _entry(reference: Reference) -> str:
    year, _, rest = reference.published.partition("-")
    month, _, day = rest.partition("-")
    fields = {
        "author": f"{{{{{escaped(reference.author)}}}}}",
        "title": f"{{{{{escaped(reference.title)}}}}}",
        "year": f"{{{year}}}" if year else "",
        "month": _MONTHS[int(month) - 1] if month else "",
        "day": f"{{{int(day)}}}" if day else "",
        "url": f"{{{reference.url.translate(_ADDRESS)}}}" if reference.url else "",
        "urldate": f"{{{reference.accessed}}}" if reference.accessed else "",
        "language": f"{{{escaped(reference.language)}}}" if reference.language else "",
        "version": f"{{{escaped(reference.version)}}}" if reference.version else "",
        "note": f"{{{escaped(reference.note)}}}" if reference.note else "",
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{reference.key},", *lines, "}", ""])


def escaped(text: str) -> str:
    r"""Text that TeX prints as it stands, on one line.

    >>> escaped("Q&A: 5 % of GDP")
    'Q\\&A: 5 \\% of GDP'
    """
    return " ".join(text.split()).translate(_TEX)
