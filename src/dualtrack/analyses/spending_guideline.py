"""Which allies met a spending guideline in a year, as one dated edition of NATO's tables has it.

Three-valued per ally: from the value where the edition has one, else from the published list of who passed,
else it cannot be told, naming the missing table. The past changes between editions, so each edition is
answered for itself. The guidelines: two percent of GDP and 20 percent of defence spending on equipment
(Wales Summit Declaration, 2014, paragraph 14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from dualtrack.analyses.groups import Grouping, groupings, spoken
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

EXAMPLES = (
    {"year": 2015, "group": "eastern_flank"},
    {"year": 2015},
    {"year": 2015, "group": "eastern_flank", "metric": "equipment_share_pct"},
    {"year": 2024, "group": "nato"},
)

_NAMES = {"share_of_gdp_pct": "of GDP on defence", "equipment_share_pct": "of defence spending on equipment"}
_GUIDELINES = {"share_of_gdp_pct": 2.0, "equipment_share_pct": 20.0}
_FINE = 0.01  # NATO prints two decimals: a figure that fine decides as printed (2.00 passes)
_NEAR = 0.01  # share of the threshold within which a figure is named as lying on the line


@dataclass(frozen=True)
class _Verdict:
    answer: Ternary
    row: Row | None = None
    field: str = ""
    figure: float | None = None


def run(
    record: Record,
    year: Annotated[int, "the calendar year the spending is for", Field(ge=1949, le=2199)],
    group: Annotated[str, "a group such as nato, or a slot of readings such as eastern_flank"] = "nato",
    threshold: Annotated[float | None, "percent; 2 of GDP or 20 on equipment unless given", Field(gt=0, le=100)] = None,
    metric: Annotated[Metric, "share_of_gdp_pct or equipment_share_pct"] = "share_of_gdp_pct",
    edition: Annotated[str | None, "publication date of the table; the latest that decides, unless given"] = None,
    definition: Annotated[Definition, "defence, or core_defence (NATO's tables from 2026 on)"] = "defence",
) -> Finding:
    """The allies at or above the threshold in the year, under every reading of the group and every edition."""
    level = _GUIDELINES[metric] if threshold is None else threshold
    work = Workings(
        record,
        "spending_guideline",
        {"year": year, "group": group, "threshold": level, "metric": metric, "edition": edition,
         "definition": definition},
    )  # fmt: skip
    allies = _allies(record, year)
    tables = _Tables(work, year, metric, level, definition, allies)
    chosen = groupings(record, group)
    union = sorted({state for grouping in chosen for state in grouping.states if state in allies})
    if not any(tables.rests_on(name, union) for name in tables.editions):
        raise BadInput(
            f"The record holds no edition with {metric} for {year} known on {record.as_of}.",
            "Try another year or a later --as-of; know table spending lists what there is.",
        )
    if edition and edition not in tables.editions:
        raise BadInput(
            f"There is no edition {edition} with {metric} for {year}.",
            f"Editions: {', '.join(tables.editions)}.",
        )
    main = edition or tables.deciding(union)
    readings = [_by_reading(work, tables, main, grouping, allies) for grouping in chosen]
    editions = [
        Edition(edition=name, answer=_answer(work, tables, name, union), basis=tables.basis(name))
        for name in tables.editions
    ]
    answer = _agreed(readings)
    _warn(work, tables, main, definition, union)
    whose = "allies" if group == "nato" else f"allies of {spoken(record, group)}"
    return work.finding(
        question=f"Which {whose} spent at least {level:g} percent {_NAMES[metric]} in {year}?",
        headline=_headline(record, readings, group, level, metric, year, f"{spell(main)}, {tables.basis(main)}"),
        answer=answer,
        by_reading=readings,
        editions=editions,
        method=(
            f"Of each edition known on the day: yes or no from the ally's printed value for {year}; where the edition "
            "has no value on record, from its published list of who passed; otherwise unknown. A value printed to "
            "two decimals decides as printed; a coarser one is unknown when rounding could carry it across the "
            "threshold. States outside NATO in that year, and allies without armed forces, are left out."
        ),
    )


class _Tables:
    """The editions known on the day, and what each says of an ally."""

    def __init__(
        self, work: Workings, year: int, metric: Metric, level: float, definition: str, allies: list[str]
    ) -> None:
        self.allies = allies
        self.metric = metric
        self.level = level
        values = work.select(
            "spending", f"series = 'nato' AND year = ? AND definition = ? AND {metric} IS NOT NULL", year, definition
        )
        lists = work.select("spending_lists", "year = ? AND metric = ? AND definition = ?", year, metric, definition)
        self._values = {(row.text("edition"), row.text("state")): row for row in values}
        self._lists: dict[str, list[Row]] = {}
        for row in lists:
            self._lists.setdefault(row.text("edition"), []).append(row)
        self.editions = sorted({edition for edition, _ in self._values} | set(self._lists))
        self._covered: dict[str, int] = {}

    def verdict(self, edition: str, state: str) -> _Verdict:
        """What an edition says of an ally."""
        row = self._values.get((edition, state))
        figure = row.number(self.metric) if row else None
        if row and figure is not None:
            step = row.number("precision") or 0
            slack = 0 if step <= _FINE else step / 2
            return _Verdict(at_least(figure - slack, figure + slack, self.level), row, self.metric, figure)
        for row in self._lists.get(edition, []):
            listed_ = state in row.parts("members")
            level = row.number("threshold") or 0
            if row["relation"] == "ge" and listed_ and level >= self.level:
                return _Verdict(Ternary.YES, row, "members")
            if row["relation"] == "ge" and not listed_ and level <= self.level:
                return _Verdict(Ternary.NO, row, "members")
        for row in self.counts(edition):
            if state in self.allies and row["members"] == str(len(self.allies)):
                return _Verdict(Ternary.YES, row, "members")  # as many as there are allies: all of them
        return _Verdict(Ternary.UNKNOWN)

    def rests_on(self, edition: str, states: list[str]) -> bool:
        """Whether an edition says anything of these states."""
        return bool(self.counts(edition)) or any(self.verdict(edition, state).row for state in states)

    def counts(self, edition: str) -> list[Row]:
        """The rows of an edition that give only how many passed at this threshold."""
        rows = self._lists.get(edition, [])
        return [row for row in rows if row["relation"] == "count" and row.number("threshold") == self.level]

    def deciding(self, states: list[str]) -> str:
        """The latest edition that decides every state, else the one that decides most, later first."""
        decided = {
            edition: sum(self.verdict(edition, state).answer is not Ternary.UNKNOWN for state in states)
            for edition in self.editions
        }
        return max(self.editions, key=lambda edition: (decided[edition], edition))

    def near(self, states: list[str]) -> list[str]:
        """The figures of these states that lie on the line, in words."""
        return sorted(
            f"{state} {figure:g} ({edition})"
            for (edition, state), row in self._values.items()
            if state in states
            and (figure := row.number(self.metric)) is not None
            and abs(figure - self.level) <= _NEAR * self.level
        )

    def basis(self, edition: str) -> str:
        """Whether an edition's values are on record, or only a list."""
        if any(name == edition for name, _ in self._values):
            return "values and list" if edition in self._lists else "values"
        return "list of who passed" if any(r["relation"] == "ge" for r in self._lists[edition]) else "number only"


