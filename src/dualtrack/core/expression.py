"""A small closed expression language for conditions: parsed into a tree, never evaluated as Python.

    troops_high >= 13000 and kind = 'snap' and not has(participants, 'BLR')

Grammar, loosest first: ``or`` · ``and`` · ``not`` · ``= != < <= > >=``, ``in (…)``, ``is known``, ``is unknown`` ·
``+ -`` · ``* /`` · numbers, dates (2016-05-09), 'text', names, ``has(column, value)``, brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dualtrack.core.errors import BadInput

_LIMIT = 2_000
_DEPTH = 50
_TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}(?:-\d{2})?(?!\d))|(?P<number>\d[\d_]*(?:\.\d+)?)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<name>[A-Za-z_]\w*)|(?P<mark><=|>=|!=|[-+*/=<>(),]))"
)
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Literal:
    """A number, or a text or date as text."""

    value: float | str
    column: int


@dataclass(frozen=True)
class Name:
    """A column or variable."""

    name: str
    column: int


@dataclass(frozen=True)
class Operation:
    """An operator or function over its operands: or, and, not, comparisons, + - * /, in, known, has."""

    operator: str
    operands: tuple[Node, ...]
    column: int


Node = Literal | Name | Operation


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(text: str, where: str = "the condition") -> Node:
    """The tree of an expression.

    Args:
        text: the expression.
        where: what to call it in messages, such as a file and line.

    Raises:
        BadInput: it is no expression; the message names the column and what was expected there.
    """
    if len(text) > _LIMIT:
        raise BadInput(f"{where} is longer than {_LIMIT:,} characters.", "Split it.")
    return _Parser(text, where).whole()


class _Parser:
    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where
        self.tokens = self._tokens()
        self.at = 0
        self.depth = 0

    def _tokens(self) -> list[_Token]:
        tokens, position = [], 0
        while position < len(self.text.rstrip()):
            match = _TOKEN.match(self.text, position)
            if not match or match.lastgroup is None:
                column = position + len(self.text[position:]) - len(self.text[position:].lstrip()) + 1
                raise self._error(f"{self.text[column - 1]!r} cannot stand here", column)
            kind = match.lastgroup
            tokens.append(_Token(kind, match.group(kind), match.start(kind) + 1))
            position = match.end()
        return [*tokens, _Token("end", "", len(self.text) + 1)]

    def _error(self, problem: str, column: int) -> BadInput:
        return BadInput(
            f"{self.where}, column {column}: {problem}.",
            "Write it like: troops_high >= 13000 and kind = 'snap' (text and codes in quotes).",
        )

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def _take(self, *texts: str) -> _Token | None:
        token = self.token
        if token.kind in ("mark", "name") and token.text.lower() in texts:
            self.at += 1
            return token
        return None

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise self._error(f"expected {text!r}, found {self.token.text or 'the end'!r}", self.token.column)

    def whole(self) -> Node:
        node = self._or()
        if self.token.kind != "end":
            raise self._error(f"{self.token.text!r} was not expected", self.token.column)
        return node

    def _or(self) -> Node:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self._error("it is nested too deeply", self.token.column)
        node = self._joined("or", self._and)
        self.depth -= 1
        return node

    def _and(self) -> Node:
        return self._joined("and", self._not)

    def _joined(self, word: str, part: Callable[[], Node]) -> Node:
        first = part()
        column, operands = self.token.column, [first]
        while self._take(word):
            operands.append(part())
        return Operation(word, tuple(operands), column) if len(operands) > 1 else first

    def _not(self) -> Node:
        negations, column = 0, self.token.column
        while self._take("not"):
            negations += 1
        node = self._comparison()
        return Operation("not", (node,), column) if negations % 2 else node

    def _comparison(self) -> Node:
        left = self._sum()
        if token := self._take(*_COMPARISONS):
            return Operation(token.text, (left, self._sum()), token.column)
        if token := self._take("in"):
            self._expect("(")
            items = [self._sum()]
            while self._take(","):
                items.append(self._sum())
            self._expect(")")
            return Operation("in", (left, *items), token.column)
        if token := self._take("is"):
            if self._take("known"):
                return Operation("known", (left,), token.column)
            self._expect("unknown")
            return Operation("not", (Operation("known", (left,), token.column),), token.column)
        return left

    def _sum(self) -> Node:
        node = self._product()
        while token := self._take("+", "-"):
            node = Operation(token.text, (node, self._product()), token.column)
        return node

    def _product(self) -> Node:
        node = self._factor()
        while token := self._take("*", "/"):
            node = Operation(token.text, (node, self._factor()), token.column)
        return node

    def _factor(self) -> Node:
        token = self.token
        self.at += 1
        match token.kind:
            case "number":
                number = float(token.text.replace("_", ""))
                if number == float("inf"):
                    raise self._error("the number is too large", token.column)
                return Literal(number, token.column)
            case "date":
                return Literal(token.text, token.column)
            case "text":
                return Literal(token.text[1:-1], token.column)
            case "name" if token.text == "has":
                self._expect("(")
                several = self._sum()
                self._expect(",")
                value = self._sum()
                self._expect(")")
                return Operation("has", (several, value), token.column)
            case "name":
                return Name(token.text, token.column)
            case "mark" if token.text == "(":
                node = self._or()
                self._expect(")")
                return node
            case "mark" if token.text == "-":
                return Operation("-", (Literal(0.0, token.column), self._factor()), token.column)
            case _:
                self.at -= 1
                raise self._error(f"expected a value, found {token.text or 'the end'!r}", token.column)
