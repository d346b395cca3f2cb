"""What is said of a judged claim in words: the same in a terminal, on a card and in JUnit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dualtrack.claims.judging import Judgement
from dualtrack.claims.sensitivity import Flip
from dualtrack.core.dates import spell

_CODE = re.compile(r"(?<![\w-])[A-Z]{3}(?![\w-])")
_CODES = re.compile(r"[A-Z0-9]{2,5}(, [A-Z0-9]{2,5})+")
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")


def firmness(found: Judgement) -> str:
    """In how many readings, corners and editions it holds: `holds in 3 of 5 readings, 4 of 4 corners`."""
    counted = found.counted
    said = [f"{sum(r.verdict.holds for r in counted)} of {_count(len(counted), 'reading')}"] if _read(found) else []
    if found.corners:
        said.append(f"{found.corners.holds} of {_count(found.corners.of, 'corner')}")
    if found.editions:
        said.append(f"{sum(e.verdict.holds for e in found.editions)} of {_count(len(found.editions), 'edition')}")
    return f"holds in {', '.join(said)}" if said else ""


def nearest(found: Judgement, most: int = 1) -> str:
    """The nearest line on each side of the figures the verdict rests on: `flips below 20,000 persons (…)`.

    Args:
        found: the judgement.
        most: figures that are named.
    """
    said: list[str] = []
    for name in list(dict.fromkeys(flip.figure for flip in found.flips))[:most]:
        flips = sorted((flip for flip in found.flips if flip.figure == name), key=lambda flip: flip.at)
        said.append(_of_figure(name, flips))
    return f"flips {'; or '.join(said)}" if said else ""


def in_names(value: str, names: Mapping[str, str]) -> str:
    """A value as a reader wants it: states by name, those of a list in the order of their names; a date spelt out.

    >>> in_names("DEU, AUT", {"DEU": "Germany", "AUT": "Austria"}), in_names("2022-01-12", {})
    ('Austria, Germany', '12 January 2022')
    """
    if _DATE.fullmatch(value):
        return spell(value)
    if _CODES.fullmatch(value):
        return ", ".join(sorted(names.get(code, code) for code in value.split(", ")))
    return _CODE.sub(lambda found: names.get(found[0], found[0]), value)


def _of_figure(name: str, flips: Sequence[Flip]) -> str:
    low = next((flip for flip in flips if flip.side == "below"), None)
    high = next((flip for flip in reversed(flips) if flip.side == "above"), None)
    if low and high and low.at == high.at:
        text = f"at any other figure than {str(low).removeprefix('below ')}"
    else:
        text = " or ".join(str(flip) for flip in flips if flip in (low, high) or flip.side == "at")
    return f"{text} ({name})" if name else text


def ranged(found: Judgement) -> str:
    """What the verdict rests on, in a line: firmness, then the nearest flip, then why it cannot be told."""
    why = "" if found.why in found.value else found.why
    return " · ".join(filter(None, [firmness(found), nearest(found), why]))


def _read(found: Judgement) -> bool:
    return any(reading.reading for reading in found.readings)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
