"""Tells a run: takes every figure that the pages of choices show, and draws their charts, once.

What is told of the questions to the model is computed here from the same run; the rest is what the report says.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from dualtrack.choice.channels import CHANNELS
from dualtrack.choice.constant import constant
from dualtrack.choice.estimate import Estimate, mean_of, share_of
from dualtrack.choice.headline import DRIVERS, Driver, Headline
from dualtrack.choice.mutual import Mutual
from dualtrack.choice.package import Package
from dualtrack.choice.parameters import COLUMN, Floats
from dualtrack.choice.prim import Box, chosen, peel
from dualtrack.choice.priors import NEUTRAL
from dualtrack.choice.question import TOLERANCE, Question, questions
from dualtrack.choice.ranges import TABLE
from dualtrack.choice.regret import ranking, regrets
from dualtrack.choice.run import Run
from dualtrack.choice.scenario import Scenario
from dualtrack.choice.sensitivity import damped, leading, sobol_indices
from dualtrack.choice.static import Measure
from dualtrack.choice.turning import Turning, turnings
from dualtrack.publish.chart import Chart
from dualtrack.publish.choices.charts.policy_map import policy_map
from dualtrack.publish.choices.charts.regret_map import regret_map
from dualtrack.publish.choices.charts.tornado import tornado
from dualtrack.publish.choices.charts.tradeoff import tradeoff
from dualtrack.publish.choices.report import sentences
from dualtrack.publish.choices.telling import INDICES, TURNING, Telling
from dualtrack.publish.choices.told import (
    BINS,
    FORMAT,
    Acted,
    Acting,
    Answered,
    Assumed,
    Bearable,
    Boxed,
    Cell,
    Change,
    Compared,
    Drawn,
    Limit,
    Measured,
    Summed,
    Told,
    UnderSet,
)
from dualtrack.publish.render import NARROW, WIDE
from dualtrack.record.store import Record

_DRAWN = (tradeoff, regret_map, policy_map, tornado)
_FIRM = 0.05  # limits of a box that chance would set as often as this are not told
_TOLD = 5  # changes of the leader that are told
_FIGURES = 6  # that are kept: more would be noise of the sample


def told(found: Telling, record: Record) -> Told:
    """What the file of a run says.

    Args:
        found: the run with everything a report says of it.
        record: whose table says what each parameter is.
    """
    run, scenario = found.run, found.scenario
    worlds, outcomes = run.worlds[scenario.priors], run.outcomes[scenario.priors]
    values = outcomes[:, [run.of(one.package) for one in found.named], 0]
    names = [one.name for one in found.named]
    axes = {name: _ends(worlds[:, COLUMN[name]]) for name in found.leading.parameters}
    wins = values.argmax(axis=1) == names.index(found.first)
    charts = [draw(found) for draw in _DRAWN]
    solver = _Solver([package for asked in questions().values() for package in asked.packages])
    kept = ("method", "seed", "engine", "model", "dualtrack", "parameters_sha256", "scenario_sha256", "record_as_of")
    return Told(
        format=FORMAT,
        scenario=scenario.id,
        title=scenario.title,
        question=scenario.question,
        as_of=scenario.as_of,
        chooser=scenario.sides[scenario.chooser].name,
        adversary=scenario.sides[scenario.adversary].name,
        priors=scenario.priors,
        about={name: run.about[name] for name in kept},
        worlds=dict(run.about["worlds"]),
        sentences=tuple(sentences(found)),
        tiers=found.tiers,
        packages=tuple(
            Compared(
                name=one.name, best=_measured(one.best, one.best_error), enough=_of(enough),
                regret=_measured(one.mean, one.error), ninetieth=_measured(one.ninetieth, one.ninetieth_error),
                most=_rounded(one.most),
            )
            for one, enough in zip(found.regrets, found.enough.shares, strict=True)
        ),
        under=tuple(
            UnderSet(
                name=under.name, worlds=under.worlds,
                best={one.name: _measured(one.best, one.best_error) for one in under.named},
                regret={one.name: _measured(one.mean, one.error) for one in under.named},
            )
            for under in found.priors
        ),
        answers={name: _answered(asked, solver, run, scenario, record) for name, asked in questions().items()},
        changes=_changes(found.turnings),
        flips=tuple(
            Change(parameter=flip.parameter, value=_rounded(flip.value), nominal=_rounded(flip.nominal),
                   before=flip.before, after=flip.after)
            for flip in found.flips
            if flip.value is not None and flip.after is not None
        ),
        box=_boxed(found.box, worlds, float(wins.mean())),
        axes={name: tuple(map(_rounded, ends.tolist())) for name, ends in axes.items()},
        cells={f"{x},{y}": _cells(worlds, values, names, {x: axes[x], y: axes[y]}) for x, y in combinations(axes, 2)},
        charts={chart.id: _drawn(chart) for chart in charts},
        tracks=_acting(found.mutual),
        assumed=tuple(
            Assumed(parameter=name, low=one.range[0], high=one.range[1], why=one.why)
            for name, one in scenario.assumptions.items()
        ),
        meaning=dict(found.meaning),
    )  # fmt: skip


class _Solver:
    """Outcomes of the packages of all questions, solved together and once: every question is asked of one sample.

    Args:
        packages: of the questions; those named twice are solved once.
    """

    def __init__(self, packages: Sequence[Package]) -> None:
        self._packages = list(dict.fromkeys(packages))
        self._solved: dict[bytes, Floats] = {}

    def of(self, worlds: Floats, packages: Sequence[Package]) -> Floats:
        """Outcomes of some of the packages, shape (worlds, packages, 6)."""
        key = hashlib.sha256(worlds.tobytes()).digest()
        if key not in self._solved:
            self._solved[key] = constant(worlds, self._packages)
        return self._solved[key][:, [self._packages.index(package) for package in packages]]


def _answered(asked: Question, solver: _Solver, run: Run, scenario: Scenario, record: Record) -> Answered:
    columns = [run.of(package) for package in asked.packages]
    margins = {name: asked.margin(outcomes[:, columns]) for name, outcomes in run.outcomes.items()}
    shares = {name: share_of(margin > TOLERANCE) for name, margin in margins.items()}
    box = scenario.box(record)
    indices = sobol_indices(
        lambda drawn: damped(asked.margin(solver.of(drawn, asked.packages))), box, INDICES, run.about["seed"]
    )
    first = leading(indices, DRIVERS)
    rows = {row.id: row for row in record.rows(TABLE)}
    drivers = tuple(
        Driver(name, rows[name].text("meaning"), rows[name].text("mapped_from").replace(";", ", "))
        for name in first.parameters
    )
    said = Headline(
        f"{asked.title} Yes", scenario.priors, shares[scenario.priors], shares[NEUTRAL], drivers, first.sure,
        run.about["seed"], run.about["parameters_sha256"], run.about["model"],
    )  # fmt: skip
    worlds, margin = run.worlds[scenario.priors], margins[scenario.priors]
    yes = margin > TOLERANCE
    share = float(yes.mean())
    sides = np.stack([np.where(yes, 1.0, 0.0), np.where(yes, 0.0, 1.0)], axis=1)
    return Answered(
        headline=said.text,
        shares={name: _of(one) for name, one in shares.items()},
        drivers=tuple(driver.parameter for driver in drivers),
        box=_boxed(chosen(peel(worlds, yes)) if 0.02 < share < 0.98 else None, worlds, share),
        changes=_changes(turnings(worlds, sides, ("yes", "no"), "best") if len(worlds) >= TURNING else ()),
    )


def _changes(found: Sequence[Turning]) -> tuple[Change, ...]:
    return tuple(
        Change(parameter=one.parameter, value=_rounded(one.value), nominal=None, before=one.before, after=one.after)
        for one in [one for one in found if one.value is not None and one.after is not None][:_TOLD]
        if one.value is not None and one.after is not None
    )


def _boxed(box: Box | None, worlds: Floats, base: float) -> Boxed | None:
    if box is None:
        return None
    firm = [limit for limit in box.limits if limit.p < _FIRM]
    return Boxed(
        coverage=_rounded(box.coverage), density=_rounded(box.density), mass=_rounded(box.mass), base=_rounded(base),
        limits=tuple(
            Limit(
                parameter=one.parameter,
                low=_rounded(one.low) if one.low > worlds[:, COLUMN[one.parameter]].min() else None,
                high=_rounded(one.high) if one.high < worlds[:, COLUMN[one.parameter]].max() else None,
                p=_rounded(one.p),
            )
            for one in firm
        ),
        dropped=len(box.limits) - len(firm),
    )  # fmt: skip


def _ends(values: Floats) -> Floats:
    """The ends of the bins of equal width that hold all values."""
    return np.linspace(float(values.min()), float(values.max()), BINS + 1)


def _cells(worlds: Floats, values: Floats, names: Sequence[str], axes: Mapping[str, Floats]) -> tuple[Cell, ...]:
    short = regrets(values)
    (first, first_ends), (second, second_ends) = axes.items()
    across, along = (
        np.clip(np.searchsorted(ends, worlds[:, COLUMN[name]], "right") - 1, 0, BINS - 1)
        for name, ends in ((first, first_ends), (second, second_ends))
    )
    found = []
    for a in range(BINS):
        for b in range(BINS):
            own = (across == a) & (along == b)
            if not own.any():
                found.append(Cell(worlds=0, means=(), errors=(), first=()))
                continue
            means = [mean_of(column) for column in short[own].T]
            leaders = ranking(values[own], names)[0] if own.sum() > 1 else list(names)
            found.append(
                Cell(
                    worlds=int(own.sum()),
                    means=tuple(_rounded(one.value) for one in means),
                    errors=tuple(_finite(one.error) for one in means),
                    first=tuple(sorted((names.index(name) for name in leaders), key=lambda n: means[n].value)),
                )
            )
    return tuple(found)


def _acting(found: Mutual) -> Acting:
    titles = {channel.id: channel.title for channel in CHANNELS}

    def summed(measure: Measure) -> Summed:
        own = found.sums[measure]
        return Summed(
            parts={titles[name]: _rounded(float(part[0])) for name, part in own.by_channel.items()},
            rest=_rounded(float(own.rest[0])), total=_rounded(float(own.total[0])), shares=_each(found.above[measure]),
        )  # fmt: skip

    return Acting(
        presence=found.pair.presence, dialogue=found.pair.dialogue,
        effects=tuple(
            Acted(title=one.title, unit=one.unit, formula=one.formula, helps=one.helps,
                  nominal=_rounded(float(one.cross[0])), shares=_each(found.speak[one.id]))
            for one in found.effects
        ),
        value=summed("value"), support=summed("support"), later=_rounded(found.later),
        sustained=tuple(
            Bearable(dialogue=one.dialogue, explain=one.explain,
                     most=None if one.most is None else _rounded(one.most), shares=_each(one.shares))
            for one in found.sustained
        ),
    )  # fmt: skip


def _each(shares: Mapping[str, Estimate]) -> dict[str, Measured]:
    return {name: _of(share) for name, share in shares.items()}


def _drawn(chart: Chart) -> Drawn:
    return Drawn(
        id=chart.id, track=chart.track, title=chart.title, reading=chart.reading, alt=chart.alt,
        columns=tuple((column.name, column.heading, column.number) for column in chart.columns),
        rows=tuple(dict(row) for row in chart.rows),
        key=tuple((key.symbol, key.label, key.size) for key in chart.key), notes=tuple(chart.notes),
        wide=_short(chart.draw(WIDE)), narrow=_short(chart.draw(NARROW)),
    )  # fmt: skip


def _short(spec: Any) -> Any:
    """A specification with places to a hundredth of a pixel, as fine as anything is drawn."""
    if isinstance(spec, float):
        return round(spec, 2)
    if isinstance(spec, dict):
        return {name: _short(part) for name, part in spec.items()}
    return [_short(part) for part in spec] if isinstance(spec, list) else spec


def _of(found: Estimate) -> Measured:
    return _measured(found.value, found.error)


def _measured(value: float, error: float) -> Measured:
    return Measured(value=_rounded(value), error=_finite(error))


def _finite(error: float) -> float | None:
    return _rounded(error) if math.isfinite(error) else None


def _rounded(value: float) -> float:
    return float(f"{value:.{_FIGURES}g}")
