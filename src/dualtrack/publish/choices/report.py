"""The page of a run: the question, the answer in conditional sentences, what drives it, and what would change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dualtrack.analyses.words import listed
from dualtrack.choice.priors import all_priors
from dualtrack.choice.ranges import TABLE
from dualtrack.choice.run import Run
from dualtrack.choice.scenario import NAMED, Scenario
from dualtrack.choice.sweep import CLASSES
from dualtrack.core.dates import spell
from dualtrack.core.wholefile import write_whole
from dualtrack.publish.chart import Chart
from dualtrack.publish.choices.charts.ablation_bars import ablation_bars
from dualtrack.publish.choices.charts.cross_map import cross_map
from dualtrack.publish.choices.charts.indices_bars import indices_bars
from dualtrack.publish.choices.charts.policy_map import policy_map
from dualtrack.publish.choices.charts.regret_map import regret_map
from dualtrack.publish.choices.charts.tornado import tornado
from dualtrack.publish.choices.charts.tradeoff import tradeoff
from dualtrack.publish.choices.telling import Telling, tell
from dualtrack.publish.pages.brief import page_css
from dualtrack.publish.pages.template import templates
from dualtrack.publish.render import NARROW, WIDE, svg
from dualtrack.publish.symbols import symbol
from dualtrack.record.store import Record

_DRAWN = (tradeoff, regret_map, tornado, indices_bars, policy_map, cross_map, ablation_bars)
_EXPLAINED = {
    "Laplace": "best mean",
    "Starr": "best in most worlds",
    "Savage": "smallest largest regret",
    "Hurwicz": "half the best case, half the worst",
    "Wald": "best worst case",
}
_FIRM = 0.05  # limits of a box that chance would set as often as this are not told


def write_report(run: Run, scenario: Scenario, record: Record, path: Path) -> list[str]:
    """Writes the page, and each chart's data beside it as CSV; returns the answer in sentences.

    Args:
        run: the run.
        scenario: what was asked.
        record: whose table says what each parameter is.
        path: of the page; data go into a folder of its name with ``-data``.

    Raises:
        BadInput: it cannot be written.
    """
    found = tell(run, scenario, record)
    charts = [draw(found) for draw in _DRAWN]
    write_whole(path, report(found, charts, record).encode())
    folder = path.with_name(f"{path.stem}-data")
    folder.mkdir(exist_ok=True)
    for chart in charts:
        write_whole(folder / f"{chart.id}.csv", chart.csv().encode())
    return sentences(found)


def report(found: Telling, charts: list[Chart], record: Record) -> str:
    """The page as HTML, self-contained."""
    drawn = [
        {"chart": chart, "svg": svg(chart, WIDE, "broad"), "narrow": svg(chart, NARROW, "narrow")} for chart in charts
    ]
    return templates().get_template("choices/report.html.j2").render(
        found=found, drawn=drawn, sentences=sentences(found), symbol=symbol, css=page_css(), named=NAMED,
        titles={name: own.title for name, own in all_priors().items()}, box=_box(found),
        parameters=record.rows(TABLE), as_of_words=spell(found.scenario.as_of), about=found.run.about,
        headline=sentences(found)[0], percent=_percent, classes=CLASSES, explained=_EXPLAINED,
        lowest=min(cell.value for cell in found.cells.cells), highest=max(cell.value for cell in found.cells.cells),
        turned=[one for one in found.turnings if one.value is not None][:5],
    )  # fmt: skip


def sentences(found: Telling) -> list[str]:
    """The answer in conditional sentences, each with the set of priors it holds under."""
    under = f"under {found.own.name.replace('_', ' ')} priors"
    first = found.tiers[0]
    by_name = {one.name: one for one in found.regrets}
    best = by_name[first[0]]
    if len(first) == 1:
        lead = (
            f"“{first[0][:1].upper()}{first[0][1:]}” falls least short on average {under}, by {best.mean:.1f} (in "
            f"about 10 bn USD), and is the best of those compared in {_percent(best.best)} of worlds"
        )
    else:
        lead = f"{listed([f'“{name}”' for name in first])} cannot be told apart in mean regret {under}"
    told = [flip for flip in found.flips if flip.value is not None][:3]
    if told:
        changes = [
            f"{found.meaning[one.parameter].lower()} ({one.parameter}) is "
            f"{'above' if (one.value or 0) > one.nominal else 'below'} {one.value:.3g} instead of {one.nominal:.3g}: "
            f"then it is “{one.after}”"
            for one in told
        ]
        flip = f"In the nominal world the best of those compared changes if {'; or if '.join(changes)}"
    else:
        flip = "In the nominal world no single assumption changes which of those compared is best"
    return [
        f"{lead}.",
        *(headline.text for headline in found.headlines),
        f"{flip}.",
        "That the tracks help each other does not make both the best; nothing here forecasts what a state will do.",
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} percent" if share >= 0.01 else f"{100 * share:.1f} percent"


def _box(found: Telling) -> dict[str, Any] | None:
    if found.box is None:
        return None
    own = {one.name: one for one in found.regrets}[found.first]
    return {
        "coverage": found.box.coverage, "density": found.box.density, "base": own.best,
        "limits": [limit for limit in found.box.limits if limit.p < _FIRM],
        "dropped": sum(limit.p >= _FIRM for limit in found.box.limits),
    }  # fmt: skip
