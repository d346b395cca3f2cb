"""What a run says: every figure the report prints, computed once, with the honesty that belongs to it.

No share stands without the neutral set's beside it and the five assumptions that drive it; nothing is ranked that
cannot be told apart; each channel is switched off in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from dualtrack.choice.ablation import Ablated, ablate
from dualtrack.choice.complementarity import (
    Complement,
    Cut,
    Everywhere,
    complementarity,
    crosses,
    decisive,
    everywhere,
    over,
)
from dualtrack.choice.constant import constant
from dualtrack.choice.estimate import Estimate, share_of
from dualtrack.choice.flips import Flip, flips
from dualtrack.choice.headline import DRIVERS, Driver, Headline
from dualtrack.choice.information import Information, informed
from dualtrack.choice.moments import Moment, moments, not_ruled_out
from dualtrack.choice.mutual import Mutual, mutual
from dualtrack.choice.outcomes import OUTCOMES
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import Floats
from dualtrack.choice.policymap import PolicyMap, policy_map
from dualtrack.choice.prim import Box, chosen, peel
from dualtrack.choice.priors import NEUTRAL
from dualtrack.choice.question import TOLERANCE, question
from dualtrack.choice.ranges import TABLE, Ranges
from dualtrack.choice.regret import Regret, ranking, regret, regrets
from dualtrack.choice.robustness import Criterion, criteria
from dualtrack.choice.run import Run
from dualtrack.choice.satisficing import Domain, domains, good_enough
from dualtrack.choice.scenario import NAMED, NamedPackage, Scenario
from dualtrack.choice.sensitivity import Index, Leading, damped, leading, sobol_indices
from dualtrack.choice.static import Pair
from dualtrack.choice.sweep import UnderPriors, sweep
from dualtrack.choice.tree import Leaf, grow
from dualtrack.choice.turning import Turning, turnings
from dualtrack.record.store import Record

WORTH = "presence-makes-dialogue-worth-more"
_ABLATED = 2048  # worlds in which channels are switched off
INDICES = 1024
"""Points of the sample for Sobol indices, times 53."""

TURNING = 1024
"""Worlds below which changes over the population cannot be told."""

CLUSTERS = (0.0, 0.002, 0.01, 0.03, 1.0)
"""Challenges per quarter under the first package by which worlds are put together: how near one is."""


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
        priors: what each set of priors says, the scenario's own first.
        regrets: of each package compared, under the scenario's priors; ``everything`` of all that were solved.
        tiers: packages by mean regret, those together that cannot be told apart.
        criteria: what leads by the classical criteria; they need not agree.
        enough: share of worlds in which each package is good enough; ``any_enough`` of all solved, in which any is.
        crosses: the cross-difference of every outcome; ``cells`` that of value in all 24 cells.
        clusters: worlds by how near the other side is to a challenge: label, share, mean regret of each package.
        cross_map: two assumptions that drive the cross-difference, and its share above zero over both.
        ablation: channel, share of worlds with a cross-difference above zero, median.
        mutual: what each track does to the other in one quarter.
        first: the package that comes first, of which flips, indices, box and tree tell.
        flips, indices, box, leaves, turnings: see their modules.
        headlines: shares that are told, with all that belongs to them.
        leading: the assumptions that move the first package's advantage most, and whether the sample can tell.
        policy: the best next step by belief in the nominal world, and ``information`` what adapting is worth there.
        matched: what the record of the scenario's day rules out; None where no package was in force.
        judged: parameters that no table of the record bears on.
        meaning: of each parameter, in words.
    """

    scenario: Scenario
    run: Run
    named: tuple[NamedPackage, ...]
    priors: tuple[UnderPriors, ...]
    regrets: tuple[Regret, ...]
    everything: tuple[Regret, ...]
    tiers: tuple[tuple[str, ...], ...]
    criteria: tuple[Criterion, ...]
    enough: Domain
    any_enough: float
    crosses: tuple[Complement, ...]
    cells: Everywhere
    clusters: tuple[tuple[str, float, tuple[float, ...]], ...]
    cross_axes: tuple[str, str]
    cross_map: tuple[Cut, ...]
    ablation: tuple[Ablated, ...]
    mutual: Mutual
    first: str
    flips: tuple[Flip, ...]
    indices: tuple[Index, ...]
    box: Box | None
    leaves: tuple[Leaf, ...]
    turnings: tuple[Turning, ...]
    headlines: tuple[Headline, ...]
    leading: Leading
    policy: PolicyMap
    information: Information
    matched: Matched | None
    judged: int
    meaning: Mapping[str, str]

    @property
    def own(self) -> UnderPriors:
        """What the scenario's set of priors says."""
        return self.priors[0]

    @property
    def neutral(self) -> UnderPriors:
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
    packages = [one.package for one in named]
    indices = sobol_indices(lambda drawn: _ahead(drawn, packages, names.index(first)), box, INDICES, run.about["seed"])
    best = values.argmax(axis=1)
    wins = best == names.index(first)
    cross = crosses(outcomes, run.packages)[:, 0]
    (one, _), (other, _), *_ = decisive(worlds, cross)
    under = sweep(run.outcomes, run.packages)
    rows = record.rows(TABLE)
    policy = policy_map(box.nominal)
    return Telling(
        scenario=scenario,
        run=run,
        named=named,
        priors=under,
        regrets=tuple(regret(values, names)),
        everything=tuple(regret(outcomes[:, :, 0], [_short(levels) for levels in run.packages])),
        tiers=tuple(map(tuple, tiers)),
        criteria=criteria(values, names),
        enough=domains(outcomes[:, columns], scenario.enough, names),
        any_enough=float(good_enough(outcomes, scenario.enough).any(axis=1).mean()),
        crosses=complementarity(outcomes, run.packages),
        cells=everywhere(outcomes, run.packages),
        clusters=tuple(_clusters(outcomes[:, columns], regrets(values))),
        cross_axes=(one, other),
        cross_map=over(worlds, cross, (one, other)),
        ablation=ablate(run.worlds[NEUTRAL][:_ABLATED], _worth),
        mutual=mutual(box.nominal, run.worlds, Pair()),
        first=first,
        flips=tuple(flips(box, packages, names, first)),
        indices=tuple(indices),
        box=chosen(peel(worlds, wins)) if 0.02 < wins.mean() < 0.98 else None,
        leaves=tuple(grow(worlds, best, len(names))),
        turnings=tuple(turnings(worlds, values, names, "regret")) if len(worlds) >= TURNING else (),
        headlines=_headlines(run, scenario, record, under, box),
        leading=leading(indices, DRIVERS),
        policy=policy,
        information=informed(policy.solution),
        matched=_matched(run, scenario, record),
        judged=sum(not row["mapped_from"] for row in rows),
        meaning={row.id: row.text("meaning") for row in rows},
    )


