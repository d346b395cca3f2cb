"""The brief: both tracks and the public case on one self-contained page, as known on a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dualtrack import __version__
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Finding, Source
from dualtrack.core.show import answer_text
from dualtrack.publish.changes import Changes, changes
from dualtrack.publish.chart import Chart
from dualtrack.publish.pages.questions import Questions
from dualtrack.publish.pages.template import templates
from dualtrack.publish.render import NARROW, WIDE, svg
from dualtrack.publish.symbols import symbol
from dualtrack.publish.theme import DARK, LIGHT, Track, css_dark_charts, css_variables
from dualtrack.record.store import Record


@dataclass(frozen=True)
class Brief:
    """A brief ready to be written: the page, and the headline finding of each track."""

    html: str
    headlines: list[str]


RowUrl = Callable[[str], str]
"""Where the page of a row (``table/id``) is, for a brief that is part of a site."""


def brief(record: Record, since: date | None = None, row_url: RowUrl | None = None) -> Brief:
    """The brief of a record as known on its day.

    Args:
        record: the record.
        since: tell what became known after this day.
        row_url: where rows have a page; without it the brief stands alone.

    Raises:
        BadInput: ``since`` is not before the record's day, or nothing was on record by then.
    """
    if since and since >= record.as_of:
        raise BadInput(f"--since {since} is not before --as-of {record.as_of}.", "Give an earlier day.")
    asked = Questions(record)
    if not asked.findings:
        raise BadInput(f"The record holds nothing to brief on as of {record.as_of}.", "Try a later --as-of.")
    told = changes(record, since, Questions(record.at(since)).findings, asked.findings) if since else None
    page = templates().get_template("brief.html.j2").render(_shown(record, asked, told), row_url=row_url)
    return Brief(page, [figure.finding.headline for figure in asked.figures()])


def _shown(record: Record, asked: Questions, told: Changes | None) -> dict[str, Any]:
    charts = asked.charts()
    sources = numbered(asked.findings, record.sources(told.sources) if told else [])
    return {
        "as_of": record.as_of,
        "as_of_words": spell(record.as_of),
        "since": told,
        "since_words": spell(told.since) if told else "",
        "headline": asked.title(),
        "headline_findings": [f.id for f in (asked.presence, asked.dialogue, asked.polls) if f],
        "figures": asked.figures(),
        "tracks": [(track, [drawn_once(record, chart) for chart in charts if chart.track is track]) for track in Track],
        "findings": asked.findings,
        "answer_text": answer_text,
        "sources": sources,
        "numbers": {source.id: number for number, source in enumerate(sources, 1)},
        "tables": [(record.spec(n), len(record.rows(n))) for n in record.tables if record.spec(n).kind == "fact"],
        "symbol": symbol,
        "version": __version__,
        "strict": record.strict,
        "css": page_css(),
    }


def drawn_once(record: Record, chart: Chart) -> dict[str, Any]:
    """The chart drawn, kept with the record: the same findings are the same drawing wherever it stands.

    One that rests on no finding, as those of the model do, has nothing to be known by again and is not kept.
    """
    if not chart.findings:
        return drawn(chart)
    key = ("drawn", chart.id, tuple(finding.id for finding in chart.findings))
    return record.once(key, lambda: drawn(chart))


def drawn(chart: Chart) -> dict[str, Any]:
    """A chart drawn at both widths, with who published what it rests on, and the sources of each row."""
    return {
        "chart": chart,
        "svg": svg(chart, WIDE, "broad"),
        "narrow": svg(chart, NARROW, "narrow"),
        "publishers": _publishers(chart),
        "cites": {f"{e.table}/{e.row}": e.sources for finding in chart.findings for e in finding.evidence},
    }


def _publishers(chart: Chart) -> str:
    """Who published what a chart rests on: the most frequent names, and how many more there are."""
    counts: dict[str, int] = {}
    for finding in chart.findings:
        for source in finding.sources:
            name = source.publisher.split(" (")[0].split(" / ")[0]
            counts[name] = counts.get(name, 0) + 1
    names = sorted((name for name in counts if name), key=lambda name: (-counts[name], name))
    more = len(names) - 5
    return ", ".join(names[:5]) + (f" and {more} more" if more > 0 else "")


def numbered(findings: list[Finding], more: Sequence[Source] = ()) -> list[Source]:
    """Every source of the findings and of what else is cited, in the order of the page's list."""
    cited = [*(source for finding in findings for source in finding.sources), *more]
    return sorted({s.id: s for s in cited}.values(), key=lambda s: (s.publisher, s.id))


def page_css() -> str:
    """The style of a brief, in both schemes and on paper."""
    return schemes() + _source("charts.css") + _source("brief.css")


def schemes() -> str:
    """The colours of pages and charts: the light scheme, the dark one where a reader prefers it, light on paper."""
    return (
        f":root{{{css_variables(LIGHT)}}}@media(prefers-color-scheme:dark){{:root{{{css_variables(DARK)}}}"
        f"{css_dark_charts()}}}@media print{{:root{{{css_variables(LIGHT)}}}}}\n"
    )


def site_css() -> str:
    """The style of the site: the house's colours, its pages, its charts, and the workbench's forms."""
    return schemes() + _source("site/site.css") + _source("charts.css") + _source("workbench/workbench.css")


def _source(name: str) -> str:
    loader = templates().loader
    assert loader is not None
    return loader.get_source(templates(), name)[0]
