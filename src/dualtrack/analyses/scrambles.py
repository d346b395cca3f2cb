"""How often alert aircraft were launched, one series per command and measure; series are never added up.

National and alliance series count different things: launches, identified aircraft, days with a launch, entries into
airspace, safety occurrences. A figure for part of a year is marked, and where sources give two figures for the same
year both are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from dualtrack.analyses.window import Window
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.errors import BadInput, NoSuchName
from dualtrack.core.finding import Answer, Coverage, Finding
from dualtrack.core.show import amount
from dualtrack.core.ternary import Ternary
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

EXAMPLES: tuple[dict[str, Any], ...] = (
    {},
    {"region": "NATO Europe"},
    {"region": "Norway", "measure": "scrambles"},
    {"region": "Baltic", "since": "2014"},
)

_FIGURES = {"count": "everything counted", "of_which_russian": "Russian aircraft only"}


@dataclass
class _Series:
    """The figures of one command for one measure, in order of time."""

    region: str
    measure: str
    rows: list[Row] = field(default_factory=list)

    @property
    def years(self) -> list[int]:
        """The single years with a figure for the whole of them."""
        return sorted({int(row.text("year")) for row in self.rows if _whole(row)})


def run(
    record: Record,
    region: Annotated[str | None, "a command or region, or part of its name, such as Baltic or Norway"] = None,
    measure: Annotated[str | None, "what is counted, or part of it, such as scrambles or identifications"] = None,
    since: Annotated[str | None, "from this year on"] = None,
    until: Annotated[str | None, "up to this year"] = None,
) -> Finding:
    """Every series with its years, gaps, partial years and double figures; nothing is added across series."""
    work = Workings(record, "scrambles", {"region": region, "measure": measure, "since": since, "until": until})
    window = Window.of(since, until)
    all_rows = work.select("scrambles")
    for name, wanted in (("region", region), ("measure", measure)):
        known = sorted({row.text(name) for row in record.rows("scrambles")})
        if wanted and not any(wanted.lower() in text.lower() for text in known):
            raise NoSuchName(f"{name} of scrambles", wanted, known)
    rows = [
        row
        for row in all_rows
        if (not region or region.lower() in row.text("region").lower())
        and (not measure or measure.lower() in row.text("measure").lower())
        and _in(row, window)
    ]
    if not rows:
        raise BadInput(
            f"No such count is on record {window.words(record.as_of)} as known on {record.as_of}.",
            "That is not zero: figures were not published, or not read. Ask for more years, or a later --as-of.",
        )
    rows.sort(key=lambda row: (row.text("region"), row.text("measure"), row.text("year"), row.text("period"), row.id))
    for row in rows:
        work.use(row, *(name for name in ("count", "of_which_russian", "period", "note") if row[name] is not None))
    series = _series(rows)
    _warn(work, rows, series)
    spanned = sum(s.years[-1] - s.years[0] + 1 for s in series if s.years)
    return work.finding(
        question=f"How often were alert aircraft launched {window.words(record.as_of)}, by each command's own count?",
        headline=_headline(series),
        answer=Answer(
            kind="table",
            value=[_line(row, rows) for row in rows],
            unit="see measure",
            coverage=Coverage(
                known=sum(len(s.years) for s in series),
                total=spanned,
                of="years between the first and the last of each series with a figure for the whole year",
            ),
            summary={"Series (never added up)": [_about(s) for s in series]},
        ),
        method=(
            "Rows of scrambles as known on the day, grouped by region and measure. A series' years are those with a "
            "figure for the whole year; a span of years is no year. Highest: the highest figure of a whole year, of "
            "everything counted and of Russian aircraft apart. Two figures for one year are both kept."
        ),
    )


def _in(row: Row, window: Window) -> bool:
    start, _, end = row.text("year").partition("/")
    return not (window.holds(start) is Ternary.NO and window.holds(end or start) is Ternary.NO)


def _whole(row: Row) -> bool:
    """Whether a figure is for one whole year."""
    return row["period"] is None and "/" not in row.text("year")


def _series(rows: Sequence[Row]) -> list[_Series]:
    found: dict[tuple[str, str], _Series] = {}
    for row in rows:
        key = row.text("region"), row.text("measure")
        found.setdefault(key, _Series(*key)).rows.append(row)
    return list(found.values())


def _line(row: Row, rows: Sequence[Row]) -> dict[str, Any]:
    twin = any(_same(row, other) for other in rows if other.id != row.id)
    return {
        "region": row["region"],
        "measure": row["measure"],
        "year": row.text("year").replace("/", " to ") + (f" ({row['period']})" if row["period"] else ""),
        "count": row.number("count"),
        "of_which_russian": row.number("of_which_russian"),
        "covers": row["period"] or ("span of years" if "/" in row.text("year") else "whole year"),
        "figures_for_the_year": "two" if twin else "one",
        "note": row["note"],
    }


def _same(a: Row, b: Row) -> bool:
    """Whether two rows are figures of one series for one year."""
    return all(a[name] == b[name] for name in ("region", "measure", "year"))


def _figures(series: _Series, name: str) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for row in series.rows:
        figure = row.number(name)
        if _whole(row) and figure is not None:
            found.setdefault(int(row.text("year")), []).append(figure)
    return found


def _about(series: _Series) -> dict[str, Any]:
    years = series.years
    gaps = [year for year in range(years[0], years[-1]) if year not in years] if years else []
    line: dict[str, Any] = {
        "region": series.region,
        "measure": series.measure,
        "years": f"{years[0]} to {years[-1]}" if years[1:] else str(years[0]) if years else None,
        "known": f"{len(years)} of {years[-1] - years[0] + 1}" if years else None,
    }
    for name, title in (("count", "highest_count"), ("of_which_russian", "highest_russian")):
        figures = _figures(series, name)
        top = max(figures, key=lambda year: (max(figures[year]), year), default=None)
        line[title] = f"{amount(max(figures[top]))} ({top})" if top else None
    partial = sum(row["period"] is not None for row in series.rows)
    line["partial_figures"] = partial or None
    line["no_figure_for"] = ", ".join(_runs(gaps)) or "none"
    return line


def _runs(years: Sequence[int]) -> list[str]:
    """Years in a row joined: 2005 to 2009, 2018."""
    found: list[list[int]] = []
    for year in years:
        if found and year == found[-1][-1] + 1:
            found[-1].append(year)
        else:
            found.append([year])
    return [f"{run[0]} to {run[-1]}" if run[1:] else str(run[0]) for run in found]


def _warn(work: Workings, rows: Sequence[Row], series: Sequence[_Series]) -> None:
    if len(series) > 1:
        work.caveat("Each series counts something else; they are not added up, and their levels cannot be compared.")
    partial = [f"{row['region']} {row['year']} ({row['period']})" for row in rows if row["period"] is not None]
    if partial:
        work.caveat(f"For part of the year only, not to be read beside whole years: {listed(partial)}.")
    double = sorted({f"{r['region']} {r['year']}" for r in rows if any(_same(r, o) for o in rows if o.id != r.id)})
    if double:
        work.caveat(f"Two figures are on record and both are shown: {listed(double)}.")
    mixed = [s.region for s in series if {n for n in _FIGURES for row in s.rows if row[n] is not None} == set(_FIGURES)]
    if mixed:
        work.caveat(
            f"In the series of {listed(sorted(set(mixed)))} some years count every aircraft and some only Russian "
            "ones; they are kept in two columns."
        )
    collected = work.record.spec("scrambles").collected
    work.caveat(f"Collected: {collected[:1].lower()}{collected[1:]}")
    work.caveat(
        "Years without a figure are not zero. Figures are as published, many of them rounded; more launches can mean "
        "more flights met, more aircraft on watch, or both."
    )
    if any(row["known_from"] is None for row in rows):
        work.caveat("When it became known is not on record for some figures; as of an earlier day they are left out.")


def _headline(series: Sequence[_Series]) -> str:
    if len(series) > 1:
        regions = len({s.region for s in series})
        kinds = len({s.measure for s in series})
        return (
            f"{plural(len(series), 'series', 'series')} of "
            f"{plural(regions, 'command or region', 'commands and regions')} count "
            f"{plural(kinds, 'different thing')} and are not added up; {sum(len(s.years) for s in series)} of their "
            "years have a figure for the whole year"
        )
    only = series[0]
    counts = {name: _figures(only, name) for name in _FIGURES}
    name = max(_FIGURES, key=lambda n: (len(counts[n]), n == "count"))
    found = counts[name]
    what = f"{only.region}, {only.measure} ({_FIGURES[name]})"
    if not found:
        return f"{what}: no figure for a whole year is on record"
    first, last = min(found), max(found)
    top = max(found, key=lambda year: (max(found[year]), year))
    said = f"{amount(max(found[first]))} in {first}"
    said += f" and {amount(max(found[last]))} in {last}" if last != first else ""
    said += f", highest {amount(max(found[top]))} in {top}" if len(found) > 2 and top not in (first, last) else ""
    return f"{what}: {said}; on record for {len(found)} of {plural(last - first + 1, 'year')}"
