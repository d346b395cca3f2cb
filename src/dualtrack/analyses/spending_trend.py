"""How a state's or a group's defence spending moved over the years, and how far editions differ on the same year.

Each edition of NATO's tables is a line of its own: the past changes between editions (GDP is revised, payments are
re-dated), so figures of two editions, of two definitions or of two series are never joined. For each year the first
and the latest edition, the lowest and the highest figure stand side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Annotated, Any, Literal

from dualtrack.analyses.groups import Grouping, groupings
from dualtrack.analyses.names import named, state_code
from dualtrack.analyses.words import listed, plural
from dualtrack.analyses.workings import Workings
from dualtrack.core.dates import spell
from dualtrack.core.errors import BadInput
from dualtrack.core.finding import Answer, ByReading, Coverage, Edition, Finding
from dualtrack.core.ternary import Ternary, at_least
from dualtrack.record.rows import Row
from dualtrack.record.store import Record

Metric = Literal["share_of_gdp_pct", "equipment_share_pct"]
Definition = Literal["defence", "core_defence"]
Series = Literal["nato", "sipri", "world_bank"]

EXAMPLES = (
    {"state": "EST"},
    {"state": "ROU", "since": 2016},
    {"group": "eastern_flank", "since": 2014, "until": 2016},
    {"group": "nato", "metric": "equipment_share_pct"},
)

_OF = {"share_of_gdp_pct": "percent of GDP", "equipment_share_pct": "percent of defence spending"}
_WHAT = {"share_of_gdp_pct": "defence spending", "equipment_share_pct": "spending on equipment"}
_GUIDELINES = {"share_of_gdp_pct": 2.0, "equipment_share_pct": 20.0}
_FINE = 0.01  # NATO prints two decimals: a figure that fine decides as printed
_IMPORTERS = {"sipri": "sipri_milex", "world_bank": "world_bank"}  # series that only a user's own copy fills


@dataclass(frozen=True)
class _Cell:
    """The figure of a state for a year in one edition."""

    row: Row
    state: str
    year: int
    edition: str
    figure: float
    step: float
    estimate: bool

    @property
    def text(self) -> str:
        """The figure, no finer than printed and never finer than two decimals."""
        return f"{self.figure:.1f}" if self.step > _FINE else _figure(self.figure)


def run(
    record: Record,
    state: Annotated[str | None, "a state's code, such as EST; a group instead if left out"] = None,
    group: Annotated[str, "a group such as nato, or a slot of readings such as eastern_flank"] = "nato",
    metric: Annotated[Metric, "share_of_gdp_pct or equipment_share_pct"] = "share_of_gdp_pct",
    since: Annotated[int | None, "first year"] = None,
    until: Annotated[int | None, "last year"] = None,
    definition: Annotated[Definition, "defence, or core_defence (NATO's tables from 2026 on)"] = "defence",
    series: Annotated[Series, "nato; or sipri or world_bank, from a copy that you have imported"] = "nato",
) -> Finding:
    """The figures of every year and edition, with the spread between editions of the same year."""
    code = state_code(record, state) if state else None
    work = Workings(
        record,
        "spending_trend",
        {"state": code, "group": None if code else group, "metric": metric, "since": since, "until": until,
         **({"definition": definition} if series == "nato" else {"series": series})},
    )  # fmt: skip
    chosen = [] if code else groupings(record, group)
    wanted = {code} if code else {member for grouping in chosen for member in grouping.states}
    cells = [cell for cell in _cells(work, metric, definition, series, since, until) if cell.state in wanted]
    if not code:
        cells = [cell for cell in cells if cell.state in _allies(record, cell.year)]
    if not cells:
        raise BadInput(
            f"The record holds no {_WHAT[metric]} like this known on {record.as_of}.",
            "Try other years or a later --as-of; know table spending lists what there is."
            if series == "nato"
            else f"Add a copy of your own: dualtrack know import {_IMPORTERS[series]} FILE --into DIR, "
            "then ask with --record DIR.",
        )
    for cell in cells:
        work.use(cell.row, metric, "status")
    lines = _lines(cells, metric)
    longest = _longest(cells)
    _warn(work, cells, lines, definition, series, since, until)
    years = sorted({cell.year for cell in cells})
    span = range(years[0], years[-1] + 1)
    total = len(span) if code else sum(len(wanted & set(_allies(record, year))) for year in span)
    who = (
        named(record, code) if code else "the allies" if group == "nato" else f"the allies of {group.replace('_', ' ')}"
    )
    return work.finding(
        question=(
            f"What was {_WHAT[metric]} of {who}, {_span(years)}, and how far do editions differ?"
        ),
        headline=_headline(record, cells, lines, longest, who, metric, bool(code)),
        answer=Answer(
            kind="table",
            value=lines,
            unit=_OF[metric],
            coverage=Coverage(
                known=len(lines), total=total,
                of="years with a figure in some edition" if code else "years of allies with a figure in some edition",
            ),
            summary={} if code else {
                f"Group by year, edition of {longest}": _by_year(record, cells, chosen[0], longest, metric),
            } if len(chosen) == 1 else {},
        ),
        by_reading=[_by_reading(cells, grouping, longest, metric) for grouping in chosen] if len(chosen) > 1 else [],
        editions=[_edition(cells, edition, metric) for edition in sorted({cell.edition for cell in cells})],
        method=(
            "Rows of spending of one series and definition. Spread: highest minus lowest figure of a year over its "
            "editions, in percentage points. Two editions differ when their figures are further apart than rounding to "
            "two decimals, or to the coarser step an edition prints, can explain. "
            f"Guideline ({_GUIDELINES[metric]:g}): yes or no where every edition agrees, else it depends on the "
            "edition; a figure printed to two decimals decides as printed. A group's middle figure is the unweighted "
            "median of its members, not the share of the group as a whole."
        ),
    )  # fmt: skip


def _cells(
    work: Workings, metric: str, definition: str, series: str, since: int | None, until: int | None
) -> list[_Cell]:
    if series != "nato":
        definition = "military_expenditure"
    rows = work.select("spending", f"series = ? AND definition = ? AND {metric} IS NOT NULL", series, definition)
    found = [
        _Cell(row, row.text("state"), int(row.number("year") or 0), row.text("edition"), figure,
              row.number("precision") or 0, row["status"] == "estimate")
        for row in rows
        if (figure := row.number(metric)) is not None
    ]  # fmt: skip
    kept = [c for c in found if (since is None or c.year >= since) and (until is None or c.year <= until)]
    return sorted(kept, key=lambda c: (c.state, c.year, c.edition))


def _allies(record: Record, year: int) -> list[str]:
    """Members of NATO with armed forces at the end of a year."""
    without = {row.id for row in record.rows("states") if row["armed_forces"] == "no"}
    return [state for state in record.members("nato", date(year, 12, 31)) if state not in without]


def _lines(cells: Sequence[_Cell], metric: str) -> list[dict[str, Any]]:
    """One line per state and year: what each edition says of it."""
    grouped: dict[tuple[str, int], list[_Cell]] = {}
    for cell in cells:
        grouped.setdefault((cell.state, cell.year), []).append(cell)
    return [_line(state, year, found, metric) for (state, year), found in grouped.items()]


def _line(state: str, year: int, found: Sequence[_Cell], metric: str) -> dict[str, Any]:
    low, high = min(found, key=lambda c: c.figure), max(found, key=lambda c: c.figure)
    several = len(found) > 1
    return {
        "state": state,
        "year": str(year),
        "lowest": low.text,
        "highest": high.text,
        f"at_{_GUIDELINES[metric]:g}_percent": _verdict(found, metric),
        "editions_differ": _differ(found),
        "spread": f"{high.figure - low.figure:.2f}" if several else None,
        "first_to_latest": _change(found[-1].figure - found[0].figure) if several else None,
        "latest_is": found[-1].row.text("status") or "not said",
        "figures_by_edition": [f"{c.text} ({c.edition}{', estimate' if c.estimate else ''})" for c in found],
    }


def _span(years: Sequence[int]) -> str:
    return f"{years[0]} to {years[-1]}" if years[0] != years[-1] else str(years[0])


def _figure(value: float) -> str:
    return f"{value:.2f}"


def _change(value: float) -> str:
    return f"{value:+.2f}" if abs(value) >= 0.005 else "0.00"


def _differ(found: Sequence[_Cell]) -> str:
    """Whether two editions are further apart than their rounding explains."""
    if len(found) < 2:
        return "one edition only"
    apart = any(
        abs(a.figure - b.figure) > (max(a.step, _FINE) + max(b.step, _FINE)) / 2 + 1e-9 for a in found for b in found
    )
    return "yes" if apart else "within rounding"


def _verdict(found: Sequence[_Cell], metric: str) -> str:
    said = set()
    for cell in found:
        slack = 0 if cell.step <= _FINE else cell.step / 2
        said.add(at_least(cell.figure - slack, cell.figure + slack, _GUIDELINES[metric]))
    if {Ternary.YES, Ternary.NO} <= said:
        return "depends on the edition"
    return (
        (said - {Ternary.UNKNOWN}).pop().value
        if said - {Ternary.UNKNOWN} and Ternary.UNKNOWN not in said
        else "unknown"
    )


def _longest(cells: Sequence[_Cell]) -> str:
    """The edition that covers most, the later one where two cover the same."""
    editions = {cell.edition for cell in cells}
    return max(editions, key=lambda edition: (sum(cell.edition == edition for cell in cells), edition))


def _edition(cells: Sequence[_Cell], edition: str, metric: str) -> Edition:
    found = [cell for cell in cells if cell.edition == edition]
    value = [
        {"state": c.state, "year": str(c.year), "figure": c.figure, "status": c.row.text("status") or "not said"}
        for c in found
    ]
    years = sorted({cell.year for cell in found})
    dated = {cell.row.text("edition_basis") for cell in found}
    return Edition(
        edition=edition,
        answer=Answer(kind="table", value=value, unit=_OF[metric]),
        basis=f"{_span(years)}; date {next((how for how in ('seen', 'given') if how in dated), 'inferred')}",
    )


def _by_year(
    record: Record, cells: Sequence[_Cell], grouping: Grouping, edition: str, metric: str
) -> list[dict[str, Any]]:
    """A group's spread over its members, year by year within one edition."""
    lines = []
    for year in sorted({cell.year for cell in cells if cell.edition == edition}):
        members = set(grouping.states) & set(_allies(record, year))
        figures = [c.figure for c in cells if c.edition == edition and c.year == year and c.state in members]
        if figures:
            lines.append(
                {
                    "year": str(year),
                    "lowest": _figure(min(figures)),
                    "middle": _figure(median(figures)),
                    "highest": _figure(max(figures)),
                    f"at_{_GUIDELINES[metric]:g}_percent": sum(figure >= _GUIDELINES[metric] for figure in figures),
                    "known": f"{len(figures)} of {len(members)} allies",
                }
            )
    return lines


