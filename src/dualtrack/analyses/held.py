"""What each member of a group holds on a question, and the index of agreement over them with its bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from dualtrack.analyses.agreement import Band, Floats, agreement, one_misread, resampled
from dualtrack.analyses.groups import Grouping
from dualtrack.analyses.voices import LEVELS, Voice, last_voices, signed
from dualtrack.analyses.workings import Workings
from dualtrack.record.rows import Row

FEWEST = 8
"""Members with a position below which no index is given (our rule: one more voice then moves A by tenths)."""

DRAWS = 1000
"""Of each band."""

_SEED = 2016


@dataclass(frozen=True)
class Held:
    """What a member holds: its latest statements, and their share on each point of the scale."""

    state: str
    latest: Sequence[Voice]

    @property
    def shares(self) -> tuple[float, ...]:
        """One point has all, or several an equal share where its latest statements differ."""
        points = {voice.position for voice in self.latest}
        return tuple(float(level in points) / len(points) for level in LEVELS)

    @property
    def words(self) -> str:
        """The position or positions, as they are printed."""
        return " and ".join(signed(level) for level in LEVELS if any(v.position == level for v in self.latest))


@dataclass(frozen=True)
class Measured:
    """A group on a question: who holds what, and the index with its bands where there are members enough."""

    grouping: Grouping
    held: Sequence[Held]
    index: float | None
    bands: Mapping[str, Band]
    weighted: Mapping[str, tuple[float | None, int]]

    @property
    def counts(self) -> list[float]:
        """Members at each point of the scale."""
        return _matrix(self.held).sum(axis=0).tolist() if self.held else [0.0] * len(LEVELS)

    @property
    def band(self) -> Band | None:
        """From the lowest to the highest of what coding, members and weights leave open."""
        if self.index is None:
            return None
        others = [value for value, _ in self.weighted.values() if value is not None]
        joint = self.bands[_JOINT]
        return Band(min([joint.low, *others]), max([joint.high, *others]))

    @property
    def silent(self) -> list[str]:
        """Members without a statement on record."""
        return sorted(set(self.grouping.states) - {held.state for held in self.held})


_ONE, _CODING = "any one position one step off", "each position one step off, with the probability given"
_MEMBERS, _JOINT = "members drawn anew", "members drawn anew, and positions one step off"


def measure(
    work: Workings, grouping: Grouping, said: Sequence[Voice], question: str, end: date, misread: float
) -> Measured:
    """A group on a question, by the latest statement of each member among those given.

    Args:
        work: where selections and the cells of weights are noted.
        grouping: whose members.
        said: statements in the window.
        question: which of them are meant.
        end: the last day of the window; weights are of its year or before.
        misread: the probability that a position is one step off.
    """
    latest = last_voices([v for v in said if v.question == question and v.state in grouping.states])
    held = [Held(state, own) for (state, _), own in sorted(latest.items())]
    if len(held) < FEWEST:
        return Measured(grouping, held, None, {}, {})
    matrix = _matrix(held)
    bands = {
        _ONE: one_misread(matrix),
        _CODING: resampled(matrix, DRAWS, _SEED, members=False, misread=misread),
        _MEMBERS: resampled(matrix, DRAWS, _SEED),
        _JOINT: resampled(matrix, DRAWS, _SEED, misread=misread),
    }
    weighted = {
        name: _weighted(matrix, [weights.get(h.state) for h in held]) for name, weights in _weights(work, held, end)
    }
    return Measured(grouping, held, agreement(matrix.sum(axis=0)), bands, weighted)


def _matrix(held: Sequence[Held]) -> Floats:
    return np.array([h.shares for h in held], dtype=np.float64)


def _weights(work: Workings, held: Sequence[Held], end: date) -> list[tuple[str, dict[str, float]]]:
    """Each member's weight as far as the record has it; populations of states are in none of its tables."""
    people = work.select("personnel", "year <= ? AND military_personnel IS NOT NULL", end.year)
    money = work.select("spending", "definition = 'defence' AND year <= ? AND usd_current_m IS NOT NULL", end.year)
    return [
        (name, _latest(work, [row for row in rows if row["state"] in {h.state for h in held}], cell))
        for name, rows, cell in (
            ("soldiers", people, "military_personnel"), ("defence spending in dollars", money, "usd_current_m"),
        )
    ]  # fmt: skip


def _latest(work: Workings, rows: Sequence[Row], cell: str) -> dict[str, float]:
    """The figure of the latest year in the latest edition, by state."""
    newest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda r: (r.number("year") or 0, r.text("edition"), r.id)):
        newest[row.text("state")] = row
    for row in newest.values():
        work.use(row, cell, "year")
    return {state: row.number(cell) or 0.0 for state, row in newest.items()}


def _weighted(matrix: Floats, weights: Sequence[float | None]) -> tuple[float | None, int]:
    """A of the members whose weight is on record, and how many they are; None below the fewest."""
    kept = [i for i, weight in enumerate(weights) if weight]
    if len(kept) < FEWEST:
        return None, len(kept)
    counts = matrix[kept].T @ np.array([weights[i] for i in kept], dtype=np.float64)
    return agreement(counts / counts.sum()), len(kept)
