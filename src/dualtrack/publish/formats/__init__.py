"""Formats: one writer a file, found by name in this folder, so that adding a format is adding one file.

A module of this folder declares

* ``SUFFIX``, the file ending with its point, and ``MEDIA_TYPE`` (RFC 6838);
* ``BINARY = True`` where a terminal cannot show it;
* ``rows(spec, rows, record) -> bytes`` if it writes a table, ``finding(finding, record) -> bytes`` if it writes a
  finding; a format may do both.

The same rows of the same record are the same bytes, whatever the day and the machine.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Literal

from dualtrack.core.errors import NoSuchName
from dualtrack.core.finding import Finding
from dualtrack.record.rows import Row
from dualtrack.record.schema import TableSpec
from dualtrack.record.store import Record

Subject = Literal["rows", "finding"]


@dataclass(frozen=True)
class Format:
    """A way to write rows of a table, a finding, or both."""

    name: str
    about: str
    suffix: str
    media_type: str
    binary: bool
    rows: Callable[[TableSpec, Sequence[Row], Record], bytes] | None
    finding: Callable[[Finding, Record], bytes] | None


@lru_cache(maxsize=1)
def _all() -> dict[str, Format]:
    return {module.name: _described(module.name) for module in pkgutil.iter_modules(__path__)}


def _described(name: str) -> Format:
    module = import_module(f"dualtrack.publish.formats.{name}")
    return Format(
        name=name,
        about=(module.__doc__ or "").partition("\n")[0].rstrip("."),
        suffix=module.SUFFIX,
        media_type=module.MEDIA_TYPE,
        binary=getattr(module, "BINARY", False),
        rows=getattr(module, "rows", None),
        finding=getattr(module, "finding", None),
    )


def formats(subject: Subject) -> dict[str, Format]:
    """The formats that rows, or a finding, can be written in, by name, sorted."""
    return {name: found for name, found in sorted(_all().items()) if getattr(found, subject)}


def chosen(subject: Subject, name: str | None, output: Path | None, otherwise: str) -> Format:
    """The format a user means: the one named, else the one the file's name ends in, else the usual one.

    Raises:
        NoSuchName: there is none of this name for the subject.
    """
    known = formats(subject)
    if name is None and output is not None:
        ending = [found for found in known.values() if output.name.lower().endswith(found.suffix)]
        if not ending and output.suffix:
            raise NoSuchName("format with the ending", output.suffix, sorted(found.suffix for found in known.values()))
        return max(ending, key=lambda found: len(found.suffix), default=known[otherwise])
    if (name or otherwise) not in known:
        raise NoSuchName("format of a table" if subject == "rows" else "format of a finding", str(name), list(known))
    return known[name or otherwise]


def missing_extra(form: str, extra: str) -> str:
    """The line that installs what a format needs."""
    return f'{form} needs an extra package: pip install "dualtrack[{extra}]"'