def _by_reading(cells: Sequence[_Cell], grouping: Grouping, edition: str, metric: str) -> ByReading:
    years = [cell.year for cell in cells if cell.edition == edition]
    found = [c.figure for c in cells if c.edition == edition and c.year == max(years) and c.state in grouping.states]
    answer = Answer(kind="interval", why_unknown=f"edition of {edition} holds none of its states")
    if found:
        answer = Answer(
            kind="interval", low=min(found), best=median(found), high=max(found),
            unit=f"{_OF[metric]} in {max(years)}, {plural(len(found), 'state')}, edition of {edition}",
        )  # fmt: skip
    return ByReading(
        reading=grouping.reading, class_=grouping.class_, label=grouping.label, later=grouping.later,
        sources=grouping.sources, answer=answer,
    )  # fmt: skip


def _warn(
    work: Workings, cells: Sequence[_Cell], lines: Sequence[dict[str, Any]], definition: str, series: str,
    since: int | None, until: int | None,
) -> None:  # fmt: skip
    work.caveat("Editions are never joined: compare figures of one edition, or editions of one year.")
    if series != "nato":
        work.caveat("SIPRI's definition of military spending is not NATO's: the two are never compared or joined.")
    elif definition == "core_defence":
        work.caveat("Core defence (NATO's tables from 2026 on) cannot be compared with earlier editions.")
    elif any(row["definition"] == "core_defence" for row in work.record.rows("spending")):
        work.caveat("Editions from 2026 on use another definition (core defence) and are not shown beside these.")
    inferred = sorted({cell.edition for cell in cells if cell.row["edition_basis"] == "inferred"})
    if inferred:
        work.caveat(f"The date of publication is inferred for the editions of {listed(inferred)}.")
    single = sum(line["editions_differ"] == "one edition only" for line in lines)
    if single:
        work.caveat(f"{single} of {len(lines)} figures stand in one edition only, so that no revision can be seen.")
    first: dict[int, str] = {}
    for cell in cells:
        first[cell.year] = min(first.get(cell.year, cell.edition), cell.edition)
    late = sorted(year for year, edition in first.items() if int(edition[:4]) > year + 1)
    if late and series == "nato":
        work.caveat(
            f"What was first published of {_span(late)} is not on record: NATO gives a year's figure from that year "
            f"on, and the earliest edition here with {late[0]} is that of {spell(first[late[0]])}."
        )
    outside = [end for end in (since, until) if end and end not in {cell.year for cell in cells}]
    if outside:
        work.caveat(f"There is no figure on record for {listed([str(end) for end in outside])}.")