def _allies(record: Record, year: int) -> list[str]:
    """Members of NATO with armed forces at the end of a year."""
    without = {row.id for row in record.rows("states") if row["armed_forces"] == "no"}
    return [state for state in record.members("nato", date(year, 12, 31)) if state not in without]


def _answer(work: Workings, tables: _Tables, edition: str, states: list[str]) -> Answer:
    verdicts = {state: tables.verdict(edition, state) for state in states}
    for verdict in verdicts.values():
        if verdict.row:
            work.use(verdict.row, verdict.field)
    for row in tables.counts(edition):
        work.use(row, "members")
    unknown = [state for state, verdict in verdicts.items() if verdict.answer is Ternary.UNKNOWN]
    figures = {state: v.figure for state, v in verdicts.items() if v.figure is not None}
    return Answer(
        kind="set",
        value=[state for state, verdict in verdicts.items() if verdict.answer is Ternary.YES],
        unit="states",
        unknown=unknown,
        why_unknown=f"spending and spending_lists hold no {tables.metric} of edition {edition} that decides "
        f"{listed(unknown)}" if unknown else None,
        coverage=Coverage(known=len(states) - len(unknown), total=len(states), of="allies of the group decided"),
        figures=figures or None,
    )  # fmt: skip


def _by_reading(work: Workings, tables: _Tables, edition: str, grouping: Grouping, allies: list[str]) -> ByReading:
    states = [state for state in grouping.states if state in allies]
    return ByReading(
        reading=grouping.reading,
        class_=grouping.class_,
        label=grouping.label,
        later=grouping.later,
        sources=grouping.sources,
        answer=_answer(work, tables, edition, states),
    )


def counted(readings: list[ByReading]) -> list[ByReading]:
    """The readings that count: in use on the day, and not our own tests."""
    return [r for r in readings if r.class_ != "stress" and not r.later] or readings


def _agreed(readings: list[ByReading]) -> Answer:
    """The answer all counted readings share; else none, and why."""
    used = counted(readings)
    if all(r.answer.value == used[0].answer.value for r in used):
        unknown = sorted({state for r in used for state in r.answer.unknown})
        return used[0].answer.model_copy(update={"unknown": unknown})
    return Answer(
        kind="set", value=None, unit="states", why_unknown="depends on the reading of the group; see each reading"
    )


def _warn(work: Workings, tables: _Tables, edition: str, definition: str, states: list[str]) -> None:
    if tables.basis(edition) != "values":
        work.caveat(f"Of the edition of {edition} not all values are on record; its list of names decides.")
    near = tables.near(states)
    if near:
        work.caveat(f"On the line, so that an edition or a rounding can turn it: {', '.join(near)}.")
    if definition == "core_defence":
        work.caveat("Core defence (NATO's tables from 2026 on) cannot be compared with earlier editions.")


def _headline(
    record: Record, readings: list[ByReading], group: str, level: float, metric: Metric, year: int, edition: str
) -> str:
    names = {row.id: row.text("name") for row in record.rows("states")}
    used = [(r.answer.value, r.answer.coverage.total) for r in counted(readings) if r.answer.coverage]
    whose = "" if group == "nato" else f"Of the allies of {spoken(record, group)}, "
    spent = f"at least {level:g} percent {_NAMES[metric]} in {year} (edition of {edition})"
    met, total = used[0]
    if all(len(value) == size for value, size in used):
        return f"{whose or 'Of the allies, '}all {_range([size for _, size in used])} spent {spent}"
    if any(value != met for value, _ in used):
        counts = " or ".join(dict.fromkeys(f"{len(value)} of {size}" for value, size in used))
        return f"{whose}{counts}, depending on the reading, spent {spent}"
    if group == "nato" or len(met) > 6:
        return f"{whose}{len(met)} of {plural(total, 'ally', 'allies')} spent {spent}"
    return f"{whose}{listed([names[state] for state in met]) or 'none'} spent {spent}"


def _range(sizes: list[int]) -> str:
    low, high = min(sizes), max(sizes)
    return str(low) if low == high else f"({low} to {high}, by reading)"
