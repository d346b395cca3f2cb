"""Two linear models: *which* of some candidates a sentence means, and *whether* it means one of them at all.

Which is the conditional logit of D. McFadden ("Conditional logit analysis of qualitative choice behavior", 1974): each
candidate has a utility w·x, and its share is exp(utility) over the sum of all. Whether is a logistic regression on the
features of the candidate with the largest share. The product of the two is the probability that this is the claim
meant; what is missing to 1 is the probability that none is. Kept apart, because what tells near misses from hits is
not what orders candidates: one model for both ranked worse by half a point of MAP. Fitted by Newton steps with a ridge;
kept as JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dualtrack.core.errors import BadInput

FORMAT = "dualtrack re-ranker 1"
RIDGE = 10.0  # by cross-validation on two sets of 1,000 sentences; 30 and 100 are at most 0.004 of MAP@5 worse
_TRACE = 0.01  # the ridge of the bias: just enough to keep it finite where the answer never changes
_STEPS = 50
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """One sentence to learn from.

    Attributes:
        features: of its candidates, shape ``(candidates, features)``.
        right: the places of the right ones; empty means that none of them is right, and teaches only *whether*.
    """

    features: Array
    right: tuple[int, ...]


@dataclass(frozen=True)
class Reranker:
    """The model.

    Attributes:
        names: of the features, in order.
        centre, scale: what is taken off each feature, and what it is divided by.
        which: the weights, of the features so changed, in a candidate's utility.
        whether: the weights in the logit of the best candidate.
        bias: what is added to that logit.
        trained_on: what it was fitted on, in a sentence.
    """

    names: tuple[str, ...]
    centre: Array
    scale: Array
    which: Array
    whether: Array
    bias: float
    trained_on: str

    def probabilities(self, features: Array) -> tuple[Array, float]:
        """The probability of each candidate to be the claim meant, and that of none: together 1."""
        if not len(features):
            return np.zeros(0), 1.0
        rows = (features - self.centre) / self.scale
        utilities = rows @ self.which
        shares = np.exp(utilities - utilities.max())
        shares /= shares.sum()
        logit = float(rows[int(np.argmax(shares))] @ self.whether) + self.bias
        some = 1 / (1 + math.exp(-min(max(logit, -30.0), 30.0)))
        return shares * some, 1 - some

    def to_json(self) -> str:
        """One line a feature: centre, scale and the two weights, to nine digits."""
        table = np.column_stack([self.centre, self.scale, self.which, self.whether])
        rows = {name: [float(f"{number:.9g}") for number in row] for name, row in zip(self.names, table, strict=True)}
        lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
        head = {"format": FORMAT, "trained_on": self.trained_on, "bias": float(f"{self.bias:.9g}")}
        body = ",\n".join(
            f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()
        )
        return f'{{\n{body},\n  "features": {{\n{lines}\n  }}\n}}\n'

    @classmethod
    def from_json(cls, text: str, expected: Sequence[str], name: str) -> Reranker:
        """The model in a JSON text that ``to_json`` wrote.

        Args:
            text: the JSON.
            expected: the names of the features that it must have, in order.
            name: of the file, for the message.

        Raises:
            BadInput: it is none of ours, or made for other features.
        """
        fix = "Make it anew with scripts/train_matching.py, or leave it out to match without a re-ranker."
        try:
            data = json.loads(text)
            rows = data["features"]
            if data["format"] != FORMAT:
                raise ValueError(f"its format is {data['format']!r}, not {FORMAT!r}")
            if list(rows) != list(expected):
                raise ValueError("it was made for other features")
            table = np.array([[float(number) for number in row] for row in rows.values()])
            if table.shape != (len(expected), 4) or not np.isfinite(table).all() or (table[:, 1] <= 0).any():
                raise ValueError("a number of a feature is missing or not finite")
            bias, trained_on = float(data["bias"]), str(data["trained_on"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(f"{name} is no re-ranker that can be used here: {error}.", fix) from None
        centre, scale, which, whether = table.T
        return cls(tuple(expected), centre, scale, which, whether, bias, trained_on)


def fit_choices(choices: Sequence[Choice], names: Sequence[str], trained_on: str, ridge: float = RIDGE) -> Reranker:
    """The weights under which what was right is likeliest, the ridge keeping them small.

    Where several candidates are right, each counts for an equal share. If no choice is without a right one, *whether*
    has nothing to learn from and is always very likely.

    Raises:
        BadInput: there is nothing to learn from.
    """
    choices = [choice for choice in choices if len(choice.features)]
    hits = [choice for choice in choices if choice.right]
    if not hits:
        raise BadInput("No sentence has its claim among the candidates.", "Give sentences with the ids of claims.")
    rows = np.concatenate([choice.features for choice in choices])
    centre, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-9] = 1.0

    wanted = [np.zeros(len(choice.features)) for choice in hits]
    for target, choice in zip(wanted, hits, strict=True):
        target[list(choice.right)] = 1 / len(choice.right)
    changed = [(choice.features - centre) / scale for choice in hits]
    width = rows.shape[1]
    which = _newton(np.concatenate(changed), np.concatenate(wanted), _sizes(changed), np.full(width, ridge))

    # a logistic regression is a choice of two: the best candidate, whose bias is a feature that is 1, or nothing, all 0
    pairs = np.zeros((2 * len(choices), width + 1))
    best = [choice.features[int(np.argmax((choice.features - centre) / scale @ which))] for choice in choices]
    pairs[::2, :-1] = (np.array(best) - centre) / scale
    pairs[::2, -1] = 1
    some = np.array([[bool(choice.right), not choice.right] for choice in choices], dtype=np.float64)
    whether = _newton(pairs, some.ravel(), [2] * len(choices), np.append(np.full(width, ridge), _TRACE))
    return Reranker(tuple(names), centre, scale, which, whether[:-1], float(whether[-1]), trained_on)


def _sizes(parts: Sequence[Array]) -> list[int]:
    return [len(part) for part in parts]


def _newton(rows: Array, wanted: Array, sizes: Sequence[int], penalty: Array) -> Array:
    """The weights of a conditional logit: rows in groups of these sizes, in each of which what is wanted sums to 1.

    Newton's method with step halving on a convex function; stops when a step gains less than 1e-6.
    """
    start = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    weights = np.zeros(rows.shape[1])

    def shares(at: Array) -> tuple[Array, float]:
        utilities = rows @ at
        top = np.maximum.reduceat(utilities, start)
        powers = np.exp(utilities - np.repeat(top, sizes))
        sums = np.add.reduceat(powers, start)
        loss = float((np.log(sums) + top).sum() - wanted @ utilities + penalty @ at**2 / 2)
        return powers / np.repeat(sums, sizes), loss

    chances, loss = shares(weights)
    for _ in range(_STEPS):
        slope = rows.T @ (chances - wanted) + penalty * weights
        means = np.add.reduceat(rows * chances[:, None], start, axis=0)
        bend = (rows * chances[:, None]).T @ rows - means.T @ means + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        size, gained = 1.0, 0.0
        while size > 1e-6 and gained <= 0:
            tried = weights - size * step
            new_chances, new_loss = shares(tried)
            gained = loss - new_loss
            size /= 2
        if gained <= 0:
            break
        weights, chances, loss = tried, new_chances, new_loss
        if gained < 1e-6:
            break
    return weights
