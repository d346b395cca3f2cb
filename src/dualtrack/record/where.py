"""Conditions of the closed expression language over the columns of a table, compiled to SQL.

A comparison with an unknown cell is unknown, and a row whose condition is unknown is not selected. A date of
reduced precision is selected only when every day it can mean satisfies the condition.
"""

from __future__ import annotations

from typing import Any

from dualtrack.core.dates import first_day, last_day
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.expression import Literal, Name, Node, Operation, parse
from dualtrack.record.schema import FieldSpec, TableSpec


def compile_where(text: str, spec: TableSpec) -> tuple[str, list[Any]]:
    """The SQL condition for an expression, with ``?`` for each value, and the values.

    Raises:
        BadInput: the text is no expression, or compares things that cannot be compared.
        NoSuchName: it names a column the table does not have.
    """
    compiler = _Compiler(spec)
    sql = compiler.boolean(parse(text, "--where"))
    return sql, compiler.values


class _Compiler:
    def __init__(self, spec: TableSpec) -> None:
        self.spec = spec
        self.values: list[Any] = []

    def boolean(self, node: Node) -> str:
        if not isinstance(node, Operation) or node.operator in "+-*/":
            raise _error(node, "this is a value, not a condition", "Compare it: column = 'value'.")
        match node.operator:
            case "and" | "or":
                return "(" + f" {node.operator.upper()} ".join(map(self.boolean, node.operands)) + ")"
            case "not":
                return f"(NOT {self.boolean(node.operands[0])})"
            case "known":
                return f"({self.value(node.operands[0])} IS NOT NULL)"
            case "has":
                return self._has(node)
            case "in":
                tests = [Operation("=", (node.operands[0], item), node.column) for item in node.operands[1:]]
                return "(" + " OR ".join(map(self._compare, tests)) + ")"
            case _:
                return self._compare(node)

    def _has(self, node: Operation) -> str:
        column, item = node.operands
        if not isinstance(column, Name) or not isinstance(item, Literal):
            raise _error(node, "has() takes a column and a value", "Write has(participants, 'EST').")
        sql = self.value(column)
        self.values.append(str(item.value))
        return f"list_contains(string_split({sql}, ';'), ?)"

    def _compare(self, node: Operation) -> str:
        left, right = node.operands
        if isinstance(left, Name) and isinstance(right, Literal) and self._is_date(left):
            return self._compare_date(left, node.operator, right)
        numeric = self._is_numeric(left), self._is_numeric(right)
        if numeric[0] != numeric[1]:
            raise _error(node, "a number is compared with a text", "Text stands in quotes, numbers do not.")
        return f"({self.value(left)} {node.operator} {self.value(right)})"

    def _compare_date(self, column: Name, operator: str, literal: Literal) -> str:
        text = f"{literal.value:.0f}" if isinstance(literal.value, float) else literal.value
        try:
            first, last = first_day(text).isoformat(), last_day(text).isoformat()
        except ValueError:
            raise _error(literal, f"{text!r} is not a date", "Write 2016, 2016-05 or 2016-05-09.") from None
        earliest, latest = f'"{column.name}__first"', f'"{column.name}__last"'
        match operator:
            case "=" | "!=":
                self.values += [first, last]
                negation = "NOT " if operator == "!=" else ""
                return f"({negation}({earliest} >= ?::DATE AND {latest} <= ?::DATE))"
            case "<" | "<=":
                self.values.append(first if operator == "<" else last)
                return f"({latest} {operator} ?::DATE)"
            case _:
                self.values.append(last if operator == ">" else first)
                return f"({earliest} {operator} ?::DATE)"

    def value(self, node: Node) -> str:
        if isinstance(node, Literal):
            self.values.append(node.value)
            return "?"
        if isinstance(node, Name):
            return f'"{self._column(node).name}"'
        if node.operator not in "+-*/":
            raise _error(node, "a condition stands where a value is needed", "Put brackets around the comparison.")
        for operand in node.operands:
            if not self._is_numeric(operand):
                raise _error(operand, "only numbers can be added or multiplied", "Use columns that hold numbers.")
        left, right = (self.value(operand) for operand in node.operands)
        return f"({left} / nullif({right}, 0))" if node.operator == "/" else f"({left} {node.operator} {right})"

    def _is_numeric(self, node: Node) -> bool:
        if isinstance(node, Literal):
            return isinstance(node.value, float)
        if isinstance(node, Name):
            return self._column(node).type in ("integer", "number")
        return node.operator in "+-*/"

    def _is_date(self, node: Name) -> bool:
        return self._column(node).type in ("date", "moment")

    def _column(self, node: Name) -> FieldSpec:
        if not self.spec.has(node.name):
            columns = [field.name for field in self.spec.fields]
            raise NoSuchName(f"column of {self.spec.table} (text stands in quotes)", node.name, columns)
        return self.spec.field(node.name)


def _error(node: Node, problem: str, fix: str) -> BadInput:
    return BadInput(f"--where, column {node.column}: {problem}.", fix)
