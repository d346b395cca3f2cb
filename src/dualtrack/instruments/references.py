"""Where the numbers of rules come from: their rows of the table ``rules``, and whether they were read in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dualtrack.core.errors import BadInput
from dualtrack.instruments.instrument import Instrument
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TELLING = ("action", "condition", "threshold_value", "unit", "deadline_days", "exemption")


@dataclass(frozen=True)
class Quoted:
    """A number, or a day of the year, that a file quotes: its name there, and the row of ``rules`` it is taken from.

    ``column`` is the column of the row that has to hold it; left empty, it stands anywhere in the words of the row, as
    a second level or a number of times does.
    """

    file: str
    name: str
    value: float | str
    unit: str
    rule: str
    column: str = ""


@dataclass(frozen=True)
class Provenance:
    """One number of a rule: its value, unit and row of ``rules``; ``checked`` is whether it was read in the text."""

    rule: str
    level: str
    value: float | str
    unit: str
    row: Row
    checked: bool


def provenance(record: Record, instruments: Sequence[Instrument]) -> list[Provenance]:
    """Every level and deadline of some instruments with its row of ``rules``.

    Raises:
        BadInput: a rule names a row that is not there, or has another value than its row.
    """
    return looked_up(record, [quoted for instrument in instruments for quoted in _of_rules(instrument)])


def looked_up(record: Record, quoted: Sequence[Quoted]) -> list[Provenance]:
    """Each number with its row of ``rules``.

    Raises:
        BadInput: a file names a row that is not there, or has another value than its row.
    """
    rows = {row.id: row for row in record.rows("rules")}
    found = []
    for number in quoted:
        if number.rule not in rows:
            raise BadInput(
                f"{number.file}.yml names {number.rule}, which is no row of the table rules.",
                "Add the provision with its source, or correct the id.",
            )
        row = rows[number.rule]
        _agree(number, row)
        file = number.file.rpartition("/")[2]
        found.append(Provenance(file, number.name, number.value, number.unit, row, row["checked"] == "text"))
    return found


def _of_rules(instrument: Instrument) -> Iterator[Quoted]:
    for rule in instrument.rules:
        file = f"{instrument.id}/{rule.id}"
        for name, level in rule.written.levels.items():
            yield Quoted(file, name, level.value, level.unit, level.rule, "threshold_value")
        for deadline in rule.written.deadlines:
            yield Quoted(file, "deadline", deadline.days, "days", deadline.rule, "deadline_days")


def _agree(number: Quoted, row: Row) -> None:
    if number.column:
        told = row.text(number.column)
        if isinstance(number.value, str):
            agrees, where = told == number.value, f"{told} in {number.column}"
        elif not told or not told.replace(".", "").isdecimal():
            return  # the row gives no number of this kind
        else:
            agrees, where = float(told) == number.value, f"{told} in {number.column}"
    else:
        told = " ".join(row.text(name) for name in _TELLING if row.spec.has(name))
        agrees, where = number.value in _numbers(told), f"only: {told}"
    if not agrees:
        raise BadInput(
            f"{number.file}.yml has {number.name} {_written(number)}; rules/{row.id} has {where}.",
            "Correct the one that is wrong: a level has one value.",
        )


def _written(number: Quoted) -> str:
    return number.value if isinstance(number.value, str) else f"{number.value:g}"


def _numbers(text: str) -> set[float]:
    """The numbers in a text, written in digits or, up to ten, in words; ``a year`` is one.

    >>> sorted(_numbers("no more than six such activities a year; upper 25,000/400"))
    [0.0, 1.0, 6.0, 400.0, 25000.0]
    """
    figures = re.findall(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?", text)
    words = re.findall(r"[a-z]+", re.sub(r"\b(a|per|each|every)( calendar)? year\b", "one", text.lower()))
    return {float(figure.replace(",", "")) for figure in figures} | {
        float(_WORDS.index(word)) for word in words if word in _WORDS
    }
