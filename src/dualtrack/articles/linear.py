"""Logistic regression by numpy alone: dense columns beside hashed ones, fitted by L-BFGS.

Hosmer and Lemeshow's model with a quadratic penalty on all weights but the constant; the minimum is found by the
two-loop recursion of J. Nocedal (1980) with step halving (Armijo's rule). The objective is convex, so the same rows
give the same weights, whatever the start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Hashed = tuple[NDArray[np.int64], Array]
"""Columns and their values of one row."""

_MEMORY = 10  # pairs of steps that L-BFGS keeps
_ENOUGH = 1e-4  # share of the promised decrease that a step must bring (Armijo)


@dataclass(frozen=True)
class Rows:
    """Rows of a design: ``dense`` of shape (n, d), and n rows of hashed columns below ``width``, laid end to end."""

    dense: Array
    columns: NDArray[np.int64]
    values: Array
    first: NDArray[np.int64]
    width: int

    @classmethod
    def of(cls, dense: Array, hashed: Sequence[Hashed], width: int) -> Rows:
        """Lays rows end to end; a row without hashed columns is allowed."""
        lengths = np.array([len(columns) for columns, _ in hashed], dtype=np.int64)
        columns = np.concatenate([c for c, _ in hashed]) if len(hashed) else np.zeros(0, dtype=np.int64)
        values = np.concatenate([v for _, v in hashed]) if len(hashed) else np.zeros(0)
        return cls(dense, columns, values, np.concatenate(([0], np.cumsum(lengths))), width)

    def __len__(self) -> int:
        return len(self.dense)

    def take(self, which: NDArray[np.int64]) -> Rows:
        """The rows of these numbers, in this order."""
        parts = [
            (self.columns[self.first[i] : self.first[i + 1]], self.values[self.first[i] : self.first[i + 1]])
            for i in which
        ]
        return Rows.of(self.dense[which], parts, self.width)

    def times(self, weights: Array) -> Array:
        """The score of each row: weights are the dense ones, then the hashed ones, then the constant."""
        wide = self.dense.shape[1]
        sums = np.concatenate(([0.0], np.cumsum(self.values * weights[wide:-1][self.columns])))
        scores: Array = self.dense @ weights[:wide] + (sums[self.first[1:]] - sums[self.first[:-1]]) + weights[-1]
        return scores

    def gathered(self, errors: Array) -> Array:
        """The transposed product: for each weight, its column's values times the rows' errors, summed."""
        spread = np.repeat(errors, np.diff(self.first))
        hashed = np.bincount(self.columns, weights=self.values * spread, minlength=self.width)
        return np.concatenate((self.dense.T @ errors, hashed, [errors.sum()]))


def probability(scores: Array) -> Array:
    """Scores on the logistic curve, 0 to 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -35.0, 35.0))))


def fit(rows: Rows, truth: Array, penalty: float, importance: Array | None = None, rounds: int = 200) -> Array:
    """The weights that make the truth likeliest, less ``penalty`` times half their squares.

    Args:
        rows: the design.
        truth: 0 or 1 for each row.
        penalty: of the squares of the weights, in units of one row's loss (1/C of other libraries).
        importance: how much each row counts; 1 each if not given.
        rounds: steps at most.
    """
    each = np.ones(len(truth)) if importance is None else importance
    sign = 2.0 * truth - 1.0

    def loss(weights: Array) -> tuple[float, Array]:
        margin = sign * rows.times(weights)
        value = float(each @ np.logaddexp(0.0, -margin)) + 0.5 * penalty * float(weights[:-1] @ weights[:-1])
        slope = rows.gathered(-each * sign * probability(-margin))
        slope[:-1] += penalty * weights[:-1]
        return value, slope

    return _minimum(loss, np.zeros(rows.dense.shape[1] + rows.width + 1), rounds)


def _minimum(loss: Callable[[Array], tuple[float, Array]], start: Array, rounds: int) -> Array:
    at, (value, slope) = start, loss(start)
    pairs: list[tuple[Array, Array, float]] = []
    for _ in range(rounds):
        if np.abs(slope).max() < 1e-5 * max(1.0, abs(value)):
            break
        way = -_scaled(slope, pairs)
        promised = float(slope @ way)
        step = 1.0 if pairs else min(1.0, 1.0 / float(np.abs(slope).sum()))
        while True:
            there = at + step * way
            new_value, new_slope = loss(there)
            if new_value <= value + _ENOUGH * step * promised or step < 1e-12:
                break
            step /= 2.0
        moved, bent = there - at, new_slope - slope
        if float(moved @ bent) > 1e-12:
            pairs = [*pairs[1 - _MEMORY :], (moved, bent, 1.0 / float(moved @ bent))]
        done = value - new_value < 1e-9 * max(1.0, abs(value))
        at, value, slope = there, new_value, new_slope
        if done:
            break
    return at


def _scaled(slope: Array, pairs: list[tuple[Array, Array, float]]) -> Array:
    """The slope times the inverse curvature, as the last steps show it (Nocedal's two loops)."""
    way = slope.copy()
    shares = []
    for moved, bent, weight in reversed(pairs):
        share = weight * float(moved @ way)
        way -= share * bent
        shares.append(share)
    if pairs:
        moved, bent, _ = pairs[-1]
        way *= float(moved @ bent) / float(bent @ bent)
    for (moved, bent, weight), share in zip(pairs, reversed(shares), strict=True):
        way += (share - weight * float(bent @ way)) * moved
    return way
