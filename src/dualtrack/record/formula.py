"""Text that a spreadsheet would take for a formula: a quote in front when written, taken off when read.

Spreadsheets run a cell that starts with ``= + - @``, a tab or a carriage return (OWASP, *CSV Injection*). Every
file we write therefore puts ``'`` in front of such text, and of such text that has quotes in front already, so
that reading can take exactly one off and nothing is ever changed by going out and coming back. Numbers stay as
they are, negative ones too.
"""

from __future__ import annotations

import re
from typing import TypeVar

Cell = TypeVar("Cell")

_RISKY = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def safe_cell(value: Cell) -> Cell | str:
    """A cell that no spreadsheet runs.

    >>> safe_cell("=SUM(A1)"), safe_cell("-2 rejects it"), safe_cell("-2.5"), safe_cell(-6.0)
    ("'=SUM(A1)", "'-2 rejects it", '-2.5', -6.0)
    """
    if isinstance(value, str) and _RISKY.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def plain_cell(text: str) -> str:
    """The text that ``safe_cell`` was given.

    >>> plain_cell("'-2 rejects it"), plain_cell("'Ndrangheta")
    ('-2 rejects it', "'Ndrangheta")
    """
    return text[1:] if _QUOTED.match(text) else text
