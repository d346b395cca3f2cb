"""Conditions of rules, compiled to array operations: parsed once, type-checked, never evaluated as Python.

A condition compares figures with levels and codes with words. Figures are intervals, so a comparison is yes, no or
unknown for each row; levels may hold one value for each of many variants, and all variants are answered in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal as Word

import numpy as np

from dualtrack.core.errors import BadInput
from dualtrack.core.expression import Literal, Name, Node, Operation, parse
from dualtrack.instruments.columns import Codes, Columns, Numbers, Remembering
from dualtrack.instruments.possibly import Possibly
from dualtrack.instruments.rising import Rising
from dualtrack.instruments.steps import Answer, Steps, all_of, any_of, negated, spread

Levels = Mapping[str, float | np.ndarray | Numbers]
Vocabulary = Mapping[str, Word["number", "answer"] | tuple[str, ...]]
"""What names a condition may use: a figure (or level), an answer found before, or a code with its words."""

_Answer = Callable[[Columns, Levels], Answer]
_Figure = Callable[[Columns, Levels], Numbers]


@dataclass(frozen=True)
class Formula:
    """A compiled condition."""

    text: str
    tree: Node
    names: frozenset[str]
    _answer: _Answer

    def __call__(self, columns: Columns, levels: Levels) -> Possibly:
        """The answer for every row (and every variant of the levels)."""
        return spread(self.answer(columns, levels))

    def answer(self, columns: Columns, levels: Levels) -> Answer:
        """The same answer as it was found: as numbers where levels rise."""
        return self._answer(columns, levels)

    def comparisons(self) -> Iterator[Operation]:
        """Every comparison of figures in the condition, in the order written."""
        yield from _comparisons(self.tree)


def compile_formula(text: str, vocabulary: Vocabulary, where: str) -> Formula:
    """Compiles a condition.

    Args:
        text: the condition.
        vocabulary: the names it may use.
        where: what to call it in messages: file, and key.

    Raises:
        BadInput: it is no condition, uses a name or a word that is not there, or compares what cannot be compared.
    """
    tree = parse(text, where)
    compiler = _Compiler(vocabulary, where)
    answer = compiler.answer(tree)
    return Formula(text, tree, frozenset(compiler.used), answer)


def _comparisons(node: Node) -> Iterator[Operation]:
    if isinstance(node, Operation):
        if node.operator in ("<", "<=", ">", ">="):
            yield node
        for operand in node.operands:
            yield from _comparisons(operand)


class _Compiler:
    def __init__(self, vocabulary: Vocabulary, where: str) -> None:
        self.vocabulary = vocabulary
        self.where = where
        self.used: set[str] = set()

    def _error(self, node: Node, problem: str, fix: str) -> BadInput:
        return BadInput(f"{self.where}, column {node.column}: {problem}.", fix)

    def answer(self, node: Node) -> _Answer:
        if isinstance(node, Name) and self._kind(node) == "answer":
            name = node.name
            return lambda columns, levels: _as_answer(columns[name])
        if not isinstance(node, Operation) or node.operator in "+-*/":
            raise self._error(node, "this is a value, not a condition", "Compare it with a level or a word.")
        match node.operator:
            case "and" | "or" as word:
                parts = [self.answer(operand) for operand in node.operands]
                joined = all_of if word == "and" else any_of
                return lambda columns, levels: joined([part(columns, levels) for part in parts])
            case "not":
                inner = self.answer(node.operands[0])
                return lambda columns, levels: negated(inner(columns, levels))
            case "known":
                return self._known(node)
            case "in":
                return self._words(node, node.operands[0], node.operands[1:])
            case "=" | "!=" if self._is_code(node.operands[0]):
                test = self._words(node, node.operands[0], node.operands[1:])
                return test if node.operator == "=" else lambda columns, levels: negated(test(columns, levels))
            case "has":
                raise self._error(node, "a rule names no states", "Write the rule so that it fits every state.")
            case operator:
                left, right = map(self.figure, node.operands)
                compare = _COMPARE[operator]
                sides = node.operands
                return lambda columns, levels: _once(
                    columns,
                    lambda: (operator, *(_told_apart(side, levels) for side in sides)),
                    lambda: compare(left(columns, levels), right(columns, levels)),
                )

    def _known(self, node: Operation) -> _Answer:
        (operand,) = node.operands
        if isinstance(operand, Name) and isinstance(self._kind(operand), tuple):
            name = operand.name
            return lambda columns, levels: Possibly(_as_codes(columns[name]).places >= 0)
        figure = self.figure(operand)
        return lambda columns, levels: Possibly(_exact(figure(columns, levels)))

    def _words(self, node: Operation, column: Node, items: tuple[Node, ...]) -> _Answer:
        if not isinstance(column, Name) or not isinstance(words := self._kind(column), tuple):
            raise self._error(node, "only a code can be one of a list of words", "Compare figures with < and >=.")
        asked = []
        for item in items:
            if not isinstance(item, Literal) or not isinstance(item.value, str):
                raise self._error(item, "a code is compared with words in quotes", f"{column.name} is one of {words}.")
            if item.value not in words:
                raise self._error(
                    item, f"{item.value!r} is no word of {column.name}", f"It is one of {', '.join(words)}."
                )
            asked.append(words.index(item.value))
        name = column.name

        def test(columns: Columns) -> Possibly:
            places = _as_codes(columns[name]).places
            fits = np.logical_or.reduce([places == place for place in asked])
            untold = places < 0
            return Possibly(fits | untold, ~fits) if untold.any() else Possibly(fits)

        key = (name, *sorted(asked))
        return lambda columns, levels: _once(columns, lambda: key, lambda: test(columns))

    def figure(self, node: Node) -> _Figure:
        if isinstance(node, Literal):
            if isinstance(node.value, str):
                raise self._error(node, "a figure is needed here, not a text", "Write a number or a name.")
            constant = Numbers.exactly(node.value)
            return lambda columns, levels: constant
        if isinstance(node, Name):
            name = node.name
            if self._kind(node) != "number":
                raise self._error(node, f"{name} is no figure", f"Compare it with a word: {name} = '…'.")
            return lambda columns, levels: _figure_named(name, columns, levels)
        if node.operator not in _ARITHMETIC:
            raise self._error(node, "a condition stands where a figure is needed", "Put brackets around comparisons.")
        left, right = map(self.figure, node.operands)
        combine = _ARITHMETIC[node.operator]

        def computed(columns: Columns, levels: Levels) -> Numbers:
            with np.errstate(invalid="ignore"):  # of figures without bounds
                return combine(left(columns, levels), right(columns, levels))

        return computed

    def _is_code(self, node: Node) -> bool:
        return isinstance(node, Name) and isinstance(self._kind(node), tuple)

    def _kind(self, node: Name) -> str | tuple[str, ...]:
        if node.name not in self.vocabulary:
            known = ", ".join(sorted(self.vocabulary))
            raise self._error(node, f"{node.name!r} is nothing a rule can ask about", f"Names: {known}.")
        self.used.add(node.name)
        return self.vocabulary[node.name]


def _once(columns: Columns, key: Callable[[], Hashable], find: Callable[[], Answer]) -> Answer:
    """An answer as found before for these columns, where they remember it."""
    if not isinstance(columns, Remembering):
        return find()
    asked = key()
    if asked not in columns.found:
        columns.found[asked] = find()
    return columns.found[asked]


def _told_apart(node: Node, levels: Levels) -> Hashable:
    """What tells one side of a comparison from any other: a column's name, the value of a level, or the text."""
    if isinstance(node, Name):
        level = levels.get(node.name)
        return node.name if level is None else level if isinstance(level, float) else id(level)
    if isinstance(node, Operation):
        return (node.operator, *(_told_apart(operand, levels) for operand in node.operands))
    return node.value


