"""A pooled model of sparse polls: what the polls of one item, in all countries, say of the level in each.

On the logit scale a published share is

    item mean + country + drift common to all + drift of the country + house + house in the country
    + wording + wording in the country + error,

every term normal with mean zero but the first, so that all is one Gaussian process and every answer is closed form
(Rasmussen and Williams 2006, chapter 2). Drifts have the covariance of an Ornstein-Uhlenbeck process (Matérn 1/2), a
random walk that is drawn back to the mean. The error has the variance of sampling (``observation_variance``) and an
excess. No election anchors the level, so house and wording are told from it only as far as they differ from the
average house and wording: a level is relative to those, and its band holds what that leaves open.

The standard deviations and the time scale are not known either. They have weakly informative priors (``PRIORS``) and
are summed over a fixed set of quasi-random points, first drawn from the prior and then from where the marginal
likelihood was found high, each point weighted by prior times likelihood over the density it was drawn with (multiple
importance sampling: Veach and Guibas 1995). Nothing is random: the same polls give the same answer.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dualtrack.analyses.mixture import Floats, Mixture

Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

DEFF_PROBABILITY, DEFF_OTHER = 1.5, 2.5
"""Design effects: probability samples, and opt-in panels or samples of a kind not on record."""
N_MISSING = 1000
"""Sample size taken where none is on record, with the design effect doubled."""
_ROUNDING = 0.003  # standard deviation of rounding to whole percent: 1 / sqrt(12) of a point
_EDGE = 0.005  # shares are kept this far from 0 and 1, where the logit has no value
_MEAN_SD = 1.0  # of the item mean around one half: 95 percent of items between 12 and 88 percent
_POINTS = 96  # points of each of the two rounds
_MARGIN = 1.3  # by which the second round is drawn wider than the weights of the first
_NEGLIGIBLE = 1e-4  # weight under which a point is left out of predictions
_CELLS = 3_000_000  # cells of covariance matrices held at once while fitting
_BLOCK = 64  # rows of a triangle that are solved at once
_HELD = 30_000_000  # and kept for predictions: a quarter of a gigabyte


class Prior(NamedTuple):
    """A log-normal prior: its median, and the standard deviation of the logarithm."""

    median: float
    spread: float


PRIORS: dict[str, Prior] = {
    "country": Prior(0.5, 0.5),
    "common": Prior(0.2, 0.5),
    "drift": Prior(0.3, 0.5),
    "years": Prior(4.0, 0.6),
    "house": Prior(0.15, 0.4),
    "house_here": Prior(0.15, 0.4),
    "wording": Prior(0.4, 0.5),
    "wording_here": Prior(0.2, 0.5),
    "excess": Prior(0.1, 0.5),
    "item": Prior(0.5, 0.4),
}
"""Standard deviations on the logit scale, and the time scale of drifts in years.

