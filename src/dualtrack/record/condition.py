"""Conditions of the closed expression language held against one row in memory, three-valued.

The rules are those of ``record/where.py``, where the same language becomes SQL: a comparison with an unknown value
is unknown, and a date of reduced precision passes only when every day it can mean does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput
from dualtrack.core.expression import Literal, Name, Node, Operation, parse
from dualtrack.record.cells import first_moment, last_moment

Row = Mapping[str, Any]
Answer = Callable[[Row], bool | None]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {"+": add, "-": sub, "*": mul}


@lru_cache(maxsize=1024)
def condition(text: str, dates: frozenset[str], where: str = "the condition") -> Answer:
    """The condition as a function of a row: True, False, or None where an unknown value decides.

    Args:
        text: the expression.
        dates: the columns that hold dates of any precision.
        where: what to call it in messages.

    Raises:
        BadInput: the text is no condition. The function itself raises it where a column is missing or a number is
            compared with a text.
    """
    return _boolean(parse(text, where), dates, where)


def _boolean(node: Node, dates: frozenset[str], where: str) -> Answer:
    if not isinstance(node, Operation) or node.operator in "+-*/":
        raise _error(where, node, "this is a value, not a condition", "Compare it: column = 'value'.")
    match node.operator:
        case "and" | "or" as word:
            return _joined([_boolean(part, dates, where) for part in node.operands], decided=word == "or")
        case "not":
            inner = _boolean(node.operands[0], dates, where)
            return lambda row: None if (found := inner(row)) is None else not found
        case "known":
            value = _value(node.operands[0], where)
            return lambda row: value(row) is not None
        case "has":
            return _has(node, where)
        case "in":
            tests = [Operation("=", (node.operands[0], item), node.column) for item in node.operands[1:]]
            return _joined([_comparison(test, dates, where) for test in tests], decided=True)
        case _:
            return _comparison(node, dates, where)


def _joined(parts: list[Answer], decided: bool) -> Answer:
    """All of them, or any of them if ``decided`` is True, by Kleene's strong logic."""

    def test(row: Row) -> bool | None:
        open_ = False
        for part in parts:
            found = part(row)
            if found is decided:
                return decided
            open_ = open_ or found is None
        return None if open_ else not decided

    return test


def _has(node: Operation, where: str) -> Answer:
    column, item = node.operands
    if not isinstance(column, Name) or not isinstance(item, Literal):
        raise _error(where, node, "has() takes a column and a value", "Write has(participants, 'EST').")
    value, wanted = _value(column, where), str(item.value)

    def test(row: Row) -> bool | None:
        found = value(row)
        if found is None:
            return None
        return wanted in (found if isinstance(found, (list, tuple)) else str(found).split(";"))

    return test


def _comparison(node: Operation, dates: frozenset[str], where: str) -> Answer:
    left, right = node.operands
    if isinstance(left, Name) and left.name in dates and isinstance(right, Literal):
        return _date(left, node.operator, right, where)
    a, b, compare = _value(left, where), _value(right, where), _COMPARE[node.operator]

    def test(row: Row) -> bool | None:
        x, y = a(row), b(row)
        if x is None or y is None:
            return None
        if isinstance(x, (int, float)) != isinstance(y, (int, float)):
            raise _error(where, node, "a number is compared with a text", "Text stands in quotes, numbers do not.")
        return compare(x, y)

    return test


def _date(column: Name, operator: str, literal: Literal, where: str) -> Answer:
    text = f"{literal.value:.0f}" if isinstance(literal.value, float) else literal.value
    try:
        first, last = first_day(text), last_day(text)
    except ValueError:
        raise _error(where, literal, f"{text!r} is not a date", "Write 2016, 2016-05 or 2016-05-09.") from None
    value = _value(column, where)

    def test(row: Row) -> bool | None:
        found = value(row)
        if found is None:
            return None
        earliest, latest = first_moment(str(found)), last_moment(str(found))
        match operator:
            case "=":
                return earliest >= first and latest <= last
            case "!=":
                return not (earliest >= first and latest <= last)
            case "<" | "<=":
                return _COMPARE[operator](latest, first if operator == "<" else last)
            case _:
                return _COMPARE[operator](earliest, last if operator == ">" else first)

    return test


def _value(node: Node, where: str) -> Callable[[Row], Any]:
    if isinstance(node, Literal):
        constant = node.value
        return lambda row: constant
    if isinstance(node, Name):
        return _column(node, where)
    if node.operator not in "+-*/":
        raise _error(where, node, "a condition stands where a value is needed", "Put brackets around the comparison.")
    a, b = (_value(operand, where) for operand in node.operands)

    def compute(row: Row) -> float | None:
        x, y = a(row), b(row)
        if x is None or y is None:
            return None
        if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
            raise _error(where, node, "only numbers can be added or multiplied", "Use columns that hold numbers.")
        if node.operator == "/":
            return x / y if y else None
        return _ARITHMETIC[node.operator](x, y)

    return compute


def _column(node: Name, where: str) -> Callable[[Row], Any]:
    name = node.name

    def read(row: Row) -> Any:
        if name not in row:
            known = ", ".join(row)
            raise _error(where, node, f"there is no column {name!r}", f"Columns: {known}. Text stands in quotes.")
        return row[name]

    return read


def _error(where: str, node: Node, problem: str, fix: str) -> BadInput:
    return BadInput(f"{where}, column {node.column}: {problem}.", fix)