def _figure_named(name: str, columns: Columns, levels: Levels) -> Numbers:
    if name in levels:
        level = levels[name]
        return level if isinstance(level, Numbers) else Numbers.exactly(level)
    column = columns[name]
    assert isinstance(column, Numbers)
    return column


def _as_answer(column: object) -> Answer:
    assert isinstance(column, (Possibly, Steps))
    return column


def _as_codes(column: object) -> Codes:
    assert isinstance(column, Codes)
    return column


def _exact(figure: Numbers) -> np.ndarray:
    exact: np.ndarray = np.isfinite(figure.low) & (figure.low == figure.high)
    return exact


def _at_least(a: Numbers, b: Numbers) -> Answer:
    if isinstance(b, Rising) and a.low.ndim < 2:
        return b.reached(np.greater_equal, a)
    reached = a.high >= b.low
    return Possibly(reached) if a.exact and b.exact else Possibly(reached, a.low < b.high)


def _over(a: Numbers, b: Numbers) -> Answer:
    if isinstance(b, Rising) and a.low.ndim < 2:
        return b.reached(np.greater, a)
    passed = a.high > b.low
    return Possibly(passed) if a.exact and b.exact else Possibly(passed, a.low <= b.high)


def _equal(a: Numbers, b: Numbers) -> Possibly:
    if a.exact and b.exact:
        return Possibly(a.low == b.low)
    return Possibly((a.low <= b.high) & (b.low <= a.high), ~((a.low == a.high) & (b.low == b.high) & (a.low == b.low)))


_COMPARE: dict[str, Callable[[Numbers, Numbers], Answer]] = {
    ">=": _at_least,
    ">": _over,
    "<": lambda a, b: negated(_at_least(a, b)),
    "<=": lambda a, b: negated(_over(a, b)),
    "=": _equal,
    "!=": lambda a, b: ~_equal(a, b),
}


def _product(a: Numbers, b: Numbers) -> Numbers:
    corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
    # zero times an unbounded figure is unbounded here: nothing is known of it
    low = np.nan_to_num(np.minimum.reduce(corners), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
    high = np.nan_to_num(np.maximum.reduce(corners), nan=np.inf, posinf=np.inf, neginf=-np.inf)
    return Numbers(low, high)


def _quotient(a: Numbers, b: Numbers) -> Numbers:
    across = (b.low <= 0) & (b.high >= 0)
    with np.errstate(divide="ignore"):
        found = _product(a, Numbers(1 / b.high, 1 / b.low))
    return Numbers(np.where(across, -np.inf, found.low), np.where(across, np.inf, found.high))


def _sum(a: Numbers, b: Numbers) -> Numbers:
    low = a.low + b.low
    return Numbers(low, low if a.exact and b.exact else a.high + b.high)


def _difference(a: Numbers, b: Numbers) -> Numbers:
    low = a.low - b.high
    return Numbers(low, low if a.exact and b.exact else a.high - b.low)


_ARITHMETIC: dict[str, Callable[[Numbers, Numbers], Numbers]] = {
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _quotient,
}