Near one half a tenth is 2.5 points. House effects of 5 and wording effects of 10 to 20 points stand in the table itself
(Ukraine, autumn 2021; Germany, July 2016); countries spread by 6 to 15 points in surveys of several countries.
"""


class Poll(NamedTuple):
    """One published share.

    ``when`` is in years, None where no date is known; ``share`` in percent; ``n`` None where it is not known;
    ``probability`` is whether the sample is known to be a probability sample; ``series`` is what is left out at once
    in a backtest.
    """

    id: str
    item: str
    country: str
    house: str
    wording: str
    series: str
    when: float | None
    share: float
    n: float | None
    probability: bool


class Point(NamedTuple):
    """Where the level is asked for: a country on a day; under one wording, or the average of wordings (None)."""

    country: str
    when: float
    wording: str | None = None


def logit(share: Floats | float) -> Floats:
    """The log-odds of shares in percent, kept off 0 and 100."""
    p = np.clip(np.asarray(share, float) / 100, _EDGE, 1 - _EDGE)
    odds: Floats = np.log(p / (1 - p))
    return odds


def percent(odds: Floats) -> Floats:
    """The share in percent of log-odds."""
    share: Floats = 100 / (1 + np.exp(-odds))
    return share


def observation_variance(poll: Poll) -> float:
    """The variance of a published share on the logit scale: sampling times design effect, and rounding.

    The delta method: var(logit p) = var(p) / (p (1 - p))².
    """
    p = min(max(poll.share / 100, _EDGE), 1 - _EDGE)
    deff = (DEFF_PROBABILITY if poll.probability else DEFF_OTHER) * (1 if poll.n else 2)
    return deff / ((poll.n or N_MISSING) * p * (1 - p)) + (_ROUNDING / (p * (1 - p))) ** 2


class Pooled:
    """The model of one item, or of several pooled on request, given its polls.

    Args:
        polls: at least one.
        item: the item levels are for; None means the only one there is.
    """

    def __init__(self, polls: Sequence[Poll], item: str | None = None) -> None:
        self.polls = tuple(polls)
        self.item = item or self.polls[0].item
        self.odds = logit(np.array([poll.share for poll in self.polls]))
        self._when = _times([poll.when for poll in self.polls])
        self._noise = np.array([observation_variance(poll) for poll in self.polls])
        self.names = [name for name in PRIORS if name != "item" or len({poll.item for poll in self.polls}) > 1]
        self._same: dict[str, Floats] = {
            name: _equal(keys, keys) for name, keys in self._keys().items() if name in self.names
        }
        self._fit()

    def _keys(self) -> dict[str, list[Hashable]]:
        polls = self.polls
        return {
            "country": [p.country for p in polls],
            "house": [p.house for p in polls],
            "house_here": [(p.country, p.house) for p in polls],
            "wording": [p.wording for p in polls],
            "wording_here": [(p.country, p.wording) for p in polls],
            "item": [p.item for p in polls],
        }

    def _fit(self) -> None:
        centre = np.array([np.log(PRIORS[name].median) for name in self.names])
        spread = np.array([PRIORS[name].spread for name in self.names])
        size = len(self.names)
        first = _quasi_normal(_POINTS, size, 0)
        likelihood = self._likelihoods(centre + spread * first)
        weights = _weights(likelihood)
        # in units of the prior: the second round is drawn around the weighted mean of the first
        mean = weights @ first
        apart = first - mean
        covariance = _MARGIN * ((weights[:, None] * apart).T @ apart) + 0.1 * np.eye(size)
        root: Floats = np.asarray(np.linalg.cholesky(covariance), np.float64)
        second = mean + _quasi_normal(_POINTS, size, _POINTS) @ root.T
        points = np.vstack([first, second])
        likelihood = np.concatenate([likelihood, self._likelihoods(centre + spread * second)])
        prior = _log_normal(points, np.zeros(size), np.eye(size))
        drawn = np.logaddexp(prior, _log_normal(points, mean, root))
        self._parameters = np.exp(centre + spread * points)
        self._prior_weight = prior - drawn
        self._log_weight = self._prior_weight + likelihood
        weights = _weights(self._log_weight)
        heaviest = np.sort(weights)[::-1][: max(8, _HELD // len(self.polls) ** 2)]
        kept = weights >= max(_NEGLIGIBLE, heaviest[-1])
        self._parameters, self._log_weight = self._parameters[kept], self._log_weight[kept]
        self._prior_weight = self._prior_weight[kept]
        self.weights = _weights(self._log_weight)
        self._inverse = np.linalg.inv(self._covariances(self._parameters))

    def parameter(self, name: str) -> float:
        """The posterior mean of a standard deviation, or of the time scale in years."""
        return float(self.weights @ self._parameters[:, self.names.index(name)])

    def _value(self, parameters: Floats, name: str) -> Floats:
        return parameters[:, self.names.index(name), None, None]

    def _covariances(self, parameters: Floats) -> Floats:
        """Covariance of the polls at each point: shape (points, polls, polls)."""
        total = self._shared(parameters, self._same, _apart(self._when, self._when))
        for name in ("house", "house_here", "wording", "wording_here", "item"):
            if name in self._same:
                total += self._value(parameters, name) ** 2 * self._same[name]
        noise = self._noise + self._value(parameters, "excess")[:, 0] ** 2
        diagonal = np.arange(len(self.polls))
        total[:, diagonal, diagonal] += noise
        return total

    def _shared(self, parameters: Floats, same: dict[str, Floats], apart: Floats) -> Floats:
        """Covariance from mean, country and drifts; ``apart`` in years."""
        near = np.exp(-apart / self._value(parameters, "years"))
        here = self._value(parameters, "country") ** 2 + self._value(parameters, "drift") ** 2 * near
        shared: Floats = _MEAN_SD**2 + self._value(parameters, "common") ** 2 * near + here * same["country"]
        return shared

    def _likelihoods(self, logs: Floats) -> Floats:
        """The log marginal likelihood at each point, in portions that fit into memory."""
        step = max(1, _CELLS // len(self.polls) ** 2)
        found = []
        for start in range(0, len(logs), step):
            root = np.linalg.cholesky(self._covariances(np.exp(logs[start : start + step])))
            z = forward(root, self.odds)
            found.append(-0.5 * (z**2).sum(1) - np.log(np.diagonal(root, axis1=1, axis2=2)).sum(1))
        return np.concatenate(found)

    # --- levels ---

    def _towards(self, points: Sequence[Point]) -> tuple[Floats, Floats]:
        """Covariance of the polls with the level at each point, and the level's prior covariance.

        Shapes (hyperparameters, polls, points) and (hyperparameters, points, points).
        """
        parameters, keys = self._parameters, self._keys()
        when = _times([point.when for point in points])
        countries = [point.country for point in points]
        cross = self._shared(
            parameters, {"country": _equal(keys["country"], countries)}, _apart(self._when, when, itself=False)
        )
        own = self._shared(parameters, {"country": _equal(countries, countries)}, _apart(when, when))
        asked: list[tuple[str, Sequence[Hashable]]] = [("wording", [point.wording for point in points]),
                 ("wording_here", [(point.country, point.wording) for point in points])]  # fmt: skip
        for name, wanted in asked:
            named = np.array([point.wording is not None for point in points], float)
            variance = self._value(parameters, name) ** 2
            cross += variance * _equal(keys[name], wanted) * named
            own += variance * _equal(wanted, wanted) * named * named[:, None]
        if "item" in self._same:
            variance = self._value(parameters, "item") ** 2
            cross += variance * _equal(keys["item"], [self.item])
            own += variance
        return cross, own

    def level(self, points: Sequence[Point]) -> Mixture:
        """The level at each point, on the logit scale, given all polls."""
        cross, own = self._towards(points)
        solved = self._inverse @ cross
        means = np.einsum("kni,n->ki", solved, self.odds)
        variances = np.diagonal(own, axis1=1, axis2=2) - (cross * solved).sum(1)
        return Mixture(self.weights, means, np.maximum(variances, 1e-9))

    def without(self, points: Sequence[Point], *, country: str = "", house: str = "") -> Mixture:
        """The level at each point as the model would have it without the polls of a country, or of a house.

        The points keep their place; their weights are those the other polls give them.
        """
        out = np.array([poll.country == country or poll.house == house for poll in self.polls])
        cross, own = self._towards(points)
        prior = np.diagonal(own, axis1=1, axis2=2)
        if out.all():
            return Mixture(_weights(self._prior_weight), np.zeros_like(prior), prior)
        kept = np.where(out, 0.0, self.odds)
        cross = np.where(out[None, :, None], 0.0, cross)
        solved, answer = self._inverse @ cross, self._inverse @ kept
        # the inverse without some rows is the inverse less what goes through them (partitioned inverse)
        block = np.linalg.inv(self._inverse[:, out][:, :, out])
        through = block @ solved[:, out]
        means = np.einsum("kni,n->ki", solved, kept) - np.einsum("kmi,km->ki", through, answer[:, out])
        variances = prior - (cross * solved).sum(1) + (solved[:, out] * through).sum(1)
        return Mixture(self._weights_without(out), means, np.maximum(variances, 1e-9))

    def change(self, country: str, start: float, end: float) -> Mixture:
        """How far the level of a country moved between two days, in percentage points.

        Linear around the means (delta method), so that it stays closed form.
        """
        cross, own = self._towards([Point(country, start), Point(country, end)])
        solved = self._inverse @ cross
        means = np.einsum("kni,n->ki", solved, self.odds)
        covariance = own - cross.transpose(0, 2, 1) @ solved
        shares = percent(means) / 100
        slope = 100 * shares * (1 - shares) * np.array([-1.0, 1.0])
        moved = percent(means[:, 1]) - percent(means[:, 0])
        variance = np.einsum("ki,kij,kj->k", slope, covariance, slope)
        return Mixture(self.weights, moved[:, None], np.maximum(variance, 1e-9)[:, None])

    # --- backtests ---

    def left_out(self, rows: Indices) -> Mixture:
        """What the polls in ``rows`` would have been expected to find, given all others."""
        out = np.zeros(len(self.polls), bool)
        out[rows] = True
        block = np.linalg.inv(self._inverse[:, out][:, :, out])
        short = np.einsum("kij,kj->ki", block, (self._inverse @ self.odds)[:, out])
        means = self.odds[out] - short
        return Mixture(self._weights_without(out), means, np.diagonal(block, axis1=1, axis2=2))

    def _weights_without(self, out: Flags) -> Floats:
        """The weights the polls that are not out give, less the density of those that are given the others."""
        inside = self._inverse[:, out][:, :, out]
        rest = (self._inverse @ self.odds)[:, out]
        short = np.linalg.solve(inside, rest[..., None])[..., 0]
        density = 0.5 * np.linalg.slogdet(inside)[1] - 0.5 * (rest * short).sum(1)
        return _weights(self._log_weight - density)

    def ahead(self, blocks: Sequence[Sequence[int]]) -> list[Mixture]:
        """What each block of polls would have been expected to find, given the blocks before it alone.

        Args:
            blocks: numbers of polls, each poll once, the earliest block first.
        """
        order = [number for block in blocks for number in block]
        covariance = self._covariances(self._parameters)[:, order][:, :, order]
        root = np.linalg.cholesky(covariance)
        z = forward(root, self.odds[order])
        known = -0.5 * z**2 - np.log(np.diagonal(root, axis1=1, axis2=2))
        found, start = [], 0
        for block in blocks:
            end = start + len(block)
            weights = _weights(self._prior_weight + known[:, :start].sum(1))
            means = np.einsum("kij,kj->ki", root[:, start:end, :start], z[:, :start])
            variances = (root[:, start:end, start:end] ** 2).sum(2)
            found.append(Mixture(weights, means, variances))
            start = end
        return found


def forward(roots: NDArray[np.floating[Any]], right: Floats) -> Floats:
    """Solves ``root @ z = right`` for each lower triangular root by forward substitution, a block of rows at a time.

    numpy has no solver for triangles; its general one takes twice as long as finding the roots did.

    Args:
        roots: shape (roots, n, n).
        right: shape (n,), the same for all.

    Returns:
        ``z``, shape (roots, n).
    """
    z = np.empty(roots.shape[:2])
    for start in range(0, len(right), _BLOCK):
        rows = slice(start, start + _BLOCK)
        left = right[rows] - (roots[:, rows, :start] @ z[:, :start, None])[..., 0]
        z[:, rows] = np.linalg.solve(roots[:, rows, rows], left[..., None])[..., 0]
    return z


def _weights(logs: Floats) -> Floats:
    raw = np.exp(logs - logs.max())
    weights: Floats = raw / raw.sum()
    return weights


def _times(when: Sequence[float | None]) -> Floats:
    return np.array([np.nan if day is None else day for day in when])


def _apart(one: Floats, other: Floats, itself: bool = True) -> Floats:
    """Years between days; a day not known is far from every other but itself."""
    apart = np.abs(one[:, None] - other[None, :])
    far = np.where(np.isnan(apart), np.inf, apart)
    if itself and one is other:
        np.fill_diagonal(far, 0.0)
    return far


def _equal(one: Sequence[Hashable], other: Sequence[Hashable]) -> Floats:
    numbers: dict[Hashable, int] = {}
    a = np.array([numbers.setdefault(key, len(numbers)) for key in one])
    b = np.array([numbers.setdefault(key, len(numbers)) for key in other])
    same: Floats = (a[:, None] == b[None, :]).astype(np.float64)
    return same


def _log_normal(points: Floats, mean: Floats, root: Floats) -> Floats:
    """The log density of a normal distribution at points, up to a constant that all share."""
    z = np.linalg.solve(root, (points - mean).T)
    density: Floats = -0.5 * (z**2).sum(0) - np.log(np.diagonal(root)).sum()
    return density


@lru_cache(maxsize=64)
def _quasi_normal(count: int, size: int, skip: int) -> Floats:
    """Normal points that fill their space evenly, always the same: shape (count, size).

    Multiples of the powers of 1/g modulo 1, g the root of x^(size+1) = x + 1 (Roberts 2018, generalised golden ratio).
    """
    g = 2.0
    for _ in range(60):
        g = (1 + g) ** (1 / (size + 1))
    steps = g ** -np.arange(1, size + 1)
    uniform = (0.5 + np.outer(np.arange(skip + 1, skip + count + 1), steps)) % 1
    inverse = NormalDist().inv_cdf
    points: Floats = np.array([[inverse(value) for value in row] for row in uniform.tolist()])
    return points
