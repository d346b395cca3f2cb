"""What a run says: every figure the report prints, computed once, with the honesty that belongs to it.

No share stands without the neutral set's beside it and the five assumptions that drive it; nothing is ranked that
cannot be told apart; each channel is switched off in turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from dualtrack.choice.channels import CHANNELS, without
from dualtrack.choice.constant import constant
from dualtrack.choice.flips import Flip, flips
from dualtrack.choice.information import Information, informed
from dualtrack.choice.moments import Moment, moments, not_ruled_out
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.parameters import COLUMN, Floats
from dualtrack.choice.policymap import PolicyMap, policy_map
from dualtrack.choice.prim import Box, chosen, peel
from dualtrack.choice.priors import NEUTRAL
from dualtrack.choice.question import TOLERANCE, question
from dualtrack.choice.ranges import TABLE, Ranges
from dualtrack.choice.regret import Regret, ranking, regret, regrets
from dualtrack.choice.run import Run
from dualtrack.choice.satisficing import good_enough
from dualtrack.choice.scenario import NAMED, NamedPackage, Scenario
from dualtrack.choice.sensitivity import Index, sobol_indices
from dualtrack.choice.tree import Leaf, grow
from dualtrack.record.store import Record

WORTH = "presence-makes-dialogue-worth-more"
_ABLATED = 2048  # worlds in which channels are switched off
_INDICES = 1024  # points of the sample for Sobol indices, times 53
CLUSTERS = (0.0, 0.002, 0.01, 0.03, 1.0)
"""Challenges per quarter under the first package by which worlds are put together: how near the adversary is to one."""


@dataclass(frozen=True)
class OfPriors:
    """What one set of priors says: shares of worlds in which each of the four is best, and of the cross-difference."""

    name: str
    worlds: int
    best: tuple[float, ...]
    regret: tuple[float, ...]
    cross: float

    def error(self, share: float) -> float:
        """Standard error of a share."""
        return float(np.sqrt(share * (1 - share) / self.worlds))


@dataclass(frozen=True)
class Matched:
    """What the record rules out: its moments, the share of worlds left, and what those say of the four packages."""

    package: NamedPackage
    moments: tuple[Moment, ...]
    kept: float
    worlds: int
    best: tuple[float, ...]
    cross: float


@dataclass(frozen=True)
class Telling:
    """What a run says.

    Attributes:
        scenario, run: what was asked and solved.
        named: the packages compared.
        priors: each set's shares, the scenario's own first.
        regrets: of each package compared, under the scenario's priors.
        tiers: packages by mean regret, those together that cannot be told apart.
        enough: share of worlds in which each package is good enough; ``any_enough`` in which any is.
        clusters: worlds by how near the adversary is to a challenge: label, share, mean regret of each package.
        cross_map: two assumptions that drive the cross-difference, and its share above zero over both.
        ablation: channel, share of worlds with a cross-difference above zero, median.
        first: the package that comes first, of which flips, indices, box and tree tell.
        flips, indices, box, leaves: see their modules.
        policy: the best next step by belief in the nominal world, and ``information`` what adapting is worth there.
        matched: what the record of the scenario's day rules out; None where no package was in force.
        judged: parameters that no table of the record bears on.
        meaning: of each parameter, in words.
    """

    scenario: Scenario
    run: Run
    named: tuple[NamedPackage, ...]
    priors: tuple[OfPriors, ...]
    regrets: tuple[Regret, ...]
    everything: tuple[Regret, ...]
    tiers: tuple[tuple[str, ...], ...]
    enough: tuple[float, ...]
    any_enough: float
    clusters: tuple[tuple[str, float, tuple[float, ...]], ...]
    cross_axes: tuple[str, str]
    cross_map: tuple[tuple[float, float, float, float, float, int], ...]
    ablation: tuple[tuple[str, float, float], ...]
    first: str
    flips: tuple[Flip, ...]
    indices: tuple[Index, ...]
    box: Box | None
    leaves: tuple[Leaf, ...]
    policy: PolicyMap
    information: Information
    matched: Matched | None
    judged: int
    meaning: Mapping[str, str]

    @property
    def own(self) -> OfPriors:
        """What the scenario's set of priors says."""
        return self.priors[0]

    @property
    def neutral(self) -> OfPriors:
        """What the neutral set says."""
        return next(one for one in self.priors if one.name == NEUTRAL)


def tell(run: Run, scenario: Scenario, record: Record) -> Telling:
    """Everything a report says of a run."""
    named = scenario.packages
    columns = [run.of(one.package) for one in named]
    worlds, outcomes = run.worlds[scenario.priors], run.outcomes[scenario.priors]
    values = outcomes[:, columns, 0]
    names = [one.name for one in named]
    tiers = ranking(values, names)
    first = tiers[0][0]
    box = scenario.box(record)
    kept = good_enough(outcomes[:, columns], scenario.enough)
    indices = _indices(box, named, first, run.about["seed"])
    best = values.argmax(axis=1)
    wins = best == names.index(first)
    cross = _cross(run, scenario.priors)
    axes = _axes(worlds, cross)
    rows = record.rows(TABLE)
    policy = policy_map(box.nominal)
    return Telling(
        scenario=scenario,
        run=run,
        named=named,
        priors=tuple(_of_priors(run, name) for name in run.worlds),
        regrets=tuple(regret(values, names)),
        everything=tuple(regret(outcomes[:, :, 0], [_short(levels) for levels in run.packages])),
        tiers=tuple(map(tuple, tiers)),
        enough=tuple(float(share) for share in kept.mean(axis=0)),
        any_enough=float(good_enough(outcomes, scenario.enough).any(axis=1).mean()),
        clusters=tuple(_clusters(outcomes[:, columns], regrets(values))),
        cross_axes=axes,
        cross_map=tuple(_map(worlds, cross, axes)),
        ablation=tuple(_ablation(run.worlds[NEUTRAL][:_ABLATED])),
        first=first,
        flips=tuple(flips(box, [one.package for one in named], names, first)),
        indices=tuple(indices),
        box=chosen(peel(worlds, wins)) if 0.02 < wins.mean() < 0.98 else None,
        leaves=tuple(grow(worlds, best, len(names))),
        policy=policy,
        information=informed(policy.solution),
        matched=_matched(run, scenario, record),
        judged=sum(not row["mapped_from"] for row in rows),
        meaning={row.id: row.text("meaning") for row in rows},
    )