def _worth(worlds: Floats) -> Floats:
    asked = question(WORTH)
    return asked.margin(constant(worlds, asked.packages))


def _headlines(
    run: Run, scenario: Scenario, record: Record, under: Sequence[UnderPriors], box: Ranges
) -> tuple[Headline, ...]:
    """Shares under the scenario's priors, each with the neutral one, what drives it and where it comes from."""
    own, neutral = under[0], next(one for one in under if one.name == NEUTRAL)
    known = {row.id: row for row in record.rows(TABLE)}
    four = [one.package for one in NAMED]

    def told(what: str, share: Estimate, beside: Estimate, margin: Callable[[Floats], Floats]) -> Headline:
        first = leading(sobol_indices(margin, box, INDICES, run.about["seed"]), DRIVERS)
        drivers = tuple(
            Driver(name, known[name].text("meaning"), known[name].text("mapped_from").replace(";", ", "))
            for name in first.parameters
        )
        return Headline(
            what, scenario.priors, share, beside, drivers, first.sure, run.about["seed"],
            run.about["parameters_sha256"], run.about["model"],
        )  # fmt: skip

    def both(name: str) -> Estimate:
        values = run.outcomes[name][:, [run.of(package) for package in four], 0]
        return share_of(values.argmax(axis=1) == len(four) - 1)

    return (
        told(
            "Both tracks are the best of neither, deterrence only, dialogue only and both", both(own.name),
            both(NEUTRAL), lambda worlds: _ahead(worlds, four, len(four) - 1),
        ),
        told("Presence makes dialogue worth more", own.helps, neutral.helps, lambda worlds: damped(_worth(worlds))),
    )  # fmt: skip


def _ahead(worlds: Floats, packages: Sequence[Package], own: int) -> Floats:
    """The advantage of one package over the best of the others, its tails drawn in."""
    values = constant(worlds, packages)[:, :, 0]
    return damped(values[:, own] - np.delete(values, own, axis=1).max(axis=1))


def _short(levels: Sequence[float]) -> str:
    p, d, e, m = levels
    return f"presence {p:.2g}, dialogue {d:.2g}, {'' if e else 'un'}explained, {'multinational' if m else 'national'}"


def _matched(run: Run, scenario: Scenario, record: Record) -> Matched | None:
    if scenario.in_force is None:
        return None
    found = moments(record.at(date.fromisoformat(scenario.as_of)))
    outcomes = run.outcomes[scenario.priors]
    kept = not_ruled_out(outcomes[:, run.of(scenario.in_force.package)], found)
    four = outcomes[kept][:, [run.of(one.package) for one in NAMED], 0]
    best = np.bincount(four.argmax(axis=1), minlength=len(NAMED)) / max(len(four), 1)
    cross = crosses(outcomes, run.packages)[kept, 0]
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
