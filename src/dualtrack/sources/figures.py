"""Figures as publishers write them: numbers, signs for missing values, years in a header, digits shown."""

from __future__ import annotations

import re
from typing import Any

# How publishers say that there is no figure. SIPRI: "..." or ". ." not available, "xxx" the state did not exist;
# NATO: ".." not available, "-" nil or not applicable; the World Bank: empty, or ".." in its DataBank.
SIGNS = frozenset({"...", "..", "…", ". .", "xxx", "-", "–", "—", "n/a", "na", "n.a.", "null"})
_NUMBER = re.compile(
    r"[+-]?(?:\d{1,3}(?:[ \u00a0\u202f']\d{3})+|\d{1,3}(?:,\d{3})+(?=\.)|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,2})?",
    re.ASCII,
)
_YEAR = re.compile(r"((?:19|20)\d{2})(?:\.0)?\s*(?:\[YR\1\])?\s*(\(?e(?:st)?\.?\)?)?", re.IGNORECASE | re.ASCII)
_BIG = 1e15


def sign(value: Any) -> str | None:
    """The sign for a missing value that a cell holds, as it is counted; None where it holds something else.

    >>> sign(". ."), sign(" XXX "), sign("1.5"), sign("#REF!")
    ('. .', 'xxx', None, '#REF!')
    """
    if value is None or value == "":
        return "empty"
    if isinstance(value, str):
        text = " ".join(value.split()).casefold()
        if not text:
            return "empty"
        if text in SIGNS:
            return text
        if re.fullmatch(r"#(REF|N/A|NAME\?|VALUE|DIV/0|NULL|NUM)!?", value.strip()):
            return value.strip()
    return None


def number(value: Any) -> float | None:
    """The number a cell holds, or None: yes and no are none, nor is a comma that may be a decimal one.

    >>> number(2), number("1 234.5"), number("1,234.5"), number("1,234"), number("1,5"), number(True)
    (2.0, 1234.5, 1234.5, None, None, None)
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        found = float(value) if abs(value) < _BIG else None
        return found if found == found else None
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = value.strip()
    if not text or not _NUMBER.fullmatch(text) or not re.search(r"\d", text):
        return None
    found = float(re.sub(r"[ \u00a0\u202f,']", "", text))
    return found if abs(found) < _BIG else None


def year(value: Any) -> tuple[int, bool] | None:
    """The year a header cell names, and whether it is marked as an estimate.

    >>> year(2019), year("2024e"), year("2010 [YR2010]"), year("Notes")
    ((2019, False), (2024, True), (2010, False), None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return (int(value), False) if 1900 <= value <= 2099 and float(value).is_integer() else None
    if not isinstance(value, str) or len(value) > 40:
        return None
    found = _YEAR.fullmatch(value.strip())
    return (int(found.group(1)), bool(found.group(2))) if found else None


def decimals(shown: str) -> int | None:
    """How many decimals a number format shows; None where it does not say.

    >>> decimals("#,##0.00"), decimals("0%"), decimals("General")
    (2, 0, None)
    """
    first = shown.split(";")[0]
    if "0" not in first:
        return None
    found = re.search(r"\.(0+)", first)
    return len(found.group(1)) if found else 0


def written(value: float, places: int = 4) -> str:
    """A figure as a cell of the record.

    >>> written(2.030000001), written(1000000.0), written(0.00001)
    ('2.03', '1000000', '0')
    """
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
