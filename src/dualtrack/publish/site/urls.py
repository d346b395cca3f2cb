"""Permanent addresses within the site: the same id always has the same page, in every version."""

from __future__ import annotations

import re
from hashlib import sha256

from dualtrack.core.finding import Finding

_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]")


_LONGEST = 200
"""Letters of a name; file systems take 255, some of which an ending or a name for a draft needs."""


def _safe(id_: str) -> str:
    """An id as a file name: anything unusual becomes its code point, so that no two ids share a page.

    A name too long for a file, such as one with a long condition, ends in a hash of the whole.
    """
    name = _UNSAFE.sub(lambda match: f"~{ord(match[0]):x}", id_)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 18]}~~{sha256(id_.encode()).hexdigest()[:16]}"


def table(name: str) -> str:
    """Where a table's page is, without its ending."""
    return f"tables/{_safe(name)}"


def row(name: str, id_: str) -> str:
    """Where a row's page is, without its ending; a source is a row of ``sources``."""
    return f"rows/{_safe(name)}/{_safe(id_)}"


def finding(found: Finding) -> str:
    """Where a finding's page is, without its ending."""
    return finding_of(found.id)


def finding_of(id_: str) -> str:
    """Where the page of a finding of this id is, without its ending."""
    return "findings/" + "/".join(_safe(part) for part in id_.replace("=", "-").replace(",", "_").split("/"))


def up(path: str) -> str:
    """The way from a page back to the top of the site, so that links work from a folder as from a server.

    >>> up("rows/states/EST")
    '../../'
    """
    return "../" * path.count("/")