def _short(levels: Sequence[float]) -> str:
    p, d, e, m = levels
    return f"presence {p:.2g}, dialogue {d:.2g}, {'' if e else 'un'}explained, {'multinational' if m else 'national'}"


def _of_priors(run: Run, name: str) -> OfPriors:
    values = run.outcomes[name][:, [run.of(one.package) for one in NAMED], 0]
    found = regret(values, [one.name for one in NAMED])
    return OfPriors(
        name,
        len(values),
        tuple(one.best for one in found),
        tuple(one.mean for one in found),
        float((_cross(run, name) > TOLERANCE).mean()),
    )


def _cross(run: Run, name: str) -> Floats:
    asked = question(WORTH)
    return asked.margin(run.outcomes[name][:, [run.of(package) for package in asked.packages]])


def _matched(run: Run, scenario: Scenario, record: Record) -> Matched | None:
    if scenario.in_force is None:
        return None
    found = moments(record.at(date.fromisoformat(scenario.as_of)))
    outcomes = run.outcomes[scenario.priors]
    kept = not_ruled_out(outcomes[:, run.of(scenario.in_force.package)], found)
    four = outcomes[kept][:, [run.of(one.package) for one in NAMED], 0]
    best = np.bincount(four.argmax(axis=1), minlength=len(NAMED)) / max(len(four), 1)
    cross = _cross(run, scenario.priors)[kept]
    return Matched(
        scenario.in_force, tuple(found), float(kept.mean()), int(kept.sum()), tuple(map(float, best)),
        float((cross > TOLERANCE).mean()) if len(cross) else float("nan"),
    )  # fmt: skip


def _clusters(outcomes: Floats, short: Floats) -> list[tuple[str, float, tuple[float, ...]]]:
    rate = outcomes[:, 0, OUTCOMES.index("challenge")]
    found = []
    for low, high in pairwise(CLUSTERS):
        inside = (rate >= low) & (rate < high)
        label = f"{100 * low:g} to {100 * high:g}%" if high < 1 else f"{100 * low:g}% or more"
        label = f"under {100 * high:g}%" if low == 0 else label
        if inside.any():
            found.append((label, float(inside.mean()), tuple(map(float, short[inside].mean(axis=0)))))
    return found


def _axes(worlds: Floats, cross: Floats) -> tuple[str, str]:
    """The two assumptions along which the sign of the cross-difference changes most."""
    positive = cross > TOLERANCE
    moved = []
    for name, column in COLUMN.items():
        values = worlds[:, column]
        if values.max() > values.min():
            low, high = np.quantile(values, (1 / 3, 2 / 3))
            moved.append((abs(float(positive[values <= low].mean() - positive[values >= high].mean())), name))
    (_, one), (_, other) = sorted(moved, key=lambda each: (-each[0], each[1]))[:2]
    return one, other


def _map(
    worlds: Floats, cross: Floats, axes: tuple[str, str], cells: int = 6
) -> list[tuple[float, float, float, float, float, int]]:
    x, y = (worlds[:, COLUMN[name]] for name in axes)
    xs, ys = (np.linspace(values.min(), values.max(), cells + 1) for values in (x, y))
    found = []
    for i in range(cells):
        for j in range(cells):
            inside = (x >= xs[i]) & (x <= xs[i + 1]) & (y >= ys[j]) & (y <= ys[j + 1])
            if inside.any():
                share = float((cross[inside] > TOLERANCE).mean())
                found.append((float(xs[i]), float(xs[i + 1]), float(ys[j]), float(ys[j + 1]), share, int(inside.sum())))
    return found


def _ablation(worlds: Floats) -> list[tuple[str, float, float]]:
    asked = question(WORTH)
    thesis = [channel for channel in CHANNELS if channel.thesis]
    cases = [
        ("nothing", []),
        *((channel.title, [channel]) for channel in CHANNELS),
        ("all six of the article's", thesis),
    ]
    found = []
    for title, off in cases:
        margin = asked.margin(constant(without(worlds, off), asked.packages))
        found.append((title, float((margin > TOLERANCE).mean()), float(np.median(margin))))
    return found


def _indices(box: Ranges, named: Sequence[NamedPackage], first: str, seed: int) -> list[Index]:
    own = [one.name for one in named].index(first)
    packages = [one.package for one in named]

    def ahead(worlds: Floats) -> Floats:
        values = constant(worlds, packages)[:, :, 0]
        return np.asarray(values[:, own] - np.delete(values, own, axis=1).max(axis=1))

    return sobol_indices(ahead, box, _INDICES, seed)
