"""The outcomes of an instrument over many activities and many variants of its levels, in one pass."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dualtrack.instruments.columns import Codes, Columns, Numbers, Remembering, part_of
from dualtrack.instruments.formula import Levels
from dualtrack.instruments.instrument import Instrument, rules_for
from dualtrack.instruments.possibly import Flags, Possibly
from dualtrack.instruments.rising import levels_of
from dualtrack.instruments.rule import OUTCOMES, Outcome
from dualtrack.instruments.steps import Answer, Steps, any_of, spread

_BLOCK, _ROWS = 2**20, 2**13  # flags of a block, about what stays in a core's cache; rows that repay a round of calls


def outcomes(
    instrument: Instrument, columns: Columns, levels: Mapping[tuple[str, str], float | np.ndarray] | None = None
) -> dict[Outcome, Possibly]:
    """The outcomes of an instrument over columns of activities, in one pass over all variants of its levels.

    Many rows are answered block by block, so that what is found for a block is still in the cache when it is used.
    Levels that rise from variant to variant are answered fastest.

    Args:
        instrument: the instrument.
        columns: the activities, one row each; no figure is NaN.
        levels: by rule and level, what replaces the level: a number, or an array of shape (variants, 1).

    Returns:
        For each outcome an answer of shape (rows,) or (variants, rows).
    """
    own: dict[str, dict[str, Numbers]] = {rule.id: {} for rule in instrument.rules}
    made = {id(value): levels_of(value) for value in (levels or {}).values()}  # one for rules that share a level
    for (id_, name), value in (levels or {}).items():
        own.get(id_, {})[name] = made[id(value)]
    rows = _rows(columns)
    variants = max((level.low.size for given in own.values() for level in given.values()), default=1)
    size = max(_BLOCK // variants, _ROWS)
    if rows <= size:
        return {outcome: spread(answer) for outcome, answer in _outcomes(instrument, columns, own, rows).items()}
    joined = {outcome: _Blocks(rows) for outcome in OUTCOMES}
    for start in range(0, rows, size):
        block = slice(start, min(start + size, rows))
        for outcome, answer in _outcomes(instrument, part_of(columns, block), own, block.stop - start).items():
            joined[outcome].put(block, answer)
    return {outcome: blocks.answer() for outcome, blocks in joined.items()}


def _outcomes(instrument: Instrument, columns: Columns, own: Mapping[str, Levels], rows: int) -> dict[Outcome, Answer]:
    known = Remembering(columns)
    found: dict[Outcome, Answer] = {}
    for outcome in OUTCOMES:
        answers = [rule.answer(known, own[rule.id]) for rule in rules_for([instrument], outcome)]
        answer = any_of([Possibly.always(False), *answers])
        whole = isinstance(answer, Steps) or answer.yes.ndim
        found[outcome] = known[outcome] = answer if whole else spread(answer).over((rows,))
    return found


def _rows(columns: Columns) -> int:
    first = next(iter(columns.values()))
    match first:
        case Numbers(low, _):
            return int(low.shape[-1])
        case Codes(places, _):
            return int(places.shape[-1])
        case Possibly(yes, _):
            return int(yes.shape[-1])
        case Steps(can, _, _):
            return int(can.shape[-1])


class _Blocks:
    """Answers for so many rows, put together from those for one stretch of rows after the other."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._yes: Flags = np.empty(0, np.bool_)
        self._no: Flags | None = None

    def put(self, rows: slice, answer: Answer) -> None:
        """The answers for the next rows; the first stretch starts at 0."""
        if rows.start == 0:
            before = (answer.variants,) if isinstance(answer, Steps) else answer.yes.shape[:-1]
            self._yes = np.empty((*before, self._rows), np.bool_)
        if not answer.known and self._no is None:
            self._no = np.empty_like(self._yes)
            self._no[..., : rows.start] = ~self._yes[..., : rows.start]
        no = None if self._no is None else self._no[..., rows]
        if isinstance(answer, Steps):
            answer = answer.spread(self._yes[..., rows], no)
        else:
            self._yes[..., rows] = answer.yes
        if no is not None:
            no[...] = answer.no

    def answer(self) -> Possibly:
        """The answers for all rows."""
        return Possibly(self._yes, self._no)