def _headline(
    record: Record,
    cells: Sequence[_Cell],
    lines: Sequence[dict[str, Any]],
    edition: str,
    who: str,
    metric: str,
    single: bool,
) -> str:
    several = [line for line in lines if line["spread"] is not None]
    differ = [line for line in several if line["editions_differ"] == "yes"]
    revised = "no year stands in two editions"
    if several:
        most = max(several, key=lambda line: float(line["spread"]))
        where = most["year"] if single else f"{named(record, most['state'])} in {most['year']}"
        revised = (
            f"editions differ on {len(differ)} of {len(several)} {'years' if single else 'figures'} that stand in "
            f"several, most for {where} ({most['lowest']} to {most['highest']})"
        )
    line = sorted((c for c in cells if c.edition == edition), key=lambda c: c.year)
    if not single:
        states = len({cell.state for cell in cells})
        return f"{_WHAT[metric].capitalize()} of {who}, {plural(states, 'state')}: {revised}"
    first, last = line[0], line[-1]
    way = f"was {first.text} {_OF[metric]} in {first.year}"
    if last.year != first.year:
        way += f" and {last.text} in {last.year}"
    printed = f"{'an estimate; ' if last.estimate else ''}edition of {spell(edition)}"
    return f"{_WHAT[metric].capitalize()} of {who} {way} ({printed}); {revised}"
